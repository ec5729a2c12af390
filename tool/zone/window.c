#include <stdatomic.h>

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

static size_t
word(const char *text, uint64_t *dots)
{
	size_t i;

	*dots = 0;
	for (i = 0; i < WINDOW && (classes[(unsigned char)text[i]] &
	    (STOP | BLANK)) == 0; i++)
		*dots |= (uint64_t)(text[i] == '.') << i;
	return i;
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
    quoted, fold };

/* ---- which one --------------------------------------------------------------- */

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
