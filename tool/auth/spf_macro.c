/*
 * Macro-strings of SPF, RFC 7208 section 7.
 */
#include "auth/auth.h"
#include "base/arena.h"
#include "base/buffer.h"
#include "base/name.h"

/* Those for the text of exp, "c", "r" and "t", are none in a record. */
static const struct str letters = STR_INIT("slodiphv");
static const struct str delimiters = STR_INIT(".-+,/_=");
static const struct str digits = STR_INIT("0123456789");

/* How many parts to keep: more than there can be are as good as all. */
static bool
read_digits(struct cursor *in, size_t *count)
{
	struct str text = cursor_while(in, digits);
	uint64_t number = 0;

	if (text.n == 0)
		return true;
	*count = str_number(text, SIZE_MAX, &number) ? (size_t)number :
	    SIZE_MAX;
	return *count != 0;
}

/* What stands between the braces, and the closing one. */
static bool
read_braces(struct cursor *in, struct spf_macro *macro)
{
	int letter = cursor_peek(in);

	if (!str_has(letters, byte_lower(letter)))
		return false;
	cursor_next(in);
	macro->letter = (char)byte_lower(letter);
	macro->escape = letter != macro->letter;
	if (!read_digits(in, &macro->digits))
		return false;
	macro->reverse = cursor_accept(in, 'r') || cursor_accept(in, 'R');
	macro->delimiters = cursor_while(in, delimiters);
	return cursor_accept(in, '}');
}

bool
spf_macro_next(struct cursor *in, struct spf_macro *macro)
{
	cursor_until(in, STR("%"));
	*macro = (struct spf_macro){ .start = in->here };
	if (!cursor_accept(in, '%'))
		return false;
	if (cursor_accept(in, '{')) {
		macro->valid = read_braces(in, macro);
		/* Of a broken one, show all that belongs to it. */
		if (!macro->valid) {
			cursor_until(in, STR("}%"));
			cursor_accept(in, '}');
		}
	} else if (str_has(STR("%_-"), cursor_peek(in))) {
		macro->letter = (char)cursor_next(in);
		macro->valid = true;
	}
	macro->end = in->here;
	return true;
}

/* The right-most parts of a name, as %{d2r-} asks for them. */
static void
add_parts(struct buffer *out, struct arena *arena, struct str name,
    const struct spf_macro *macro)
{
	struct cursor in = { name, 0 };
	struct str set = macro->delimiters.n > 0 ? macro->delimiters :
	    STR(".");
	struct str *parts = ARENA_ARRAY(arena, name.n + 1, struct str);
	size_t count = 0, skip, i;

	do {
		parts[count++] = cursor_until(&in, set);
	} while (cursor_next(&in) != END);
	skip = macro->digits == 0 || macro->digits > count ? 0 :
	    count - macro->digits;
	for (i = skip; i < count; i++) {
		if (i > skip)
			buffer_add_byte(out, '.');
		buffer_add(out, parts[macro->reverse ?
		    count - 1 - i : i]);
	}
}

/* Octets which name_parse would take for an escape, or worse, escaped. */
static void
add_literal(struct buffer *out, struct str text)
{
	size_t i;

	for (i = 0; i < text.n; i++) {
		if (text.p[i] == '\\')
			buffer_add_byte(out, '\\');
		buffer_add_byte(out, text.p[i]);
	}
}

/*
 * Removes labels from the left until the name fits, RFC 7208 section 7.3, and
 * makes it canonical.
 */
static struct str
finish_name(struct arena *arena, struct str text)
{
	struct str name;

	while (text.n > NAME_MAX_WIRE - 2 && str_has(text, '.'))
		text = str_after(text, str_find(text, '.') + 1);
	return name_parse(arena, text, &name) ? name : STR_NONE;
}

struct str
spf_target(struct arena *arena, const struct spf_term *term,
    struct str domain)
{
	struct cursor in = { term->target, 0 };
	struct buffer name = { 0 };
	struct spf_macro macro;
	struct str text;
	size_t after = 0;

	if (term->broken || !(spf_costs_lookup(term->kind) ||
	    term->kind == SPF_EXP))
		return STR_NONE;
	if (!term->has_target)
		return domain;
	if (!str_has(term->target, '%') && !str_has(term->target, '\\'))
		return finish_name(arena, term->target);
	while (spf_macro_next(&in, &macro)) {
		if (macro.letter != 'd' || (macro.escape &&
		    !name_is_host(domain, true))) {
			buffer_free(&name);
			return STR_NONE;
		}
		add_literal(&name, str_slice(term->target, after,
		    macro.start));
		add_parts(&name, arena, domain, &macro);
		after = macro.end;
	}
	add_literal(&name, str_after(term->target, after));
	text = buffer_finish(&name, arena);
	return finish_name(arena, text);
}
