/*
 * Parameters of SVCB and HTTPS records (RFC 9460), checked as BIND does.
 */
#include <sys/socket.h>

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "zone/rdata.h"

enum { KEY_MANDATORY = 0, KEY_ALPN = 1, KEY_NO_DEFAULT_ALPN = 2 };

struct parameter {
	const char *name;
	uint16_t key;
	bool old;			/* of the first set: printed by name */
	bool (*read)(struct rdata *, struct str value);
	/* The value is in order; *all of it is there. */
	bool (*check)(struct str value);
	void (*print)(struct buffer *, struct str value);
};

static const struct parameter *find_name(struct str);
static const struct parameter *find_key(uint16_t);

static bool
fail(struct rdata *rdata, const char *words)
{
	return rdata_fail(rdata, ZONE_SYNTAX, true, words);
}

/* ---- keys ---------------------------------------------------------------- */

/* keyNNNNN without a sign or leading zeros, or a name. */
static bool
parse_key(struct str text, uint16_t *key)
{
	const struct parameter *row = find_name(text);
	int64_t number;

	if (row != NULL) {
		*key = row->key;
		return true;
	}
	if (!str_starts(text, STR("key")))
		return false;
	text = str_after(text, 3);
	if (text.n == 0 || str_has(STR("+-"), text.p[0]) ||
	    (text.n > 1 && text.p[0] == '0') ||
	    !long_whole(text, &number) || number < 0 || number > UINT16_MAX)
		return false;
	*key = (uint16_t)number;
	return true;
}

static void
print_key(struct buffer *out, uint16_t key)
{
	const struct parameter *row = find_key(key);

	if (row != NULL && row->old)
		buffer_add_cstr(out, row->name);
	else
		buffer_printf(out, "key%u", (unsigned)key);
}

static uint16_t
key_at(struct str octets, size_t place)
{
	return (uint16_t)((unsigned)(unsigned char)octets.p[place] << 8 |
	    (unsigned char)octets.p[place + 1]);
}

static int
compare_keys(const void *a, const void *b)
{
	return memcmp(a, b, 2);
}

/* In ascending order, each once; at least one. */
static bool
check_keys(struct str value)
{
	size_t i;

	if (value.n == 0 || value.n % 2 != 0)
		return false;
	for (i = 2; i < value.n; i += 2)
		if (key_at(value, i - 2) >= key_at(value, i))
			return false;
	return true;
}

static bool
read_keys(struct rdata *rdata, struct str value)
{
	size_t start = rdata->length;
	struct str name;
	uint16_t key;

	if (value.n == 0)
		return false;
	while (str_split(&value, ',', &name))
		if (!parse_key(name, &key) ||
		    !rdata_add_number(rdata, key, 2))
			return false;
	qsort(rdata->octets + start, (rdata->length - start) / 2, 2,
	    compare_keys);
	return check_keys((struct str){ (const char *)rdata->octets + start,
	    rdata->length - start });
}

static void
print_keys(struct buffer *out, struct str value)
{
	size_t i;

	for (i = 0; i < value.n; i += 2) {
		if (i > 0)
			buffer_add_byte(out, ',');
		print_key(out, key_at(value, i));
	}
}

/* ---- ALPN: strings with commas between them ------------------------------ */

static bool
end_protocol(struct rdata *rdata, size_t start)
{
	size_t n = rdata->length - start - 1;

	rdata->octets[start] = (unsigned char)n;
	return n > 0 && n <= STRING_MAX;
}

/* Escapes are undone twice: those of the file, then those of the list. */
static bool
read_protocols(struct rdata *rdata, struct str value)
{
	struct cursor in = { value, 0 };
	size_t start = rdata->length;
	unsigned char byte;
	int octet;

	if (!rdata_add_number(rdata, 0, 1))
		return false;
	while ((octet = string_octet(&in)) != END) {
		if (octet == BAD_ESCAPE)
			return false;
		if (octet == ',') {
			if (!end_protocol(rdata, start))
				return false;
			start = rdata->length;
			if (!rdata_add_number(rdata, 0, 1))
				return false;
			continue;
		}
		if (octet == '\\' && (octet = string_octet(&in)) < 0)
			return false;
		byte = (unsigned char)octet;
		if (!rdata_add(rdata, &byte, 1))
			return false;
	}
	return end_protocol(rdata, start);
}

static bool
check_protocols(struct str value)
{
	size_t here, length;

	for (here = 0; here < value.n; here += length + 1) {
		length = (unsigned char)value.p[here];
		if (length == 0 || length > value.n - here - 1)
			return false;
	}
	return value.n > 0;
}

static void
print_protocol_octet(struct buffer *out, int octet)
{
	if (octet < '!' || octet >= 0x7f)
		buffer_printf(out, "\\%03d", octet);
	else if (octet == ',')
		buffer_add_cstr(out, "\\\\,");
	else if (octet == '\\')
		buffer_add_cstr(out, "\\\\\\\\");
	else {
		if (octet == '"')
			buffer_add_byte(out, '\\');
		buffer_add_byte(out, octet);
	}
}

static void
print_protocols(struct buffer *out, struct str value)
{
	size_t here = 0, end;

	buffer_add_byte(out, '"');
	while (here < value.n) {
		if (here > 0)
			buffer_add_byte(out, ',');
		end = here + (unsigned char)value.p[here] + 1;
		while (++here < end)
			print_protocol_octet(out,
			    (unsigned char)value.p[here]);
	}
	buffer_add_byte(out, '"');
}

/* ---- port, addresses, nothing, base64, text ------------------------------ */

static bool
read_port(struct rdata *rdata, struct str value)
{
	uint64_t port;

	return str_number(value, UINT16_MAX, &port) &&
	    rdata_add_number(rdata, (uint32_t)port, 2);
}

static bool
check_port(struct str value)
{
	return value.n == 2;
}

static void
print_port(struct buffer *out, struct str value)
{
	buffer_printf(out, "%u", (unsigned)key_at(value, 0));
}

static bool
read_addresses(struct rdata *rdata, struct str value, int family,
    size_t count)
{
	unsigned char octets[16];
	struct str text;

	while (str_split(&value, ',', &text))
		if (!rdata_address(text, family, octets) ||
		    !rdata_add(rdata, octets, count))
			return false;
	return true;
}

static void
print_addresses(struct buffer *out, struct str value, int family,
    size_t count)
{
	char text[INET6_ADDRSTRLEN];
	size_t i;

	for (i = 0; i + count <= value.n; i += count) {
		if (i > 0)
			buffer_add_byte(out, ',');
		if (inet_ntop(family, value.p + i, text, sizeof(text)) !=
		    NULL)
			buffer_add_cstr(out, text);
	}
}

static bool
read_ip4(struct rdata *rdata, struct str value)
{
	return read_addresses(rdata, value, AF_INET, 4);
}

static bool
check_ip4(struct str value)
{
	return value.n > 0 && value.n % 4 == 0;
}

static void
print_ip4(struct buffer *out, struct str value)
{
	print_addresses(out, value, AF_INET, 4);
}

static bool
read_ip6(struct rdata *rdata, struct str value)
{
	return read_addresses(rdata, value, AF_INET6, 16);
}

static bool
check_ip6(struct str value)
{
	return value.n > 0 && value.n % 16 == 0;
}

static void
print_ip6(struct buffer *out, struct str value)
{
	print_addresses(out, value, AF_INET6, 16);
}

static bool
read_nothing(struct rdata *rdata, struct str value)
{
	(void)rdata;
	return value.n == 0;
}

static bool
check_nothing(struct str value)
{
	return value.n == 0;
}

static bool
read_base64(struct rdata *rdata, struct str value)
{
	return rdata_add_base64(rdata, value);
}

static bool
check_any(struct str value)
{
	(void)value;
	return true;
}

static void
print_base64(struct buffer *out, struct str value)
{
	rdata_print_base64(out, value, false);
}

/* ---- dohpath (RFC 9461): a URI template with the variable "dns" ---------- */

static bool
is_utf8(struct str text)
{
	static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
	struct cursor in = { text, 0 };
	uint32_t value;
	int byte, more, i;

	while ((byte = cursor_next(&in)) != END) {
		if (byte < 0x80)
			continue;
		more = byte >= 0xf8 ? 0 : byte >= 0xf0 ? 3 :
		    byte >= 0xe0 ? 2 : byte >= 0xc0 ? 1 : 0;
		if (more == 0)
			return false;
		value = (uint32_t)byte & (0x3fu >> more);
		for (i = 0; i < more; i++) {
			byte = cursor_next(&in);
			if (byte == END || (byte & 0xc0) != 0x80)
				return false;
			value = value << 6 | ((uint32_t)byte & 0x3f);
		}
		if (value < least[more] || value > 0x10ffff)
			return false;
	}
	return true;
}

static bool
pass_percent(struct cursor *in)
{
	return byte_hex_value(cursor_next(in)) >= 0 &&
	    byte_hex_value(cursor_next(in)) >= 0;
}

/* A name behind "{" or ","; with * or :1 to :9999 behind it. */
static bool
pass_variable(struct cursor *in, bool *dns)
{
	size_t start = in->here;
	struct str name, digits;
	int byte;

	while ((byte = cursor_peek(in)) != END && !str_has(STR("*:},"), byte)) {
		cursor_next(in);
		if (byte == '%' ? !pass_percent(in) : byte != '_' &&
		    !byte_is_letter(byte) && !byte_is_digit(byte))
			return false;
	}
	name = str_slice(in->text, start, in->here);
	if (name.n == 0)
		return false;
	if (str_is(name, "dns"))
		*dns = true;
	if (cursor_accept(in, ':')) {
		digits = cursor_while(in, STR("0123456789"));
		if (digits.n == 0 || digits.n > 4 || digits.p[0] == '0')
			return false;
	} else
		cursor_accept(in, '*');
	return true;
}

static bool
pass_expression(struct cursor *in, bool *dns)
{
	if (cursor_peek(in) != END && str_has(STR("+#./;?&"),
	    cursor_peek(in)))
		cursor_next(in);
	do {
		if (!pass_variable(in, dns))
			return false;
	} while (cursor_accept(in, ','));
	return cursor_accept(in, '}');
}

static bool
check_path(struct str value)
{
	struct cursor in = { value, 0 };
	bool dns = false;
	int byte;

	if (cursor_peek(&in) != '/' || !is_utf8(value))
		return false;
	while ((byte = cursor_next(&in)) != END)
		if ((byte == '%' && !pass_percent(&in)) ||
		    (byte == '{' && !pass_expression(&in, &dns)))
			return false;
	return dns;
}

static bool
read_path(struct rdata *rdata, struct str value)
{
	size_t start = rdata->length;

	return rdata_add_text(rdata, value) && check_path((struct str){
	    (const char *)rdata->octets + start, rdata->length - start });
}

static const struct parameter parameters[] = {
	{ "mandatory", KEY_MANDATORY, true, read_keys, check_keys,
	  print_keys },
	{ "alpn", KEY_ALPN, true, read_protocols, check_protocols,
	  print_protocols },
	{ "no-default-alpn", KEY_NO_DEFAULT_ALPN, true, read_nothing,
	  check_nothing, NULL },
	{ "port", 3, true, read_port, check_port, print_port },
	{ "ipv4hint", 4, true, read_ip4, check_ip4, print_ip4 },
	{ "ech", 5, true, read_base64, check_any, print_base64 },
	{ "ipv6hint", 6, true, read_ip6, check_ip6, print_ip6 },
	{ "dohpath", 7, false, read_path, check_path, rdata_print_text },
};

enum { PARAMETERS = sizeof(parameters) / sizeof(parameters[0]) };

static const struct parameter *
find_name(struct str name)
{
	size_t i;

	for (i = 0; i < PARAMETERS; i++)
		if (str_is_case(name, parameters[i].name))
			return &parameters[i];
	return NULL;
}

static const struct parameter *
find_key(uint16_t key)
{
	size_t i;

	for (i = 0; i < PARAMETERS; i++)
		if (parameters[i].key == key)
			return &parameters[i];
	return NULL;
}

/* ---- whole lists --------------------------------------------------------- */

/*
 * One key or key=value; the quotes around a value are gone in what BIND sees.
 */
static bool
read_parameter(struct rdata *rdata)
{
	struct str text = rdata->lexeme.text, name, value;
	const struct parameter *row;
	size_t equals = str_find(text, '='), start;
	uint16_t key;
	bool fine;

	name = str_slice(text, 0, equals);
	value = str_after(text, equals + 1);
	if (value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"')
		value = str_slice(value, 1, value.n - 1);
	if (!parse_key(name, &key))
		return fail(rdata, "is no parameter of SVCB");
	if (!rdata_add_number(rdata, key, 2) ||
	    !rdata_add_number(rdata, 0, 2))
		return false;
	start = rdata->length;
	row = find_key(key);
	/* In any other way than by its name it takes the octets as such. */
	if (row != NULL && str_is(name, row->name))
		fine = row->read(rdata, value);
	else {
		fine = rdata_add_text(rdata, value) && (row == NULL ||
		    row->check((struct str){ (const char *)rdata->octets +
		    start, rdata->length - start }));
	}
	if (!fine)
		return fail(rdata, "has no value that this key may have");
	rdata->octets[start - 2] =
	    (unsigned char)((rdata->length - start) >> 8);
	rdata->octets[start - 1] = (unsigned char)(rdata->length - start);
	return true;
}

enum { PARAMETERS_MAX = 1024 };

static int
compare_parameters(const void *a, const void *b)
{
	const struct str *x = a, *y = b;

	return memcmp(x->p, y->p, 2);
}

static struct str
value_of(struct str parameter)
{
	return str_after(parameter, 4);
}

/* Ascending, each key once; what is mandatory is there, alpn where needed. */
static bool
check_list(const struct str *list, size_t count)
{
	struct str mandatory = STR("");
	size_t i, here = 0;
	bool alpn = false;
	uint16_t key;

	for (i = 0; i < count; i++) {
		key = key_at(list[i], 0);
		if (i > 0 && key_at(list[i - 1], 0) >= key)
			return false;
		if (key == KEY_MANDATORY) {
			mandatory = value_of(list[i]);
			if (mandatory.n == 0 || key_at(mandatory, 0) == 0)
				return false;
		}
		alpn = alpn || key == KEY_ALPN;
		if (key == KEY_NO_DEFAULT_ALPN && !alpn)
			return false;
		if (here < mandatory.n && key == key_at(mandatory, here))
			here += 2;
	}
	return here == mandatory.n;
}

/* Cuts the octets into parameters; false when they do not come out even. */
static bool
split_list(struct str octets, struct str *list, size_t *count)
{
	size_t here = 0, end;

	for (*count = 0; here < octets.n; here = end) {
		if (octets.n - here < 4 || *count == PARAMETERS_MAX)
			return false;
		end = here + 4 + key_at(octets, here + 2);
		if (end > octets.n)
			return false;
		list[(*count)++] = str_slice(octets, here, end);
	}
	return true;
}

static bool
sort_list(struct rdata *rdata, size_t start)
{
	struct str list[PARAMETERS_MAX];
	unsigned char octets[RDATA_ROOM];
	size_t count, i, n = 0;

	memcpy(octets, rdata->octets + start, rdata->length - start);
	if (!split_list((struct str){ (const char *)octets,
	    rdata->length - start }, list, &count))
		return false;
	qsort(list, count, sizeof(list[0]), compare_parameters);
	for (i = 0; i < count; i++) {
		memcpy(rdata->octets + start + n, list[i].p, list[i].n);
		n += list[i].n;
	}
	return check_list(list, count);
}

/* The target may be quoted, here alone. */
static bool
read_service(struct rdata *rdata)
{
	size_t start;

	if (!rdata_string(rdata) || !rdata_add_name(rdata))
		return false;
	start = rdata->length;
	while (rdata_more(rdata, SCAN_PAIR))
		if (!rdata_word(rdata) || !read_parameter(rdata))
			return false;
	return sort_list(rdata, start) || rdata_fail(rdata, ZONE_SYNTAX,
	    false, "a parameter stands twice, or one that it needs is "
	    "missing");
}

static bool
print_service(struct printer *printer)
{
	struct str list[PARAMETERS_MAX] = { { NULL, 0 } }, value;
	const struct parameter *row;
	size_t count, i;
	uint16_t key;

	if (!rdata_print_name(printer) ||
	    !split_list(cursor_rest(&printer->in), list, &count) ||
	    !check_list(list, count))
		return false;
	printer->in.here = printer->in.text.n;
	for (i = 0; i < count; i++) {
		key = key_at(list[i], 0);
		value = value_of(list[i]);
		row = find_key(key);
		if (row != NULL && !row->check(value))
			return false;
		buffer_add_byte(printer->out, ' ');
		print_key(printer->out, key);
		if (value.n == 0)
			continue;
		buffer_add_byte(printer->out, '=');
		if (row != NULL && row->old)
			row->print(printer->out, value);
		else
			rdata_print_text(printer->out, value);
	}
	return true;
}

const struct rdata_field rdata_svcb_fields[] = {
	{ 'V', read_service, print_service },
	{ 0, NULL, NULL }
};
