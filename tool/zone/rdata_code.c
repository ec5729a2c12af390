/*
 * Octets as hexadecimal, base64 and base32, as BIND reads and writes them.
 */
#include <string.h>

#include "base/buffer.h"
#include "zone/rdata.h"

/* In words of 56 characters, as named-compilezone does. */
enum { WORD = 56 };

void
rdata_print_hex(struct buffer *out, struct str octets, bool words)
{
	size_t i;

	for (i = 0; i < octets.n; i++) {
		if (words && i > 0 && i % (WORD / 2) == 0)
			buffer_add_byte(out, ' ');
		buffer_printf(out, "%02X", (unsigned char)octets.p[i]);
	}
}

/* The digits of a word; a half octet is held over to the next word. */
static bool
take_hex(struct rdata *rdata, struct str text, size_t end, int *high)
{
	unsigned char octet;
	size_t i;
	int digit;

	for (i = 0; i < text.n; i++) {
		digit = byte_hex_value((unsigned char)text.p[i]);
		if (digit < 0)
			return rdata_fail(rdata, ZONE_SYNTAX, true,
			    "is not hexadecimal");
		if (rdata->length == end)
			return rdata_fail(rdata, ZONE_SYNTAX, true,
			    "holds more octets than belong here");
		if (*high < 0) {
			*high = digit;
			continue;
		}
		octet = (unsigned char)(*high << 4 | digit);
		*high = -1;
		if (!rdata_add(rdata, &octet, 1))
			return false;
	}
	return true;
}

static bool
finish_hex(struct rdata *rdata, int high)
{
	return high < 0 || rdata_fail(rdata, ZONE_SYNTAX, true,
	    "has an odd number of hexadecimal digits");
}

bool
rdata_add_hex(struct rdata *rdata, struct str text)
{
	int high = -1;

	return take_hex(rdata, text, SIZE_MAX, &high) &&
	    finish_hex(rdata, high);
}

/* So many octets in any number of words. */
static bool
read_hex_exactly(struct rdata *rdata, size_t count)
{
	size_t end = rdata->length + count;
	int high = -1;

	while (rdata->length < end)
		if (!rdata_word(rdata) ||
		    !take_hex(rdata, rdata->lexeme.text, end, &high))
			return false;
	return finish_hex(rdata, high);
}

/* Words up to the end of the entry. */
static bool
read_hex_or_none(struct rdata *rdata)
{
	int high = -1;

	while (rdata_more(rdata, 0))
		if (!rdata_word(rdata) || !take_hex(rdata,
		    rdata->lexeme.text, SIZE_MAX, &high))
			return false;
	return finish_hex(rdata, high);
}

/* Exactly count octets; when that is 0, any number but none. */
bool
rdata_read_hex(struct rdata *rdata, size_t count)
{
	if (count > 0)
		return read_hex_exactly(rdata, count);
	if (!rdata_more(rdata, 0))
		return rdata_word(rdata);
	return read_hex_or_none(rdata);
}

static bool
read_hex_rest(struct rdata *rdata)
{
	return rdata_read_hex(rdata, 0);
}

static bool
print_hex_rest(struct printer *printer)
{
	struct str octets = cursor_rest(&printer->in);

	printer->in.here = printer->in.text.n;
	rdata_print_hex(printer->out, octets, true);
	return octets.n > 0;
}

static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void
rdata_print_base64(struct buffer *out, struct str octets, bool words)
{
	size_t i, left;
	unsigned bits;

	for (i = 0; i < octets.n; i += 3) {
		if (words && i > 0 && i % (WORD / 4 * 3) == 0)
			buffer_add_byte(out, ' ');
		left = octets.n - i;
		bits = (unsigned)(unsigned char)octets.p[i] << 16;
		if (left > 1)
			bits |= (unsigned)(unsigned char)octets.p[i + 1] << 8;
		if (left > 2)
			bits |= (unsigned char)octets.p[i + 2];
		buffer_add_byte(out, base64_digits[bits >> 18]);
		buffer_add_byte(out, base64_digits[bits >> 12 & 63]);
		buffer_add_byte(out, left > 1 ?
		    base64_digits[bits >> 6 & 63] : '=');
		buffer_add_byte(out, left > 2 ? base64_digits[bits & 63] :
		    '=');
	}
}

/* Four digits at a time; unused bits must be zero, as BIND wants it. */
struct base64 {
	unsigned digits, bits, padding;
	bool ended;
};

static bool
take_digit(struct rdata *rdata, struct base64 *base64, int byte)
{
	const char *digit = byte == '\0' ? NULL :
	    strchr(base64_digits, byte);
	unsigned char octets[3];

	if (base64->ended || (digit == NULL && byte != '='))
		return false;
	if (digit == NULL) {
		if (base64->digits < 2)
			return false;
		base64->padding++;
	} else if (base64->padding > 0)
		return false;
	base64->bits = base64->bits << 6 |
	    (digit == NULL ? 0 : (unsigned)(digit - base64_digits));
	if (++base64->digits < 4)
		return true;
	octets[0] = (unsigned char)(base64->bits >> 16);
	octets[1] = (unsigned char)(base64->bits >> 8);
	octets[2] = (unsigned char)base64->bits;
	if ((base64->padding == 2 && octets[1] != 0) ||
	    (base64->padding >= 1 && octets[2] != 0))
		return false;
	base64->ended = base64->padding > 0;
	base64->digits = base64->bits = 0;
	return rdata_add(rdata, octets, 3 - base64->padding);
}

static bool
take_base64(struct rdata *rdata, struct base64 *base64, struct str text)
{
	size_t i;

	for (i = 0; i < text.n; i++)
		if (!take_digit(rdata, base64, (unsigned char)text.p[i]))
			return rdata_fail(rdata, ZONE_SYNTAX, true,
			    "is not base64");
	return true;
}

static bool
finish_base64(struct rdata *rdata, const struct base64 *base64)
{
	return base64->digits == 0 || rdata_fail(rdata, ZONE_SYNTAX, true,
	    "ends in the middle of base64");
}

bool
rdata_add_base64(struct rdata *rdata, struct str text)
{
	struct base64 base64 = { 0 };

	return take_base64(rdata, &base64, text) &&
	    finish_base64(rdata, &base64);
}

bool
rdata_read_base64(struct rdata *rdata)
{
	struct base64 base64 = { 0 };

	while (!base64.ended && rdata_more(rdata, 0))
		if (!rdata_word(rdata) || !take_base64(rdata, &base64,
		    rdata->lexeme.text))
			return false;
	return finish_base64(rdata, &base64);
}

bool
rdata_read_some_base64(struct rdata *rdata)
{
	size_t start = rdata->length;

	if (!rdata_read_base64(rdata))
		return false;
	return rdata->length > start || rdata_fail(rdata, ZONE_SYNTAX, false,
	    "the entry ends too early");
}

static bool
print_base64(struct printer *printer)
{
	rdata_print_base64(printer->out, cursor_rest(&printer->in), true);
	printer->in.here = printer->in.text.n;
	return true;
}

static bool
print_base64_rest(struct printer *printer)
{
	return cursor_rest(&printer->in).n > 0 && print_base64(printer);
}

/* ---- NSEC3 --------------------------------------------------------------- */

/* Hexadecimal in one word, or "-". */
static bool
read_salt(struct rdata *rdata)
{
	struct str text;
	unsigned char octet;
	int high, low;
	size_t i;

	if (!rdata_word(rdata))
		return false;
	text = rdata->lexeme.text;
	if (str_is(text, "-"))
		text.n = 0;
	if (text.n > 255 * 2 || text.n % 2 != 0)
		return rdata_fail(rdata, ZONE_SYNTAX, true,
		    "is no salt of at most 255 octets in hexadecimal");
	if (!rdata_add_number(rdata, (uint32_t)text.n / 2, 1))
		return false;
	for (i = 0; i < text.n; i += 2) {
		high = byte_hex_value((unsigned char)text.p[i]);
		low = byte_hex_value((unsigned char)text.p[i + 1]);
		if (high < 0 || low < 0)
			return rdata_fail(rdata, ZONE_SYNTAX, true,
			    "is not hexadecimal");
		octet = (unsigned char)(high << 4 | low);
		if (!rdata_add(rdata, &octet, 1))
			return false;
	}
	return true;
}

static bool
print_salt(struct printer *printer)
{
	struct str octets;
	uint32_t length;

	if (!printer_number(printer, 1, &length) ||
	    !printer_take(printer, length, &octets))
		return false;
	if (length == 0)
		buffer_add_byte(printer->out, '-');
	rdata_print_hex(printer->out, octets, false);
	return true;
}

/* Base32 with the alphabet of RFC 4648 section 7, without padding. */
static int
base32_value(int byte)
{
	if (byte_is_digit(byte))
		return byte - '0';
	byte = byte_lower(byte);
	return byte >= 'a' && byte <= 'v' ? byte - 'a' + 10 : -1;
}

enum {
	SHA1_LENGTH = 20,
	HASH_LONGEST = 39	/* what BIND takes for an unknown hash */
};

static bool
read_next_hash(struct rdata *rdata)
{
	unsigned char octets[256];
	struct str text;
	size_t n = 0, i;
	unsigned bits = 0, held = 0;
	int value;

	if (!rdata_word(rdata))
		return false;
	text = rdata->lexeme.text;
	for (i = 0; i < text.n; i++) {
		value = base32_value((unsigned char)text.p[i]);
		if (value < 0 || n >= sizeof(octets) - 1)
			return rdata_fail(rdata, ZONE_SYNTAX, true,
			    "is not base32");
		bits = (bits << 5 | (unsigned)value) & 0xfff;
		held += 5;
		if (held >= 8) {
			held -= 8;
			octets[n++] = (unsigned char)(bits >> held);
		}
	}
	/* What is left over must be less than a digit, and zero. */
	if (held >= 5 || (bits & ((1u << held) - 1)) != 0)
		return rdata_fail(rdata, ZONE_SYNTAX, true, "is not base32");
	if (rdata->octets[0] == 1 ? n != SHA1_LENGTH : n > HASH_LONGEST)
		return rdata_fail(rdata, ZONE_SYNTAX, true,
		    "has not the length of this hash");
	return rdata_add_number(rdata, (uint32_t)n, 1) &&
	    rdata_add(rdata, octets, n);
}

static void
print_base32(struct buffer *out, struct str octets)
{
	unsigned bits = 0, held = 0;
	size_t i;

	for (i = 0; i < octets.n; i++) {
		bits = (bits << 8 | (unsigned char)octets.p[i]) & 0xfff;
		for (held += 8; held >= 5; held -= 5)
			buffer_add_byte(out,
			    "0123456789ABCDEFGHIJKLMNOPQRSTUV"
			    [bits >> (held - 5) & 31]);
	}
	if (held > 0)
		buffer_add_byte(out, "0123456789ABCDEFGHIJKLMNOPQRSTUV"
		    [bits << (5 - held) & 31]);
}

static bool
print_next_hash(struct printer *printer)
{
	struct str octets;
	uint32_t length;

	if (!printer_number(printer, 1, &length) || length == 0 ||
	    !printer_take(printer, length, &octets) ||
	    (printer->in.text.p[0] == 1 ? length != SHA1_LENGTH :
	    length > HASH_LONGEST))
		return false;
	print_base32(printer->out, octets);
	return true;
}

const struct rdata_field rdata_code_fields[] = {
	{ 'B', rdata_read_some_base64,	print_base64_rest },
	{ 'b', rdata_read_base64,	print_base64 },
	{ 'X', read_hex_rest,		print_hex_rest },
	{ 'a', read_salt,		print_salt },
	{ 'N', read_next_hash,		print_next_hash },
	{ 0, NULL, NULL }
};
