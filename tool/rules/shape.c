/*
 * How a family of names is written. Customers of a provider have the same
 * records but for their name, their addresses and their keys; with these left
 * out, one text stands for all of them. Anything unusual, above all the
 * family's own name in a form that is not known here, and there is no shape.
 */
#include <arpa/inet.h>
#include <string.h>

#include "base/address.h"
#include "base/arena.h"
#include "rules/likeness.h"

/* What stands for what is left out; the file itself is ASCII. */
enum mark {
	MARK_STRETCH = 0x80, MARK_OWN, MARK_OWN_LABEL, MARK_IP4, MARK_IP6,
	MARK_AGAIN, MARK_DIGITS, MARK_KEY, MARK_SERIAL, MARK_HOST
};

enum {
	/* An address in a wider network might be in that of another. */
	PREFIX_IP4 = 24, PREFIX_IP6 = 48,
	APART_IP4 = 16, APART_IP6 = 24,	/* bits of what is near */
	SHOWN_IP6 = 4,			/* octets that tell its purpose */
	WORD_LONG = 40,			/* a key, in a place unknown here */
	KEY_DIGITS = 1024,
	DER_MAX = 64,			/* octets of it beside the modulus */
	LABEL_SLOTS = 1024,		/* a power of two */
	HOSTS_MAX = 8			/* kinds of them */
};

/* Of characters. */
enum {
	LETTER = 1, HEX = 2, DIGIT = 4, DOT = 8, COLON = 16, UPPER = 32,
	WORD = LETTER | HEX | DIGIT | DOT | COLON | UPPER,
	BASE64 = 64,
	OTHER = 128			/* written as it is */
};

#define H	(HEX | BASE64)
#define L	(LETTER | BASE64)
#define U	(UPPER | BASE64)
#define D	(DIGIT | BASE64)
static const unsigned char classes[256] = {
	['a'] = H, ['b'] = H, ['c'] = H, ['d'] = H, ['e'] = H, ['f'] = H,
	['g'] = L, ['h'] = L, ['i'] = L, ['j'] = L, ['k'] = L, ['l'] = L,
	['m'] = L, ['n'] = L, ['o'] = L, ['p'] = L, ['q'] = L, ['r'] = L,
	['s'] = L, ['t'] = L, ['u'] = L, ['v'] = L, ['w'] = L, ['x'] = L,
	['y'] = L, ['z'] = L,
	['A'] = U, ['B'] = U, ['C'] = U, ['D'] = U, ['E'] = U, ['F'] = U,
	['G'] = U, ['H'] = U, ['I'] = U, ['J'] = U, ['K'] = U, ['L'] = U,
	['M'] = U, ['N'] = U, ['O'] = U, ['P'] = U, ['Q'] = U, ['R'] = U,
	['S'] = U, ['T'] = U, ['U'] = U, ['V'] = U, ['W'] = U, ['X'] = U,
	['Y'] = U, ['Z'] = U,
	['0'] = D, ['1'] = D, ['2'] = D, ['3'] = D, ['4'] = D, ['5'] = D,
	['6'] = D, ['7'] = D, ['8'] = D, ['9'] = D,
	['.'] = DOT, [':'] = COLON, ['-'] = LETTER, ['_'] = LETTER,
	['+'] = BASE64 | OTHER, ['/'] = BASE64 | OTHER,
	['='] = BASE64 | OTHER,
	['\t'] = OTHER, ['\r'] = OTHER, [' '] = OTHER, ['!'] = OTHER,
	['#'] = OTHER, ['&'] = OTHER, ['\''] = OTHER, ['*'] = OTHER,
	[','] = OTHER, ['<'] = OTHER, ['>'] = OTHER, ['?'] = OTHER,
	['@'] = OTHER, ['['] = OTHER, [']'] = OTHER, ['^'] = OTHER,
	['`'] = OTHER, ['{'] = OTHER, ['|'] = OTHER, ['}'] = OTHER,
	['~'] = OTHER,
};

/*
 * What stands behind the types that a shape may have; the order of words is
 * that of the master file: owner, TTL or class, type, data.
 */
enum data { DATA_NONE, DATA_ADDRESS, DATA_NAMES, DATA_STRINGS };

static const struct type {
	struct str name;
	enum data data;
	bool whole;			/* only in a zone as a whole */
} types[] = {
	{ STR_INIT("A"), DATA_ADDRESS, false },
	{ STR_INIT("AAAA"), DATA_ADDRESS, false },
	{ STR_INIT("MX"), DATA_NAMES, false },
	{ STR_INIT("CNAME"), DATA_NAMES, false },
	{ STR_INIT("SRV"), DATA_NAMES, false },
	{ STR_INIT("TXT"), DATA_STRINGS, false },
	{ STR_INIT("NS"), DATA_NAMES, true },
	{ STR_INIT("SOA"), DATA_NAMES, true },
};

/*
 * The labels in a zone, by a hash: which are there once, and which more often.
 * Where two have the same hash, both seem to be there more often.
 */
struct labels {
	struct label {
		uint32_t hash;		/* 0: free */
		bool again;
	} slots[LABEL_SLOTS];
	size_t count;
};

/*
 * The work on a family. There is room for all that a stretch can become, see
 * draw_stretch.
 */
struct drawing {
	struct shape *shape;
	struct arena *arena;
	struct str label;		/* that which is the family's own */
	struct str above;		/* the rest of its name */
	/* Of a whole zone. */
	bool whole;
	struct labels *labels;
	struct {
		size_t start, n;	/* in the shape */
	} hosts[HOSTS_MAX];
	size_t host_count;
	char *out;			/* behind what is written */
	/* Of a stretch; at its end is a NUL, or another line begins. */
	const char *here, *end;
	bool own_origin;		/* names are relative to the family's */
	bool quoted;
	bool cut;			/* a string ended without a blank */
	unsigned depth;			/* of parentheses */
	size_t entries;
	bool holds_keys, has_key;	/* its owner; it has been seen */
	const char *soa_start, *soa_end;
	const char *soa;		/* behind the type, until its serial */
	const char *line;		/* where the entry starts */
	enum data data;			/* what stands behind its type */
	size_t slack;			/* octets that texts may differ in */
};

/* ---- what is written ---------------------------------------------------- */

static void
put_byte(struct drawing *drawing, int byte)
{
	*drawing->out++ = (char)byte;
}

static void
put(struct drawing *drawing, const void *octets, size_t count)
{
	memcpy(drawing->out, octets, count);
	drawing->out += count;
}

static void
put_number(struct drawing *drawing, uint32_t number)
{
	put(drawing, &number, sizeof(number));
}

static int
class_of(char byte)
{
	return classes[(unsigned char)byte];
}

/* ---- addresses ---------------------------------------------------------- */

/* Nobody's in particular: none of these has a meaning of its own. */
static bool
is_ordinary(const unsigned char *octets, bool ip6)
{
	static const unsigned char special[] = { 0, 10, 100, 127, 169, 172,
		192, 198, 203 };

	if (ip6)
		return octets[0] >= 0x20 && octets[0] < 0x40;
	return octets[0] < 224 && memchr(special, octets[0],
	    sizeof(special)) == NULL;
}

/* The prefix length behind an address; -1 when there is none. */
static int
prefix_at(const char *here)
{
	int prefix = 0;

	if (*here != '/')
		return -1;
	while ((class_of(*++here) & DIGIT) != 0 && prefix < 1000)
		prefix = prefix * 10 + *here - '0';
	return prefix;
}

static bool
has_host_bits(const unsigned char *octets, int length, int prefix)
{
	int i;

	for (i = prefix / 8; prefix >= 0 && i < length; i++)
		if ((i > prefix / 8 ? octets[i] : octets[i] &
		    (0xff >> prefix % 8)) != 0)
			return true;
	return false;
}

static struct shape_address
address_of(const unsigned char *octets, bool ip6, bool term)
{
	struct shape_address address = { .ip6 = ip6, .term = term };
	size_t i;

	for (i = 0; ip6 && i < 8; i++)
		address.upper = address.upper << 8 | octets[i];
	for (; i < (ip6 ? 16 : 4); i++)
		address.lower = address.lower << 8 | octets[i];
	return address;
}

static bool
is_same(const struct shape_address *a, const struct shape_address *b)
{
	return a->lower == b->lower && a->upper == b->upper &&
	    a->ip6 == b->ip6;
}

/* Is neither in a network of the other, whatever its length? */
static bool
is_apart(const struct shape_address *a, const struct shape_address *b)
{
	return a->ip6 != b->ip6 || !a->term || !b->term ||
	    (a->ip6 ? a->upper >> APART_IP6 != b->upper >> APART_IP6 :
	    a->lower >> APART_IP4 != b->lower >> APART_IP4);
}

static void
put_again(struct drawing *drawing, size_t number,
    const struct shape_address *address, bool host_bits)
{
	struct shape_address *before = &drawing->shape->addresses[number];

	before->term |= address->term;
	put_byte(drawing, MARK_AGAIN);
	put_byte(drawing, (int)number);
	put_byte(drawing, str_equal(before->text, address->text));
	put_byte(drawing, host_bits);
}

/*
 * It may be one of the others again. Terms of SPF must be far from each other
 * else: then what rules make of two does not depend on which they are.
 */
static bool
put_address(struct drawing *drawing, struct str text,
    const unsigned char *octets, bool ip6, bool term)
{
	struct shape *shape = drawing->shape;
	struct shape_address address = address_of(octets, ip6, term), *other;
	size_t count = shape->address_count, again = count, i;
	int prefix = prefix_at(drawing->here), length = ip6 ? 128 : 32;
	bool host_bits = has_host_bits(octets, length / 8, prefix);

	address.text = text;
	if (prefix >= 0 && (prefix < (ip6 ? PREFIX_IP6 : PREFIX_IP4) ||
	    prefix > length))
		return false;
	for (i = 0; i < count; i++) {
		other = &shape->addresses[i];
		if (is_same(&address, other))
			again = i;
		else if (!is_apart(&address, other))
			return false;
	}
	drawing->slack += !term ? 0 : ip6 ? INET6_ADDRSTRLEN : INET_ADDRSTRLEN;
	if (again < count) {
		put_again(drawing, again, &address, host_bits);
		return true;
	}
	if (count == SHAPE_ADDRESSES)
		return false;
	shape->addresses[shape->address_count++] = address;
	put_byte(drawing, ip6 ? MARK_IP6 : MARK_IP4);
	if (ip6)
		put(drawing, octets, SHOWN_IP6);
	put_byte(drawing, host_bits);
	return true;
}

/* ---- words -------------------------------------------------------------- */

/* Most words differ in the last octet. */
static bool
ends_in(struct str word, struct str part)
{
	return word.n >= part.n &&
	    word.p[word.n - 1] == part.p[part.n - 1] &&
	    memcmp(word.p + word.n - part.n, part.p, part.n) == 0;
}

/* Does the own label end here, and begin where labels do? */
static bool
ends_in_label(struct str word, struct str label)
{
	size_t start;

	if (!ends_in(word, label))
		return false;
	start = word.n - label.n;
	return start == 0 || word.p[start - 1] == '.' ||
	    word.p[start - 1] == ':';
}

/* The label may not be where it is not expected, in letters of any size. */
static bool
is_foreign(const struct drawing *drawing, struct str text)
{
	struct str label = drawing->label;
	int first = (unsigned char)label.p[0];
	size_t i;

	for (i = 0; i + label.n <= text.n; i++)
		if (byte_lower((unsigned char)text.p[i]) == first &&
		    str_equal_case(str_slice(text, i, i + label.n), label))
			return false;
	return true;
}

/* The last so many octets, which are written already, are the label. */
static bool
put_own(struct drawing *drawing, struct str before, size_t octets, int mark)
{
	if (before.p != drawing->line)
		drawing->slack += LIKE_LABEL;
	drawing->out -= octets;
	put_byte(drawing, mark);
	return is_foreign(drawing, before);
}

/* Behind "redirect=", "rua=" and the like, which begin a word. */
static bool
is_behind_tag(const char *here)
{
	while (byte_is_letter(here[-1]))
		here--;
	return here[-1] == ' ' || here[-1] == '"';
}

/* In a string: is the whole word a name, and not a part of one? */
static bool
is_apart_in_string(const struct drawing *drawing, struct str word,
    struct str before)
{
	char ahead = word.p[-1], behind = *drawing->here;

	if (behind != '"' && behind != ' ' && behind != ';')
		return false;
	if (str_has(before, ':'))
		return ahead == ' ' || ahead == '"';
	return ahead == ' ' || ahead == '"' || ahead == '@' ||
	    (ahead == '=' && is_behind_tag(word.p - 1));
}

/* A word that may be a name, and that of the family. */
static bool
look_at_name(struct drawing *drawing, struct str word)
{
	bool dot = word.p[word.n - 1] == '.', owner = word.p == drawing->line;
	struct str name = str_slice(word, 0, word.n - dot), rest;
	size_t above = drawing->above.n + 1, label = drawing->label.n;

	if (name.n > above && ends_in(name, drawing->above) &&
	    name.p[name.n - above] == '.') {
		rest = str_slice(name, 0, name.n - above);
		if (!ends_in_label(rest, drawing->label))
			return is_foreign(drawing, word);
		rest = str_slice(rest, 0, rest.n - label);
		/* With the final dot in a name, without it in a string. */
		if (drawing->quoted ? dot || !is_apart_in_string(drawing,
		    word, rest) : !dot)
			return false;
		if (!put_own(drawing, rest, label + above + dot, MARK_OWN))
			return false;
		if (dot)
			put_byte(drawing, '.');
		return true;
	}
	if (!dot && !drawing->own_origin && !drawing->quoted &&
	    (owner || drawing->data == DATA_NAMES) &&
	    ends_in_label(name, drawing->label))
		return put_own(drawing, str_slice(name, 0, name.n - label),
		    label, MARK_OWN_LABEL);
	return is_foreign(drawing, word);
}

/* "ip4:" or "ip6:", in any case, behind a minus or not. */
static size_t
mechanism_length(struct str word)
{
	size_t minus = word.p[0] == '-';

	return word.n > minus + 4 && byte_lower(word.p[minus]) == 'i' &&
	    byte_lower(word.p[minus + 1]) == 'p' &&
	    word.p[minus + 3] == ':' ? minus + 4 : 0;
}

/*
 * A word that has been written as it is: an address, when it must be one or
 * when it is that of a term.
 */
static bool
look_at_address(struct drawing *drawing, struct str word, size_t before)
{
	struct str text = str_after(word, before);
	unsigned char octets[16];
	bool ip4 = address_parse_ip4(text, octets);

	if (!ip4 && !address_parse_ip6(text, octets))
		return false;
	if (!is_ordinary(octets, !ip4))
		return ip4;
	drawing->out -= text.n;
	return put_address(drawing, text, octets, !ip4, before > 0);
}

static bool
look_in_string(struct drawing *drawing, struct str word, int kinds)
{
	size_t before = (kinds & COLON) == 0 ? 0 : mechanism_length(word);

	/* A mechanism, or an address: no one writes them so. */
	if ((kinds & UPPER) != 0 && (kinds & COLON) != 0)
		return false;
	return before > 0 ? look_at_address(drawing, word, before) :
	    look_at_name(drawing, word);
}

/* The type of the entry, or what may stand before it. */
static bool
look_at_type(struct drawing *drawing, struct str word, int kinds)
{
	size_t i;

	if (kinds == DIGIT || str_equal_case(word, STR("IN")))
		return true;
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (word.n == types[i].name.n &&
		    str_equal_case(word, types[i].name)) {
			drawing->data = types[i].data;
			return !types[i].whole || drawing->whole;
		}
	return false;
}

/* Outside of strings. */
static bool
look_at_word(struct drawing *drawing, struct str word, int kinds)
{
	if (drawing->data == DATA_ADDRESS)
		return look_at_address(drawing, word, 0);
	if ((kinds & COLON) != 0 || drawing->data == DATA_STRINGS)
		return false;
	if (word.p == drawing->line || drawing->data == DATA_NAMES)
		return look_at_name(drawing, word);
	return look_at_type(drawing, word, kinds);
}

/* ---- keys --------------------------------------------------------------- */

/* From the end of a string to the start of the next, where digits go on. */
static const char *
junction_end(const struct drawing *drawing)
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

/* Of one string. */
static bool
take_digits(struct drawing *drawing, char *digits, size_t *count)
{
	const char *here = drawing->here;
	size_t n;

	while ((class_of(*here) & BASE64) != 0)
		here++;
	n = (size_t)(here - drawing->here);
	if (n > KEY_DIGITS - *count)
		return false;
	memcpy(digits + *count, drawing->here, n);
	*count += n;
	drawing->here = here;
	put_byte(drawing, MARK_DIGITS);
	put_number(drawing, (uint32_t)n);
	return true;
}

static bool
take_all_digits(struct drawing *drawing, char *digits, size_t *count)
{
	const char *next;

	if (!take_digits(drawing, digits, count))
		return false;
	while ((next = junction_end(drawing)) != NULL) {
		put(drawing, drawing->here, (size_t)(next - drawing->here));
		drawing->here = next;
		if (!take_digits(drawing, digits, count))
			return false;
	}
	return true;
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
	put(drawing, der.p, (size_t)(key->modulus.p - der.p));
	put(drawing, behind, (size_t)(der.p + der.n - behind));
	return true;
}

/* Behind "p=": an RSA key with which nothing is wrong. */
static bool
put_key(struct drawing *drawing)
{
	struct arena_mark mark = arena_mark(drawing->arena);
	char digits[KEY_DIGITS];
	struct der_key key = { .form = DER_NOTHING };
	struct shape *shape = drawing->shape;
	struct str der = STR_NONE;
	size_t count = 0;
	bool fine;

	if ((class_of(*drawing->here) & BASE64) == 0)
		return true;
	fine = !drawing->has_key && shape->key_count < SHAPE_KEYS &&
	    take_all_digits(drawing, digits, &count) && base64_decode(
	    drawing->arena, (struct str){ digits, count }, &der);
	if (fine)
		key = der_read_key(der);
	fine = fine && key.form == DER_SPKI && key.algorithm == DKIM_RSA &&
	    rsa_weak_factor(key.modulus) == 0 && put_der(drawing, der, &key);
	if (fine)
		shape->keys[shape->key_count++].fingerprint =
		    key_fingerprint(der);
	drawing->has_key = true;
	arena_release(drawing->arena, mark);
	return fine;
}

/* ---- text --------------------------------------------------------------- */

static const char *
line_end(const struct drawing *drawing, const char *here)
{
	const char *end = memchr(here, '\n', (size_t)(drawing->end - here));

	return end == NULL ? drawing->end : end + 1;
}

/*
 * At the start of a line: empty ones, comments and directives say nothing of
 * the records.
 */
static bool
pass_lines(struct drawing *drawing)
{
	const char *here, *end;

	for (; drawing->here < drawing->end; drawing->here = end) {
		for (here = drawing->here; byte_is_blank(*here);)
			here++;
		end = line_end(drawing, here);
		if (*here == '$' && drawing->depth == 0 &&
		    here == drawing->here) {
			if (memchr(here, '(', (size_t)(end - here)) != NULL)
				return false;
		} else if (here < drawing->end && *here != '\n' &&
		    (*here != ';' || drawing->depth > 0) &&
		    (*here != '\r' || here[1] != '\n'))
			break;
	}
	if (drawing->depth > 0)
		return true;
	drawing->data = DATA_NONE;
	drawing->line = drawing->here;
	drawing->entries += drawing->here < drawing->end;
	return true;
}

static bool
pass_comment(struct drawing *drawing)
{
	const char *here = drawing->here, *end = line_end(drawing, here);
	size_t n = (size_t)(end - here) - (end > here && end[-1] == '\n');

	put(drawing, here, n);
	drawing->here += n;
	return is_foreign(drawing, (struct str){ here, n });
}

static bool
pass_quote(struct drawing *drawing)
{
	const char *here = drawing->here++;

	if (drawing->data != DATA_STRINGS)
		return false;
	if (drawing->quoted)
		drawing->cut = !byte_is_blank(here[-1]);
	else if (drawing->cut && !byte_is_blank(here[1]))
		return false;
	drawing->quoted = !drawing->quoted;
	put_byte(drawing, '"');
	return true;
}

static bool
pass_line_end(struct drawing *drawing)
{
	if (drawing->quoted)
		return false;
	drawing->cut = drawing->cut && drawing->depth > 0;
	drawing->here++;
	put_byte(drawing, '\n');
	return pass_lines(drawing);
}

/* A character with a meaning of its own. */
static bool
pass_special(struct drawing *drawing)
{
	int byte = (unsigned char)*drawing->here;

	switch (byte) {
	case '"':
		return pass_quote(drawing);
	case '\n':
		return pass_line_end(drawing);
	case ';':
		if (!drawing->quoted)
			return pass_comment(drawing);
		break;
	case '\\':
		if (*++drawing->here != ';')
			return false;
		put_byte(drawing, '\\');
		byte = ';';
		break;
	case '(':
	case ')':
		if (!drawing->quoted)
			drawing->depth += byte == '(' ? 1 : -1U;
		break;
	default:
		return false;
	}
	drawing->here++;
	put_byte(drawing, byte);
	return true;
}

/* In a record of a key; the word has been written. */
static bool
look_for_key(struct drawing *drawing, struct str word)
{
	if (word.n > WORD_LONG)
		return false;
	if (word.n != 1 || word.p[0] != 'p' || *drawing->here != '=')
		return true;
	drawing->here++;
	put_byte(drawing, '=');
	return put_key(drawing);
}

/* Behind SOA, two words, and blanks: nothing is judged by the serial. */
static bool
is_serial(const struct drawing *drawing, const char *start)
{
	const char *here = drawing->soa;
	int words;

	for (words = 0; words < 2; words++) {
		while (byte_is_blank(*here))
			here++;
		while ((class_of(*here) & WORD) != 0)
			here++;
	}
	while (byte_is_blank(*here) || *here == '(' || *here == '\r' ||
	    *here == '\n')
		here++;
	return here == start;
}

/* In the entry of the SOA, and not its owner. */
static bool
is_soa(const struct drawing *drawing, struct str word)
{
	return word.p > drawing->soa_start && word.p < drawing->soa_end &&
	    word.p != drawing->line && str_equal_case(word, STR("SOA"));
}

static void
look_for_serial(struct drawing *drawing, struct str word, int kinds)
{
	if (is_soa(drawing, word))
		drawing->soa = drawing->here;
	else if (drawing->soa != NULL && kinds == DIGIT) {
		if (is_serial(drawing, word.p)) {
			drawing->out -= word.n;
			put_byte(drawing, MARK_SERIAL);
		}
		drawing->soa = NULL;
	}
}

/* Most words in strings are shorter than the label, and can not hold it. */
static bool
pass_word(struct drawing *drawing)
{
	const char *start = drawing->here, *here = start;
	char *out = drawing->out;
	struct str word;
	int kinds = 0, class;

	while (((class = class_of(*here)) & WORD) != 0) {
		*out++ = *here++;
		kinds |= class;
	}
	drawing->here = here;
	drawing->out = out;
	word = (struct str){ start, (size_t)(here - start) };
	if (drawing->whole)
		look_for_serial(drawing, word, kinds & WORD);
	kinds &= WORD;
	if (!drawing->quoted)
		return look_at_word(drawing, word, kinds);
	return (((kinds & (DOT | COLON)) == 0 && word.n < drawing->label.n) ||
	    look_in_string(drawing, word, kinds)) &&
	    (!drawing->holds_keys || look_for_key(drawing, word));
}

/* ---- a zone --------------------------------------------------------------- */

static struct label *
label_slot(struct labels *labels, struct str label, uint32_t *hash)
{
	size_t i;

	for (*hash = 1, i = 0; i < label.n; i++)
		*hash = *hash * 31 +
		    (uint32_t)byte_lower((unsigned char)label.p[i]);
	*hash += *hash == 0;
	for (i = *hash ^ *hash >> 16; labels->slots[i % LABEL_SLOTS].hash != 0 &&
	    labels->slots[i % LABEL_SLOTS].hash != *hash; i++)
		continue;
	return &labels->slots[i % LABEL_SLOTS];
}

static bool
is_label(char byte)
{
	return (class_of(byte) & (LETTER | HEX | DIGIT | UPPER)) != 0;
}

/* False when they are too many. */
static bool
count_labels(struct labels *labels, struct str text)
{
	size_t start, end = 0;
	struct label *label;
	uint32_t hash;

	while (end < text.n && labels->count < LABEL_SLOTS / 2) {
		for (start = end; start < text.n && !is_label(text.p[start]);)
			start++;
		for (end = start; end < text.n && is_label(text.p[end]);)
			end++;
		label = label_slot(labels, str_slice(text, start, end), &hash);
		label->again = label->hash != 0;
		labels->count += label->hash == 0;
		label->hash = hash;
	}
	return end == text.n;
}

/*
 * A host that nobody speaks of in the zone, so that its name does not matter:
 * rules ask by themselves for labels with an underscore, and for this one.
 */
static bool
is_host(const struct drawing *drawing, struct str owner)
{
	uint32_t hash;
	size_t i;

	for (i = 0; i < owner.n; i++)
		if ((class_of(owner.p[i]) & (LETTER | HEX | DIGIT)) == 0 ||
		    owner.p[i] == '_')
			return false;
	return drawing->own_origin && owner.n <= LIKE_LABEL &&
	    !str_equal(owner, STR("mta-sts")) &&
	    !label_slot(drawing->labels, owner, &hash)->again;
}

/* Of those that are alike the first is enough. */
static void
drop_repeated(struct drawing *drawing, size_t start)
{
	const char *text = drawing->shape->text;
	size_t n = (size_t)(drawing->out - text) - start, i;

	for (i = 0; i < drawing->host_count; i++)
		if (drawing->hosts[i].n == n && memcmp(text +
		    drawing->hosts[i].start, text + start, n) == 0) {
			drawing->out -= n;
			return;
		}
	if (i == HOSTS_MAX)
		return;
	drawing->hosts[i].start = start;
	drawing->hosts[i].n = n;
	drawing->host_count++;
}

/* ---- a family ----------------------------------------------------------- */

/* The name that the stretch begins with, as it is written. */
static struct str
owner_of(struct str text)
{
	size_t n = 0;

	while (n < text.n && !byte_is_blank((unsigned char)text.p[n]) &&
	    text.p[n] != '\r' && text.p[n] != '\n')
		n++;
	return str_slice(text, 0, n);
}

static bool
has_upper(struct str text)
{
	size_t i;

	for (i = 0; i < text.n; i++)
		if ((classes[(unsigned char)text.p[i]] & UPPER) != 0)
			return true;
	return false;
}

/* A mark with what it says takes no more room than twice what it stands for. */
static bool
has_room(const struct drawing *drawing, size_t octets)
{
	const char *end = drawing->shape->text + sizeof(drawing->shape->text);

	return 2 * octets + DER_MAX + 64 <= (size_t)(end - drawing->out);
}

/* Outside of strings only blanks, the origin, and a wildcard as owner. */
static bool
pass_other(struct drawing *drawing)
{
	const char *here = drawing->here;
	bool owner = here == drawing->line, name = owner ||
	    (drawing->data == DATA_NAMES && byte_is_blank(here[-1]));
	bool blank = byte_is_blank(here[1]) || here[1] == '\r' ||
	    here[1] == '\n';

	if (!drawing->quoted && !byte_is_blank(*here) && *here != '\r' &&
	    !(*here == '@' && name && blank) &&
	    !(*here == '*' && owner && (blank || here[1] == '.')))
		return false;
	*drawing->out++ = *drawing->here++;
	return true;
}

static bool
draw_text(struct drawing *drawing)
{
	int class;

	if (!pass_lines(drawing))
		return false;
	while (drawing->here < drawing->end) {
		class = class_of(*drawing->here);
		if ((class & OTHER) != 0 && !pass_other(drawing))
			return false;
		if ((class & OTHER) != 0)
			continue;
		if ((class & WORD) != 0 ? !pass_word(drawing) :
		    !pass_special(drawing))
			return false;
	}
	return drawing->here == drawing->end && !drawing->quoted &&
	    drawing->depth == 0 &&
	    (!drawing->has_key || drawing->entries == 1);
}

/* Names that are alike may differ in so much, and not more. */
static bool
finish(struct drawing *drawing)
{
	drawing->shape->n = (size_t)(drawing->out - drawing->shape->text);
	return drawing->slack + (drawing->whole ? 2U : 1U) * LIKE_LABEL <=
	    LIKE_SLACK;
}

/* Once, and as a label behind a selector. */
static bool
is_key_owner(struct str owner)
{
	static const struct str label = STR_INIT("._domainkey");
	size_t at = str_find_str(owner, label);
	struct str rest = str_after(owner, at + label.n);

	return at > 0 && at < owner.n && (rest.n == 0 || rest.p[0] == '.') &&
	    !str_contains(rest, STR("_domainkey")) &&
	    !str_contains(str_slice(owner, 0, at), STR("_domainkey"));
}

static bool
draw_stretch(struct drawing *drawing, const struct stretch *stretch,
    struct str name)
{
	struct str owner = owner_of(stretch->text);
	size_t key = drawing->shape->key_count;
	size_t start = (size_t)(drawing->out - drawing->shape->text);
	bool host;

	drawing->here = stretch->text.p;
	drawing->end = stretch->text.p + stretch->text.n;
	drawing->own_origin = str_equal(stretch->origin, name);
	drawing->soa = NULL;
	drawing->quoted = drawing->cut = drawing->has_key = false;
	drawing->depth = 0;
	drawing->entries = 0;
	drawing->holds_keys = str_has(owner, '_') &&
	    str_contains(owner, STR("_domainkey"));
	if (drawing->holds_keys && !is_key_owner(owner))
		return false;
	if (owner.n == 0 || has_upper(owner) || (!drawing->own_origin &&
	    !str_equal(stretch->origin, drawing->above)) ||
	    !has_room(drawing, stretch->text.n))
		return false;
	put_byte(drawing, MARK_STRETCH);
	put_byte(drawing, drawing->own_origin);
	put_number(drawing, stretch->ttl);
	put_number(drawing, stretch->part);
	host = drawing->whole && is_host(drawing, owner);
	if (host) {
		drawing->here += owner.n;
		put_byte(drawing, MARK_HOST);
	}
	if (!draw_text(drawing))
		return false;
	if (host)
		drop_repeated(drawing, start);
	if (drawing->has_key) {
		drawing->shape->keys[key].position = stretch->position;
		drawing->shape->keys[key].owner = owner;
		drawing->shape->keys[key].own_origin = drawing->own_origin;
	}
	return true;
}

/* ---- all of it ------------------------------------------------------------ */

bool
shape_make(struct shape *shape, struct arena *arena, const struct zone *zone,
    size_t number, size_t count, struct str name)
{
	struct drawing drawing = { .shape = shape, .arena = arena,
	    .label = name_label(name), .above = zone->name,
	    .out = shape->text };
	const struct node *node;
	struct stretch stretch;
	uint32_t next;
	size_t i;

	shape->key_count = shape->address_count = 0;
	for (i = 0; i < count; i++) {
		node = zone_node(zone, number + i);
		if (node->cut || (node->types & HAS_DNAME) != 0)
			return false;
		for (next = node->types == 0 ? 0 : node->runs;
		    node_stretch(zone, &next, &stretch);)
			if (stretch.text.p == NULL ||
			    !draw_stretch(&drawing, &stretch, name))
				return false;
	}
	return finish(&drawing);
}

bool
shape_make_whole(struct shape *shape, struct arena *arena,
    const struct zone *zone)
{
	struct drawing drawing = { .shape = shape, .arena = arena,
	    .label = name_label(zone->name),
	    .above = name_parent(zone->name), .whole = true,
	    .out = shape->text };
	struct labels labels = { .count = 0 };
	struct stretch stretch;
	size_t next = 0;

	drawing.labels = &labels;
	drawing.soa_start = zone->source->text.p + zone->soa.start;
	drawing.soa_end = zone->source->text.p + zone->soa.end;
	if (!count_labels(&labels, zone->source->text))
		return false;
	shape->key_count = shape->address_count = 0;
	put_byte(&drawing, (int)zone->how);
	put_byte(&drawing, zone->context);
	put(&drawing, drawing.above.p, drawing.above.n);
	while (zone_stretch(zone, &next, &stretch))
		if (stretch.text.p == NULL ||
		    !draw_stretch(&drawing, &stretch, zone->name))
			return false;
	/* Keys are compared in the order of their names, not of the file. */
	return shape->key_count <= 1 && finish(&drawing);
}
