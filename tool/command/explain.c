/* mailzone explain: a rule in full, or a record taken apart. */
#include "base/arena.h"
#include "command/command.h"

static const char *const fix_sentences[] = {
	[FIX_NONE] = "there is no automatic fix",
	[FIX_SAFE] = "lint --fix mends it without changing what it means",
	[FIX_UNSAFE] =
	    "lint --fix --unsafe-fixes can mend it; look at the result",
};

/* ---- text ---------------------------------------------------------------- */

static void
write_example(struct buffer *out, const char *title, const char *text)
{
	struct str rest = str_from(text), line;

	buffer_printf(out, "\n%s:\n", title);
	while (str_split(&rest, '\n', &line)) {
		if (rest.p == NULL && line.n == 0)
			break;
		buffer_add_cstr(out, "    ");
		write_shown(out, line);
		buffer_add_byte(out, '\n');
	}
}

static int
explain_rule(struct run *run, const struct rule *rule)
{
	struct buffer *out = &run->out;
	const char *comment = rule->subject == SUBJECT_CONFIG ? "#" : ";";

	buffer_printf(out, "%s (%s): %s\n\n", rule->id,
	    level_name(rule->level), rule->summary);
	write_wrapped(out, str_from(rule->rationale), 0, 0);
	buffer_printf(out, "\nSee %s.\n", rule->citation);
	write_example(out, "Bad", rule->bad);
	write_example(out, "Good", rule->good);
	buffer_printf(out, "\nFix: %s.\n", fix_sentences[rule->fix]);
	if (rule->subject == SUBJECT_CONFIG)
		buffer_printf(out, "To change its level: rules: {%s: note} in "
		    "mailzone.yaml.\n", rule->id);
	else
		buffer_printf(out, "To suppress it at one record: %s "
		    "mailzone: ignore[%s] until=YYYY-MM-DD -- reason\n",
		    comment, rule->id);
	return EXIT_CLEAN;
}

/* ---- records ------------------------------------------------------------- */

static void
write_line(struct buffer *out, struct str part, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

enum { PART_COLUMN = 30 };

/* A part of the record, and what it says. */
static void
write_line(struct buffer *out, struct str part, const char *format, ...)
{
	struct arena *arena = arena_new();
	size_t start = out->n, width;
	struct str words;
	va_list args;

	va_start(args, format);
	words = arena_vprintf(arena, format, args);
	va_end(args);
	buffer_add_cstr(out, "  ");
	write_shown(out, part);
	width = out->n - start;
	if (width + 2 > PART_COLUMN) {
		buffer_add_byte(out, '\n');
		width = 0;
	}
	buffer_add_repeated(out, ' ', PART_COLUMN - width);
	write_shown(out, words);
	buffer_add_byte(out, '\n');
	arena_free(arena);
}

static const char *
qualifier_words(char qualifier)
{
	switch (qualifier) {
	case '-':
		return "fail: not allowed to send";
	case '~':
		return "softfail: probably not allowed to send";
	case '?':
		return "neutral: nothing is said";
	default:
		return "pass: allowed to send";
	}
}

static const char *
spf_words(enum spf_kind kind)
{
	static const char *const words[] = {
		[SPF_ALL] = "every host",
		[SPF_INCLUDE] = "every host that this record lets pass",
		[SPF_A] = "the addresses of this name",
		[SPF_MX] = "the mail exchangers of this name",
		[SPF_PTR] = "hosts whose reverse name ends so (do not use)",
		[SPF_IP4] = "these IPv4 addresses",
		[SPF_IP6] = "these IPv6 addresses",
		[SPF_EXISTS] = "hosts for which this name exists",
		[SPF_REDIRECT] = "go on with the record of this name",
		[SPF_EXP] = "where the text for refusals stands",
		[SPF_MODIFIER] = "an unknown modifier; receivers ignore it",
		[SPF_UNKNOWN] = "no term of SPF",
	};

	return words[kind];
}

static void
write_problems(struct buffer *out, const struct problem *problem,
    struct str text)
{
	for (; problem != NULL; problem = problem->next)
		write_line(out, str_slice(text, problem->start, problem->end),
		    "! %.*s", STR_ARG(problem->what));
}

static void
explain_spf(struct run *run, struct str text)
{
	const struct spf *spf = spf_parse(run->arena, text);
	const struct spf_term *term;
	unsigned lookups = 0;

	buffer_add_cstr(&run->out, "An SPF record (RFC 7208):\n\n");
	for (term = spf->terms; term != NULL; term = term->next) {
		lookups += spf_costs_lookup(term->kind);
		write_line(&run->out, term->text, "%s%s%s%s",
		    spf_words(term->kind),
		    spf_is_mechanism(term->kind) ? ": " : "",
		    spf_is_mechanism(term->kind) ?
		    qualifier_words(term->qualifier) : "",
		    spf_costs_lookup(term->kind) ? " (one lookup, and those "
		    "of its target)" : "");
	}
	write_problems(&run->out, spf->problems.first, text);
	if (!spf->selected)
		return;
	buffer_printf(&run->out, "\n%u of 10 lookups stand in this record "
	    "itself.\n", lookups);
}

static void
explain_tags(struct run *run, const char *what, const struct tags *tags,
    const struct problem *problems, struct str text)
{
	const struct tag *tag;

	buffer_printf(&run->out, "%s:\n\n", what);
	for (tag = tags->first; tag != NULL; tag = tag->next)
		write_line(&run->out, tag->name, "%.*s",
		    STR_ARG(tag->value));
	write_problems(&run->out, problems, text);
}

static void
explain_dmarc(struct run *run, struct str text)
{
	static const struct {
		char which;
		const char *names;
	} rows[] = {
		{ 'p', "of the domain itself" },
		{ 's', "of its subdomains" },
		{ 'n', "of names that do not exist" },
	};
	const struct dmarc *dmarc = dmarc_parse(run->arena, text);
	struct verdict detail;
	size_t i;

	explain_tags(run, "A DMARC policy (RFC 9989)", &dmarc->tags,
	    dmarc->problems.first, text);
	if (!dmarc->selected)
		return;
	buffer_add_cstr(&run->out, "\nWhat happens to mail that fails, at "
	    "receivers of RFC 7489 and of RFC 9989:\n\n");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		write_line(&run->out, str_from(rows[i].names),
		    "%s, %s", outcome_name(policy_level(dmarc, rows[i].which,
		    MODEL_7489, &detail)), outcome_name(policy_level(dmarc,
		    rows[i].which, MODEL_9989, &detail)));
}

static void
explain_dkim(struct run *run, struct str text)
{
	const struct dkim *dkim = dkim_parse(run->arena, text);

	explain_tags(run, "A DKIM key (RFC 6376)", &dkim->tags,
	    dkim->problems.first, text);
	if (dkim->revoked)
		buffer_add_cstr(&run->out, "\nThe key is revoked.\n");
	else if (dkim->bits > 0)
		buffer_printf(&run->out, "\n%s, %u bits.\n",
		    dkim->key_algorithm == DKIM_ED25519 ? "Ed25519" : "RSA",
		    dkim->bits);
}

static void
explain_mtasts(struct run *run, struct str text)
{
	const struct mtasts *sts = mtasts_parse(run->arena, text);

	explain_tags(run, "An MTA-STS record (RFC 8461)", &sts->tags,
	    sts->problems.first, text);
}

static void
explain_tlsrpt(struct run *run, struct str text)
{
	const struct tlsrpt *rpt = tlsrpt_parse(run->arena, text);

	explain_tags(run, "A TLS reporting record (RFC 8460)", &rpt->tags,
	    rpt->problems.first, text);
}

static void
explain_bimi(struct run *run, struct str text)
{
	const struct bimi *bimi = bimi_parse(run->arena, text);

	explain_tags(run, "A BIMI record", &bimi->tags, bimi->problems.first,
	    text);
}

static const struct {
	void (*explain)(struct run *, struct str text);
	const char *begin;		/* of what receivers take for one */
} kinds[AUTH_KINDS] = {
	[AUTH_SPF] = { explain_spf, "v=spf1 " },
	[AUTH_DMARC] = { explain_dmarc, "v=DMARC1;" },
	[AUTH_REPORT] = { explain_dmarc, "v=DMARC1;" },
	[AUTH_DKIM] = { explain_dkim, "v=DKIM1;" },
	[AUTH_MTASTS] = { explain_mtasts, "v=STSv1;" },
	[AUTH_TLSRPT] = { explain_tlsrpt, "v=TLSRPTv1;" },
	[AUTH_BIMI] = { explain_bimi, "v=BIMI1;" },
};

/* A record as it stands in a zone file, or only its strings; or NULL. */
static const struct record *
read_entry(struct run *run, struct str word)
{
	const struct zone_options options = { .name = STR(""),
	    .how = ZONE_BY_CONFIG };
	struct buffer text = { 0 };
	struct zone *zone;
	size_t position = 0;

	buffer_printf(&text, "$TTL 1\n%s%.*s\n",
	    str_starts(word, STR("\"")) ? "@ TXT " : "", STR_ARG(word));
	zone = zone_read(run->arena, source_of_text(run->arena,
	    STR("(record)"), &text), &options);
	return zone->contents->problem_count > 0 ? NULL :
	    zone_next(zone, run->arena, HAS_TXT, &position);
}

static bool
explain_record(struct run *run, struct str text)
{
	const struct record *record = auth_version(text) != AUTH_NONE ? NULL :
	    read_entry(run, text);
	enum auth auth = AUTH_NONE;
	bool selected = true;

	if (record != NULL) {
		text = record->text;
		auth = record->auth;
	}
	if (auth == AUTH_NONE)
		auth = auth_version(text);
	if (auth == AUTH_NONE) {
		auth = auth_near_version(text);
		selected = false;
	}
	if (auth == AUTH_NONE)
		return false;
	kinds[auth].explain(run, text);
	if (!selected)
		buffer_printf(&run->out, "\nReceivers ignore it, because it "
		    "does not begin with \"%s\".\n", kinds[auth].begin);
	return true;
}

enum { OFFERED = 8 };

/* "spf-all" begins the names of many. */
static int
offer(struct run *run, struct str word)
{
	struct buffer names = { 0 };
	const struct rule *rule;
	size_t i, count = 0;
	int status = EXIT_CLEAN;

	for (i = 0; (rule = rule_number(i)) != NULL; i++)
		if (str_starts(str_from(rule->id), word))
			buffer_printf(&names, "%s%s", count++ > 0 ? ", " : "",
			    rule->id);
	if (count > OFFERED)
		status = run_usage(run, "there is no rule \"%.*s\", but %zu "
		    "that begin so: see mailzone rules --select '%.*s*'",
		    STR_ARG(word), count, STR_ARG(word));
	else if (count > 0)
		status = run_usage(run, "there is no rule \"%.*s\"; there "
		    "%s %.*s", STR_ARG(word), count == 1 ? "is" : "are",
		    STR_ARG(buffer_str(&names)));
	buffer_free(&names);
	return status;
}

static int
unknown(struct run *run, struct str word)
{
	const struct rule *rule, *best = NULL;
	unsigned distance, least = 4;
	size_t i;
	int status = offer(run, word);

	if (status != EXIT_CLEAN)
		return status;
	for (i = 0; (rule = rule_number(i)) != NULL; i++) {
		distance = str_distance(word, str_from(rule->id), 3);
		if (distance < least) {
			least = distance;
			best = rule;
		}
	}
	if (best != NULL)
		return run_usage(run, "there is no rule \"%.*s\"; did you "
		    "mean \"%s\"?", STR_ARG(word), best->id);
	return run_usage(run, "\"%.*s\" is neither a rule (see mailzone "
	    "rules) nor a record", STR_ARG(word));
}

static int
run_explain(struct run *run)
{
	const struct rule *rule;
	struct str word;

	word = run->argument_count == 1 ? run->arguments[0] : STR("");
	if (str_trim(word).n == 0)
		return run_usage(run, "explain takes one rule, or one record "
		    "in quotes");
	rule = rule_find(word);
	if (rule != NULL)
		return explain_rule(run, rule);
	return explain_record(run, word) ? EXIT_CLEAN : unknown(run, word);
}

const struct command command_explain = {
	.name = "explain",
	.arguments = "RULE|RECORD",
	.summary = "explain a rule, or a record term by term",
	.help = "Says in full what a rule is about: why it matters, where it "
	    "is written, a bad and a good example, how to mend and how to "
	    "suppress it. Given a record in quotes, its text or as it stands "
	    "in a zone file, takes it apart.",
	.run = run_explain,
};
