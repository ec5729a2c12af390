/*
 * Shapes: the addresses in them.
 */
#include <arpa/inet.h>
#include <endian.h>

#include "alike/shape.h"
#include "base/address.h"

enum {
	/* An address in a wider network might be in that of another. */
	PREFIX_IP4 = 24, PREFIX_IP6 = 48,
	APART_IP4 = 16, APART_IP6 = 24,	/* bits of what is near */
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
 * Its number when it is one of the others again, or the number of the next one;
 * SIZE_MAX when it may have to do with another one. Terms of SPF must be far
 * from each other else: then what rules make of two does not depend on which
 * they are.
 */
static inline size_t
number_of(struct shape *shape, const struct shape_address *address)
{
	size_t count = shape->address_count, number = count, i;
	const struct shape_address *other;

	for (i = may_be_met(shape, address) ? 0 : count; i < count; i++) {
		other = &shape->addresses[i];
		if (is_same(address, other))
			number = i;
		else if (!is_apart(address, other))
			return SIZE_MAX;
	}
	return number == SHAPE_ADDRESSES ? SIZE_MAX : number;
}

/* What stands behind an address. */
enum tail { TAIL_NONE, TAIL_HOST, TAIL_ODD };

/* A prefix, or none: with bits of the address behind it, or an odd one. */
static inline enum tail
tail_at(const char *here, const struct shape_address *address)
{
	int prefix = prefix_at(here);

	if (prefix < 0)
		return TAIL_NONE;
	if (prefix < (address->ip6 ? PREFIX_IP6 : PREFIX_IP4) ||
	    prefix > (address->ip6 ? 128 : 32))
		return TAIL_ODD;
	return has_host_bits(address, prefix) ? TAIL_HOST : TAIL_NONE;
}

/* The octets that tell its purpose. */
static inline uint32_t
shown_of(const struct shape_address *address)
{
	return htobe32((uint32_t)(address->upper >> 32));
}

static inline void
note_address(struct shape *shape, size_t number,
    const struct shape_address *address)
{
	if (number < shape->address_count)
		shape->addresses[number].term |= address->term;
	else
		shape->addresses[shape->address_count++] = *address;
}

/*
 * With whatever tells it from others. Behind it, and its prefix, go the
 * drawing. False when it may have to do with another one.
 */
static bool
put_address(struct drawing *drawing, const struct shape_address *address)
{
	struct shape *shape = drawing->shape;
	size_t number = number_of(shape, address);
	enum tail tail = tail_at(drawing->here, address);

	if (number == SIZE_MAX || tail == TAIL_ODD)
		return false;
	if (number < shape->address_count) {
		put_byte(drawing, MARK_AGAIN);
		put_byte(drawing, (int)number);
		put_byte(drawing, str_equal(shape->addresses[number].text,
		    address->text));
	} else {
		put_byte(drawing, address->ip6 ? MARK_IP6 : MARK_IP4);
		if (address->ip6)
			put_number(drawing, shown_of(address));
	}
	put_byte(drawing, tail == TAIL_HOST);
	note_address(shape, number, address);
	return true;
}

/* Would that have been put for it? */
static inline bool
is_put(const struct shape *shape, size_t number,
    const struct shape_address *address, enum tail tail, const char *mark)
{
	const struct shape_address *other = &shape->addresses[number];
	const bool again = number < shape->address_count;
	uint32_t shown = shown_of(address);
	size_t last = again ? 3 : address->ip6 ? 1 + sizeof(shown) : 1;

	if ((unsigned char)mark[0] != (again ? MARK_AGAIN : address->ip6 ?
	    MARK_IP6 : MARK_IP4) || mark[last] != (tail == TAIL_HOST))
		return false;
	if (again)
		return (unsigned char)mark[1] == number &&
		    mark[2] == str_equal(other->text, address->text);
	return !address->ip6 || memcmp(mark + 1, &shown, sizeof(shown)) == 0;
}

/* First octets of those that have a meaning of their own. */
static const bool special[256] = {
	[0] = true, [10] = true, [100] = true, [127] = true, [169] = true,
	[172] = true, [192] = true, [198] = true, [203] = true,
	[224] = true, [225] = true, [226] = true, [227] = true, [228] = true,
	[229] = true, [230] = true, [231] = true, [232] = true, [233] = true,
	[234] = true, [235] = true, [236] = true, [237] = true, [238] = true,
	[239] = true, [240] = true, [241] = true, [242] = true, [243] = true,
	[244] = true, [245] = true, [246] = true, [247] = true, [248] = true,
	[249] = true, [250] = true, [251] = true, [252] = true, [253] = true,
	[254] = true, [255] = true
};

/* Nobody's in particular: none of these has a meaning of its own. */
static inline bool
is_ordinary(const struct shape_address *address)
{
	return address->ip6 ? address->upper >> 61 == 1 :
	    !special[address->lower >> 24];
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
	unsigned char octets[16];
	bool ip4 = address_parse_ip4(text, octets);
	struct shape_address address;

	if (!ip4 && !address_parse_ip6(text, octets))
		return false;
	address = address_of(text, octets, !ip4, term);
	drawing->has_address = true;
	drawing->slack += !term ? 0 : ip4 ? INET_ADDRSTRLEN : INET6_ADDRSTRLEN;
	return is_ordinary(&address) && put_address(drawing, &address);
}

/* ---- like one before ----------------------------------------------------- */

/*
 * Behind a number up to 255 without a zero in front; NULL: there is none. Its
 * digits are taken at once, as how many they are is hard to foresee.
 */
static inline const char *
read_octet(const char *here, unsigned *octet)
{
	uint32_t digits, others;
	unsigned count;

	memcpy(&digits, here, sizeof(digits));
	digits = le32toh(digits) ^ 0x30303030;
	others = (digits | (digits + 0x76767676)) & 0x80808080;
	if (others == 0)
		return NULL;
	count = (unsigned)__builtin_ctz(others) / 8;
	if (count == 0 || (count > 1 && (digits & 0xff) == 0))
		return NULL;
	digits <<= 32 - 8 * count;
	*octet = (digits >> 24) + (digits >> 16 & 0xff) * 10 +
	    (digits >> 8 & 0xff) * 100;
	return *octet > 255 ? NULL : here + count;
}

/* Behind the address; NULL when there is none. */
static inline const char *
read_ip4(const char *here, uint64_t *value)
{
	unsigned octets[4];
	int i;

	for (i = 0; i < 4; i++) {
		if (i > 0 && *here++ != '.')
			return NULL;
		here = read_octet(here, &octets[i]);
		if (here == NULL)
			return NULL;
	}
	*value = octets[0] << 24 | octets[1] << 16 | octets[2] << 8 |
	    octets[3];
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
read_ip6(const char *here, uint64_t *upper, uint64_t *lower)
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
	*upper = (uint64_t)(groups >> 64);
	*lower = (uint64_t)groups;
	return (gap > 0) == (count < IP6_GROUPS) ? here : NULL;
}

/* The mark says of which kind it is, or which one again. */
static inline bool
has_colons(const struct shape *shape, const char *mark)
{
	return (unsigned char)mark[0] == MARK_AGAIN ?
	    shape->addresses[(unsigned char)mark[1]].ip6 :
	    (unsigned char)mark[0] == MARK_IP6;
}

bool
shape_fill_address(struct drawing *drawing, struct str mark, bool term)
{
	struct shape *shape = drawing->shape;
	const char *start = drawing->here, *here;
	struct shape_address address = { .term = term,
	    .ip6 = has_colons(shape, mark.p) };
	enum tail tail;
	size_t number;

	here = address.ip6 ? read_ip6(start, &address.upper, &address.lower) :
	    read_ip4(start, &address.lower);
	if (here == NULL || (class_of(*here) & WORD) != 0 ||
	    !is_ordinary(&address) || here > drawing->end)
		return false;
	address.text = (struct str){ start, (size_t)(here - start) };
	tail = tail_at(here, &address);
	number = number_of(shape, &address);
	if (number == SIZE_MAX || tail == TAIL_ODD ||
	    !is_put(shape, number, &address, tail, mark.p))
		return false;
	note_address(shape, number, &address);
	drawing->here = here;
	return true;
}
