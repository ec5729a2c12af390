/* DMARC: is it a record, and what do its tags say? RFC 9989 section 4.8. */
#include <string.h>

#include "base/arena.h"
#include "rules/check.h"

/* ---- texts at _dmarc that receivers pass over ---- */

/* The version, when it only stands in another place than it should. */
static const struct tag *
version_tag(const struct dmarc *dmarc)
{
	const struct tag *tag = dmarc->tags.first;

	for (tag = tag == NULL ? NULL : tag->next; tag != NULL;
	    tag = tag->next)
		if (str_is(tag->name, "v") && str_is(tag->value, "DMARC1"))
			return tag;
	return NULL;
}

const struct dmarc *
dmarc_passed_over(struct lint *lint, const struct record *record)
{
	const struct dmarc *dmarc;

	if (record->auth != AUTH_NONE || record->type != RR_TXT ||
	    auth_place(record->owner, NULL, NULL) != AUTH_DMARC ||
	    version_typo(lint, record) != AUTH_NONE ||
	    text_is_explained(lint, record, 0, record->text.n))
		return NULL;
	dmarc = dmarc_parse(lint->arena, record->text);
	return auth_near_version(record->text) != AUTH_DMARC &&
	    (dmarc->p == NULL || dmarc->policy == POLICY_INVALID) &&
	    version_tag(dmarc) == NULL ? NULL : dmarc;
}

static bool
has_leading_space(struct str text)
{
	return text.n > 0 && byte_is_blank((unsigned char)text.p[0]) &&
	    auth_version(str_trim(text)) == AUTH_DMARC;
}

/* Something else than ";" stands behind "v=DMARC1". */
static const struct problem *
lost_separator(const struct dmarc *dmarc)
{
	const struct problem *problem = problems_find(&dmarc->problems,
	    DMARC_BAD_SEPARATOR);

	return problem != NULL && dmarc->tags.first == dmarc->v &&
	    problem->start >= dmarc->v->start &&
	    problem->end <= dmarc->v->end ? problem : NULL;
}

static void
check_version_first(struct lint *lint, const struct record *record)
{
	const struct problem *problem;
	const struct dmarc *dmarc;
	const struct tag *tag;
	struct diag *diag;

	dmarc = dmarc_passed_over(lint, record);
	if (dmarc == NULL || has_leading_space(record->text) ||
	    lost_separator(dmarc) != NULL)
		return;
	problem = problems_find(&dmarc->problems, DMARC_BAD_VERSION);
	if (problem != NULL)
		diag = complain_problem(lint, record, problem);
	else
		diag = complain_text(lint, record, 0, record->text.n,
		    "receivers ignore this record, because it does not begin "
		    "with \"v=DMARC1\"");
	diag_help(lint, diag, "begin the record with \"v=DMARC1;\", letter "
	    "by letter");
	tag = version_tag(dmarc);
	if (tag != NULL && !place_is_taken(lint, record->owner, AUTH_DMARC,
	    record))
		diag_fix_move_tag(lint, diag, FIX_UNSAFE, record, tag, 0,
		    STR("v=DMARC1; "));
}

static const struct rule version_first = {
	.id = "dmarc-version-first",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_TXT,
	.in_sight = true,
	.fix = FIX_UNSAFE,
	.marks = MARK_NO_KIND,
	.summary = "record at _dmarc does not begin with v=DMARC1",
	.rationale = "Receivers of both generations only look at records "
	    "whose first tag is v and whose value is exactly DMARC1. "
	    "Anything else is as good as no record: forged mail is "
	    "delivered.",
	.citation = "RFC 9989 section 4.7",
	.bad = WITH_DMARC("p=reject; v=DMARC1; rua=mailto:d@example.com"),
	.good = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com"),
	.record = check_version_first,
};

static void
check_leading_space(struct lint *lint, const struct record *record)
{
	struct str blanks = STR(" \t");
	struct cursor in = { record->text, 0 };
	struct diag *diag;

	if (record->auth != AUTH_NONE || record->type != RR_TXT ||
	    !has_leading_space(record->text) ||
	    auth_place(record->owner, NULL, NULL) != AUTH_DMARC)
		return;
	cursor_while(&in, blanks);
	diag = complain_text(lint, record, 0, in.here,
	    "most receivers ignore this record, because it begins with a "
	    "blank");
	diag_help(lint, diag, "remove what stands before \"v=DMARC1\"");
	if (!place_is_taken(lint, record->owner, AUTH_DMARC, record))
		diag_fix_text(lint, diag, FIX_UNSAFE, record, 0, in.here,
		    STR(""));
}

static const struct rule leading_space = {
	.id = "dmarc-leading-space",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_TXT,
	.in_sight = true,
	.fix = FIX_UNSAFE,
	.marks = MARK_NO_KIND,
	.summary = "DMARC record begins with white space",
	.rationale = "The grammar allows nothing before the version. Some "
	    "receivers forgive it, others see no record and deliver forged "
	    "mail.",
	.citation = "RFC 9989 section 4.8",
	.bad = WITH_DMARC(" v=DMARC1; p=reject; rua=mailto:d@example.com"),
	.good = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com"),
	.record = check_leading_space,
};

/* ---- between the tags ---- */

static void
complain_separator(struct lint *lint, const struct record *record,
    const struct problem *problem)
{
	struct cursor in = { record->text, 0 };
	struct diag *diag;
	size_t at;

	diag = complain_problem(lint, record, problem);
	if (problem->kind == DMARC_EMPTY_TAG)
		diag_level(diag, LEVEL_WARNING);
	diag_help(lint, diag, problem->kind == DMARC_EMPTY_TAG ?
	    "write one \";\" between two tags" :
	    "write tag=value, and \";\" between two tags");
	in.here = problem->start;
	cursor_while(&in, STR(" "));
	at = in.here;
	if (!cursor_accept(&in, ',') && !cursor_accept(&in, '|'))
		return;
	cursor_while(&in, STR(" "));
	if (in.here == problem->end)
		diag_fix_text(lint, diag, FIX_UNSAFE, record, at, at + 1,
		    STR(";"));
}

static void
check_separator(struct lint *lint, const struct record *record)
{
	const struct problem *problem;
	const struct dmarc *dmarc;

	if (record->auth == AUTH_NONE) {
		dmarc = dmarc_passed_over(lint, record);
		if (dmarc != NULL && !has_leading_space(record->text) &&
		    (problem = lost_separator(dmarc)) != NULL)
			complain_separator(lint, record, problem);
		return;
	}
	if ((record->auth != AUTH_DMARC && record->auth != AUTH_REPORT) ||
	    text_is_spoiled(record, record_marks(record)))
		return;
	for (problem = record->dmarc->problems.first; problem != NULL;
	    problem = problem->next)
		if ((problem->kind == DMARC_BAD_SEPARATOR ||
		    problem->kind == DMARC_EMPTY_TAG) &&
		    !text_has_foreign(record, problem->start, problem->end))
			complain_separator(lint, record, problem);
}

static const struct rule separator = {
	.id = "dmarc-separator",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_TXT,
	.fix = FIX_UNSAFE,
	.marks = MARK_NO_KIND | MARK_PROBLEM,
	.summary = "DMARC tags are not separated by semicolons",
	.rationale = "Tags are tag=value with a semicolon between two. With a "
	    "comma, a blank or a colon in its place, receivers take what "
	    "follows for a part of the value before, and the tag that was "
	    "meant is lost; behind the version they ignore the record.",
	.citation = "RFC 9989 section 4.8",
	.bad = WITH_DMARC("v=DMARC1, p=reject, rua=mailto:d@example.com"),
	.good = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com"),
	.record = check_separator,
};

static void
check_duplicate_tag(struct lint *lint, const struct record *record)
{
	const struct problem *problem;
	struct diag *diag;

	for (problem = record->dmarc->problems.first; problem != NULL;
	    problem = problem->next) {
		if (problem->kind != DMARC_REPEATED_TAG)
			continue;
		diag = complain_problem(lint, record, problem);
		diag_help(lint, diag, "leave only the one that you mean");
	}
}

static const struct rule duplicate_tag = {
	.id = "dmarc-duplicate-tag",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_DMARC,
	.marks = MARK_PROBLEM,
	.summary = "DMARC record has a tag twice",
	.rationale = "DMARC borrows its lists from DKIM, where a repeated tag "
	    "makes the whole list invalid. Some receivers take the first, "
	    "some the last, some none: what happens to forged mail is left "
	    "to chance.",
	.citation = "RFC 9989 section 4.7; RFC 6376 section 3.2",
	.bad = WITH_DMARC("v=DMARC1; p=reject; p=none; "
	    "rua=mailto:d@example.com"),
	.good = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com"),
	.record = check_duplicate_tag,
};

static void
check_truncated(struct lint *lint, const struct record *record)
{
	struct str domain;
	struct diag *diag;

	if (record->dmarc->tags.count != 1 || record_lost_comment(record) ||
	    record_is_void(lint, record))
		return;
	domain = record_domain(record);
	diag = complain_text(lint, record, 0, record->text.n,
	    dmarc_has_one_above(lint, domain) ?
	    "receivers of RFC 7489 do no DMARC for %.*s, because this record "
	    "says nothing and hides the one of the domain above" :
	    "receivers do no DMARC for %.*s, because this record says nothing",
	    STR_ARG(name_show(domain)));
	diag_help(lint, diag, "add a policy, as in \"v=DMARC1; p=reject\", or "
	    "remove the record");
}

static const struct rule truncated = {
	.id = "dmarc-truncated",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_DMARC,
	.summary = "DMARC record holds nothing but its version",
	.rationale = "A record without a policy protects nothing, and below "
	    "an organizational domain it keeps receivers from applying the "
	    "policy of that. Mostly the rest of the record got lost.",
	.citation = "RFC 9989 section 4.10.1; RFC 7489 section 6.6.3",
	.bad = WITH_DMARC("v=DMARC1;"),
	.good = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com"),
	.record = check_truncated,
};

/* ---- names of tags ---- */

static struct str
tag_text(const struct record *record, const struct tag *tag)
{
	return str_slice(record->text, tag->start, tag->end);
}

/* A segment that reads as tag=value and that no receiver knows. */
static bool
is_unknown(const struct tag *tag)
{
	return tag->equals && tag->name.n > 0 &&
	    !dmarc_tag_is_known(tag->name);
}

static bool
has_foreign_name(const struct record *record, const struct tag *tag)
{
	return text_has_foreign(record, tag->start, tag->start + tag->name.n);
}

/* "mailto:a=b@example.com": dmarc-rua-second-mailto speaks of it. */
static bool
is_lost_uri(const struct dmarc *dmarc, const struct tag *tag)
{
	const struct problem *problem;

	for (problem = dmarc->problems.first; problem != NULL;
	    problem = problem->next)
		if (problem->kind == DMARC_LOST_URI &&
		    problem->start == tag->start)
			return true;
	return false;
}

static void
check_unknown_tag(struct lint *lint, const struct record *record)
{
	const struct tag *tag;
	struct diag *diag;

	for (tag = record->dmarc->tags.first; tag != NULL; tag = tag->next) {
		if (!tag->equals || (!is_unknown(tag) && tag->name.n > 0) ||
		    dmarc_meant_tag(record->dmarc, tag) != NULL ||
		    tag->repeated ||
		    has_foreign_name(record, tag) ||
		    is_lost_uri(record->dmarc, tag))
			continue;
		diag = complain_text(lint, record, tag->start, tag->end,
		    "receivers ignore " STR_QUOTE ", because there is no such "
		    "tag", STR_QUOTE_ARG(tag_text(record, tag)));
		if (str_is_case(tag->name, "policy"))
			diag_help(lint, diag, "did you mean \"p\"?");
		else
			diag_help(lint, diag, "remove it");
	}
}

static const struct rule unknown_tag = {
	.id = "dmarc-unknown-tag",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_DMARC,
	.marks = MARK_UNKNOWN_TAG,
	.summary = "DMARC tag that nobody knows",
	.rationale = "Receivers ignore tags that they do not know. What the "
	    "tag was meant to do does not happen.",
	.citation = "RFC 9989 section 4.8",
	.bad = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com; "
	    "action=log"),
	.good = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com"),
	.record = check_unknown_tag,
};

const char *
dmarc_meant_tag(const struct dmarc *dmarc, const struct tag *tag)
{
	/* "pp=reject": it may be sp, but without p that is what is missing. */
	if (dmarc->p == NULL && policy_parse(tag->value) != POLICY_INVALID &&
	    str_distance(tag->name, STR("p"), 1) <= 1 &&
	    !dmarc_tag_is_known(tag->name))
		return "p";
	return dmarc_tag_near(tag->name);
}

static bool
is_policy_name(const char *name)
{
	return strcmp(name, "p") == 0 || strcmp(name, "sp") == 0 ||
	    strcmp(name, "np") == 0;
}

static void
check_tag_typo(struct lint *lint, const struct record *record)
{
	const struct tag *tag;
	const char *near;
	struct diag *diag;

	for (tag = record->dmarc->tags.first; tag != NULL; tag = tag->next) {
		/* "=reject" has no name at all. */
		if (!tag->equals || dmarc_tag_is_known(tag->name) ||
		    has_foreign_name(record, tag) ||
		    (near = dmarc_meant_tag(record->dmarc, tag)) == NULL)
			continue;
		diag = complain_text(lint, record, tag->start,
		    tag->name.n > 0 ? tag->start + tag->name.n : tag->end,
		    "receivers ignore " STR_QUOTE ", because there is no such "
		    "tag", STR_QUOTE_ARG(tag_text(record, tag)));
		diag_help(lint, diag, "did you mean \"%s\"?", near);
		/*
		 * A second one would make the record undefined, a policy that
		 * cannot be read void.
		 */
		if (tags_find_case(&record->dmarc->tags, near) == NULL &&
		    !tag_has_twin(record, tag) && (!is_policy_name(near) ||
		    policy_parse(tag->value) != POLICY_INVALID))
			diag_fix_text(lint, diag, FIX_UNSAFE, record,
			    tag->start, tag->start + tag->name.n,
			    str_from(near));
	}
}

static const struct rule tag_typo = {
	.id = "dmarc-tag-typo",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_DMARC,
	.fix = FIX_UNSAFE,
	.marks = MARK_UNKNOWN_TAG,
	.summary = "DMARC tag is misspelt",
	.rationale = "Receivers ignore a tag that they do not know, so the "
	    "setting is lost without a word: no reports for \"rau\", relaxed "
	    "alignment for \"adkin=s\".",
	.citation = "RFC 9989 section 4.8",
	.bad = WITH_DMARC("v=DMARC1; p=reject; adkin=s; "
	    "rua=mailto:d@example.com"),
	.good = WITH_DMARC("v=DMARC1; p=reject; adkim=s; "
	    "rua=mailto:d@example.com"),
	.record = check_tag_typo,
};

/* ---- values ---- */

static bool
within_tag(const struct problem *problem, const struct tag *tag)
{
	return tag != NULL && problem->start >= tag->start &&
	    problem->end <= tag->end;
}

/* Other rules speak of policies, percentages, URIs and what is ignored. */
static bool
has_other_rule(const struct problem *problem, const struct dmarc *dmarc)
{
	return within_tag(problem, dmarc->p) ||
	    within_tag(problem, dmarc->sp) ||
	    within_tag(problem, dmarc->np) ||
	    within_tag(problem, dmarc->pct) ||
	    within_tag(problem, dmarc->rua) ||
	    within_tag(problem, dmarc->ruf) ||
	    within_tag(problem, dmarc->ri) || within_tag(problem, dmarc->rf);
}

/* No value means nothing more where the tag itself means nothing. */
static bool
is_of_unknown_tag(const struct problem *problem, const struct dmarc *dmarc)
{
	const struct tag *tag;

	for (tag = dmarc->tags.first; tag != NULL; tag = tag->next)
		if (is_unknown(tag) && within_tag(problem, tag))
			return true;
	return false;
}

/* Without the tag receivers do what they do now: its default applies. */
static void
fix_value(struct lint *lint, struct diag *diag, const struct record *record,
    const struct problem *problem)
{
	const struct dmarc *dmarc = record->dmarc;
	const struct tag *const tags[] = { dmarc->adkim, dmarc->aspf,
	    dmarc->fo, dmarc->t, dmarc->psd };
	size_t i;

	for (i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		if (within_tag(problem, tags[i]))
			diag_fix_remove_tag(lint, diag, FIX_UNSAFE, record,
			    tags[i]);
}

static void
check_value_invalid(struct lint *lint, const struct record *record)
{
	const struct dmarc *dmarc = record->dmarc;
	const struct problem *problem;
	struct diag *diag;

	for (problem = dmarc->problems.first; problem != NULL;
	    problem = problem->next) {
		if ((problem->kind != DMARC_BAD_VALUE &&
		    problem->kind != DMARC_EMPTY_VALUE) ||
		    has_other_rule(problem, dmarc) || text_has_foreign(record,
		    problem->start, problem->end) ||
		    is_of_unknown_tag(problem, dmarc))
			continue;
		diag = complain_problem(lint, record, problem);
		if (within_tag(problem, dmarc->adkim) ||
		    within_tag(problem, dmarc->aspf))
			diag_help(lint, diag, "write \"r\" or \"s\"");
		else if (within_tag(problem, dmarc->fo))
			diag_help(lint, diag, "write \"0\", \"1\", \"d\" or "
			    "\"s\", or some of them with \":\" between");
		else if (within_tag(problem, dmarc->t))
			diag_help(lint, diag, "write \"y\" or \"n\"");
		else if (within_tag(problem, dmarc->psd))
			diag_help(lint, diag, "write \"y\", \"n\" or \"u\"");
		fix_value(lint, diag, record, problem);
	}
}

static const struct rule value_invalid = {
	.id = "dmarc-value-invalid",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_DMARC,
	.fix = FIX_UNSAFE,
	.marks = MARK_PROBLEM,
	.summary = "DMARC tag has a value that it cannot have",
	.rationale = "Receivers discard what they cannot read and act as if "
	    "the tag had its default: relaxed alignment, no test mode, no "
	    "statement about public suffixes.",
	.citation = "RFC 9989 section 4.8",
	.bad = WITH_DMARC("v=DMARC1; p=reject; adkim=strict; "
	    "rua=mailto:d@example.com"),
	.good = WITH_DMARC("v=DMARC1; p=reject; adkim=s; "
	    "rua=mailto:d@example.com"),
	.record = check_value_invalid,
};

/* Tags whose names and values are words, and that should be lower case. */
static bool
is_keyword(const struct dmarc *dmarc, const struct tag *tag)
{
	return tag == dmarc->p || tag == dmarc->sp || tag == dmarc->np ||
	    tag == dmarc->adkim || tag == dmarc->aspf || tag == dmarc->fo ||
	    tag == dmarc->psd || tag == dmarc->t;
}

static bool
has_upper(struct str text)
{
	size_t i;

	for (i = 0; i < text.n; i++)
		if (text.p[i] >= 'A' && text.p[i] <= 'Z')
			return true;
	return false;
}

static struct str
lower(struct arena *arena, struct str text)
{
	char *out = arena_alloc(arena, text.n + 1);
	size_t i;

	for (i = 0; i < text.n; i++)
		out[i] = (char)byte_lower((unsigned char)text.p[i]);
	return (struct str){ out, text.n };
}

static void
check_keyword_case(struct lint *lint, const struct record *record)
{
	const struct dmarc *dmarc = record->dmarc;
	const struct tag *tag;
	struct diag *diag;
	size_t start, end;

	for (tag = dmarc->tags.first; tag != NULL; tag = tag->next) {
		start = has_upper(tag->name) ? tag->start : tag->value_start;
		end = is_keyword(dmarc, tag) && has_upper(tag->value) ?
		    tag->value_end : tag->start + tag->name.n;
		if (start >= end || !dmarc_tag_is_known(tag->name))
			continue;
		diag = complain_text(lint, record, start, end,
		    "receivers that mind the case do not understand "
		    STR_QUOTE, STR_QUOTE_ARG(tag_text(record, tag)));
		diag_help(lint, diag, "write it in lower case");
		/* To some receivers, "P" is no "p", and so none too many. */
		if (!has_upper(tag->name) || !tag_has_twin(record, tag))
			diag_fix_text(lint, diag, has_upper(tag->name) ?
			    FIX_UNSAFE : FIX_SAFE, record, start, end,
			    lower(lint->arena, str_slice(record->text, start,
			    end)));
	}
}

static const struct rule keyword_case = {
	.id = "dmarc-keyword-case",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_DMARC,
	.fix = FIX_SAFE,
	.summary = "DMARC tag or keyword in upper case",
	.rationale = "Case does not matter by the grammar, but tools that "
	    "search for \"p=reject\" miss \"P=Reject\", and so do some "
	    "receivers.",
	.citation = "RFC 9989 section 4.8; RFC 5234 section 2.3",
	.bad = WITH_DMARC("v=DMARC1; p=Reject; rua=mailto:d@example.com"),
	.good = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com"),
	.record = check_keyword_case,
};

/* Then what looks like a value in it may be part of something else. */
static bool
is_broken(const struct dmarc *dmarc, const struct tag *tag)
{
	const struct problem *problem;

	for (problem = dmarc->problems.first; problem != NULL;
	    problem = problem->next)
		if (within_tag(problem, tag))
			return true;
	return false;
}

static void
check_fo_both(struct lint *lint, const struct record *record)
{
	const struct tag *fo = record->dmarc->fo;
	struct diag *diag;

	if (fo == NULL || !str_has(fo->value, '0') ||
	    !str_has(fo->value, '1') || is_broken(record->dmarc, fo))
		return;
	diag = complain_text(lint, record, fo->value_start, fo->value_end,
	    "receivers differ about when to send failure reports, because "
	    "\"0\" and \"1\" exclude each other");
	diag_help(lint, diag, "write \"fo=1\" for a report whenever one of "
	    "SPF and DKIM fails");
	diag_fix_text(lint, diag, FIX_UNSAFE, record, fo->value_start,
	    fo->value_end, STR("1"));
}

static const struct rule fo_both = {
	.id = "dmarc-fo-both",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_DMARC,
	.fix = FIX_UNSAFE,
	.marks = MARK_FO,
	.summary = "fo asks for both 0 and 1",
	.rationale = "0 asks for a failure report when everything fails, 1 "
	    "when anything does. RFC 9989 allows only one of them.",
	.citation = "RFC 9989 section 4.7",
	.bad = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com; "
	    "ruf=mailto:d@example.com; fo=0:1"),
	.good = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com; "
	    "ruf=mailto:d@example.com; fo=1"),
	.record = check_fo_both,
};

static void
check_fo_without_ruf(struct lint *lint, const struct record *record)
{
	const struct tag *fo = record->dmarc->fo;
	struct diag *diag;

	/* One that swallowed "ruf" is told by dmarc-separator. */
	if (fo == NULL || record->dmarc->ruf != NULL ||
	    is_broken(record->dmarc, fo))
		return;
	diag = complain_text(lint, record, fo->start, fo->end,
	    "receivers ignore " STR_QUOTE ", because no address for failure "
	    "reports (ruf) is given", STR_QUOTE_ARG(tag_text(record, fo)));
	diag_help(lint, diag, "remove it");
	diag_fix_remove_tag(lint, diag, FIX_SAFE, record, fo);
}

static const struct rule fo_without_ruf = {
	.id = "dmarc-fo-without-ruf",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_DMARC,
	.fix = FIX_SAFE,
	.marks = MARK_FO,
	.summary = "fo without ruf",
	.rationale = "fo says when to send failure reports to the addresses "
	    "in ruf. Without ruf it is ignored.",
	.citation = "RFC 9989 section 4.7",
	.bad = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com; "
	    "fo=1"),
	.good = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com"),
	.record = check_fo_without_ruf,
};

/* Receivers of RFC 7489 may heed what is not. */
static bool
is_default(const struct tag *tag)
{
	return str_is(tag->value, "86400") || str_is_case(tag->value, "afrf");
}

/* It holds the next one: dmarc-separator. */
static bool
is_cut_wrong(const struct dmarc *dmarc, const struct tag *tag)
{
	const struct problem *problem;

	for (problem = dmarc->problems.first; problem != NULL;
	    problem = problem->next)
		if (problem->kind == DMARC_BAD_SEPARATOR &&
		    within_tag(problem, tag))
			return true;
	return false;
}

static void
check_historic_tag(struct lint *lint, const struct record *record)
{
	const struct tag *tags[2] = { record->dmarc->ri, record->dmarc->rf };
	struct diag *diag;
	size_t i;

	for (i = 0; i < 2; i++) {
		if (tags[i] == NULL || is_cut_wrong(record->dmarc, tags[i]))
			continue;
		diag = complain_text(lint, record, tags[i]->start,
		    tags[i]->end, "receivers ignore " STR_QUOTE ", which has "
		    "been removed from DMARC",
		    STR_QUOTE_ARG(tag_text(record, tags[i])));
		diag_help(lint, diag, "remove it");
		diag_fix_remove_tag(lint, diag, is_default(tags[i]) ?
		    FIX_SAFE : FIX_UNSAFE, record, tags[i]);
	}
}

static const struct rule historic_tag = {
	.id = "dmarc-historic-tag",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_DMARC,
	.fix = FIX_SAFE,
	.marks = MARK_HISTORIC,
	.summary = "ri or rf, which DMARC no longer has",
	.rationale = "Reports come once a day and in one format whatever ri "
	    "and rf say. Both tags are historic since RFC 9989.",
	.citation = "RFC 9989 section 9.3",
	.bad = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com; "
	    "ri=86400"),
	.good = WITH_DMARC("v=DMARC1; p=reject; rua=mailto:d@example.com"),
	.record = check_historic_tag,
};

const struct rule *const dmarc_rules[] = {
	&version_first, &leading_space, &separator, &duplicate_tag,
	&truncated, &unknown_tag, &tag_typo, &value_invalid, &keyword_case,
	&fo_both, &fo_without_ruf, &historic_tag, NULL
};
