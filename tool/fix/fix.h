/*
 * Fixes: the edits that findings offer, put into the files.
 *
 * In rounds: of the findings of a round as many are taken as can be without
 * two speaking of one entry; the zones are read again and must hold, but for
 * the entries that were edited, the records that they held before; then rules
 * judge anew. Nothing here writes: what files would hold is returned.
 */
#ifndef FIX_FIX_H
#define FIX_FIX_H

#include "lint/lint.h"

enum { FIX_ROUNDS = 16 };

/* A file as it was read, and what fixes have made of it. */
struct fix_file {
	struct fix_file *next;
	struct str path;		/* as path_real gives it */
	const struct source *source;	/* as it was read first */
	struct str text;		/* as it is to be */
	size_t count;			/* findings that were mended */
	const char *obstacle;		/* why it is left alone, or NULL */
};

struct fixes {
	struct arena *arena;
	/* What is judged; rounds put zones that were read anew in place. */
	struct zones *zones;
	enum fix_kind most;		/* FIX_SAFE, or FIX_UNSAFE: both */
	/* May a file be changed? Asked once for each. */
	bool (*may_change)(void *context, const struct source *);
	void *context;
	struct fix_file *first, **end;	/* sorted by path when asked */
	uint64_t *refused;		/* findings whose edits do harm */
	size_t refused_count, refused_room;
	size_t mended;			/* findings, over all rounds */
};

/* No file has been changed yet; who may be, the caller says afterwards. */
void fixes_start(struct fixes *, struct arena *, struct zones *,
    enum fix_kind most);
/*
 * Takes what it can of these findings, which may be in any order and are
 * about the zones as they are now. False when there was nothing to take: then
 * the zones and their findings stand.
 */
bool fixes_round(struct fixes *, const struct diags *);

/* ---- inside fix/ --------------------------------------------------------- */

/* Bytes of a file that were replaced, and where their replacement stands. */
struct change_range {
	struct span old;
	size_t start, end;		/* in the new text */
};

struct ranges {
	struct str path;		/* of the file, as path_real gives it */
	struct change_range *rows;	/* ascending */
	size_t count;
};

/*
 * Puts edits, ascending and apart from each other, into a text; line ends in
 * them become those of the text. FILE_PADDING NULs follow the result.
 */
struct str splice(struct arena *, struct str text,
    const struct edit *const *edits, size_t count, struct ranges *);
/*
 * Do two readings of a zone hold the same records, but for those that edits
 * touch? The ranges are sorted by path.
 */
bool same_but_for(const struct zone *old, const struct zone *new,
    const struct ranges *, size_t range_count);

#endif
