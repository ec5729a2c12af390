#include <glob.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/name.h"
#include "base/path.h"
#include "zone/named_conf.h"

enum { MAX_DEPTH = 16, MAX_INCLUDES = 1000 };

/* Where the reader stands. */
struct reader {
	struct arena *arena;
	struct named_conf *conf;
	struct named_zone **end;
	struct cursor in;
	const struct source *source;	/* the file that is read */
	unsigned depth, includes;
};

/* What follows may be read otherwise than it was meant: the first counts. */
static void
complain(struct reader *reader, size_t start, const char *why)
{
	if (reader->conf->fault != NULL)
		return;
	reader->conf->fault = why;
	reader->conf->place = (struct span){ reader->source, start, start };
}

static void
skip_line(struct cursor *in)
{
	cursor_until(in, STR("\n"));
}

static void
skip_block_comment(struct reader *reader)
{
	struct cursor *in = &reader->in;
	size_t start = in->here - 2;

	while (!cursor_accept_str(in, STR("*/")))
		if (cursor_next(in) == END) {
			complain(reader, start, "the comment has no end");
			return;
		}
}

static void
skip_blanks(struct reader *reader)
{
	struct cursor *in = &reader->in;

	for (;;) {
		cursor_while(in, STR(" \t\r\n"));
		if (cursor_accept_str(in, STR("/*")))
			skip_block_comment(reader);
		else if (cursor_peek(in) == '#' ||
		    (cursor_peek(in) == '/' && cursor_peek_at(in, 1) == '/'))
			skip_line(in);
		else
			return;
	}
}

/*
 * A word, a string without its quotes, or one of "{};" ; "" at the end. A string
 * that would be taken for one of the others keeps its quotes.
 */
static struct str
read_token(struct reader *reader)
{
	struct cursor *in = &reader->in;
	struct str token;
	size_t start;

	skip_blanks(reader);
	start = in->here;
	if (cursor_accept(in, '"')) {
		token = cursor_until(in, STR("\""));
		if (!cursor_accept(in, '"'))
			complain(reader, start, "the string has no end");
		return token.n == 0 || (token.n == 1 &&
		    str_has(STR("{};"), token.p[0])) ?
		    str_slice(in->text, start, in->here) : token;
	}
	if (str_has(STR("{};"), cursor_peek(in))) {
		token = str_slice(in->text, in->here, in->here + 1);
		cursor_next(in);
		return token;
	}
	return cursor_until(in, STR(" \t\r\n{};\""));
}

/* Passes over a block whose brace is open, or to the semicolon. */
static void
skip_statement(struct reader *reader)
{
	size_t start = reader->in.here;
	unsigned depth = 0;
	struct str token;

	while ((token = read_token(reader)).n > 0) {
		if (str_is(token, "{"))
			depth++;
		else if (str_is(token, "}") && depth > 0)
			depth--;
		else if (str_is(token, ";") && depth == 0)
			return;
	}
	complain(reader, start, "the statement has no end");
}

/*
 * Behind a block that begins there, with the word that was read last: what
 * follows is another statement, even where the semicolon is missing.
 */
static void
end_block(struct reader *reader, size_t start, struct str last)
{
	if (last.n == 0)
		complain(reader, start, "the block has no end");
	skip_blanks(reader);
	if (!cursor_accept(&reader->in, ';'))
		complain(reader, reader->in.here, "there is no \";\" behind "
		    "the block");
}

static struct str read_statements(struct reader *, struct str view,
    bool inside);

static void
read_included(struct reader *reader, struct str path, struct str view)
{
	struct source *source;
	struct reader inner = *reader;

	if (reader->depth == MAX_DEPTH || reader->includes == MAX_INCLUDES)
		return;
	source = file_read(reader->arena, path);
	if (source == NULL) {
		reader->conf->missing = path;
		return;
	}
	inner.source = source;
	inner.in = (struct cursor){ source->text, 0 };
	inner.depth++;
	inner.includes++;
	read_statements(&inner, view, false);
	reader->end = inner.end;
	reader->includes = inner.includes;
}

static void
read_include(struct reader *reader, struct str view)
{
	struct str path = path_join(reader->arena,
	    path_folder(reader->source->path), read_token(reader));
	glob_t found;
	size_t i;

	skip_statement(reader);
	if (str_has(path, '*') || str_has(path, '?') || str_has(path, '[')) {
		if (glob(arena_cstr(reader->arena, path), 0, NULL,
		    &found) == 0) {
			for (i = 0; i < found.gl_pathc; i++)
				read_included(reader, arena_copy(reader->arena,
				    str_from(found.gl_pathv[i])), view);
			globfree(&found);
			return;
		}
	}
	read_included(reader, path, view);
}

/* options { directory "..."; ... }; */
static void
read_options(struct reader *reader)
{
	size_t start = reader->in.here;
	struct str token;

	if (!str_is(read_token(reader), "{"))
		return;
	while ((token = read_token(reader)).n > 0 &&
	    !str_is(token, "}")) {
		if (str_is(token, "directory"))
			reader->conf->directory = arena_copy(reader->arena,
			    read_token(reader));
		if (!str_is(token, ";"))
			skip_statement(reader);
	}
	end_block(reader, start, token);
}

static bool
is_primary(struct str type)
{
	return str_is_case(type, "primary") || str_is_case(type, "master");
}

/* zone "name" [class] { ... file "..."; ... }; */
static void
read_zone(struct reader *reader, struct str view)
{
	struct named_zone *zone = ARENA_NEW(reader->arena, struct named_zone);
	size_t start = reader->in.here;
	bool named = name_parse(reader->arena, read_token(reader),
	    &zone->name);
	struct str token;

	zone->view = view;
	do
		token = read_token(reader);
	while (token.n > 0 && !str_is(token, "{") && !str_is(token, ";"));
	if (!str_is(token, "{"))
		return;
	while ((token = read_token(reader)).n > 0 &&
	    !str_is(token, "}")) {
		if (str_is(token, "file"))
			zone->file = arena_copy(reader->arena,
			    read_token(reader));
		else if (str_is(token, "type"))
			zone->primary = is_primary(read_token(reader));
		if (!str_is(token, ";"))
			skip_statement(reader);
	}
	end_block(reader, start, token);
	if (!named || zone->file.n == 0)
		return;
	*reader->end = zone;
	reader->end = &zone->next;
}

static void
read_view(struct reader *reader)
{
	size_t start = reader->in.here;
	struct str name = arena_copy(reader->arena, read_token(reader));
	struct str token;

	do
		token = read_token(reader);
	while (token.n > 0 && !str_is(token, "{") && !str_is(token, ";"));
	if (!str_is(token, "{"))
		return;
	end_block(reader, start, read_statements(reader, name, true));
}

/* Up to the closing brace of a block, or the end; returns which it is. */
static struct str
read_statements(struct reader *reader, struct str view, bool inside)
{
	struct str token;

	while ((token = read_token(reader)).n > 0) {
		if (str_is(token, "}") && inside)
			break;
		if (str_is(token, "}"))
			complain(reader, reader->in.here - 1,
			    "the brace closes nothing");
		else if (str_is(token, "zone"))
			read_zone(reader, view);
		else if (str_is(token, "view") && view.n == 0)
			read_view(reader);
		else if (str_is(token, "options"))
			read_options(reader);
		else if (str_is(token, "include"))
			read_include(reader, view);
		else if (!str_is(token, ";"))
			skip_statement(reader);
	}
	return token;
}

static void
put_beside_alike(struct named_conf *conf, struct arena *arena,
    struct named_zone *zone)
{
	struct named_zone *first = table_add(&conf->by_file_name, arena,
	    path_name(zone->file), zone);

	if (first != zone)
		first->last_alike->alike = zone;
	first->last_alike = zone;
}

struct named_conf *
named_conf_read(struct arena *arena, const struct source *source)
{
	struct named_conf *conf = ARENA_NEW(arena, struct named_conf);
	struct reader reader = { arena, conf, &conf->zones,
	    { source->text, 0 }, source, 0, 0 };
	struct named_zone *zone;
	struct str folder;

	read_statements(&reader, STR(""), false);
	/* The directory may be said after the zones; it is as named sees it. */
	folder = conf->directory.p != NULL ? conf->directory :
	    path_folder(source->path);
	for (zone = conf->zones; zone != NULL; zone = zone->next) {
		zone->written = zone->file;
		zone->file = path_join(arena, folder, zone->written);
		put_beside_alike(conf, arena, zone);
	}
	return conf;
}
