/*
 * One term of an SPF record, RFC 7208 section 12.
 */
#include "auth/auth.h"
#include "base/address.h"
#include "base/arena.h"
#include "base/name.h"

/* What stands behind the name of a term. */
enum value { VALUE_NONE, VALUE_NAME, VALUE_NAME_OPTIONAL, VALUE_IP4,
	VALUE_IP6, VALUE_MACRO_STRING };

static const struct shape {
	struct str name;
	enum value value;
	bool cidr;			/* a prefix length may follow it */
	bool lookup;
} shapes[] = {
	[SPF_ALL] = { STR_INIT("all"), VALUE_NONE, false, false },
	[SPF_INCLUDE] = { STR_INIT("include"), VALUE_NAME, false, true },
	[SPF_A] = { STR_INIT("a"), VALUE_NAME_OPTIONAL, true, true },
	[SPF_MX] = { STR_INIT("mx"), VALUE_NAME_OPTIONAL, true, true },
	[SPF_PTR] = { STR_INIT("ptr"), VALUE_NAME_OPTIONAL, false, true },
	[SPF_IP4] = { STR_INIT("ip4"), VALUE_IP4, false, false },
	[SPF_IP6] = { STR_INIT("ip6"), VALUE_IP6, false, false },
	[SPF_EXISTS] = { STR_INIT("exists"), VALUE_NAME, false, true },
	[SPF_REDIRECT] = { STR_INIT("redirect"), VALUE_NAME, false, true },
	[SPF_EXP] = { STR_INIT("exp"), VALUE_NAME, false, false },
	[SPF_MODIFIER] = { STR_INIT("modifier"), VALUE_MACRO_STRING,
	    false, false },
	[SPF_UNKNOWN] = { STR_INIT("unknown"), VALUE_NONE, false, false },
};

enum { NAMED = SPF_MODIFIER };		/* the kinds that have a name */

bool
spf_is_mechanism(enum spf_kind kind)
{
	return kind <= SPF_EXISTS;
}

bool
spf_costs_lookup(enum spf_kind kind)
{
	return shapes[kind].lookup;
}

const char *
spf_kind_name(enum spf_kind kind)
{
	return shapes[kind].name.p;
}

static enum spf_kind
find_kind(struct str name)
{
	unsigned kind;

	for (kind = 0; kind < NAMED; kind++)
		if (name.n == shapes[kind].name.n &&
		    str_equal_case(name, shapes[kind].name))
			return (enum spf_kind)kind;
	return SPF_UNKNOWN;
}

const char *
spf_name_near(struct str name)
{
	unsigned kind, limit, distance, best = UINT32_MAX;
	const char *near = NULL;

	for (kind = 0; kind < NAMED; kind++) {
		limit = (unsigned)shapes[kind].name.n / 3;
		distance = str_distance(name, shapes[kind].name, limit);
		if (distance > limit || distance >= best)
			continue;
		best = distance;
		near = shapes[kind].name.p;
	}
	return near;
}

/* ---- reading ------------------------------------------------------------- */

struct reader {
	struct arena *arena;
	struct problems *problems;
	struct spf_term *term;
	size_t offset;			/* of the term in the record */
};

#define GIVE_UP	", so receivers give up on the whole record"

/*
 * Notes what is amiss in a part of the term. One fault hides the others:
 * what they would say depends on how it gets mended.
 */
static void object(struct reader *, enum spf_problem, size_t start,
    size_t end, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

static void
object(struct reader *r, enum spf_problem kind, size_t start, size_t end,
    const char *format, ...)
{
	struct str what;
	va_list args;

	if (r->term->broken)
		return;
	r->term->broken = true;
	va_start(args, format);
	what = arena_vprintf(r->arena, format, args);
	va_end(args);
	problems_add(r->problems, r->arena, (int)kind, r->offset + start,
	    r->offset + end, "%.*s" GIVE_UP, STR_ARG(what));
}

static bool
is_visible(int byte)
{
	return byte > ' ' && byte < 0x7f;
}

static void
check_characters(struct reader *r)
{
	struct str text = r->term->text;
	size_t start = 0, end;

	if (str_within(text, '!', '~'))
		return;
	while (is_visible((unsigned char)text.p[start]))
		start++;
	for (end = start; end < text.n &&
	    !is_visible((unsigned char)text.p[end]); end++)
		continue;
	if (text.p[start] == '\t')
		object(r, SPF_BAD_CHARACTER, start, end,
		    "a tab stands where only a space may");
	else
		object(r, SPF_BAD_CHARACTER, start, end,
		    "octet 0x%02x is not allowed in SPF",
		    (unsigned)(unsigned char)text.p[start]);
}

/* ALPHA *( ALPHA / DIGIT / "-" / "_" / "." ) */
static bool
is_modifier_name(struct str name)
{
	struct cursor in = { name, 0 };
	int byte = cursor_next(&in);

	if (!byte_is_letter(byte))
		return false;
	while ((byte = cursor_next(&in)) != END)
		if (!byte_is_letter(byte) && !byte_is_digit(byte) &&
		    !str_has(STR("-_."), byte))
			return false;
	return true;
}

/* Letters, digits and inner hyphens, but not digits only. */
static bool
is_toplabel(struct str label)
{
	bool other = false;
	size_t i;

	for (i = 0; i < label.n; i++) {
		if (label.p[i] == '-' && i > 0 && i + 1 < label.n)
			other = true;
		else if (byte_is_letter(label.p[i]))
			other = true;
		else if (!byte_is_digit(label.p[i]))
			return false;
	}
	return other;
}

/* Every macro of a text; *after is where the last one ends. */
static bool
check_macros(struct reader *r, struct str text, size_t offset, size_t *after)
{
	struct cursor in = { text, 0 };
	struct spf_macro macro;

	*after = 0;
	while (spf_macro_next(&in, &macro)) {
		r->term->macro = true;
		*after = macro.end;
		if (macro.valid)
			continue;
		object(r, SPF_BAD_MACRO, offset + macro.start,
		    offset + macro.end, STR_QUOTE " is no macro of SPF",
		    STR_QUOTE_ARG(str_slice(text, macro.start, macro.end)));
		return false;
	}
	return true;
}

/* Can every label be one? */
static bool
labels_fit(struct str name)
{
	size_t start = 0, i;

	if (name.n > 0 && name.p[name.n - 1] == '.')
		name.n--;
	for (i = 0; i <= name.n; i++) {
		if (i < name.n && name.p[i] != '.')
			continue;
		if (i == start || i - start > NAME_MAX_LABEL)
			return false;
		start = i + 1;
	}
	return name.n <= NAME_MAX_WIRE - 2;
}

/* The same of those which no macro is a part of. */
static bool
known_labels_fit(struct str name)
{
	struct cursor in = { name, 0 };
	struct spf_macro macro;
	bool known = true;
	size_t length = 0;
	int byte;

	for (;;) {
		while (cursor_peek(&in) == '%' && spf_macro_next(&in, &macro))
			known = false;
		byte = cursor_next(&in);
		if (byte != '.' && byte != END) {
			length++;
			continue;
		}
		if (known && (length > NAME_MAX_LABEL ||
		    (length == 0 && byte != END)))
			return false;
		if (byte == END)
			return true;
		length = 0;
		known = true;
	}
}

/* What a colon belongs behind: "include:include:x", "x.orginclude:y.org". */
static bool
ends_with_mechanism(struct str text)
{
	static const struct str ends[] = { STR_INIT("include"),
		STR_INIT("exists"), STR_INIT("ip4"), STR_INIT("ip6") };
	size_t i;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (str_ends_case(text, ends[i]))
			return true;
	return str_is_case(text, "a") || str_is_case(text, "mx") ||
	    str_is_case(text, "ptr");
}

/* Where it ends when one begins here. */
static size_t
odd_part(struct str name, size_t at)
{
	switch (name.p[at]) {
	case ',':
	case ';':
	case '@':
		return at + 1;
	case ':':
		return str_starts(str_after(name, at), STR("://")) ? at + 3 :
		    ends_with_mechanism(str_slice(name, 0, at)) ? at + 1 : at;
	default:
		return at;
	}
}

/*
 * What the grammar allows and no name of a domain has: there terms were run
 * together, or it is a URL or an address.
 */
static bool
find_odd_part(struct str name, size_t *start, size_t *end)
{
	static const struct str glued = STR_INIT("-all");
	size_t i;

	for (i = 0; i < name.n; i++) {
		*end = odd_part(name, i);
		if (*end > i) {
			*start = i;
			return true;
		}
	}
	*end = name.n;
	*start = name.n < glued.n ? 0 : name.n - glued.n;
	return str_equal_case(str_after(name, *start), glued);
}

/* Names that "exists" asks for may be made of anything. */
static void
check_parts(struct reader *r)
{
	struct spf_term *term = r->term;
	size_t start, end;

	if (term->macro || term->kind == SPF_EXISTS ||
	    !find_odd_part(term->target, &start, &end))
		return;
	problems_add(r->problems, r->arena, SPF_NAME_LABELS,
	    term->target_start + start, term->target_start + end,
	    STR_QUOTE " is no part of a domain name, so " STR_QUOTE
	    " leads nowhere", STR_QUOTE_ARG(str_slice(term->target, start,
	    end)), STR_QUOTE_ARG(term->target));
}

static void
check_labels(struct reader *r)
{
	struct spf_term *term = r->term;

	if (!term->has_target || term->broken)
		return;
	if ((term->macro ? known_labels_fit : labels_fit)(term->target))
		check_parts(r);
	else
		problems_add(r->problems, r->arena, SPF_NAME_LABELS,
		    term->target_start, term->target_end, "no name can be "
		    STR_QUOTE ", what receivers do with it is undefined",
		    STR_QUOTE_ARG(term->target));
}

static bool
is_address(struct str text)
{
	unsigned char octets[16];

	return address_parse_ip4(text, octets) ||
	    address_parse_ip6(text, octets);
}

/*
 * macro-string ( "." toplabel [ "." ] / macro-expand ); the text starts at
 * this offset of the term.
 */
static void
check_domain_spec(struct reader *r, struct str text, size_t offset)
{
	size_t after, dot, bad, end = offset + text.n;
	struct str name = text;

	if (text.n == 0) {
		object(r, SPF_EMPTY_TARGET, 0, end,
		    STR_QUOTE " names no domain",
		    STR_QUOTE_ARG(r->term->name));
		return;
	}
	after = 0;
	if (str_has(text, '%') && (!check_macros(r, text, offset, &after) ||
	    after == text.n))
		return;
	if (name.p[name.n - 1] == '.')
		name.n--;
	dot = str_find_last(name, '.');
	bad = dot + 1 < name.n ? dot + 1 : dot;
	if (dot < name.n && dot >= after && is_toplabel(str_after(name,
	    dot + 1)))
		return;
	if (is_address(name))
		object(r, SPF_IP_AS_NAME, offset, end, STR_QUOTE
		    " is an address where a domain name belongs",
		    STR_QUOTE_ARG(text));
	else if (after == 0 && dot == name.n)
		object(r, SPF_SINGLE_LABEL, offset, end, STR_QUOTE
		    " is a single label, not a domain name",
		    STR_QUOTE_ARG(text));
	else if (dot == name.n || dot < after)
		object(r, SPF_BAD_TARGET, offset + after, end, STR_QUOTE
		    " stands behind a macro, where a dot and a label may",
		    STR_QUOTE_ARG(str_after(text, after)));
	else
		object(r, SPF_BAD_TARGET, offset + bad, end, STR_QUOTE
		    " cannot end a domain name",
		    STR_QUOTE_ARG(str_after(text, bad)));
}

/*
 * Where a "/" would begin a prefix length: behind the last dot and the last
 * macro, because a domain-spec may hold more of them.
 */
static size_t
find_cidr(struct str text)
{
	struct cursor in = { text, 0 };
	struct spf_macro macro;
	size_t from = 0, dot;

	if (!str_has(text, '/'))
		return text.n;
	while (spf_macro_next(&in, &macro))
		if (macro.valid)
			from = macro.end;
	dot = str_find_last(text, '.');
	if (dot < text.n && dot >= from)
		from = dot + 1;
	return from + str_find(str_after(text, from), '/');
}

/* "0", or digits that do not begin with one, up to the limit. */
static bool
read_prefix(struct cursor *in, int limit, int *prefix)
{
	int first = cursor_peek(in), number = 0;
	size_t start = in->here;

	while (byte_is_digit(cursor_peek(in)) && number <= limit)
		number = number * 10 + cursor_next(in) - '0';
	if (in->here == start || number > limit ||
	    (first == '0' && in->here > start + 1))
		return false;
	*prefix = number;
	return true;
}

static void
read_dual_cidr(struct reader *r, size_t start)
{
	struct spf_term *term = r->term;
	struct str text = str_after(term->text, start);
	struct cursor in = { text, 0 };
	bool fine = true;

	if (cursor_peek_at(&in, 1) != '/')
		fine = cursor_accept(&in, '/') &&
		    read_prefix(&in, 32, &term->cidr4);
	if (fine && cursor_accept_str(&in, STR("//")))
		fine = read_prefix(&in, 128, &term->cidr6);
	if (!fine || cursor_peek(&in) != END)
		object(r, SPF_BAD_CIDR, start, term->text.n, STR_QUOTE
		    " is no prefix length", STR_QUOTE_ARG(text));
}

static void
set_target(struct reader *r, size_t start, size_t end)
{
	struct spf_term *term = r->term;

	term->has_target = true;
	term->target = str_slice(term->text, start, end);
	term->target_start = r->offset + start;
	term->target_end = r->offset + end;
}

/* A domain-spec and perhaps a prefix length; starts at the ":", "=" or "/". */
static void
read_name(struct reader *r, const struct shape *shape, size_t start)
{
	struct spf_term *term = r->term;
	struct str text = str_after(term->text, start);
	size_t end;

	if (text.n > 0 && text.p[0] != '/') {
		start++;
		text = str_after(text, 1);
		end = start + find_cidr(text);
		set_target(r, start, end);
	} else
		end = start;
	term->cidr_start = r->offset + end;
	if (term->has_target || shape->value == VALUE_NAME)
		check_domain_spec(r, str_slice(term->text, start, end),
		    start);
	if (end < term->text.n && shape->cidr)
		read_dual_cidr(r, end);
	else if (end < term->text.n)
		object(r, SPF_UNEXPECTED_CIDR, end, term->text.n,
		    STR_QUOTE " takes no prefix length",
		    STR_QUOTE_ARG(term->name));
	check_labels(r);
}

/* ip4 and ip6: an address, and perhaps its prefix length. */
static void
read_network(struct reader *r, bool ip4, size_t start)
{
	enum spf_problem kind = ip4 ? SPF_BAD_IP4 : SPF_BAD_IP6;
	struct spf_term *term = r->term;
	struct cursor in;
	size_t end;

	if (start < term->text.n && term->text.p[start] == ':')
		start++;
	end = start + str_find(str_after(term->text, start), '/');
	set_target(r, start, end);
	term->cidr_start = r->offset + end;
	if (term->target.n == 0)
		object(r, kind, 0, term->text.n, STR_QUOTE
		    " has no address", STR_QUOTE_ARG(term->name));
	else if (!(ip4 ? address_parse_ip4 : address_parse_ip6)(term->target,
	    term->address))
		object(r, kind, start, end, STR_QUOTE " is no IPv%d address",
		    STR_QUOTE_ARG(term->target), ip4 ? 4 : 6);
	in = (struct cursor){ str_after(term->text, end), 0 };
	if (cursor_accept(&in, '/') && (!read_prefix(&in, ip4 ? 32 : 128,
	    ip4 ? &term->cidr4 : &term->cidr6) || cursor_peek(&in) != END))
		object(r, kind, end, term->text.n, STR_QUOTE
		    " is no prefix length of IPv%d", STR_QUOTE_ARG(in.text),
		    ip4 ? 4 : 6);
}

/* "all" and what stands behind it, where nothing may. */
static void
read_nothing(struct reader *r, size_t start)
{
	struct spf_term *term = r->term;
	struct str rest = str_after(term->text, start);

	if (rest.n == 0)
		return;
	if (rest.p[0] == '/') {
		term->cidr_start = r->offset + start;
		object(r, SPF_UNEXPECTED_CIDR, start, term->text.n,
		    "\"all\" takes no prefix length");
		return;
	}
	set_target(r, start + 1, term->text.n);
	object(r, SPF_UNEXPECTED_VALUE, start, term->text.n, STR_QUOTE
	    " stands behind \"all\", where nothing may",
	    STR_QUOTE_ARG(rest));
}

/* ---- which term is it? --------------------------------------------------- */

/* The name without what is neither letter nor digit at its end. */
static struct str
cut_punctuation(struct str name)
{
	while (name.n > 0 && !byte_is_letter(name.p[name.n - 1]) &&
	    !byte_is_digit(name.p[name.n - 1]))
		name.n--;
	return name;
}

/*
 * Says why a name, from start to end of the term, is not a mechanism. The
 * term is then of the kind that was meant, so that nobody misses it.
 */
static void
object_mechanism(struct reader *r, size_t start, size_t end)
{
	struct spf_term *term = r->term;
	struct str name = term->name, word = cut_punctuation(name);
	bool colon = end < term->text.n && term->text.p[end] == ':';

	if (colon)
		set_target(r, end + 1, term->text.n);
	if (colon || word.n < name.n)
		term->kind = find_kind(word);
	if (term->kind != SPF_UNKNOWN && word.n == name.n)
		object(r, SPF_MODIFIER_AS_MECHANISM, end, end + 1,
		    "\"%s\" takes \"=\", not \":\"",
		    spf_kind_name(term->kind));
	else if (term->kind != SPF_UNKNOWN)
		object(r, SPF_UNKNOWN_MECHANISM, start + word.n, end,
		    STR_QUOTE " stands behind " STR_QUOTE
		    ", which nobody can read then",
		    STR_QUOTE_ARG(str_after(name, word.n)),
		    STR_QUOTE_ARG(word));
	else if (term->text.n == start)
		object(r, SPF_UNKNOWN_MECHANISM, 0, end,
		    STR_QUOTE " stands alone, without a mechanism",
		    STR_QUOTE_ARG(term->text));
	else if (is_address(str_slice(term->text, start, start +
	    str_find(str_after(term->text, start), '/'))))
		object(r, SPF_UNKNOWN_MECHANISM, start, term->text.n,
		    STR_QUOTE " is an address without \"ip4:\" or \"ip6:\"",
		    STR_QUOTE_ARG(str_after(term->text, start)));
	else
		object(r, SPF_UNKNOWN_MECHANISM, start, end, STR_QUOTE
		    " is no mechanism of SPF", STR_QUOTE_ARG(name));
}

/* A name and what stands behind it: nothing, or from a ":" or "/" on. */
static void
read_mechanism(struct reader *r, size_t start, size_t end)
{
	struct spf_term *term = r->term;
	struct str name = term->name;
	enum spf_kind kind = find_kind(name);

	if (kind == SPF_UNKNOWN && str_is_case(name, "all."))
		kind = find_kind(str_slice(name, 0, --end - start));
	if (!spf_is_mechanism(kind)) {
		object_mechanism(r, start, end);
		return;
	}
	term->kind = kind;
	term->name = str_slice(term->text, start, end);
	switch (shapes[kind].value) {
	case VALUE_IP4:
	case VALUE_IP6:
		read_network(r, kind == SPF_IP4, end);
		break;
	case VALUE_NONE:
		read_nothing(r, end);
		break;
	default:
		read_name(r, &shapes[kind], end);
	}
}

/* A name and what stands behind the "=" at the end of it. */
static void
read_modifier(struct reader *r, size_t start, size_t end)
{
	struct spf_term *term = r->term;
	enum spf_kind kind = find_kind(term->name);
	size_t after;

	if (!is_modifier_name(term->name)) {
		set_target(r, end + 1, term->text.n);
		object(r, SPF_BAD_TERM, start, end + (term->name.n == 0),
		    STR_QUOTE " cannot be the name of a modifier",
		    STR_QUOTE_ARG(term->name));
		return;
	}
	if (term->qualified && spf_is_mechanism(kind))
		object(r, SPF_MECHANISM_AS_MODIFIER, end, end + 1,
		    "\"%s\" takes \":\", not \"=\"", spf_kind_name(kind));
	else if (term->qualified)
		object(r, SPF_QUALIFIER_ON_MODIFIER, 0, 1,
		    "\"%c\" stands before " STR_QUOTE
		    ", which takes no qualifier", term->qualifier,
		    STR_QUOTE_ARG(term->name));
	term->kind = kind == SPF_REDIRECT || kind == SPF_EXP ? kind :
	    SPF_MODIFIER;
	if (term->kind != SPF_MODIFIER) {
		read_name(r, &shapes[kind], end);
		return;
	}
	set_target(r, end + 1, term->text.n);
	if (check_macros(r, term->target, end + 1, &after) &&
	    !term->broken && spf_is_mechanism(kind))
		problems_add(r->problems, r->arena,
		    SPF_MECHANISM_AS_MODIFIER, r->offset + end,
		    r->offset + end + 1, STR_QUOTE " authorises nobody: with "
		    "\"=\" receivers pass it over, \"%s\" takes %s",
		    STR_QUOTE_ARG(term->text), spf_kind_name(kind),
		    kind == SPF_ALL ? "nothing behind it" : "\":\"");
}

static bool
is_qualifier(int byte)
{
	return byte == '+' || byte == '-' || byte == '~' || byte == '?';
}

static bool
ends_name(int byte)
{
	return byte == ':' || byte == '/' || byte == '=' || byte == END;
}

struct spf_term *
spf_term_parse(struct arena *arena, struct str text, size_t offset,
    struct problems *problems)
{
	struct spf_term *term = ARENA_NEW(arena, struct spf_term);
	struct reader reader = { arena, problems, term, offset };
	struct cursor in = { text, 0 };
	size_t start;

	term->text = text;
	term->start = offset;
	term->end = term->target_start = term->target_end =
	    term->cidr_start = offset + text.n;
	term->kind = SPF_UNKNOWN;
	term->qualifier = '+';
	term->cidr4 = term->cidr6 = -1;
	term->qualified = is_qualifier(cursor_peek(&in));
	if (term->qualified)
		term->qualifier = (char)cursor_next(&in);
	start = in.here;
	while (!ends_name(cursor_peek(&in)))
		cursor_next(&in);
	term->name = str_slice(text, start, in.here);
	check_characters(&reader);
	if (cursor_peek(&in) == '=')
		read_modifier(&reader, start, in.here);
	else
		read_mechanism(&reader, start, in.here);
	return term;
}

struct str
spf_term_print(struct arena *arena, const struct spf_term *term)
{
	char qualifier[2] = { term->qualifier, '\0' };
	struct str rest;

	if (term->broken || term->kind == SPF_MODIFIER)
		return term->text;
	rest = str_after(term->text, term->qualified + term->name.n);
	return arena_printf(arena, "%s%s%.*s",
	    term->qualifier == '+' ? "" : qualifier,
	    spf_kind_name(term->kind), STR_ARG(rest));
}
