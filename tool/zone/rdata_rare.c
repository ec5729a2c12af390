/*
 * Fields with a form of their own: places on earth, texts without a length,
 * what may be left out.
 */
#include <string.h>

#include "base/buffer.h"
#include "zone/rdata.h"

/* ---- LOC (RFC 1876) ------------------------------------------------------ */

static const uint64_t powers[] = { 1, 10, 100, 1000, 10000, 100000, 1000000,
    10000000, 100000000, 1000000000 };

/*
 * A decimal number with so many places, times ten to their power. It may have
 * a sign: -0 is 0.
 */
static bool
parse_decimal(struct str text, uint64_t max, unsigned places, int unit,
    uint64_t *value)
{
	struct cursor in = { text, 0 };
	struct str part = STR("");
	int64_t whole = 0;
	bool some = long_parse(&in, &whole);
	unsigned i;

	if (whole < 0 || (uint64_t)whole > max)
		return false;
	*value = (uint64_t)whole;
	if (cursor_accept(&in, '.'))
		part = cursor_while(&in, STR("0123456789"));
	if (unit != 0)
		cursor_accept(&in, unit);
	if (cursor_peek(&in) != END || part.n > places ||
	    (!some && part.n == 0))
		return false;
	for (i = 0; i < places; i++)
		*value = *value * 10 + (i < part.n ?
		    (uint64_t)(part.p[i] - '0') : 0);
	return true;
}

/* N, S, E or W: true with its sign when it is what stands here. */
static bool
accept_direction(struct rdata *rdata, const char *letters, int *sign)
{
	if (!rdata_more(rdata, 0) || rdata->lexeme.text.n != 1 ||
	    rdata->lexeme.kind != LEXEME_WORD)
		return false;
	*sign = rdata->lexeme.text.p[0] == letters[0] ? 1 :
	    rdata->lexeme.text.p[0] == letters[1] ? -1 : 0;
	return *sign != 0 && rdata_word(rdata);
}

/* Degrees, and minutes and seconds if they are there. */
static bool
read_coordinate(struct rdata *rdata, const char *letters, uint32_t degrees)
{
	uint32_t d, m = 0;
	uint64_t s = 0;
	int sign;

	if (!rdata_number(rdata, degrees, &d))
		return false;
	if (!accept_direction(rdata, letters, &sign)) {
		if (!rdata_number(rdata, 59, &m))
			return false;
		if (!accept_direction(rdata, letters, &sign)) {
			if (!rdata_word(rdata))
				return false;
			if (!parse_decimal(rdata->lexeme.text, 59, 3, 0, &s))
				return rdata_fail(rdata, ZONE_SYNTAX, true,
				    "is no number of seconds");
			if (!accept_direction(rdata, letters, &sign))
				return rdata_fail(rdata, ZONE_SYNTAX, false,
				    "the direction (N, S, E or W) is missing");
		}
	}
	if (d == degrees && (m != 0 || s != 0))
		return rdata_fail(rdata, ZONE_SYNTAX, true, "lies too far");
	s += (d * 3600 + m * 60) * (uint64_t)1000;
	return rdata_add_number(rdata, (uint32_t)(sign > 0 ?
	    0x80000000 + s : 0x80000000 - s), 4);
}

static bool
read_altitude(struct rdata *rdata)
{
	struct str text;
	uint64_t value;
	bool below;

	if (!rdata_word(rdata))
		return false;
	text = rdata->lexeme.text;
	below = text.n > 0 && text.p[0] == '-';
	if (below)
		text = str_after(text, 1);
	if (!parse_decimal(text, below ? 100000 : 42849672, 2, 'm', &value) ||
	    value > (below ? 10000000 : 4284967295u))
		return rdata_fail(rdata, ZONE_SYNTAX, true,
		    "is no altitude from -100000m to 42849672.95m");
	return rdata_add_number(rdata, (uint32_t)(below ? 10000000 - value :
	    10000000 + value), 4);
}

/* One digit and a power of ten, in centimetres. */
static bool
read_precision(struct rdata *rdata, unsigned char *octet)
{
	uint64_t value;
	unsigned power = 0;

	if (!rdata_more(rdata, 0))
		return true;
	if (!rdata_word(rdata))
		return false;
	if (!parse_decimal(rdata->lexeme.text, 90000000, 2, 'm', &value))
		return rdata_fail(rdata, ZONE_SYNTAX, true,
		    "is no size up to 90000000m");
	while (power < 9 && value >= powers[power] * 10)
		power++;
	*octet = (unsigned char)(value / powers[power] << 4 | power);
	return true;
}

static bool
read_location(struct rdata *rdata)
{
	unsigned char octets[16] = { 0, 0x12, 0x16, 0x13 };

	if (!read_coordinate(rdata, "NS", 90) ||
	    !read_coordinate(rdata, "EW", 180) || !read_altitude(rdata) ||
	    !read_precision(rdata, &octets[1]) ||
	    !read_precision(rdata, &octets[2]) ||
	    !read_precision(rdata, &octets[3]))
		return false;
	memcpy(octets + 4, rdata->octets, 12);
	rdata->length = 0;
	return rdata_add(rdata, octets, sizeof(octets));
}

static bool
print_coordinate(struct printer *printer, const char *letters,
    uint32_t degrees)
{
	uint32_t value, left;

	if (!printer_number(printer, 4, &value))
		return false;
	left = value >= 0x80000000 ? value - 0x80000000 : 0x80000000 - value;
	if (left > degrees * 3600000)
		return false;
	buffer_printf(printer->out, "%u %u %u.%03u %c ", left / 3600000,
	    left / 60000 % 60, left / 1000 % 60, left % 1000,
	    value >= 0x80000000 ? letters[0] : letters[1]);
	return true;
}

static void
print_precision(struct buffer *out, unsigned octet)
{
	unsigned long value = (octet >> 4) * powers[octet & 15];

	if ((octet & 15) > 1)
		buffer_printf(out, " %lum", value / 100);
	else
		buffer_printf(out, " 0.%02lum", value);
}

static bool
print_location(struct printer *printer)
{
	uint32_t sizes[4], altitude, metres;
	size_t i;

	for (i = 0; i < 4; i++)
		if (!printer_number(printer, 1, &sizes[i]))
			return false;
	for (i = 1; i < 4; i++)
		if ((sizes[i] & 15) > 9 || sizes[i] >> 4 > 9 ||
		    (sizes[i] != 0 && sizes[i] >> 4 == 0))
			return false;
	if (sizes[0] != 0 || !print_coordinate(printer, "NS", 90) ||
	    !print_coordinate(printer, "EW", 180) ||
	    !printer_number(printer, 4, &altitude))
		return false;
	metres = altitude < 10000000 ? 10000000 - altitude :
	    altitude - 10000000;
	buffer_printf(printer->out, "%s%u.%02um", altitude < 10000000 ?
	    "-" : "", metres / 100, metres % 100);
	for (i = 1; i < 4; i++)
		print_precision(printer->out, sizes[i]);
	return true;
}

/* ---- texts without a length: CAA (RFC 8659), URI (RFC 7553) -------------- */

bool
rdata_add_text(struct rdata *rdata, struct str text)
{
	struct cursor in = { text, 0 };
	unsigned char byte;
	int octet;

	while ((octet = string_octet(&in)) != END) {
		byte = (unsigned char)octet;
		if (octet == BAD_ESCAPE)
			return rdata_fail(rdata, ZONE_SYNTAX, true,
			    "has a bad escape");
		if (!rdata_add(rdata, &byte, 1))
			return false;
	}
	return true;
}

void
rdata_print_text(struct buffer *out, struct str octets)
{
	size_t i;
	int octet;

	buffer_add_byte(out, '"');
	for (i = 0; i < octets.n; i++) {
		octet = (unsigned char)octets.p[i];
		if (octet < ' ' || octet >= 0x7f) {
			buffer_printf(out, "\\%03d", octet);
			continue;
		}
		if (octet == '"' || octet == '\\')
			buffer_add_byte(out, '\\');
		buffer_add_byte(out, octet);
	}
	buffer_add_byte(out, '"');
}

static bool
is_tag(struct str tag)
{
	size_t i;

	for (i = 0; i < tag.n; i++)
		if (!byte_is_letter((unsigned char)tag.p[i]) &&
		    !byte_is_digit((unsigned char)tag.p[i]))
			return false;
	return tag.n > 0 && tag.n <= 255;
}

static bool
read_property(struct rdata *rdata)
{
	if (!rdata_word(rdata))
		return false;
	if (!is_tag(rdata->lexeme.text))
		return rdata_fail(rdata, ZONE_SYNTAX, true,
		    "is no property of CAA (letters and digits)");
	return rdata_add_number(rdata, (uint32_t)rdata->lexeme.text.n, 1) &&
	    rdata_add(rdata, rdata->lexeme.text.p, rdata->lexeme.text.n) &&
	    rdata_string(rdata) && rdata_add_text(rdata, rdata->lexeme.text);
}

static bool
print_property(struct printer *printer)
{
	uint32_t length;
	struct str tag;

	if (!printer_number(printer, 1, &length) ||
	    !printer_take(printer, length, &tag) || !is_tag(tag))
		return false;
	buffer_add(printer->out, tag);
	buffer_add_byte(printer->out, ' ');
	rdata_print_text(printer->out, printer_rest(printer));
	return true;
}

static bool
read_uri(struct rdata *rdata)
{
	if (!rdata_string(rdata))
		return false;
	if (rdata->lexeme.kind != LEXEME_QUOTED)
		return rdata_fail(rdata, ZONE_SYNTAX, true,
		    "must be quoted");
	return rdata_add_text(rdata, rdata->lexeme.text);
}

static bool
print_uri(struct printer *printer)
{
	rdata_print_text(printer->out, printer_rest(printer));
	return true;
}

/* ---- DOA, NXT, ISDN ------------------------------------------------------ */

static bool
read_object(struct rdata *rdata)
{
	if (!rdata_more(rdata, 0))
		return rdata_word(rdata);
	if (rdata->lexeme.kind == LEXEME_WORD &&
	    str_is(rdata->lexeme.text, "-"))
		return rdata_word(rdata);
	return rdata_read_base64(rdata);
}

static bool
print_object(struct printer *printer)
{
	struct str octets = printer_rest(printer);

	if (octets.n == 0)
		buffer_add_byte(printer->out, '-');
	rdata_print_base64(printer->out, octets, false);
	return true;
}

/*
 * One bit for each type from 1 to 127 (RFC 2535 section 5.2); of a number the
 * last 16 bits count.
 */
static bool
read_old_types(struct rdata *rdata)
{
	unsigned char bits[16] = { 0 };
	int64_t number;
	uint16_t type;
	size_t last = 0;

	while (rdata_more(rdata, 0)) {
		if (!rdata_word(rdata))
			return false;
		if (long_whole(rdata->lexeme.text, &number))
			type = (uint16_t)number;
		else if (!rrtype_parse(rdata->lexeme.text, &type))
			type = 0;
		if (type < 1 || type > 127)
			return rdata_fail(rdata, ZONE_SYNTAX, true,
			    "is no record type from 1 to 127");
		bits[type / 8] |= (unsigned char)(0x80 >> type % 8);
		if (type / 8u + 1 > last)
			last = type / 8u + 1;
	}
	return rdata_add(rdata, bits, last);
}

static bool
print_old_types(struct printer *printer)
{
	struct str bits = printer_rest(printer);
	bool first = true;
	size_t i;

	if (bits.n > 16 || (bits.n > 0 && (bits.p[bits.n - 1] == 0 ||
	    ((unsigned char)bits.p[0] & 0x80) != 0)))
		return false;
	for (i = 0; i < bits.n * 8; i++) {
		if (((unsigned char)bits.p[i / 8] & 0x80 >> i % 8) == 0)
			continue;
		if (!first)
			buffer_add_byte(printer->out, ' ');
		first = false;
		if (rrtype_row((uint16_t)i) != NULL)
			rdata_print_type(printer->out, (uint16_t)i);
		else
			buffer_printf(printer->out, "%zu", i);
	}
	return true;
}

static bool
read_optional(struct rdata *rdata)
{
	return !rdata_more(rdata, SCAN_QUOTED) ||
	    (rdata_string(rdata) && rdata_add_string(rdata));
}

static bool
print_optional(struct printer *printer)
{
	return cursor_peek(&printer->in) == END ||
	    rdata_print_string(printer);
}

const struct rdata_field rdata_rare_fields[] = {
	{ 'l', read_location,		print_location },
	{ 'C', read_property,		print_property },
	{ 'u', read_uri,		print_uri },
	{ 'd', read_object,		print_object },
	{ 'O', read_old_types,		print_old_types },
	{ 'o', read_optional,		print_optional },
	{ 0, NULL, NULL }
};
