/* SPF records out of senders. RFC 7208 sections 4.6.4 and 10.1. */
#include <string.h>

#include "base/arena.h"
#include "generate/generate.h"

/* ---- terms --------------------------------------------------------------- */

/* A term as it will stand in the record, and as the parser sees it. */
struct term {
	struct term *next;
	struct str text, comment;
	struct span from;
	const struct spf_term *parsed;
	unsigned place;			/* 0: the record; N: that of _spfN */
};

struct terms {
	struct term *first;
	const struct world *world;
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

/* The addresses that a term stands for today, each with where it is from. */
static bool
add_flat(struct terms *terms, struct str text, struct str comment,
    struct span from, struct str domain)
{
	const struct spf_term *term = parse_term(terms->arena, text);
	struct spf_flat flat;
	size_t i;

	if (term == NULL || term->kind == SPF_IP4 || term->kind == SPF_IP6)
		return false;
	flat = spf_flatten(terms->world, terms->arena, domain, term);
	comment = arena_printf(terms->arena, "%.*s, %.*s", STR_ARG(comment),
	    STR_ARG(text));
	for (i = 0; i < flat.count; i++)
		add_term(terms, flat.terms[i], comment, from);
	return flat.replaced;
}

static void
add_words(struct terms *terms, const struct words *words,
    const struct config_sender *sender, const struct config_domain *domain,
    bool expand)
{
	struct str comment = sender_comment(terms->arena, sender);
	bool flat = spf_flattens(domain, sender);
	struct str text, missing;
	struct span from;
	size_t i;

	for (i = 0; i < words->count; i++) {
		text = words->words[i].text;
		/* What is missing, config/ has objected to. */
		if (expand && !provider_expand(terms->arena, text,
		    sender->variables, domain->name, &text, &missing))
			continue;
		from = expand ? sender->provider_name.span :
		    words->words[i].span;
		if (!flat || !add_flat(terms, text, comment, from,
		    domain->name))
			add_term(terms, text, comment, from);
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
		add_words(terms, &sender->provider->spf_terms, sender, domain,
		    true);
	add_words(terms, &sender->spf, sender, domain, false);
}

/* ---- the record ---------------------------------------------------------- */

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

/* The last term ends the record. */
static void
add_last(struct made *made, struct arena *arena, struct str term,
    struct span from)
{
	made_add(made, arena, arena_printf(arena, " %.*s", STR_ARG(term)),
	    STR_NONE, from);
	made_finish(made, arena);
}

/* Those of one record. */
static void
add_terms(struct made *made, struct arena *arena, const struct terms *terms,
    unsigned place)
{
	const struct term *term;

	for (term = terms->first; term != NULL; term = term->next)
		if (term->place == place)
			made_add(made, arena, arena_printf(arena, " %.*s",
			    STR_ARG(term->text)), term->comment, term->from);
}

/* ---- more than one answer should hold (RFC 7208 section 3.4) ------------- */

enum {
	SPLIT_MAX = 9,			/* each one costs a lookup of ten */
	SPLIT_ANSWER = 450,		/* octets, where nothing is said */
	/* Header, question, OPT; type, class, TTL and length of the record. */
	ANSWER_FIXED = 12 + 4 + 11 + 12,
	VERSION_OCTETS = 7		/* "v=spf1" as a string of its own */
};

/* As a string of its own, with the blank before it. */
static size_t
term_octets(size_t length)
{
	return length + 2;
}

static struct str
split_name(struct arena *arena, struct str owner, unsigned number)
{
	return arena_printf(arena, "_spf%u.%.*s", number, STR_ARG(owner));
}

/*
 * Does it mean the same in an included record? There, the name is another
 * (section 5.2), which "a" and macros would see.
 */
static bool
can_move(const struct spf_term *term)
{
	switch (term->kind) {
	case SPF_IP4:
	case SPF_IP6:
		return true;
	case SPF_A:
	case SPF_MX:
	case SPF_INCLUDE:
	case SPF_EXISTS:
		return term->has_target && term->target.n > 0 && !term->macro;
	default:
		return false;
	}
}

/* Only where all terms say "pass" their order decides nothing. */
static bool
can_split(const struct terms *terms)
{
	const struct term *term;

	for (term = terms->first; term != NULL; term = term->next)
		if (term->parsed == NULL || term->parsed->broken ||
		    term->parsed->qualifier != '+')
			return false;
	return true;
}

/* Room for terms in a record at this name, beside what it holds anyway. */
static size_t
room_at(const struct config_domain *domain, struct str name, size_t taken)
{
	size_t most = domain->spf_max_answer == 0 ? SPLIT_ANSWER :
	    domain->spf_max_answer;

	taken += ANSWER_FIXED + name_wire_length(name) + VERSION_OCTETS;
	return taken > most ? 0 : most - taken;
}

bool
spf_answer_fits(const struct config_domain *domain, const struct made *made,
    size_t others)
{
	const struct part *part;
	size_t octets = 0;

	/* Each as a string of its own; the version is counted as room. */
	for (part = made->parts->next; part != NULL; part = part->next)
		octets += part->text.n + 1;
	return octets <= room_at(domain, made->owner, others);
}

/* The record, and those behind it; the one that is being filled. */
struct filling {
	unsigned place, last;		/* 0 is the record itself */
	size_t room, room_elsewhere;	/* octets: left here; of those behind */
};

/* The first place from here on that has room for the term. */
static bool
find_place(struct filling *filling, struct term *term, bool moves)
{
	size_t octets = term_octets(term->text.n);

	for (; octets > filling->room; filling->room = filling->room_elsewhere)
		if (!moves || ++filling->place > filling->last)
			return false;
	filling->room -= octets;
	term->place = filling->place;
	return true;
}

/*
 * Each term gets its place: what cannot move stays, the others follow in
 * their order as long as there is room. False when that is not enough.
 */
static bool
fill(const struct terms *terms, unsigned count, size_t room,
    size_t room_elsewhere)
{
	struct filling filling = { 0, count, room, room_elsewhere };
	struct term *term;

	for (term = terms->first; term != NULL; term = term->next)
		if (!can_move(term->parsed) &&
		    !find_place(&filling, term, false))
			return false;
	for (term = terms->first; term != NULL; term = term->next)
		if (can_move(term->parsed) &&
		    !find_place(&filling, term, true))
			return false;
	return true;
}

/*
 * Over how many more records the terms are spread, as few as will do; 0 when
 * one is enough, or when no number is.
 */
static unsigned
split(const struct terms *terms, const struct config_domain *domain,
    struct str owner, size_t taken)
{
	struct str name;
	struct term *term;
	unsigned count;

	for (count = 0; count <= SPLIT_MAX && can_split(terms); count++) {
		/* One digit: all of these names are as long as the first. */
		name = split_name(terms->arena, owner, 1);
		if (name_wire_length(name) > NAME_MAX_WIRE)
			break;
		if (fill(terms, count, room_at(domain, owner, taken +
		    count * term_octets(sizeof("include:") - 1 + name.n)),
		    room_at(domain, name, term_octets(sizeof("-all") - 1))))
			return count;
	}
	for (term = terms->first; term != NULL; term = term->next)
		term->place = 0;
	return 0;
}

/* Nobody sends with the name of such a record; an include asks for pass. */
static struct made *
split_record(const struct terms *terms, const struct made *first,
    unsigned number)
{
	struct made *made = new_spf(terms->arena, split_name(terms->arena,
	    first->owner, number), first->ttl, first->from);

	add_terms(made, terms->arena, terms, number);
	add_last(made, terms->arena, STR("-all"), first->from);
	return made;
}

/* The terms of a record that has its name, and those that it had to part. */
static void
fill_record(struct made *made, const struct terms *terms,
    const struct config_domain *domain, struct str last, struct span from,
    size_t others)
{
	struct made *tail = made;
	unsigned count = 0, number;

	if (domain->spf_split && !name_is_wildcard(made->owner))
		count = split(terms, domain, made->owner, others +
		    term_octets(last.n));
	add_terms(made, terms->arena, terms, 0);
	for (number = 1; number <= count; number++) {
		made_add(made, terms->arena, arena_printf(terms->arena,
		    " include:%.*s", STR_ARG(split_name(terms->arena,
		    made->owner, number))), STR_NONE, made->from);
		tail->next = split_record(terms, made, number);
		tail = tail->next;
	}
	add_last(made, terms->arena, last, from);
}

/* ---- records ------------------------------------------------------------- */

static struct str
last_term(const struct config *config, struct arena *arena,
    const struct config_domain *domain, struct span *from)
{
	const struct setting *all = &domain->spf_all;
	const struct setting *redirect = &domain->spf_redirect;

	if (redirect->text.p != NULL && !domain->parked) {
		*from = redirect->span;
		return arena_printf(arena, "redirect=%.*s",
		    STR_ARG(redirect->text));
	}
	*from = all->text.p != NULL ? all->span : domain->span;
	return domain->parked ? STR("-all") :
	    all_term(config, domain, is_sending(domain));
}

struct made *
spf_build(const struct world *world, struct arena *arena,
    const struct config_domain *domain, size_t others)
{
	struct terms terms = { .world = world, .arena = arena };
	struct made *made = new_spf(arena, domain->name, domain->ttl,
	    domain->span);
	struct span from;
	struct str last = last_term(world->config, arena, domain, &from);
	size_t i;

	for (i = 0; i < domain->sender_count && !domain->parked; i++)
		add_sender(&terms, domain, domain->senders[i]);
	fill_record(made, &terms, domain, last, from, others);
	return made;
}

struct made *
spf_build_return_path(const struct world *world, struct arena *arena,
    const struct config_domain *domain, const struct config_sender *sender,
    size_t others)
{
	const struct setting *label = &sender->return_path;
	struct terms terms = { .world = world, .arena = arena };
	struct made *made;

	if (label->text.p == NULL)
		return NULL;
	if (sender->provider != NULL)
		add_words(&terms, &sender->provider->spf_terms, sender,
		    domain, true);
	add_words(&terms, &sender->spf, sender, domain, false);
	if (terms.first == NULL)
		return NULL;
	made = new_spf(arena, name_join(arena, label->text, domain->name),
	    domain->ttl, label->span);
	fill_record(made, &terms, domain, all_term(world->config, domain,
	    true), label->span, others);
	return made;
}
