/*
 * What the files share that draw a shape: the state of the drawing. For them
 * alone.
 */
#ifndef ALIKE_SHAPE_H
#define ALIKE_SHAPE_H

#include <endian.h>
#include <string.h>

#include "alike/alike.h"
#include "base/file.h"

/* What stands for what is left out; the file itself is ASCII. */
enum mark {
	MARK_STRETCH = 0x80, MARK_OWN, MARK_OWN_LABEL, MARK_IP4, MARK_IP6,
	MARK_AGAIN, MARK_DIGITS, MARK_KEY, MARK_BROKEN, MARK_NO_KEY,
	MARK_SERIAL, MARK_HOST, MARK_TOKEN, MARK_PERCENT
};

enum {
	DER_MAX = 64,			/* octets of a key beside its modulus */
	LABEL_SLOTS = 1024,		/* a power of two */
	HOSTS_MAX = 8			/* kinds of them */
};

/* Of characters. */
enum {
	LETTER = 1, HEX = 2, DIGIT = 4, DOT = 8, COLON = 16, UPPER = 32,
	WORD = LETTER | HEX | DIGIT | DOT | COLON | UPPER,
	LABEL = LETTER | HEX | DIGIT | UPPER,
	BASE64 = 64,
	OTHER = 128			/* written as it is */
};

extern const unsigned char shape_classes[256];

/*
 * What stands behind the types that a shape may have; the order of words is
 * that of the master file: owner, TTL or class, type, data.
 */
enum data { DATA_NONE, DATA_ADDRESS, DATA_NAMES, DATA_STRINGS };

/*
 * The labels in a zone, by a hash, which is even: one more when there is more
 * than one of them. Where two have the same hash, both seem to be there more
 * often.
 */
struct labels {
	uint32_t slots[LABEL_SLOTS];	/* 0: free */
	size_t count;
};

/*
 * The work on a family. There is room for all that a stretch can become, see
 * draw_stretch.
 */
struct drawing {
	struct shape *shape;
	struct str label;		/* that which is the family's own */
	struct str above;		/* the rest of its name */
	/* Of a whole zone. */
	bool whole;
	uint32_t own_hash;		/* of the label, when it is needed */
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
	bool broken_key;		/* and nobody can read it */
	unsigned strings;		/* of the record that have begun */
	bool has_value;			/* see shape_put_value */
	const char *soa_start, *soa_end;
	const char *soa;		/* behind the type, until its serial */
	const char *line;		/* where the entry starts */
	const char *tail;		/* of the stretch: only comments */
	enum data data;			/* what stands behind its type */
	size_t slack;			/* octets that texts may differ in */
	bool has_address;
	bool unclear;			/* the holes do not tell all */
};

/* ---- what is written ----------------------------------------------------- */

static inline void
put_byte(struct drawing *drawing, int byte)
{
	*drawing->out++ = (char)byte;
}

static inline void
put(struct drawing *drawing, const void *octets, size_t count)
{
	memcpy(drawing->out, octets, count);
	drawing->out += count;
}

static inline void
put_number(struct drawing *drawing, uint32_t number)
{
	put(drawing, &number, sizeof(number));
}

/* What is said of a zone before its stretches. */
static inline void
put_zone(struct drawing *drawing, const struct zone *zone)
{
	put_byte(drawing, (int)zone->how);
	put(drawing, drawing->above.p, drawing->above.n);
}

/* What is said of a stretch before its text. */
static inline void
put_stretch(struct drawing *drawing, const struct stretch *stretch)
{
	put_byte(drawing, MARK_STRETCH);
	put_byte(drawing, drawing->own_origin);
	put_number(drawing, stretch->ttl);
	put_number(drawing, stretch->part);
}

static inline int
class_of(char byte)
{
	return shape_classes[(unsigned char)byte];
}

static inline uint64_t
eight_octets(const char *octets)
{
	uint64_t word;

	memcpy(&word, octets, sizeof(word));
	return word;
}

/*
 * Most texts are too short for a function of its own to pay, and most that do
 * not stand there differ in the last octets.
 */
static inline bool
stands_at(const char *here, struct str text)
{
	size_t i, last = text.n - 8;

	if (text.n < 8) {
		for (i = text.n; i > 0; i--)
			if (here[i - 1] != text.p[i - 1])
				return false;
		return true;
	}
	if (eight_octets(here + last) != eight_octets(text.p + last))
		return false;
	for (i = 0; i < last; i += 8)
		if (eight_octets(here + i) != eight_octets(text.p + i))
			return false;
	return true;
}

/* What is looked for again and again; no NUL is in it. */
struct sample {
	struct str text;
	/* Its last eight octets, or all of them, and where they stand. */
	size_t last;
	uint64_t word, mask;
};

static inline struct sample
sample_of(struct str text)
{
	char octets[8] = { 0 }, mask[8] = { 0 };
	size_t i;

	if (text.n >= 8)
		return (struct sample){ text, text.n - 8,
		    eight_octets(text.p + text.n - 8), UINT64_MAX };
	for (i = 0; i < text.n; i++) {
		octets[i] = text.p[i];
		mask[i] = (char)0xff;
	}
	return (struct sample){ text, 0, eight_octets(octets),
	    eight_octets(mask) };
}

/*
 * Does it stand there, in a file, of which that is an end? Most that do not
 * differ in the last octets. Short ones may be looked for anywhere: behind the
 * file is padding, which is in none of them.
 */
static inline bool
sample_stands_at(const char *here, const char *end,
    const struct sample *sample)
{
	const char *p = sample->text.p;
	size_t last = sample->last, i;

	if (last > FILE_PADDING - 8 && end - here < (ptrdiff_t)sample->text.n)
		return false;
	if (((eight_octets(here + last) ^ sample->word) & sample->mask) != 0)
		return false;
	for (i = 0; i + 8 < last; i += 16)
		if (((eight_octets(here + i) ^ eight_octets(p + i)) |
		    (eight_octets(here + i + 8) ^
		    eight_octets(p + i + 8))) != 0)
			return false;
	return i >= last || eight_octets(here + i) == eight_octets(p + i);
}

/* A mark with what it says takes no more room than twice what it stands for. */
static inline bool
has_room(const struct drawing *drawing, size_t octets)
{
	const char *end = drawing->shape->text + sizeof(drawing->shape->text);

	return 2 * octets + DER_MAX + 64 <= (size_t)(end - drawing->out);
}

/*
 * Those of eight octets that are less than "!", as all are that end a name,
 * have a bit set; behind one of them others may have one.
 */
static inline uint64_t
controls_in(uint64_t octets)
{
	const uint64_t ones = 0x0101010101010101;

	octets = le64toh(octets);
	return (octets - ones * '!') & ~octets & ones << 7;
}

/* The name that a stretch begins with, as it is written. */
static inline struct str
owner_of(struct str text)
{
	uint64_t controls = 0;
	size_t n;

	for (n = 0; text.n - n >= 8 && controls == 0; n += 8)
		controls = controls_in(eight_octets(text.p + n));
	if (controls != 0)
		n -= 8 - (size_t)__builtin_ctzll(controls) / 8;
	while (n < text.n && !byte_is_blank((unsigned char)text.p[n]) &&
	    text.p[n] != '\r' && text.p[n] != '\n')
		n++;
	return str_slice(text, 0, n);
}

/* ---- stretches (shape.c) ------------------------------------------------- */

/*
 * Draws one stretch of a family of that name, as the first thing in the shape;
 * keys and addresses come behind those of the stretches before it. False when
 * it holds anything unusual; then it is as if nothing had been drawn.
 */
bool shape_make_stretch(struct drawing *, const struct stretch *,
    struct str name);

/* ---- holes (shape.c) ----------------------------------------------------- */

/* What was written from there on stands for this part of the file. */
void shape_note_hole(struct drawing *, enum hole_kind, const char *start,
    const char *end, const char *out);

/* ---- lines (shape.c) ----------------------------------------------------- */

/*
 * From the start of a line behind those that are empty or comments, outside of
 * parentheses; no later than the end, where a line begins, or a NUL stands.
 */
const char *shape_behind_comments(const char *line, const char *end);

/* ---- hosts in a zone (shape.c) ------------------------------------------- */

/*
 * False when they are too many. A NUL stands behind the text. Those that are
 * digits are left out, and what stands in keys, which are no names of hosts.
 */
bool shape_count_labels(struct labels *, struct str text);
/*
 * How long the name of a host is that stands there, before a blank: one by its
 * looks, that no rule asks for by itself, and not what the zone is called; 0
 * for none. Nobody may speak of it in the zone, so that its name does not
 * matter: its hash is that which is counted.
 */
size_t shape_take_host(struct drawing *, const char *, uint32_t *hash);

/* ---- addresses (shape_address.c) ----------------------------------------- */

/* An IPv4 address that has a meaning of its own. */
bool shape_is_special(struct str text);
/*
 * An address, with whatever tells it from others; term: of SPF. False when it
 * is none, or not nobody's in particular, or may have to do with another one.
 */
bool shape_put_address(struct drawing *, struct str text, bool term);
/*
 * One for which the mark would be written, too; it is not. The drawing goes
 * behind it. Behind a short mark are NULs, to eight octets.
 */
bool shape_fill_address(struct drawing *, struct str mark, bool term);

/* ---- words (shape_word.c) ------------------------------------------------ */

/* The label may not be where it is not expected, in letters of any size. */
bool shape_is_foreign(const struct drawing *, struct str text);
/*
 * A word of these kinds that has been written as it is, outside of strings and
 * in one. False when it does not fit there.
 */
bool shape_look_at_word(struct drawing *, struct str word, int kinds);
bool shape_look_in_string(struct drawing *, struct str word, int kinds);

/* ---- values (shape_value.c) ---------------------------------------------- */

/*
 * Behind a word in a string: when it is a tag whose value does not matter, only
 * that there is one, that is left out. False when there would be two of them,
 * which may be the same or not.
 */
bool shape_put_value(struct drawing *, struct str tag);
/* One for which the mark would be written, too; it is not. */
bool shape_fill_value(struct drawing *, struct str mark);

/* ---- keys (shape_key.c) -------------------------------------------------- */

/*
 * Behind "p=": false for all but an RSA key with which nothing is wrong, and
 * octets that are no key at all.
 */
bool shape_put_key(struct drawing *);
/* What its mark says; NULL when it is that of a broken one. */
struct key_form {
	struct str der;			/* but for the modulus */
	bool usual;			/* see rsa_is_usual */
	bool none;			/* these octets are no key */
	size_t digits;			/* in all */
	size_t count;
	struct key_piece {
		size_t digits;
		struct sample behind;	/* what stands there */
	} pieces[];
};
const struct key_form *shape_read_form(struct arena *, struct str mark);
/* One for which the mark would be written, too; it is not. */
bool shape_fill_key(struct drawing *, const struct key_form *);
/*
 * From the end of a string to the start of the next, where digits go on; NULL
 * when they do not.
 */
const char *shape_junction_end(const struct drawing *);
/*
 * Behind "p=": false for all but a family's key in which one octet, among
 * others in one string, is no digit. Then nothing has changed. (shape_broken.c)
 */
bool shape_put_broken(struct drawing *);

#endif
