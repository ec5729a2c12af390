/* The difference of two texts, as diff -u and git write it. */
#include "base/arena.h"
#include "output/output.h"

enum { CONTEXT = 3, MAX_CELLS = 16 * 1000 * 1000 };

struct lines {
	struct str *lines;		/* each with its LF */
	size_t count;
};

static struct lines
split(struct arena *arena, struct str text)
{
	struct lines lines = { 0 };
	size_t room = 1, i, length;

	for (i = 0; i < text.n; i++)
		room += text.p[i] == '\n';
	lines.lines = ARENA_ARRAY(arena, room, struct str);
	while (text.n > 0) {
		length = str_find(text, '\n');
		length += length < text.n;
		lines.lines[lines.count++] = str_slice(text, 0, length);
		text = str_after(text, length);
	}
	return lines;
}

/* What becomes of a line: ' ' stays, '-' goes, '+' comes. */
struct change {
	char sign;
	struct str line;
	size_t old, new;		/* lines before this one */
};

struct script {
	struct change *changes;
	size_t count;
};

static void
add(struct script *script, char sign, struct str line, size_t old, size_t new)
{
	script->changes[script->count++] = (struct change){ sign, line, old,
	    new };
}

/*
 * The longest common subsequence of what lies between equal heads and tails;
 * when that is too much to ask, everything goes and comes.
 */
static void
compare(struct arena *arena, const struct lines *a, const struct lines *b,
    size_t head, size_t tail, struct script *script)
{
	size_t n = a->count - head - tail, m = b->count - head - tail;
	size_t i = 0, j = 0, width = m + 1;
	bool exact = n == 0 || m == 0 || n <= MAX_CELLS / (m + 1);
	uint32_t *longest = exact ? ARENA_ARRAY(arena, (n + 1) * width,
	    uint32_t) : NULL;
	const struct str *x = a->lines + head, *y = b->lines + head;

	for (i = n; exact && i-- > 0;)
		for (j = m; j-- > 0;)
			longest[i * width + j] = str_equal(x[i], y[j]) ?
			    longest[(i + 1) * width + j + 1] + 1 :
			    longest[(i + 1) * width + j] >
			    longest[i * width + j + 1] ?
			    longest[(i + 1) * width + j] :
			    longest[i * width + j + 1];
	for (i = 0, j = 0; i < n || j < m;) {
		if (exact && i < n && j < m && str_equal(x[i], y[j])) {
			add(script, ' ', x[i], head + i, head + j);
			i++;
			j++;
		} else if (i < n && (j == m || !exact ||
		    longest[(i + 1) * width + j] >=
		    longest[i * width + j + 1])) {
			add(script, '-', x[i], head + i, head + j);
			i++;
		} else {
			add(script, '+', y[j], head + i, head + j);
			j++;
		}
	}
}

static struct script
make_script(struct arena *arena, const struct lines *a, const struct lines *b)
{
	struct script script = { ARENA_ARRAY(arena, a->count + b->count + 1,
	    struct change), 0 };
	size_t least = a->count < b->count ? a->count : b->count;
	size_t head = 0, tail = 0, i;

	while (head < least && str_equal(a->lines[head], b->lines[head])) {
		add(&script, ' ', a->lines[head], head, head);
		head++;
	}
	while (tail < least - head && str_equal(a->lines[a->count - tail - 1],
	    b->lines[b->count - tail - 1]))
		tail++;
	compare(arena, a, b, head, tail, &script);
	for (i = tail; i > 0; i--)
		add(&script, ' ', a->lines[a->count - i], a->count - i,
		    b->count - i);
	return script;
}

static void
write_change(struct buffer *out, const struct change *change)
{
	buffer_add_byte(out, change->sign);
	buffer_add(out, change->line);
	if (!str_ends(change->line, STR("\n")))
		buffer_add_cstr(out, "\n\\ No newline at end of file\n");
}

/* A stretch of changes that lie close together, with what is around it. */
static void
write_hunk(struct buffer *out, const struct script *script, size_t from,
    size_t to)
{
	const struct change *first = &script->changes[from];
	size_t old = 0, new = 0, i;

	for (i = from; i < to; i++) {
		old += script->changes[i].sign != '+';
		new += script->changes[i].sign != '-';
	}
	buffer_printf(out, "@@ -%zu,%zu +%zu,%zu @@\n",
	    first->old + (old > 0), old, first->new + (new > 0), new);
	for (i = from; i < to; i++)
		write_change(out, &script->changes[i]);
}

static void
write_hunks(struct buffer *out, const struct script *script)
{
	size_t i, from, last;

	for (i = 0; i < script->count; i++) {
		if (script->changes[i].sign == ' ')
			continue;
		from = i > CONTEXT ? i - CONTEXT : 0;
		for (last = i; i < script->count && i - last <= 2 * CONTEXT;
		    i++)
			if (script->changes[i].sign != ' ')
				last = i;
		i = last + CONTEXT < script->count ? last + CONTEXT :
		    script->count - 1;
		write_hunk(out, script, from, i + 1);
	}
}

void
write_diff(struct buffer *out, struct str path, struct str old,
    struct str new)
{
	struct arena *arena = arena_new();
	struct lines a = split(arena, old), b = split(arena, new);
	struct script script;

	/* "a//etc" is no path that patch -p1 would find below "/". */
	if (str_starts(path, STR("/")))
		path = str_after(path, 1);
	if (!str_equal(old, new)) {
		script = make_script(arena, &a, &b);
		buffer_printf(out, "--- %s%.*s\n+++ b/%.*s\n",
		    old.p == NULL ? "/dev/null" : "a/",
		    old.p == NULL ? 0 : (int)path.n, path.p, STR_ARG(path));
		write_hunks(out, &script);
	}
	arena_free(arena);
}
