/* The difference of two texts, as diff -u and git write it. */
#include "base/arena.h"
#include "base/table.h"
#include "output/output.h"

enum {
	CONTEXT = 3,
	FEW_CELLS = 1000 * 1000,	/* not worth to look for anchors */
	MAX_CELLS = 16 * FEW_CELLS
};

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

/* Passages of lines that are compared, and the lines before them. */
struct passage {
	const struct str *x, *y;
	size_t n, m;
	size_t old, new;
};

/* The longest common subsequence. */
static void
compare_all(struct arena *arena, const struct passage *passage,
    struct script *script)
{
	const struct str *x = passage->x, *y = passage->y;
	size_t n = passage->n, m = passage->m, width = m + 1, i, j;
	struct arena_mark mark = arena_mark(arena);
	uint32_t *longest = ARENA_ARRAY(arena, (n + 1) * width, uint32_t);

	for (i = n; i-- > 0;)
		for (j = m; j-- > 0;)
			longest[i * width + j] = str_equal(x[i], y[j]) ?
			    longest[(i + 1) * width + j + 1] + 1 :
			    longest[(i + 1) * width + j] >
			    longest[i * width + j + 1] ?
			    longest[(i + 1) * width + j] :
			    longest[i * width + j + 1];
	for (i = 0, j = 0; i < n || j < m;) {
		if (i < n && j < m && str_equal(x[i], y[j])) {
			add(script, ' ', x[i], passage->old + i,
			    passage->new + j);
			i++;
			j++;
		} else if (i < n && (j == m ||
		    longest[(i + 1) * width + j] >=
		    longest[i * width + j + 1])) {
			add(script, '-', x[i], passage->old + i,
			    passage->new + j);
			i++;
		} else {
			add(script, '+', y[j], passage->old + i,
			    passage->new + j);
			j++;
		}
	}
	arena_release(arena, mark);
}

/* ---- long ones ----------------------------------------------------------- */

/* A line that stands in each of two passages once, and where. */
struct anchor {
	struct anchor *before;		/* in the longest row that ends here */
	size_t old, new;
	size_t olds, news;		/* how often it stands there */
};

static struct anchor *
anchor_of(struct arena *arena, struct table *table, struct str line)
{
	struct anchor *anchor = table_find(table, line);

	if (anchor == NULL) {
		anchor = ARENA_NEW(arena, struct anchor);
		table_add(table, arena, line, anchor);
	}
	return anchor;
}

/*
 * The most of such lines that have the same order in both, the last first:
 * patience sorting, in which a row of each length is kept by its least end.
 */
static struct anchor *
find_anchors(struct arena *arena, const struct passage *passage)
{
	struct anchor **rows, *anchor;
	struct table table = { 0 };
	size_t count = 0, low, high, middle, i;

	for (i = 0; i < passage->n; i++) {
		anchor = anchor_of(arena, &table, passage->x[i]);
		anchor->old = i;
		anchor->olds++;
	}
	for (i = 0; i < passage->m; i++) {
		anchor = anchor_of(arena, &table, passage->y[i]);
		anchor->new = i;
		anchor->news++;
	}
	rows = ARENA_ARRAY(arena, passage->n + 1, struct anchor *);
	for (i = 0; i < passage->n; i++) {
		anchor = table_find(&table, passage->x[i]);
		if (anchor->olds != 1 || anchor->news != 1)
			continue;
		for (low = 0, high = count; low < high;) {
			middle = low + (high - low) / 2;
			if (rows[middle]->new < anchor->new)
				low = middle + 1;
			else
				high = middle;
		}
		anchor->before = low > 0 ? rows[low - 1] : NULL;
		rows[low] = anchor;
		count += low == count;
	}
	return count > 0 ? rows[count - 1] : NULL;
}

static void compare(struct arena *, struct passage, struct script *);

/* Anchors stay where they are; between them lie shorter passages. */
static void
compare_between(struct arena *arena, const struct passage *passage,
    struct anchor *last, struct script *script)
{
	struct anchor *anchor, *next = NULL, *before;
	struct passage rest = *passage, part;
	size_t old, new;

	/* The first one first. */
	for (anchor = last; anchor != NULL; anchor = before) {
		before = anchor->before;
		anchor->before = next;
		next = anchor;
	}
	for (anchor = next; anchor != NULL; anchor = anchor->before) {
		old = anchor->old + passage->old - rest.old;
		new = anchor->new + passage->new - rest.new;
		part = rest;
		part.n = old;
		part.m = new;
		compare(arena, part, script);
		add(script, ' ', rest.x[old], rest.old + old, rest.new + new);
		rest = (struct passage){ rest.x + old + 1, rest.y + new + 1,
		    rest.n - old - 1, rest.m - new - 1, rest.old + old + 1,
		    rest.new + new + 1 };
	}
	compare(arena, rest, script);
}

/* Has a table of both no more cells than so many? */
static bool
fits(const struct passage *passage, size_t cells)
{
	return passage->n < cells && passage->m < cells &&
	    (passage->n + 1) * (passage->m + 1) <= cells;
}

/* Equal heads and tails stay; without an anchor all else goes and comes. */
static void
compare(struct arena *arena, struct passage all, struct script *script)
{
	struct anchor *last = NULL;
	size_t tail = 0, i;

	for (; all.n > 0 && all.m > 0 && str_equal(*all.x, *all.y);
	    all.x++, all.y++, all.n--, all.m--)
		add(script, ' ', *all.x, all.old++, all.new++);
	for (; all.n > 0 && all.m > 0 && str_equal(all.x[all.n - 1],
	    all.y[all.m - 1]); all.n--, all.m--)
		tail++;
	if (!fits(&all, FEW_CELLS))
		last = find_anchors(arena, &all);
	if (last != NULL)
		compare_between(arena, &all, last, script);
	else if (fits(&all, MAX_CELLS))
		compare_all(arena, &all, script);
	else {
		for (i = 0; i < all.n; i++)
			add(script, '-', all.x[i], all.old + i, all.new);
		for (i = 0; i < all.m; i++)
			add(script, '+', all.y[i], all.old + all.n,
			    all.new + i);
	}
	for (i = 0; i < tail; i++)
		add(script, ' ', all.x[all.n + i], all.old + all.n + i,
		    all.new + all.m + i);
}

static struct script
make_script(struct arena *arena, const struct lines *a, const struct lines *b)
{
	struct script script = { ARENA_ARRAY(arena, a->count + b->count + 1,
	    struct change), 0 };

	compare(arena, (struct passage){ a->lines, b->lines, a->count,
	    b->count, 0, 0 }, &script);
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
