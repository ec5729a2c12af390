#include <string.h>

#include "base/address.h"

enum { IP4 = 4, IP6 = 16, GROUP_DIGITS = 4 };

/* A number up to 255 as nobody could misread it for an octal one. */
static bool
read_octet(const char **here, const char *end, unsigned char *octet)
{
	const char *p = *here;
	unsigned value, digit;

	if (p == end || (value = (unsigned char)*p++ - (unsigned)'0') > 9)
		return false;
	for (; value > 0 && p < end && (digit = (unsigned char)*p -
	    (unsigned)'0') <= 9; p++)
		if ((value = value * 10 + digit) > 255)
			return false;
	*octet = (unsigned char)value;
	*here = p;
	return true;
}

bool
address_parse_ip4(struct str text, unsigned char *octets)
{
	const char *here = text.p, *end = text.p + text.n;
	size_t i;

	for (i = 0; i < IP4; i++)
		if ((i > 0 && (here == end || *here++ != '.')) ||
		    !read_octet(&here, end, &octets[i]))
			return false;
	return here == end;
}

#define D(value)	((value) + 1)
static const unsigned char digits[256] = {	/* hexadecimal, and one more */
	['0'] = D(0), ['1'] = D(1), ['2'] = D(2), ['3'] = D(3), ['4'] = D(4),
	['5'] = D(5), ['6'] = D(6), ['7'] = D(7), ['8'] = D(8), ['9'] = D(9),
	['a'] = D(10), ['b'] = D(11), ['c'] = D(12), ['d'] = D(13),
	['e'] = D(14), ['f'] = D(15), ['A'] = D(10), ['B'] = D(11),
	['C'] = D(12), ['D'] = D(13), ['E'] = D(14), ['F'] = D(15),
};
#undef D

/* Up to four hexadecimal digits; how many they were. */
static unsigned
read_group(const char *here, const char *end, unsigned char *octets)
{
	unsigned group = 0, count, digit;

	for (count = 0; count < GROUP_DIGITS && here + count < end &&
	    (digit = digits[(unsigned char)here[count]]) > 0; count++)
		group = group << 4 | (digit - 1);
	octets[0] = (unsigned char)(group >> 8);
	octets[1] = (unsigned char)(group & 0xff);
	return count;
}

/* Groups and their colons; *gap is where a "::" stood, or IP6. */
static bool
read_groups(const char *here, const char *end, unsigned char *octets,
    size_t *length, size_t *gap)
{
	unsigned char group[2];
	unsigned count;

	while (here < end) {
		count = read_group(here, end, group);
		if (count == 0)
			return false;
		if (here + count < end && here[count] == '.') {
			*length += IP4;
			return *length <= IP6 && address_parse_ip4((struct str){
			    here, (size_t)(end - here) },
			    octets + *length - IP4);
		}
		if (*length == IP6)
			return false;
		octets[(*length)++] = group[0];
		octets[(*length)++] = group[1];
		here += count;
		if (here == end)
			return true;
		if (*here++ != ':' || here == end)
			return false;
		if (*here != ':')
			continue;
		if (*gap != IP6)
			return false;
		*gap = *length;
		here++;
	}
	return *gap != IP6;
}

bool
address_parse_ip6(struct str text, unsigned char *octets)
{
	bool starts = text.n >= 2 && text.p[0] == ':' && text.p[1] == ':';
	size_t length = 0, gap = starts ? 0 : IP6, right;

	if (!read_groups(text.p + (starts ? 2 : 0), text.p + text.n, octets,
	    &length, &gap))
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
