/*
 * $ORIGIN, $TTL, $INCLUDE, $DATE.
 */
#include <time.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/file.h"
#include "base/path.h"
#include "zone/reader.h"

bool
next_argument(struct reader *reader, unsigned options, struct lexeme *word)
{
	struct complaint complaint;
	enum lexeme_kind kind = scan_next(&reader->frame->scan, options, word);

	if (kind == LEXEME_WORD || kind == LEXEME_QUOTED)
		return true;
	lexeme_complain(&complaint, word);
	return complain_here(reader, &complaint);
}

bool
expect_end(struct reader *reader)
{
	struct lexeme lexeme;
	struct complaint complaint;
	enum lexeme_kind kind = scan_next(&reader->frame->scan, 0, &lexeme);

	if (kind == LEXEME_LINE)
		return true;
	if (kind == LEXEME_END)
		return complain_at(reader, &lexeme, ZONE_SYNTAX, false,
		    "the file ends behind a directive without a newline, "
		    "which name servers refuse");
	if (kind == LEXEME_WORD)
		return complain_at(reader, &lexeme, ZONE_SYNTAX, true,
		    "stands behind the end of the directive");
	lexeme_complain(&complaint, &lexeme);
	return complain_here(reader, &complaint);
}

struct str
cooked(struct arena *arena, const struct lexeme *lexeme)
{
	struct buffer text = { 0 };
	struct cursor in = { lexeme->text, 0 };
	int byte;

	if (lexeme->kind == LEXEME_WORD || !lexeme->escapes)
		return lexeme->text;
	while ((byte = cursor_next(&in)) != END) {
		if (byte == '\\' && cursor_peek(&in) != '"')
			buffer_add_byte(&text, byte);
		if (byte == '\\')
			byte = cursor_next(&in);
		buffer_add_byte(&text, byte);
	}
	return buffer_finish(&text, arena);
}

enum wire_error
origin_parse(struct arena *arena, struct str text, const struct wire *above,
    const struct origin **parsed)
{
	struct origin *origin = ARENA_NEW(arena, struct origin);
	enum wire_error error = wire_parse(text, above, &origin->wire);

	if (error != WIRE_FINE)
		return error;
	origin->canonical = wire_canonical(arena, &origin->wire);
	origin->escaped = str_has(origin->canonical, '\\');
	*parsed = origin;
	return error;
}

/* A name in a directive; a relative one belongs to the origin. */
static bool
take_origin(struct reader *reader, const struct lexeme *word,
    const struct origin **taken)
{
	enum wire_error error = origin_parse(reader->arena, word->text,
	    &reader->frame->origin->wire, taken);

	return error == WIRE_FINE || complain_name(reader, word, error);
}

/* Many files turn back to the origin under which families were learnt. */
static bool
is_home(const struct reader *reader, struct str text)
{
	const struct origin *home = reader->folding.origin;
	struct wire wire;

	return home != NULL && wire_parse(text, &reader->frame->origin->wire,
	    &wire) == WIRE_FINE && wire_equal(&wire, &home->wire);
}

static bool
read_origin(struct reader *reader)
{
	struct lexeme word;
	bool fine;

	if (!next_argument(reader, 0, &word))
		return false;
	if (is_home(reader, word.text))
		reader->frame->origin = reader->folding.origin;
	else if (!take_origin(reader, &word, &reader->frame->origin))
		return false;
	fine = expect_end(reader);
	start_segment(reader, reader->frame->scan.here);
	return fine;
}

/* A wrong one counts as 0, lest every entry behind it is found wrong. */
static bool
read_ttl(struct reader *reader)
{
	struct lexeme word;
	uint32_t ttl = 0;
	bool fine = next_argument(reader, 0, &word);

	if (fine && !ttl_parse(word.text, &ttl))
		fine = complain_at(reader, &word, ZONE_SYNTAX, true,
		    "is not a TTL (3600, 1h, 1d12h)");
	fine = fine && expect_end(reader);
	take_default_ttl(reader, ttl);
	reader->ttl = reader->default_ttl;
	start_segment(reader, reader->frame->scan.here);
	return fine;
}

/*
 * Of BIND's own dumps; it changes nothing in a zone's file, but no $INCLUDE may
 * stand behind a time that is past.
 */
static bool
read_date(struct reader *reader)
{
	struct lexeme word;
	int64_t seconds;

	if (!next_argument(reader, 0, &word))
		return false;
	if (!rdata_time(word.text, &seconds) || seconds < 0 ||
	    seconds > UINT32_MAX)
		return complain_at(reader, &word, ZONE_SYNTAX, true,
		    "is no time from 1970 to 2106 (YYYYMMDDHHMMSS)");
	reader->dated = seconds < (int64_t)time(NULL);
	return expect_end(reader);
}

/* ---- $INCLUDE ------------------------------------------------------------ */

static void
refuse(struct reader *reader, const struct lexeme *lexeme,
    enum zone_problem_kind kind, struct str name, const char *why)
{
	reader->contents->incomplete = true;
	complain_words(reader, lexeme, kind, arena_printf(reader->arena,
	    "\"%.*s\" is not read: %s", STR_ARG(name), why));
}

/* It takes long to see where a path leads, and files have stamps. */
static bool
is_same_file(struct arena *arena, const struct source *a,
    const struct source *b)
{
	struct str real;

	if (a->stamp != b->stamp && a->stamp != 0 && b->stamp != 0)
		return false;
	real = path_real(arena, a->path);
	return real.p != NULL && str_equal(real, path_real(arena, b->path));
}

/* Is the file being read already? Then the chain is told. */
static bool
is_loop(struct reader *reader, const struct lexeme *lexeme,
    const struct source *source)
{
	const struct frame *frame = reader->frame, *here;
	struct str chain = source->path;

	while (frame != NULL && !is_same_file(reader->arena, source,
	    frame->source))
		frame = frame->parent;
	if (frame == NULL)
		return false;
	for (here = reader->frame; here != frame->parent; here = here->parent)
		chain = arena_printf(reader->arena, "%.*s includes %.*s",
		    STR_ARG(here->source->path), STR_ARG(chain));
	refuse(reader, lexeme, ZONE_LIMIT, source->path,
	    arena_printf(reader->arena, "%.*s, and so for ever",
	    STR_ARG(chain)).p);
	return true;
}

static void
include(struct reader *reader, const struct lexeme *lexeme, struct str name,
    const struct origin *origin)
{
	const char *why;
	struct source *source;
	struct str path;

	path = include_find(reader->arena, reader->options,
	    reader->zone->source, reader->frame->source, name, &why);
	if (path.p == NULL) {
		refuse(reader, lexeme, ZONE_INCLUDE, name, why);
		return;
	}
	source = include_read(reader->arena, reader->options, path);
	if (source == NULL) {
		reader->contents->unreadable = path;
		refuse(reader, lexeme, ZONE_INCLUDE, name,
		    "it cannot be opened");
		return;
	}
	if (is_loop(reader, lexeme, source))
		return;
	if (reader->frame->depth + 1 >= ZONE_MAX_INCLUDE_DEPTH) {
		refuse(reader, lexeme, ZONE_LIMIT, name,
		    "more than 64 files include each other");
		return;
	}
	if (reader->contents->source_count > ZONE_MAX_INCLUDES) {
		refuse(reader, lexeme, ZONE_LIMIT, name,
		    "more than 100000 files are included in one zone");
		return;
	}
	include_note(reader->options, path);
	source_set_included(reader->arena, source, span_here(reader,
	    lexeme->start, lexeme->end));
	push_frame(reader, source, origin);
}

/* $INCLUDE file [origin] */
static bool
read_include(struct reader *reader, const struct entry *entry)
{
	const struct origin *origin = reader->frame->origin;
	struct lexeme name, word;
	struct complaint complaint;

	if (reader->dated)
		return complain_at(reader, &entry->owner, ZONE_SYNTAX, true,
		    "cannot stand behind a $DATE");
	if (!next_argument(reader, SCAN_QUOTED, &name))
		return false;
	switch (scan_next(&reader->frame->scan, 0, &word)) {
	case LEXEME_LINE:
	case LEXEME_END:
		break;
	case LEXEME_WORD:
		if (!take_origin(reader, &word, &origin) ||
		    !expect_end(reader))
			return false;
		break;
	default:
		lexeme_complain(&complaint, &word);
		return complain_here(reader, &complaint);
	}
	place_suppressions(reader, entry->start, reader->frame->scan.here);
	include(reader, &name, cooked(reader->arena, &name), origin);
	return true;
}

/* Takes note of what the zone's own file says. */
static void
note_own(struct reader *reader, bool origin, bool ttl)
{
	struct zone_contents *contents = reader->contents;

	if (reader->frame->source != reader->zone->source)
		return;
	contents->own_origins |= origin;
	if (ttl && contents->own_ttl == 0)
		contents->own_ttl = reader->frame->scan.here;
}

bool
read_directive(struct reader *reader, const struct entry *entry)
{
	struct str name = entry->owner.text;
	bool origin = str_is_case(name, "$ORIGIN");
	bool ttl = str_is_case(name, "$TTL");

	note_own(reader, origin, ttl);
	if (origin)
		return read_origin(reader);
	if (ttl)
		return read_ttl(reader);
	if (str_is_case(name, "$INCLUDE"))
		return read_include(reader, entry);
	if (str_is_case(name, "$GENERATE"))
		return read_generate(reader, entry);
	if (str_is_case(name, "$DATE"))
		return read_date(reader);
	return complain_at(reader, &entry->owner, ZONE_SYNTAX, true,
	    "is no directive: $ORIGIN, $TTL, $INCLUDE and $GENERATE are");
}
