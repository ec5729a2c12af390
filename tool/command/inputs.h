/*
 * What the files about inputs share: which paths (input_paths.c), which zones
 * they are (input_names.c), reading them (input_read.c), which are zones of
 * their own (input_parts.c), and all of it in order (inputs.c).
 */
#ifndef COMMAND_INPUTS_H
#define COMMAND_INPUTS_H

#include "base/path.h"
#include "base/table.h"
#include "command/command.h"

/* What something outside a file says of it. */
struct input_name {
	struct str name;		/* or STR_NONE */
	enum zone_how how;
	struct str view;
};

/*
 * One path that is or may be a zone's file. There may be a million of them, so
 * they are small, and given up when their zones are taken.
 */
struct input {
	struct input *next;
	struct str path;
	const struct input_name *named;	/* NULL for most */
	struct zone *zone;
	int error;			/* errno, when it could not be read */
	bool walked;			/* found in a folder, not named */
	bool context;
	bool skipped;			/* no zone file after all */
};

struct inputs {
	/*
	 * Of the list, and what is asked to make it: it is freed when the zones
	 * are taken, unless the run mends files, see run_may_change.
	 */
	struct arena *memory;
	struct input *first, **end;
	size_t count;
	struct input **all;		/* while they are read */
	/* While they are gathered: */
	struct arena *places;
	struct table known;		/* places that stand in the list, */
	struct input **unknown;		/* but for those from here on */
	struct table parts;		/* named, but parts of zones */
	struct table asked;		/* real paths, not context */
	struct str *include_folders;
	size_t include_folder_count;
	struct named_conf *named_conf;
	struct table file_rows;		/* zones: with file:, by place */
	struct name_row *glob_rows;	/* those with files: */
	struct path_glob *ignored;	/* those with ignore:, once asked */
	struct real_folder real_folder;	/* of the last place */
	struct str root;		/* of the repository, else "." */
	struct reading {
		struct arena *arena;
		struct file_reader files;
		struct zone_wholes *wholes;
		size_t room;		/* for texts */
	} readings[64];			/* one for each thread */
	struct zone_options options;	/* of all zones */
	/* What the run was told, which each input asks. */
	struct str origin, view, shard;
	bool are_records;
	bool wanted;			/* the context, see inputs_miss */
	size_t elsewhere;		/* asked for, told with or by others */
	size_t failed;
	struct failure *failures, **failures_end;
};

struct failure {
	struct failure *next;
	struct str path, why;
};

/* ---- input_paths.c ------------------------------------------------------- */

/* An input that cannot be used, and why. */
void input_fail(struct run *, struct str path, struct str why);
void input_fail_errno(struct run *, struct str path, int error);
/* Of context: is that the world's fault, and not of a file that is to come? */
bool inputs_miss(const struct run *, int error);
/* A path of the configuration, seen from here. */
struct str config_path(const struct run *, struct str path);
/*
 * Where a file lies, however its path is spelled: its folder as it really is,
 * and its own name, of which a symbolic link may have several.
 */
struct str input_place(struct run *, struct arena *, struct str path);
/* What a table by place has for the path, or NULL. */
void *input_find(struct run *, const struct table *, struct str path);

/* Its path, or the one that standard input stands for; STR_NONE for none. */
struct str input_path(const struct run *, const struct input *);

/* A glob of the configuration. */
struct path_glob {
	struct str here;		/* as seen from here */
	struct str place;		/* as seen from the root */
};

struct path_glob path_glob(const struct run *, struct str pattern);
/* The path as it was given, or by the place where it lies? */
bool path_glob_matches(struct run *, const struct path_glob *,
    struct str path);

/* Those that were asked for, with what is around them; or that alone. */
void inputs_gather(struct run *);
void inputs_gather_context(struct run *);

/* ---- input_names.c ------------------------------------------------------- */

/* Reads what --named-conf names; an include that is missing is told. */
void inputs_read_named_conf(struct run *);
/* The zone's name from outside the file, where something gives one. */
void inputs_find_names(struct run *);

/* ---- input_read.c -------------------------------------------------------- */

/* On all threads; the zones are not yet taken. */
void inputs_read_all(struct run *);
/* Are the inputs records, written as JSON? */
bool inputs_are_records(const struct run *);
/*
 * Reads those that are named, which are then off the list; what is no record
 * was not read, and is told.
 */
void inputs_take_records(struct run *);

/* ---- input_parts.c ------------------------------------------------------- */

/*
 * Adds those that are zones to the run; what could not be read is told, unless
 * it is but context.
 */
void inputs_take_zones(struct run *);

#endif
