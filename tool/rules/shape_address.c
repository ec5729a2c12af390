/*
 * Shapes: the addresses in them.
 */
#include <arpa/inet.h>
#include <endian.h>

#include "base/address.h"
#include "rules/shape.h"

enum {
	/* An address in a wider network might be in that of another. */
	PREFIX_IP4 = 24, PREFIX_IP6 = 48,
	APART_IP4 = 16, APART_IP6 = 24,	/* bits of what is near */
	MARK_MAX = 8,			/* octets */
	IP6_GROUPS = 8
};

/* The prefix length behind an address; -1 when there is none. */
static int
prefix_at(const char *here)
{
	int prefix = 0;

	if (*here != '/')
		return -1;
	while ((class_of(*++here) & DIGIT) != 0 && prefix < 1000)
		prefix = prefix * 10 + *here - '0';
	return prefix;
}

/* Behind a prefix of an ordinary length. */
static bool
has_host_bits(const struct shape_address *address, int prefix)
{
	int bits = (address->ip6 ? 128 : 32) - prefix;

	if (bits < 64)
		return address->lower << 1 << (63 - bits) != 0;
	return address->lower != 0 ||
	    address->upper << 1 << (127 - bits) != 0;
}

static bool
is_same(const struct shape_address *a, const struct shape_address *b)
{
	return a->lower == b->lower && a->upper == b->upper &&
	    a->ip6 == b->ip6;
}

/* Is neither in a network of the other, whatever its length? */
static bool
is_apart(const struct shape_address *a, const struct shape_address *b)
{
	return a->ip6 != b->ip6 || !a->term || !b->term ||
	    (a->ip6 ? a->upper >> APART_IP6 != b->upper >> APART_IP6 :
	    a->lower >> APART_IP4 != b->lower >> APART_IP4);
}

/*
 * May it be one of those before, or near one? A bit for each that was there
 * says no for nearly all hosts; only terms are near each other.
 */
static bool
may_be_met(struct shape *shape, const struct shape_address *address)
{
	uint64_t hash = (address->lower ^ address->upper) *
	    UINT64_C(0x9e3779b97f4a7c15);
	uint64_t *word = &shape->seen_addresses[hash >> 62];
	uint64_t bit = UINT64_C(1) << (hash >> 56 & 63);
	bool seen;

	if (shape->address_count == 0)
		memset(shape->seen_addresses, 0,
		    sizeof(shape->seen_addresses));
	seen = (*word & bit) != 0;
	*word |= bit;
	return seen || address->term;
}

/*
 * It may be one of the others again. Terms of SPF must be far from each other
 * else: then what rules make of two does not depend on which they are. Gives
 * how long the mark is, with whatever tells it from others; 0 when it may have
 * to do with another one. Behind it, and its prefix, go the drawing.
 */
static size_t
take_address(struct drawing *drawing, const struct shape_address *address,
    unsigned char mark[MARK_MAX])
{
	struct shape *shape = drawing->shape;
	struct shape_address *other;
	size_t count = shape->address_count, again = count, n = 0, i;
	int prefix = prefix_at(drawing->here);
	int length = address->ip6 ? 128 : 32;
	uint32_t shown;			/* that tell its purpose */
	bool host_bits;

	if (prefix >= 0 && (prefix < (address->ip6 ? PREFIX_IP6 :
	    PREFIX_IP4) || prefix > length))
		return 0;
	host_bits = prefix >= 0 && has_host_bits(address, prefix);
	for (i = may_be_met(shape, address) ? 0 : count; i < count; i++) {
		other = &shape->addresses[i];
		if (is_same(address, other))
			again = i;
		else if (!is_apart(address, other))
			return 0;
	}
	if (again < count) {
		other = &shape->addresses[again];
		other->term |= address->term;
		mark[n++] = MARK_AGAIN;
		mark[n++] = (unsigned char)again;
		mark[n++] = str_equal(other->text, address->text);
	} else if (count == SHAPE_ADDRESSES)
		return 0;
	else {
		shape->addresses[shape->address_count++] = *address;
		mark[n++] = address->ip6 ? MARK_IP6 : MARK_IP4;
		if (address->ip6) {
			shown = htobe32((uint32_t)(address->upper >> 32));
			memcpy(mark + n, &shown, sizeof(shown));
			n += sizeof(shown);
		}
	}
	mark[n++] = host_bits;
	return n;
}

/* Nobody's in particular: none of these has a meaning of its own. */
static bool
is_ordinary(const struct shape_address *address)
{
	unsigned first = (unsigned)(address->ip6 ? address->upper >> 56 :
	    address->lower >> 24);

	if (address->ip6)
		return first >= 0x20 && first < 0x40;
	switch (first) {
	case 0: case 10: case 100: case 127: case 169: case 172: case 192:
	case 198: case 203:
		return false;
	default:
		return first < 224;
	}
}

static struct shape_address
address_of(struct str text, const unsigned char *octets, bool ip6, bool term)
{
	struct shape_address address = { .ip6 = ip6, .term = term,
	    .text = text };
	uint64_t words[2];
	uint32_t word;

	if (ip6) {
		memcpy(words, octets, sizeof(words));
		address.upper = be64toh(words[0]);
		address.lower = be64toh(words[1]);
	} else {
		memcpy(&word, octets, sizeof(word));
		address.lower = be32toh(word);
	}
	return address;
}

bool
shape_is_special(struct str text)
{
	unsigned char octets[16];
	struct shape_address address;

	if (!address_parse_ip4(text, octets))
		return false;
	address = address_of(text, octets, false, false);
	return !is_ordinary(&address);
}

bool
shape_put_address(struct drawing *drawing, struct str text, bool term)
{
	unsigned char octets[16], mark[MARK_MAX];
	bool ip4 = address_parse_ip4(text, octets);
	struct shape_address address;
	size_t n;

	if (!ip4 && !address_parse_ip6(text, octets))
		return false;
	address = address_of(text, octets, !ip4, term);
	n = is_ordinary(&address) ? take_address(drawing, &address, mark) : 0;
	put(drawing, mark, n);
	drawing->has_address = true;
	drawing->slack += !term ? 0 : ip4 ? INET_ADDRSTRLEN : INET6_ADDRSTRLEN;
	return n > 0;
}

/* ---- like one before ------------------------------------------------------ */

static unsigned
digit_at(const char *here)
{
	return (unsigned char)*here - (unsigned)'0';
}

/* Behind a number up to 255 without a zero in front; NULL when there is none. */
static const char *
read_octet(const char *here, unsigned *octet)
{
	unsigned first = digit_at(here), next = digit_at(here + 1);

	*octet = first;
	if (first > 9 || next > 9)
		return first > 9 ? NULL : here + 1;
	*octet = first * 10 + next;
	next = digit_at(here + 2);
	if (first == 0 || next > 9)
		return first == 0 ? NULL : here + 2;
	*octet = *octet * 10 + next;
	return *octet > 255 ? NULL : here + 3;
}

/* Behind the address; NULL when there is none. */
static const char *
read_ip4(const char *here, struct shape_address *address)
{
	unsigned octet;
	int i;

	for (i = 0; i < 4; i++) {
		if (i > 0 && *here++ != '.')
			return NULL;
		here = read_octet(here, &octet);
		if (here == NULL)
			return NULL;
		address->lower = address->lower << 8 | octet;
	}
	return here;
}

/* Hexadecimal digits in small letters, and one more; 0: none. */
#define D(value)	((value) + 1)
static const unsigned char digits[256] = {
	['0'] = D(0), ['1'] = D(1), ['2'] = D(2), ['3'] = D(3), ['4'] = D(4),
	['5'] = D(5), ['6'] = D(6), ['7'] = D(7), ['8'] = D(8), ['9'] = D(9),
	['a'] = D(10), ['b'] = D(11), ['c'] = D(12), ['d'] = D(13),
	['e'] = D(14), ['f'] = D(15),
};
#undef D

static inline bool
take_digit(const char **here, unsigned *group)
{
	unsigned digit = digits[(unsigned char)**here];

	if (digit == 0)
		return false;
	*group = *group * 16 + digit - 1;
	(*here)++;
	return true;
}

/* Behind up to four of them. */
static inline const char *
read_group(const char *here, unsigned *group)
{
	*group = 0;
	if (take_digit(&here, group) && take_digit(&here, group) &&
	    take_digit(&here, group))
		take_digit(&here, group);
	return here;
}

/*
 * The same in small letters, without a dotted quad at its end; one that begins
 * with a "::" is not ordinary.
 */
static const char *
read_ip6(const char *here, struct shape_address *address)
{
	__extension__ typedef unsigned __int128 wide;
	wide before = 0, groups = 0;
	int count = 0, gap = 0;
	const char *start;
	unsigned group;

	do {
		start = here;
		here = read_group(here, &group);
		if (here == start)
			return NULL;
		groups = groups << 16 | group;
		if (++count == IP6_GROUPS || *here != ':')
			break;
		if (*++here != ':')
			continue;
		if (gap > 0)
			return NULL;
		gap = count;
		before = groups << 16 * (IP6_GROUPS - count);
		groups = 0;
		here++;
	} while (gap != count || digits[(unsigned char)*here] > 0);
	groups |= before;
	address->upper = (uint64_t)(groups >> 64);
	address->lower = (uint64_t)groups;
	return (gap > 0) == (count < IP6_GROUPS) ? here : NULL;
}

bool
shape_fill_address(struct drawing *drawing, struct str mark, bool term)
{
	const char *here = drawing->here;
	bool again = (unsigned char)mark.p[0] == MARK_AGAIN;
	struct shape_address address = { .term = term, .ip6 = again ?
	    drawing->shape->addresses[(unsigned char)mark.p[1]].ip6 :
	    (unsigned char)mark.p[0] == MARK_IP6 };
	unsigned char given[MARK_MAX] = { 0 };
	size_t count, n;

	address.text.p = here;
	here = address.ip6 ? read_ip6(here, &address) :
	    read_ip4(here, &address);
	if (here == NULL || (class_of(*here) & WORD) != 0 ||
	    !is_ordinary(&address))
		return false;
	address.text.n = (size_t)(here - address.text.p);
	drawing->here = here;
	count = drawing->shape->address_count;
	n = take_address(drawing, &address, given);
	if (n == mark.n && eight_octets((const char *)given) ==
	    eight_octets(mark.p) && here <= drawing->end)
		return true;
	drawing->shape->address_count = count;
	return false;
}
