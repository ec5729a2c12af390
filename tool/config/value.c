/*
 * Reads scalars as their rows want them.
 *
 * Values go into records. None may bring a line, a string or a tag of its own
 * along, and none may look like what it is not: that is refused here, once,
 * for every field.
 */
#include <assert.h>
#include <stdarg.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "config/read.h"

struct config_problem *
value_problem(struct load *load, const struct yaml *node, size_t start,
    size_t end, const char *format, ...)
{
	struct str text;
	va_list args;

	va_start(args, format);
	text = arena_vprintf(load->arena, format, args);
	va_end(args);
	return config_problem(load->problems, load->arena, CONFIG_VALUE,
	    yaml_part(node, start, end), "%.*s", STR_ARG(text));
}

struct config_problem *
node_problem(struct load *load, const struct yaml *node, const char *format,
    ...)
{
	struct str text;
	va_list args;

	va_start(args, format);
	text = arena_vprintf(load->arena, format, args);
	va_end(args);
	return config_problem(load->problems, load->arena, CONFIG_VALUE,
	    yaml_place(node), "%.*s", STR_ARG(text));
}

/* ---- what no value may hold ---------------------------------------------- */

/* The next code point; libyaml has seen to it that this is UTF-8. */
static uint32_t
next_point(struct cursor *cursor)
{
	int byte = cursor_next(cursor);
	uint32_t point = (uint32_t)byte;
	unsigned more = 0;

	if (byte >= 0xf0)
		more = 3;
	else if (byte >= 0xe0)
		more = 2;
	else if (byte >= 0xc0)
		more = 1;
	if (more > 0)
		point &= 0x3fu >> more;
	while (more-- > 0)
		point = point << 6 | ((uint32_t)cursor_next(cursor) & 0x3f);
	return point;
}

static const struct {
	uint32_t first, last;
	const char *why;
} hostile[] = {
	{ 0x0a, 0x0a, "a line end could begin a record of its own" },
	{ 0x0d, 0x0d, "a line end could begin a record of its own" },
	{ 0x85, 0x85, "a line end could begin a record of its own" },
	{ 0x00, 0x1f, "control characters cannot stand in a value" },
	{ 0x7f, 0x9f, "control characters cannot stand in a value" },
	{ 0x2028, 0x2029, "a line end could begin a record of its own" },
	{ 0x200b, 0x200b, "invisible characters make a value look like "
	  "another" },
	{ 0x200e, 0x200f, "marks that change the direction make a value look "
	  "like another" },
	{ 0x202a, 0x202e, "marks that change the direction make a value look "
	  "like another" },
	{ 0x2060, 0x2069, "invisible characters make a value look like "
	  "another" },
	{ 0xfeff, 0xfeff, "invisible characters make a value look like "
	  "another" },
};

static const char *
hostile_point(uint32_t point)
{
	size_t i;

	for (i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++)
		if (point >= hostile[i].first && point <= hostile[i].last)
			return hostile[i].why;
	return NULL;
}

bool
value_is_plain(struct load *load, const struct yaml *node)
{
	struct cursor cursor = { node->text, 0 };
	const char *why;
	uint32_t point;
	size_t start;

	while (cursor_peek(&cursor) != END) {
		start = cursor.here;
		point = next_point(&cursor);
		if ((why = hostile_point(point)) == NULL)
			continue;
		value_problem(load, node, start, cursor.here,
		    "%s (U+%04X)", why, (unsigned)point);
		return false;
	}
	return true;
}

/* Text that goes into a record between quotes. */
static bool
is_record_text(struct load *load, const struct yaml *node)
{
	size_t i;

	for (i = 0; i < node->text.n; i++) {
		int byte = (unsigned char)node->text.p[i];

		if (byte >= 0x80)
			value_problem(load, node, 0, node->text.n,
			    "a record is plain ASCII, and \"%.*s\" is not",
			    STR_ARG(node->text))->help = STR("a domain in it "
			    "is written in A-labels, as "
			    "xn--bcher-kva.example for bücher.example");
		else if (byte == ';')
			value_problem(load, node, i, i + 1,
			    "\";\" would end the tag and begin another");
		else if (byte == '"' || byte == '\\')
			value_problem(load, node, i, i + 1,
			    "\"%c\" would end or change the string", byte);
		else
			continue;
		return false;
	}
	return true;
}

/* ---- words out of a list ------------------------------------------------- */

static struct str
list_choices(struct arena *arena, const char *const *choices)
{
	struct buffer out = { 0 };
	size_t i;

	for (i = 0; choices[i] != NULL; i++) {
		if (i > 0)
			buffer_add_cstr(&out, choices[i + 1] == NULL ?
			    " or " : ", ");
		buffer_add_cstr(&out, choices[i]);
	}
	return buffer_finish(&out, arena);
}

/* The number of a choice, or how many there are. */
static size_t
find_choice(const char *const *choices, struct str text)
{
	size_t i;

	for (i = 0; choices[i] != NULL; i++)
		if (str_is_case(text, choices[i]))
			break;
	return i;
}

static int
truth(struct str text)
{
	static const char *const yes[] = { "true", "yes", "on", "y", NULL };
	static const char *const no[] = { "false", "no", "off", "n", NULL };

	if (yes[find_choice(yes, text)] != NULL)
		return 1;
	return no[find_choice(no, text)] != NULL ? 0 : -1;
}

/* Some write yes for y, as some programs do to what people write. */
static size_t
find_answer(const char *const *choices, struct str text)
{
	size_t found = find_choice(choices, text);
	int yes;

	if (choices[found] != NULL || (yes = truth(text)) == -1)
		return found;
	return find_choice(choices, yes ? STR("y") : STR("n"));
}

static struct str
choice_help(struct load *load, const char *const *choices, struct str text)
{
	struct likeness likeness = { .word = text };
	const struct synonym *synonym;
	struct str help, list = list_choices(load->arena, choices);
	size_t i;

	for (synonym = value_synonyms; synonym->theirs != NULL; synonym++) {
		i = find_choice(choices, str_from(synonym->ours));
		if (str_is_case(text, synonym->theirs) && choices[i] != NULL)
			return arena_printf(load->arena,
			    "did you mean \"%s\"? It is %.*s", choices[i],
			    STR_ARG(list));
	}
	for (i = 0; choices[i] != NULL; i++)
		likeness_try(&likeness, str_from(choices[i]));
	help = likeness_help(load->arena, &likeness);
	if (help.p != NULL)
		return arena_printf(load->arena, "%.*s It is %.*s",
		    STR_ARG(help), STR_ARG(list));
	return arena_printf(load->arena, "it is %.*s", STR_ARG(list));
}

bool
value_choice(struct load *load, const struct field *field,
    const struct yaml *node, size_t *number)
{
	struct config_problem *problem;

	if (!value_is_plain(load, node))
		return false;
	*number = find_answer(field->choices, node->text);
	if (field->choices[*number] != NULL)
		return true;
	problem = node_problem(load, node, "%s cannot be \"%.*s\"",
	    field->key[0] == '*' ? "a level" : field->key,
	    STR_ARG(node->text));
	problem->help = choice_help(load, field->choices, node->text);
	return false;
}

/* "1:d:s" */
static bool
read_options(struct load *load, const struct field *field,
    const struct yaml *node, struct str *out)
{
	struct str rest = node->text, part;
	struct config_problem *problem;
	size_t at, seen = 0, bit;

	while (str_split(&rest, ':', &part)) {
		at = (size_t)(part.p - node->text.p);
		bit = find_choice(field->choices, part);
		if (field->choices[bit] != NULL && !(seen & (size_t)1 << bit)) {
			seen |= (size_t)1 << bit;
			continue;
		}
		problem = value_problem(load, node, at, at + part.n,
		    field->choices[bit] == NULL ?
		    "%s knows no \"%.*s\"" : "%s says \"%.*s\" twice",
		    field->key, STR_ARG(part));
		problem->help = arena_printf(load->arena,
		    "it is made of %.*s, with colons between",
		    STR_ARG(list_choices(load->arena, field->choices)));
		return false;
	}
	*out = node->text;
	return true;
}

/* ---- numbers, days ------------------------------------------------------- */

bool
value_boolean(struct load *load, const struct field *field,
    const struct yaml *node, bool *yes)
{
	int answer = truth(node->text);

	if (answer == -1)
		node_problem(load, node, "%s is true or false, not \"%.*s\"",
		    field->key, STR_ARG(node->text));
	else
		*yes = answer == 1;
	return answer != -1;
}

bool
value_number(struct load *load, const struct field *field,
    const struct yaml *node, uint64_t *number)
{
	if (str_number(node->text, field->max, number) &&
	    *number >= field->min)
		return true;
	if (field->min == field->max)
		node_problem(load, node, "%s can only be %u, not \"%.*s\"",
		    field->key, (unsigned)field->min, STR_ARG(node->text));
	else
		node_problem(load, node,
		    "%s is a whole number from %u to %u, not \"%.*s\"",
		    field->key, (unsigned)field->min, (unsigned)field->max,
		    STR_ARG(node->text));
	return false;
}

bool
value_duration(struct load *load, const struct field *field,
    const struct yaml *node, uint32_t *seconds)
{
	struct config_problem *problem;
	uint32_t found;

	if (!duration_parse(node->text, &found)) {
		problem = node_problem(load, node,
		    "\"%.*s\" is no duration", STR_ARG(node->text));
		problem->help = STR("write 30m, 1h, 7d, 2w, or seconds");
		return false;
	}
	if (found < field->min || found > field->max) {
		node_problem(load, node, "%s lies between %u and %u seconds",
		    field->key, (unsigned)field->min, (unsigned)field->max);
		return false;
	}
	*seconds = found;
	return true;
}

static bool
read_date(struct load *load, const struct yaml *node, struct str text,
    day *date)
{
	size_t at = (size_t)(text.p - node->text.p);
	struct config_problem *problem;

	if (date_parse(text, date))
		return true;
	problem = value_problem(load, node, at, at + text.n,
	    "\"%.*s\" is no day of the calendar", STR_ARG(text));
	problem->help = STR("write YYYY-MM-DD");
	return false;
}

bool
value_date(struct load *load, const struct yaml *node, day *date)
{
	day found;

	if (!read_date(load, node, node->text, &found))
		return false;
	*date = found;
	return true;
}

bool
value_range(struct load *load, const struct yaml *node, day *from, day *to)
{
	size_t slash = str_find(node->text, '/');
	struct config_problem *problem;

	if (slash == node->text.n) {
		problem = node_problem(load, node,
		    "\"%.*s\" has no second date", STR_ARG(node->text));
		problem->help = STR("write FROM/TO, as 2026-12-15/2027-01-06");
		return false;
	}
	if (!read_date(load, node, str_slice(node->text, 0, slash), from) ||
	    !read_date(load, node, str_after(node->text, slash + 1), to))
		return false;
	if (*from <= *to)
		return true;
	node_problem(load, node, "the first day comes after the last");
	return false;
}

/* Its number, or 7. */
static unsigned
weekday(struct str text)
{
	static const char *const days[] = { "mon", "tue", "wed", "thu", "fri",
		"sat", "sun", NULL };

	return (unsigned)find_choice(days, text);
}

bool
value_weekdays(struct load *load, const struct yaml *node, unsigned *bits)
{
	struct str rest = node->text, first, last;
	struct config_problem *problem;
	unsigned from, to;

	str_split(&rest, '-', &first);
	last = rest.p != NULL ? rest : first;
	from = weekday(first);
	to = weekday(last);
	if (from == 7 || to == 7) {
		problem = node_problem(load, node, "\"%.*s\" is no weekday",
		    STR_ARG(node->text));
		problem->help =
		    STR("write mon, tue, wed, thu, fri, sat, sun, or mon-thu");
		return false;
	}
	for (; from != to; from = (from + 1) % 7)
		*bits |= 1u << from;
	*bits |= 1u << to;
	return true;
}

/* ---- hosts of a policy --------------------------------------------------- */

/* Senders refuse to deliver to a host that no whole name here fits. */
static bool
read_mx(struct load *load, const struct yaml *node, struct str *out)
{
	if (!value_name(load, node, NAME_WANT_HOST, out))
		return false;
	if (name_labels(*out) > 1)
		return true;
	value_problem(load, node, 0, node->text.n, "no host is called "
	    "\"%.*s\": senders that go by the policy would deliver nothing",
	    STR_ARG(node->text))->help = STR("write the whole name, as the "
	    "MX record leads to it");
	return false;
}

/* ---- URIs ---------------------------------------------------------------- */

static bool
has_scheme(const struct field *field, struct str scheme)
{
	return field->choices == NULL ||
	    field->choices[find_choice(field->choices, scheme)] != NULL;
}

static void
broken_uri(struct load *load, const struct field *field,
    const struct yaml *node, const struct report_uri *uri)
{
	struct config_problem *problem;

	if (uri->problem == URI_NO_SCHEME && has_scheme(field, STR("mailto"))) {
		problem = node_problem(load, node,
		    "\"%.*s\" is a bare address, which receivers ignore",
		    STR_ARG(node->text));
		problem->help = arena_printf(load->arena,
		    "did you mean \"mailto:%.*s\"?", STR_ARG(node->text));
		return;
	}
	problem = node_problem(load, node, "\"%.*s\" is no URI",
	    STR_ARG(node->text));
	problem->help = field->choices == NULL || field->choices[1] != NULL ?
	    STR("write it as mailto:dmarc@example.com") :
	    STR("write it as https://example.com/logo.svg");
}

static bool
read_uri(struct load *load, const struct field *field,
    const struct yaml *node, struct str *out)
{
	const struct report_uri *uri;
	struct config_problem *problem;
	size_t comma = str_find(node->text, ',');

	*out = node->text;
	if (!is_record_text(load, node))
		return false;
	if (comma < node->text.n) {
		problem = value_problem(load, node, comma, comma + 1,
		    "\",\" begins another URI");
		problem->help = STR("write each URI as an item of the list");
		return false;
	}
	uri = report_uris_parse(load->arena, node->text, 0);
	if (uri == NULL || (uri->problem != URI_FINE &&
	    uri->problem != URI_SCHEME)) {
		struct report_uri none = { .problem = URI_EMPTY };

		broken_uri(load, field, node, uri != NULL ? uri : &none);
		return false;
	}
	if (uri->text.n < node->text.n) {
		problem = node_problem(load, node, "there are blanks around "
		    "the URI \"%.*s\"", STR_ARG(uri->text));
		problem->help = STR("leave them out");
		return false;
	}
	if (has_scheme(field, uri->scheme))
		return true;
	problem = value_problem(load, node, 0, uri->scheme.n,
	    "%s takes no \"%.*s\" URI", field->key, STR_ARG(uri->scheme));
	problem->help = arena_printf(load->arena, "it takes %.*s",
	    STR_ARG(list_choices(load->arena, field->choices)));
	return false;
}

/* ---- SPF terms ----------------------------------------------------------- */

static bool
is_address(struct str text, const char *set)
{
	struct cursor cursor = { text, 0 };

	cursor_while(&cursor, str_from(set));
	return cursor_peek(&cursor) == END;
}

/* What somebody may have meant who left the mechanism out, or misspelt it. */
static struct str
term_help(struct load *load, struct str text)
{
	static const char *const names[] = { "include", "a", "mx", "ptr",
		"ip4", "ip6", "exists", NULL };
	size_t colon = str_find(text, ':'), i;
	struct likeness likeness = { .word = str_slice(text, 0, colon) };

	if (is_address(text, "0123456789./") && str_has(text, '.'))
		return arena_printf(load->arena,
		    "did you mean \"ip4:%.*s\"?", STR_ARG(text));
	if (is_address(text, "0123456789abcdefABCDEF:./") &&
	    str_find_last(text, ':') != colon)
		return arena_printf(load->arena,
		    "did you mean \"ip6:%.*s\"?", STR_ARG(text));
	if (colon == text.n && str_has(text, '.') && !str_has(text, '='))
		return arena_printf(load->arena,
		    "did you mean \"include:%.*s\"?", STR_ARG(text));
	if (str_is_case(likeness.word, "ipv4") ||
	    str_is_case(likeness.word, "ip"))
		return STR("did you mean \"ip4\"?");
	if (str_is_case(likeness.word, "ipv6"))
		return STR("did you mean \"ip6\"?");
	for (i = 0; names[i] != NULL; i++)
		likeness_try(&likeness, str_from(names[i]));
	return likeness_help(load->arena, &likeness);
}

/* Well formed, but nothing that a sender can bring. */
static bool
is_mechanism(struct load *load, const struct yaml *node,
    const struct spf_term *term)
{
	struct config_problem *problem;

	if (term->kind == SPF_ALL || term->kind == SPF_REDIRECT) {
		problem = node_problem(load, node,
		    "\"%.*s\" speaks for the domain, not for a sender",
		    STR_ARG(node->text));
		problem->help = term->kind == SPF_ALL ?
		    STR("say it with spf.all of the domain") :
		    STR("say it with spf.redirect of the domain");
		return false;
	}
	if (!spf_is_mechanism(term->kind)) {
		problem = node_problem(load, node,
		    "\"%.*s\" is no SPF mechanism, and receivers ignore it",
		    STR_ARG(node->text));
		if (str_find(node->text, '=') < node->text.n)
			problem->help = STR("a mechanism has \":\", not \"=\"");
		return false;
	}
	if (term->qualifier == '+' || term->qualifier == '?')
		return true;
	problem = node_problem(load, node, "\"%.*s\" keeps hosts out, and a "
	    "sender's terms let them in", STR_ARG(node->text));
	problem->help = STR("leave the qualifier out");
	return false;
}

static bool
read_spf_term(struct load *load, const struct yaml *node, struct str *out)
{
	const struct str version = STR("v=spf1 ");
	struct str text = arena_printf(load->arena, "%.*s%.*s",
	    STR_ARG(version), STR_ARG(node->text));
	struct config_problem *problem;
	const struct problem *broken;
	const struct spf *spf;

	*out = node->text;
	if (!is_record_text(load, node))
		return false;
	if (str_has(node->text, ' ')) {
		problem = node_problem(load, node,
		    "\"%.*s\" is more than one term", STR_ARG(node->text));
		problem->help = STR("write each term as an item of the list");
		return false;
	}
	spf = spf_parse(load->arena, text);
	broken = spf->problems.first;
	if (spf->terms == NULL || spf->terms->kind == SPF_UNKNOWN) {
		problem = node_problem(load, node,
		    "\"%.*s\" is no SPF mechanism", STR_ARG(node->text));
		problem->help = term_help(load, node->text);
		return false;
	}
	if (broken != NULL && broken->kind != SPF_MECHANISM_AS_MODIFIER) {
		value_problem(load, node, broken->start < version.n ? 0 :
		    broken->start - version.n, broken->end < version.n ? 0 :
		    broken->end - version.n, "%.*s", STR_ARG(broken->what));
		return false;
	}
	return is_mechanism(load, node, spf->terms);
}

/* ---- records kept as they are -------------------------------------------- */

/* Moves past one field of a record; false when it could hide another. */
static bool
pass_field(struct cursor *in)
{
	int byte, quoted = false;

	while ((byte = cursor_peek(in)) != END) {
		if (!quoted && byte == ' ')
			break;
		if (byte == '\\')
			cursor_next(in);
		else if (byte == '"')
			quoted = !quoted;
		else if (!quoted && (byte == ';' || byte == '(' ||
		    byte == ')'))
			return false;
		if (cursor_next(in) == END)
			return false;
	}
	return !quoted;
}

/* "owner TYPE rdata", on one line, with nothing behind it. */
static bool
read_record(struct load *load, const struct yaml *node, struct str *out)
{
	struct cursor in = { node->text, 0 };
	struct config_problem *problem;
	size_t fields = 0, start;
	bool fine = node->text.n > 0 && node->text.p[0] != '$';

	*out = node->text;
	while (fine && cursor_peek(&in) != END) {
		start = in.here;
		fine = pass_field(&in) && in.here > start;
		if (++fields == 2)
			fine = fine && byte_is_letter(
			    (unsigned char)node->text.p[start]);
		cursor_while(&in, STR(" "));
	}
	if (fine && fields >= 3)
		return true;
	problem = node_problem(load, node, "\"%.*s\" is not one whole record",
	    STR_ARG(node->text));
	problem->help = STR("write owner, type and data, with quotes closed "
	    "and no comment");
	return false;
}

/* ---- all that fills a setting -------------------------------------------- */

/* As its kind wants it; *out is the text as it is written. */
static bool
canonical_text(struct load *load, const struct field *field,
    const struct yaml *node, struct str *out)
{
	size_t choice;

	switch (field->kind) {
	case FIELD_STRING:
	case FIELD_WORD:
	case FIELD_PATH:
	case FIELD_KEY:
	case FIELD_GLOB:
		return true;
	case FIELD_NOTE:
		return is_record_text(load, node);
	case FIELD_NAME:
		return value_name(load, node, NAME_WANT_DOMAIN, out);
	case FIELD_HOST:
		return value_name(load, node, NAME_WANT_HOST, out);
	case FIELD_MX:
		return read_mx(load, node, out);
	case FIELD_LABEL:
		return value_label(load, node, out);
	case FIELD_CHOICE:
		if (!value_choice(load, field, node, &choice))
			return false;
		*out = str_from(field->choices[choice]);
		return true;
	case FIELD_OPTIONS:
		return read_options(load, field, node, out);
	case FIELD_URI:
		return read_uri(load, field, node, out);
	case FIELD_SPF_TERM:
		return read_spf_term(load, node, out);
	case FIELD_RECORD:
		return read_record(load, node, out);
	default:
		assert(false);	/* kinds that fill something else */
		return false;
	}
}

bool
value_text(struct load *load, const struct field *field,
    const struct yaml *node, struct str *out)
{
	if (node->text.n == 0 && field->kind != FIELD_URI) {
		node_problem(load, node, "%s cannot be empty", field->key);
		return false;
	}
	/* A declined BIMI record has an empty location. */
	if (node->text.n == 0 && field->choices != NULL) {
		*out = node->text;
		return true;
	}
	*out = node->text;
	/* Lines of a key do not reach a record: OpenSSL reads them. */
	if (field->kind == FIELD_KEY && str_has(node->text, '\n'))
		return true;
	return value_is_plain(load, node) &&
	    canonical_text(load, field, node, out);
}
