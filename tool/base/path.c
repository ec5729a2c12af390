#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/path.h"

struct str
path_folder(struct str path)
{
	size_t slash = str_find_last(path, '/');

	if (slash == path.n)
		return STR(".");
	return str_slice(path, 0, slash == 0 ? 1 : slash);
}

struct str
path_name(struct str path)
{
	size_t slash = str_find_last(path, '/');

	return slash == path.n ? path : str_after(path, slash + 1);
}

struct str
path_join(struct arena *arena, struct str folder, struct str path)
{
	struct str parts[] = { folder, STR_NONE, path };

	if ((path.n > 0 && path.p[0] == '/') || folder.n == 0 ||
	    str_is(folder, "."))
		return arena_copy(arena, path);
	if (folder.p[folder.n - 1] != '/')
		parts[1] = STR("/");
	return arena_join(arena, parts, sizeof(parts) / sizeof(parts[0]));
}

struct str
path_real(struct arena *arena, struct str path)
{
	char *real = realpath(arena_cstr(arena, path), NULL);
	struct str copy = STR_NONE;

	if (real != NULL)
		copy = arena_copy(arena, str_from(real));
	free(real);
	return copy;
}

struct str
real_folder_of(struct arena *arena, struct real_folder *last, struct str path)
{
	struct str folder = path_folder(path);

	if (!str_equal(folder, last->folder)) {
		last->folder = folder;
		last->real = path_real(arena, folder);
	}
	return last->real;
}

struct str
path_real_beside(struct arena *arena, struct real_folder *last,
    struct str path)
{
	struct str folder = real_folder_of(arena, last, path);
	struct str name = path_name(path);
	char target;

	/* Only what is a link, or not there, may be somewhere else. */
	if (folder.p == NULL || name.n == 0 || str_is(name, ".") ||
	    str_is(name, "..") ||
	    readlink(arena_cstr(arena, path), &target, 1) >= 0 ||
	    errno != EINVAL)
		return path_real(arena, path);
	return path_join(arena, folder, name);
}

struct str
path_clean(struct arena *arena, struct str path)
{
	char *clean = arena_alloc(arena, path.n + 1);
	struct str part;
	size_t n = 0;

	while (str_split(&path, '/', &part)) {
		if (part.n == 0 || str_is(part, "."))
			continue;
		if (str_is(part, "..")) {
			while (n > 0 && clean[--n] != '/')
				continue;
			continue;
		}
		clean[n++] = '/';
		memcpy(clean + n, part.p, part.n);
		n += part.n;
	}
	if (n == 0)
		clean[n++] = '/';
	return (struct str){ clean, n };
}

struct str
path_below(struct str path, struct str folder)
{
	if (str_is(folder, "/"))
		folder.n = 0;
	if (folder.p == NULL || !str_starts(path, folder))
		return STR_NONE;
	path = str_after(path, folder.n);
	if (path.n > 0 && path.p[0] != '/')
		return STR_NONE;
	return path.n == 0 ? STR("") : str_after(path, 1);
}

/* ---- patterns ------------------------------------------------------------ */

/* Does a byte belong to the set that starts at the bracket? */
static bool
in_set(struct cursor *set, int byte)
{
	bool negated = cursor_accept(set, '!') || cursor_accept(set, '^');
	bool found = false, first = true;
	int low, high;

	while ((low = cursor_next(set)) != END && (low != ']' || first)) {
		high = low;
		if (cursor_peek(set) == '-' && cursor_peek_at(set, 1) != ']') {
			cursor_next(set);
			high = cursor_next(set);
		}
		found |= byte >= low && byte <= high;
		first = false;
	}
	return found != negated && byte != '/' && byte != END;
}

static bool match(struct cursor pattern, struct cursor path);

/* Behind a star: it stands for nothing, or else for more and more. */
static bool
match_star(struct cursor pattern, struct cursor path)
{
	bool deep = cursor_accept(&pattern, '*');
	int byte;

	/* Two stars and a slash may also stand for nothing. */
	if (deep && cursor_peek(&pattern) == '/' &&
	    match((struct cursor){ pattern.text, pattern.here + 1 }, path))
		return true;
	do {
		if (match(pattern, path))
			return true;
		byte = cursor_next(&path);
	} while (byte != END && (deep || byte != '/'));
	return false;
}

static bool
match(struct cursor pattern, struct cursor path)
{
	int byte;

	while ((byte = cursor_next(&pattern)) != END) {
		if (byte == '*')
			return match_star(pattern, path);
		if (byte == '[') {
			if (!in_set(&pattern, cursor_next(&path)))
				return false;
		} else if (byte == '?') {
			byte = cursor_next(&path);
			if (byte == END || byte == '/')
				return false;
		} else if (!cursor_accept(&path, byte))
			return false;
	}
	return cursor_peek(&path) == END;
}

bool
path_matches(struct str pattern, struct str path)
{
	return match((struct cursor){ pattern, 0 },
	    (struct cursor){ path, 0 });
}
