/* Halves are sorted, and merged if they are not in order; few are inserted. */
#include <string.h>

#include "base/arena.h"
#include "base/sort.h"

enum { FEW = 8 };

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

/* Each behind what is no more than it, of those before. */
static void
insert(const struct sorting *sorting, char *items, size_t count)
{
	const size_t size = sorting->size;
	char *item, *place, *end = items + count * size;

	for (item = items + size; item < end; item += size) {
		if (sorting->compare(item - size, item) <= 0)
			continue;
		for (place = item - size; place > items &&
		    sorting->compare(place - size, item) > 0;)
			place -= size;
		memcpy(sorting->room, item, size);
		memmove(place + size, place, (size_t)(item - place));
		memcpy(place, sorting->room, size);
	}
}

static void
sort(const struct sorting *sorting, char *items, size_t count)
{
	const size_t size = sorting->size;
	char *second = items + count / 2 * size;

	if (count <= FEW) {
		if (count > 1)
			insert(sorting, items, count);
		return;
	}
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
