/*
 * Networks whose addresses no receiver on the Internet sees: RFC 6890 and those
 * that it lists.
 */
#include "policy/policy.h"

static const struct special_network specials[] = {
	{ { false, { 0 },		8 },  "no host's address", false },
	{ { false, { 10 },		8 },  "private", false },
	{ { false, { 127 },		8 },  "of the host itself", false },
	{ { false, { 169, 254 },	16 }, "of the local link", false },
	{ { false, { 172, 16 },		12 }, "private", false },
	{ { false, { 192, 168 },	16 }, "private", false },
	{ { false, { 192, 0, 2 },	24 }, "for examples only", true },
	{ { false, { 198, 51, 100 },	24 }, "for examples only", true },
	{ { false, { 203, 0, 113 },	24 }, "for examples only", true },
	{ { false, { 224 },		3 },  "of no single host", false },
	{ { true, { 0 },		127 }, "of the host itself", false },
	{ { true, { 0xfe, 0x80 },	10 }, "of the local link", false },
	{ { true, { 0xfc },		7 },  "private", false },
	{ { true, { 0xff },		8 },  "of no single host", false },
	{ { true, { 0x20, 0x01, 0x0d, 0xb8 }, 32 }, "for examples only",
	    true },
	{ { true, { 0x3f, 0xff },	20 }, "for examples only", true },
};

enum { SPECIALS = sizeof(specials) / sizeof(specials[0]) };

const struct special_network *
special_around(const struct network *network)
{
	size_t i;

	for (i = 0; i < SPECIALS; i++)
		/* Every term of SPF comes by. */
		if (specials[i].network.ip6 == network->ip6 &&
		    specials[i].network.length <= network->length &&
		    network_contains(&specials[i].network, network))
			return &specials[i];
	return NULL;
}

uint64_t
public_addresses4(const struct network *network)
{
	const struct special_network *around = special_around(network);
	uint64_t count = UINT64_C(1) << (32 - network->length);
	size_t i;

	if (around != NULL && !around->example)
		return 0;
	for (i = 0; i < SPECIALS; i++)
		if (!specials[i].example &&
		    network_contains(network, &specials[i].network))
			count -= UINT64_C(1) <<
			    (32 - specials[i].network.length);
	return count;
}
