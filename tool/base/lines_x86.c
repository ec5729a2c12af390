/* For x86-64: SSE2, which all of them have, and AVX2 where there is any. */
#include <immintrin.h>

#include "base/place.h"

/* As often as a byte can count: once in a round, or four times. */
enum { WIDTH = 16, ROUNDS = 255, WIDE = 128, WIDE_ROUNDS = 63 };

#define AVX2	__attribute__((target("avx2")))

/* In so many times sixteen bytes. */
static size_t
count_in(const char *text, size_t rounds)
{
	__m128i count = _mm_setzero_si128(), bytes;
	const __m128i line = _mm_set1_epi8('\n');
	size_t i;

	for (i = 0; i < rounds; i++) {
		bytes = _mm_loadu_si128((const __m128i *)(const void *)
		    (text + i * WIDTH));
		count = _mm_sub_epi8(count, _mm_cmpeq_epi8(bytes, line));
	}
	count = _mm_sad_epu8(count, _mm_setzero_si128());
	return (size_t)_mm_cvtsi128_si64(count) +
	    (size_t)_mm_cvtsi128_si64(_mm_unpackhi_epi64(count, count));
}

AVX2 static __m256i
lines_at(const char *text)
{
	return _mm256_cmpeq_epi8(_mm256_set1_epi8('\n'),
	    _mm256_loadu_si256((const __m256i *)(const void *)text));
}

/* In so many times 128 bytes. */
AVX2 static size_t
count_in_wide(const char *text, size_t rounds)
{
	__m256i count = _mm256_setzero_si256();
	const char *end = text + rounds * WIDE;

	for (; text < end; text += WIDE) {
		count = _mm256_sub_epi8(count, lines_at(text));
		count = _mm256_sub_epi8(count, lines_at(text + 32));
		count = _mm256_sub_epi8(count, lines_at(text + 64));
		count = _mm256_sub_epi8(count, lines_at(text + 96));
	}
	count = _mm256_sad_epu8(count, _mm256_setzero_si256());
	return (size_t)_mm256_extract_epi64(count, 0) +
	    (size_t)_mm256_extract_epi64(count, 1) +
	    (size_t)_mm256_extract_epi64(count, 2) +
	    (size_t)_mm256_extract_epi64(count, 3);
}

/* Counts in a part of the text, and cuts it off; at most so many rounds. */
static size_t
count_part(struct str *text, size_t width, size_t most,
    size_t count(const char *, size_t))
{
	size_t rounds = text->n / width, lines;

	if (rounds > most)
		rounds = most;
	lines = count(text->p, rounds);
	*text = str_after(*text, rounds * width);
	return lines;
}

/* In what is left, fewer than sixteen bytes, behind so many others. */
static size_t
count_last(struct str text, size_t before)
{
	const __m128i line = _mm_set1_epi8('\n');
	size_t count = 0, i;
	unsigned lines;

	if (before + text.n < WIDTH) {
		for (i = 0; i < text.n; i++)
			count += text.p[i] == '\n';
		return count;
	}
	lines = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(line,
	    _mm_loadu_si128((const __m128i *)(const void *)
	    (text.p + text.n - WIDTH))));
	for (lines >>= WIDTH - text.n; lines != 0; lines &= lines - 1)
		count++;
	return count;
}

size_t
place_count_lines(struct str text)
{
	const size_t all = text.n;
	size_t count = 0;

	if (text.n >= WIDE && __builtin_cpu_supports("avx2"))
		while (text.n >= WIDE)
			count += count_part(&text, WIDE, WIDE_ROUNDS,
			    count_in_wide);
	while (text.n >= WIDTH)
		count += count_part(&text, WIDTH, ROUNDS, count_in);
	return count + count_last(text, all - text.n);
}
