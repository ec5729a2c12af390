/*
 * Lists of tag=value, which all records but SPF are made of.
 */
#include <stdlib.h>

#include "auth/auth.h"
#include "base/arena.h"
#include "base/buffer.h"

enum { FEW = 16 };			/* as many as people write */

/* Moves both ends over the blanks inside them. */
static inline void
trim(struct str text, size_t *start, size_t *end)
{
	while (*start < *end && byte_is_blank((unsigned char)text.p[*start]))
		++*start;
	while (*start < *end && byte_is_blank((unsigned char)text.p[*end - 1]))
		--*end;
}

/* One segment, between its separators; NULL when it is empty. */
static struct tag *
parse_tag(struct arena *arena, struct str text, size_t start, size_t end)
{
	struct tag *tag;
	size_t name_end;

	trim(text, &start, &end);
	if (start == end)
		return NULL;
	tag = ARENA_NEW(arena, struct tag);
	tag->start = start;
	tag->end = end;
	for (name_end = start; name_end < end && text.p[name_end] != '=';
	    name_end++)
		continue;
	tag->equals = name_end < end;
	tag->value_start = tag->equals ? name_end + 1 : end;
	tag->value_end = end;
	trim(text, &tag->value_start, &tag->value_end);
	tag->value = str_slice(text, tag->value_start, tag->value_end);
	trim(text, &start, &name_end);
	tag->name = str_slice(text, start, name_end);
	return tag;
}

static int
compare_tags(const void *a, const void *b)
{
	const struct tag *const *x = a, *const *y = b;
	int order = str_compare((*x)->name, (*y)->name);

	if (order != 0)
		return order;
	return ((*x)->start > (*y)->start) - ((*x)->start < (*y)->start);
}

/* By sorting, because strangers write lists of many thousand tags. */
static void
mark_many(struct arena *arena, const struct tags *tags)
{
	struct tag **sorted = ARENA_ARRAY(arena, tags->count, struct tag *);
	struct tag *tag;
	size_t i = 0;

	for (tag = tags->first; tag != NULL; tag = tag->next)
		sorted[i++] = tag;
	qsort(sorted, tags->count, sizeof(*sorted), compare_tags);
	for (i = 1; i < tags->count; i++)
		sorted[i]->repeated = str_equal(sorted[i]->name,
		    sorted[i - 1]->name);
}

static void
mark_few(const struct tags *tags)
{
	const struct tag *before;
	struct tag *tag;

	for (tag = tags->first; tag != NULL; tag = tag->next)
		for (before = tags->first; before != tag;
		    before = before->next)
			if (tag->name.n == before->name.n &&
			    str_equal(tag->name, before->name))
				tag->repeated = true;
}

struct tags
tags_parse(struct arena *arena, struct str text)
{
	struct tags tags = { 0 };
	struct tag **last = &tags.first, *tag;
	size_t start, end;

	for (start = 0; start <= text.n; start = end + 1) {
		end = start + str_find(str_after(text, start), ';');
		tag = parse_tag(arena, text, start, end);
		if (tag != NULL) {
			*last = tag;
			last = &tag->next;
			tags.count++;
		} else if (end < text.n && tags.empty++ == 0)
			tags.empty_start = end;
	}
	if (tags.count > FEW)
		mark_many(arena, &tags);
	else
		mark_few(&tags);
	return tags;
}

const struct tag *
tags_find(const struct tags *tags, const char *name)
{
	const struct tag *tag;

	for (tag = tags->first; tag != NULL; tag = tag->next)
		if (tag->equals && str_is(tag->name, name))
			return tag;
	return NULL;
}

const struct tag *
tags_find_case(const struct tags *tags, const char *name)
{
	const struct tag *tag;

	for (tag = tags->first; tag != NULL; tag = tag->next)
		if (tag->equals && str_is_case(tag->name, name))
			return tag;
	return NULL;
}

bool
tag_name_is_valid(struct str name)
{
	struct cursor in = { name, 0 };
	int byte = cursor_next(&in);

	if (!byte_is_letter(byte))
		return false;
	while ((byte = cursor_next(&in)) != END)
		if (!byte_is_letter(byte) && !byte_is_digit(byte) &&
		    byte != '_')
			return false;
	return true;
}

struct str
tags_print(struct arena *arena, struct str text, const struct tags *tags)
{
	struct buffer out = { 0 };
	const struct tag *tag;

	for (tag = tags->first; tag != NULL; tag = tag->next) {
		if (tag != tags->first)
			buffer_add(&out, STR("; "));
		buffer_add(&out, str_slice(text, tag->start, tag->end));
	}
	return buffer_finish(&out, arena);
}
