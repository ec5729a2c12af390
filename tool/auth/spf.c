/*
 * SPF records, RFC 7208 section 4.5 and 4.6.
 */
#include "auth/auth.h"
#include "base/arena.h"
#include "base/buffer.h"

/* Of "redirect" and of "exp", only one may stand in a record, section 6. */
static void
note_modifier(struct spf *spf, struct arena *arena, struct spf_term *term,
    const struct spf_term **first)
{
	if (*first == NULL) {
		*first = term;
		return;
	}
	if (term->broken)
		return;
	term->broken = true;
	problems_add(&spf->problems, arena, SPF_REPEATED_MODIFIER,
	    term->start, term->end, "a second \"%s\" stands in the record, "
	    "so receivers give up on it", spf_kind_name(term->kind));
}

/* "ip4:" and nothing behind it. */
static bool
is_cut_off(const struct spf_term *term)
{
	return term != NULL && term->broken && term->has_target &&
	    term->target.n == 0 && term->target_end == term->end;
}

/* "ip4" or "include", and not even a colon behind it. */
static bool
lacks_colon(const struct spf_term *term)
{
	return term != NULL && term->broken &&
	    term->text.n == term->qualified + term->name.n &&
	    (term->kind == SPF_IP4 || term->kind == SPF_IP6 ||
	    term->kind == SPF_INCLUDE || term->kind == SPF_EXISTS);
}

/*
 * "ip4: 192.0.2.1" is one fault, not two, and so is "ip4 192.0.2.1": when both
 * terms together were fine, only the blank between them is told. The problems
 * told are those before the second of them.
 */
static void
tell_blank(struct spf *spf, struct arena *arena, const struct spf_term *cut,
    const struct spf_term *term, struct problems told)
{
	struct problems ignored = { 0 };
	struct buffer joined = { 0 };
	bool colon = lacks_colon(cut);

	if ((!colon && !is_cut_off(cut)) || !term->broken)
		return;
	buffer_add(&joined, cut->text);
	if (colon)
		buffer_add_byte(&joined, ':');
	buffer_add(&joined, term->text);
	if (spf_term_parse(arena, buffer_finish(&joined, arena), 0,
	    &ignored)->broken)
		return;
	told.last->next = NULL;
	told.last->start = cut->end;
	told.last->end = term->start;
	told.last->what = arena_printf(arena, "a blank cuts " STR_QUOTE
	    " off from " STR_QUOTE ", so receivers give up on the whole "
	    "record", STR_QUOTE_ARG(term->text), STR_QUOTE_ARG(cut->text));
	spf->problems = told;
}

/* What a term means for the whole record. */
static void
note_term(struct spf *spf, struct arena *arena, struct spf_term *term,
    const struct spf_term **exp)
{
	spf->count++;
	if (term->kind == SPF_ALL && spf->all == NULL)
		spf->all = term;
	else if (term->kind == SPF_REDIRECT)
		note_modifier(spf, arena, term, &spf->redirect);
	else if (term->kind == SPF_EXP)
		note_modifier(spf, arena, term, exp);
	spf->permerror |= term->broken;
}

struct spf *
spf_parse(struct arena *arena, struct str text)
{
	struct spf *spf = ARENA_NEW(arena, struct spf);
	struct cursor in = { text, sizeof("v=spf1") - 1 };
	struct spf_term **last = &spf->terms, *term = NULL, *before;
	const struct spf_term *exp = NULL;
	struct problems told;
	struct str word;
	size_t start;

	spf->text = text;
	spf->selected = auth_version(text) == AUTH_SPF;
	if (!spf->selected)
		return spf;
	for (;;) {
		while (cursor_accept(&in, ' '))
			continue;
		start = in.here;
		word = str_after(text, start);
		word.n = str_find(word, ' ');
		if (word.n == 0)
			return spf;
		in.here += word.n;
		told = spf->problems;
		before = term;
		term = spf_term_parse(arena, word, start, &spf->problems);
		tell_blank(spf, arena, before, term, told);
		note_term(spf, arena, term, &exp);
		*last = term;
		last = &term->next;
	}
}

struct str
spf_print(struct arena *arena, const struct spf *spf)
{
	const struct spf_term *term;
	struct buffer out = { 0 };

	if (!spf->selected)
		return spf->text;
	buffer_add(&out, STR("v=spf1"));
	for (term = spf->terms; term != NULL; term = term->next) {
		buffer_add_byte(&out, ' ');
		buffer_add(&out, spf_term_print(arena, term));
	}
	return buffer_finish(&out, arena);
}

struct str
spf_broken(const struct spf *spf)
{
	const struct spf_term *term = spf->terms;

	while (term != NULL && !term->broken)
		term = term->next;
	return term == NULL ? STR_NONE : term->text;
}

bool
spf_is_behind_all(const struct spf *spf, const struct spf_term *term)
{
	return spf->all != NULL && spf_is_mechanism(term->kind) &&
	    term->start > spf->all->start;
}
