/*
 * What was found, on its way from the rules to the reader: shared by the files
 * that judge zones, what was generated, and what was mended.
 */
#ifndef COMMAND_JUDGEMENT_H
#define COMMAND_JUDGEMENT_H

#include "command/command.h"

/* All that was found, and what is to be done with it. */
struct judgement {
	struct run *run;
	bool detail;			/* what zones publish is wanted, too */
	struct selection selection;
	struct diags diags;
	/* Those that are reported, where somebody is told of them. */
	struct zone_summary *zones;
	size_t zone_count;
	struct run_summary summary;
	const struct served_row *answers;	/* of name servers */
	size_t answer_count;
};

/* The lowest that is told. */
enum level judgement_least_level(const struct run *);
/* Which rules run; false after saying what is wrong with the options. */
bool judgement_select(struct run *, struct selection *);
/*
 * (generated.c) A finding that only a command can have, at the level that its
 * rule has in this run, and no higher than the most; not at all when that is
 * off.
 */
void judgement_add(struct judgement *, const char *rule, enum level most,
    struct span, struct str message);
/*
 * (beside.c) A zone that has its block, or includes it, is not to have other
 * records that make those void: generate -o does not look at them.
 */
void judgement_add_conflicts(struct judgement *, const struct made_zones *);
/*
 * (beside.c) Blocks that this configuration made in zones for which it makes no
 * records any more: nobody renews them, or takes them out.
 */
void judgement_add_orphans(struct judgement *, const struct made_zones *);
/* Judges the run's zones. */
void judgement_judge(struct judgement *);
/*
 * (told.c) Keeps one finding of those that several zones share, and drops those
 * that lie where nobody asked; sorts them.
 */
void judgement_keep_told(struct judgement *);
/* (told.c) Drops what turned out to be of a lower level than is wanted. */
void judgement_drop_low(struct judgement *);
/*
 * Suppresses what --baseline knows, or makes it know all with
 * --update-baseline; false after saying what is wrong. Fingerprints are there.
 */
bool judgement_baseline(struct judgement *);
/* Counts what is told; a finding of several zones counts for its first. */
void judgement_count(struct judgement *);
/*
 * How findings are told (telling.c): alone, or with what the format says of
 * zones and of the run. Now and then to standard output unless flush is NULL.
 */
void judgement_write(struct judgement *, const struct format *,
    struct output *, struct run *flush);
void judgement_report(struct judgement *, const struct format *,
    struct output *, struct run *flush);
/* To a file: --report FORMAT:PATH. */
void judgement_report_to(struct judgement *, struct str report);

/* All that was found, as the options want it; the status. */
int judgement_tell(struct judgement *);

#endif
