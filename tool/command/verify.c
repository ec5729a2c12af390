/* mailzone verify: do the name servers answer as the configuration says? */
#include <string.h>

#include "base/arena.h"
#include "base/worker.h"
#include "command/inputs.h"
#include "command/judgement.h"
#include "net/net.h"

static const struct option_row options[] = {
	{ .name = "at", .value = "DATE",
	  .help = "hold them against the records of another day" },
	{ .name = "dns", .value = "@ADDR[:PORT]", .optional = true,
	  .repeatable = true,
	  .help = "ask these servers, instead of those that are responsible "
	      "for each zone" },
	{ 0 }
};

enum { MAX_THREADS = 64, THREADS_PER_JOB = 4 };

/* A zone as it should be, and as it is. */
struct checked {
	const struct zone *wanted;
	struct served_zone served;
	struct str trouble;		/* why nobody could be asked */
	struct diags diags;
	struct served_row *rows;
	size_t row_count;
};

struct verification {
	struct run *run;
	struct world world;		/* as it should be */
	struct zones zones;
	struct selection selection;
	struct checked *all;
	size_t count;
	struct arena *arenas[MAX_THREADS];
};

/* ---- asking -------------------------------------------------------------- */

/* One server on its way through the records of a zone. */
struct round {
	struct resolver *resolver;	/* knows who is silent */
	struct arena *arena;
	const struct name_server *server;
	bool recursive;			/* it may have to ask others */
	struct served_by *by;
	struct buffer text;		/* of its answers */
	const struct record *last;
	bool no_route;			/* it may answer others */
};

static void
leave_open(struct round *round, struct str owner, uint16_t type,
    struct str why)
{
	struct unanswered *open = ARENA_NEW(round->arena, struct unanswered);

	*open = (struct unanswered){ round->by->unanswered, owner, type,
	    why };
	round->by->unanswered = open;
}

/* False when the server is silent, so that more questions are no use. */
static bool
ask(struct round *round, struct str owner, uint16_t type)
{
	struct reply reply = resolver_ask_server(round->resolver,
	    round->arena, round->server, owner, type, round->recursive);

	if (reply_is_silence(&reply)) {
		round->by->trouble = reply.why;
		return false;
	}
	if (reply.kind >= REPLY_FAILED)
		leave_open(round, owner, type, reply.why);
	else
		buffer_add(&round->text, reply.text);
	return true;
}

/* NAME TTL IN SOA SERVER PERSON SERIAL ... */
static void
take_serial(struct served_by *by, struct str zone, struct str text)
{
	struct cursor in = { text, 0 };
	uint64_t serial;
	int i;

	for (i = 0; i < 6; i++) {
		cursor_until(&in, STR(" "));
		cursor_next(&in);
	}
	if (!str_number(cursor_until(&in, STR(" ")), UINT32_MAX, &serial))
		return;
	by->has_serial = true;
	by->serial = (uint32_t)serial;
	by->serial_of = zone;
}

/* The serial number, of the zone at the name or above it. */
static bool
ask_serial(struct round *round, struct str name)
{
	struct reply reply = { .kind = REPLY_NODATA };

	while (name_labels(name) > 0) {
		reply = resolver_ask_server(round->resolver, round->arena,
		    round->server, name, RR_SOA, round->recursive);
		if (reply.kind == REPLY_DATA || reply.kind >= REPLY_FAILED)
			break;
		name = name_parent(name);
	}
	if (reply.kind >= REPLY_FAILED) {
		round->by->trouble = reply.why;
		round->no_route = reply.kind == REPLY_NO_ROUTE;
		return false;
	}
	round->by->authoritative = reply.authoritative;
	if (reply.kind == REPLY_DATA && reply.type == RR_SOA)
		take_serial(round->by, name, reply.text);
	return true;
}

/* Sets of records are asked for once; those of a name follow each other. */
static bool
is_new(struct round *round, const struct record *record)
{
	const struct record *last = round->last;

	round->last = record;
	return last == NULL || last->type != record->type ||
	    !str_equal(last->owner, record->owner);
}

static void
ask_all(struct round *round, const struct zone *wanted)
{
	struct zone_options below_root = { .name = STR(""),
	    .how = ZONE_BY_OPTION };
	struct source *source = ARENA_NEW(round->arena, struct source);
	const struct record *record;
	size_t position = 0;

	round->by->trouble = round->server->trouble;
	if (round->by->trouble.p == NULL && ask_serial(round, wanted->name))
		while ((record = zone_next(wanted, round->arena, ~0U,
		    &position)) != NULL)
			if (is_new(round, record) &&
			    !ask(round, record->owner, record->type))
				break;
	source->path = round->by->name;
	source->text = buffer_finish(&round->text, round->arena);
	round->by->zone = zone_read(round->arena, source, &below_root);
}

/* Who is to be asked; 0 with the reason in checked->trouble. */
static size_t
find_servers(struct verification *all, struct arena *arena,
    struct checked *checked, const struct name_server **servers)
{
	struct resolver *resolver = all->run->resolver;
	struct name_server *found = NULL;
	struct str zone, named = option_value(all->run, "dns");
	size_t count;

	if (named.n > 0) {
		*servers = resolver_servers(resolver, &count);
		return count;
	}
	count = resolver_find_servers(resolver, arena, checked->wanted->name,
	    &zone, &found, &checked->trouble);
	*servers = found;
	return count;
}

static void
take_file_serial(const struct run *run, struct served_zone *served)
{
	const struct zone *zone = zones_find(&run->zones, served->zone);

	served->has_serial = zone != NULL && zone->contents->has_soa;
	if (served->has_serial)
		served->serial = zone->contents->soa_serial;
}

/*
 * A server that there is no way to from here, such as those with IPv6
 * addresses where there is no IPv6, is nobody's fault, as long as others are
 * there.
 */
static void
ask_servers(struct verification *all, struct arena *arena,
    struct checked *checked)
{
	bool named = option_value(all->run, "dns").n > 0;
	const struct name_server *servers;
	size_t count = find_servers(all, arena, checked, &servers), i;
	size_t heard = 0;
	struct served_by **end = &checked->served.servers;
	struct round round;

	take_file_serial(all->run, &checked->served);
	for (i = 0; i < count; i++) {
		round = (struct round){ .resolver = all->run->resolver,
		    .arena = arena, .server = &servers[i],
		    .recursive = named };
		round.by = ARENA_NEW(arena, struct served_by);
		round.by->name = servers[i].name;
		ask_all(&round, checked->wanted);
		heard += round.by->trouble.p == NULL;
		if (checked->trouble.p == NULL)
			checked->trouble = round.by->trouble;
		if (round.no_route && !named)
			continue;
		*end = round.by;
		end = &round.by->next;
	}
	if (heard > 0)
		checked->trouble = STR_NONE;
	served_forget_others(&checked->served);
}

/* ---- judging ------------------------------------------------------------- */

static const char *
state_word(const struct checked *checked, const struct served_by *server,
    enum served_state state)
{
	static const char *const words[] = {
		[SERVED_RIGHT] = "published", [SERVED_MISSING] = "missing",
		[SERVED_OTHER] = "differs", [SERVED_UNKNOWN] = "unknown",
	};

	return state != SERVED_UNKNOWN && state != SERVED_RIGHT &&
	    served_newer(&checked->served, server) != NULL ? "stale" :
	    words[state];
}

static void
add_rows(struct checked *checked, struct arena *arena,
    const struct record *record)
{
	const struct served_by *server = checked->served.servers;
	struct served_row *row;
	enum served_state state;

	for (; server != NULL; server = server->next) {
		row = &checked->rows[checked->row_count++];
		row->zone = checked->wanted->name;
		row->server = server->name;
		row->wanted = record;
		state = served_record(arena, server, record, &row->found);
		row->state = state_word(checked, server, state);
		row->rdata = row->found == NULL ? STR_NONE :
		    record_rdata(arena, row->found);
	}
}

static void
make_rows(struct checked *checked, struct arena *arena)
{
	const struct served_by *server;
	const struct record *record;
	size_t servers = 0, position = 0;

	for (server = checked->served.servers; server != NULL;
	    server = server->next)
		servers++;
	checked->rows = ARENA_ARRAY(arena, servers *
	    checked->wanted->contents->record_count + 1, struct served_row);
	while ((record = zone_next(checked->wanted, arena, ~0U,
	    &position)) != NULL)
		add_rows(checked, arena, record);
}

static void
check_zone(void *context, unsigned worker, size_t job)
{
	struct verification *all = context;
	struct checked *checked = &all->all[job];
	struct arena *arena = all->arenas[worker];
	struct world world = all->world;

	ask_servers(all, arena, checked);
	if (checked->trouble.p != NULL)
		return;
	make_rows(checked, arena);
	world.served = &checked->served;
	lint_zone(&world, &all->selection, checked->wanted, arena,
	    &checked->diags);
}

static void
check_all(struct verification *all)
{
	unsigned threads = all->run->jobs * THREADS_PER_JOB, i;

	/* They wait more than they work. */
	if (threads > MAX_THREADS)
		threads = MAX_THREADS;
	for (i = 0; i < threads; i++)
		all->arenas[i] = arena_child(all->run->arena);
	workers_run(threads, all->count, check_zone, all);
}

/* ---- telling ------------------------------------------------------------- */

/* "3600 s", or what is left of it at a server that remembers it. */
static void
write_row(struct buffer *out, struct arena *arena,
    const struct served_row *row)
{
	const struct record *wanted = row->wanted;
	struct str kind = wanted->auth != AUTH_NONE ?
	    str_from(auth_name(wanted->auth)) :
	    rrtype_name(arena, wanted->type);

	buffer_printf(out, "    %-9s  %-8.*s ", row->state, STR_ARG(kind));
	write_shown(out, name_show(wanted->owner));
	if (row->found != NULL)
		buffer_printf(out, ", TTL %lu",
		    (unsigned long)row->found->ttl);
	buffer_add_byte(out, '\n');
}

static bool
is_published(const struct served_row *row)
{
	return row->found != NULL && strcmp(row->state, "published") == 0;
}

/* Who names a domain wants to see its records, others what is wrong. */
static bool
wants_row(const struct run *run, const struct served_row *row)
{
	return run->verbose || run->argument_count > 0 ||
	    !is_published(row);
}

static void
write_rows(struct run *run, const struct checked *checked,
    const struct served_by *server)
{
	size_t i, published = 0, count = 0;

	for (i = 0; i < checked->row_count; i++)
		if (str_equal(checked->rows[i].server, server->name)) {
			published += is_published(&checked->rows[i]);
			count++;
		}
	buffer_printf(&run->out, ": %zu of %zu record%s\n", published, count,
	    count == 1 ? "" : "s");
	for (i = 0; i < checked->row_count; i++)
		if (str_equal(checked->rows[i].server, server->name) &&
		    wants_row(run, &checked->rows[i]))
			write_row(&run->out, run->arena, &checked->rows[i]);
}

static void
write_server(struct run *run, const struct checked *checked,
    const struct served_by *server)
{
	buffer_add_cstr(&run->out, "  ");
	if (server->trouble.p != NULL) {
		write_shown(&run->out, server->trouble);
		buffer_add_byte(&run->out, '\n');
		return;
	}
	write_shown(&run->out, server->name);
	if (server->has_serial)
		buffer_printf(&run->out, ", serial %lu",
		    (unsigned long)server->serial);
	write_rows(run, checked, server);
}

/* What people want to see besides the findings, which follow. */
static void
write_text(struct run *run, const struct checked *checked)
{
	const struct served_by *server;

	write_shown(&run->out, name_show(checked->wanted->name));
	buffer_add_byte(&run->out, '\n');
	for (server = checked->served.servers; server != NULL;
	    server = server->next)
		write_server(run, checked, server);
}

static bool
wants_text(const struct run *run)
{
	struct str format = option_value(run, "format");

	return !run->very_quiet && !option_given(run, "statistics") &&
	    (format.p == NULL || str_is(format, "text"));
}

static int
tell(struct verification *all)
{
	struct run *run = all->run;
	struct judgement judgement = { .run = run,
	    .selection = all->selection };
	struct served_row *rows;
	struct checked *checked;
	size_t room = 0, i, j;

	for (i = 0; i < all->count; i++)
		room += all->all[i].row_count;
	rows = ARENA_ARRAY(run->arena, room + 1, struct served_row);
	judgement.answers = rows;
	for (i = 0; i < all->count; i++) {
		checked = &all->all[i];
		if (checked->trouble.p != NULL) {
			input_fail(run, name_show(checked->wanted->name),
			    checked->trouble);
			continue;
		}
		judgement.summary.zones++;
		judgement.summary.records +=
		    checked->wanted->contents->record_count;
		diags_move(&judgement.diags, &checked->diags);
		for (j = 0; j < checked->row_count; j++)
			rows[judgement.answer_count++] = checked->rows[j];
		if (wants_text(run))
			write_text(run, checked);
	}
	return judgement_tell(&judgement);
}

/* Only these rules know of servers; and what is asked for by name. */
static bool
choose_rules(struct verification *all)
{
	if (!judgement_select(all->run, &all->selection))
		return false;
	if (all->selection.select.p == NULL)
		all->selection.select = STR("verify-*");
	return true;
}

static int
run_verify(struct run *run)
{
	struct verification all = { .run = run };
	struct made_zones *made;
	size_t i;
	day at;

	if (!run_take_day(run, &at) || run_open_dns(run) == NULL ||
	    !run_config(run, true) || !run_configured_zones(run, true) ||
	    !choose_rules(&all))
		return EXIT_UNABLE;
	made = run_make_records(run, at);
	if (made == NULL || !run_knows_stages(run, "nobody is asked") ||
	    !run_knows_addresses(run, "nobody is asked"))
		return EXIT_UNABLE;
	run_read_back(run, made, at, NULL, &all.world, &all.zones);
	all.count = made->count;
	all.all = ARENA_ARRAY(run->arena, made->count + 1, struct checked);
	for (i = 0; i < made->count; i++) {
		all.all[i].wanted = all.zones.zones[i];
		all.all[i].served.zone = all.zones.zones[i]->name;
	}
	check_all(&all);
	return tell(&all);
}

const struct command command_verify = {
	.name = "verify",
	.arguments = "[DOMAIN...]",
	.summary = "what the name servers answer, held against the "
	    "configuration",
	.help = "Asks every name server that is responsible for the zone of a "
	    "domain, without recursion, for each record that generate makes "
	    "on the day, and tells what is missing, what differs, what "
	    "stands there besides, and which servers do not agree. It is the "
	    "one command that always uses the network. Exit status: 0 they "
	    "answer as configured, 1 findings, 2 nobody could be asked.",
	.options = options,
	.shared = { finding_options },
	.run = run_verify,
};
