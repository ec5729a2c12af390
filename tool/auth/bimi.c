/*
 * BIMI assertion records, draft-brand-indicators-for-message-identification.
 */
#include "auth/auth.h"
#include "base/arena.h"

static void
check_tag(struct bimi *bimi, struct arena *arena, const struct tag *tag)
{
	struct str text = str_slice(bimi->text, tag->start, tag->end);

	if (!tag->equals || !tag_name_is_valid(tag->name))
		problems_add(&bimi->problems, arena, BIMI_BAD_TAG,
		    tag->start, tag->end, STR_QUOTE " is no \"tag=value\", so "
		    "nobody shows the logo", STR_QUOTE_ARG(text));
	else if (tag->repeated)
		problems_add(&bimi->problems, arena, BIMI_REPEATED_TAG,
		    tag->start, tag->end, "a second " STR_QUOTE " makes the "
		    "record void", STR_QUOTE_ARG(tag->name));
}

struct bimi *
bimi_parse(struct arena *arena, struct str text)
{
	struct bimi *bimi = ARENA_NEW(arena, struct bimi);
	const struct tag *tag;

	bimi->text = text;
	bimi->tags = tags_parse(arena, text);
	tag = bimi->tags.first;
	if (auth_version(text) != AUTH_BIMI)
		problems_add(&bimi->problems, arena, BIMI_BAD_TAG, 0,
		    tag == NULL ? text.n : tag->end, "this is not "
		    "\"v=BIMI1\", so nobody shows the logo");
	for (; tag != NULL; tag = tag->next)
		if (tag != bimi->tags.first)
			check_tag(bimi, arena, tag);
	if (bimi->tags.empty > 0)
		problems_add(&bimi->problems, arena, BIMI_BAD_TAG,
		    bimi->tags.empty_start, bimi->tags.empty_start + 1,
		    "\";\" ends a tag that is not there, so nobody may show "
		    "the logo");
	bimi->l = tags_find(&bimi->tags, "l");
	bimi->a = tags_find(&bimi->tags, "a");
	bimi->declined = bimi->l != NULL && bimi->l->value.n == 0 &&
	    (bimi->a == NULL || bimi->a->value.n == 0);
	if (bimi->l == NULL && bimi->problems.count == 0)
		problems_add(&bimi->problems, arena, BIMI_NO_LOCATION, 0,
		    text.n, "\"l\" is missing, so there is no logo to show");
	return bimi;
}

struct str
bimi_print(struct arena *arena, const struct bimi *bimi)
{
	return tags_print(arena, bimi->text, &bimi->tags);
}
