/* Halves are sorted, and merged where they are not in order. */
#include <string.h>

#include "base/arena.h"
#include "base/sort.h"

struct sorting {
	size_t size;			/* of an item */
	int (*compare)(const void *, const void *);
	char *room;			/* for half of them */
};

/* The first half waits in the room, and what is less comes before it. */
static void
merge(const struct sorting *sorting, char *items, const char *second,
    const char *end)
{
	const size_t size = sorting->size, half = (size_t)(second - items);
	const char *first = sorting->room, *first_end = first + half;

	memcpy(sorting->room, items, half);
	while (first < first_end && second < end) {
		if (sorting->compare(second, first) < 0) {
			memcpy(items, second, size);
			second += size;
		} else {
			memcpy(items, first, size);
			first += size;
		}
		items += size;
	}
	memcpy(items, first, (size_t)(first_end - first));
}

static void
sort(const struct sorting *sorting, char *items, size_t count)
{
	const size_t size = sorting->size;
	char *second = items + count / 2 * size;

	if (count < 2)
		return;
	sort(sorting, items, count / 2);
	sort(sorting, second, count - count / 2);
	if (sorting->compare(second - size, second) > 0)
		merge(sorting, items, second, items + count * size);
}

void
sort_nearly(void *items, size_t count, size_t size,
    int (*compare)(const void *, const void *), struct arena *arena)
{
	struct sorting sorting = { .size = size, .compare = compare,
	    .room = arena_alloc(arena, count / 2 * size) };

	sort(&sorting, items, count);
}
