#include <stdatomic.h>

#include "base/str.h"
#include "zone/window.h"

/* The kernel that needs nothing but C. */

enum { STOP = 1, BLANK = 2, ESCAPED = 4, DOT = 8 };

/* For names also: all up to the space, DEL, and what is no ASCII. */
static const unsigned char classes[256] = {
	['\0'] = STOP, ['\t'] = BLANK, ['\n'] = STOP, ['\r'] = STOP,
	[' '] = BLANK, ['"'] = STOP | ESCAPED, ['$'] = ESCAPED,
	['('] = STOP | ESCAPED, [')'] = STOP | ESCAPED, ['.'] = DOT,
	[';'] = STOP | ESCAPED, ['@'] = ESCAPED, ['\\'] = STOP | ESCAPED
};

static void
classify(const char *text, uint64_t masks[WINDOW_MASKS])
{
	uint64_t stop = 0, blank = 0, class;
	unsigned i;

	for (i = 0; i < WINDOW; i++) {
		class = classes[(unsigned char)text[i]];
		stop |= (class & STOP) << i;
		blank |= (class & BLANK) / BLANK << i;
	}
	masks[WINDOW_STOP] = stop;
	masks[WINDOW_END] = stop | blank;
	masks[WINDOW_CODE] = ~blank;
}

static struct window_word
word(const char *text)
{
	struct window_word word = { 0, 0 };

	for (; word.n < WINDOW && (classes[(unsigned char)text[word.n]] &
	    (STOP | BLANK)) == 0; word.n++)
		word.dots |= (uint64_t)(text[word.n] == '.') << word.n;
	return word;
}

static size_t
quoted(const char *text)
{
	const char *here = text;

	while (*here != '"' && *here != '\\' && *here != '\n' &&
	    *here != '\0')
		here++;
	return (size_t)(here - text);
}

/*
 * How many digits a number up to 255 without needless zeros has; 0: it is
 * none.
 */
static size_t
octet(const char *text)
{
	unsigned value = 0;
	size_t n = 0;

	for (; n < 4 && byte_is_digit((unsigned char)text[n]); n++)
		value = value * 10 + (unsigned)(text[n] - '0');
	return value > 255 || (n > 1 && *text == '0') ? 0 : n;
}

static size_t
ip4(const char *text)
{
	const char *here = text;
	size_t numbers, n;

	for (numbers = 0; numbers < 4; numbers++) {
		if (numbers > 0 && *here++ != '.')
			return 0;
		n = octet(here);
		if (n == 0)
			return 0;
		here += n;
	}
	return *here == '.' ? 0 : (size_t)(here - text);
}

static struct window_hex
hex(const char *text)
{
	struct window_hex hex = { 0, 0 };
	unsigned char byte;
	unsigned i;

	for (i = 0; i < WINDOW; i++) {
		byte = (unsigned char)text[i];
		hex.digits |= (uint64_t)(byte_is_digit(byte) ||
		    ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'f')) << i;
		hex.colons |= (uint64_t)(byte == ':') << i;
	}
	return hex;
}

static void
fold(const char *text, struct folded *folded)
{
	unsigned char byte;
	uint64_t class;
	unsigned i;

	folded->dots = folded->escaped = 0;
	for (i = 0; i < WINDOW; i++) {
		byte = (unsigned char)text[i];
		class = byte <= ' ' || byte >= 0x7f ? ESCAPED : classes[byte];
		folded->dots |= (class & DOT) / DOT << i;
		folded->escaped |= (class & ESCAPED) / ESCAPED << i;
		folded->text[i] = byte >= 'A' && byte <= 'Z' ?
		    (char)(byte - 'A' + 'a') : text[i];
	}
}

static const struct window_kernel portable = { "portable", classify, word,
    quoted, ip4, hex, fold };

/* ---- which one ----------------------------------------------------------- */

static _Atomic(const struct window_kernel *) in_use;
static atomic_bool chosen;

const struct window_kernel *
window_kernel_at(size_t number)
{
	size_t i;

	for (i = 0; i < number; i++)
		if (window_native(i) == NULL)
			break;
	if (i < number)
		return NULL;
	return window_native(number) != NULL ? window_native(number) :
	    &portable;
}

const struct window_kernel *
window_kernel(void)
{
	if (!atomic_load(&chosen))
		window_use(window_kernel_at(0));
	return atomic_load(&in_use);
}

void
window_use(const struct window_kernel *kernel)
{
	atomic_store(&in_use, kernel);
	atomic_store(&chosen, true);
}
