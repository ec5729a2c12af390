/* The blocks that generate writes into files that people edit, too. */

#include "base/buffer.h"
#include "base/digest.h"
#include "zone/zone.h"

enum { HASH_DIGITS = 16 };

/* The line that starts here, with its end. */
static struct str
line_at(struct str text, size_t start)
{
	struct str rest = str_after(text, start);
	size_t length = str_find(rest, '\n');

	return str_slice(rest, 0, length < rest.n ? length + 1 : length);
}

/* "; END mailzone example.com sha256:..." gives "example.com". */
static bool
read_mark(struct str line, struct str mark, struct str *name)
{
	struct cursor in = { line, 0 };

	if (!cursor_accept_str(&in, mark))
		return false;
	*name = cursor_until(&in, STR(" \t\r\n"));
	return name->n > 0;
}

static struct str
hash_in(struct str line)
{
	struct str key = STR("sha256:");
	size_t at = str_find_str(line, key);
	struct cursor in = { str_after(line, at + key.n), 0 };

	return at == line.n ? STR_NONE :
	    cursor_while(&in, STR("0123456789abcdef"));
}

struct str
block_hash(struct arena *arena, struct str between)
{
	return str_slice(digest_sha256(arena, lines_plain(arena, between)), 0,
	    HASH_DIGITS);
}

/* Where the next line begins that is a mark; the text's end for none. */
static size_t
find_begin(struct str text, size_t offset, struct str *name)
{
	struct str rest;
	size_t at;

	for (; offset < text.n; offset++) {
		rest = str_after(text, offset);
		at = str_find(rest, ';');
		offset += at;
		if (at < rest.n && (offset == 0 ||
		    text.p[offset - 1] == '\n') && read_mark(
		    line_at(text, offset), STR("; BEGIN mailzone "), name))
			return offset;
	}
	return text.n;
}

bool
block_next(struct arena *arena, struct str text, size_t *offset,
    struct block *block)
{
	struct str line, name, hash;
	size_t between, here;

	*block = (struct block){ .state = BLOCK_OPEN };
	block->start = find_begin(text, *offset, &block->name);
	if (block->start >= text.n)
		return false;
	line = line_at(text, block->start);
	hash = hash_in(line);
	between = block->start + line.n;
	block->end = *offset = between;
	for (here = between; here < text.n; here += line.n) {
		line = line_at(text, here);
		if (read_mark(line, STR("; BEGIN mailzone "), &name))
			break;
		if (!read_mark(line, STR("; END mailzone "), &name) ||
		    !str_equal(name, block->name))
			continue;
		block->end = *offset = here + line.n;
		block->state = str_equal(hash, block_hash(arena,
		    str_slice(text, between, here))) ? BLOCK_INTACT :
		    BLOCK_EDITED;
		break;
	}
	return true;
}

struct block
block_find(struct arena *arena, struct str text, struct str zone)
{
	struct block block;
	size_t offset = 0;

	while (block_next(arena, text, &offset, &block))
		if (str_equal(block.name, name_show(zone)))
			return block;
	return (struct block){ .state = BLOCK_NONE };
}

bool
block_holds(struct arena *arena, struct span span)
{
	struct block block;
	size_t offset = 0;

	while (block_next(arena, span.source->text, &offset, &block))
		if (span.start >= block.start && span.start < block.end)
			return true;
	return false;
}
