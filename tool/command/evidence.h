/*
 * What commands that look at evidence share.
 */
#ifndef COMMAND_EVIDENCE_H
#define COMMAND_EVIDENCE_H

#include "command/command.h"
#include "evidence/evidence.h"

/* The reports in these files and folders, sorted; broken ones are told. */
struct evidence *run_evidence(struct run *, const struct str *paths,
    size_t count, struct evidence_window);

/*
 * The next week, from its Monday (date) on; starts with *position 0. False
 * after the last.
 */
bool evidence_week(const struct domain_evidence *, size_t *position,
    struct evidence_day *week);

/* (evidence_page.c) Markdown or HTML. */
void write_evidence_page(struct run *, const struct evidence *, bool html);

/* (evidence_text.c) "95.5 %", cut, so that "100 %" is all; "-" of nothing. */
struct str print_percent(struct arena *, uint64_t part, uint64_t whole);
void write_evidence_text(struct run *, const struct evidence *);

#endif
