/* Entries, directives, includes, and what is wrong with them. */
#include "support.h"

#include <sys/wait.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/path.h"
#include "zone_lines.h"

#define TTL	"$TTL 60\n"

static const struct {
	const char *text;
	const char *records;		/* but the SOA */
	const char *problems;		/* of the part that is not quoted */
} rows[] = {
	{ "", "", "" },
	{ "\n; nothing\n \n", "", "" },
	{ TTL "@ A 192.0.2.1\n", "@ 60 A 192.0.2.1\n", "" },
	{ TTL "a A 192.0.2.1\nA.Example.COM. TXT x\n",
	  "a 60 A 192.0.2.1\na 60 TXT \"x\"\n", "" },
	{ TTL "a A 192.0.2.1", "a 60 A 192.0.2.1\n", "" },

	/* TTL and class in any order, each or none. */
	{ "a 1 IN TXT x\nb IN 2 TXT x\nc 3 TXT x\nd IN TXT x\ne TXT x\n",
	  "a 1 TXT \"x\"\nb 2 TXT \"x\"\nc 3 TXT \"x\"\nd 3 TXT \"x\"\n"
	  "e 3 TXT \"x\"\n", "" },
	{ "a 1h CLASS1 TXT x\nb in 1w2D TXT x\nc 0h30 TXT x\n",
	  "a 3600 TXT \"x\"\nb 777600 TXT \"x\"\nc 30 TXT \"x\"\n", "" },
	{ "a 2147483648 TXT x\n", "a 0 TXT \"x\"\n", "" },
	{ "a 4294967296 TXT x\n", "",
	  "1:3 \"4294967296\" is no record type\n" },
	{ "a 1h30 TXT x\n", "", "1:3 \"1h30\" is no record type\n" },
	{ TTL "a CH TXT x\n", "",
	  "2:3 \"CH\" is not the class of this zone\n" },
	{ TTL "a IN 5 IN TXT x\n", "", "2:8 \"IN\" is no record type\n" },
	{ TTL "a FOO x\n", "", "2:3 \"FOO\" is no record type\n" },
	{ TTL "a TYPE16 x\nb type65280 \\# 1 2a\n",
	  "a 60 TXT \"x\"\nb 60 TYPE65280 \\# 1 2A\n", "" },
	{ TTL "a CLASS-0 TYPE\v+16 x\nb CLASS\f1 TXT x\nc TYPE000016 x\n",
	  "a 60 TXT \"x\"\nb 60 TXT \"x\"\n",
	  "4:3 \"TYPE000016\" is no record type\n" },
	{ TTL "a MD b\n", "", "2:3 \"MD\" is an obsolete type\n" },
	{ TTL "a AXFR b\n", "",
	  "2:3 \"AXFR\" is a type for questions, not for zones\n" },
	{ TTL "* NS a\n", "", "2:3 \"NS\" cannot stand at a wildcard\n" },
	{ TTL "*.x. NS a\n", "", "2:1 \"*.x.\" lies outside the zone, so name "
	  "servers ignore it\n" },

	/* What BIND writes into its dumps. */
	{ "$DATE 20261129000000\na 9 TXT x\n", "a 9 TXT \"x\"\n", "" },
	{ "$DATE 20200101000000\n$INCLUDE /nowhere\n", "",
	  "2:1 \"$INCLUDE\" cannot stand behind a $DATE\n" },
	{ "$DATE 20260229000000\n", "",
	  "1:7 \"20260229000000\" is no time from 1970 to 2106 "
	  "(YYYYMMDDHHMMSS)\n" },
	{ "$DATE 21990101000000\n", "",
	  "1:7 \"21990101000000\" is no time from 1970 to 2106 "
	  "(YYYYMMDDHHMMSS)\n" },
	{ "$DATE 1\n", "", "1:7 \"1\" is no time from 1970 to 2106 "
	  "(YYYYMMDDHHMMSS)\n" },

	/* TTLs come from $TTL, the record before, or the SOA. */
	{ "@ SOA a b 1 2 3 4 5\na TXT x\n", "a 5 TXT \"x\"\n", "" },
	{ "@ 9 SOA a b 1 2 3 4 5\na TXT x\nb 7 TXT x\nc TXT x\n",
	  "a 9 TXT \"x\"\nb 7 TXT \"x\"\nc 7 TXT \"x\"\n", "" },
	/* A set has one TTL, however its owner is written, but for the case. */
	{ "a 9 TXT x\na.example.com. 7 TXT y\nb TXT z\n",
	  "a 9 TXT \"x\"\na 7 TXT \"y\"\nb 9 TXT \"z\"\n", "" },
	{ "a 9 TXT x\n$ORIGIN example.com.\na 7 TXT y\nb TXT z\n",
	  "a 9 TXT \"x\"\na 7 TXT \"y\"\nb 9 TXT \"z\"\n", "" },
	{ "a 9 TXT x\n\\097 7 TXT y\nb TXT z\n",
	  "a 9 TXT \"x\"\na 7 TXT \"y\"\nb 9 TXT \"z\"\n", "" },
	{ "a 9 TXT x\nA 7 TXT y\nb TXT z\n",
	  "a 9 TXT \"x\"\na 7 TXT \"y\"\nb 7 TXT \"z\"\n", "" },
	{ "a 9 TXT x\n$TTL 5\nb TXT x\nc 1 TXT x\nd TXT x\n",
	  "a 9 TXT \"x\"\nb 5 TXT \"x\"\nc 1 TXT \"x\"\nd 5 TXT \"x\"\n", "" },
	/* Without any they are read all the same, and that is told once. */
	{ "a TXT x\n", "a 3600 TXT \"x\"\n", "1:3 no TTL is known here: "
	  "neither the entry nor a $TTL or an entry before it says one\n" },
	{ "a TXT x\nb TXT y\n", "a 3600 TXT \"x\"\nb 3600 TXT \"y\"\n",
	  "1:3 no TTL is known here, nor at 1 more entry: neither the entry "
	  "nor a $TTL or an entry before it says one\n" },
	{ "a TXT x\nb FOO\n$GENERATE 1-2 c$ TXT y\nd 9 TXT z\ne TXT z\n",
	  "a 3600 TXT \"x\"\nc1 3600 TXT \"y\"\nc2 3600 TXT \"y\"\n"
	  "d 9 TXT \"z\"\ne 9 TXT \"z\"\n",
	  "1:3 no TTL is known here, nor at 1 more entry: neither the entry "
	  "nor a $TTL or an entry before it says one\n"
	  "2:3 \"FOO\" is no record type\n" },
	{ "a TXT x\n@ SOA a b 1 2 3 4 5\nb TXT x\n",
	  "a 3600 TXT \"x\"\nb 5 TXT \"x\"\n", "1:3 no TTL is known here: "
	  "neither the entry nor a $TTL or an entry before it says one\n" },
	{ "a. TXT x\nb TXT x\n", "b 3600 TXT \"x\"\n",
	  "1:1 \"a.\" lies outside the zone, so name servers ignore it\n"
	  "2:3 no TTL is known here: neither the entry nor a $TTL or an entry "
	  "before it says one\n" },
	{ "$TTL x\na TXT x\n", "a 0 TXT \"x\"\n",
	  "1:6 \"x\" is not a TTL (3600, 1h, 1d12h)\n" },
	/* The set's TTL is that of its first record, and is inherited. */
	{ "a 1 TXT x\na 2 TXT y\na MX 1 b\n",
	  "a 1 TXT \"x\"\na 2 TXT \"y\"\na 1 MX 1 b.example.com.\n", "" },
	{ "a 1 RRSIG A 8 0 5 0 0 1 . AA==\n 2 RRSIG 1 8 0 5 0 0 2 . AA==\n"
	  "b TXT x\n", "a 1 RRSIG A 8 0 5 19700101000000 19700101000000 1 . "
	  "AA==\na 2 RRSIG A 8 0 5 19700101000000 19700101000000 2 . AA==\n"
	  "b 1 TXT \"x\"\n", "" },
	{ "a 1 RRSIG A 8 0 5 0 0 1 . AA==\n 2 RRSIG NS 8 0 5 0 0 2 . AA==\n"
	  "b TXT x\n", "a 1 RRSIG A 8 0 5 19700101000000 19700101000000 1 . "
	  "AA==\na 2 RRSIG NS 8 0 5 19700101000000 19700101000000 2 . AA==\n"
	  "b 2 TXT \"x\"\n", "" },
	/* Sets of an owner wait while its glue is read, however written. */
	{ "a 9 NS b\nb 7 A 192.0.2.1\na 5 NS c\nd TXT x\n",
	  "a 9 NS b.example.com.\nb 7 A 192.0.2.1\na 5 NS c.example.com.\n"
	  "d 9 TXT \"x\"\n", "" },
	{ "a 9 NS b\nB.EXAMPLE.com. 7 A 192.0.2.1\n\\097 5 NS c\nd TXT x\n",
	  "a 9 NS b.example.com.\nb 7 A 192.0.2.1\na 5 NS c.example.com.\n"
	  "d 9 TXT \"x\"\n", "" },
	{ "a 9 NS \\b\nb 7 A 192.0.2.1\n 5 A 192.0.2.2\na 5 NS c\nd TXT x\n",
	  "a 9 NS b.example.com.\nb 7 A 192.0.2.1\nb 5 A 192.0.2.2\n"
	  "a 5 NS c.example.com.\nd 9 TXT \"x\"\n", "" },
	{ "a 9 NS b\nb 7 A 192.0.2.1\n 5 A 192.0.2.2\nd TXT x\n",
	  "a 9 NS b.example.com.\nb 7 A 192.0.2.1\nb 5 A 192.0.2.2\n"
	  "d 7 TXT \"x\"\n", "" },
	/* Of other names they do not, nor is there glue of glue. */
	{ "a 9 NS b\nc 7 A 192.0.2.1\na 5 NS c\nd TXT x\n",
	  "a 9 NS b.example.com.\nc 7 A 192.0.2.1\na 5 NS c.example.com.\n"
	  "d 5 TXT \"x\"\n", "" },
	{ "a 9 NS b\nb 8 NS c\nc 7 A 192.0.2.1\nb 6 NS d\ne TXT x\n",
	  "a 9 NS b.example.com.\nb 8 NS c.example.com.\nc 7 A 192.0.2.1\n"
	  "b 6 NS d.example.com.\ne 6 TXT \"x\"\n", "" },

	/* Owners. */
	{ TTL "a TXT x\n TXT y\n\n ; z\n\tTXT z\n",
	  "a 60 TXT \"x\"\na 60 TXT \"y\"\na 60 TXT \"z\"\n", "" },
	{ TTL " TXT x\n", "", "2:2 no owner is known here: the line starts "
	  "with a blank, and no name stands before it\n" },
	{ TTL "\"a\" TXT x\n", "a 60 TXT \"x\"\n", "" },
	{ TTL "a..b TXT x\n TXT y\nc TXT z\n", "c 60 TXT \"z\"\n",
	  "2:1 \"a..b\" has an empty label\n" },
	{ TTL "a\\.b\\067 TXT x\n", "a\\.bc 60 TXT \"x\"\n", "" },
	{ TTL "a\\256 TXT x\n", "", "2:1 \"a\\256\" has a bad escape (\\ and "
	  "three digits up to 255, or \\ and another character)\n" },
	{ TTL "a. TXT x\n TXT y\nb TXT z\n", "b 60 TXT \"z\"\n",
	  "2:1 \"a.\" lies outside the zone, so name servers ignore it\n" },
	{ TTL "a.  TXT \"\n", "",
	  "2:1 \"a.\" lies outside the zone, so name servers ignore it\n"
	  "2:9 quoted string is not closed before the line ends\n" },
	{ TTL "012345678901234567890123456789012345678901234567890123456789012"
	  " TXT x\n", "01234567890123456789012345678901234567890123456789012345"
	  "6789012 60 TXT \"x\"\n", "" },
	{ TTL "0123456789012345678901234567890123456789012345678901234567890123"
	  " TXT x\n", "", "2:1 \"0123456789012345678901234567890123456789012345"
	  "67890123456789...\" has a label of more than 63 octets\n" },
	{ TTL "( a TXT x )\n( b\n TXT y )\n",
	  "a 60 TXT \"x\"\nb 60 TXT \"y\"\n", "" },
	{ TTL "a\n", "", "2:2 the entry ends too early\n" },
	{ TTL "a IN\nb TXT x\n", "b 60 TXT \"x\"\n",
	  "2:5 the entry ends too early\n" },

	/* $ORIGIN. */
	{ TTL "$ORIGIN sub\na TXT x\n$ORIGIN sub\na TXT y\n"
	  "$origin example.com.\na TXT z\n",
	  "a.sub 60 TXT \"x\"\na.sub.sub 60 TXT \"y\"\na 60 TXT \"z\"\n", "" },
	{ TTL "a TXT x\n$ORIGIN sub\n TXT y\n@ TXT z\n",
	  "a 60 TXT \"x\"\na 60 TXT \"y\"\nsub 60 TXT \"z\"\n", "" },
	{ TTL "$ORIGIN\na TXT x\n", "a 60 TXT \"x\"\n",
	  "2:8 the entry ends too early\n" },
	{ TTL "$ORIGIN a b\nx TXT x\n", "x.a 60 TXT \"x\"\n",
	  "2:11 \"b\" stands behind the end of the directive\n" },
	{ TTL "$ORIGIN a..\nx TXT x\n", "x 60 TXT \"x\"\n",
	  "2:9 \"a..\" has an empty label\n" },
	{ TTL "$ORIGIN a", "", "2:10 the file ends behind a directive without "
	  "a newline, which name servers refuse\n" },
	{ TTL "$FOO x\na TXT x\n", "a 60 TXT \"x\"\n", "2:1 \"$FOO\" is no "
	  "directive: $ORIGIN, $TTL, $INCLUDE and $GENERATE are\n" },
	{ TTL "\\$a TXT x\n", "\\$a 60 TXT \"x\"\n", "" },

	/* Mistakes, and going on behind them. */
	{ TTL "a TXT \"x\nb TXT y\n", "b 60 TXT \"y\"\n",
	  "2:7 quoted string is not closed before the line ends\n" },
	{ TTL "a TXT )\nb TXT y\n", "b 60 TXT \"y\"\n",
	  "2:7 closing parenthesis without an opening one\n" },
	{ TTL "a TXT ( x\nb TXT y\n", "b 60 TXT \"y\"\n",
	  "2:7 parenthesis is not closed before the file ends\n" },
	{ TTL "a A ( 192.0.2.1\nb TXT y\nc TXT z\n",
	  "b 60 TXT \"y\"\nc 60 TXT \"z\"\n",
	  "2:7 a parenthesis is open behind this, and not closed before the "
	  "file ends\n" },
	/* What is no part of the entry any more is read as what it is. */
	{ TTL "a SOA a ( b 1 ; one\n 2 3\n\n 4 ; four\n 5\n ; six\n MX 1 b\n"
	  "c TXT ( \"d\"\n\"e\" )\n",
	  "a 60 MX 1 b.example.com.\nc 60 TXT \"d\" \"e\"\n",
	  "6:2 a parenthesis is open behind this, and not closed before the "
	  "file ends\n" },
	{ TTL "a TXT ( \"b\"\n\"c )\nd TXT e\n f TXT ( g )\n",
	  "d 60 TXT \"e\"\n", "3:1 quoted string is not closed before the "
	  "line ends\n5:2 \"f\" is no record type\n" },
	{ TTL "a MX ( 10\nb A 192.0.2.1\n", "b 60 A 192.0.2.1\n",
	  "3:3 \"A\" stands behind the end of the data\n" },
	{ TTL "$ORIGIN ( b\nc TXT x\n", "c.b 60 TXT \"x\"\n",
	  "2:11 a parenthesis is open behind this, and not closed before the "
	  "file ends\n" },
	{ TTL "a A 192.0.2.1 x\nb A 1\nc A 192.0.2.1\n", "c 60 A 192.0.2.1\n",
	  "2:15 \"x\" stands behind the end of the data\n"
	  "3:5 \"1\" is not an IPv4 address\n" },
	{ TTL "a \"TXT\" x\n", "", "2:3 \"\"\" cannot stand here\n" },
	{ "\xef\xbb\xbf" TTL "a TXT x\n", "a 60 TXT \"x\"\n", "1:1 the file "
	  "starts with a byte order mark, which name servers take for part "
	  "of the first name\n" },
};

static void
files_are_read_as_bind_reads_them(void **state)
{
	const char *records, *problems;
	struct arena *arena;
	struct zone *zone;
	size_t i;

	(void)state;
	for (i = 0; i < countof(rows); i++) {
		arena = arena_new();
		zone = zone_of(arena, str_from(rows[i].text));
		records = record_lines(arena, zone);
		problems = problem_lines(arena, zone);
		if (strcmp(records, rows[i].records) != 0 ||
		    strcmp(problems, rows[i].problems) != 0)
			fail_msg("row %zu:\n%s%s%s", i, rows[i].text, records,
			    problems);
		arena_free(arena);
	}
}

/* The same text in one piece at a time: line ends, and the end itself. */
static void
line_ends_mean_the_same(void **state)
{
	static const struct str ends[] = { STR_INIT("\n"), STR_INIT("\r\n"),
	    STR_INIT("\r") };
	struct arena *arena = arena_new();
	struct buffer text = { 0 };
	size_t i, row;
	const char *p;

	(void)state;
	for (row = 0; row < countof(rows); row++) {
		/* A CR inside quotes is an octet like any other. */
		if (strstr(rows[row].problems, "quoted") != NULL ||
		    strchr(rows[row].text, ';') != NULL)
			continue;
		for (i = 0; i < countof(ends); i++) {
			buffer_clear(&text);
			for (p = rows[row].text; *p != '\0'; p++)
				if (*p == '\n')
					buffer_add(&text, ends[i]);
				else
					buffer_add_byte(&text, *p);
			assert_string_equal(rows[row].records, record_lines(
			    arena, zone_of(arena, buffer_str(&text))));
			arena_reset(arena);
		}
	}
	buffer_free(&text);
	arena_free(arena);
}

/* ---- $INCLUDE ------------------------------------------------------------ */

static const struct {
	const char *main, *a, *b;	/* main.zone, sub/a.inc, sub/b.inc */
	const char *records, *problems;
} includes[] = {
	{ TTL "$INCLUDE sub/a.inc\nz TXT z\n", "a TXT a\n", NULL,
	  "a 60 TXT \"a\"\nz 60 TXT \"z\"\n", "" },
	/* The origin is the file's alone; so is the owner. */
	{ TTL "o TXT o\n$INCLUDE sub/a.inc x\n TXT z\n",
	  " TXT i\na TXT a\n$ORIGIN y\nb TXT b\n", NULL,
	  "o 60 TXT \"o\"\no 60 TXT \"i\"\na.x 60 TXT \"a\"\n"
	  "b.y.x 60 TXT \"b\"\no 60 TXT \"z\"\n", "" },
	/* $TTL is not. */
	{ TTL "$INCLUDE sub/a.inc\nz TXT z\n", "$TTL 5\n", NULL,
	  "z 5 TXT \"z\"\n", "" },
	/* From an include, its own folder comes first. */
	{ TTL "$INCLUDE \"sub/a.inc\" x.example.com.\n", "$INCLUDE b.inc y\n",
	  "b TXT b", "b.y.x 60 TXT \"b\"\n", "" },
	{ TTL "$INCLUDE sub/a.inc\n", "a A 1\nb ( TXT b\n", NULL, "",
	  "1:5 \"1\" is not an IPv4 address\n"
	  "2:3 parenthesis is not closed before the file ends\n" },
	{ TTL "$INCLUDE none\nz TXT z\n", NULL, NULL, "z 60 TXT \"z\"\n",
	  "2:10 \"none\" is not read: there is no such file\n" },
	{ TTL "$INCLUDE sub/a.inc x y\nz TXT z\n", "a TXT a\n", NULL,
	  "z 60 TXT \"z\"\n",
	  "2:22 \"y\" stands behind the end of the directive\n" },
	{ TTL "$INCLUDE sub/a.inc\nz TXT z\n", "$INCLUDE b.inc\na TXT a\n",
	  "$INCLUDE a.inc\nb TXT b\n",
	  "b 60 TXT \"b\"\na 60 TXT \"a\"\nz 60 TXT \"z\"\n",
	  "1:10 \"a.inc\" is not read: sub/b.inc includes sub/b.inc" },
	/* Whoever includes without a newline takes the blank for nothing. */
	{ TTL "o TXT o\n$INCLUDE sub/a.inc", " a TXT a\n", NULL,
	  "o 60 TXT \"o\"\na 60 TXT \"a\"\n", "" },
	{ TTL "$INCLUDE sub/a.inc", " (\n a\n TXT\n b ; \n \"c\" )\n", NULL,
	  "a 60 TXT \"b\" \"c\"\n", "" },
};

static char *
write_part(char *scratch, const char *name, const char *text)
{
	return text == NULL ? NULL : scratch_write(scratch, name, text);
}

/* Whether what is included is remembered or not. */
static void
check_includes(struct arena *arena, const struct zone *zone, size_t row)
{
	const char *problems = problem_lines(arena, zone);

	assert_string_equal(record_lines(arena, zone), includes[row].records);
	/* The chain of a loop names paths of the scratch folder. */
	if (strstr(includes[row].problems, "includes") != NULL) {
		assert_non_null(strstr(problems, "and so for ever"));
		assert_non_null(strstr(problems, "sub/b.inc"));
	} else
		assert_string_equal(problems, includes[row].problems);
	assert_int_equal(zone->contents->incomplete,
	    strstr(problems, "is not read") != NULL);
}

static void
includes_are_read_in_place(void **state)
{
	struct zone_options options = { .name = STR("example.com"),
	    .how = ZONE_BY_OPTION };
	char *scratch, *main, *a, *b;
	struct arena *arena;
	size_t i, turn;

	(void)state;
	for (i = 0; i < countof(includes); i++) {
		arena = arena_new();
		scratch = scratch_make();
		scratch_folder(scratch, "sub");
		main = write_part(scratch, "main.zone", includes[i].main);
		a = write_part(scratch, "sub/a.inc", includes[i].a);
		b = write_part(scratch, "sub/b.inc", includes[i].b);
		for (turn = 0; turn < 6; turn++) {
			options.includes = turn < 2 ? NULL : turn == 4 ?
			    includes_new(arena, 0) : turn == 2 ?
			    includes_new(arena, 1000) : options.includes;
			check_includes(arena, (turn % 2 == 0 ? zone_read :
			    zone_open)(arena, file_read(arena,
			    str_from(main)), &options), i);
		}
		free(main);
		free(a);
		free(b);
		scratch_remove(scratch);
		arena_free(arena);
	}
}

enum { SHARERS = 4 };

/* Something is told of what this file includes. */
static bool
is_included_by(void *context, const struct source *source)
{
	const struct zone *zone = context;

	return zone->contents->source_count > 1 &&
	    source == zone->contents->sources[1];
}

/* Who includes them may be forgotten, unless something is told of them. */
static void
includes_are_shared(void **state)
{
	struct arena *arena = arena_new();
	struct includes *shared = includes_new(arena, 1000);
	struct zone_options options = { .includes = shared,
	    .asked = asked_zones_new(arena) };
	const struct included_file *file = NULL;
	char *scratch = scratch_make(), *parts[2], *paths[SHARERS];
	struct file_reader reader = file_reader_start(arena);
	struct zone *zones[SHARERS];
	const char *lines[SHARERS];
	size_t i, turn, files = 0;

	(void)state;
	scratch_folder(scratch, "sub");
	parts[0] = scratch_write(scratch, "sub/a.inc", "a A 192.0.2.1\n"
	    "$INCLUDE b.inc\n");
	parts[1] = scratch_write(scratch, "sub/b.inc", "b TXT b\n");
	for (i = 0; i < SHARERS; i++) {
		paths[i] = scratch_write(scratch, arena_printf(arena,
		    "%zu.example.zone", i).p, TTL "$INCLUDE sub/a.inc\n");
		zones[i] = zone_open(arena, file_reader_read(&reader, arena,
		    str_from(paths[i])), &options);
		lines[i] = record_lines(arena, zones[i]);
		assert_int_equal(zones[i]->contents->source_count, 3);
		/* The first one has read them. */
		if (i > 1)
			assert_ptr_equal(
			    zones[i]->contents->sources[2]->text.p,
			    zones[1]->contents->sources[2]->text.p);
	}
	while ((file = includes_next(shared, file)) != NULL)
		files++;
	assert_int_equal(files, 2);
	for (turn = 0; turn < 3; turn++) {
		asked_zones_forget(options.asked, is_included_by, zones[2],
		    false);
		for (i = 0; i < SHARERS; i++) {
			assert_int_equal(zone_is_read(zones[i]), i == 2);
			assert_string_equal(record_lines(arena, zones[i]),
			    lines[i]);
		}
	}
	for (i = 0; i < SHARERS; i++)
		free(paths[i]);
	free(parts[0]);
	free(parts[1]);
	file_reader_end(&reader);
	scratch_remove(scratch);
	arena_free(arena);
}

static bool
is_never_told(void *context, const struct source *source)
{
	(void)context;
	(void)source;
	return false;
}

/*
 * What a zone held when it was judged it holds when it is read again; there is
 * no room for what it includes. Does not return.
 */
static void
read_changed(const char *path, const char *part)
{
	struct arena *arena = arena_new();
	struct zone_options options = { .includes = includes_new(arena, 0),
	    .asked = asked_zones_new(arena) };
	struct file_reader reader = file_reader_start(arena);
	struct zone *zone = zone_open(arena, file_reader_read(&reader, arena,
	    str_from(path)), &options);

	if (zone->contents->record_count != 1 || truncate(part, 0) != 0 ||
	    freopen("/dev/null", "w", stderr) == NULL)
		_exit(99);
	asked_zones_forget(options.asked, is_never_told, NULL, false);
	zone_need(zone);
	_exit(zone_is_read(zone) ? 98 : 97);
}

static void
includes_that_change_are_told(void **state)
{
	static char *scratch, *part, *path;
	int status;
	pid_t child;

	(void)state;
	scratch = scratch_make();
	part = scratch_write(scratch, "a.inc", "a A 192.0.2.1\n");
	path = scratch_write(scratch, "example.com.zone",
	    TTL "$INCLUDE a.inc\n");
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		read_changed(path, part);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), FILE_LOST);
	free(part);
	free(path);
	scratch_remove(scratch);
}

static void
includes_stay_in_their_folders(void **state)
{
	struct zone_options options = { .name = STR("example.com") };
	char *scratch = scratch_make(), *zone_path, *secret;
	struct arena *arena = arena_new();
	struct zone *zone;

	(void)state;
	scratch_folder(scratch, "repo");
	secret = scratch_write(scratch, "secret", "x TXT secret\n");
	zone_path = scratch_write(scratch, "repo/a.zone",
	    TTL "$INCLUDE ../secret\n");
	options.root = str_from(scratch);
	zone = zone_read(arena, file_read(arena, str_from(zone_path)),
	    &options);
	assert_int_equal(zone->contents->record_count, 1);
	options.root = path_join(arena, str_from(scratch), STR("repo"));
	zone = zone_read(arena, file_read(arena, str_from(zone_path)),
	    &options);
	assert_int_equal(zone->contents->record_count, 0);
	assert_int_equal(zone->contents->problems->kind, ZONE_INCLUDE);
	assert_true(zone->contents->incomplete);
	free(secret);
	free(zone_path);
	scratch_remove(scratch);
	arena_free(arena);
}

/* ---- the zone's name ----------------------------------------------------- */

static const struct {
	const char *text, *path, *name;
	enum zone_how how;
} names[] = {
	{ "example.net. SOA", "x", "example.net", ZONE_BY_SOA },
	{ "$ORIGIN net.\nexample SOA", "x", "example.net", ZONE_BY_SOA },
	{ "$ORIGIN a.\n@ SOA", "db.b.example", "a", ZONE_BY_SOA },
	{ "$ORIGIN a.\n@ TXT x\n", "x", "a", ZONE_BY_ORIGIN },
	{ "$ORIGIN .\n$ORIGIN b.\n", "x", "b", ZONE_BY_ORIGIN },
	{ "$ORIGIN .\nexample SOA", "x", "example", ZONE_BY_SOA },
	{ "$ORIGIN .\n@ SOA", "example.com.txt", "example.com",
	  ZONE_BY_FILE_NAME },
	{ ". SOA", "all.zone", "", ZONE_BY_SOA },
	{ "@ SOA", "a/Example.com.zone", "example.com", ZONE_BY_FILE_NAME },
	{ "$ORIGIN sub\n@ SOA", "db.example.com", "example.com",
	  ZONE_BY_FILE_NAME },
	{ "", "example.com.db", "example.com", ZONE_BY_FILE_NAME },
	{ "", "zones/example.com", "example.com", ZONE_BY_FILE_NAME },
	{ "", "fragment", "", ZONE_UNNAMED },
};

static void
zones_are_named(void **state)
{
	struct zone_options options = { .name = STR_NONE };
	struct arena *arena = arena_new();
	struct source *source;
	struct zone *zone;
	size_t i;

	(void)state;
	for (i = 0; i < countof(names); i++) {
		source = source_of(arena, arena_printf(arena,
		    str_ends(str_from(names[i].text), STR("SOA")) ?
		    "%s a. b. 1 2 3 4 5\n" : "%s", names[i].text));
		source->path = str_from(names[i].path);
		zone = zone_read(arena, source, &options);
		assert_true(str_is(zone->name, names[i].name));
		assert_int_equal(zone->how, names[i].how);
	}
	arena_free(arena);
}

#define LABEL_63 \
	"a23456789012345678901234567890123456789012345678901234567890123"

/* As most files begin, and nearly so. */
static const char *const starts[] = {
	"", "; x\n", "\n\n;\n", "; x\r\n", "; x\r@ SOA\n", "$TTL 60\n",
};
static const char *const origins[] = {
	"$ORIGIN b.example.\n", "$ORIGIN\t b.example.\n", "$ORIGIN b.example\n",
	"$origin b.example.\n", "$ORIGIN B.example.\n", "$ORIGIN b.example. \n",
	"$ORIGIN b.example. ; x\n", "$ORIGIN b.example.\r\n", "$ORIGIN .\n",
	"$ORIGIN b..example.\n", "$ORIGIN .example.\n", "$ORIGIN \\098.a.\n",
	"$ORIGIN _b.example.\n", "$ORIGIN b-1.example.\n", "$ORIGIN\n",
	"$ORIGIN ( b.example. )\n", "$ORIGIN " LABEL_63 ".\n",
	"$ORIGIN " LABEL_63 "x.\n", "$ORIGIN " LABEL_63 "." LABEL_63 "."
	LABEL_63 "." LABEL_63 ".\n", "$ORIGIN b.example.",
	"$ORIGINb.example.\n",
};
static const char *const betweens[] = {
	"", "$TTL 60\n", "; x\n$TTL 60\n\n", "$TTL 1h\n", "$TTL 60 ; x\n",
	"$TTL (\n60)\n", "$ORIGIN c.example.\n", "$TTL\n", "@ TXT x\n",
};
static const char *const owners[] = {
	"@ IN SOA ", "@\tSOA\t", "@ IN  SOA ", "@ 60 IN SOA ", "@ in soa ",
	"@ SOA", "@ CH SOA ", "@ INSOA ", "@SOA ", " SOA ", "c.example. SOA ",
	"@ TXT ", "x SOA ",
};

static struct zone *
zone_named(struct arena *arena, const char *first, const size_t *part)
{
	struct zone_options options = { .name = STR_NONE };
	struct source *source = source_of(arena, arena_printf(arena,
	    "%s%s%s%s%sa. b. 1 2 3 4 5\n", first, starts[part[0]],
	    origins[part[1]], betweens[part[2]], owners[part[3]]));

	source->path = STR("file.example.zone");
	return zone_read(arena, source, &options);
}

/* A blank before them makes no difference, but for who looks. */
static void
plain_files_are_named(void **state)
{
	struct arena *arena = arena_new();
	struct zone *plain, *other;
	size_t part[4] = { 0 };

	(void)state;
	for (; part[0] < countof(starts); part[0]++)
		for (part[1] = 0; part[1] < countof(origins); part[1]++)
			for (part[2] = 0; part[2] < countof(betweens);
			    part[2]++)
				for (part[3] = 0; part[3] < countof(owners);
				    part[3]++) {
					plain = zone_named(arena, "", part);
					other = zone_named(arena, " \n",
					    part);
					if (!str_equal(plain->name,
					    other->name) ||
					    plain->how != other->how)
						fail_msg("%.*s", STR_ARG(
						    plain->source->text));
					arena_reset(arena);
				}
	arena_free(arena);
}

/* ---- suppressions -------------------------------------------------------- */

static const struct {
	const char *text;
	const char *covers;		/* the entry's first word; NULL none */
} suppressions[] = {
	{ "a TXT x ; mailzone: ignore[x]\nb TXT y\n", "a" },
	{ "; mailzone: ignore[x]\na TXT x\n", "a" },
	{ "; mailzone: ignore[x]\n; more\na TXT x\n", "a" },
	{ "; mailzone: ignore[x]\n\na TXT x\n", NULL },
	{ "; mailzone: ignore[x]\n;\n; mailzone: ignore[y]\na TXT x\n", "a" },
	{ "; mailzone: ignore[x]\n\n; mailzone: ignore[y]\na TXT x\n", NULL },
	{ "; mailzone: ignore[x]\na TXT x ; mailzone: ignore[y]\n", "a" },
	{ "a TXT x\n; mailzone: ignore[x]\nb TXT y\n", "b" },
	{ "a TXT ( x ; mailzone: ignore[x]\n y )\nb TXT y\n", "a" },
	{ "a TXT ( x\n y ) ; mailzone: ignore[x]\nb TXT y\n", "a" },
	{ "a TXT ( x\n ; mailzone: ignore[x]\n y )\nb TXT y\n", "a" },
	{ "a TXT \"; mailzone: x\"\n", "-" },
	{ "a TXT ;; mailzone: ignore[x]\nb TXT y\n", "a" },
	{ "a TXT x ; not mailzone: x\n", "-" },
};

static void
suppressions_cover_their_entries(void **state)
{
	const struct zone_suppression *suppression;
	struct arena *arena = arena_new();
	struct zone *zone;
	size_t i;

	(void)state;
	for (i = 0; i < countof(suppressions); i++) {
		zone = zone_of(arena, arena_printf(arena, TTL "%s",
		    suppressions[i].text));
		suppression = zone->contents->suppressions;
		if (suppressions[i].covers != NULL &&
		    *suppressions[i].covers == '-') {
			assert_null(suppression);
			continue;
		}
		assert_non_null(suppression);
		assert_true(str_is(suppression->text, " ignore[x]"));
		assert_true(str_starts(span_text(suppression->span),
		    STR("mailzone: ")));
		if (suppressions[i].covers == NULL)
			assert_true(span_is_none(suppression->covers));
		else
			assert_true(str_starts(span_text(
			    suppression->covers),
			    str_from(suppressions[i].covers)));
	}
	arena_free(arena);
}

/* ---- hostile files ------------------------------------------------------- */

static struct str
repeated(struct arena *arena, const char *head, const char *part,
    size_t count, const char *tail)
{
	struct buffer text = { 0 };

	buffer_add_cstr(&text, head);
	while (count-- > 0)
		buffer_add_cstr(&text, part);
	buffer_add_cstr(&text, tail);
	return buffer_finish(&text, arena);
}

static void
deep_and_long_things_are_read(void **state)
{
	struct arena *arena = arena_new();
	struct zone *zone;

	(void)state;
	zone = zone_of(arena, arena_printf(arena, "%.*s%.*s",
	    STR_ARG(repeated(arena, TTL "a TXT ", "(", 10000, "x")),
	    STR_ARG(repeated(arena, "", ")", 10000, "\n"))));
	assert_string_equal(record_lines(arena, zone), "a 60 TXT \"x\"\n");
	assert_int_equal(zone->contents->problem_count, 0);

	zone = zone_of(arena, repeated(arena, TTL "a TXT ", "x", 1000000,
	    "\nb TXT y\n"));
	assert_string_equal(record_lines(arena, zone), "b 60 TXT \"y\"\n");
	assert_int_equal(zone->contents->problems->kind, ZONE_STRING_TOO_LONG);

	/* Each opens one more; the rest is not searched again and again. */
	zone = zone_of(arena, repeated(arena, TTL, "a A ( x\n", 20000, ""));
	assert_int_equal(zone->contents->record_count, 0);
	arena_free(arena);
}

/* ---- later --------------------------------------------------------------- */

static struct zone *
open_later(struct arena *arena, struct str text)
{
	static const struct zone_options options = {
		.name = STR_INIT("example.com"), .how = ZONE_BY_OPTION
	};
	struct source *source = ARENA_NEW(arena, struct source);

	source->path = STR("later.zone");
	source->text = text;
	return zone_open(arena, source, &options);
}

/* Whoever asks finds the same in it. */
static void
zones_are_read_later(void **state)
{
	struct arena *arena = arena_new();
	const struct zone *now, *later;
	size_t i;

	(void)state;
	for (i = 0; i < countof(rows); i++) {
		now = zone_of(arena, str_from(rows[i].text));
		later = open_later(arena, str_from(rows[i].text));
		assert_string_equal(record_lines(arena, later),
		    record_lines(arena, now));
		assert_int_equal(later->contents->record_count,
		    now->contents->record_count);
		assert_int_equal(later->contents->problem_count,
		    now->contents->problem_count);
		assert_int_equal(later->contents->has_soa,
		    now->contents->has_soa);
		assert_int_equal(zone_node_count(later), zone_node_count(now));
	}
	arena_free(arena);
}

static void
who_asks_reads(void **state)
{
	static const char text[] = TTL "$ORIGIN example.com.\n"
	    "@ A 192.0.2.1\n";
	static const char *const now[] = { "$INCLUDE x\n", "$include x\n",
	    "$GENERATE 1-2 a$ A 192.0.2.$\n", "$ttl 60\n" };
	struct zones zones = { .arena = arena_new() };
	struct stretch stretch;
	struct zone *zone;
	size_t next, i;

	(void)state;
	for (i = 0; i < 5; i++) {
		next = 0;
		zone = open_later(zones.arena, str_from(text));
		assert_false(zone_is_read(zone));
		assert_int_equal(zone->contents->source_count, 0);
		zones = (struct zones){ .arena = zones.arena };
		zones_add(&zones, zone);
		assert_true(zones_stand_alone(&zones, zone));
		assert_false(zone_is_read(zone));
		if (i == 0)
			assert_non_null(zone_next(zone, zones.arena, ~0u,
			    &next));
		else if (i == 1)
			assert_true(zone_stretch(zone, &next, &stretch));
		else if (i == 2)
			assert_non_null(zone_find(zone, STR("example.com")));
		else if (i == 3)
			assert_ptr_equal(zones_covering(&zones,
			    STR("a.b.example.com")), zone);
		else
			zone_need(zone);
		assert_true(zone_is_read(zone));
		assert_int_equal(zone->contents->record_count, 1);
		assert_int_equal(zone->contents->source_count, 1);
	}
	for (i = 0; i < countof(now); i++)
		assert_true(zone_is_read(open_later(zones.arena,
		    str_from(now[i]))));
	assert_true(zone_is_read(open_later(zones.arena,
	    repeated(zones.arena, TTL, "a A 192.0.2.1\n", 5000, ""))));
	arena_free(zones.arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_read_as_bind_reads_them),
		cmocka_unit_test(line_ends_mean_the_same),
		cmocka_unit_test(includes_are_read_in_place),
		cmocka_unit_test(includes_are_shared),
		cmocka_unit_test(includes_that_change_are_told),
		cmocka_unit_test(includes_stay_in_their_folders),
		cmocka_unit_test(zones_are_named),
		cmocka_unit_test(plain_files_are_named),
		cmocka_unit_test(suppressions_cover_their_entries),
		cmocka_unit_test(deep_and_long_things_are_read),
		cmocka_unit_test(zones_are_read_later),
		cmocka_unit_test(who_asks_reads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
