/*
 * What the files share that look at what quoting, cutting and pasting does to
 * a record of mail between the hand that types it and the receiver that reads
 * it. For them alone; other rules ask text_is_spoiled and text_is_explained.
 */
#ifndef RULES_ZONE_TEXT_H
#define RULES_ZONE_TEXT_H

#include "rules/check.h"

/* ---- the text, and how it is mended (zone_text.c) ------------------------ */

/* What the text is, or what it was meant to be. */
enum auth text_kind(const struct record *);
/* Has it a token for each string, so that it can be mended? */
bool text_has_strings(const struct record *);
/* The strings with a space between those not quoted, and what was lost. */
struct str text_join(struct arena *, const struct record *, struct str lost);
/* Would a mended record be the second of its kind, which breaks both? */
bool text_is_second(struct lint *, const struct record *);
/*
 * Offers to replace the rdata, up to an offset in the file, by the text in
 * quotes; or does nothing, when it is on several lines or text_is_second.
 */
void text_fix(struct lint *, struct diag *, const struct record *, size_t end,
    struct str text);

/* ---- quotes (zone_quotes.c) ---------------------------------------------- */

/* Does a semicolon without quotes cut the record? */
bool text_is_truncated(const struct record *);
/* The part of the comment that holds tags: "; p=reject; rua=mailto:a@b". */
struct str text_lost_tags(struct str comment);
/* Is it SPF of several words without quotes, which receivers join to one? */
bool text_is_split(const struct record *);
/* A backslash before ";" or a quote, from here on; n when there is none. */
size_t text_find_backslash(struct str text, size_t from);

/* ---- strings (zone_strings.c) -------------------------------------------- */

/*
 * The first border of strings behind this octet at which SPF terms meet without
 * a space: the number of the string behind it, and where what receivers read
 * there starts and ends; 0 when there is none.
 */
size_t text_next_meeting(struct arena *, const struct record *, size_t from,
    size_t *start, size_t *end);

/* ---- characters (zone_characters.c) -------------------------------------- */

/* The marks of a record in which text_find_ornament may find one. */
enum { MARKS_ORNAMENT = MARK_FOREIGN | MARK_APOSTROPHE };
/*
 * The first typographic quotation mark, dash or space, or single quotation mark
 * around the text; n when there is none. Says where it ends, and what it is.
 */
size_t text_find_ornament(struct str text, size_t *end, const char **what);
/* The first octet that is no ASCII, from here on; n when there is none. */
size_t text_find_foreign(struct str text, size_t from);
/* And the first control character. */
size_t text_find_control(struct str text, size_t from);

#endif
