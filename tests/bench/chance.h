/* Numbers that look like chance and are the same every time. */
#ifndef BENCH_CHANCE_H
#define BENCH_CHANCE_H

#include <stdint.h>

static uint64_t seed = UINT64_C(0x9e3779b97f4a7c15);

/* xorshift64*, Vigna 2016. */
static uint32_t
below(uint32_t n)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (uint32_t)((seed * UINT64_C(0x2545f4914f6cdd1d)) >> 33) % n;
}

#endif
