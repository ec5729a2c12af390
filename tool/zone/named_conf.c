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
	struct str folder;		/* of the file that is read */
	unsigned depth, includes;
};

static void
skip_line(struct cursor *in)
{
	cursor_until(in, STR("\n"));
}

static void
skip_block_comment(struct cursor *in)
{
	while (cursor_peek(in) != END &&
	    !cursor_accept_str(in, STR("*/")))
		cursor_next(in);
}

static void
skip_blanks(struct cursor *in)
{
	for (;;) {
		cursor_while(in, STR(" \t\r\n"));
		if (cursor_accept_str(in, STR("/*")))
			skip_block_comment(in);
		else if (cursor_peek(in) == '#' ||
		    (cursor_peek(in) == '/' && cursor_peek_at(in, 1) == '/'))
			skip_line(in);
		else
			return;
	}
}

/* A word, a string without its quotes, or one of "{};" ; "" at the end. */
static struct str
read_token(struct cursor *in)
{
	struct str token;

	skip_blanks(in);
	if (cursor_accept(in, '"')) {
		token = cursor_until(in, STR("\""));
		cursor_accept(in, '"');
		return token.n == 0 ? STR("\"\"") : token;
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
skip_statement(struct cursor *in)
{
	unsigned depth = 0;
	struct str token;

	while ((token = read_token(in)).n > 0) {
		if (str_is(token, "{"))
			depth++;
		else if (str_is(token, "}") && depth > 0)
			depth--;
		else if (str_is(token, ";") && depth == 0)
			return;
	}
}

static void read_statements(struct reader *, struct str view);

static void
read_include(struct reader *reader)
{
	struct str path = path_join(reader->arena, reader->folder,
	    read_token(&reader->in));
	struct source *source;
	struct reader inner = *reader;

	skip_statement(&reader->in);
	if (reader->depth == MAX_DEPTH || reader->includes == MAX_INCLUDES)
		return;
	source = file_read(reader->arena, path);
	if (source == NULL) {
		reader->conf->missing = path;
		return;
	}
	inner.in = (struct cursor){ source->text, 0 };
	inner.depth++;
	inner.includes++;
	read_statements(&inner, STR(""));
	reader->end = inner.end;
	reader->includes = inner.includes;
}

/* options { directory "..."; ... }; */
static void
read_options(struct reader *reader)
{
	struct str token;

	if (!str_is(read_token(&reader->in), "{"))
		return;
	while ((token = read_token(&reader->in)).n > 0 &&
	    !str_is(token, "}")) {
		if (str_is(token, "directory"))
			reader->conf->directory = arena_copy(reader->arena,
			    read_token(&reader->in));
		if (!str_is(token, ";"))
			skip_statement(&reader->in);
	}
	skip_statement(&reader->in);
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
	bool named = name_parse(reader->arena, read_token(&reader->in),
	    &zone->name);
	struct str token;

	zone->view = view;
	do
		token = read_token(&reader->in);
	while (token.n > 0 && !str_is(token, "{") && !str_is(token, ";"));
	if (!str_is(token, "{"))
		return;
	while ((token = read_token(&reader->in)).n > 0 &&
	    !str_is(token, "}")) {
		if (str_is(token, "file"))
			zone->file = arena_copy(reader->arena,
			    read_token(&reader->in));
		else if (str_is(token, "type"))
			zone->primary = is_primary(read_token(&reader->in));
		if (!str_is(token, ";"))
			skip_statement(&reader->in);
	}
	skip_statement(&reader->in);
	if (!named || zone->file.n == 0)
		return;
	*reader->end = zone;
	reader->end = &zone->next;
}

static void
read_view(struct reader *reader)
{
	struct str name = arena_copy(reader->arena, read_token(&reader->in));
	struct str token;

	do
		token = read_token(&reader->in);
	while (token.n > 0 && !str_is(token, "{") && !str_is(token, ";"));
	if (!str_is(token, "{"))
		return;
	read_statements(reader, name);
	skip_statement(&reader->in);
}

/* Up to the closing brace, or the end. */
static void
read_statements(struct reader *reader, struct str view)
{
	struct str token;

	while ((token = read_token(&reader->in)).n > 0 &&
	    !str_is(token, "}")) {
		if (str_is(token, "zone"))
			read_zone(reader, view);
		else if (str_is(token, "view") && view.n == 0)
			read_view(reader);
		else if (str_is(token, "options"))
			read_options(reader);
		else if (str_is(token, "include"))
			read_include(reader);
		else if (!str_is(token, ";"))
			skip_statement(&reader->in);
	}
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
	    { source->text, 0 }, path_folder(source->path), 0, 0 };
	struct named_zone *zone;
	struct str folder;

	read_statements(&reader, STR(""));
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
