/*
 * Places in the input.
 *
 * Places are byte offsets until somebody has to read them: only reporters
 * turn them into lines and columns, and nobody counts lines while reading.
 */
#ifndef BASE_PLACE_H
#define BASE_PLACE_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct source;

/* Bytes start to end (exclusive) of a source. */
struct span {
	const struct source *source;
	size_t start, end;
};

/*
 * Generated text knows where it was asked for: bytes from text on (until the
 * next row) stand in the place of origin, which belongs to another source.
 */
struct source_map_row {
	size_t text;
	struct span origin;
};

struct source_map {
	/* In ascending order of text. */
	const struct source_map_row *rows;
	size_t count;
};

/* Where lines begin, and where the last one ends. */
struct source_lines {
	uint16_t count, end;
	uint16_t starts[];
};

/* Of a text that is there because of another one, or is not there. */
struct source_from {
	struct span included;		/* where the $INCLUDE stands */
	struct source_map map;		/* of generated text */
	const struct source_lines *lines;	/* see source_keep_lines */
};

/*
 * A file read whole, or text standing in for one. There are as many as there
 * are files, so it is small.
 */
struct source {
	struct str path;		/* as given; what reports show */
	struct str text;
	const struct source_from *from;	/* NULL for most */
	/* Of a file that was read, see file_rewrite; 0 for other texts. */
	uint64_t stamp : 61;
	bool padded : 1;	/* FILE_PADDING NULs follow the text */
	bool lent : 1;		/* the text is, see struct file_reader */
	bool mapped : 1;	/* it is, for the life of the process */
};

/* Lines and columns count from one; columns count bytes. */
struct place {
	size_t line, column;
	const struct source *source;
	size_t start;		/* offset of the line's first byte */
};

/*
 * Finds lines near the last one without counting from the start again.
 * Starts as { .source = s }, or { 0 } for place_near.
 */
struct place_finder {
	const struct source *source;
	size_t line, start;	/* a line known, 0-based; its offset */
};

/* Line and column, from 1 on, in octets; behind the text its end. */
struct place place_find(struct place_finder *, size_t offset);
/* The whole line, without LF or CR LF. */
struct str place_line(const struct place *);
/* Of any source; places in one source should follow each other. */
struct place place_near(struct place_finder *, struct span);
struct place source_place(const struct source *, size_t offset);

/*
 * How many line ends there are in a text. Each kind of processor has a file of
 * its own, see configure.
 */
size_t place_count_lines(struct str text);

/* Whoever includes a file, or generates a text, says where it comes from. */
void source_set_included(struct arena *, struct source *, struct span include);
void source_set_map(struct arena *, struct source *, struct source_map);
/* Where the $INCLUDE stands, of an included file; else it is none. */
struct span source_included(const struct source *);
bool source_is_generated(const struct source *);

/*
 * Its text, of a short file (see struct file_reader), is about to be given up:
 * places in it are found all the same.
 */
void source_keep_lines(struct arena *, struct source *);

/* From generated text to where it was asked for; others are left alone. */
struct span span_resolve(struct span);
struct str span_text(struct span);
bool span_is_none(struct span);

/*
 * What a parser saw amiss. Kinds are the parser's own enumeration, so that a
 * rule can filter on one; offsets are into the text that it was given.
 */
struct problem {
	struct problem *next;
	int kind;
	size_t start, end;
	struct str what;	/* words for a user */
};

/* A list that grows at its end. Starts as { 0 }. */
struct problems {
	struct problem *first, *last;
	size_t count;
};

/* Of the octets from start up to end of the text that was parsed. */
void problems_add(struct problems *, struct arena *, int kind, size_t start,
    size_t end, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

#endif
