#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/pages.h"
#include "base/print.h"

/*
 * Blocks are small at first and then double: there are many arenas that hold
 * little, and few that hold so much that huge pages pay. What is large comes
 * from the system as zeros, and what nobody writes to takes no memory.
 */
enum {
	FIRST_BLOCK = 2 * 1024, FEW_BLOCKS = 8 * 1024,
	BLOCK_SIZE = 64 * 1024, LARGE = 128 * 1024,
	MUCH = 4 * PAGES_SIZE
};

struct block {
	struct block *previous;
	size_t size;
	alignas(max_align_t) unsigned char bytes[];
};

struct arena {
	struct block *newest;
	/* Of the newest block: what is used at its start, and its end. */
	size_t used, size;
	size_t total;			/* of all blocks */
	/* What was released last: marks come and go for each record. */
	struct block *spare;
	struct arena *children, *sibling;
	struct arena **here;		/* who points at it; NULL: no parent */
};

static void
run_out(void)
{
	fputs("mailzone: out of memory\n", stderr);
	exit(2);
}

static void *
allocate(size_t size)
{
	void *memory = malloc(size);

	if (memory == NULL)
		run_out();
	return memory;
}

struct arena *
arena_new(void)
{
	struct arena *arena = allocate(sizeof(*arena));

	*arena = (struct arena){ 0 };
	return arena;
}

/* Of two blocks that nobody uses one is kept, unless it is unusually large. */
static void
give_up(struct arena *arena, struct block *block)
{
	struct block *other = arena->spare;

	if (block->size <= PAGES_SIZE &&
	    (other == NULL || other->size < block->size)) {
		arena->spare = block;
		block = other;
	}
	free(block);
}

/* Gives up blocks until the given one is the newest. */
static void
shrink_to(struct arena *arena, const struct block *last)
{
	struct block *previous;

	while (arena->newest != last) {
		previous = arena->newest->previous;
		arena->total -= arena->newest->size;
		give_up(arena, arena->newest);
		arena->newest = previous;
	}
}

static struct block *
new_pages(void)
{
	struct block *block = pages_take();

	if (block == NULL)
		run_out();
	block->size = PAGES_SIZE - sizeof(*block);
	return block;
}

static struct block *
new_block(struct arena *arena, size_t size)
{
	struct block *block = arena->spare;

	if (block != NULL && block->size >= size) {
		arena->spare = NULL;
		return block;
	}
	if (arena->total >= MUCH && size <= BLOCK_SIZE)
		return new_pages();
	block = allocate(sizeof(*block) + size);
	block->size = size;
	return block;
}

struct arena *
arena_child(struct arena *parent)
{
	struct arena *child = arena_new();

	child->sibling = parent->children;
	child->here = &parent->children;
	if (child->sibling != NULL)
		child->sibling->here = &child->sibling;
	parent->children = child;
	return child;
}

void
arena_reset(struct arena *arena)
{
	while (arena->children != NULL)
		arena_free(arena->children);
	shrink_to(arena, NULL);
	arena->newest = NULL;
	arena->used = arena->size = 0;
}

void
arena_free(struct arena *arena)
{
	if (arena == NULL)
		return;
	if (arena->here != NULL)
		*arena->here = arena->sibling;
	if (arena->sibling != NULL)
		arena->sibling->here = arena->here;
	arena_reset(arena);
	free(arena->spare);
	free(arena);
}

struct arena_mark
arena_mark(const struct arena *arena)
{
	return (struct arena_mark){ arena->newest, arena->used, arena->size };
}

void
arena_release(struct arena *arena, struct arena_mark mark)
{
	shrink_to(arena, mark.block);
	arena->used = mark.used;
	arena->size = mark.size;
}

/* How much a new block holds, which is asked for so many bytes. */
static size_t
block_size(const struct arena *arena, size_t size)
{
	size_t usual = arena->total < FEW_BLOCKS ? FIRST_BLOCK :
	    arena->newest->size < BLOCK_SIZE / 2 ? arena->newest->size * 2 :
	    BLOCK_SIZE;

	return size > usual ? size : usual;
}

static void
open_block(struct arena *arena, struct block *block)
{
	arena->size = block->size;
	arena->total += block->size;
	arena->used = 0;
	block->previous = arena->newest;
	arena->newest = block;
}

/* Room that is aligned for any type, not cleared. */
static void *
take(struct arena *arena, size_t size)
{
	const size_t unit = alignof(max_align_t);
	void *memory;

	if (size > SIZE_MAX - sizeof(struct block) - unit)
		run_out();
	size = (size + unit - 1) / unit * unit;
	if (arena->newest == NULL || size > arena->size - arena->used)
		open_block(arena, new_block(arena, block_size(arena, size)));
	memory = arena->newest->bytes + arena->used;
	arena->used += size;
	return memory;
}

/* Room for a text, which has no need to be aligned: from the end. */
static char *
take_text(struct arena *arena, size_t size)
{
	if (size > SIZE_MAX - sizeof(struct block))
		run_out();
	if (arena->newest == NULL || size > arena->size - arena->used)
		open_block(arena, new_block(arena, block_size(arena, size)));
	arena->size -= size;
	return (char *)arena->newest->bytes + arena->size;
}

/* Room for any type in a block of its own, cleared. */
static void *
take_large(struct arena *arena, size_t size)
{
	struct block *block;

	if (size > SIZE_MAX - sizeof(*block))
		run_out();
	/*
	 * A page that is read first is one of zeros that all share, and is
	 * replaced when it is written to, for which all threads have to wait.
	 */
	if (size <= PAGES_SIZE) {
		block = allocate(sizeof(*block) + size);
		memset(block->bytes, 0, size);
	} else {
		block = calloc(1, sizeof(*block) + size);
		if (block == NULL)
			run_out();
		if (size >= MUCH)
			pages_advise(block, size);
	}
	block->size = size;
	open_block(arena, block);
	arena->used = size;
	return block->bytes;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
	return size >= LARGE ? take_large(arena, size) :
	    memset(take(arena, size), 0, size);
}

void *
arena_room(struct arena *arena, size_t size)
{
	return take(arena, size);
}

void *
arena_array(struct arena *arena, size_t count, size_t size)
{
	if (size != 0 && count > SIZE_MAX / size)
		run_out();
	return arena_alloc(arena, count * size);
}

struct str
arena_copy(struct arena *arena, struct str text)
{
	char *copy = take_text(arena, text.n + 1);

	if (text.n > 0)
		memcpy(copy, text.p, text.n);
	copy[text.n] = '\0';
	return (struct str){ copy, text.n };
}

struct str
arena_copy_once(struct arena *arena, struct arena_texts *before,
    struct str text)
{
	struct str *kept = &before->texts[hash_quick(0, text) % ARENA_TEXTS];

	if (kept->p == NULL || !str_equal(*kept, text))
		*kept = arena_copy(arena, text);
	return *kept;
}

struct str
arena_join(struct arena *arena, const struct str *parts, size_t count)
{
	size_t n = 0, i;
	char *text;

	for (i = 0; i < count; i++)
		n += parts[i].n;
	text = take_text(arena, n + 1);
	for (n = 0, i = 0; i < count; i++) {
		if (parts[i].n > 0)
			memcpy(text + n, parts[i].p, parts[i].n);
		n += parts[i].n;
	}
	text[n] = '\0';
	return (struct str){ text, n };
}

const char *
arena_cstr(struct arena *arena, struct str text)
{
	return arena_copy(arena, text).p;
}

struct str
arena_vprintf(struct arena *arena, const char *format, va_list args)
{
	size_t room = arena->newest == NULL ? 0 : arena->size - arena->used;
	char *text, *there = room == 0 ? NULL :
	    (char *)arena->newest->bytes + arena->used;
	va_list again;
	int length;

	/* Mostly there is enough room in what is at hand. */
	va_copy(again, args);
	length = print_text(there, room, format, again);
	va_end(again);
	if (length < 0)
		run_out();
	text = take(arena, (size_t)length + 1);
	if (text != there)
		print_text(text, (size_t)length + 1, format, args);
	return (struct str){ text, (size_t)length };
}

struct str
arena_printf(struct arena *arena, const char *format, ...)
{
	struct str text;
	va_list args;

	va_start(args, format);
	text = arena_vprintf(arena, format, args);
	va_end(args);
	return text;
}
