/* mailzone key: makes DKIM keys, shows them, compares them with the zones. */
#include "base/arena.h"
#include "base/file.h"
#include "command/command.h"

static const char *const algorithms[] = { "rsa2048", "rsa3072", "rsa4096",
	"ed25519", NULL };

static const struct option_row options[] = {
	{ .name = "algorithm", .letter = 'a', .value = "ALGORITHM",
	  .choices = algorithms, .fallback = "rsa2048",
	  .help = "new: what kind of key" },
	{ .name = "selector", .letter = 's', .value = "SELECTOR",
	  .help = "new: the name of the key in DNS; default: the day, "
	      "YYYYMMDD" },
	{ .name = "output", .letter = 'o', .value = "DIR",
	  .help = "new: the folder of the two files; default: this one" },
	{ .name = "dns", .value = "@ADDR[:PORT]", .optional = true,
	  .help = "verify: go by what name servers answer, this one or those "
	      "of the system, not by the zone files" },
	{ 0 }
};

/* ---- which keys? --------------------------------------------------------- */

static const struct config_key *
find_by_name(const struct run *run, struct str name)
{
	return table_find(&run->config->by_key, name);
}

/* The one that the file is a half of. */
static const struct config_key *
find_by_key(const struct run *run, const struct key *key)
{
	const struct config *config = run->config;
	size_t i;

	for (i = 0; i < config->key_count; i++)
		if (config->keys[i].key.public_key.p != NULL &&
		    str_equal(config->keys[i].key.public_key,
		    key->public_key))
			return &config->keys[i];
	return NULL;
}

/* A key in a file; false after telling why there is none. */
static bool
read_key_file(struct run *run, struct str path, struct key *key)
{
	struct source *source = file_read(run->arena, path);

	if (source == NULL) {
		run_fail_errno(run, path);
		return false;
	}
	*key = key_read(run->arena, source->text);
	if (key->is_private)
		key_forget(source->text);
	if (key->error.p != NULL)
		run_fail(run, path, "%.*s", STR_ARG(key->error));
	return key->error.p == NULL;
}

static struct str
key_owner(struct arena *arena, const struct config_key *key,
    const struct config_domain *domain)
{
	return arena_printf(arena, "%.*s._domainkey.%.*s",
	    STR_ARG(key->selector.text), STR_ARG(domain->name));
}

static bool
uses(const struct config_domain *domain, const struct config_key *key)
{
	size_t i;

	for (i = 0; i < domain->key_count; i++)
		if (domain->keys[i] == key)
			return !domain->delegated && !domain->parked;
	return false;
}

/* ---- show ---------------------------------------------------------------- */

static void
show_kind(struct run *run, const struct key *key)
{
	if (key->public_key.p == NULL)
		buffer_add_cstr(&run->out, "no key");
	else if (key->algorithm == DKIM_ED25519)
		buffer_add_cstr(&run->out, "ed25519");
	else
		buffer_printf(&run->out, "rsa, %u bits", key->bits);
}

/* "active since 2026-09-01 (83 days), retires 2026-12-01" */
static void
show_life(struct run *run, const struct config_key *key)
{
	const struct {
		const char *word;
		day date;
	} ends[] = { { "retires", key->retire }, { "is revoked",
	    key->revoke } };
	enum key_state state = config_key_state(key, run->today);
	size_t i;

	buffer_printf(&run->out, ", %s", key_state_name(state));
	if (key->since > run->today)
		buffer_printf(&run->out, ", from %.*s on",
		    STR_ARG(date_print(run->arena, key->since)));
	else if (key->since != DAY_NONE)
		buffer_printf(&run->out, " since %.*s (%d day%s)",
		    STR_ARG(date_print(run->arena, key->since)),
		    (int)(run->today - key->since),
		    run->today - key->since == 1 ? "" : "s");
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (ends[i].date != DAY_NONE && ends[i].date > run->today)
			buffer_printf(&run->out, ", %s on %.*s",
			    ends[i].word, STR_ARG(date_print(run->arena,
			    ends[i].date)));
}

/* Who of the senders of a domain signs with it. */
static void
show_signers(struct run *run, const struct config_domain *domain,
    const struct config_key *key)
{
	const struct config_sender *sender;
	size_t i, j;

	for (i = 0; i < domain->sender_count; i++) {
		sender = domain->senders[i];
		for (j = 0; j < sender->key_count; j++)
			if (sender->keys[j] == key)
				buffer_printf(&run->out, " (%.*s)",
				    STR_ARG(sender->name));
	}
}

/* Every domain that publishes it. */
static void
show_users(struct run *run, const struct config_key *key)
{
	const struct config_domain *domain = NULL;
	size_t count = 0;

	while ((domain = config_next(run->config, domain)) != NULL) {
		if (!uses(domain, key))
			continue;
		count++;
		buffer_printf(&run->out, "    %.*s", STR_ARG(key_owner(
		    run->arena, key, domain)));
		show_signers(run, domain, key);
		buffer_add_byte(&run->out, '\n');
	}
	if (count == 0)
		buffer_add_cstr(&run->out, "    no domain uses it\n");
}

static void
show_configured(struct run *run, const struct config_key *key)
{
	buffer_printf(&run->out, "%.*s: ", STR_ARG(key->name));
	show_kind(run, &key->key);
	show_life(run, key);
	buffer_add_byte(&run->out, '\n');
	show_users(run, key);
	if (key->key.public_key.p != NULL ||
	    config_key_state(key, run->today) == KEY_REVOKED)
		buffer_printf(&run->out, "    %.*s\n", STR_ARG(key_text(
		    run->arena, key, run->today)));
}

static void
show_file(struct run *run, struct str path)
{
	const struct config_key *known;
	struct key key;

	if (!read_key_file(run, path, &key))
		return;
	known = find_by_key(run, &key);
	if (known != NULL) {
		show_configured(run, known);
		return;
	}
	buffer_printf(&run->out, "%.*s: ", STR_ARG(path));
	show_kind(run, &key);
	buffer_printf(&run->out, ", not in the configuration\n    %.*s\n",
	    STR_ARG(key_record(run->arena, &key, false, false, STR_NONE)));
}

static int
run_show(struct run *run)
{
	const struct config_key *key;
	size_t i;

	if (!run_config(run, run->argument_count == 1))
		return EXIT_UNABLE;
	for (i = 1; i < run->argument_count; i++) {
		key = find_by_name(run, run->arguments[i]);
		if (key != NULL)
			show_configured(run, key);
		else
			show_file(run, run->arguments[i]);
	}
	for (i = 0; run->argument_count == 1 && i < run->config->key_count;
	    i++)
		show_configured(run, &run->config->keys[i]);
	return EXIT_CLEAN;
}

/* ---- verify -------------------------------------------------------------- */

/* What one run of verify found. */
struct verification {
	struct run *run;
	struct zones zones;		/* who is asked */
	size_t published;		/* as they should be */
	size_t findings;
};

static void
object(struct verification *all, const char *rule, struct span span,
    struct str message)
{
	all->findings++;
	run_show_finding(all->run, rule, span, message);
}

/* The private half, when it lies here, is that of the public one. */
static void
verify_private(struct verification *all, const struct config_key *key)
{
	struct arena *arena = all->run->arena;
	struct str path = config_key_private_path(arena, key);
	struct key other;

	if (path.p == NULL || key->key.is_private || !file_exists(path) ||
	    !read_key_file(all->run, path, &other))
		return;
	if (!other.is_private || !str_equal(other.public_key,
	    key->key.public_key))
		object(all, "config-value", key->file.span, arena_printf(
		    arena, "signatures made with \"%.*s\" fail: it is not "
		    "the private half of the key \"%.*s\"", STR_ARG(path),
		    STR_ARG(key->name)));
}

/* One that is revoked need not be known any more: then any will do. */
static bool
holds_key(struct arena *arena, const struct record *record,
    const struct config_key *key)
{
	const struct dkim *dkim = dkim_parse(arena, record->text);

	return dkim->der.n > 0 && (key->key.public_key.p == NULL ||
	    str_equal(key_read(arena, dkim->p->value).public_key,
	    key->key.public_key));
}

/* What the zone answers at the selector, told in words for the list. */
static const char *
verify_answer(struct verification *all, const struct config_key *key,
    struct str owner, const struct answer *answer)
{
	struct arena *arena = all->run->arena;
	enum key_state state = config_key_state(key, all->run->today);
	const struct record *record;
	bool same;

	if (answer->kind == ANSWER_UNKNOWN)
		return "not visible from here";
	if (answer->kind != ANSWER_DATA) {
		if (state == KEY_REVOKED)
			return "revoked, and gone";
		if (state == KEY_NEXT)
			return "not published yet";
		object(all, "dkim-key-missing", key->span, arena_printf(arena,
		    "mail signed with the key \"%.*s\" fails, because "
		    "%.*s has no record", STR_ARG(key->name),
		    STR_ARG(owner)));
		return "missing";
	}
	record = answer->records[0];
	same = holds_key(arena, record, key);
	if (state == KEY_REVOKED) {
		if (!same)
			return "revoked";
		object(all, "dkim-key-revoked-live", record->span,
		    arena_printf(arena, "whoever has the key \"%.*s\" can "
		    "still sign: it is revoked, but %.*s publishes it",
		    STR_ARG(key->name), STR_ARG(owner)));
		return "still there";
	}
	if (same)
		return "published";
	object(all, "dkim-key-differs", record->span, arena_printf(arena,
	    "mail signed with the key \"%.*s\" fails, because %.*s holds "
	    "another key", STR_ARG(key->name), STR_ARG(owner)));
	return "another key";
}

static void
verify_key(struct verification *all, const struct config_key *key)
{
	const struct config_domain *domain = NULL;
	struct run *run = all->run;
	struct answer answer;
	struct str owner;

	verify_private(all, key);
	while ((domain = config_next(run->config, domain)) != NULL) {
		if (!uses(domain, key) || key->selector.text.p == NULL)
			continue;
		owner = key_owner(run->arena, key, domain);
		answer = zones_ask(&all->zones, run->arena, owner, RR_TXT);
		if (answer.kind == ANSWER_UNKNOWN && all->zones.dns != NULL)
			run_fail(run, owner, "%.*s", STR_ARG(answer.why));
		buffer_printf(&run->out, "%.*s: %.*s: %s\n",
		    STR_ARG(key->name), STR_ARG(owner),
		    verify_answer(all, key, owner, &answer));
	}
}

/* A private key that no configured one belongs to signs for nobody. */
static void
verify_argument(struct verification *all, struct str argument)
{
	const struct config_key *known = find_by_name(all->run, argument);
	struct key key;

	if (known == NULL && read_key_file(all->run, argument, &key)) {
		known = find_by_key(all->run, &key);
		if (known == NULL)
			object(all, "config-undefined", (struct span){
			    all->run->config->source, 0, 0 }, arena_printf(
			    all->run->arena, "signatures made with \"%.*s\" "
			    "fail: the configuration has no such key",
			    STR_ARG(argument)));
	}
	if (known != NULL)
		verify_key(all, known);
}

static int
run_verify(struct run *run)
{
	struct verification all = { .run = run };
	size_t i;

	if (!run_use_dns(run) || !run_config(run, true) ||
	    !run_configured_zones(run, true))
		return EXIT_UNABLE;
	all.zones = run->zones;
	if (run->zones.dns != NULL)
		all.zones = (struct zones){ .arena = run->arena,
		    .dns = run->zones.dns };
	for (i = 1; i < run->argument_count; i++)
		verify_argument(&all, run->arguments[i]);
	for (i = 0; run->argument_count == 1 && i < run->config->key_count;
	    i++)
		verify_key(&all, &run->config->keys[i]);
	return all.findings > 0 ? EXIT_FINDINGS : EXIT_CLEAN;
}

/* ---- the command --------------------------------------------------------- */

static int
run_key(struct run *run)
{
	struct str verb = run->argument_count > 0 ? run->arguments[0] :
	    STR_NONE;

	if (str_is(verb, "new")) {
		if (run->argument_count != 2)
			return run_usage(run, "key new takes one domain");
		return run_key_new(run, run->arguments[1]);
	}
	if (option_given(run, "algorithm") || option_given(run, "selector") ||
	    option_given(run, "output"))
		return run_usage(run, "these options are for key new alone");
	if (str_is(verb, "show"))
		return run_show(run);
	if (str_is(verb, "verify"))
		return run_verify(run);
	return run_usage(run, "key is followed by new, show or verify");
}

const struct command command_key = {
	.name = "key",
	.arguments = "new DOMAIN | show [KEY|FILE...] | verify [KEY|FILE...]",
	.summary = "make DKIM keys, show them, compare them with the zones",
	.help = "new makes a key pair: SELECTOR.pem, the private key, which "
	    "only its owner may read, and SELECTOR.pub.pem; a file that is "
	    "there already is left alone, and the exit status is 1. The "
	    "record and the lines for mailzone.yaml are printed, the private "
	    "key never. show tells what keys of the configuration, or in "
	    "files, are, how old, and where they are used. verify compares "
	    "them with what the zones of the configuration publish, or, with "
	    "--dns, with what the name servers answer, and with "
	    "the private key beside them; the exit status is 1 when mail "
	    "signed with one of them fails.",
	.options = options,
	.run = run_key,
};
