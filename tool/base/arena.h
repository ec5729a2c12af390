/*
 * Memory for one zone or one run: allocated piece by piece, freed at once.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "base/str.h"

struct arena;

/* What a computation took can be given back in one step, see arena_mark. */
struct arena_mark {
	void *block;
	size_t used, size;
};

/* Empty; never NULL, as arena_alloc. */
struct arena *arena_new(void);
void arena_free(struct arena *);	/* NULL is fine */
void arena_reset(struct arena *);	/* forgets everything, stays usable */

/*
 * One that is freed when the parent is freed or reset, unless it is before, by
 * a thread that may use the parent. Until then the two have nothing in common:
 * another thread may use it.
 */
struct arena *arena_child(struct arena *parent);

/* Everything allocated after the mark is forgotten by arena_release. */
struct arena_mark arena_mark(const struct arena *);
void arena_release(struct arena *, struct arena_mark);

/*
 * Zeroed and aligned for any type; never NULL: when memory runs out, the
 * program says so and exits with status 2.
 */
void *arena_alloc(struct arena *, size_t size);

/* The same, not zeroed: for who writes before he reads. */
void *arena_room(struct arena *, size_t size);

/* An array of count elements; dies when the product overflows. */
void *arena_array(struct arena *, size_t count, size_t size);

/* A copy, which is followed by a NUL that does not count. */
struct str arena_copy(struct arena *, struct str);
const char *arena_cstr(struct arena *, struct str);

/* Texts that came shortly before. Starts as { 0 }, and is for one arena. */
enum { ARENA_TEXTS = 32 };
struct arena_texts {
	struct str texts[ARENA_TEXTS];
};

/* As arena_copy; of a text that came shortly before there is one copy. */
struct str arena_copy_once(struct arena *, struct arena_texts *, struct str);

/* Parts one after the other, followed by a NUL that does not count. */
struct str arena_join(struct arena *, const struct str *parts, size_t count);

/* As printf; the result is followed by a NUL that does not count. */
struct str arena_printf(struct arena *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
struct str arena_vprintf(struct arena *, const char *format, va_list)
    __attribute__((format(printf, 2, 0)));

/* One object or one array. */
#define ARENA_NEW(arena, type) \
	((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, count, type) \
	((type *)arena_array((arena), (count), sizeof(type)))

#endif
