/*
 * What the files of generate --in-place share: a zone file, and what is to
 * change in it. For them alone.
 */
#ifndef COMMAND_INPLACE_H
#define COMMAND_INPLACE_H

#include "command/command.h"

/* A stretch of the old text that is to read otherwise. */
struct patch {
	struct patch *next;
	size_t start, end;
	struct str text;
};

/* A zone file, and the zones whose records are made for it. */
struct zone_file {
	struct zone_file *next;
	struct str path, real;
	const struct made_zone **zones;		/* by name */
	size_t count, room;
	const struct source *source;		/* what it holds now */
	/* The block that stands there; none: where it will. */
	struct block block;
	struct str text;			/* what it is to say */
	struct patch *patches;			/* by place, none in another */
	/* The serial number as it will be, when it is another one. */
	bool raised;
	uint32_t serial;
};

/* A zone of a file, read for that file alone. */
struct zone *zone_of_file(struct arena *, const struct source *,
    struct str name);

/* ---- what changes (inplace_patch.c) -------------------------------------- */

/* Replaces a stretch; the second time the same stretch is left alone. */
const struct patch *patch_add(struct arena *, struct zone_file *, size_t start,
    size_t end, struct str text);
/* The new text; where in it an patch (NULL: none) starts and ends. */
struct str patches_apply(struct arena *, const struct zone_file *,
    const struct patch *, size_t *start, size_t *end);

/*
 * Whatever stands around the block, such as another $ORIGIN: its records are
 * read as they were made, and all others as before, but for those that were
 * commented out and for the serial number. block is where it stands in the
 * new text.
 */
bool file_stays_whole(const struct zone_file *, const struct made_zone *,
    const struct zone *old, struct str text, const struct patch *block);

/* ---- what stands in the way (inplace_adopt.c) ---------------------------- */

/*
 * Records outside of the block that contradict the generated ones: with
 * --adopt they are commented out, else, or where that cannot be, they are
 * told and false is returned.
 */
bool file_adopt(struct changes *, struct zone_file *,
    const struct made_zone *, const struct zone *loaded);

/* ---- the serial number (inplace_serial.c) -------------------------------- */

/* Raises it as --serial says; false after saying why that cannot be. */
bool file_raise_serial(struct changes *, struct zone_file *,
    const struct zone *loaded);

#endif
