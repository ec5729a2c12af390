/* What fields of mailzone.yaml say the same as the records of a domain. */
#include <string.h>

#include "base/arena.h"
#include "base/table.h"
#include "import/comment.h"
#include "import/import.h"

static void
keep(struct import_record *one, const char *why)
{
	one->how = IMPORT_KEPT;
	one->why = why;
}

/* A name that nothing of its kind has yet. */
static struct str
free_name(struct import *import, struct str wanted)
{
	struct str name = wanted;
	unsigned number;

	for (number = 2; table_find(&import->names, name) != NULL; number++)
		name = arena_printf(import->arena, "%.*s-%u",
		    STR_ARG(wanted), number);
	table_add(&import->names, import->arena, name, import);
	return name;
}

/* ---- keys ---------------------------------------------------------------- */

/* What a key of the configuration would have to say; false: none can. */
static bool
read_key(struct import *import, const struct import_record *one,
    struct import_key *key)
{
	const struct dkim *dkim = one->record->dkim;
	struct key read;
	struct str text;

	*key = (struct import_key){ .selector = one->label };
	if (str_is(one->data, "v=DKIM1; p=") ||
	    (import->tidy && str_is(one->data, "p=")))
		return true;
	if (dkim->p == NULL)
		return false;
	read = key_read(import->arena, dkim->p->value);
	if (read.error.p != NULL || read.is_private)
		return false;
	key->testing = dkim->testing;
	key->strict = dkim->strict;
	if (dkim->n != NULL)
		key->notes = dkim->n->value;
	key->public_key = base64_encode(import->arena, read.public_key);
	text = key_record(import->arena, &read, key->testing, key->strict,
	    key->notes);
	return str_equal(import->tidy ? import_tidy(import->arena,
	    one->record->owner, text) : text, one->data);
}

/* One key, however many domains publish it under this selector. */
static void
describe_key(struct import *import, struct import_record *one)
{
	struct import_key read, *key;
	struct str signature;

	if (str_is(one->label, "*") || !read_key(import, one, &read)) {
		keep(one, "generate would write the key otherwise");
		return;
	}
	signature = arena_printf(import->arena, "key %.*s %.*s %d%d %.*s",
	    STR_ARG(read.selector), STR_ARG(read.public_key), read.testing,
	    read.strict, STR_ARG(read.notes));
	key = table_find(&import->signatures, signature);
	if (key == NULL) {
		key = ARENA_NEW(import->arena, struct import_key);
		*key = read;
		key->name = free_name(import, table_find(&import->names,
		    read.selector) == NULL ? read.selector :
		    arena_printf(import->arena, "%.*s-%.*s",
		    STR_ARG(one->domain->name), STR_ARG(read.selector)));
		table_add(&import->signatures, import->arena, signature, key);
		*import->keys_end = key;
		import->keys_end = &key->next;
	}
	one->key = key;
}

/* ---- senders ------------------------------------------------------------- */

static void
add_link(struct import *import, struct import_domain *domain,
    struct import_sender *sender)
{
	struct import_link *link;

	for (link = domain->senders; link != NULL; link = link->next)
		if (link->sender == sender)
			return;
	link = ARENA_NEW(import->arena, struct import_link);
	link->sender = sender;
	*domain->senders_end = link;
	domain->senders_end = &link->next;
}

/* What makes two senders one. */
static struct str
signature_of(struct import *import, const struct import_sender *sender)
{
	const struct variable *variable;
	struct buffer text = { 0 };
	size_t i;

	buffer_add_cstr(&text, "sender ");
	if (sender->provider != NULL)
		buffer_add(&text, sender->provider->name);
	for (variable = sender->variables; variable != NULL;
	    variable = variable->next)
		buffer_printf(&text, " %.*s=%.*s", STR_ARG(variable->name),
		    STR_ARG(variable->value));
	for (i = 0; i < sender->spf.count; i++)
		buffer_printf(&text, " %.*s",
		    STR_ARG(sender->spf.words[i].text));
	for (i = 0; i < sender->key_count; i++)
		buffer_printf(&text, " key %.*s",
		    STR_ARG(sender->keys[i]->name));
	for (i = 0; i < sender->cname_count; i++)
		buffer_printf(&text, " cname %.*s %.*s",
		    STR_ARG(sender->cnames[i]->label),
		    STR_ARG(sender->cnames[i]->data));
	/* The same hosts under another name are somebody else's. */
	if (sender->provider == NULL)
		buffer_printf(&text, " (%.*s)", STR_ARG(sender->name));
	return buffer_finish(&text, import->arena);
}

/* The sender, or the one that says the same already, at a domain. */
static void
add_sender(struct import *import, struct import_domain *domain,
    const struct import_sender *wanted)
{
	struct str signature = signature_of(import, wanted);
	struct import_sender *sender = table_find(&import->signatures,
	    signature);

	if (sender == NULL) {
		sender = ARENA_NEW(import->arena, struct import_sender);
		*sender = *wanted;
		sender->name = free_name(import, wanted->name);
		table_add(&import->signatures, import->arena, signature,
		    sender);
		*import->senders_end = sender;
		import->senders_end = &sender->next;
	}
	if (sender->ticket.p == NULL)
		sender->ticket = wanted->ticket;
	if (sender->owner.p == NULL)
		sender->owner = wanted->owner;
	add_link(import, domain, sender);
}

/* Is a target of these records the provider's and nobody else's? */
static bool
is_telling(const struct import *import, const struct import_provider *wanted,
    const struct match *match)
{
	const struct import_provider *one;
	size_t i, others;

	for (i = 0; i < match->count; i++) {
		if (match->records[i]->record->type != RR_CNAME)
			continue;
		others = 0;
		for (one = import->known; one != NULL; one = one->next)
			others += one != wanted && provider_knows_target(one,
			    match->records[i]->record->target);
		if (others == 0)
			return true;
	}
	return false;
}

/* The provider whose records stand there and explain most of them. */
static const struct import_provider *
best_match(struct import *import, const struct import_domain *domain,
    const struct spf_term *term, struct match *best)
{
	const struct import_provider *one, *found = NULL;
	struct match match;
	size_t worth, most = 0;

	for (one = import->known; one != NULL; one = one->next) {
		match = (struct match){ .term = term };
		if (!provider_match(import->arena, one, domain, &match) ||
		    (term == NULL && !is_telling(import, one, &match)))
			continue;
		worth = 1 + match.count + (term == NULL ? 0 :
		    one->provider->spf_terms.count);
		if (worth > most) {
			most = worth;
			found = one;
			*best = match;
		}
	}
	return found;
}

static void
use_match(struct import *import, struct import_domain *domain,
    const struct import_provider *provider, const struct match *match,
    const struct comment *comment)
{
	struct import_sender sender = { .provider = provider->provider,
	    .name = provider->provider->name, .variables = match->variables,
	    .keys = match->keys, .key_count = match->key_count };
	size_t i;

	for (i = 0; i < match->count; i++)
		match->records[i]->used = true;
	if (comment != NULL) {
		sender.ticket = comment->ticket;
		sender.owner = comment->word;
	}
	add_sender(import, domain, &sender);
}

/* ---- SPF ----------------------------------------------------------------- */

static const struct {
	char qualifier;
	const char *word;
} alls[] = { { '~', "softfail" }, { '-', "fail" }, { '?', "neutral" } };

static const char *
all_word(char qualifier)
{
	size_t i;

	for (i = 0; i < sizeof(alls) / sizeof(alls[0]); i++)
		if (alls[i].qualifier == qualifier)
			return alls[i].word;
	return NULL;
}

/* Why fields cannot say it; NULL when they perhaps can. */
static const char *
spf_objection(const struct spf *spf)
{
	const struct spf_term *term;

	if (spf->permerror || spf->problems.count > 0)
		return "receivers cannot evaluate it";
	if (spf->terms == NULL)
		return "it ends without all";
	for (term = spf->terms; term != NULL; term = term->next) {
		if (term->next == NULL && term->kind == SPF_ALL)
			return all_word(term->qualifier) != NULL ? NULL :
			    "it lets everybody pass";
		if (term->next == NULL && term->kind == SPF_REDIRECT)
			return NULL;
		if (!spf_is_mechanism(term->kind) || term->kind == SPF_ALL)
			return "its terms stand in an order of their own";
		if (term->qualifier == '-' || term->qualifier == '~')
			return "no sender is there to be refused";
	}
	return "it ends without all";
}

/* Does it come behind the senders? */
static bool
is_last_term(const struct spf_term *term)
{
	return term->kind == SPF_ALL || term->kind == SPF_REDIRECT;
}

/* A run of terms that become one sender of plain terms. */
struct hosts {
	struct import *import;
	struct import_domain *domain;
	struct import_sender sender;
	struct comment comment;
	size_t room;
};

static void
end_hosts(struct hosts *hosts)
{
	if (hosts->sender.spf.count > 0)
		add_sender(hosts->import, hosts->domain, &hosts->sender);
	hosts->sender = (struct import_sender){ 0 };
	hosts->room = 0;
}

static void
begin_hosts(struct hosts *hosts, const struct import_provider *provider,
    const struct comment *comment, bool generated)
{
	struct import_sender *sender = &hosts->sender;

	hosts->comment = *comment;
	sender->ticket = comment->ticket;
	sender->name = provider != NULL ? provider->provider->name :
	    generated && comment->word.p != NULL ? comment->word :
	    STR("hosts");
	if (!generated)
		sender->owner = comment->word;
	if (comment->word.p == NULL && comment->ticket.p == NULL)
		sender->remark = comment->text;
	if (provider != NULL && sender->remark.p == NULL)
		sender->remark = STR("its other records are not here");
}

static void
add_host(struct hosts *hosts, struct str term)
{
	struct words *spf = &hosts->sender.spf;
	struct word *words;

	if (spf->count == hosts->room) {
		hosts->room = hosts->room * 2 + 8;
		words = ARENA_ARRAY(hosts->import->arena, hosts->room,
		    struct word);
		if (spf->count > 0)
			memcpy(words, spf->words, spf->count * sizeof(*words));
		spf->words = words;
	}
	spf->words[spf->count++].text = term;
}

static const struct import_provider *
provider_of_term(const struct import *import, struct str term)
{
	const struct import_provider *one = import->known;

	while (one != NULL && !provider_knows_term(one, term))
		one = one->next;
	return one;
}

static const struct spf_term *
skip(const struct spf_term *term, size_t count)
{
	while (count-- > 0)
		term = term->next;
	return term;
}

/* The senders of a record in the order of its terms. */
static void
describe_terms(struct import *import, struct import_domain *domain,
    const struct record *record)
{
	struct hosts hosts = { .import = import, .domain = domain };
	const struct spf_term *term = record->spf->terms;
	const struct import_provider *provider;
	bool generated = is_generated(record);
	const struct provider *before = NULL;
	struct comment comment;
	struct match match;

	while (term != NULL && !is_last_term(term)) {
		comment = comment_parse(comment_behind(record_text_span(
		    record, term->start, term->end)));
		provider = best_match(import, domain, term, &match);
		if (provider != NULL) {
			end_hosts(&hosts);
			use_match(import, domain, provider, &match,
			    generated ? NULL : &comment);
			term = skip(term,
			    provider->provider->spf_terms.count);
			continue;
		}
		provider = provider_of_term(import, term->text);
		if (hosts.sender.spf.count > 0 && (!comment_same(
		    comment.text, hosts.comment.text) || before !=
		    (provider == NULL ? NULL : provider->provider)))
			end_hosts(&hosts);
		if (hosts.sender.spf.count == 0)
			begin_hosts(&hosts, provider, &comment, generated);
		before = provider == NULL ? NULL : provider->provider;
		add_host(&hosts, term->text);
		term = term->next;
	}
	end_hosts(&hosts);
}

static void
describe_spf(struct import *import, struct import_domain *domain)
{
	struct import_record *one = domain->spf;
	const struct spf_term *last;
	const char *why;

	if (one == NULL)
		return;
	why = spf_objection(one->record->spf);
	if (why != NULL) {
		keep(one, why);
		domain->spf = NULL;
		return;
	}
	for (last = one->record->spf->terms; last->next != NULL;)
		last = last->next;
	if (last->kind == SPF_ALL)
		domain->spf_all = all_word(last->qualifier);
	else
		domain->spf_redirect = last->target;
	domain->spf_publish = true;
	describe_terms(import, domain, one->record);
}

/* ---- what services look after themselves --------------------------------- */

static bool
is_selector_cname(const struct import_record *one)
{
	return one->record->type == RR_CNAME && one->place == AUTH_DKIM &&
	    !one->used && one->how == IMPORT_SAID;
}

static const struct import_provider *
provider_of_target(const struct import *import, struct str target)
{
	const struct import_provider *one = import->known;

	while (one != NULL && !provider_knows_target(one, target))
		one = one->next;
	return one;
}

/* Providers whose SPF stands elsewhere are known by their CNAMEs. */
static void
describe_services(struct import *import, struct import_domain *domain)
{
	const struct import_provider *provider;
	struct import_record *one;
	struct match match;

	for (one = domain->records; one != NULL; one = one->next) {
		if (!is_selector_cname(one) || provider_of_target(import,
		    one->record->target) == NULL)
			continue;
		provider = best_match(import, domain, NULL, &match);
		if (provider == NULL)
			return;
		use_match(import, domain, provider, &match, NULL);
	}
}

/* All that lead to one provider, or to none that is known, are one sender. */
static void
describe_cnames_like(struct import *import, struct import_domain *domain,
    struct import_record *first)
{
	const struct import_provider *provider = provider_of_target(import,
	    first->record->target);
	struct import_sender sender = { .name = provider != NULL ?
	    provider->provider->name : STR("selectors") };
	struct import_record *one;
	size_t count = 0;

	for (one = first; one != NULL; one = one->next)
		count += is_selector_cname(one);
	sender.cnames = ARENA_ARRAY(import->arena, count,
	    struct import_record *);
	for (one = first; one != NULL; one = one->next)
		if (is_selector_cname(one) && provider_of_target(import,
		    one->record->target) == provider) {
			sender.cnames[sender.cname_count++] = one;
			one->used = true;
		}
	add_sender(import, domain, &sender);
}

static void
describe_cnames(struct import *import, struct import_domain *domain)
{
	struct import_record *one;

	for (one = domain->records; one != NULL; one = one->next)
		if (is_selector_cname(one))
			describe_cnames_like(import, domain, one);
}

/* ---- one domain ---------------------------------------------------------- */

/* The field that says it, of those that say one record; NULL: none. */
static struct import_record **
slot_of(struct import_domain *domain, const struct import_record *one)
{
	const struct record *record = one->record;

	if (record->type == RR_MX)
		return &domain->null_mx;
	if (record->type != RR_TXT || record->auth != one->place)
		return NULL;
	switch (record->auth) {
	case AUTH_SPF:
		return &domain->spf;
	case AUTH_DMARC:
		return &domain->dmarc;
	case AUTH_TLSRPT:
		return &domain->tls_rpt;
	case AUTH_BIMI:
		return &domain->bimi;
	default:
		return NULL;
	}
}

/* Is it said without a field of its own kind: a key, a list? */
static bool
is_said_otherwise(const struct import_record *one)
{
	const struct record *record = one->record;

	if (record->type == RR_CNAME)
		return one->place == AUTH_DKIM && !str_is(one->label, "*");
	return record->type == RR_TXT && record->auth == one->place &&
	    (record->auth == AUTH_DKIM || (record->auth == AUTH_REPORT &&
	    (str_is(one->data, "v=DMARC1;") ||
	    str_is(one->data, "v=DMARC1")) && !str_has(one->label, '*')));
}

/* Two of a kind are two too many for a field. */
static void
fill_slots(struct import_domain *domain)
{
	struct import_record *one, **slot;

	for (one = domain->records; one != NULL; one = one->next) {
		slot = slot_of(domain, one);
		if (one->how != IMPORT_SAID || is_said_otherwise(one))
			continue;
		if (slot == NULL)
			keep(one, "no field says it");
		else if (*slot != NULL) {
			keep(one, "there is another one of its kind");
			keep(*slot, "there is another one of its kind");
		} else
			*slot = one;
	}
}

static void
empty_slots(struct import_domain *domain)
{
	struct import_record **slots[] = { &domain->spf, &domain->dmarc,
	    &domain->null_mx, &domain->tls_rpt, &domain->bimi };
	size_t i;

	for (i = 0; i < sizeof(slots) / sizeof(slots[0]); i++)
		if (*slots[i] != NULL && (*slots[i])->how != IMPORT_SAID)
			*slots[i] = NULL;
}

/* "parked" says a lock: SPF, keys, DMARC; beside it stands TLS-RPT at most. */
static bool
is_lock(const struct import_domain *domain)
{
	const struct import_record *one;
	bool no_keys = false;

	if (domain->parked_refused || name_is_wildcard(domain->name))
		return false;
	for (one = domain->records; one != NULL; one = one->next) {
		if (one->how == IMPORT_LEFT)
			continue;
		if (one->place == AUTH_DKIM && str_is(one->label, "*") &&
		    (str_is(one->data, "v=DKIM1; p=") ||
		    str_is(one->data, "p=")))
			no_keys = true;
		else if (one != domain->spf && one != domain->dmarc &&
		    one != domain->null_mx && one != domain->tls_rpt)
			return false;
	}
	return no_keys && domain->spf != NULL &&
	    str_is(domain->spf->data, "v=spf1 -all") &&
	    domain->dmarc != NULL &&
	    domain->dmarc->record->dmarc->policy == POLICY_REJECT;
}

static void
reset(struct import_domain *domain)
{
	struct import_record *one;

	domain->spf = domain->dmarc = domain->null_mx = NULL;
	domain->tls_rpt = domain->bimi = NULL;
	domain->spf_all = NULL;
	domain->spf_redirect = STR_NONE;
	domain->spf_publish = domain->parked = false;
	domain->senders = NULL;
	domain->senders_end = &domain->senders;
	for (one = domain->records; one != NULL; one = one->next) {
		one->key = NULL;
		one->used = one->refused = false;
	}
	for (one = domain->others; one != NULL; one = one->next)
		one->used = false;
}

static void
describe(struct import *import, struct import_domain *domain)
{
	struct import_record *one;

	reset(domain);
	fill_slots(domain);
	empty_slots(domain);
	domain->parked = is_lock(domain);
	if (domain->parked)
		return;
	for (one = domain->records; one != NULL; one = one->next)
		if (one->how == IMPORT_SAID && one->record->type == RR_TXT &&
		    one->record->auth == AUTH_DKIM)
			describe_key(import, one);
	describe_spf(import, domain);
	describe_services(import, domain);
	describe_cnames(import, domain);
}

void
import_describe(struct import *import)
{
	struct import_domain *domain;

	import->keys = NULL;
	import->keys_end = &import->keys;
	import->senders = NULL;
	import->senders_end = &import->senders;
	import->names = import->signatures = (struct table){ 0 };
	for (domain = import->domains; domain != NULL; domain = domain->next)
		describe(import, domain);
}
