/* SPF records out of senders. RFC 7208 sections 4.6.4 and 10.1. */
#include <string.h>

#include "base/arena.h"
#include "generate/generate.h"

/* ---- terms ------------------------------------------------------------------ */

/* A term as it will stand in the record, and as the parser sees it. */
struct term {
	struct term *next;
	struct str text, comment;
	struct span from;
	const struct spf_term *parsed;
};

struct terms {
	struct term *first;
	struct arena *arena;
};

static const struct spf_term *
parse_term(struct arena *arena, struct str text)
{
	const struct spf *spf = spf_parse(arena, arena_printf(arena,
	    "v=spf1 %.*s", STR_ARG(text)));

	return spf->terms;
}

static unsigned
prefix_length(const struct spf_term *term, unsigned whole)
{
	return term->cidr4 >= 0 && whole == 32 ? (unsigned)term->cidr4 :
	    term->cidr6 >= 0 && whole == 128 ? (unsigned)term->cidr6 : whole;
}

static bool
same_bits(const unsigned char *a, const unsigned char *b, unsigned bits)
{
	unsigned char mask;

	if (memcmp(a, b, bits / 8) != 0)
		return false;
	mask = (unsigned char)(0xff00U >> bits % 8);
	return bits % 8 == 0 || ((a[bits / 8] ^ b[bits / 8]) & mask) == 0;
}

/* Does the first let everybody pass whom the second does? */
static bool
covers(const struct term *wide, const struct term *narrow)
{
	const struct spf_term *a = wide->parsed, *b = narrow->parsed;
	unsigned whole;

	if (str_equal_case(wide->text, narrow->text))
		return true;
	if (a == NULL || b == NULL || a->broken || b->broken ||
	    a->kind != b->kind || a->qualifier != b->qualifier ||
	    (a->kind != SPF_IP4 && a->kind != SPF_IP6))
		return false;
	whole = a->kind == SPF_IP4 ? 32 : 128;
	return prefix_length(a, whole) <= prefix_length(b, whole) &&
	    same_bits(a->address, b->address, prefix_length(a, whole));
}

/* Terms that an earlier one covers are left out; it covers later ones. */
static void
add_term(struct terms *terms, struct str text, struct str comment,
    struct span from)
{
	struct term *term = ARENA_NEW(terms->arena, struct term), **link;

	term->text = text;
	term->comment = comment;
	term->from = from;
	term->parsed = parse_term(terms->arena, text);
	for (link = &terms->first; *link != NULL; link = &(*link)->next)
		if (covers(*link, term))
			return;
	for (link = &terms->first; *link != NULL;)
		if (covers(term, *link))
			*link = (*link)->next;
		else
			link = &(*link)->next;
	*link = term;
}

/* "relays, OPS-12" */
static struct str
sender_comment(struct arena *arena, const struct config_sender *sender)
{
	if (sender->ticket.text.p == NULL)
		return sender->name;
	return arena_printf(arena, "%.*s, %.*s", STR_ARG(sender->name),
	    STR_ARG(sender->ticket.text));
}

static void
add_words(struct terms *terms, const struct words *words,
    const struct config_sender *sender, struct str domain, bool expand)
{
	struct str comment = sender_comment(terms->arena, sender);
	struct str text, missing;
	size_t i;

	for (i = 0; i < words->count; i++) {
		text = words->words[i].text;
		/* What is missing, config/ has objected to. */
		if (expand && !provider_expand(terms->arena, text,
		    sender->variables, domain, &text, &missing))
			continue;
		add_term(terms, text, comment, expand ?
		    sender->provider_name.span : words->words[i].span);
	}
}

/* Bounces go to a name below the domain: SPF is asked for there. */
static bool
has_return_path(const struct config_sender *sender)
{
	return sender->return_path.text.p != NULL ||
	    (sender->provider != NULL && sender->spf.count == 0 &&
	    sender->provider->spf_place == PROVIDER_AT_RETURN_PATH);
}

/*
 * What a sender needs at the domain itself: not what can only pass for its
 * return path.
 */
static void
add_sender(struct terms *terms, const struct config_domain *domain,
    const struct config_sender *sender)
{
	if (sender->return_path.text.p != NULL)
		return;
	if (sender->provider != NULL &&
	    sender->provider->spf_place == PROVIDER_AT_DOMAIN)
		add_words(terms, &sender->provider->spf_terms, sender,
		    domain->name, true);
	add_words(terms, &sender->spf, sender, domain->name, false);
}

/* ---- the record ----------------------------------------------------------------- */

static const struct {
	const char *word;
	const char *term;
} alls[] = {
	{ "softfail", "~all" },
	{ "fail", "-all" },
	{ "neutral", "?all" },
};

/* Does a profile of the configuration allow nothing but -all? */
static bool
profile_wants_fail(const struct config *config)
{
	const struct profile *profile;
	size_t i;

	for (i = 0; i < config->profiles.count; i++) {
		profile = profile_find(config->profiles.words[i].text);
		if (profile != NULL && profile->all != NULL &&
		    strcmp(profile->all, "-") == 0)
			return true;
	}
	return false;
}

/*
 * What the record says of all other hosts: as configured, -all where nobody
 * sends, and else ~all, so that mail that was forwarded still gets as far as
 * its DKIM signature (RFC 9989 section 7.1).
 */
static struct str
all_term(const struct config *config, const struct config_domain *domain,
    bool sends)
{
	size_t i;

	for (i = 0; i < sizeof(alls) / sizeof(alls[0]); i++)
		if (str_is(domain->spf_all.text, alls[i].word))
			return str_from(alls[i].term);
	return sends && !profile_wants_fail(config) ? STR("~all") :
	    STR("-all");
}

/*
 * May mail come with this name in its envelope? Not when every sender is
 * known to use a return path of its own.
 */
static bool
is_sending(const struct config_domain *domain)
{
	size_t i;

	for (i = 0; i < domain->sender_count; i++)
		if (!has_return_path(domain->senders[i]))
			return true;
	return domain->users;
}

static struct made *
new_spf(struct arena *arena, struct str owner, uint32_t ttl,
    struct span from)
{
	struct made *made = ARENA_NEW(arena, struct made);

	made->owner = owner;
	made->type = RR_TXT;
	made->ttl = ttl;
	made->auth = AUTH_SPF;
	made->from = from;
	made_add(made, arena, STR("v=spf1"), STR_NONE, from);
	return made;
}

static void
add_last(struct made *made, struct arena *arena, const char *word,
    struct str value, struct span from)
{
	made_add(made, arena, arena_printf(arena, " %s%.*s", word,
	    STR_ARG(value)), STR_NONE, from);
	made_finish(made, arena);
}

static void
add_terms(struct made *made, struct arena *arena, const struct terms *terms)
{
	const struct term *term;

	for (term = terms->first; term != NULL; term = term->next)
		made_add(made, arena, arena_printf(arena, " %.*s",
		    STR_ARG(term->text)), term->comment, term->from);
}

struct made *
spf_build(const struct config *config, struct arena *arena,
    const struct config_domain *domain)
{
	struct terms terms = { .arena = arena };
	const struct setting *all = &domain->spf_all;
	const struct setting *redirect = &domain->spf_redirect;
	struct made *made = new_spf(arena, domain->name, domain->ttl,
	    domain->span);
	size_t i;

	for (i = 0; i < domain->sender_count && !domain->parked; i++)
		add_sender(&terms, domain, domain->senders[i]);
	add_terms(made, arena, &terms);
	if (redirect->text.p != NULL && !domain->parked)
		add_last(made, arena, "redirect=", redirect->text,
		    redirect->span);
	else
		add_last(made, arena, "", domain->parked ? STR("-all") :
		    all_term(config, domain, is_sending(domain)),
		    all->text.p != NULL ? all->span : domain->span);
	return made;
}

struct made *
spf_build_return_path(const struct config *config, struct arena *arena,
    const struct config_domain *domain, const struct config_sender *sender)
{
	const struct setting *label = &sender->return_path;
	struct terms terms = { .arena = arena };
	struct made *made;

	if (label->text.p == NULL)
		return NULL;
	if (sender->provider != NULL)
		add_words(&terms, &sender->provider->spf_terms, sender,
		    domain->name, true);
	add_words(&terms, &sender->spf, sender, domain->name, false);
	if (terms.first == NULL)
		return NULL;
	made = new_spf(arena, name_join(arena, label->text, domain->name),
	    domain->ttl, label->span);
	add_terms(made, arena, &terms);
	add_last(made, arena, "", all_term(config, domain, true),
	    label->span);
	return made;
}
