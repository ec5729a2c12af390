/*
 * named.conf: which file is which zone, and in which view.
 */
#ifndef ZONE_NAMED_CONF_H
#define ZONE_NAMED_CONF_H

#include "base/place.h"
#include "base/table.h"

struct arena;

struct named_zone {
	struct named_zone *next;
	struct named_zone *alike, *last_alike;	/* with this file_name */
	struct str name;		/* canonical */
	struct str written;		/* the file, as it stands there */
	struct str file;		/* with the directory option */
	struct str view;		/* "" for none */
	bool primary;			/* people write its file */
};

struct named_conf {
	struct named_zone *zones;	/* that have a file */
	struct str directory;		/* STR_NONE when not said */
	/* An included file that could not be read; STR_NONE. */
	struct str missing;
	/* Where BIND would refuse it, for its braces and the like; or NULL. */
	const char *fault;
	struct span place;
	struct table by_file_name;	/* the first, by the path's last part */
};

/*
 * Reads BIND's grammar as far as words, strings, braces and semicolons go;
 * total: what it does not know it passes over. Includes are followed.
 */
struct named_conf *named_conf_read(struct arena *, const struct source *);

#endif
