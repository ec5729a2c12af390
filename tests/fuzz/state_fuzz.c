#include <assert.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "policy/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* What was read can be written, and reads the same again. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct source source = { .path = STR("state.json"),
	    .text = { (const char *)bytes, size } };
	struct arena *arena = arena_new();
	struct state *state = state_new(arena), *again = state_new(arena);
	struct buffer first = { 0 }, second = { 0 };
	size_t position = 0;
	struct str why, name;

	if (state_read(state, &source, &why)) {
		while ((name = state_next(state, STR(""), &position)).p !=
		    NULL)
			assert(name_within(name, STR("")));
		state_write(state, &first);
		source.text = buffer_str(&first);
		assert(state_read(again, &source, &why));
		state_write(again, &second);
		assert(str_equal(buffer_str(&first), buffer_str(&second)));
	} else
		assert(why.n > 0);
	buffer_free(&first);
	buffer_free(&second);
	arena_free(arena);
	return 0;
}
