#include "zone/read.h"

/* IN is 1; false when it is no class at all. */
static bool
class_parse(struct str text, uint16_t *class)
{
	static const struct { struct str name; uint16_t class; } names[] = {
		{ STR_INIT("IN"), 1 }, { STR_INIT("CH"), 3 },
		{ STR_INIT("CHAOS"), 3 }, { STR_INIT("HS"), 4 },
		{ STR_INIT("HESIOD"), 4 }, { STR_INIT("NONE"), 254 },
		{ STR_INIT("ANY"), 255 }, { STR_INIT("RESERVED0"), 0 }
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (text.n == names[i].name.n &&
		    str_equal_case(text, names[i].name)) {
			*class = names[i].class;
			return true;
		}
	return str_starts_case(text, STR("CLASS")) &&
	    short_parse(str_after(text, 5), class);
}

static bool
next_word(struct scan *scan, struct lexeme *word, struct complaint *complaint)
{
	return scan_next(scan, 0, word) == LEXEME_WORD ||
	    lexeme_complain(complaint, word);
}

/* A TTL above 2^31 - 1 counts as 0, RFC 2181 section 8. */
static bool
take_ttl(struct entry *entry, struct str text)
{
	if (!ttl_parse(text, &entry->ttl))
		return false;
	entry->explicit_ttl = true;
	entry->capped_ttl = entry->ttl > INT32_MAX;
	if (entry->capped_ttl)
		entry->ttl = 0;
	return true;
}

/*
 * [class] [TTL] type or [TTL] [class] type; the first word is there. A class
 * whose number is 0 counts as none.
 */
static bool
read_type(struct scan *scan, struct entry *entry, struct lexeme *word,
    struct complaint *complaint)
{
	struct lexeme class_word = *word;
	uint16_t class = 0;

	if (class_parse(word->text, &class) &&
	    !next_word(scan, word, complaint))
		return false;
	if (take_ttl(entry, word->text) && !next_word(scan, word, complaint))
		return false;
	if (class == 0 && class_parse(word->text, &class)) {
		class_word = *word;
		if (!next_word(scan, word, complaint))
			return false;
	}
	entry->type_lexeme = *word;
	if (!rrtype_parse(word->text, &entry->type))
		return complaint_set(complaint, word, ZONE_SYNTAX, true,
		    "is no record type");
	if (class > 1)
		return complaint_set(complaint, &class_word, ZONE_SYNTAX,
		    true, "is not the class of this zone");
	return true;
}

bool
entry_read_type(struct scan *scan, struct entry *entry,
    struct complaint *complaint)
{
	struct lexeme word;

	return next_word(scan, &word, complaint) &&
	    read_type(scan, entry, &word, complaint);
}

/* The rest of a line that starts with a blank; it may be an empty one. */
static enum entry_kind
read_inherited(struct scan *scan, struct entry *entry,
    struct complaint *complaint, bool *empty)
{
	struct lexeme word;

	*empty = false;
	switch (scan_next(scan, 0, &word)) {
	case LEXEME_LINE:
		*empty = true;
		return ENTRY_RECORD;
	case LEXEME_END:
		return ENTRY_END;
	case LEXEME_WORD:
		entry->start = word.start;
		return read_type(scan, entry, &word, complaint) ?
		    ENTRY_RECORD : ENTRY_BAD;
	default:
		entry->start = word.start;
		lexeme_complain(complaint, &word);
		return ENTRY_BAD;
	}
}

static enum entry_kind
read_owned(struct scan *scan, struct entry *entry,
    struct complaint *complaint)
{
	entry->owned = true;
	if (entry->owner.text.n > 0 && entry->owner.text.p[0] == '$')
		return ENTRY_DIRECTIVE;
	return entry_read_type(scan, entry, complaint) ? ENTRY_RECORD :
	    ENTRY_BAD;
}

enum entry_kind
entry_read(struct scan *scan, struct entry *entry,
    struct complaint *complaint)
{
	enum entry_kind kind;
	bool empty, at_start;

	*entry = (struct entry){ .start = scan->here };
	for (;;) {
		entry->line = scan->here;
		at_start = scan->line_start;
		switch (scan_next(scan, SCAN_BLANK | SCAN_QUOTED,
		    &entry->owner)) {
		case LEXEME_LINE:
			continue;
		case LEXEME_END:
			entry->start = entry->owner.start;
			return ENTRY_END;
		case LEXEME_BLANK:
			kind = read_inherited(scan, entry, complaint, &empty);
			if (empty)
				continue;
			return kind;
		case LEXEME_WORD:
		case LEXEME_QUOTED:
			entry->start = entry->owner.start;
			/* A blank before it meant nothing, unlike "(". */
			while (!at_start && byte_is_blank((unsigned char)
			    scan->text.p[entry->line]))
				entry->line++;
			return read_owned(scan, entry, complaint);
		default:
			entry->start = entry->owner.start;
			lexeme_complain(complaint, &entry->owner);
			return ENTRY_BAD;
		}
	}
}
