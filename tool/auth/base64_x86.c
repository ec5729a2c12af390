/*
 * For x86-64 with AVX2: 32 digits at a time.
 */
#include "auth/base64.h"
#include "auth/base64_avx2.h"

enum { OCTETS = BASE64_BLOCK / 4 * 3 };

AVX2 static size_t
blocks(struct str text, unsigned char *octets)
{
	const __m256i order = _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 7, 7);
	__m256i groups, faults;
	size_t i;

	for (i = 0; text.n - i >= BASE64_BLOCK; i += BASE64_BLOCK) {
		groups = base64_groups(text.p + i, &faults);
		if (!_mm256_testz_si256(faults, faults))
			break;
		_mm256_storeu_si256((__m256i *)(void *)octets,
		    _mm256_permutevar8x32_epi32(base64_octets(groups), order));
		octets += OCTETS;
	}
	return i;
}

size_t
base64_blocks(struct str text, unsigned char *octets)
{
	return text.n >= BASE64_BLOCK && __builtin_cpu_supports("avx2") ?
	    blocks(text, octets) : 0;
}
