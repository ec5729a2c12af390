/* Edits become a new text, and everything else stays byte for byte. */
#include "base/arena.h"
#include "base/buffer.h"
#include "base/file.h"
#include "fix/fix.h"

/* Does the first line end with CR LF? */
static bool
has_carriage_returns(struct str text)
{
	size_t end = str_find(text, '\n');

	return end > 0 && end < text.n && text.p[end - 1] == '\r';
}

static void
add(struct buffer *out, struct str replacement, bool carriage_returns)
{
	struct str line;
	bool first = true;

	while (str_split(&replacement, '\n', &line)) {
		if (!first)
			buffer_add_cstr(out, carriage_returns ? "\r\n" : "\n");
		buffer_add(out, line);
		first = false;
	}
}

struct str
splice(struct arena *arena, struct str text, const struct edit *const *edits,
    size_t count, struct ranges *ranges)
{
	bool carriage_returns = has_carriage_returns(text);
	struct buffer out = { 0 };
	size_t here = 0, i;
	struct str new;

	ranges->rows = ARENA_ARRAY(arena, count + 1, struct change_range);
	ranges->count = count;
	for (i = 0; i < count; i++) {
		ranges->rows[i].old = edits[i]->span;
		buffer_add(&out, str_slice(text, here, edits[i]->span.start));
		ranges->rows[i].start = out.n;
		add(&out, edits[i]->replacement, carriage_returns);
		ranges->rows[i].end = out.n;
		here = edits[i]->span.end;
	}
	buffer_add(&out, str_after(text, here));
	buffer_add_repeated(&out, '\0', FILE_PADDING);
	new = buffer_finish(&out, arena);
	new.n -= FILE_PADDING;
	return new;
}
