/*
 * DKIM keys, RFC 6376 section 3.6.1 and RFC 8463.
 */
#include "auth/auth.h"
#include "base/arena.h"
#include "base/buffer.h"

enum { ED25519_OCTETS = 32, ED25519_PRIVATE_OCTETS = 64 };

/* A list with ":", as of hashes, services and flags. */
static bool
list_has(struct str list, const char *word)
{
	struct str part;

	while (str_split(&list, ':', &part))
		if (str_is(str_trim(part), word))
			return true;
	return false;
}

/* As list_has for a tag; one that is absent allows everything. */
static bool
tag_allows(const struct tag *tag, const char *word)
{
	return tag == NULL || list_has(tag->value, word);
}

/* ---- tags ---------------------------------------------------------------- */

/* The pointer of struct dkim that belongs to a tag, or NULL. */
static const struct tag **
tag_slot(struct dkim *dkim, struct str name)
{
	if (name.n != 1)
		return NULL;
	switch (name.p[0]) {
	case 'v': return &dkim->v;
	case 'k': return &dkim->k;
	case 'p': return &dkim->p;
	case 'h': return &dkim->h;
	case 's': return &dkim->s;
	case 't': return &dkim->t;
	case 'n': return &dkim->n;
	case 'g': return &dkim->g;
	default: return NULL;
	}
}

/* Printable ASCII and blanks; the key is looked at by base64. */
static bool
check_characters(struct dkim *dkim, struct arena *arena,
    const struct tag *tag)
{
	unsigned char byte;
	size_t i;

	if (tag == dkim->p || str_within(tag->value, ' ', '~'))
		return true;
	for (i = tag->value_start; i < tag->value_end; i++) {
		byte = (unsigned char)dkim->text.p[i];
		if ((byte >= ' ' && byte < 0x7f) || byte == '\t')
			continue;
		problems_add(&dkim->problems, arena, DKIM_BAD_TAG, i, i + 1,
		    "octet 0x%02x is not allowed in a DKIM key, so verifiers "
		    "may ignore it", byte);
		return false;
	}
	return true;
}

static void
check_version(struct dkim *dkim, struct arena *arena, const struct tag *tag)
{
	if (tag != dkim->tags.first)
		problems_add(&dkim->problems, arena, DKIM_BAD_VERSION,
		    tag->start, tag->end, "\"v\" does not come first, so "
		    "verifiers discard the key");
	else if (!str_is(tag->value, "DKIM1"))
		problems_add(&dkim->problems, arena, DKIM_BAD_VERSION,
		    tag->value.n > 0 ? tag->value_start : tag->start,
		    tag->value_end, STR_QUOTE " is not \"DKIM1\", so verifiers "
		    "discard the key", STR_QUOTE_ARG(tag->value));
}

/* A word of letters, digits and inner hyphens; RFC 6376 section 3.6.1. */
static void
check_type(struct dkim *dkim, struct arena *arena, const struct tag *tag)
{
	struct str value = tag->value;
	struct cursor in = { value, 0 };

	while (byte_is_letter(cursor_peek(&in)) || (in.here > 0 &&
	    (byte_is_digit(cursor_peek(&in)) || cursor_peek(&in) == '-')))
		cursor_next(&in);
	if (value.n == 0 || cursor_peek(&in) != END)
		problems_add(&dkim->problems, arena, DKIM_BAD_TAG,
		    value.n > 0 ? tag->value_start + in.here : tag->start,
		    tag->value_end, STR_QUOTE " is no type of key, so "
		    "verifiers ignore it", STR_QUOTE_ARG(value));
}

/* A segment that is no tag: without "=", or with no name for one. */
static void
object_segment(struct dkim *dkim, struct arena *arena, const struct tag *tag)
{
	struct str text = str_slice(dkim->text, tag->start, tag->end);

	if (!tag->equals)
		problems_add(&dkim->problems, arena, DKIM_BAD_TAG,
		    tag->start, tag->end, STR_QUOTE " has no \"=\", so "
		    "verifiers ignore the key", STR_QUOTE_ARG(text));
	else
		problems_add(&dkim->problems, arena, DKIM_BAD_TAG,
		    tag->start, tag->start + (tag->name.n > 0 ?
		    tag->name.n : 1), STR_QUOTE " cannot be the name of a "
		    "tag, so verifiers ignore the key",
		    STR_QUOTE_ARG(tag->name));
}

static void
read_tag(struct dkim *dkim, struct arena *arena, const struct tag *tag)
{
	const struct tag **slot;

	if (!tag->equals || !tag_name_is_valid(tag->name)) {
		object_segment(dkim, arena, tag);
		return;
	}
	slot = tag_slot(dkim, tag->name);
	if (slot != NULL && *slot == NULL)
		*slot = tag;
	if (tag->repeated)
		problems_add(&dkim->problems, arena, DKIM_REPEATED_TAG,
		    tag->start, tag->end, "a second " STR_QUOTE " makes the "
		    "whole key void", STR_QUOTE_ARG(tag->name));
	else if (!check_characters(dkim, arena, tag))
		return;
	else if (tag == dkim->v)
		check_version(dkim, arena, tag);
	else if (tag == dkim->k)
		check_type(dkim, arena, tag);
}

/* ---- the key ------------------------------------------------------------- */

/* Notes a problem with all of the key. */
#define OBJECT_KEY(dkim, arena, kind, ...) \
	problems_add(&(dkim)->problems, (arena), (kind), \
	    (dkim)->p->value_start, (dkim)->p->value_end, __VA_ARGS__)

/* Points at what base64 stumbled over, and all of its kind behind it. */
static void
object_base64(struct dkim *dkim, struct arena *arena, size_t start)
{
	struct str key = dkim->p->value;
	size_t offset = dkim->p->value_start, end = start;

	while (end < key.n && !byte_is_letter(key.p[end]) &&
	    !byte_is_digit(key.p[end]) && !byte_is_blank(key.p[end]) &&
	    !str_has(STR("+/="), (unsigned char)key.p[end]))
		end++;
	if (start == key.n)
		problems_add(&dkim->problems, arena, DKIM_BAD_BASE64,
		    offset + start - 1, offset + start, "the key ends in the "
		    "middle of a group of base64, so verifiers cannot read "
		    "it");
	else
		problems_add(&dkim->problems, arena, DKIM_BAD_BASE64,
		    offset + start, offset + (end > start ? end : start + 1),
		    STR_QUOTE " is out of place in base64, so verifiers cannot "
		    "read the key", STR_QUOTE_ARG(str_slice(key, start,
		    end > start ? end : start + 1)));
}

/* How PEM files begin, and what those of private keys say. */
static const struct str armour = STR_INIT("-----BEGIN");
static const struct str secret = STR_INIT("PRIVATE KEY-----");

#define PUBLISHED \
	"the private key is published, so everybody can sign with it"

/* Line breaks are white space in base64, but have no place in a record. */
static bool
decode_key(struct dkim *dkim, struct arena *arena)
{
	struct str key = dkim->p->value;
	struct cursor in = { key, 0 };
	size_t fault, begin, line;
	bool fine;

	fine = base64_decode_at(arena, key, &dkim->der, &fault);
	if (fine && key.n == (dkim->der.n + 2) / 3 * 4)
		return true;
	line = cursor_until(&in, STR("\r\n")).n;
	if (fine && line == key.n)
		return true;
	dkim->der = STR_NONE;
	begin = str_find_str(key, armour);
	if (str_contains(key, secret))
		OBJECT_KEY(dkim, arena, DKIM_PRIVATE_KEY, PUBLISHED);
	else if (begin < key.n)
		problems_add(&dkim->problems, arena, DKIM_PEM,
		    dkim->p->value_start + begin, dkim->p->value_start +
		    begin + armour.n, "a PEM file stands where only its "
		    "base64 belongs, so verifiers cannot read the key");
	else
		object_base64(dkim, arena, fine || line < fault ? line :
		    fault);
	return false;
}

/* Octets that are no key, or one which must not be seen. */
static void
object_octets(struct dkim *dkim, struct arena *arena, enum der_form form)
{
	if (form == DER_PRIVATE || str_contains(dkim->der, secret))
		OBJECT_KEY(dkim, arena, DKIM_PRIVATE_KEY, PUBLISHED);
	else if (str_starts(dkim->der, armour))
		OBJECT_KEY(dkim, arena, DKIM_PEM, "this is a PEM file, once "
		    "more in base64, so verifiers cannot read the key");
	else if (dkim->algorithm == DKIM_OTHER)
		return;
	else if (dkim->algorithm == DKIM_ED25519 &&
	    dkim->der.n == ED25519_PRIVATE_OCTETS)
		OBJECT_KEY(dkim, arena, DKIM_PRIVATE_KEY, "64 octets are how "
		    "programs keep a private Ed25519 key, a public one has "
		    "32; everybody may be able to sign with it");
	else if (dkim->algorithm == DKIM_ED25519)
		OBJECT_KEY(dkim, arena, DKIM_ED25519_LENGTH, "an Ed25519 key "
		    "has 32 octets, not %zu, so verifiers cannot use it",
		    dkim->der.n);
	else if (dkim->der.n == ED25519_OCTETS)
		OBJECT_KEY(dkim, arena, DKIM_MISMATCH, "32 octets are an "
		    "Ed25519 key, but \"k\" %s, so verifiers cannot use it",
		    dkim->k == NULL ? "is missing" : "promises an RSA key");
	else
		OBJECT_KEY(dkim, arena, DKIM_NOT_A_KEY, "no key can be read "
		    "from these %zu octets%s, so every signature fails",
		    dkim->der.n, form == DER_TRUNCATED ?
		    ", whose end is missing" : form == DER_TRAILING ?
		    ", which go on behind the end of one" : "");
}

static const char *
algorithm_name(enum dkim_algorithm algorithm)
{
	return algorithm == DKIM_RSA ? "an RSA key" :
	    algorithm == DKIM_ED25519 ? "an Ed25519 key" :
	    "neither an RSA nor an Ed25519 key";
}

static void
read_key(struct dkim *dkim, struct arena *arena)
{
	struct der_key key;

	if (!decode_key(dkim, arena))
		return;
	if (dkim->algorithm == DKIM_ED25519 &&
	    dkim->der.n == ED25519_OCTETS) {
		dkim->key_algorithm = DKIM_ED25519;
		dkim->bits = 256;
		return;
	}
	key = der_read_key(dkim->der);
	if (key.form != DER_SPKI && key.form != DER_PKCS1) {
		object_octets(dkim, arena, key.form);
		return;
	}
	dkim->key_algorithm = key.algorithm;
	dkim->pkcs1 = key.form == DER_PKCS1;
	dkim->bits = key.bits;
	dkim->modulus = key.modulus;
	dkim->exponent = key.exponent;
	if (dkim->algorithm == DKIM_OTHER)
		return;
	if (key.algorithm != dkim->algorithm)
		OBJECT_KEY(dkim, arena, DKIM_MISMATCH, "this is %s, but "
		    "\"k\" promises %s, so verifiers cannot use it",
		    algorithm_name(key.algorithm),
		    algorithm_name(dkim->algorithm));
	else if (key.algorithm == DKIM_ED25519)
		OBJECT_KEY(dkim, arena, DKIM_ED25519_LENGTH, "this Ed25519 "
		    "key is wrapped in ASN.1, only its 32 octets belong "
		    "here, so verifiers cannot use it");
}

/* ---- the record ---------------------------------------------------------- */

static enum dkim_algorithm
read_algorithm(const struct tag *k)
{
	if (k == NULL || str_is(k->value, "rsa"))
		return DKIM_RSA;
	return str_is(k->value, "ed25519") ? DKIM_ED25519 : DKIM_OTHER;
}

static bool
has_problem(const struct dkim *dkim, enum dkim_problem kind)
{
	const struct problem *problem;

	for (problem = dkim->problems.first; problem != NULL;
	    problem = problem->next)
		if (problem->kind == (int)kind)
			return true;
	return false;
}

struct dkim *
dkim_parse(struct arena *arena, struct str text)
{
	struct dkim *dkim = ARENA_NEW(arena, struct dkim);
	const struct tag *tag;

	dkim->text = text;
	dkim->tags = tags_parse(arena, text);
	for (tag = dkim->tags.first; tag != NULL; tag = tag->next)
		read_tag(dkim, arena, tag);
	if (dkim->tags.empty > 0)
		problems_add(&dkim->problems, arena, DKIM_BAD_TAG,
		    dkim->tags.empty_start, dkim->tags.empty_start + 1,
		    "\";\" ends a tag that is not there, so verifiers may "
		    "ignore the key");
	dkim->algorithm = read_algorithm(dkim->k);
	dkim->testing = dkim->t != NULL && list_has(dkim->t->value, "y");
	dkim->strict = dkim->t != NULL && list_has(dkim->t->value, "s");
	dkim->sha1 = tag_allows(dkim->h, "sha1");
	dkim->sha256 = tag_allows(dkim->h, "sha256");
	dkim->email = tag_allows(dkim->s, "*") ||
	    tag_allows(dkim->s, "email");
	dkim->revoked = dkim->p != NULL && dkim->p->value.n == 0;
	/* A segment that is no tag may have been the key. */
	if (dkim->p == NULL && !has_problem(dkim, DKIM_BAD_TAG))
		problems_add(&dkim->problems, arena, DKIM_NO_KEY, 0, text.n,
		    "\"p\" is missing, so there is no key");
	else if (dkim->p != NULL && !dkim->revoked)
		read_key(dkim, arena);
	return dkim;
}

bool
dkim_is_live(const struct dkim *dkim)
{
	return dkim->p != NULL && !dkim->revoked;
}

static void
add_key(struct buffer *out, struct str key)
{
	struct cursor in = { key, 0 };

	while (cursor_peek(&in) != END) {
		buffer_add(out, cursor_until(&in, STR(" \t")));
		cursor_while(&in, STR(" \t"));
	}
}

struct str
dkim_print(struct arena *arena, const struct dkim *dkim)
{
	struct buffer out = { 0 };
	const struct tag *tag;

	for (tag = dkim->tags.first; tag != NULL; tag = tag->next) {
		if (tag != dkim->tags.first)
			buffer_add(&out, STR("; "));
		buffer_add(&out, tag->name);
		if (tag->equals)
			buffer_add_byte(&out, '=');
		if (tag == dkim->p && dkim->der.p != NULL)
			add_key(&out, tag->value);
		else
			buffer_add(&out, tag->value);
	}
	return buffer_finish(&out, arena);
}
