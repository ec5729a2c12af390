/*
 * Files that several threads read: whoever asks gets the answers that he gets
 * where one thread has read it all.
 */
#include "support.h"

#include "alike.h"
#include "zone_same.h"

#define HEAD	"$TTL 60\n@ SOA ns1 h 1 7200 3600 1209600 3600\n@ NS ns1\n"
#define OAK	"oak A 11.1.2.3\nwww.oak CNAME oak\n"
#define ELM	"elm A 12.1.2.3\nwww.elm CNAME elm\n"
#define FIR	"fir A 13.1.2.3\nwww.fir CNAME fir\n"
#define TREES	OAK ELM FIR
/* Without $TTL each entry says its own, or has that of one before it. */
#define BARE	"@ 60 SOA ns1 h 1 7200 3600 1209600 3600\n@ 60 NS ns1\n"
#define TIMED	"oak 5 A 1.2.3.4\nwww.oak 6 A 1.2.3.4\n" \
		"elm 7 A 1.2.3.4\nwww.elm 8 A 1.2.3.4\n"
/* Long enough to be read apart from what is before it. */
#define BIRCH	"birch TXT \"----------------------------------------\"\n"
#define LONG	BIRCH BIRCH BIRCH BIRCH

/* Who begins at the first family in the second half, by two threads. */
static const struct {
	const char *text;
	bool counts;			/* what is read ahead */
} rows[] = {
	{ HEAD LONG TREES LONG, true },
	{ HEAD TREES LONG "\n" TREES, true },
	{ HEAD LONG TREES TREES, true },
	{ HEAD LONG "; words\n" TREES LONG, true },
	/* What it depends on. */
	{ HEAD "$TTL 9\n" LONG TREES LONG, false },
	{ HEAD LONG LONG "$TTL 9\n" TREES, false },
	{ HEAD "$ORIGIN x.example.com.\n" LONG TREES LONG, false },
	{ HEAD LONG "$ORIGIN example.com.\n" TREES LONG, true },
	{ HEAD "$ORIGIN com.\n" LONG "$ORIGIN example.com.\n" TREES LONG,
	  true },
	{ HEAD LONG "$ORIGIN Example.com.\n" TREES LONG, true },
	{ HEAD LONG "$ORIGIN example\n" TREES LONG, false },
	{ HEAD "$INCLUDE /nowhere\n" LONG TREES LONG, false },
	{ HEAD "$GENERATE 1-2 h$ A 1.2.3.$\n" LONG TREES LONG, false },
	{ HEAD LONG TREES LONG "$GENERATE 1-2 h$ A 1.2.3.$\n", true },
	{ "@ SOA ns1 h 1 7200 3600 1209600 3600\n" LONG TREES LONG, true },
	{ BARE BIRCH TIMED TIMED BIRCH, true },
	{ BARE LONG TREES LONG, false },
	{ BARE BIRCH "yew A 1.2.3.4\n" TIMED TIMED, true },
	{ BARE BIRCH TIMED TIMED "elm 9 A 1.2.3.4\nx A 1.2.3.4\n", true },
	{ BARE BIRCH TIMED TIMED "$TTL 9\n" BIRCH, true },
	{ BARE LONG LONG "$TTL 9\n" TIMED, false },
	{ "@ NS ns1\n" HEAD LONG TREES LONG, false },
	/* Entries that only look like some. */
	{ HEAD LONG "x TXT (\n" TREES "elm A 1.2.3.4 )\n" OAK LONG, false },
	{ HEAD LONG "x TXT (\n" TREES LONG, false },
	{ HEAD LONG TREES LONG "x TXT (\n" OAK ELM, true },
	{ HEAD LONG "x TXT \"\\\n" TREES LONG, true },
	/* An owner that says itself again, or is wrong. */
	{ HEAD LONG BIRCH BIRCH BIRCH "oak XXX\n TXT \"whose?\"\n" LONG,
	  false },
	{ HEAD LONG "x A 1.2.3.4\n" TREES LONG " TXT \"of birch\"\n", true },
	{ HEAD LONG TREES "oak A 1.2.3.4\n TXT \"of oak\"\n" LONG, true },
	/* What is told of it. */
	{ HEAD LONG "x A 1.2.3\n" TREES "y A 1.2.3\n" LONG "z A 1.2.3\n",
	  true },
	{ HEAD LONG "; mailzone:ignore x\n" TREES LONG, true },
	{ HEAD LONG TREES "; mailzone:ignore x\n" OAK LONG
	  "; mailzone:ignore x\nx A 1.2.3.4 ; mailzone:ignore y\n", true },
	{ HEAD LONG TREES "; BEGIN mailzone x\n" LONG, true },
	{ HEAD LONG TREES LONG "@ SOA ns1 h 2 7200 3600 1209600 3600\n", true },
	{ HEAD LONG TREES LONG "x SOA ns1 h 2 7200 3600 1209600 3600\n", true },
	{ HEAD LONG TREES LONG "out.example.org. A 1.2.3.4\n", true },
	{ HEAD LONG TREES LONG "* A 1.2.3.4\nx.\\120 MX 0 .\n", true },
	{ HEAD LONG TREES LONG "_x CNAME y\nx NS a.b\n", true },
	/* The end. */
	{ HEAD LONG TREES LONG "x A 1.2.3.4", true },
	{ HEAD LONG TREES LONG "x TXT \"", true },
	{ HEAD LONG TREES LONG "\n\n; words", true },
};

static void
add_facts(struct buffer *out, const struct zone *zone)
{
	const struct zone_contents *contents = zone->contents;

	buffer_printf(out, "%zu %d %d %d %d %d %d %lu", contents->soa_count,
	    contents->has_soa, contents->stray_soa, contents->wildcards,
	    contents->null_mx, contents->incomplete,
	    (int)contents->source_count,
	    (unsigned long)contents->soa_serial);
	add_span(out, contents->soa);
	add_span(out, contents->low_soa);
	buffer_add(out, contents->unreadable);
}

/* How many stretches of what was read count, beside the first. */
static size_t
agree(struct arena *arena, struct str text, unsigned threads, size_t share)
{
	struct zone_options options = { .name = STR("example.com"),
	    .how = ZONE_BY_OPTION, .fold_from = 1 };
	struct source *source = ARENA_NEW(arena, struct source);
	struct buffer out = { 0 };
	const struct zone *zone, *other;
	struct str words, others;
	size_t filled = 0;

	source->path = STR("ahead");
	source->text = text;
	zone = zone_read(arena, source, &options);
	add_facts(&out, zone);
	buffer_add(&out, zone_answers(arena, zone));
	words = buffer_finish(&out, arena);
	options.threads = threads;
	options.share = share;
	options.recogniser = alike_recogniser_at_once(arena);
	other = zone_read(arena, source, &options);
	assert_true(alike_families_agree(other, &filled));
	add_facts(&out, other);
	buffer_add(&out, zone_answers(arena, other));
	others = buffer_finish(&out, arena);
	if (!str_equal(words, others))
		print_error("%.*s\nis:\n%.*s\nby %u:\n%.*s", STR_ARG(text),
		    STR_ARG(words), threads, STR_ARG(others));
	assert_true(str_equal(words, others));
	return other->log->segment_count - zone->log->segment_count;
}

static void
what_is_read_ahead_is_what_is_read(void **state)
{
	struct arena *arena = arena_new();
	size_t i;

	(void)state;
	for (i = 0; i < countof(rows); i++)
		if (agree(arena, str_from(rows[i].text), 2, 16) !=
		    rows[i].counts)
			fail_msg("%s: does it count?", rows[i].text);
	arena_free(arena);
}

/* Some of these, in any order, read by several threads. */
static void
any_file_is_read_alike(void **state)
{
	static const char *const pieces[] = { OAK, TIMED, FIR, BIRCH, TREES,
	    "elm 5 A 1.2.3.4\n", "elm 5 A 1.2.3.4\nelm 6 A 1.2.3.5\n",
	    "ash A 1.2.3.4\n", " TXT \"more\"\n", "\n", "; words\n",
	    "$ORIGIN example.com.\n", "$ORIGIN x.example.com.\n", "$TTL 9\n",
	    "$TTL 60\n", "x TXT ( \"a\"\n", "\"b\" )\n", "\"c\n", "y A 1.2\n",
	    "yew XXX\n", "; mailzone:ignore x\n", "z A 1.2.3.4 ; x\n",
	    "$GENERATE 1-3 h$ A 1.2.3.$\n", "$INCLUDE /nowhere\n",
	    "oak.example.com. A 1.2.3.4\n", "@ TXT \"apex\"\n",
	    "@ SOA ns1 h 9 1 2 3 4\n", "x.y A 1.2.3.4\n", "\\120 A 1.2.3.4\n",
	    "out.example.org. A 1.2.3.4\n", "* MX 0 .\n" };
	struct buffer text = { 0 };
	struct arena *arena;
	uint64_t chance = 1;
	size_t i, k, count, counted = 0;

	(void)state;
	for (i = 0; i < 1000; i++) {
		arena = arena_new();
		buffer_add_cstr(&text, i % 3 == 0 ? BARE : HEAD);
		count = 4 + chance % 60;
		for (k = 0; k < count; k++) {
			chance = chance * 6364136223846793005U +
			    1442695040888963407U;
			/* Most are families: else too little counts. */
			buffer_add_cstr(&text, pieces[(chance >> 33) % 4 != 0 ?
			    (chance >> 40) % 5 :
			    (chance >> 40) % countof(pieces)]);
		}
		counted += agree(arena, buffer_finish(&text, arena),
		    2 + (unsigned)(i % 4), 32 + i % 64);
		arena_free(arena);
	}
	assert_true(counted > 150);
}

/* What each of the threads has read is taken as it is. */
static void
add_long_logs(struct buffer *text)
{
	size_t i;

	for (i = 0; i < 36000; i++) {
		buffer_printf(text, i % 3 > 0 ? "oak%zu A 11.1.%zu.%zu\n" :
		    "elm%zu A 11.1.%zu.%zu\n", i, i / 256 % 256, i % 256);
		if (i % 5 == 0)
			buffer_printf(text, "www.%s%zu CNAME @\n",
			    i % 3 > 0 ? "oak" : "elm", i);
		if (i % 999 == 0)
			buffer_add_cstr(text, "fir XXX\n TXT \"whose?\"\n");
	}
}

/*
 * Behind what another thread has read the first one goes on, as $TTL is not
 * what it was: the kinds that it finds then are others.
 */
static void
add_kinds_apart(struct buffer *text)
{
	size_t i, part;

	for (i = 0; i < 12000; i++) {
		part = i / 4000;
		if (i == 6500)
			buffer_add_cstr(text, "$TTL 61\n");
		buffer_printf(text, "oak%zu A 11.1.2.3\n%s.oak%zu A "
		    "11.1.2.4\n", i, part == 0 ? "www" : part == 1 ? "mail" :
		    "ftp", i);
	}
}

/* Those that are not shown are counted all the same. */
static void
add_many_problems(struct buffer *text)
{
	size_t i;

	for (i = 0; i < ZONE_MAX_PROBLEMS + 10; i++)
		buffer_printf(text, "x%zu A 1.2.3\ny%zu A 1.2.3.4\n"
		    "z%zu.org. A 1.2.3.4\n", i, i, i);
}

/* Files that are made, behind HEAD. */
static const struct {
	void (*add)(struct buffer *);
	unsigned threads;
	size_t share, stretches;	/* those that count */
} files[] = {
	{ add_long_logs, 3, 65536, 2 },
	{ add_kinds_apart, 3, 65536, 1 },
	{ add_many_problems, 2, 1024, 0 },
};

static void
long_files_are_read_alike(void **state)
{
	struct buffer text = { 0 };
	struct arena *arena;
	size_t i;

	(void)state;
	for (i = 0; i < countof(files); i++) {
		arena = arena_new();
		buffer_add_cstr(&text, HEAD);
		files[i].add(&text);
		assert_int_equal(agree(arena, buffer_finish(&text, arena),
		    files[i].threads, files[i].share), files[i].stretches);
		arena_free(arena);
	}
}

/* Where the next one begins too early, what follows is of who was read last. */
static void
what_is_read_ahead_has_the_last_owner(void **state)
{
	struct arena *arena = arena_new();
	struct buffer text = { 0 };
	int pad, i;

	(void)state;
	for (pad = 0; pad < 48; pad++) {
		buffer_printf(&text, HEAD ";%0*d\n", pad, 0);
		for (i = 0; i < 12; i++)
			buffer_add_cstr(&text, TREES);
		for (i = 0; i < 20; i++)
			buffer_add_cstr(&text, "x TXT ( a\nb c\nd e )\n"
			    " A 1.2.3\n TXT \"whose?\"\n");
		agree(arena, buffer_finish(&text, arena), 3, 32);
	}
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_read_ahead_is_what_is_read),
		cmocka_unit_test(any_file_is_read_alike),
		cmocka_unit_test(long_files_are_read_alike),
		cmocka_unit_test(what_is_read_ahead_has_the_last_owner),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
