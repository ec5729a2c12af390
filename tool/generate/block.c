/* The block of a zone in a file that people edit, too. */
#include "base/arena.h"
#include "generate/generate.h"

/* The line that starts here, with its end. */
static struct str
line_at(struct str text, size_t start)
{
	struct str rest = str_after(text, start);
	size_t length = str_find(rest, '\n');

	return str_slice(rest, 0, length < rest.n ? length + 1 : length);
}

static bool
is_mark(struct str line, struct str mark)
{
	struct str rest = str_after(line, mark.n);

	return str_starts(line, mark) && (rest.n == 0 ||
	    str_has(STR(" \r\n"), (unsigned char)rest.p[0]));
}

/* Hash in "; BEGIN mailzone example.com sha256:3f2a9c1de07b44aa". */
static struct str
hash_in(struct str line)
{
	struct str key = STR("sha256:");
	size_t at = str_find_str(line, key);
	struct cursor in = { str_after(line, at + key.n), 0 };

	return at == line.n ? STR_NONE :
	    cursor_while(&in, STR("0123456789abcdef"));
}

struct block
block_find(struct arena *arena, struct str text, struct str zone)
{
	struct str name = name_show(zone), line, hash = STR_NONE;
	struct str begin = arena_printf(arena, "; BEGIN mailzone %.*s",
	    STR_ARG(name));
	struct str end = arena_printf(arena, "; END mailzone %.*s",
	    STR_ARG(name));
	struct block block = { BLOCK_NONE, 0, 0 };
	size_t offset, between = 0;

	for (offset = 0; offset < text.n; offset += line.n) {
		line = line_at(text, offset);
		if (block.state == BLOCK_NONE && is_mark(line, begin)) {
			block.state = BLOCK_OPEN;
			block.start = offset;
			between = offset + line.n;
			hash = hash_in(line);
		} else if (block.state == BLOCK_OPEN && is_mark(line, end)) {
			block.end = offset + line.n;
			block.state = str_equal(hash, block_hash(arena,
			    str_slice(text, between, offset))) ?
			    BLOCK_INTACT : BLOCK_EDITED;
			break;
		}
	}
	return block;
}
