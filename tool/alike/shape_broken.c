/*
 * Shapes: keys of a family in which one octet is out of place, as an editor or
 * a form leaves it. Nobody can read them, so that nothing is told of the digits
 * before it and behind it, nor of how many they are; only of the octet.
 */
#include "alike/shape.h"
#include "auth/base64.h"

enum { BROKEN_DIGITS = 1024 };

/* One that no rule makes anything of. */
static bool
is_odd(char byte)
{
	return byte != '\0' && strchr("!#&*?@^|~", byte) != NULL;
}

static size_t
count_digits(struct str text)
{
	unsigned char octets[BROKEN_DIGITS / 4 * 3 + BASE64_SPARE];
	struct base64 out = { .octets = octets };

	return base64_take(&out, text);
}

/*
 * How long the digits are that stand there, with the odd octet among them that
 * is the first one in the key.
 */
static size_t
take_string(struct str text, char *odd)
{
	size_t n = count_digits(text), behind;

	if (*odd != '\0' || n == 0 || n == text.n || !is_odd(text.p[n]))
		return n;
	behind = count_digits(str_after(text, n + 1));
	if (behind == 0)
		return n;
	*odd = text.p[n];
	return n + 1 + behind;
}

/* All strings of the key, from one digit to another. */
static bool
take_strings(struct drawing *drawing, char *odd)
{
	size_t left = BROKEN_DIGITS, n;
	struct str text;
	const char *next, *end;

	for (;;) {
		text = str_slice((struct str){ drawing->here,
		    (size_t)(drawing->end - drawing->here) }, 0, left);
		n = take_string(text, odd);
		if (n == 0)
			return false;
		left -= n;
		put_byte(drawing, MARK_DIGITS);
		put_number(drawing, (uint32_t)n);
		end = text.p + n;
		drawing->here = end;
		next = shape_junction_end(drawing);
		if (next == NULL)
			return *odd != '\0' && (*end == '"' || *end == ';');
		/* Nobody knows yet how long a family is that is read. */
		if (!has_room(drawing, (size_t)(next - end)))
			return false;
		put(drawing, end, (size_t)(next - end));
		drawing->here = next;
	}
}

bool
shape_put_broken(struct drawing *drawing)
{
	const char *start = drawing->here;
	struct shape *shape = drawing->shape;
	char *out = drawing->out, odd = '\0';

	if (drawing->whole || !drawing->quoted || drawing->has_key ||
	    shape->key_count == SHAPE_KEYS)
		return false;
	put_byte(drawing, MARK_BROKEN);
	put_byte(drawing, 0);
	if (!take_strings(drawing, &odd)) {
		drawing->here = start;
		drawing->out = out;
		return false;
	}
	out[1] = odd;
	shape->keys[shape->key_count++].fingerprint = 0;
	drawing->has_key = drawing->broken_key = true;
	return true;
}
