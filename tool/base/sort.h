/*
 * Sorting what is nearly in order already.
 */
#ifndef BASE_SORT_H
#define BASE_SORT_H

#include <stddef.h>

struct arena;

/*
 * As qsort(), and what is equal stays in its order. What is in order costs one
 * comparison each. Room for half of it is taken from the arena.
 */
void sort_nearly(void *items, size_t count, size_t size,
    int (*compare)(const void *, const void *), struct arena *);

#endif
