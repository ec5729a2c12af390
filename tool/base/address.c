#include <string.h>

#include "base/address.h"

enum { IP4 = 4, IP6 = 16, GROUP_DIGITS = 4 };

/* A number up to 255 as nobody could misread it for an octal one. */
static bool
read_octet(struct cursor *in, unsigned char *octet)
{
	int first = cursor_peek(in), value = 0;
	size_t start = in->here;

	while (byte_is_digit(cursor_peek(in)) && value <= 255)
		value = value * 10 + cursor_next(in) - '0';
	*octet = (unsigned char)value;
	return in->here > start && value <= 255 &&
	    (first != '0' || in->here == start + 1);
}

bool
address_parse_ip4(struct str text, unsigned char *octets)
{
	struct cursor in = { text, 0 };
	size_t i;

	for (i = 0; i < IP4; i++)
		if ((i > 0 && !cursor_accept(&in, '.')) ||
		    !read_octet(&in, &octets[i]))
			return false;
	return cursor_peek(&in) == END;
}

static int
hex_value(int byte)
{
	if (byte_is_digit(byte))
		return byte - '0';
	byte = byte_lower(byte);
	return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* One to four hexadecimal digits. */
static bool
read_group(struct cursor *in, unsigned char *octets)
{
	unsigned group = 0, count;

	for (count = 0; count < GROUP_DIGITS; count++) {
		if (hex_value(cursor_peek(in)) < 0)
			break;
		group = group * 16 + (unsigned)hex_value(cursor_next(in));
	}
	octets[0] = (unsigned char)(group >> 8);
	octets[1] = (unsigned char)(group & 0xff);
	return count > 0;
}

/* Groups and their colons; *gap is where a "::" stood, or IP6. */
static bool
read_groups(struct cursor *in, unsigned char *octets, size_t *length,
    size_t *gap)
{
	struct str rest;

	*length = 0;
	*gap = IP6;
	if (cursor_accept_str(in, STR("::")))
		*gap = 0;
	while ((rest = cursor_rest(in)).n > 0) {
		if (!str_has(rest, ':') && str_has(rest, '.')) {
			*length += IP4;
			return *length <= IP6 && address_parse_ip4(rest,
			    octets + *length - IP4);
		}
		if (*length == IP6 || !read_group(in, octets + *length))
			return false;
		*length += 2;
		if (cursor_peek(in) == END)
			return true;
		if (cursor_accept_str(in, STR("::"))) {
			if (*gap != IP6)
				return false;
			*gap = *length;
		} else if (!cursor_accept(in, ':') || cursor_peek(in) == END)
			return false;
	}
	return *gap != IP6;
}

bool
address_parse_ip6(struct str text, unsigned char *octets)
{
	struct cursor in = { text, 0 };
	size_t length, gap, right;

	if (!read_groups(&in, octets, &length, &gap))
		return false;
	if (gap == IP6)
		return length == IP6;
	/* "::" stands for one group at least. */
	if (length == IP6)
		return false;
	right = length - gap;
	memmove(octets + IP6 - right, octets + gap, right);
	memset(octets + gap, 0, IP6 - length);
	return true;
}
