#include <string.h>

#include "zone/scan.h"

/* What a byte means outside quotes. */
enum {
	PLAIN,
	BLANK,			/* space, tab */
	LINE,			/* LF, CR */
	SPECIAL,		/* ( ) " NUL */
	COMMENT,		/* ; */
	ESCAPE			/* \ */
};

static const unsigned char classes[256] = {
	['\0'] = SPECIAL, ['\t'] = BLANK, ['\n'] = LINE, ['\r'] = LINE,
	[' '] = BLANK, ['"'] = SPECIAL, ['('] = SPECIAL, [')'] = SPECIAL,
	[';'] = COMMENT, ['\\'] = ESCAPE
};

/* NUL at the end, which is why the text is padded. */
static unsigned char
byte_at(const struct scan *scan, size_t place)
{
	return (unsigned char)scan->text.p[place];
}

static bool
at_end(const struct scan *scan)
{
	return scan->here >= scan->text.n;
}

static void
pass_comment(struct scan *scan)
{
	size_t start = scan->here;

	scan->here += str_find(str_after(scan->text, start), '\n');
	if (scan->comment != NULL)
		scan->comment(scan->context, start, scan->here);
}

static enum lexeme_kind
finish(struct scan *scan, struct lexeme *lexeme, enum lexeme_kind kind,
    size_t start, size_t end)
{
	lexeme->kind = kind;
	lexeme->text = (struct str){ scan->text.p + start, end - start };
	lexeme->end = scan->here;
	if (kind <= LEXEME_QUOTED)
		scan->code_end = scan->here;
	return kind;
}

/* Is a byte of the word the one given? */
static uint64_t
holds(uint64_t word, unsigned char byte)
{
	const uint64_t ones = UINT64_MAX / 255;
	uint64_t other = word ^ ones * byte;

	return (other - ones) & ~other & ones * 128;
}

/* Eight plain bytes of a string at a time; the rest is for the caller. */
static void
pass_plain(struct scan *scan)
{
	uint64_t word;

	for (; scan->text.n - scan->here >= sizeof(word);
	    scan->here += sizeof(word)) {
		memcpy(&word, scan->text.p + scan->here, sizeof(word));
		if ((holds(word, '"') | holds(word, '\n') |
		    holds(word, '\\')) != 0)
			break;
	}
}

/*
 * Moves behind the closing quote; an escaped line end is part of the string.
 * Returns LEXEME_QUOTED when it is there.
 */
static enum lexeme_kind
pass_quoted(struct scan *scan, bool *escapes)
{
	for (pass_plain(scan); !at_end(scan); scan->here++)
		switch (byte_at(scan, scan->here)) {
		case '"':
			scan->here++;
			return LEXEME_QUOTED;
		case '\n':
			return LEXEME_NEWLINE;
		case '\\':
			*escapes = true;
			if (scan->here + 1 < scan->text.n)
				scan->here++;
			break;
		}
	return LEXEME_UNFINISHED;
}

static enum lexeme_kind
read_quoted(struct scan *scan, struct lexeme *lexeme)
{
	size_t start = ++scan->here;
	enum lexeme_kind kind = pass_quoted(scan, &lexeme->escapes);

	return finish(scan, lexeme, kind, start,
	    scan->here - (kind == LEXEME_QUOTED));
}

/* The word goes on with ="value", and ends with it. */
static enum lexeme_kind
read_value(struct scan *scan, struct lexeme *lexeme, size_t start)
{
	enum lexeme_kind kind;

	scan->here += 2;
	kind = pass_quoted(scan, &lexeme->escapes);
	return finish(scan, lexeme,
	    kind == LEXEME_QUOTED ? LEXEME_WORD : kind, start, scan->here);
}

static enum lexeme_kind
read_word(struct scan *scan, unsigned options, struct lexeme *lexeme)
{
	size_t start = scan->here;
	int byte;

	for (;; scan->here++) {
		byte = byte_at(scan, scan->here);
		if ((options & SCAN_PAIR) != 0 && byte == '=') {
			if (byte_at(scan, scan->here + 1) == '"')
				return read_value(scan, lexeme, start);
			options &= ~(unsigned)SCAN_PAIR;
		}
		if (classes[byte] == PLAIN)
			continue;
		if (classes[byte] != ESCAPE)
			break;
		lexeme->escapes = true;
		/* A line end cannot be escaped here, the end neither. */
		if (scan->here + 1 >= scan->text.n) {
			scan->here++;
			return finish(scan, lexeme, LEXEME_UNFINISHED, start,
			    scan->here);
		}
		if (classes[byte_at(scan, scan->here + 1)] != LINE)
			scan->here++;
	}
	return finish(scan, lexeme, LEXEME_WORD, start, scan->here);
}

/* Inside parentheses line ends are blanks. */
static bool
pass_line(struct scan *scan)
{
	bool cr = byte_at(scan, scan->here++) == '\r';

	if (scan->depth > 0) {
		if (!cr)
			scan->line_start = true;
		return false;
	}
	if (cr && !at_end(scan) && byte_at(scan, scan->here) == '\n')
		scan->here++;
	scan->line_start = true;
	return true;
}

static enum lexeme_kind
read_end(struct scan *scan, struct lexeme *lexeme)
{
	scan->line_start = false;
	lexeme->start = scan->here;
	finish(scan, lexeme, LEXEME_END, scan->here, scan->here);
	if (scan->depth > 0) {
		scan->depth = 0;
		scan->left_open = true;
		lexeme->kind = LEXEME_OPEN;
		lexeme->start = scan->opened;
		lexeme->end = scan->opened + 1;
	}
	return lexeme->kind;
}

/* ( ) " NUL: true when a token has been made of it. */
static bool
read_special(struct scan *scan, unsigned options, struct lexeme *lexeme)
{
	int byte = byte_at(scan, scan->here);

	scan->line_start = false;
	if (byte == '"' && (options & SCAN_QUOTED) != 0)
		return read_quoted(scan, lexeme), true;
	scan->here++;
	if (byte == '(' || (byte == ')' && scan->depth > 0)) {
		if (scan->depth == 0)
			scan->opened = scan->here - 1;
		scan->depth += byte == '(' ? 1 : (size_t)-1;
		scan->code_end = scan->here;
		return false;
	}
	finish(scan, lexeme, byte == ')' ? LEXEME_CLOSE : LEXEME_SPECIAL,
	    scan->here - 1, scan->here);
	return true;
}

enum lexeme_kind
scan_next(struct scan *scan, unsigned options, struct lexeme *lexeme)
{
	for (lexeme->escapes = false; !at_end(scan);) {
		lexeme->start = scan->here;
		switch (classes[byte_at(scan, scan->here)]) {
		case BLANK:
			scan->here++;
			if (!scan->line_start || scan->depth > 0 ||
			    (options & SCAN_BLANK) == 0)
				break;
			scan->line_start = false;
			return finish(scan, lexeme, LEXEME_BLANK,
			    lexeme->start, scan->here);
		case LINE:
			if (pass_line(scan))
				return finish(scan, lexeme, LEXEME_LINE,
				    lexeme->start, scan->here);
			break;
		case SPECIAL:
			if (read_special(scan, options, lexeme))
				return lexeme->kind;
			break;
		case COMMENT:
			pass_comment(scan);
			break;
		default:
			scan->line_start = false;
			return read_word(scan, options, lexeme);
		}
	}
	return read_end(scan, lexeme);
}

/* Holes of a file may be large. */
static void
pass_nuls(struct scan *scan)
{
	uint64_t word;

	for (; scan->text.n - scan->here >= sizeof(word);
	    scan->here += sizeof(word)) {
		memcpy(&word, scan->text.p + scan->here, sizeof(word));
		if (word != 0)
			break;
	}
}

void
scan_rest(struct scan *scan)
{
	struct lexeme lexeme;

	if (scan->line_start && scan->depth == 0)
		return;
	while (scan_next(scan, SCAN_QUOTED, &lexeme) != LEXEME_LINE)
		if (lexeme.kind == LEXEME_END || lexeme.kind == LEXEME_OPEN)
			break;
		else if (lexeme.kind == LEXEME_SPECIAL)
			pass_nuls(scan);
}
