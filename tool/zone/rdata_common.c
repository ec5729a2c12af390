/*
 * The fields that most types are made of: numbers, addresses, names, strings.
 */
#include <sys/socket.h>

#include <arpa/inet.h>
#include <string.h>

#include "base/buffer.h"
#include "zone/rdata.h"

/* ---- read ---------------------------------------------------------------- */

static bool
read_number(struct rdata *rdata, uint32_t max, unsigned octets)
{
	uint32_t value;

	return rdata_number(rdata, max, &value) &&
	    rdata_add_number(rdata, value, octets);
}

static bool
read_1(struct rdata *rdata)
{
	return read_number(rdata, UINT8_MAX, 1);
}

static bool
read_2(struct rdata *rdata)
{
	return read_number(rdata, UINT16_MAX, 2);
}

static bool
read_4(struct rdata *rdata)
{
	return read_number(rdata, UINT32_MAX, 4);
}

/* Each number has its unit; only a number alone may lack one. */
bool
ttl_parse(struct str text, uint32_t *ttl)
{
	static const struct { char unit; uint32_t seconds; } units[] = {
		{ 'w', 604800 }, { 'd', 86400 }, { 'h', 3600 }, { 'm', 60 },
		{ 's', 1 }
	};
	uint64_t total = 0, number;
	struct cursor in = { text, 0 };
	size_t i;

	if (text.n == 0 || text.n > 63 ||
	    !byte_is_digit((unsigned char)text.p[0]))
		return false;
	do {
		if (!str_number(cursor_while(&in, STR("0123456789")),
		    UINT32_MAX, &number))
			return false;
		if (cursor_peek(&in) == END) {
			if (total != 0)
				return false;
			total = number;
			break;
		}
		for (i = 0; byte_lower(cursor_peek(&in)) != units[i].unit;)
			if (++i == sizeof(units) / sizeof(units[0]))
				return false;
		total += number * units[i].seconds;
		cursor_next(&in);
	} while (cursor_peek(&in) != END);
	if (total > UINT32_MAX)
		return false;
	*ttl = (uint32_t)total;
	return true;
}

static bool
read_period(struct rdata *rdata)
{
	uint32_t value;

	if (!rdata_word(rdata))
		return false;
	if (!ttl_parse(rdata->lexeme.text, &value))
		return rdata_fail(rdata, ZONE_SYNTAX, true,
		    "is not a period of time (3600, 1h, 1d12h)");
	return rdata_add_number(rdata, value, 4);
}

bool
rdata_add_name(struct rdata *rdata)
{
	struct wire wire;
	enum wire_error error;
	struct str text = rdata->lexeme.text;

	rdata->relative |= !str_ends(text, STR(".")) && str_has(text, '.');
	error = wire_parse(text, rdata->origin, &wire);
	if (error != WIRE_FINE)
		return rdata_fail(rdata, wire_problem(error), true,
		    wire_error_words(error));
	return rdata_add(rdata, wire.octets, wire.length);
}

static bool
read_name(struct rdata *rdata)
{
	return rdata_word(rdata) && rdata_add_name(rdata);
}

bool
long_parse(struct cursor *in, int64_t *value)
{
	struct cursor ahead = *in;
	uint64_t number = 0;
	bool negative, too_large = false;

	cursor_while(&ahead, STR(" \t\n\v\f\r"));
	negative = cursor_accept(&ahead, '-');
	if (!negative)
		cursor_accept(&ahead, '+');
	if (!byte_is_digit(cursor_peek(&ahead)))
		return false;
	while (byte_is_digit(cursor_peek(&ahead))) {
		too_large |= number > (INT64_MAX - 9) / 10;
		if (!too_large)
			number = number * 10 +
			    (uint64_t)(cursor_peek(&ahead) - '0');
		cursor_next(&ahead);
	}
	if (too_large)
		*value = negative ? INT64_MIN : INT64_MAX;
	else
		*value = negative ? -(int64_t)number : (int64_t)number;
	*in = ahead;
	return true;
}

bool
long_whole(struct str text, int64_t *value)
{
	struct cursor in = { text, 0 };

	return long_parse(&in, value) && cursor_peek(&in) == END;
}

bool
short_parse(struct str text, uint16_t *value)
{
	int64_t number;

	if (text.n > 5 || !long_whole(text, &number) || number < 0 ||
	    number > UINT16_MAX)
		return false;
	*value = (uint16_t)number;
	return true;
}

/* The value of a digit in \DDD; BIND takes a NUL for the digit ten. */
static int
decimal(int byte)
{
	return byte == '\0' ? 10 : byte_is_digit(byte) ? byte - '0' : -1;
}

int
string_octet(struct cursor *in)
{
	int octet = cursor_next(in), value, i, digit;

	if (octet != '\\')
		return octet;
	octet = cursor_next(in);
	if (octet == END)
		return BAD_ESCAPE;
	value = decimal(octet);
	if (value < 0)
		return octet;
	for (i = 0; i < 2; i++) {
		digit = decimal(cursor_next(in));
		if (digit < 0)
			return BAD_ESCAPE;
		value = value * 10 + digit;
	}
	return value <= 255 ? value : BAD_ESCAPE;
}

bool
rdata_add_string(struct rdata *rdata)
{
	struct cursor in = { rdata->lexeme.text, 0 };
	unsigned char octets[STRING_MAX + 1];
	size_t n = 0;
	int octet;

	while ((octet = string_octet(&in)) != END) {
		if (octet == BAD_ESCAPE)
			return rdata_fail(rdata, ZONE_SYNTAX, true,
			    "has a bad escape (\\ and three digits up to "
			    "255, or \\ and another character)");
		if (n == STRING_MAX)
			return rdata_fail(rdata, ZONE_STRING_TOO_LONG, false,
			    "string is longer than 255 octets");
		octets[1 + n++] = (unsigned char)octet;
	}
	octets[0] = (unsigned char)n;
	return rdata_add(rdata, octets, n + 1);
}

static bool
read_string(struct rdata *rdata)
{
	return rdata_string(rdata) && rdata_add_string(rdata);
}

static bool
read_strings(struct rdata *rdata)
{
	do {
		if (!read_string(rdata))
			return false;
	} while (rdata_more(rdata, SCAN_QUOTED));
	return true;
}

static bool
read_address(struct rdata *rdata, int family, size_t octets,
    const char *words)
{
	unsigned char address[16];

	if (!rdata_word(rdata))
		return false;
	if (!rdata_address(rdata->lexeme.text, family, address))
		return rdata_fail(rdata, ZONE_SYNTAX, true, words);
	return rdata_add(rdata, address, octets);
}

static bool
read_ip4(struct rdata *rdata)
{
	return read_address(rdata, AF_INET, 4, "is not an IPv4 address");
}

static bool
read_ip6(struct rdata *rdata)
{
	return read_address(rdata, AF_INET6, 16, "is not an IPv6 address");
}

/* ---- printed ------------------------------------------------------------- */

bool
printer_take(struct printer *printer, size_t count, struct str *octets)
{
	if (printer->in.text.n - printer->in.here < count)
		return false;
	*octets = str_slice(printer->in.text, printer->in.here,
	    printer->in.here + count);
	printer->in.here += count;
	return true;
}

struct str
printer_rest(struct printer *printer)
{
	struct str rest = cursor_rest(&printer->in);

	printer->in.here = printer->in.text.n;
	return rest;
}

bool
printer_number(struct printer *printer, unsigned octets, uint32_t *value)
{
	struct str text;
	size_t i;

	if (!printer_take(printer, octets, &text))
		return false;
	for (*value = 0, i = 0; i < text.n; i++)
		*value = *value << 8 | (unsigned char)text.p[i];
	return true;
}

static bool
print_number(struct printer *printer, unsigned octets)
{
	uint32_t value;

	if (!printer_number(printer, octets, &value))
		return false;
	buffer_printf(printer->out, "%lu", (unsigned long)value);
	return true;
}

static bool
print_1(struct printer *printer)
{
	return print_number(printer, 1);
}

static bool
print_2(struct printer *printer)
{
	return print_number(printer, 2);
}

static bool
print_4(struct printer *printer)
{
	return print_number(printer, 4);
}

bool
rdata_print_name(struct printer *printer)
{
	struct str rest = cursor_rest(&printer->in), octets;
	char room[WIRE_MAX_TEXT];
	struct wire wire;
	size_t n = 0, i;

	while (n < rest.n && rest.p[n] != 0)
		n += (unsigned char)rest.p[n] + 1u;
	if (!printer_take(printer, n + 1, &octets) ||
	    !wire_read(octets, &wire))
		return false;
	n = wire_print(&wire, room);
	for (i = 0; printer->fold && i < n; i++)
		room[i] = (char)byte_lower((unsigned char)room[i]);
	buffer_add(printer->out, (struct str){ room, n });
	return true;
}

bool
rdata_print_string(struct printer *printer)
{
	struct str octets;
	uint32_t length;

	if (!printer_number(printer, 1, &length) ||
	    !printer_take(printer, length, &octets))
		return false;
	rdata_print_text(printer->out, octets);
	return true;
}

static bool
print_strings(struct printer *printer)
{
	for (;;) {
		if (!rdata_print_string(printer))
			return false;
		if (cursor_peek(&printer->in) == END)
			return true;
		buffer_add_byte(printer->out, ' ');
	}
}

static bool
print_address(struct printer *printer, int family, size_t count)
{
	char text[INET6_ADDRSTRLEN];
	struct str octets;

	if (!printer_take(printer, count, &octets) ||
	    inet_ntop(family, octets.p, text, sizeof(text)) == NULL)
		return false;
	buffer_add_cstr(printer->out, text);
	return true;
}

static bool
print_ip4(struct printer *printer)
{
	return print_address(printer, AF_INET, 4);
}

static bool
print_ip6(struct printer *printer)
{
	return print_address(printer, AF_INET6, 16);
}

const struct rdata_field rdata_common_fields[] = {
	{ '1', read_1,		print_1 },
	{ '2', read_2,		print_2 },
	{ '4', read_4,		print_4 },
	{ 'i', read_ip4,	print_ip4 },
	{ 'I', read_ip6,	print_ip6 },
	{ 'm', read_strings,	print_strings },
	{ 'n', read_name,	rdata_print_name },
	{ 'p', read_period,	print_4 },
	{ 's', read_string,	rdata_print_string },
	{ 0, NULL, NULL }
};
