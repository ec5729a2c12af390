/*
 * What the helpers of oracles share: chance that is the same on every machine,
 * and records as lines of hexadecimal digits.
 */
#ifndef LINES_H
#define LINES_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

#define countof(array) (sizeof(array) / sizeof((array)[0]))

/* Xorshift. */
static inline size_t
roll(size_t sides)
{
	static uint64_t seed = 7208;

	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (size_t)(seed >> 11) % sides;
}

#define CHOOSE(array) ((array)[roll(countof(array))])

/* From an offset on: one octet too many, too few, or another one. */
static inline void
spoil(struct buffer *out, size_t from, int octet)
{
	size_t at = from + roll(out->n - from);

	switch (roll(3)) {
	case 0:
		buffer_add_byte(out, ' ');
		memmove(out->p + at + 1, out->p + at, out->n - at - 1);
		out->p[at] = (char)octet;
		break;
	case 1:
		memmove(out->p + at, out->p + at + 1, out->n - at - 1);
		out->n--;
		break;
	default:
		out->p[at] = (char)octet;
	}
}

static inline void
print_hex(const struct buffer *out)
{
	size_t i;

	for (i = 0; i < out->n; i++)
		printf("%02x", (unsigned char)out->p[i]);
	putchar('\n');
}

/* The octets take the place of their digits. */
static inline size_t
read_hex(char *line)
{
	char pair[3] = "";
	size_t length = strcspn(line, "\n") / 2, i;

	for (i = 0; i < length; i++) {
		memcpy(pair, line + 2 * i, 2);
		line[i] = (char)strtoul(pair, NULL, 16);
	}
	return length;
}

/* What each helper is called for: "make NUMBER", or "judge" its input. */
static inline int
make_or_judge(int argc, char **argv, void (*make)(size_t),
    void (*judge)(void))
{
	if (argc == 3 && strcmp(argv[1], "make") == 0)
		make(strtoul(argv[2], NULL, 10));
	else if (argc == 2 && strcmp(argv[1], "judge") == 0)
		judge();
	else
		return 2;
	return 0;
}

#endif
