/*
 * What the files about gates share. For them only.
 */
#ifndef ROLLOUT_GATE_H
#define ROLLOUT_GATE_H

#include "rollout/rollout.h"

/* What reports say of a domain. */
struct proven {
	const struct domain_evidence *evidence;
	struct source_group *groups;
};

/* NULL when they say nothing. */
const struct proven *proven_of(const struct proof *, struct str domain);
/* Days with reports, and the last of them. */
uint32_t proven_days(const struct proven *, day since, day at, day *last);
/* Of the mail of a source, from one day to another. */
struct tally group_tally(const struct source_group *, day since, day at);
/* Rates are those of the last days, as far as the stage goes back. */
day gate_recent_days(day since, day at);

/*
 * Met, or otherwise in the other state; have is what there is of it, in the
 * unit of the gate's need.
 */
struct gate_answer gate_answer(bool met, enum gate_state otherwise,
    uint32_t have);
/*
 * Percent that each sender signs at least; 0: this gate is about other things.
 */
unsigned gate_percent_signed(enum gate_kind);
bool gate_signs_enough(const struct tally *, unsigned percent);
/* It was not seen, and could not sign if it were. */
bool gate_is_mute(const struct proven *, const struct config_sender *,
    day since, day at);

#endif
