/*
 * Tokens of master files (RFC 1035 section 5.1), exactly as BIND cuts them:
 * quotes, escapes, parentheses, comments, blanks, line ends. Knows nothing of
 * names, types or mail.
 */
#ifndef ZONE_SCAN_H
#define ZONE_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

enum lexeme_kind {
	LEXEME_WORD,
	LEXEME_QUOTED,
	LEXEME_BLANK,		/* the line starts with one: SCAN_BLANK */
	LEXEME_LINE,		/* the end of the entry's last line */
	LEXEME_END,		/* the end of the text */
	/* None of these is part of a good entry: */
	LEXEME_SPECIAL,		/* a quote or a NUL where a word must stand */
	LEXEME_OPEN,		/* the text ends inside parentheses */
	LEXEME_CLOSE,		/* ")" without "(" */
	LEXEME_NEWLINE,		/* a line ends inside quotes */
	LEXEME_UNFINISHED	/* the text ends inside quotes or behind "\" */
};

struct lexeme {
	enum lexeme_kind kind;
	struct str text;	/* without quotes, escapes as written */
	size_t start, end;	/* in the text, with quotes */
	bool escapes;		/* a backslash stands in the text */
};

/* What may be found besides words and line ends. */
enum {
	SCAN_QUOTED = 1,	/* quoted strings; else a quote is SPECIAL */
	SCAN_BLANK = 2,		/* LEXEME_BLANK */
	SCAN_PAIR = 4		/* key="value" is one word, quotes and all */
};

/* Where comments go; start is at the ";", end before the line's end. */
typedef void scan_comment(void *context, size_t start, size_t end);

/*
 * The text must be followed by FILE_PADDING NULs. Starts as
 * { .text = text, .line_start = true }.
 */
struct scan {
	struct str text;
	size_t here;
	size_t depth;		/* of parentheses */
	size_t opened;		/* where the outermost stands */
	size_t code_end;	/* of the last token or parenthesis */
	bool line_start;	/* the last thing was a line end */
	bool left_open;		/* the text ended inside parentheses */
	scan_comment *comment;	/* may be NULL */
	void *context;
};

/* The next token; the kind is returned as well. */
enum lexeme_kind scan_next(struct scan *, unsigned options, struct lexeme *);

/* Goes on behind the end of the entry, if that has not been reached yet. */
void scan_rest(struct scan *);

#endif
