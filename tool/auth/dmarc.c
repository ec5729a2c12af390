/*
 * DMARC records: RFC 9989 section 4.7 and 4.8, and the tags of RFC 7489.
 */
#include "auth/auth.h"
#include "base/arena.h"
#include "base/buffer.h"

/* How the value of a tag is to be read. */
enum value { VALUE_VERSION, VALUE_POLICY, VALUE_LETTER, VALUE_URIS,
	VALUE_OPTIONS, VALUE_PERCENT, VALUE_SECONDS, VALUE_FORMATS };

static const struct known {
	struct str name;
	size_t place;			/* of its pointer in struct dmarc */
	enum value value;
	struct str letters;		/* of VALUE_LETTER and VALUE_OPTIONS */
	const char *otherwise;		/* what an invalid value stands for */
} known_tags[] = {
#define TAG(name)	STR_INIT(#name), offsetof(struct dmarc, name)
	{ TAG(v),	VALUE_VERSION,	STR_INIT(""),		NULL },
	{ TAG(p),	VALUE_POLICY,	STR_INIT(""),		NULL },
	{ TAG(sp),	VALUE_POLICY,	STR_INIT(""),		NULL },
	{ TAG(np),	VALUE_POLICY,	STR_INIT(""),		NULL },
	{ TAG(adkim),	VALUE_LETTER,	STR_INIT("rs"),		"r" },
	{ TAG(aspf),	VALUE_LETTER,	STR_INIT("rs"),		"r" },
	{ TAG(rua),	VALUE_URIS,	STR_INIT(""),		NULL },
	{ TAG(ruf),	VALUE_URIS,	STR_INIT(""),		NULL },
	{ TAG(fo),	VALUE_OPTIONS,	STR_INIT("01ds"),	"0" },
	{ TAG(psd),	VALUE_LETTER,	STR_INIT("ynu"),	"u" },
	{ TAG(t),	VALUE_LETTER,	STR_INIT("yn"),		"n" },
	{ TAG(pct),	VALUE_PERCENT,	STR_INIT(""),		"100" },
	{ TAG(ri),	VALUE_SECONDS,	STR_INIT(""),		"86400" },
	{ TAG(rf),	VALUE_FORMATS,	STR_INIT(""),		"afrf" },
#undef TAG
};

enum { KNOWN = sizeof(known_tags) / sizeof(known_tags[0]) };

static const struct policy_word {
	const char *name;
	struct str word;		/* STR_NONE: nobody writes it */
} policies[] = {
	[POLICY_ABSENT] =	{ "absent", { NULL, 0 } },
	[POLICY_NONE] =		{ "none", STR_INIT("none") },
	[POLICY_QUARANTINE] =	{ "quarantine", STR_INIT("quarantine") },
	[POLICY_REJECT] =	{ "reject", STR_INIT("reject") },
	[POLICY_INVALID] =	{ "invalid", { NULL, 0 } },
};

const char *
policy_name(enum policy policy)
{
	return policies[policy].name;
}

enum policy
policy_parse(struct str text)
{
	unsigned policy;

	for (policy = POLICY_NONE; policy <= POLICY_REJECT; policy++)
		if (str_equal_case(text, policies[policy].word))
			return (enum policy)policy;
	return POLICY_INVALID;
}

bool
policy_enforces(enum policy policy)
{
	return policy == POLICY_QUARANTINE || policy == POLICY_REJECT;
}

static const struct known *
find_known(struct str name)
{
	unsigned i;

	for (i = 0; i < KNOWN; i++)
		if (name.n == known_tags[i].name.n &&
		    byte_lower(name.p[0]) == known_tags[i].name.p[0] &&
		    str_equal_case(name, known_tags[i].name))
			return &known_tags[i];
	return NULL;
}

bool
dmarc_tag_is_known(struct str name)
{
	return find_known(name) != NULL;
}

const char *
dmarc_tag_near(struct str name)
{
	struct str known, best = STR_NONE;
	unsigned i;

	/* Every letter is near to "p", and "foo" stands for anything. */
	if (name.n < 2 || find_known(name) != NULL || str_is_case(name, "foo"))
		return NULL;
	for (i = 0; i < KNOWN; i++) {
		known = known_tags[i].name;
		if (str_distance(name, known, 1) > 1 || best.n == name.n ||
		    (known.n != name.n && known.n < best.n))
			continue;
		best = known;
	}
	return best.p;
}

/* ---- reading ------------------------------------------------------------- */

/* What an operator typed between two tags instead of ";". */
static const struct str separators = STR_INIT(" \t,|");

/* A known tag hidden in a value: the separator before it has this place. */
static bool
find_hidden_tag(struct str value, size_t *start, size_t *end)
{
	struct cursor in = { value, 0 };
	size_t name;

	if (!str_has(value, '='))
		return false;
	for (cursor_until(&in, separators); cursor_peek(&in) != END;
	    cursor_until(&in, separators)) {
		*start = in.here;
		cursor_while(&in, separators);
		*end = name = in.here;
		while (byte_is_letter(cursor_peek(&in)))
			cursor_next(&in);
		if (find_known(str_slice(value, name, in.here)) == NULL)
			continue;
		cursor_while(&in, STR(" \t"));
		if (cursor_accept(&in, '='))
			return true;
	}
	return false;
}

static bool
is_tag_name(struct str name)
{
	size_t i;

	for (i = 0; i < name.n; i++)
		if (!byte_is_letter((unsigned char)name.p[i]))
			return false;
	return name.n > 0;
}

/* A list with ":" of letters, each of which may stand once. */
static bool
is_options(struct str value, struct str letters)
{
	unsigned seen = 0, bit;
	struct str part;

	while (str_split(&value, ':', &part)) {
		part = str_trim(part);
		if (part.n != 1 || !str_has(letters, byte_lower(part.p[0])))
			return false;
		bit = 1U << str_find(letters, byte_lower(part.p[0]));
		if ((seen & bit) != 0)
			return false;
		seen |= bit;
	}
	return true;
}

static bool
is_formats(struct str value)
{
	struct str part;

	while (str_split(&value, ':', &part))
		if (!str_is_case(str_trim(part), "afrf"))
			return false;
	return true;
}

static bool
is_percent(struct str value, unsigned *percent)
{
	uint64_t number;

	if (value.n > 3 || !str_number(value, 100, &number))
		return false;
	*percent = (unsigned)number;
	return true;
}

static void
check_version(struct dmarc *dmarc, struct arena *arena, const struct tag *tag)
{
	static const char ignored[] = "so receivers ignore the whole record";

	if (tag != dmarc->tags.first)
		problems_add(&dmarc->problems, arena, DMARC_BAD_VERSION,
		    tag->start, tag->end, "\"v\" does not come first, %s",
		    ignored);
	else if (!dmarc->selected && str_is(tag->value, "DMARC1"))
		problems_add(&dmarc->problems, arena, DMARC_BAD_VERSION,
		    0, tag->start > 0 ? tag->start : tag->end, "something "
		    "stands before \"v=DMARC1\", so most receivers ignore "
		    "the whole record");
	else if (!dmarc->selected)
		problems_add(&dmarc->problems, arena, DMARC_BAD_VERSION,
		    tag->value.n > 0 ? tag->value_start : tag->start,
		    tag->value_end, STR_QUOTE " is not \"DMARC1\", %s",
		    STR_QUOTE_ARG(tag->value), ignored);
}

static void
check_policy(struct dmarc *dmarc, struct arena *arena, const struct tag *tag)
{
	if (policy_parse(tag->value) != POLICY_INVALID)
		return;
	problems_add(&dmarc->problems, arena, DMARC_BAD_POLICY,
	    tag->value.n > 0 ? tag->value_start : tag->start, tag->value_end,
	    STR_QUOTE " is no policy, so %s treat the whole record as "
	    "\"p=none\"", STR_QUOTE_ARG(tag->value),
	    tag == dmarc->np ? "receivers by RFC 9989" : "receivers");
}

static void
check_value(struct dmarc *dmarc, struct arena *arena, const struct tag *tag,
    const struct known *known)
{
	enum dmarc_problem kind = DMARC_BAD_VALUE;
	uint64_t seconds;
	bool fine = true;

	switch (known->value) {
	case VALUE_LETTER:
		fine = tag->value.n == 1 && str_has(known->letters,
		    byte_lower(tag->value.p[0]));
		break;
	case VALUE_OPTIONS:
		fine = is_options(tag->value, known->letters);
		break;
	case VALUE_PERCENT:
		kind = DMARC_BAD_PCT;
		fine = is_percent(tag->value, &dmarc->percent);
		break;
	case VALUE_SECONDS:
		fine = str_number(tag->value, UINT32_MAX, &seconds);
		break;
	case VALUE_FORMATS:
		fine = is_formats(tag->value);
		break;
	default:
		break;
	}
	if (!fine)
		problems_add(&dmarc->problems, arena, (int)kind,
		    tag->value.n > 0 ? tag->value_start : tag->start,
		    tag->value_end, STR_QUOTE " is no value of \"%s\", so "
		    "receivers take \"%s\"", STR_QUOTE_ARG(tag->value),
		    known->name.p, known->otherwise);
}

/* Printable ASCII; of URIs, each tells what is wrong with it. */
static bool
check_characters(struct dmarc *dmarc, struct arena *arena,
    const struct tag *tag, const struct known *known)
{
	unsigned char byte;
	size_t i;

	if ((known != NULL && known->value == VALUE_URIS) ||
	    str_within(tag->value, ' ', '~'))
		return true;
	for (i = tag->value_start; i < tag->value_end; i++) {
		byte = (unsigned char)dmarc->text.p[i];
		if (byte >= ' ' && byte < 0x7f)
			continue;
		problems_add(&dmarc->problems, arena, DMARC_BAD_CHARACTER, i,
		    i + 1, "octet 0x%02x is not allowed in DMARC, so "
		    "receivers read this tag in different ways", byte);
		return false;
	}
	return true;
}

/* A segment that is no tag: without "=", or with no name for one. */
static void
object_segment(struct dmarc *dmarc, struct arena *arena,
    const struct tag *tag)
{
	struct str text = str_slice(dmarc->text, tag->start, tag->end);
	size_t colon = str_find(text, ':');

	if (str_starts_case(text, STR("mailto:")) ||
	    str_starts_case(text, STR("https:")))
		problems_add(&dmarc->problems, arena, DMARC_LOST_URI,
		    tag->start, tag->end, "\";\" has cut " STR_QUOTE " off "
		    "its list, so no report goes there",
		    STR_QUOTE_ARG(text));
	else if (tag->equals)
		problems_add(&dmarc->problems, arena, DMARC_BAD_TAG_NAME,
		    tag->start, tag->start + (tag->name.n > 0 ? tag->name.n :
		    1), STR_QUOTE " cannot be the name of a tag, so nobody "
		    "reads it", STR_QUOTE_ARG(tag->name));
	else if (colon < text.n && find_known(str_trim(str_slice(text, 0,
	    colon))) != NULL)
		problems_add(&dmarc->problems, arena, DMARC_BAD_SEPARATOR,
		    tag->start + colon, tag->start + colon + 1,
		    "\":\" stands where \"=\" belongs, so nobody reads "
		    STR_QUOTE, STR_QUOTE_ARG(text));
	else
		problems_add(&dmarc->problems, arena, DMARC_BAD_SEPARATOR,
		    tag->start, tag->end, STR_QUOTE " has no \"=\", so nobody "
		    "reads it", STR_QUOTE_ARG(text));
}

/* The pointer of struct dmarc that belongs to a tag. */
static const struct tag **
tag_slot(struct dmarc *dmarc, const struct known *known)
{
	return (const struct tag **)(void *)((char *)dmarc + known->place);
}

static void
read_tag(struct dmarc *dmarc, struct arena *arena, const struct tag *tag)
{
	const struct known *known = find_known(tag->name);
	const struct tag **slot;
	bool repeated = tag->repeated;
	size_t start, end;

	dmarc->unknown |= known == NULL;
	if (!tag->equals || !is_tag_name(tag->name)) {
		object_segment(dmarc, arena, tag);
		return;
	}
	if (known != NULL) {
		slot = tag_slot(dmarc, known);
		repeated = *slot != NULL;
		if (!repeated)
			*slot = tag;
	}
	if (repeated)
		problems_add(&dmarc->problems, arena, DMARC_REPEATED_TAG,
		    tag->start, tag->end, "a second " STR_QUOTE " stands in "
		    "the record, so receivers do different things with it",
		    STR_QUOTE_ARG(tag->name));
	else if (find_hidden_tag(tag->value, &start, &end))
		problems_add(&dmarc->problems, arena, DMARC_BAD_SEPARATOR,
		    tag->value_start + start, tag->value_start + end,
		    STR_QUOTE " stands where \";\" belongs, so receivers "
		    "take all of " STR_QUOTE " for \"%.*s\"",
		    STR_QUOTE_ARG(str_slice(tag->value, start, end)),
		    STR_QUOTE_ARG(tag->value), STR_ARG(tag->name));
	else if (known != NULL && known->value == VALUE_VERSION)
		check_version(dmarc, arena, tag);
	else if (!check_characters(dmarc, arena, tag, known))
		return;
	else if (known != NULL && known->value == VALUE_POLICY)
		check_policy(dmarc, arena, tag);
	else if (tag->value.n == 0 && (known == NULL ||
	    known->value != VALUE_PERCENT))
		problems_add(&dmarc->problems, arena, DMARC_EMPTY_VALUE,
		    tag->start, tag->end, STR_QUOTE " has no value, so "
		    "receivers go on as if it were not there",
		    STR_QUOTE_ARG(tag->name));
	else if (known != NULL)
		check_value(dmarc, arena, tag, known);
}

static bool
letter_is(const struct tag *tag, const char *letter)
{
	return tag != NULL && str_is_case(tag->value, letter);
}

static enum policy
tag_policy(const struct tag *tag)
{
	return tag == NULL ? POLICY_ABSENT : policy_parse(tag->value);
}

static struct report_uri *
tag_uris(struct arena *arena, const struct tag *tag)
{
	return tag == NULL ? NULL :
	    report_uris_parse(arena, tag->value, tag->value_start);
}

/* What the tags mean, once the first of each name is known. */
static void
read_meaning(struct dmarc *dmarc, struct arena *arena)
{
	dmarc->policy = tag_policy(dmarc->p);
	dmarc->subdomain_policy = tag_policy(dmarc->sp);
	dmarc->nonexistent_policy = tag_policy(dmarc->np);
	dmarc->strict_dkim = letter_is(dmarc->adkim, "s");
	dmarc->strict_spf = letter_is(dmarc->aspf, "s");
	dmarc->psd_yes = letter_is(dmarc->psd, "y");
	dmarc->psd_no = letter_is(dmarc->psd, "n");
	dmarc->test = letter_is(dmarc->t, "y");
	dmarc->rua_list = tag_uris(arena, dmarc->rua);
	dmarc->ruf_list = tag_uris(arena, dmarc->ruf);
}

struct dmarc *
dmarc_parse(struct arena *arena, struct str text)
{
	struct dmarc *dmarc = ARENA_NEW(arena, struct dmarc);
	const struct tag *tag;

	dmarc->text = text;
	dmarc->tags = tags_parse(arena, text);
	dmarc->selected = auth_version(text) == AUTH_DMARC;
	dmarc->percent = 100;
	for (tag = dmarc->tags.first; tag != NULL; tag = tag->next)
		read_tag(dmarc, arena, tag);
	if (dmarc->v == NULL)
		problems_add(&dmarc->problems, arena, DMARC_BAD_VERSION, 0,
		    dmarc->tags.first == NULL ? text.n :
		    dmarc->tags.first->end, "\"v=DMARC1\" is missing, so "
		    "receivers ignore the whole record");
	if (dmarc->tags.empty > 0)
		problems_add(&dmarc->problems, arena, DMARC_EMPTY_TAG,
		    dmarc->tags.empty_start, dmarc->tags.empty_start + 1,
		    "\";\" ends a tag that is not there, which the grammar "
		    "of DMARC does not know");
	read_meaning(dmarc, arena);
	return dmarc;
}

enum policy
dmarc_subdomain_policy(const struct dmarc *dmarc)
{
	return dmarc->subdomain_policy != POLICY_ABSENT ?
	    dmarc->subdomain_policy : dmarc->policy;
}

enum policy
dmarc_nonexistent_policy(const struct dmarc *dmarc)
{
	return dmarc->nonexistent_policy != POLICY_ABSENT ?
	    dmarc->nonexistent_policy : dmarc_subdomain_policy(dmarc);
}

/* ---- printing ------------------------------------------------------------ */

static void
add_lower(struct buffer *out, struct str text)
{
	size_t i;

	for (i = 0; i < text.n; i++)
		buffer_add_byte(out, byte_lower((unsigned char)text.p[i]));
}

static void
print_tag(struct buffer *out, const struct tag *tag)
{
	const struct known *known = find_known(tag->name);

	if (known != NULL)
		buffer_add(out, known->name);
	else
		buffer_add(out, tag->name);
	if (!tag->equals)
		return;
	buffer_add_byte(out, '=');
	if (known != NULL && known->value != VALUE_VERSION &&
	    known->value != VALUE_URIS)
		add_lower(out, tag->value);
	else
		buffer_add(out, tag->value);
}

struct str
dmarc_print(struct arena *arena, const struct dmarc *dmarc)
{
	struct buffer out = { 0 };
	const struct tag *tag;

	if (!dmarc->selected)
		return dmarc->text;
	for (tag = dmarc->tags.first; tag != NULL; tag = tag->next) {
		if (tag != dmarc->tags.first)
			buffer_add(&out, STR("; "));
		print_tag(&out, tag);
	}
	/* RFC 7489 wants the separator even when nothing follows. */
	if (dmarc->tags.count == 1)
		buffer_add_byte(&out, ';');
	return buffer_finish(&out, arena);
}
