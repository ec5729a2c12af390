/*
 * Sixty-four bytes of a text at once: which of them end words, which are
 * blanks. There are several ways to find out, one for each kind of processor;
 * what they find is the same.
 */
#ifndef ZONE_WINDOW_H
#define ZONE_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/name.h"

enum { WINDOW = 64 };

/* Bit i speaks of byte i. */
enum window_mask {
	WINDOW_STOP,			/* LF CR " ( ) ; \ NUL */
	WINDOW_END,			/* those, space and tab */
	WINDOW_CODE,			/* neither space nor tab */
	WINDOW_MASKS
};

/* The number of the lowest bit that is set, of which there must be one. */
static inline size_t
bit_first(uint64_t bits)
{
	return (size_t)__builtin_ctzll(bits);
}

/* Bits below a length that is not 0. */
static inline uint64_t
within(uint64_t mask, size_t length)
{
	return mask & (UINT64_MAX >> (WINDOW - length));
}

/*
 * A name, for whoever knows how long it is. Behind the first byte that is
 * escaped nothing is said.
 */
struct folded {
	/* ASCII letters in lower case; and room for an origin. */
	char text[WINDOW + 1 + NAME_MAX_WIRE];
	uint64_t dots;
	/* Canonical names (base/name.h) have these only behind a backslash. */
	uint64_t escaped;
};

/* How long a word is, WINDOW when its end is not seen, and the dots in it. */
struct window_word {
	size_t n;
	uint64_t dots;
};

/* Which bytes are hexadecimal digits, and which colons. */
struct window_hex {
	uint64_t digits, colons;
};

/* All read 64 bytes at a time, whatever the text holds. */
struct window_kernel {
	const char *name;
	void (*classify)(const char *text, uint64_t masks[WINDOW_MASKS]);
	struct window_word (*word)(const char *text);
	/* How far the next LF " \ NUL is, of which there must be one. */
	size_t (*quoted)(const char *text);
	/* How long the IPv4 address is that stands there; 0: none does. */
	size_t (*ip4)(const char *text);
	struct window_hex (*hex)(const char *text);
	void (*fold)(const char *text, struct folded *);
};

/*
 * The kernel in use: the best one for this processor, unless another has been
 * asked for. NULL when there shall be none.
 */
const struct window_kernel *window_kernel(void);
/* By number, best first; NULL behind the last, which works everywhere. */
const struct window_kernel *window_kernel_at(size_t number);
/* For tests; not while another thread reads. */
void window_use(const struct window_kernel *);

/*
 * Those made for this kind of processor which this one can run, best first;
 * NULL behind the last. Each kind has a file of its own, see configure.
 */
const struct window_kernel *window_native(size_t number);

#endif
