/*
 * What the files share that write the configuration. For them only.
 */
#ifndef IMPORT_WRITER_H
#define IMPORT_WRITER_H

#include "import/import.h"

/* Bytes of the file, and what they say. */
struct import_piece {
	struct import_piece *next;
	size_t start, end;
	struct import_record *record;	/* one of these */
	struct import_sender *sender;
	struct import_key *key;
	struct import_domain *domain;
};

struct writer {
	struct import *import;
	struct buffer *out;
	struct arena *arena;
};

/* The bytes from start to what is written last say this. */
void writer_note_piece(const struct writer *, size_t start,
    struct import_piece what);
/*
 * For people, at the end of a line; nothing in it may start another one.
 * STR_NONE: none.
 */
void writer_add_remark(struct writer *, struct str text);

/*
 * A mapping in one line, "{a: b, c: d}"; nothing at all when nothing is said.
 * Starts as { writer, false }.
 */
struct flow {
	struct writer *writer;
	bool open;
};

/* Whoever calls it writes the value. */
void flow_key(struct flow *, const char *key);
/* STR_NONE: the key is left out. */
void flow_add(struct flow *, const char *key, struct str value);
void flow_end(struct flow *);
/*
 * One more of "[a, b]", whose end the caller writes; *open starts false, and
 * is true when there is something to end.
 */
void sequence_add(struct writer *, struct str value, bool *open);

/* (write_domain.c) All domains, with what is kept of them. */
void write_domains(struct writer *);

#endif
