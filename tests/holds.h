/*
 * What holds for any text: parsed, printed and parsed again it is the same,
 * printed again it is the same text, and all places lie in the text. *printed
 * is what was printed, for whoever has to tell of a failure.
 */
#ifndef HOLDS_H
#define HOLDS_H

#include <string.h>

#include "auth/auth.h"

/* ---- equal but for places ------------------------------------------------ */

static inline bool
problems_fit(struct str text, const struct problems *problems)
{
	const struct problem *problem;
	size_t count = 0;

	for (problem = problems->first; problem != NULL;
	    problem = problem->next, count++)
		if (problem->start > problem->end || problem->end > text.n ||
		    problem->what.n == 0)
			return false;
	return count == problems->count;
}

/* The same kinds in the same order; printing mends one kind, or none (-1). */
static inline bool
problems_equal(const struct problems *a, const struct problems *b, int mended)
{
	const struct problem *x = a->first, *y = b->first;

	for (;;) {
		while (x != NULL && x->kind == mended)
			x = x->next;
		while (y != NULL && y->kind == mended)
			y = y->next;
		if (x == NULL || y == NULL)
			return x == y;
		if (x->kind != y->kind)
			return false;
		x = x->next;
		y = y->next;
	}
}

/* In any case when that is only how keywords are written. */
static inline bool
tags_equal(const struct tags *a, const struct tags *b, bool any_case)
{
	bool (*equal)(struct str, struct str) =
	    any_case ? str_equal_case : str_equal;
	const struct tag *x = a->first, *y = b->first;

	for (; x != NULL && y != NULL; x = x->next, y = y->next)
		if (!equal(x->name, y->name) || !equal(x->value, y->value) ||
		    x->equals != y->equals)
			return false;
	return x == y && a->count == b->count;
}

static inline bool
uris_equal(const struct report_uri *a, const struct report_uri *b)
{
	for (; a != NULL && b != NULL; a = a->next, b = b->next)
		if (a->problem != b->problem || !str_equal(a->text, b->text) ||
		    !str_equal(a->address, b->address) ||
		    !str_equal(a->host, b->host))
			return false;
	return a == b;
}

static inline bool
uris_fit(struct str text, const struct report_uri *uri)
{
	for (; uri != NULL; uri = uri->next)
		if (uri->start > uri->end || uri->end > text.n ||
		    (uri->problem != URI_EMPTY && !str_equal(uri->text,
		    str_slice(text, uri->start, uri->end))))
			return false;
	return true;
}

/* ---- SPF ----------------------------------------------------------------- */

static inline bool
terms_equal(const struct spf_term *a, const struct spf_term *b)
{
	return a->kind == b->kind && a->qualifier == b->qualifier &&
	    a->broken == b->broken && a->has_target == b->has_target &&
	    a->macro == b->macro && a->cidr4 == b->cidr4 &&
	    a->cidr6 == b->cidr6 && str_equal(a->target, b->target) &&
	    str_equal_case(a->name, b->name) &&
	    memcmp(a->address, b->address, sizeof(a->address)) == 0;
}

static inline bool
term_fits(struct str text, const struct spf_term *term)
{
	return term->start < term->end && term->end <= text.n &&
	    str_equal(term->text, str_slice(text, term->start, term->end)) &&
	    term->target_start >= term->start &&
	    term->target_end <= term->end &&
	    term->target_start <= term->target_end &&
	    term->cidr_start >= term->start && term->cidr_start <= term->end &&
	    str_equal(term->target, str_slice(text, term->target_start,
	    term->target_end));
}

static inline bool
spf_holds(struct arena *arena, struct str text, struct str *printed)
{
	const struct spf *a = spf_parse(arena, text), *b;
	const struct spf_term *x, *y;

	*printed = spf_print(arena, a);
	b = spf_parse(arena, *printed);
	for (x = a->terms, y = b->terms; x != NULL && y != NULL;
	    x = x->next, y = y->next)
		if (!terms_equal(x, y) || !term_fits(text, x))
			return false;
	return x == y && a->count == b->count &&
	    a->permerror == b->permerror && a->selected == b->selected &&
	    (a->all != NULL) == (b->all != NULL) &&
	    (a->redirect != NULL) == (b->redirect != NULL) &&
	    problems_fit(text, &a->problems) &&
	    problems_equal(&a->problems, &b->problems, -1) &&
	    str_equal(*printed, spf_print(arena, b));
}

/* ---- the others ---------------------------------------------------------- */

static inline bool
dmarc_holds(struct arena *arena, struct str text, struct str *printed)
{
	const struct dmarc *a = dmarc_parse(arena, text), *b;

	*printed = dmarc_print(arena, a);
	b = dmarc_parse(arena, *printed);
	return a->selected == b->selected && a->policy == b->policy &&
	    a->subdomain_policy == b->subdomain_policy &&
	    a->nonexistent_policy == b->nonexistent_policy &&
	    a->strict_dkim == b->strict_dkim &&
	    a->strict_spf == b->strict_spf && a->psd_yes == b->psd_yes &&
	    a->psd_no == b->psd_no && a->test == b->test &&
	    a->percent == b->percent &&
	    tags_equal(&a->tags, &b->tags, true) &&
	    uris_equal(a->rua_list, b->rua_list) &&
	    uris_equal(a->ruf_list, b->ruf_list) &&
	    uris_fit(text, a->rua_list) && uris_fit(text, a->ruf_list) &&
	    problems_fit(text, &a->problems) && problems_equal(&a->problems,
	    &b->problems, DMARC_EMPTY_TAG) &&
	    str_equal(*printed, dmarc_print(arena, b));
}

static inline bool
dkim_holds(struct arena *arena, struct str text, struct str *printed)
{
	const struct dkim *a = dkim_parse(arena, text), *b;

	*printed = dkim_print(arena, a);
	b = dkim_parse(arena, *printed);
	/* An empty tag is a bad one, and is not printed. */
	return a->algorithm == b->algorithm && a->revoked == b->revoked &&
	    a->testing == b->testing && a->strict == b->strict &&
	    a->sha1 == b->sha1 && a->sha256 == b->sha256 &&
	    a->email == b->email && a->bits == b->bits &&
	    a->key_algorithm == b->key_algorithm && a->pkcs1 == b->pkcs1 &&
	    a->exponent == b->exponent &&
	    str_equal(a->modulus, b->modulus) && str_equal(a->der, b->der) &&
	    (a->der.p != NULL || tags_equal(&a->tags, &b->tags, false)) &&
	    problems_fit(text, &a->problems) &&
	    (a->tags.empty > 0 || problems_equal(&a->problems, &b->problems,
	    -1)) && str_equal(*printed, dkim_print(arena, b));
}

static inline bool
mtasts_holds(struct arena *arena, struct str text, struct str *printed)
{
	const struct mtasts *a = mtasts_parse(arena, text), *b;

	*printed = mtasts_print(arena, a);
	b = mtasts_parse(arena, *printed);
	return str_equal(a->id, b->id) &&
	    tags_equal(&a->tags, &b->tags, false) &&
	    problems_fit(text, &a->problems) && (a->tags.empty > 0 ||
	    problems_equal(&a->problems, &b->problems, MTASTS_DELIMITER)) &&
	    str_equal(*printed, mtasts_print(arena, b));
}

static inline bool
tlsrpt_holds(struct arena *arena, struct str text, struct str *printed)
{
	const struct tlsrpt *a = tlsrpt_parse(arena, text), *b;

	*printed = tlsrpt_print(arena, a);
	b = tlsrpt_parse(arena, *printed);
	return uris_equal(a->uris, b->uris) && uris_fit(text, a->uris) &&
	    tags_equal(&a->tags, &b->tags, false) &&
	    problems_fit(text, &a->problems) && (a->tags.empty > 0 ||
	    problems_equal(&a->problems, &b->problems, -1)) &&
	    str_equal(*printed, tlsrpt_print(arena, b));
}

static inline bool
bimi_holds(struct arena *arena, struct str text, struct str *printed)
{
	const struct bimi *a = bimi_parse(arena, text), *b;

	*printed = bimi_print(arena, a);
	b = bimi_parse(arena, *printed);
	return a->declined == b->declined &&
	    tags_equal(&a->tags, &b->tags, false) &&
	    problems_fit(text, &a->problems) && (a->tags.empty > 0 ||
	    problems_equal(&a->problems, &b->problems, -1)) &&
	    str_equal(*printed, bimi_print(arena, b));
}

static inline bool
policy_holds(struct arena *arena, struct str text, struct str *printed)
{
	const struct mtasts_policy *policy = mtasts_policy_parse(arena, text);

	*printed = STR_NONE;
	return problems_fit(text, &policy->problems) &&
	    policy->mode_end <= text.n && policy->max_age_end <= text.n;
}

#endif
