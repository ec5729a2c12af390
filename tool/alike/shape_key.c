/*
 * Shapes: the keys in them.
 */
#include "alike/shape.h"
#include "auth/base64.h"
#include "base/arena.h"
#include "policy/policy.h"

enum {
	KEY_DIGITS = 1024,
	NO_KEY_MIN = 64			/* octets */
};

const char *
shape_junction_end(const struct drawing *drawing)
{
	const char *here = drawing->here;

	if (*here != '"' || !drawing->quoted)
		return NULL;
	for (here++; *here != '"'; here++)
		if (!byte_is_blank(*here) && *here != '\r' &&
		    (*here != '\n' || drawing->depth == 0))
			return NULL;
	return (class_of(here[1]) & BASE64) != 0 ? here + 1 : NULL;
}

/* Of one string; false when it ends the key, or can be none. */
static bool
take_digits(struct drawing *drawing, struct base64 *out, size_t *left)
{
	struct str text = { drawing->here,
	    (size_t)(drawing->end - drawing->here) };
	size_t n = base64_take(out, str_slice(text, 0, *left));

	*left -= n;
	drawing->here += n;
	put_byte(drawing, MARK_DIGITS);
	put_number(drawing, (uint32_t)n);
	return *left > 0 && n > 0;
}

/* Of all strings, of which the first may be empty, with the "=" at the end. */
static bool
take_all_digits(struct drawing *drawing, struct base64 *out)
{
	size_t left = KEY_DIGITS, padding = 0;
	const char *next;

	if (!take_digits(drawing, out, &left) &&
	    (left < KEY_DIGITS || shape_junction_end(drawing) == NULL))
		return false;
	while ((next = shape_junction_end(drawing)) != NULL) {
		put(drawing, drawing->here, (size_t)(next - drawing->here));
		drawing->here = next;
		if (!take_digits(drawing, out, &left))
			return false;
	}
	for (; *drawing->here == '='; drawing->here++) {
		put_byte(drawing, '=');
		padding++;
	}
	return base64_finish(out, padding);
}

/* What its DER says, but for the octets of the modulus. */
static bool
put_der(struct drawing *drawing, struct str der, const struct der_key *key)
{
	const char *behind = key->modulus.p + key->modulus.n;

	if (der.n - key->modulus.n > DER_MAX)
		return false;
	put_byte(drawing, MARK_KEY);
	put_number(drawing, (uint32_t)der.n);
	put_number(drawing, key->bits);
	put_byte(drawing, (int)(key->modulus.p - der.p));
	put(drawing, der.p, (size_t)(key->modulus.p - der.p));
	put(drawing, behind, (size_t)(der.p + der.n - behind));
	return true;
}

/*
 * No key, and nothing that somebody could take for one: keys of Ed25519 are
 * shorter, and what stands in a PEM file says what it is.
 */
static bool
is_no_key(struct str der)
{
	return der.n > NO_KEY_MIN &&
	    der_read_key(der).form == DER_NOTHING &&
	    !str_contains(der, STR("-----"));
}

/* Nobody can read it, and what is told of it is how long it is. */
static bool
put_no_key(struct drawing *drawing, struct str der)
{
	if (drawing->whole || !is_no_key(der))
		return false;
	put_byte(drawing, MARK_NO_KEY);
	drawing->shape->keys[drawing->shape->key_count++].fingerprint = 0;
	drawing->broken_key = true;
	return true;
}

/* Behind "p=": an RSA key with which nothing is wrong, or what is none. */
bool
shape_put_key(struct drawing *drawing)
{
	unsigned char octets[KEY_DIGITS / 4 * 3 + BASE64_SPARE];
	struct base64 out = { .octets = octets };
	struct der_key key = { .form = DER_NOTHING };
	struct shape *shape = drawing->shape;
	struct str der;
	bool fine;

	if ((class_of(*drawing->here) & BASE64) == 0 &&
	    shape_junction_end(drawing) == NULL)
		return true;
	fine = !drawing->has_key && shape->key_count < SHAPE_KEYS &&
	    take_all_digits(drawing, &out);
	der = (struct str){ (const char *)octets, out.length };
	if (fine)
		key = der_read_key(der);
	drawing->has_key = true;
	if (fine && key.form == DER_NOTHING)
		return put_no_key(drawing, der);
	fine = fine && key.form == DER_SPKI && key.algorithm == DKIM_RSA &&
	    rsa_weak_factor(key.modulus) == 0 && put_der(drawing, der, &key);
	if (fine)
		shape->keys[shape->key_count++].fingerprint =
		    key_fingerprint(der);
	return fine;
}

/* ---- like one before ----------------------------------------------------- */

static size_t
take_number(struct str *mark)
{
	uint32_t number;

	memcpy(&number, mark->p, sizeof(number));
	*mark = str_after(*mark, sizeof(number));
	return number;
}

/* What is written as it is, up to a mark. */
static struct str
take_text(struct str *mark)
{
	size_t n = 0;

	while (n < mark->n && (unsigned char)mark->p[n] < MARK_STRETCH)
		n++;
	*mark = str_after(*mark, n);
	return (struct str){ mark->p - n, n };
}

/*
 * DER says the same when all but the modulus has the same octets, and that has
 * the same length and as many bits.
 */
static bool
is_der(struct str der, struct str mark, struct str *modulus)
{
	size_t length = take_number(&mark), bits = take_number(&mark);
	size_t head = (unsigned char)mark.p[0], n = (bits + 7) / 8;
	struct str tail = str_after(mark, 1 + head);

	*modulus = str_slice(der, head, head + n);
	return der.n == length &&
	    (unsigned char)modulus->p[0] >> (bits - 1) % 8 == 1 &&
	    stands_at(der.p, str_slice(mark, 1, 1 + head)) &&
	    stands_at(modulus->p + n, tail);
}

/* What a key says for which rsa_is_usual is true. */
static bool
is_usual_der(struct str mark)
{
	static const char der[] = "\x21"
	    "\x30\x82\x01\x22\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01"
	    "\x01\x05\x00\x03\x82\x01\x0f\x00\x30\x82\x01\x0a\x02\x82\x01\x01"
	    "\x00\x02\x03\x01\x00\x01";
	size_t length = take_number(&mark), bits = take_number(&mark);

	return length == 294 && bits == 2048 && mark.n == sizeof(der) - 1 &&
	    memcmp(mark.p, der, sizeof(der) - 1) == 0;
}

/* All other keys, and where the processor has no quick way. */
static bool
reads_key(struct str digits, const struct key_form *form,
    uint64_t *fingerprint)
{
	unsigned char octets[KEY_DIGITS / 4 * 3 + BASE64_SPARE];
	struct base64 out = { .octets = octets };
	struct str der, modulus;

	if (base64_take(&out, digits) < digits.n ||
	    !base64_finish(&out, (4 - digits.n) % 4))
		return false;
	der = (struct str){ (const char *)octets, out.length };
	*fingerprint = form->none ? 0 : key_fingerprint(der);
	return form->none ? is_no_key(der) :
	    is_der(der, form->der, &modulus) &&
	    rsa_weak_factor(modulus) == 0;
}

const struct key_form *
shape_read_form(struct arena *arena, struct str mark)
{
	struct key_form *form;
	struct key_piece *piece;

	if ((unsigned char)mark.p[0] != MARK_DIGITS)
		return NULL;
	form = arena_alloc(arena, sizeof(*form) +
	    (mark.n / (1 + sizeof(uint32_t)) + 1) * sizeof(form->pieces[0]));
	for (piece = form->pieces; (unsigned char)mark.p[0] == MARK_DIGITS;
	    piece++) {
		mark = str_after(mark, 1);
		piece->digits = take_number(&mark);
		piece->behind = sample_of(take_text(&mark));
		form->digits += piece->digits;
	}
	form->count = (size_t)(piece - form->pieces);
	form->none = (unsigned char)mark.p[0] == MARK_NO_KEY;
	form->der = str_after(mark, 1);
	form->usual = !form->none && form->digits == RSA_USUAL_DIGITS &&
	    is_usual_der(form->der);
	return form;
}

/*
 * The digits without what stands between them, in a row; NULL when something
 * else stands there.
 */
static const char *
gather_digits(struct drawing *drawing, const struct key_form *form,
    char digits[KEY_DIGITS])
{
	const struct key_piece *piece = form->pieces;
	const struct key_piece *last = piece + form->count;
	const char *start = drawing->here, *here = start;
	size_t count = 0;

	for (; piece < last; piece++) {
		if (drawing->end - here < (ptrdiff_t)piece->digits)
			return NULL;
		if (form->count > 1)
			memcpy(digits + count, here, piece->digits);
		count += piece->digits;
		here += piece->digits;
		if (!sample_stands_at(here, drawing->end, &piece->behind))
			return NULL;
		here += piece->behind.text.n;
	}
	drawing->here = here;
	return here > drawing->end || (class_of(*here) & BASE64) != 0 ||
	    shape_junction_end(drawing) != NULL ? NULL :
	    form->count > 1 ? digits : start;
}

bool
shape_fill_key(struct drawing *drawing, const struct key_form *form)
{
	char room[KEY_DIGITS];
	struct shape *shape = drawing->shape;
	uint64_t fingerprint;
	const char *digits;

	if (drawing->has_key || shape->key_count == SHAPE_KEYS)
		return false;
	digits = gather_digits(drawing, form, room);
	if (digits == NULL ||
	    !((form->usual && rsa_is_usual(digits, &fingerprint)) ||
	    reads_key((struct str){ digits, form->digits }, form,
	    &fingerprint)))
		return false;
	shape->keys[shape->key_count++].fingerprint = fingerprint;
	drawing->has_key = true;
	return true;
}

struct str
shape_key_domain(struct arena *arena, const struct shape_key *key,
    struct str name, struct str above)
{
	static const struct str label = STR_INIT("_domainkey");
	struct str domain = str_after(key->owner, str_find_str(key->owner,
	    label) + label.n + 1);

	if (domain.n > 0 && domain.p[domain.n - 1] == '.')
		return str_slice(domain, 0, domain.n - 1);
	return name_join(arena, domain, key->own_origin ? name : above);
}
