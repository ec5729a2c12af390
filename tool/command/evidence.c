/* mailzone evidence: aggregate reports, summed up by source. */

#include "base/arena.h"
#include "command/evidence.h"

static const char *const formats_of_evidence[] = { "text", "json", "ndjson",
	"markdown", "html", NULL };

static const struct option_row options[] = {
	{ .name = "format", .letter = 'f', .value = "FORMAT",
	  .choices = formats_of_evidence, .fallback = "text",
	  .help = "how it is written" },
	{ .name = "since", .value = "DATE",
	  .help = "leave out reports of the days before" },
	{ .name = "until", .value = "DATE",
	  .help = "leave out reports of the days after" },
	{ .name = "store", .value = "FILE",
	  .help = "keep what was read in this database, read only what is "
	      "new, and show all of it" },
	{ .name = "rebuild",
	  .help = "forget what the store holds, and read everything again" },
	{ 0 }
};

/* ---- json ---------------------------------------------------------------- */

static void
write_date(struct json *json, const char *key, struct arena *arena, day date)
{
	json_str(json, key, date == DAY_NONE ? STR_NONE :
	    date_print(arena, date));
}

static void
write_aligned(struct json *json, const struct tally *tally)
{
	json_begin_object(json, "aligned");
	json_number(json, "spf", tally->spf);
	json_number(json, "dkim", tally->dkim);
	json_number(json, "either", tally->either);
	json_end_object(json);
}

static void
write_source(struct json *json, struct arena *arena,
    const struct source_group *group)
{
	size_t i;

	json_begin_object(json, NULL);
	json_cstr(json, "kind", source_kind_name(group->kind));
	json_str(json, "sender", group->sender == NULL ? STR_NONE :
	    group->sender->sender->name);
	json_str(json, "domain", group->domain.n == 0 ? STR_NONE :
	    group->domain);
	json_str(json, "service", group->service == NULL ? STR_NONE :
	    group->service->name);
	json_begin_array(json, "networks");
	for (i = 0; i < group->network_count; i++)
		json_str(json, NULL, network_print(arena,
		    &group->networks[i]));
	json_end_array(json);
	json_number(json, "messages", group->tally.messages);
	write_aligned(json, &group->tally);
	write_date(json, "first", arena, group->first);
	write_date(json, "last", arena, group->last);
	json_str(json, "todo", group->todo);
	json_end_object(json);
}

static void
write_weeks(struct json *json, struct arena *arena,
    const struct domain_evidence *domain)
{
	struct evidence_day week;
	size_t position = 0;

	json_begin_array(json, "weeks");
	while (evidence_week(domain, &position, &week)) {
		json_begin_object(json, NULL);
		write_date(json, "monday", arena, week.date);
		json_number(json, "messages", week.messages);
		json_number(json, "either", week.either);
		json_end_object(json);
	}
	json_end_array(json);
}

static void
write_domain(struct json *json, struct run *run,
    const struct evidence *evidence, const struct domain_evidence *domain)
{
	const struct source_group *group;

	json_str(json, "domain", domain->name);
	json_number(json, "messages", domain->tally.messages);
	write_aligned(json, &domain->tally);
	json_number(json, "days", domain->day_count);
	write_date(json, "first", run->arena, domain->day_count == 0 ?
	    DAY_NONE : domain->days[0].date);
	write_date(json, "last", run->arena, domain->day_count == 0 ?
	    DAY_NONE : domain->days[domain->day_count - 1].date);
	json_begin_array(json, "sources");
	for (group = groups_of(&run->world, run->arena, evidence, domain);
	    group != NULL; group = group->next)
		if (group->tally.messages > 0)
			write_source(json, run->arena, group);
	json_end_array(json);
	write_weeks(json, run->arena, domain);
}

static void
write_broken(struct json *json, const struct broken *broken)
{
	json_str(json, "path", broken->path);
	json_str(json, "why", broken->why);
}

static void
write_json(struct run *run, const struct evidence *evidence)
{
	struct json json = { .out = &run->out, .indent = 2 };
	const struct domain_evidence *domain;
	const struct broken *broken;

	json_begin_object(&json, NULL);
	json_number(&json, "v", 1);
	json_begin_object(&json, "reports");
	json_number(&json, "read", evidence->read);
	json_number(&json, "duplicates", evidence->duplicates);
	json_begin_array(&json, "broken");
	for (broken = evidence->broken; broken != NULL;
	    broken = broken->next) {
		json_begin_object(&json, NULL);
		write_broken(&json, broken);
		json_end_object(&json);
	}
	json_end_array(&json);
	json_end_object(&json);
	json_begin_array(&json, "domains");
	for (domain = evidence->domains; domain != NULL;
	    domain = domain->next) {
		json_begin_object(&json, NULL);
		write_domain(&json, run, evidence, domain);
		json_end_object(&json);
		run_flush(run);
	}
	json_end_array(&json);
	json_end_object(&json);
	buffer_add_byte(&run->out, '\n');
}

static void
open_line(struct json *json, const char *type)
{
	json_begin_object(json, NULL);
	json_number(json, "v", 1);
	json_cstr(json, "type", type);
}

static void
close_line(struct json *json)
{
	json_end_object(json);
	buffer_add_byte(json->out, '\n');
}

static void
write_ndjson(struct run *run, const struct evidence *evidence)
{
	struct json json = { .out = &run->out };
	const struct domain_evidence *domain;
	const struct broken *broken;

	for (domain = evidence->domains; domain != NULL;
	    domain = domain->next) {
		open_line(&json, "domain");
		write_domain(&json, run, evidence, domain);
		close_line(&json);
		run_flush(run);
	}
	for (broken = evidence->broken; broken != NULL;
	    broken = broken->next) {
		open_line(&json, "broken");
		write_broken(&json, broken);
		close_line(&json);
	}
	open_line(&json, "summary");
	json_number(&json, "read", evidence->read);
	json_number(&json, "duplicates", evidence->duplicates);
	json_number(&json, "broken", evidence->broken_count);
	close_line(&json);
}

/* ---- reading ------------------------------------------------------------- */

/* What the callbacks of gather_reports share. */
struct collecting {
	struct run *run;
	struct evidence *evidence;
	struct store *store;		/* where it goes first, or NULL */
	size_t added;			/* to the store */
};

static void
on_report(void *context, struct str path, const struct report *report)
{
	struct collecting *collecting = context;

	if (report->why.p != NULL)
		run_tell(collecting->run, "%.*s: %.*s", STR_ARG(path),
		    STR_ARG(report->why));
	if (report->why.p != NULL || collecting->store == NULL)
		evidence_add(collecting->evidence, path, report);
	else if (store_add(collecting->store, path, report))
		collecting->added++;
	else
		collecting->evidence->duplicates++;
}

static void
on_stored(void *context, struct str path, const struct report *report)
{
	const struct collecting *collecting = context;

	evidence_add(collecting->evidence, path, report);
}

static void
on_failure(void *context, struct str path)
{
	const struct collecting *collecting = context;

	run_fail_errno(collecting->run, path);
}

static bool
is_known(void *context, const struct report_file *input)
{
	const struct collecting *collecting = context;

	return store_knows(collecting->store, input);
}

static void
on_done(void *context, const struct report_file *input)
{
	const struct collecting *collecting = context;

	store_note(collecting->store, input);
}

/* What another store holds. */
static void
read_store(struct collecting *collecting, struct str path)
{
	struct run *run = collecting->run;
	struct store *store;
	struct str why;

	store = store_open(run->arena, path, STORE_READ, &why);
	if (store != NULL)
		store_each(store, on_report, collecting);
	if (store == NULL || !store_close(store, &why))
		run_fail(run, path, "%.*s", STR_ARG(why));
}

static void
read_paths(struct collecting *collecting, const struct str *paths,
    size_t count)
{
	struct run *run = collecting->run;
	struct gather gather = { .arena = run->arena, .threads = run->jobs,
	    .report = on_report, .failed = on_failure,
	    .digests = collecting->store != NULL, .context = collecting };
	size_t i, start = 0;

	if (collecting->store != NULL) {
		gather.known = is_known;
		gather.done = on_done;
	}
	for (i = 0; i < count; i++)
		if (!str_is(paths[i], "-") && store_is_one(paths[i])) {
			gather_reports(&gather, paths + start, i - start);
			read_store(collecting, paths[i]);
			start = i + 1;
		}
	gather_reports(&gather, paths + start, count - start);
}

struct evidence *
run_evidence(struct run *run, const struct str *paths, size_t count,
    struct evidence_window window)
{
	struct collecting collecting = { .run = run };

	collecting.evidence = evidence_new(run->arena, window);
	read_paths(&collecting, paths, count);
	evidence_sort(collecting.evidence);
	return collecting.evidence;
}

/* The same by way of a store: what it holds in the end, new or not. */
static struct evidence *
run_stored_evidence(struct run *run, struct str path,
    struct evidence_window window)
{
	enum store_mode mode = option_given(run, "rebuild") ? STORE_REBUILD :
	    run->argument_count == 0 ? STORE_READ : STORE_ADD;
	struct collecting collecting = { .run = run };
	struct str why;

	collecting.evidence = evidence_new(run->arena, window);
	collecting.store = store_open(run->arena, path, mode, &why);
	if (collecting.store != NULL) {
		read_paths(&collecting, run->arguments, run->argument_count);
		store_each(collecting.store, on_stored, &collecting);
		if (run->argument_count > 0)
			run_say(run, "%zu new report%s", collecting.added,
			    collecting.added == 1 ? "" : "s");
	}
	if (collecting.store == NULL || !store_close(collecting.store, &why))
		run_fail(run, path, "%.*s", STR_ARG(why));
	evidence_sort(collecting.evidence);
	return collecting.evidence;
}

/* ---- the command --------------------------------------------------------- */

static bool
date_option(struct run *run, const char *name, day *date)
{
	struct str text = option_value(run, name);

	*date = DAY_NONE;
	if (text.p == NULL || date_parse(text, date))
		return true;
	run_usage(run, "--%s takes a date, YYYY-MM-DD, not \"%.*s\"", name,
	    STR_ARG(text));
	return false;
}

static void
tell_counts(struct run *run, const struct evidence *evidence)
{
	run_say(run, "%zu report%s read, %zu duplicate%s, %zu broken",
	    evidence->read, evidence->read == 1 ? "" : "s",
	    evidence->duplicates, evidence->duplicates == 1 ? "" : "s",
	    evidence->broken_count);
	if (evidence->outside > 0)
		run_say(run, "%zu of other days than --since and --until ask "
		    "for", evidence->outside);
}

static int
run_command(struct run *run)
{
	struct str format = option_value(run, "format");
	struct str store = option_value(run, "store");
	struct evidence_window window = { .since = DAY_NONE };
	struct evidence *evidence;
	int status;

	if (!date_option(run, "since", &window.since) ||
	    !date_option(run, "until", &window.until))
		return EXIT_UNABLE;
	if (window.until != DAY_NONE && window.since > window.until)
		return run_usage(run, "--since comes after --until");
	if (run->argument_count == 0 && (store.p == NULL ||
	    option_given(run, "rebuild")))
		return run_usage(run, "which reports? Name files or folders "
		    "of them");
	if (option_given(run, "rebuild") && store.p == NULL)
		return run_usage(run, "--rebuild needs a --store");
	if (!run_config(run, false) && run->status == EXIT_UNABLE)
		return EXIT_UNABLE;
	if (!run_configured_zones(run, false))
		return EXIT_UNABLE;
	evidence = store.p != NULL ? run_stored_evidence(run, store, window) :
	    run_evidence(run, run->arguments, run->argument_count, window);
	if (str_is(format, "json"))
		write_json(run, evidence);
	else if (str_is(format, "ndjson"))
		write_ndjson(run, evidence);
	else if (format.p == NULL || str_is(format, "text"))
		write_evidence_text(run, evidence);
	else
		write_evidence_page(run, evidence, str_is(format, "html"));
	tell_counts(run, evidence);
	status = evidence->read + evidence->duplicates + evidence->outside >
	    0 ? EXIT_CLEAN : EXIT_UNABLE;
	evidence_free(evidence);
	return status;
}

const struct command command_evidence = {
	.name = "evidence",
	.arguments = "[PATH...]",
	.summary = "aggregate reports of DMARC, summed up by source",
	.help = "Reads DMARC aggregate reports in whatever form they arrive: "
	    "XML, gzip, zip, mail and folders of mail (mbox, Maildir), and "
	    "folders of all these, however large. Shows for each domain how "
	    "many messages passed, from which of the configured senders they "
	    "came, which were forwarded, and which nobody has written down. "
	    "A report that came twice counts once; one that is broken is "
	    "told, and the others count. A PATH may be the store of another "
	    "run. The exit status is 0 when one "
	    "report at least could be read.",
	.options = options,
	.run = run_command,
};
