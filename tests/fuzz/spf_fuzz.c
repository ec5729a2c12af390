#include <assert.h>

#include "../holds.h"
#include "base/arena.h"
#include "base/name.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Where it leads can be asked of every term, and is a name or nothing. */
static void
check_targets(struct arena *arena, const struct spf *spf)
{
	const struct spf_term *term;
	struct str target, again;

	for (term = spf->terms; term != NULL; term = term->next) {
		target = spf_target(arena, term, STR("mail.example.com"));
		if (target.n > 0)
			assert(name_parse(arena, target, &again) &&
			    str_equal(target, again));
		spf_name_near(term->name);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct str text = { (const char *)bytes, size }, printed, label;
	struct arena *arena = arena_new();
	enum auth version = auth_version(text);

	assert(version == AUTH_NONE ||
	    auth_near_version(text) == AUTH_NONE);
	assert(spf_holds(arena, text, &printed));
	check_targets(arena, spf_parse(arena, text));
	assert(auth_place(text, &printed, &label) != AUTH_NONE);
	assert(printed.n + label.n <= text.n);
	arena_free(arena);
	return 0;
}
