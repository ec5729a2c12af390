/* For processors without a quick way of their own. */
#include "base/place.h"

size_t
place_count_lines(struct str text)
{
	size_t count = 0, i;

	for (i = 0; i < text.n; i++)
		count += text.p[i] == '\n';
	return count;
}
