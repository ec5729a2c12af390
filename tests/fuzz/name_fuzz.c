#include <assert.h>

#include "base/arena.h"
#include "base/name.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Labels taken off at the left are those counted from the right. */
static void
check_labels(struct str name)
{
	size_t count = name_labels(name);
	struct str rest;

	for (rest = name; rest.n > 0; rest = name_parent(rest)) {
		assert(str_equal(name_last(name, count--), rest));
		assert(name_within(name, rest));
		assert(name_label(rest).n > 0 || rest.p[0] == '.');
	}
	assert(count == 0 && name_last(name, 0).n == 0);
}

/* What is left of a parent, a dot and the parent are the name again. */
static void
check_relatives(struct arena *arena, struct str name)
{
	struct str parent = name_parent(name);

	if (parent.n == 0)
		return;
	assert(str_equal(name_relative(name, parent), name_label(name)));
	assert(str_equal(name_join(arena, name_label(name), parent), name));
	assert(name_compare(parent, name) < 0);
	assert(name_compare(name, parent) > 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct str text = { (const char *)bytes, size }, name, again;
	struct arena *arena = arena_new();

	if (name_parse(arena, text, &name)) {
		assert(name_wire_length(name) <= NAME_MAX_WIRE);
		assert(name.n == 0 || name_parse(arena, name, &again));
		assert(name.n == 0 || str_equal(name, again));
		assert(name_compare(name, name) == 0);
		check_labels(name);
		check_relatives(arena, name);
	} else {
		name_labels(name);
		name_last(name, 2);
		name_wire_length(name);
		name_is_host(name, true);
	}
	arena_free(arena);
	return 0;
}
