/* Texts: strings that are joined without the space that they need. */
#include "rules/zone_text.h"

static const struct str version = STR_INIT("v=spf1");

static struct spf_term *
parse_term(struct arena *arena, struct str text)
{
	struct problems problems = { 0 };

	return spf_term_parse(arena, text, 0, &problems);
}

static bool
is_term(const struct spf_term *term)
{
	return !term->broken && term->kind != SPF_MODIFIER;
}

/* Can it be read as a term that somebody wanted? */
static bool
makes_sense(const struct spf_term *term)
{
	struct str name = term->target;

	if (term->broken)
		return false;
	if (!term->has_target || term->macro || term->kind == SPF_IP4 ||
	    term->kind == SPF_IP6)
		return true;
	if (str_ends(name, STR(".")))
		name.n--;
	return name_is_host(name, true);
}

/*
 * Do two terms meet at this border of strings? *start and *end are then those
 * of the one that receivers read.
 */
static bool
terms_meet(struct arena *arena, struct str text, size_t border,
    size_t *start, size_t *end)
{
	const struct spf_term *left, *right;

	if (border == 0 || border >= text.n || text.p[border - 1] == ' ' ||
	    text.p[border] == ' ')
		return false;
	for (*start = border; *start > 0 && text.p[*start - 1] != ' ';)
		--*start;
	*end = border + str_find(str_after(text, border), ' ');
	right = parse_term(arena, str_slice(text, border, *end));
	if (!is_term(right))
		return false;
	if (*start == 0)
		return border == version.n;
	left = parse_term(arena, str_slice(text, *start, border));
	if (!is_term(left))
		return false;
	/* example.com-all would be a name, but nobody means it. */
	if (right->kind == SPF_ALL && right->qualified)
		return true;
	return !makes_sense(parse_term(arena,
	    str_slice(text, *start, *end)));
}

size_t
text_next_meeting(struct arena *arena, const struct record *record, size_t from,
    size_t *start, size_t *end)
{
	size_t i, border = 0;

	if (record->string_count < 2 ||
	    !str_starts_case(record->text, version) ||
	    text_is_split(record))
		return 0;
	for (i = 0; i + 1 < record->string_count; i++) {
		border += record->strings[i].n;
		if (border > from && terms_meet(arena, record->text, border,
		    start, end))
			return i + 1;
	}
	return 0;
}

static void
fix_meeting(struct lint *lint, struct diag *diag,
    const struct record *record, size_t number)
{
	struct span span;

	if (record->generated || !text_has_strings(record) ||
	    !record->tokens[number].quoted ||
	    record->strings[number].n > 254 || text_is_second(lint, record))
		return;
	span = record->tokens[number].span;
	span.start++;
	span.end = span.start;
	diag_fix(lint, diag, FIX_UNSAFE, span, STR(" "));
}

static void
check_join(struct lint *lint, const struct record *record)
{
	size_t start, end = 0, number;
	struct str text;
	struct diag *diag;

	while ((number = text_next_meeting(lint->arena, record, end, &start,
	    &end)) > 0) {
		text = str_slice(record->text, start, end);
		diag = complain_text(lint, record, start, end,
		    "strings are joined without a space: receivers read "
		    STR_QUOTE "%s", STR_QUOTE_ARG(text), start > 0 ?
		    " and give up on the whole record" :
		    text_is_second(lint, record) ?
		    ", which is no SPF record" :
		    " and find no SPF record");
		diag_help(lint, diag, "begin the second string with a space");
		fix_meeting(lint, diag, record, number);
	}
}

static const struct rule join = {
	.id = "zone-string-join-missing-space",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_TXT,
	.fix = FIX_UNSAFE,
	.marks = MARK_STRINGS,
	.summary = "strings of an SPF record meet without a space",
	.rationale = "Receivers join the strings of a record with nothing in "
	    "between. Where one ends with a term and the next begins with "
	    "one, both become a word that is neither.",
	.citation = "RFC 7208 section 3.3",
	.bad = QUIET_SOA QUIET_MX QUIET_DMARC
	    RR("@ TXT \"v=spf1 ip4:198.51.100.25\" \"ip4:198.51.100.26 "
		"~all\""),
	.good = QUIET_SOA QUIET_MX QUIET_DMARC
	    RR("@ TXT \"v=spf1 ip4:198.51.100.25\" \" ip4:198.51.100.26 "
		"~all\""),
	.record = check_join,
};

const struct rule *const zone_string_rules[] = {
	&join,
	NULL
};
