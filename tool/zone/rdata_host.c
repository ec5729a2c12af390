/*
 * Fields that say where a host is: addresses of all networks, gateways,
 * services. Most types that have them are seldom seen.
 */
#include <sys/socket.h>

#include <arpa/inet.h>
#include <string.h>

#include "base/address.h"
#include "base/buffer.h"
#include "zone/rdata.h"

bool
rdata_address(struct str text, int family, unsigned char *octets)
{
	return family == AF_INET ? address_parse_ip4(text, octets) :
	    address_parse_ip6(text, octets);
}

static void
print_address(struct buffer *out, int family, const void *octets)
{
	char text[INET6_ADDRSTRLEN];

	if (inet_ntop(family, octets, text, sizeof(text)) != NULL)
		buffer_add_cstr(out, text);
}

static void
print_hex_lower(struct buffer *out, struct str octets, const char *between)
{
	size_t i;

	for (i = 0; i < octets.n; i++)
		buffer_printf(out, "%s%02x", i == 0 ? "" : between,
		    (unsigned char)octets.p[i]);
}

/* ---- locators (RFC 6742), EUI-48 and EUI-64 (RFC 7043) ------------------- */

static bool
read_locator(struct rdata *rdata)
{
	struct cursor in;
	uint32_t part;
	size_t i, digits;

	if (!rdata_word(rdata))
		return false;
	in = (struct cursor){ rdata->lexeme.text, 0 };
	for (i = 0; i < 4; i++) {
		if (i > 0 && !cursor_accept(&in, ':'))
			break;
		for (part = 0, digits = 0; digits < 5 &&
		    byte_hex_value(cursor_peek(&in)) >= 0; digits++)
			part = part << 4 | (uint32_t)byte_hex_value(
			    cursor_next(&in));
		if (digits < 1 || digits > 4 ||
		    !rdata_add_number(rdata, part, 2))
			break;
	}
	/* BIND lets one colon stand at the end. */
	cursor_accept(&in, ':');
	return (i == 4 && cursor_peek(&in) == END) || rdata_fail(rdata,
	    ZONE_SYNTAX, true, "is no locator (four groups of hexadecimal "
	    "digits)");
}

static bool
print_locator(struct printer *printer)
{
	struct str octets;
	size_t i;

	if (!printer_take(printer, 8, &octets))
		return false;
	for (i = 0; i < octets.n; i += 2)
		buffer_printf(printer->out, i == 0 ? "%x" : ":%x",
		    (unsigned)(unsigned char)octets.p[i] << 8 |
		    (unsigned char)octets.p[i + 1]);
	return true;
}

/* Of two characters one may be a sign, or both "0x", as with scanf(3). */
static bool
parse_pair(struct cursor *in, uint32_t *value)
{
	bool negative = cursor_accept(in, '-');
	unsigned left = negative || cursor_accept(in, '+') ? 1 : 2;

	if (byte_hex_value(cursor_peek(in)) < 0)
		return false;
	for (*value = 0; left > 0 && byte_hex_value(cursor_peek(in)) >= 0;
	    left--)
		*value = *value << 4 |
		    (uint32_t)byte_hex_value(cursor_next(in));
	if (left == 1 && *value == 0 && byte_lower(cursor_peek(in)) == 'x')
		cursor_next(in);
	return !negative || *value == 0;
}

/* BIND reads it with scanf(3): one digit is enough, the rest is let be. */
static bool
read_eui(struct rdata *rdata, size_t count)
{
	struct cursor in;
	uint32_t part;
	size_t i;

	if (!rdata_word(rdata))
		return false;
	in = (struct cursor){ rdata->lexeme.text, 0 };
	for (i = 0; i < count; i++) {
		if (i > 0 && !cursor_accept(&in, '-'))
			break;
		if (!parse_pair(&in, &part) ||
		    !rdata_add_number(rdata, part, 1))
			break;
	}
	return i == count || rdata_fail(rdata, ZONE_SYNTAX, true,
	    "is no EUI address (00-00-5e-00-53-2a)");
}

static bool
read_eui48(struct rdata *rdata)
{
	return read_eui(rdata, 6);
}

static bool
read_eui64(struct rdata *rdata)
{
	return read_eui(rdata, 8);
}

static bool
print_eui(struct printer *printer, size_t count)
{
	struct str octets;

	if (!printer_take(printer, count, &octets))
		return false;
	print_hex_lower(printer->out, octets, "-");
	return true;
}

static bool
print_eui48(struct printer *printer)
{
	return print_eui(printer, 6);
}

static bool
print_eui64(struct printer *printer)
{
	return print_eui(printer, 8);
}

/* ---- APL (RFC 3123) ------------------------------------------------------ */

static bool
add_prefix(struct rdata *rdata, struct str text)
{
	unsigned char octets[16];
	struct cursor in = { text, 0 };
	bool negative = cursor_accept(&in, '!');
	struct str address;
	int64_t number;
	uint64_t prefix;
	size_t length;

	if (!long_parse(&in, &number) || number < 1 || number > 2 ||
	    !cursor_accept(&in, ':'))
		return false;
	address = cursor_until(&in, STR("/"));
	length = number == 1 ? 4 : 16;
	if (!cursor_accept(&in, '/') || !rdata_address(address,
	    number == 1 ? AF_INET : AF_INET6, octets) ||
	    !str_number(cursor_rest(&in), length * 8, &prefix))
		return false;
	while (length > 0 && octets[length - 1] == 0)
		length--;
	return rdata_add_number(rdata, (uint32_t)number, 2) &&
	    rdata_add_number(rdata, (uint32_t)prefix, 1) &&
	    rdata_add_number(rdata, (uint32_t)length | (negative ? 0x80 : 0),
	    1) && rdata_add(rdata, octets, length);
}

static bool
read_prefixes(struct rdata *rdata)
{
	while (rdata_more(rdata, 0)) {
		if (!rdata_word(rdata))
			return false;
		if (!add_prefix(rdata, rdata->lexeme.text))
			return rdata_fail(rdata, ZONE_SYNTAX, true,
			    "is no prefix (1:192.0.2.0/24, !2:2001:db8::/32)");
	}
	return true;
}

static bool
print_prefix(struct printer *printer)
{
	unsigned char octets[16] = { 0 };
	uint32_t family, prefix, length, room;
	struct str address;

	if (!printer_number(printer, 2, &family) ||
	    !printer_number(printer, 1, &prefix) ||
	    !printer_number(printer, 1, &length) ||
	    !printer_take(printer, length & 0x7f, &address) ||
	    family < 1 || family > 2)
		return false;
	room = family == 1 ? 4 : 16;
	if (address.n > room || prefix > room * 8 ||
	    (address.n > 0 && address.p[address.n - 1] == 0))
		return false;
	if (address.n > 0)
		memcpy(octets, address.p, address.n);
	buffer_printf(printer->out, "%s%u:", (length & 0x80) != 0 ? "!" : "",
	    family);
	print_address(printer->out, family == 1 ? AF_INET : AF_INET6, octets);
	buffer_printf(printer->out, "/%u", prefix);
	return true;
}

static bool
print_prefixes(struct printer *printer)
{
	while (cursor_peek(&printer->in) != END) {
		if (printer->in.here > 0)
			buffer_add_byte(printer->out, ' ');
		if (!print_prefix(printer))
			return false;
	}
	return true;
}

/* ---- NSAP (RFC 1706), ATMA, X25 (RFC 1183) ------------------------------- */

/* Pairs of hexadecimal digits with dots anywhere; strict: none at the ends. */
static bool
add_dotted_hex(struct rdata *rdata, struct str text, bool strict)
{
	size_t start = rdata->length, i;
	int high = -1, digit;
	bool dot = true;

	for (i = 0; i < text.n; i++) {
		if (text.p[i] == '.') {
			if (strict && dot)
				return false;
			dot = true;
			continue;
		}
		dot = false;
		digit = byte_hex_value((unsigned char)text.p[i]);
		if (digit < 0)
			return false;
		if (high < 0) {
			high = digit;
			continue;
		}
		if (!rdata_add_number(rdata, (uint32_t)(high << 4 | digit),
		    1))
			return false;
		high = -1;
	}
	return high < 0 && rdata->length > start && !(strict && dot);
}

static bool
read_nsap(struct rdata *rdata)
{
	if (!rdata_word(rdata))
		return false;
	return (str_starts_case(rdata->lexeme.text, STR("0x")) &&
	    add_dotted_hex(rdata, str_after(rdata->lexeme.text, 2), false)) ||
	    rdata_fail(rdata, ZONE_SYNTAX, true,
	    "is no NSAP address (0x47.0005...)");
}

static bool
print_nsap(struct printer *printer)
{
	struct str octets = printer_rest(printer);

	buffer_add_cstr(printer->out, "0x");
	print_hex_lower(printer->out, octets, "");
	return octets.n > 0;
}

/* Digits of a telephone number with dots between them. */
static bool
add_dotted_digits(struct rdata *rdata, struct str text)
{
	size_t i;
	bool dot = true;

	for (i = 0; i < text.n; i++) {
		if (text.p[i] == '.') {
			if (dot)
				return false;
			dot = true;
			continue;
		}
		dot = false;
		if (!byte_is_digit((unsigned char)text.p[i]) ||
		    !rdata_add(rdata, &text.p[i], 1))
			return false;
	}
	return !dot;
}

static bool
read_atm(struct rdata *rdata)
{
	struct str text;
	bool fine;

	if (!rdata_word(rdata))
		return false;
	text = rdata->lexeme.text;
	if (text.p[0] == '+')
		fine = rdata_add_number(rdata, 1, 1) &&
		    add_dotted_digits(rdata, str_after(text, 1));
	else
		fine = rdata_add_number(rdata, 0, 1) &&
		    add_dotted_hex(rdata, text, true);
	return fine || rdata_fail(rdata, ZONE_SYNTAX, true,
	    "is no ATM address");
}

static bool
is_digits(struct str text)
{
	struct cursor in = { text, 0 };

	cursor_while(&in, STR("0123456789"));
	return cursor_peek(&in) == END;
}

static bool
print_atm(struct printer *printer)
{
	uint32_t format;
	struct str octets;

	if (!printer_number(printer, 1, &format))
		return false;
	octets = printer_rest(printer);
	if (format == 1) {
		if (!is_digits(octets))
			return false;
		buffer_add_byte(printer->out, '+');
		buffer_add(printer->out, octets);
	} else
		print_hex_lower(printer->out, octets, "");
	return octets.n > 0 && format <= 1;
}

static bool
is_x25(struct str digits)
{
	return digits.n >= 4 && is_digits(digits);
}

static bool
read_x25(struct rdata *rdata)
{
	if (!rdata_string(rdata))
		return false;
	return is_x25(rdata->lexeme.text) ? rdata_add_string(rdata) :
	    rdata_fail(rdata, ZONE_SYNTAX, true,
	    "is no X.25 address of at least four digits");
}

static bool
print_x25(struct printer *printer)
{
	return is_x25(str_after(cursor_rest(&printer->in), 1)) &&
	    rdata_print_string(printer);
}

/* ---- gateways: IPSECKEY (RFC 4025), AMTRELAY (RFC 8777) ------------------ */

static bool
read_gateway(struct rdata *rdata, uint32_t kind)
{
	unsigned char octets[16];

	if (!rdata_word(rdata))
		return false;
	switch (kind) {
	case 0:
		return str_is(rdata->lexeme.text, ".") || rdata_fail(rdata,
		    ZONE_SYNTAX, true, "must be \".\": there is no gateway");
	case 1:
	case 2:
		if (!rdata_address(rdata->lexeme.text,
		    kind == 1 ? AF_INET : AF_INET6, octets))
			return rdata_fail(rdata, ZONE_SYNTAX, true,
			    "is no address of this kind");
		return rdata_add(rdata, octets, kind == 1 ? 4 : 16);
	case 3:
		return rdata_add_name(rdata);
	default:
		return rdata_fail(rdata, ZONE_SYNTAX, false,
		    "no such kind of gateway is known");
	}
}

static bool
print_gateway(struct printer *printer, uint32_t kind)
{
	struct str octets;

	if (kind == 0) {
		buffer_add_byte(printer->out, '.');
		return true;
	}
	if (kind == 3)
		return rdata_print_name(printer);
	if (kind > 3 || !printer_take(printer, kind == 1 ? 4 : 16, &octets))
		return false;
	print_address(printer->out, kind == 1 ? AF_INET : AF_INET6,
	    octets.p);
	return true;
}

/* Kind, algorithm, gateway. */
static bool
read_ipsec_gateway(struct rdata *rdata)
{
	uint32_t kind, algorithm;

	return rdata_number(rdata, 3, &kind) &&
	    rdata_number(rdata, UINT8_MAX, &algorithm) &&
	    rdata_add_number(rdata, kind, 1) &&
	    rdata_add_number(rdata, algorithm, 1) &&
	    read_gateway(rdata, kind);
}

static bool
print_ipsec_gateway(struct printer *printer)
{
	uint32_t kind, algorithm;

	if (!printer_number(printer, 1, &kind) ||
	    !printer_number(printer, 1, &algorithm))
		return false;
	buffer_printf(printer->out, "%u %u ", kind, algorithm);
	return print_gateway(printer, kind);
}

/* Discovery and kind share an octet; then the relay. */
static bool
read_relay(struct rdata *rdata)
{
	uint32_t discovery, kind;

	return rdata_number(rdata, 1, &discovery) &&
	    rdata_number(rdata, 127, &kind) &&
	    rdata_add_number(rdata, discovery << 7 | kind, 1) &&
	    read_gateway(rdata, kind);
}

static bool
print_relay(struct printer *printer)
{
	uint32_t kind;

	if (!printer_number(printer, 1, &kind))
		return false;
	buffer_printf(printer->out, "%u %u ", kind >> 7, kind & 127);
	return print_gateway(printer, kind & 127);
}

/* ---- HIP (RFC 8005) ------------------------------------------------------ */

/* Lengths stand in front: of the tag, the algorithm, of the key. */
static bool
read_hip(struct rdata *rdata)
{
	uint32_t algorithm;
	size_t tag, key;

	if (!rdata_number(rdata, UINT8_MAX, &algorithm) ||
	    !rdata_add_number(rdata, algorithm << 16, 4) ||
	    !rdata_word(rdata))
		return false;
	tag = rdata->lexeme.text.n / 2;
	if (!rdata_add_hex(rdata, rdata->lexeme.text))
		return false;
	if (tag > UINT8_MAX)
		return rdata_fail(rdata, ZONE_SYNTAX, true,
		    "is longer than 255 octets");
	if (!rdata_word(rdata) || !rdata_add_base64(rdata,
	    rdata->lexeme.text))
		return false;
	key = rdata->length - 4 - tag;
	rdata->octets[0] = (unsigned char)tag;
	rdata->octets[2] = (unsigned char)(key >> 8);
	rdata->octets[3] = (unsigned char)key;
	while (rdata_more(rdata, 0))
		if (!rdata_word(rdata) || !rdata_add_name(rdata))
			return false;
	return true;
}

static bool
print_hip(struct printer *printer)
{
	uint32_t tag, algorithm, key;
	struct str octets;

	if (!printer_number(printer, 1, &tag) || tag == 0 ||
	    !printer_number(printer, 1, &algorithm) ||
	    !printer_number(printer, 2, &key) || key == 0 ||
	    !printer_take(printer, tag, &octets))
		return false;
	buffer_printf(printer->out, "%u ", algorithm);
	rdata_print_hex(printer->out, octets, false);
	buffer_add_byte(printer->out, ' ');
	if (!printer_take(printer, key, &octets))
		return false;
	rdata_print_base64(printer->out, octets, false);
	while (cursor_peek(&printer->in) != END) {
		buffer_add_byte(printer->out, ' ');
		if (!rdata_print_name(printer))
			return false;
	}
	return true;
}

/* ---- A6 (RFC 2874) ------------------------------------------------------- */

/* Prefix length, what is left of the address, the prefix's name. */
static bool
read_a6(struct rdata *rdata)
{
	unsigned char octets[16];
	uint32_t prefix;

	if (!rdata_number(rdata, 128, &prefix) ||
	    !rdata_add_number(rdata, prefix, 1))
		return false;
	if (prefix < 128) {
		if (!rdata_word(rdata))
			return false;
		if (!rdata_address(rdata->lexeme.text, AF_INET6, octets))
			return rdata_fail(rdata, ZONE_SYNTAX, true,
			    "is not an IPv6 address");
		octets[prefix / 8] &= (unsigned char)(0xff >> prefix % 8);
		if (!rdata_add(rdata, octets + prefix / 8, 16 - prefix / 8))
			return false;
	}
	return prefix == 0 || (rdata_word(rdata) && rdata_add_name(rdata));
}

static bool
print_a6(struct printer *printer)
{
	unsigned char octets[16] = { 0 };
	struct str suffix;
	uint32_t prefix;

	if (!printer_number(printer, 1, &prefix) || prefix > 128)
		return false;
	buffer_printf(printer->out, "%u ", prefix);
	if (prefix < 128) {
		if (!printer_take(printer, 16 - prefix / 8, &suffix) ||
		    ((unsigned char)suffix.p[0] &
		    (unsigned char)~(0xff >> prefix % 8)) != 0)
			return false;
		memcpy(octets + prefix / 8, suffix.p, suffix.n);
		print_address(printer->out, AF_INET6, octets);
	}
	if (prefix == 0)
		return true;
	buffer_add_byte(printer->out, ' ');
	return rdata_print_name(printer);
}

/* ---- WKS (RFC 1035 section 3.4.2) ---------------------------------------- */

/* The services that a WKS of its time would name (RFC 1060). */
static const struct { const char *name; uint16_t port; } services[] = {
	{ "tcpmux", 1 }, { "echo", 7 }, { "discard", 9 }, { "systat", 11 },
	{ "daytime", 13 }, { "netstat", 15 }, { "qotd", 17 },
	{ "chargen", 19 }, { "ftp-data", 20 }, { "ftp", 21 }, { "ssh", 22 },
	{ "telnet", 23 }, { "smtp", 25 }, { "mail", 25 }, { "time", 37 },
	{ "whois", 43 }, { "tacacs", 49 }, { "domain", 53 }, { "bootps", 67 },
	{ "bootpc", 68 }, { "tftp", 69 }, { "gopher", 70 }, { "finger", 79 },
	{ "http", 80 }, { "www", 80 }, { "kerberos", 88 },
	{ "iso-tsap", 102 }, { "pop3", 110 }, { "sunrpc", 111 },
	{ "auth", 113 }, { "nntp", 119 }, { "ntp", 123 }, { "imap2", 143 },
	{ "imap", 143 }, { "snmp", 161 }, { "snmp-trap", 162 },
	{ "xdmcp", 177 }, { "bgp", 179 }, { "irc", 194 }, { "ldap", 389 },
	{ "https", 443 }, { "exec", 512 }, { "login", 513 }, { "shell", 514 },
	{ "printer", 515 }, { "talk", 517 }, { "uucp", 540 }
};

static bool
find_service(struct str name, int64_t *port)
{
	size_t i;

	if (long_whole(name, port))
		return *port >= 0 && *port <= UINT16_MAX;
	for (i = 0; i < sizeof(services) / sizeof(services[0]); i++)
		if (str_is_case(name, services[i].name)) {
			*port = services[i].port;
			return true;
		}
	return false;
}

/* In small or in capital letters, as getprotobyname(3) wants it. */
static bool
find_protocol(struct str name, int64_t *protocol)
{
	static const struct { const char *small, *capital; int number; }
	    protocols[] = {
		{ "tcp", "TCP", 6 }, { "udp", "UDP", 17 },
		{ "icmp", "ICMP", 1 }, { "ip", "IP", 0 }
	};
	size_t i;

	if (long_whole(name, protocol))
		return *protocol >= 0 && *protocol <= UINT8_MAX;
	for (i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++)
		if (str_is(name, protocols[i].small) ||
		    str_is(name, protocols[i].capital)) {
			*protocol = protocols[i].number;
			return true;
		}
	return false;
}

static bool
read_services(struct rdata *rdata)
{
	unsigned char bits[UINT16_MAX / 8 + 1] = { 0 };
	int64_t number;
	size_t last = 0;

	if (!rdata_word(rdata))
		return false;
	if (!find_protocol(rdata->lexeme.text, &number))
		return rdata_fail(rdata, ZONE_SYNTAX, true,
		    "is no protocol (6 or tcp, 17 or udp)");
	if (!rdata_add_number(rdata, (uint32_t)number, 1))
		return false;
	while (rdata_more(rdata, 0)) {
		if (!rdata_word(rdata))
			return false;
		if (!find_service(rdata->lexeme.text, &number))
			return rdata_fail(rdata, ZONE_SYNTAX, true,
			    "is no port or known service");
		bits[number / 8] |= (unsigned char)(0x80 >> number % 8);
		if ((size_t)number / 8 + 1 > last)
			last = (size_t)number / 8 + 1;
	}
	return rdata_add(rdata, bits, last);
}

static bool
print_services(struct printer *printer)
{
	uint32_t protocol;
	struct str bits;
	size_t i;

	if (!printer_number(printer, 1, &protocol))
		return false;
	bits = printer_rest(printer);
	if (bits.n > UINT16_MAX / 8 + 1 ||
	    (bits.n > 0 && bits.p[bits.n - 1] == 0))
		return false;
	buffer_printf(printer->out, "%u", protocol);
	for (i = 0; i < bits.n * 8; i++)
		if (((unsigned char)bits.p[i / 8] & 0x80 >> i % 8) != 0)
			buffer_printf(printer->out, " %zu", i);
	return true;
}

const struct rdata_field rdata_host_fields[] = {
	{ 'L', read_locator,		print_locator },
	{ 'e', read_eui48,		print_eui48 },
	{ 'E', read_eui64,		print_eui64 },
	{ 'A', read_prefixes,		print_prefixes },
	{ 'S', read_nsap,		print_nsap },
	{ 'M', read_atm,		print_atm },
	{ 'x', read_x25,		print_x25 },
	{ 'g', read_ipsec_gateway,	print_ipsec_gateway },
	{ 'G', read_relay,		print_relay },
	{ 'R', read_hip,		print_hip },
	{ '6', read_a6,			print_a6 },
	{ 'Q', read_services,		print_services },
	{ 0, NULL, NULL }
};
