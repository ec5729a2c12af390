/*
 * How a record is written, apart from what it says: with import --tidy two
 * texts that no receiver reads differently are the same.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "import/import.h"

/* What a tag says when it is not there; p is always there. */
static const struct {
	enum auth auth;
	const char *name, *value;
} defaults[] = {
	{ AUTH_DMARC, "pct", "100" }, { AUTH_DMARC, "rf", "afrf" },
	{ AUTH_DMARC, "ri", "86400" }, { AUTH_DMARC, "fo", "0" },
	{ AUTH_DMARC, "adkim", "r" }, { AUTH_DMARC, "aspf", "r" },
	{ AUTH_DKIM, "v", "DKIM1" }, { AUTH_DKIM, "k", "rsa" },
	{ AUTH_DKIM, "s", "*" },
};

static bool
is_default(enum auth auth, const struct tag *tag)
{
	size_t i;

	for (i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++)
		if (defaults[i].auth == auth &&
		    str_is(tag->name, defaults[i].name) &&
		    str_is(tag->value, defaults[i].value))
			return true;
	return false;
}

/* Blanks in a key mean nothing, nor do those around the commas of a list. */
static struct str
tidy_value(struct arena *arena, enum auth auth, const struct tag *tag)
{
	struct buffer out = { 0 };
	struct str rest = tag->value, part;

	if (auth == AUTH_DKIM && str_is(tag->name, "p")) {
		size_t i;

		for (i = 0; i < tag->value.n; i++)
			if (!byte_is_blank((unsigned char)tag->value.p[i]))
				buffer_add_byte(&out, tag->value.p[i]);
		return buffer_finish(&out, arena);
	}
	if (!str_is(tag->name, "rua") && !str_is(tag->name, "ruf"))
		return tag->value;
	while (str_split(&rest, ',', &part)) {
		if (out.n > 0)
			buffer_add_byte(&out, ',');
		buffer_add(&out, str_trim(part));
	}
	return buffer_finish(&out, arena);
}

static int
compare(const void *a, const void *b)
{
	const struct tag *const *x = a, *const *y = b;

	return str_compare((*x)->name, (*y)->name);
}

/*
 * Tags in the order of their names, but for the version and, in DMARC, a
 * policy that follows it: receivers of RFC 7489 may want it there.
 */
static struct str
tidy_tags(struct arena *arena, enum auth auth, struct str text)
{
	struct tags tags = tags_parse(arena, text);
	const struct tag **sorted = ARENA_ARRAY(arena, tags.count + 1,
	    const struct tag *), *tag;
	struct buffer out = { 0 };
	size_t count = 0, fixed, i;

	for (tag = tags.first; tag != NULL; tag = tag->next) {
		/* What is wrong in some way stays as it is. */
		if (!tag->equals || tag->repeated)
			return text;
		if (!is_default(auth, tag))
			sorted[count++] = tag;
	}
	if (auth == AUTH_DMARC && count > 1 && !str_is(sorted[1]->name, "p"))
		return text;
	fixed = auth == AUTH_DKIM ? 0 : auth == AUTH_DMARC ? 2 : 1;
	if (count > fixed)
		qsort(sorted + fixed, count - fixed, sizeof(*sorted), compare);
	for (i = 0; i < count; i++)
		buffer_printf(&out, "%s%.*s=%.*s", i > 0 ? "; " : "",
		    STR_ARG(sorted[i]->name), STR_ARG(tidy_value(arena, auth,
		    sorted[i])));
	return buffer_finish(&out, arena);
}

struct str
import_tidy(struct arena *arena, struct str owner, struct str text)
{
	enum auth auth = auth_place(owner, NULL, NULL);

	if (auth == AUTH_DKIM)
		return tidy_tags(arena, auth, text);
	if (auth_version(text) == AUTH_NONE)
		return text;
	return auth_version(text) == AUTH_SPF ? spf_print(arena,
	    spf_parse(arena, text)) : tidy_tags(arena, auth, text);
}
