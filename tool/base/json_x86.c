/* For x86-64: sixteen octets at a time, with SSE2, which all of them have. */
#include <emmintrin.h>

#include "base/json.h"

enum { WIDTH = 16 };

/* Controls, and what is above ASCII: as signed numbers those are less, too. */
static inline __m128i
find_special(__m128i octets)
{
	return _mm_or_si128(
	    _mm_or_si128(_mm_cmplt_epi8(octets, _mm_set1_epi8(' ')),
	    _mm_cmpeq_epi8(octets, _mm_set1_epi8(0x7f))),
	    _mm_or_si128(_mm_cmpeq_epi8(octets, _mm_set1_epi8('"')),
	    _mm_cmpeq_epi8(octets, _mm_set1_epi8('\\'))));
}

/* True when none of them is special. */
static inline bool
copy_block(char *to, const char *from)
{
	__m128i octets = _mm_loadu_si128((const __m128i *)(const void *)from);

	_mm_storeu_si128((__m128i *)(void *)to, octets);
	return _mm_movemask_epi8(find_special(octets)) == 0;
}

/* The last block holds octets of the one before, too. */
size_t
json_copy_blocks(char *to, struct str text)
{
	size_t i;

	if (text.n < WIDTH)
		return 0;
	for (i = 0; text.n - i >= WIDTH; i += WIDTH)
		if (!copy_block(to + i, text.p + i))
			return i;
	return copy_block(to + text.n - WIDTH, text.p + text.n - WIDTH) ?
	    text.n : i;
}
