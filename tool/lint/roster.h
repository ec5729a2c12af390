/*
 * Which rules run, by what they look at. For the files that run them.
 */
#ifndef LINT_ROSTER_H
#define LINT_ROSTER_H

#include "rules/check.h"

enum { SUBJECTS = SUBJECT_CONFIG + 1 };

/* A rule that runs, at the level which it has in this run. */
struct active {
	struct active *next;
	struct active *next_keys;	/* that compares keys */
	const struct rule *rule;
	enum level level;
	unsigned marks;			/* one of them a record must have */
	bool several;
	size_t number;			/* from 0 on */
};

/*
 * Those that look at something of these types, and with these marks, one after
 * the other: kept, as most records and names are like others in that.
 */
struct turns {
	enum subject subject;
	unsigned types, marks;
	bool escaped;			/* owners of the zone are */
	const struct active **rows;	/* NULL: none are kept */
	size_t count;
};

/* Those that run, by what they look at. */
struct roster {
	struct arena *arena;
	size_t count;			/* of all */
	struct turns *turns;
	struct active *first[SUBJECTS], *last[SUBJECTS];
	struct active *first_keys;	/* of a zone, the last one first */
	/* Of the records and the names that any of them looks at. */
	unsigned record_types;
	unsigned node_types[2];		/* in sight; below a cut or a DNAME */
};

/* Of these rules, in this world; it lives in the arena. */
struct roster roster_make(const struct world *, const struct selection *,
    struct arena *);
/* Who looks at something of these types and marks in a zone, in order. */
const struct turns *roster_turns(const struct roster *, const struct zone *,
    enum subject, unsigned types, unsigned marks);
/* Records of which types anybody looks at in a zone. */
unsigned roster_types(const struct roster *, const struct zone *);

#endif
