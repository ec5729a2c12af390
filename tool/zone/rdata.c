/*
 * Rdata, whole: tokens become octets field by field, as the form of the type
 * says, and octets become text.
 */
#include <assert.h>
#include <string.h>

#include "base/buffer.h"
#include "zone/rdata.h"

bool
complaint_set(struct complaint *complaint, const struct lexeme *lexeme,
    enum zone_problem_kind kind, bool quote, const char *words)
{
	*complaint = (struct complaint){ kind, lexeme->start, lexeme->end,
	    quote, words };
	return false;
}

bool
lexeme_complain(struct complaint *complaint, const struct lexeme *lexeme)
{
	switch (lexeme->kind) {
	case LEXEME_NEWLINE:
		return complaint_set(complaint, lexeme,
		    ZONE_UNBALANCED_QUOTE, false,
		    "quoted string is not closed before the line ends");
	case LEXEME_UNFINISHED:
		return complaint_set(complaint, lexeme,
		    ZONE_UNBALANCED_QUOTE, false,
		    "the file ends inside a quoted string or an escape");
	case LEXEME_OPEN:
		return complaint_set(complaint, lexeme, ZONE_SYNTAX, false,
		    "parenthesis is not closed before the file ends");
	case LEXEME_CLOSE:
		return complaint_set(complaint, lexeme, ZONE_SYNTAX, false,
		    "closing parenthesis without an opening one");
	case LEXEME_QUOTED:
		return complaint_set(complaint, lexeme, ZONE_SYNTAX, true,
		    "must not be quoted here");
	case LEXEME_LINE:
	case LEXEME_END:
		return complaint_set(complaint, lexeme, ZONE_SYNTAX, false,
		    "the entry ends too early");
	default:
		if (str_starts(lexeme->text, STR("\0")))
			return complaint_set(complaint, lexeme, ZONE_SYNTAX,
			    false, "a NUL octet cannot stand here");
		return complaint_set(complaint, lexeme, ZONE_SYNTAX, true,
		    "cannot stand here");
	}
}

enum zone_problem_kind
wire_problem(enum wire_error error)
{
	return error == WIRE_LONG_LABEL || error == WIRE_LONG ?
	    ZONE_NAME_TOO_LONG : ZONE_SYNTAX;
}

bool
rdata_fail(struct rdata *rdata, enum zone_problem_kind kind, bool quote,
    const char *words)
{
	return complaint_set(&rdata->complaint, &rdata->lexeme, kind, quote,
	    words);
}

static bool
fail_lexeme(struct rdata *rdata)
{
	return lexeme_complain(&rdata->complaint, &rdata->lexeme);
}

static enum lexeme_kind
next(struct rdata *rdata, unsigned options)
{
	if (!rdata->again)
		scan_next(rdata->scan, options, &rdata->lexeme);
	rdata->again = false;
	return rdata->lexeme.kind;
}

bool
rdata_word(struct rdata *rdata)
{
	return next(rdata, 0) == LEXEME_WORD || fail_lexeme(rdata);
}

bool
rdata_string(struct rdata *rdata)
{
	enum lexeme_kind kind = next(rdata, SCAN_QUOTED);

	return kind == LEXEME_WORD || kind == LEXEME_QUOTED ||
	    fail_lexeme(rdata);
}

bool
rdata_more(struct rdata *rdata, unsigned options)
{
	enum lexeme_kind kind = next(rdata, options);

	rdata->again = true;
	return kind != LEXEME_LINE && kind != LEXEME_END;
}

bool
rdata_add(struct rdata *rdata, const void *octets, size_t count)
{
	if (rdata->length + count > RDATA_MAX)
		return rdata_fail(rdata, ZONE_SYNTAX, false,
		    "the data is longer than 65535 octets");
	if (count > 0)
		memcpy(rdata->octets + rdata->length, octets, count);
	rdata->length += count;
	return true;
}

bool
rdata_add_number(struct rdata *rdata, uint32_t value, unsigned octets)
{
	unsigned char bytes[4] = { (unsigned char)(value >> 24),
	    (unsigned char)(value >> 16), (unsigned char)(value >> 8),
	    (unsigned char)value };

	return rdata_add(rdata, bytes + 4 - octets, octets);
}

bool
rdata_number(struct rdata *rdata, uint32_t max, uint32_t *value)
{
	uint64_t number;

	if (!rdata_word(rdata))
		return false;
	if (!str_number(rdata->lexeme.text, max, &number))
		return rdata_fail(rdata, ZONE_SYNTAX, true,
		    max == UINT8_MAX ? "is not a number from 0 to 255" :
		    max == UINT16_MAX ? "is not a number from 0 to 65535" :
		    "is not a number in range");
	*value = (uint32_t)number;
	return true;
}

/* ---- the tables of fields ------------------------------------------------ */

static const struct rdata_field *const tables[] = {
	rdata_common_fields, rdata_code_fields, rdata_key_fields,
	rdata_host_fields, rdata_rare_fields, rdata_svcb_fields,
	rdata_naptr_fields
};

static const struct rdata_field *
field(char letter)
{
	const struct rdata_field *row;
	size_t i;

	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (row = tables[i]; row->letter != 0; row++)
			if (row->letter == letter)
				return row;
	assert(false && "a form has a letter that no table has");
	return NULL;
}

/* ---- whole rdata --------------------------------------------------------- */

/* \# length hex...: RFC 3597 section 5. */
static bool
read_unknown(struct rdata *rdata)
{
	uint32_t length;

	return rdata_number(rdata, UINT16_MAX, &length) &&
	    (length == 0 || rdata_read_hex(rdata, length));
}

/* The fields, one blank between those that print something. */
static bool
print_form(struct buffer *out, const struct rrtype_row *row,
    struct str octets, bool fold)
{
	struct printer printer = { out, { octets, 0 }, row->type,
	    fold && (row->attributes & TYPE_CASED) == 0 };
	const char *form;
	size_t before = out->n, start;

	for (form = row->form; *form != '\0'; form++) {
		if (out->n > before)
			buffer_add_byte(out, ' ');
		start = out->n;
		if (!field(*form)->print(&printer))
			return false;
		if (out->n == start && start > before)
			out->n--;
	}
	return cursor_peek(&printer.in) == END;
}

/*
 * What BIND takes as octets though the type has no form for it: versions,
 * kinds and families that nobody has described yet.
 */
static bool
is_new_location(const unsigned char *octets, size_t n)
{
	return n > 0 && octets[0] != 0;
}

/* E.164 numbers are the kind 1. */
static bool
is_new_atm(const unsigned char *octets, size_t n)
{
	return n > 1 && octets[0] != 1;
}

static bool
is_new_relay(const unsigned char *octets, size_t n)
{
	return n > 1 && (octets[1] & 0x7f) > 3;
}

static bool
is_anything(const unsigned char *octets, size_t n)
{
	(void)octets;
	(void)n;
	return true;
}

/* Prefixes as those of families 1 and 2, of which print_form judges. */
static bool
is_new_prefixes(const unsigned char *octets, size_t n)
{
	static const size_t limits[] = { 0, 4, 16 };
	size_t here = 0, length;
	unsigned family;

	for (; n - here >= 4; here += 4 + length) {
		family = (unsigned)(octets[here] << 8 | octets[here + 1]);
		length = octets[here + 3] & 0x7f;
		if (length > n - here - 4 || (length > 0 &&
		    octets[here + 3 + length] == 0))
			return false;
		if (family >= 1 && family <= 2 && (length > limits[family] ||
		    octets[here + 2] > limits[family] * 8))
			return false;
	}
	return here == n;
}

static const struct {
	uint16_t type;
	bool (*is_new)(const unsigned char *octets, size_t);
} new_kinds[] = {
	{ 29,		is_new_location },
	{ 34,		is_new_atm },
	{ 42,		is_new_prefixes },
	{ 260,		is_new_relay },
	{ 65533,	is_anything },
};

static bool
is_new_kind(const struct rdata *rdata)
{
	size_t i;

	for (i = 0; i < sizeof(new_kinds) / sizeof(new_kinds[0]); i++)
		if (new_kinds[i].type == rdata->type)
			return new_kinds[i].is_new(rdata->octets,
			    rdata->length);
	return false;
}

/*
 * A key of the algorithm PRIVATEDNS begins with a name (RFC 4034 section
 * A.1.1); BIND looks for that in octets alone.
 */
static bool
lacks_private_name(const struct rdata *rdata)
{
	const struct rrtype_row *row = rrtype_row(rdata->type);
	const unsigned char *octets = rdata->octets;
	size_t start = 4, here = start;

	if (strcmp(row->form, "FPkJ") != 0 || rdata->length <= start ||
	    octets[3] != 253)
		return false;
	while (here < rdata->length && octets[here] > 0 &&
	    octets[here] <= NAME_MAX_LABEL)
		here += octets[here] + 1u;
	return here >= rdata->length || octets[here] != 0 ||
	    here + 1 - start > NAME_MAX_WIRE;
}

/* Octets given as such must be what the type's form would give. */
static bool
check_unknown(struct rdata *rdata, const struct rrtype_row *row)
{
	struct buffer out = { 0 };
	bool fine;

	if (row == NULL || row->form == NULL || is_new_kind(rdata))
		return true;
	fine = print_form(&out, row, (struct str){
	    (const char *)rdata->octets, rdata->length }, false);
	buffer_free(&out);
	return (fine && !lacks_private_name(rdata)) || rdata_fail(rdata,
	    ZONE_SYNTAX, false, "the octets are no data of this type");
}

static bool
read_form(struct rdata *rdata, const char *form)
{
	for (; *form != '\0'; form++)
		if (!field(*form)->read(rdata))
			return false;
	return true;
}

/*
 * The token \# announces octets in hexadecimal; in front of anything but a
 * number it is a string of TXT.
 */
static bool
is_unknown(struct rdata *rdata)
{
	struct scan before = *rdata->scan;
	struct lexeme after;
	uint64_t number;
	bool unknown;

	if (rdata->lexeme.kind != LEXEME_WORD ||
	    !str_is(rdata->lexeme.text, "\\#"))
		return false;
	if (rdata->type != RR_TXT)
		return true;
	rdata->scan->comment = NULL;
	unknown = scan_next(rdata->scan, 0, &after) == LEXEME_WORD &&
	    str_number(after.text, UINT32_MAX, &number);
	*rdata->scan = before;
	return unknown;
}

static bool
skip_all(struct rdata *rdata)
{
	while (rdata_more(rdata, SCAN_QUOTED))
		if (!rdata_string(rdata))
			return false;
	return true;
}

bool
rdata_read(struct rdata *rdata, bool check)
{
	const struct rrtype_row *row = rrtype_row(rdata->type);
	bool fine;

	rdata->length = 0;
	rdata->again = false;
	rdata->relative = false;
	rdata_more(rdata, SCAN_QUOTED);
	if (!check)
		fine = skip_all(rdata);
	else if (is_unknown(rdata)) {
		rdata->again = false;
		fine = read_unknown(rdata) && check_unknown(rdata, row);
	} else if (row == NULL || row->form == NULL)
		fine = rdata_fail(rdata, ZONE_SYNTAX, false, "the data of "
		    "this type must be written as \\# and octets");
	else
		fine = read_form(rdata, row->form);
	if (!fine)
		return false;
	if (!rdata_more(rdata, SCAN_QUOTED))
		return true;
	if (rdata->lexeme.kind != LEXEME_WORD &&
	    rdata->lexeme.kind != LEXEME_QUOTED)
		return fail_lexeme(rdata);
	return rdata_fail(rdata, ZONE_SYNTAX, true,
	    "stands behind the end of the data");
}

/* As RFC 3597 section 5 has it. */
static void
print_unknown(struct buffer *out, struct str octets)
{
	buffer_printf(out, octets.n > 0 ? "\\# %zu " : "\\# %zu", octets.n);
	rdata_print_hex(out, octets, true);
}

static void
print_data(struct buffer *out, uint16_t type, struct str octets, bool fold)
{
	const struct rrtype_row *row = rrtype_row(type);
	size_t before = out->n;

	if (row != NULL && row->form != NULL &&
	    (row->attributes & TYPE_NUMBER) == 0 &&
	    print_form(out, row, octets, fold))
		return;
	out->n = before;
	print_unknown(out, octets);
}

void
rdata_print(struct buffer *out, uint16_t type, struct str octets)
{
	print_data(out, type, octets, false);
}

void
rdata_print_folded(struct buffer *out, uint16_t type, struct str octets)
{
	print_data(out, type, octets, true);
}
