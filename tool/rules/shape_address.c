/*
 * Shapes: the addresses in them.
 */
#include <arpa/inet.h>

#include "rules/shape.h"

enum {
	/* An address in a wider network might be in that of another. */
	PREFIX_IP4 = 24, PREFIX_IP6 = 48,
	APART_IP4 = 16, APART_IP6 = 24,	/* bits of what is near */
	SHOWN_IP6 = 4			/* octets that tell its purpose */
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

static bool
has_host_bits(const unsigned char *octets, int length, int prefix)
{
	int i;

	for (i = prefix / 8; prefix >= 0 && i < length; i++)
		if ((i > prefix / 8 ? octets[i] : octets[i] &
		    (0xff >> prefix % 8)) != 0)
			return true;
	return false;
}

static struct shape_address
address_of(const unsigned char *octets, bool ip6, bool term)
{
	struct shape_address address = { .ip6 = ip6, .term = term };
	size_t i;

	for (i = 0; ip6 && i < 8; i++)
		address.upper = address.upper << 8 | octets[i];
	for (; i < (ip6 ? 16 : 4); i++)
		address.lower = address.lower << 8 | octets[i];
	return address;
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

static void
put_again(struct drawing *drawing, size_t number,
    const struct shape_address *address, bool host_bits)
{
	struct shape_address *before = &drawing->shape->addresses[number];

	before->term |= address->term;
	put_byte(drawing, MARK_AGAIN);
	put_byte(drawing, (int)number);
	put_byte(drawing, str_equal(before->text, address->text));
	put_byte(drawing, host_bits);
}

/*
 * It may be one of the others again. Terms of SPF must be far from each other
 * else: then what rules make of two does not depend on which they are.
 */
bool
shape_put_address(struct drawing *drawing, struct str text,
    const unsigned char *octets, bool ip6, bool term)
{
	struct shape *shape = drawing->shape;
	struct shape_address address = address_of(octets, ip6, term), *other;
	size_t count = shape->address_count, again = count, i;
	int prefix = prefix_at(drawing->here), length = ip6 ? 128 : 32;
	bool host_bits = has_host_bits(octets, length / 8, prefix);

	address.text = text;
	if (prefix >= 0 && (prefix < (ip6 ? PREFIX_IP6 : PREFIX_IP4) ||
	    prefix > length))
		return false;
	for (i = 0; i < count; i++) {
		other = &shape->addresses[i];
		if (is_same(&address, other))
			again = i;
		else if (!is_apart(&address, other))
			return false;
	}
	drawing->slack += !term ? 0 : ip6 ? INET6_ADDRSTRLEN : INET_ADDRSTRLEN;
	if (again < count) {
		put_again(drawing, again, &address, host_bits);
		return true;
	}
	if (count == SHAPE_ADDRESSES)
		return false;
	shape->addresses[shape->address_count++] = address;
	put_byte(drawing, ip6 ? MARK_IP6 : MARK_IP4);
	if (ip6)
		put(drawing, octets, SHOWN_IP6);
	put_byte(drawing, host_bits);
	return true;
}
