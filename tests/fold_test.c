/*
 * Families of names that are kept as one: which they are, and that whoever
 * asks gets the answers that he gets where nothing is folded.
 */
#include "support.h"

#include "alike.h"
#include "base/worker.h"
#include "zone_same.h"

#define HEAD	"@ SOA ns1 h 1 7200 3600 1209600 3600\n@ NS ns1\n"
#define OAK	"oak A 11.1.2.3\nwww.oak CNAME oak\n"
#define ELM	"elm A 12.1.2.3\nwww.elm CNAME elm\n"
#define FIR	"fir A 13.1.2.3\nwww.fir CNAME fir\n"
#define LONG	"a-very-long-name-indeed"
#define TEN(x)	x x x x x x x x x x
#define MANY	TEN(TEN("many A 1.2.3.4\n A 1.2.3.5\n A 1.2.3.6\n"))
#define ASH	"ash TXT \"v=spf1 -all\"\n"

static const struct {
	const char *text;		/* behind $TTL 60 and HEAD */
	size_t folded;			/* families of more than one name */
} rows[] = {
	{ OAK ELM, 1 },			/* the first one is learnt from */
	{ OAK ELM FIR ASH, 2 },
	{ OAK ASH ELM ASH FIR, 2 },
	{ OAK "elm A 12.1.2.3\n" FIR "yew A 14.1.2.3\n", 1 },
	/* All that may follow is known by now. */
	{ OAK "elm A 12.1.2.3\nwww.elm CNAME elm\nftp.elm CNAME elm\n" FIR
	  "yew A 14.1.2.3\nwww.yew CNAME yew\nftp.yew CNAME yew\n", 2 },
	/* Several runs of one name; names that own nothing. */
	{ "oak A 11.1.2.3\na.b.oak TXT x\noak MX 1 m\n A 11.1.2.4\n"
	  "elm A 12.1.2.3\na.b.elm TXT y\nelm MX 1 m\n A 12.1.2.4\n"
	  "fir A 12.1.2.3\na.b.fir TXT y\nfir MX 1 m\n A 12.1.2.4\n", 2 },
	{ "oak A 11.1.2.3\nx.oak A 1.2.3.4\nX.oak TXT x\n"
	  "elm A 11.1.2.3\nx.elm A 1.2.3.4\nX.elm TXT x\n", 1 },
	/* What follows stands elsewhere, or belongs to it. */
	{ OAK ELM "ftp.elm A 12.1.2.4\n" FIR "elm TXT late\n", 1 },
	{ OAK ELM "x@y.elm A 12.1.2.4\n" FIR, 1 },
	{ OAK ELM "x\\@y.elm A 12.1.2.4\n" FIR, 2 },
	{ OAK ELM "$x.elm A 12.1.2.4\n" FIR, 1 },
	{ OAK ELM "ftp(\n.elm A 12.1.2.4 )\n" FIR, 2 },
	{ OAK ELM "@ TXT x\n" FIR "@ TXT y\n", 2 },
	{ OAK ELM "abcdefghijklmnopqrstuvwxyz.abcdefghijklmnopqrstuvwxyz0123456"
	  "789.elm A 12.1.2.4\n" FIR, 1 },
	{ OAK ELM FIR "www.elm TXT late\n", 2 },
	{ OAK ELM FIR "x.y.elm TXT late\n", 2 },
	{ OAK ELM FIR "elm.example.com. TXT late\n", 2 },
	{ OAK ELM FIR ELM OAK, 4 },
	{ "a.elm TXT early\n" OAK ELM FIR, 2 },
	{ "elm TXT early\n" OAK ELM FIR, 2 },
	{ OAK ELM FIR "$GENERATE 1-2 h$.fir A 1.2.3.$\n", 2 },
	{ OAK ELM FIR "ELM TXT late\nwww.FIR MX 1 m\n", 2 },
	/* Owners that are left out behind one. */
	{ OAK ELM " TXT \"of www.elm\"\n" FIR, 1 },
	{ OAK ELM "; words\n TXT \"of www.elm\"\n" FIR, 2 },
	{ OAK ELM "\n\n TXT \"of www.elm\"\n TXT \"too\"\n" FIR, 2 },
	{ OAK ELM "yew XXX\n TXT \"of www.elm\"\n" FIR, 2 },
	{ OAK ELM "-)\n TXT \"of www.elm\"\n" FIR, 2 },
	{ OAK ELM "$TTL 5\n TXT \"of www.elm\"\n" FIR, 1 },
	{ OAK ELM "$ORIGIN x.example.com.\n TXT \"of www.elm\"\n" FIR, 1 },
	{ OAK ELM "$GENERATE 1-2 h$ A 1.2.3.$\n TXT \"whose?\"\n" FIR, 2 },
	{ OAK ELM "$INCLUDE /nowhere\n TXT \"of www.elm\"\n" FIR, 2 },
	/* Something else holds from here on. */
	{ OAK "$TTL 5\n" ELM FIR, 0 },
	{ OAK "$ORIGIN example.com.\n" ELM FIR, 2 },
	/* What has been learnt holds where the same holds again. */
	{ OAK ELM "$ORIGIN x.example.com.\n@ A 1.2.3.4\n"
	  "$ORIGIN example.com.\n" FIR, 2 },
	{ OAK ELM "$ORIGIN EXAMPLE.com.\n" FIR, 2 },
	{ OAK ELM "$ORIGIN com.\n" FIR "$ORIGIN example.com.\n" FIR, 2 },
	{ OAK ELM "$TTL 5\n" FIR "$TTL 60\n" FIR, 2 },
	{ OAK ELM "$TTL 1m\n" FIR, 2 },
	{ OAK ELM "$TTL 5\n$GENERATE 1-300 h$ A 1.2.3.4\n" FIR ELM, 1 },
	{ OAK ELM "$TTL 5\n" MANY FIR ELM OAK, 3 },
	{ OAK ELM "$INCLUDE /nowhere\n" FIR, 2 },
	{ OAK ELM "yew A 1.2.3.4 )\n" FIR, 2 },
	/* TTLs in units. */
	{ "oak 1h A 11.1.2.3\nwww.oak 1d12H CNAME oak\n"
	  "elm 1h A 11.1.2.3\nwww.elm 1d12H CNAME elm\n", 1 },
	{ "oak 1h A 11.1.2.3\nwww.oak 9999999999 CNAME oak\n"
	  "elm 1h A 11.1.2.3\nwww.elm 9999999999 CNAME elm\n", 0 },
	{ OAK "$ORIGIN com.\nelm A 12.1.2.3\nwww.elm CNAME elm\n", 0 },
	{ "$ORIGIN oak.example.com.\n@ A 1.2.3.4\nwww A 1.2.3.4\n"
	  "$ORIGIN elm.example.com.\n@ A 1.2.3.4\nwww A 1.2.3.4\n", 0 },
	/* Data that is another one, or wrong. */
	{ OAK "elm A 300.1.2.3\nwww.elm CNAME elm\n" FIR, 1 },
	{ OAK "elm A 12.1.2.3\nwww.elm CNAME elm..x\n" FIR, 1 },
	{ OAK "elm A 12.1.2.3 x\nwww.elm CNAME elm\n" FIR, 1 },
	{ OAK "elm A 12.1.2.3\nwww.elm CNAME elm.example.org.\n" FIR, 2 },
	{ OAK "elm AAAA 12.1.2.3\nwww.elm CNAME elm\n" FIR, 1 },
	{ OAK "elm A 12.1.2.3\nwww.ELM CNAME elm\n" FIR, 1 },
	{ OAK "ELM A 12.1.2.3\nwww.ELM CNAME elm\n" FIR, 2 },
	{ OAK "elm A 12.1.2.3\nwww.elm CNAME (\n elm )\n" FIR, 1 },
	{ OAK "el\\m A 12.1.2.3\nwww.el\\m CNAME elm\n" FIR, 1 },
	{ "oak TXT \"a\"\nx.oak TXT ( \"b\"\n \"c\" )\n"
	  "elm TXT \"a;(\"\nx.elm TXT ( \"b\" \"c\"\n )\n"
	  "fir TXT \"a\nx.fir TXT ( \"b\" \"c\"\n )\n", 1 },
	{ "oak A 1.2.3.4\nx.oak TXT (\"b\")\n"
	  "elm A 1.2.3.4\nx.elm TXT (\"c\")\n"
	  "fir A 1.2.3.4\nx.fir TXT(\"c\")\n", 1 },
	/* Data that stood there before, octet for octet, or nearly. */
	{ "oak MX 1 m\nx.oak TXT y\nelm MX 1 m\nx.elm TXT y\n"
	  "fir MX 1 m\nx.fir TXT y\nyew MX 1 m\nx.yew TXT yy\n", 3 },
	{ "oak MX 1 m\nx.oak A 1.2.3.4\nelm MX 1 m\nx.elm A 1.2.3.4\n"
	  "fir MX 1 m x\nx.fir A 1.2.3.4\n", 1 },
	{ "oak A 1.2.3.4\nx.oak A 1.2.3.4\nelm A 1.2.3.4\nx.elm A 1.2.3.4\n"
	  "fir A 1.2.3.4\nx.fir A 1.2.3.4", 1 },
	{ "oak A 1.2.3.4\nx.oak A 1.2.3.4\nelm A 1.2.3.4\nx.elm A 1.2.3.4\n"
	  "fir A 1.2.3.4\r\nx.fir A 1.2.3.4 ; x\n"
	  "yew A 1.2.3.4 ; x\nx.yew A 1.2.3.4\n", 3 },
	{ "oak NS ns1\n NS ns2.x\nx.oak A 1.2.3.4\nelm NS ns1\n NS ns2.x\n"
	  "x.elm A 1.2.3.4\nfir NS ns1\n NS ns2.x\nx.fir A 1.2.3.4\n", 2 },
	{ "oak NS ns1.oak\nx.oak A 1.2.3.4\nelm NS ns1.oak\nx.elm A 1.2.3.4\n"
	  "$ORIGIN example.com.\n"
	  "oak NS ns1.oak\nx.oak A 1.2.3.4\nelm NS ns1.oak\nx.elm A 1.2.3.4\n",
	  3 },
	{ "oak TXT ( a\n b )\nx.oak A 1.2.3.4\nelm TXT ( a\n b )\n"
	  "x.elm A 1.2.3.4\nfir TXT ( a\n b )\nx.fir A 1.2.3.4\n"
	  "yew TXT ( a\n b\n c )\nx.yew A 1.2.3.4\n", 3 },
	{ "oak A 1.2.3.4 ; mailzone:ignore x\nx.oak A 1.2.3.4\n"
	  "elm A 1.2.3.4 ; mailzone:ignore x\nx.elm A 1.2.3.4\n" OAK ELM FIR,
	  2 },
	{ "oak NS ns1\nx.oak A 1.2.3.4\n"
	  "* NS ns.a\nx.* A 1.2.3.4\n"
	  "fir NS ns.a\nx.fir A 1.2.3.4\n", 1 },
	/* Long names, which differ where they end, or are longer still. */
	{ "oak A 1.2.3.4\noak TXT x\nx.oak A 1.2.3.4\n"
	  LONG "1 A 1.2.3.4\n" LONG "1 TXT x\nx." LONG "1 A 1.2.3.4\n"
	  LONG "7 A 1.2.3.4\n" LONG "2 TXT x\nx." LONG "7 A 1.2.3.4\n"
	  LONG "3 A 1.2.3.4\n" LONG "3 TXT x\nx." LONG "4 A 1.2.3.4\n"
	  LONG LONG "5 A 1.2.3.4\n" LONG LONG "5 TXT x\nx." LONG LONG
	  "5 A 1.2.3.4\n"
	  LONG LONG "6 A 1.2.3.4\n" LONG "b-very-long-name-indeed6 TXT x\n"
	  "x." LONG LONG "6 A 1.2.3.4\n", 2 },
	{ "oak A 1.2.3.4\n" LONG "a.oak TXT x\n"
	  "elm A 1.2.3.4\n" LONG "b.elm TXT x\n"
	  "fir A 1.2.3.4\n" LONG "a.fir TXT x\n", 1 },
	/* The family's name as data, or nearly. */
	{ OAK ELM "fir A 1.2.3.4\nwww.fir CNAME fi\n"
	  "yew A 1.2.3.4\nwww.yew CNAME yews\n"
	  "ivy A 1.2.3.4\nwww.ivy CNAME  ivy\n", 4 },
	{ OAK ELM "fir A 1.2.3.4\nwww.fir CNAME fir x\n", 1 },
	{ OAK ELM "fir A 1.2.3.4\nwww.fir CNAME fir", 1 },
	{ OAK ELM "fir A 1.2.3.4\nwww.fir CNAME (fir)\n", 1 },
	{ OAK ELM "fir A 1.2.3.4\nwww.fir CNAME fir;x\n", 2 },
	{ OAK ELM "f..r A 1.2.3.4\nwww.f..r CNAME f..r\n", 1 },
	{ OAK ELM "fir.example.com. A 1.2.3.4\nwww.fir.example.com. CNAME "
	  "fir.example.com.\n", 2 },
	{ OAK ELM "fir.x A 1.2.3.4\nwww.fir.x CNAME fir.x\n", 1 },
	{ OAK ELM "@ A 1.2.3.4\nwww.@ CNAME @\n", 1 },
	/* Comments, and those that say something. */
	{ "oak A 1.2.3.4 ; x\nwww.oak A 1.2.3.4\n"
	  "elm A 1.2.3.4 ; y\nwww.elm A 1.2.3.4 ; z\n" OAK, 1 },
	{ "oak A 1.2.3.4\n; x\nwww.oak A 1.2.3.4\n"
	  "elm A 1.2.3.4\n; y\nwww.elm A 1.2.3.4\n", 0 },
	{ OAK "elm A 1.2.3.4 ; mailzone:ignore x\nwww.elm CNAME elm\n" FIR,
	  1 },
	{ OAK "; mailzone:ignore x\n" ELM FIR, 1 },
	{ OAK ELM "; mailzone:ignore x\n" FIR, 1 },
	{ OAK "elm A 1.2.3.4 ; BEGIN mailzone x\nwww.elm CNAME elm\n", 0 },
	/* Names that rules ask for, among all names. */
	{ "oak A 11.1.2.3\n*.oak A 1.2.3.4\nelm A 11.1.2.3\n*.elm A 1.2.3.4\n",
	  0 },
	{ "oak NS ns\nx.oak A 1.2.3.4\nelm NS ns.x\nx.elm A 1.2.3.4\n", 1 },
	{ "oak A 1.2.3.4\nx.oak NS ns.x\nelm A 1.2.3.4\nx.elm NS ns.x\n", 0 },
	{ "oak DNAME x\nx.oak A 1.2.3.4\nelm DNAME x\nx.elm A 1.2.3.4\n", 0 },
	{ "oak A 1.2.3.4\n_dmarc.oak CNAME x\nelm A 1.2.3.4\n"
	  "_dmarc.elm CNAME x\n", 1 },
	{ "*.oak A 1.2.3.4\n" OAK ELM "*.elm A 1.2.3.4\n", 0 },
	{ OAK ELM FIR "*.elm A 1.2.3.4\n*.www.fir TXT x\n", 2 },
	/* How names below the family's are made. */
	{ "oak A 1.2.3.4\nX.wWw.oak A 1.2.3.4\nwww.oak A 1.2.3.4\n"
	  "elm A 1.2.3.4\nX.wWw.elm A 1.2.3.5\nwww.elm A 1.2.3.6\n", 1 },
	{ "oak.EXAMPLE.com. A 1.2.3.4\n_x._Tcp.oak.EXAMPLE.com. SRV 0 0 1 oak\n"
	  "elm.EXAMPLE.com. A 1.2.3.4\n"
	  "_x._Tcp.elm.EXAMPLE.com. SRV 0 0 1 elm\n",
	  1 },
	{ "oak A 1.2.3.4\nw\\w.oak A 1.2.3.4\nelm A 1.2.3.4\n"
	  "w\\w.elm A 1.2.3.4\n", 0 },
	{ "oak A 1.2.3.4\nw\\.w.oak A 1.2.3.4\nelm A 1.2.3.4\n"
	  "w\\.w.elm A 1.2.3.4\n", 0 },
	/* Names with several runs, that of the family and others. */
	{ "oak A 1.2.3.4\nx.oak A 1.2.3.4\noak TXT \"a\"\nX.oak TXT \"b\"\n"
	  "elm A 1.2.3.4\nx.elm A 1.2.3.5\nelm TXT \"c\"\nX.elm TXT \"d\"\n"
	  "fir A 1.2.3.4\nx.fir A 1.2.3.5\nfir TXT \"e\"\nX.fir TXT \"f\"\n",
	  2 },
	{ "oak A 1.2.3.4\nc.b.a.oak A 1.2.3.4\nb.a.oak TXT \"a\"\n"
	  "z.oak A 1.2.3.4\nc.b.a.oak TXT \"b\"\nd.a.oak TXT \"a\"\n"
	  "a.oak TXT \"c\"\noak TXT \"d\"\n"
	  "elm A 1.2.3.4\nc.b.a.elm A 1.2.3.4\nb.a.elm TXT \"e\"\n"
	  "z.elm A 1.2.3.4\nc.b.a.elm TXT \"f\"\nd.a.elm TXT \"g\"\n"
	  "a.elm TXT \"h\"\nelm TXT \"i\"\n",
	  1 },
	/* Types that nobody looks at. */
	{ "oak DS 1 8 2 abcd\nx.oak A 1.2.3.4\nelm DS nonsense\n"
	  "x.elm A 1.2.3.4\n", 1 },
	{ "oak LOC x\n TYPE77 \\# 1 00\nx.oak A 1.2.3.4\n"
	  "elm LOC \"y\n TYPE77 \\# 1 00\nx.elm A 1.2.3.4\n", 0 },
	/* The end. */
	{ OAK "elm A 12.1.2.3\nwww.elm CNAME elm", 0 },
	{ OAK "elm A 12.1.2.3\n", 0 },
	{ OAK ELM "\n", 1 }, { OAK ELM " ", 0 }, { OAK ELM "\t\n", 0 },
	{ "oak A 1.2.3.4\r\nwww.oak A 1.2.3.4\r\nelm A 1.2.3.4\r\n"
	  "www.elm A 1.2.3.4\r\n", 1 },
};

/* Without $TTL, where entries depend on those before them. */
static const struct {
	const char *text;
	size_t folded;
} without_ttl[] = {
	{ "oak 5 A 1.2.3.4\nwww.oak 6 A 1.2.3.4\n"
	  "elm 7 A 1.2.3.4\nwww.elm 8 A 1.2.3.4\n; x\n TXT \"8\"\n", 0 },
	{ "oak 5 A 1.2.3.4\nwww.oak 6 A 1.2.3.4\n 7 A 1.2.3.5\n"
	  "elm 5 A 1.2.3.4\nwww.elm 6 A 1.2.3.4\n 7 A 1.2.3.5\n; x\n"
	  " TXT \"6\"\n A 1.2.3.6\nfir TXT \"6\"\n", 1 },
	{ "oak 5 A 1.2.3.4\nwww.oak A 1.2.3.4\n"
	  "elm 5 A 1.2.3.4\nwww.elm A 1.2.3.4\n", 0 },
	{ "oak 5 A 1.2.3.4\nwww.oak 5 A 1.2.3.4\n"
	  "elm 5 A 1.2.3.4\nwww.elm 5 A 1.2.3.4\nfir A 1.2.3.4\n", 1 },
	{ "oak 5 A 1.2.3.4\nwww.oak 5 A 1.2.3.4\n$TTL 9\n"
	  "elm 5 A 1.2.3.4\nwww.elm 5 A 1.2.3.4\nfir A 1.2.3.4\n", 0 },
	/* Other records of the name stand before, which count, too. */
	{ "oak 5 A 1.2.3.4\noak MX 1 .\noak 9 A 1.2.3.5\nash TXT \"5\"\n"
	  "elm 9 A 1.2.3.4\nfir TXT \"9\"\n", 0 },
	{ "oak 9 A 1.2.3.4\nash TXT \"9\"\n"
	  "elm 5 A 1.2.3.4\nelm MX 1 .\nelm 9 A 1.2.3.4\nfir TXT \"5\"\n", 0 },
	{ "oak 99999999999 A 1.2.3.4\nwww.oak 5 A 1.2.3.4\n"
	  "elm 99999999999 A 1.2.3.4\nwww.elm 5 A 1.2.3.4\n", 0 },
};

static const struct zone *
read_zone(struct arena *arena, struct str name, struct str text,
    size_t fold_from, bool recognise)
{
	struct zone_options options = { .name = name, .how = ZONE_BY_OPTION,
	    .fold_from = fold_from, .recogniser = recognise ?
	    alike_recogniser_at_once(arena) : NULL };
	struct source *source = ARENA_NEW(arena, struct source);

	source->path = STR("folds");
	source->text = text;
	return zone_read(arena, source, &options);
}

static const struct zone *
compare(struct arena *arena, struct str name, struct str text)
{
	const struct zone *zone = read_zone(arena, name, text, 1, false);
	const struct zone *known = read_zone(arena, name, text, 1, true);
	struct str words = zone_answers(arena, read_zone(arena, name, text,
	    0, false)), folded = zone_answers(arena, zone);
	struct str recognised = zone_answers(arena, known);

	if (!str_equal(words, folded) || !str_equal(words, recognised))
		print_error("%.*s\nis:\n%.*s\nfolded:\n%.*s\nknown:\n%.*s",
		    STR_ARG(text), STR_ARG(words), STR_ARG(folded),
		    STR_ARG(recognised));
	assert_true(str_equal(words, folded) && str_equal(words, recognised));
	assert_int_equal(zone->log->folded_count, known->log->folded_count);
	return zone;
}

static const struct zone *
agree_on(struct arena *arena, struct str name, struct str text, size_t folded)
{
	const struct zone *zone = compare(arena, name, text);

	if (zone->log->folded_count != folded)
		fail_msg("%.*s: %zu are folded", STR_ARG(text),
		    zone->log->folded_count);
	return zone;
}

static const struct zone *
agree(struct arena *arena, struct str text, size_t folded)
{
	return agree_on(arena, STR("example.com"), text, folded);
}

static void
folded_zones_give_the_same_answers(void **state)
{
	struct arena *arena = arena_new();
	size_t i;

	(void)state;
	for (i = 0; i < countof(rows); i++)
		agree(arena, arena_printf(arena, "$TTL 60\n" HEAD "%s",
		    rows[i].text), rows[i].folded);
	for (i = 0; i < countof(without_ttl); i++)
		agree(arena, arena_printf(arena, "@ 60 SOA ns1 h 1 2 3 4 5\n"
		    "%s", without_ttl[i].text), without_ttl[i].folded);
	arena_free(arena);
}

/* The label of the last family makes what its data names too long. */
static void
data_names_nothing_too_long(void **state)
{
	struct arena *arena = arena_new();
	struct str zone = arena_printf(arena, "%050d.%050d.%050d.%050d",
	    1, 2, 3, 4);
	struct buffer text = { 0 };
	size_t i;

	(void)state;
	buffer_add_cstr(&text, "$TTL 60\n" HEAD);
	for (i = 0; i < 5; i++)
		buffer_printf(&text, "oak%0*zu A 11.1.2.3\n"
		    "w.oak%0*zu CNAME a-long-label-below-it.oak%0*zu\n",
		    i < 4 ? 1 : 29, i, i < 4 ? 1 : 29, i, i < 4 ? 1 : 29, i);
	agree_on(arena, zone, buffer_finish(&text, arena), 3);
	arena_free(arena);
}

/* Where a longer one follows, whose names below it are no names any more. */
static void
names_are_no_longer_than_names_may_be(void **state)
{
	static const struct {
		int length;		/* of the family's label */
		size_t folded;
	} labels[] = { { 3, 1 }, { 44, 1 }, { 45, 0 }, { 49, 0 }, { 50, 0 } };
	struct arena *arena = arena_new();
	struct str zone = arena_printf(arena, "%050d.%050d.%050d.%050d",
	    1, 2, 3, 4);
	size_t i;

	(void)state;
	for (i = 0; i < countof(labels); i++)
		agree_on(arena, zone, arena_printf(arena, "$TTL 60\n" HEAD
		    "oak A 1.2.3.4\nx.yz.oak A 1.2.3.4\n"
		    "%0*d A 1.2.3.4\nx.yz.%0*d A 1.2.3.4\n",
		    labels[i].length, 0, labels[i].length, 0),
		    labels[i].folded);
	arena_free(arena);
}

#define CUSTOMER(label, one, two) \
	label " A 11.1.2.3\n\tAAAA 2a00:1:" one "\n\tMX 10 mx\n" \
	label " 300 TXT \"v=spf1 mx ip4:11." two ".3.0/24 -all\"\n" \
	"_dmarc." label " TXT \"v=DMARC1; p=reject; rua=mailto:d@" label \
	".example.com\" ; ours\n" \
	"www." label " CNAME " label "\n"
#define SIGNER(label, key) \
	"s._domainkey." label " IN TXT ( \"v=DKIM1; k=rsa; p=" key "\"\n\t)\n"

/* The last two may be spoilt in any way: the first have been learnt from. */
static const char *const families[] = {
	CUSTOMER("oak4", ":1", "1") CUSTOMER("elm55", "2:3::", "22")
	CUSTOMER("fir6", "4::5", "33") CUSTOMER("yew77", ":6", "44"),
	"oak4 TXT \"x\"\n" SIGNER("oak4", KEY_2048)
	"elm5 TXT \"x\"\n" SIGNER("elm5", KEY_2048)
	"fir6 TXT \"x\"\n" SIGNER("fir6", KEY_2048)
	"yew7 TXT \"x\"\n" SIGNER("yew7", KEY_2048),
	"oak A 1.2.3.4\n MX 10 mx\n AAAA 2001:db8::1\nwww.oak CNAME oak\n"
	"elm A 1.2.3.4\n MX 10 mx\n AAAA 2001:db8::1\nwww.elm CNAME elm\n"
	"fir A 1.2.3.5\n MX 10 mx\n AAAA 2001:db8::1\nwww.fir CNAME fir\n"
	"yew A 1.2.3.5\n MX 10 mx\n AAAA 2001:db8::2\nwww.yew CNAME yew\n",
	"oak.example.com. 60 IN TXT \"a b\"\nx.oak.example.com. TXT (\"a\"\n"
	"\t\"b\" )\noak.example.com. 60 IN TXT \"w\" x\n"
	"elm.example.com. 60 IN TXT \"a b\"\nx.elm.example.com. TXT (\"c\"\n"
	"\t\"b\" )\nelm.example.com. 60 IN TXT \"w\" x\n"
	"fir.example.com. 60 IN TXT \"a b\"\nx.fir.example.com. TXT (\"a\"\n"
	"\t\"b\" )\nfir.example.com. 60 IN TXT \"w\" x\n",
	"oak NS ns.a\n NS ns.b ; x\n SRV 0 1 2 h\nx.oak TXT y\n"
	"elm NS ns.a\n NS ns.b ; x\n SRV 0 1 2 h\nx.elm TXT y\n"
	"fir NS ns.a\n NS ns.b ; x\n SRV 0 1 2 h\nx.fir TXT y\n",
};

/* Two are read before the third one is learnt; the last one is known. */
static void
families_are_of_a_kind(void **state)
{
	struct arena *arena = arena_new();
	const struct zone *zone;
	struct family_kind kind;
	size_t i, run;

	(void)state;
	for (i = 0; i < 2; i++) {
		zone = read_zone(arena, STR("example.com"), arena_printf(arena,
		    "$TTL 60\n" HEAD "%s", families[i]), 1, true);
		run = zone->log->run_count - 1;
		kind = log_kind(zone->log->folds[log_run(zone->log,
		    run)->place & RUN_TYPES], log_ends(zone->log, run));
		assert_int_equal(kind.number, 1);
		assert_int_equal(kind.keyed, i == 1);
		assert_int_equal(zone_kind_count(zone), 2);
	}
	arena_free(arena);
}

/* More than any family has, between the strings of a key with a slip in it. */
static void
strings_stand_far_apart(void **state)
{
	static const int blanks[] = { 1, 1, 1, 1, 8192, 65536, 1 };
	struct arena *arena = arena_new();
	struct buffer text = { 0 };
	size_t i;

	(void)state;
	buffer_add_cstr(&text, "$TTL 60\n" HEAD);
	for (i = 0; i < countof(blanks); i++)
		buffer_printf(&text, "oak%zu A 11.1.2.3\n"
		    "s._domainkey.oak%zu TXT \"v=DKIM1; p=AB~C\"%*s\"DEFG\"\n",
		    i, i, blanks[i], "");
	agree(arena, buffer_finish(&text, arena), 4);
	arena_free(arena);
}

/* In an arena of its own, as there are many. */
static void
compare_alone(struct str text)
{
	struct arena *arena = arena_new();

	compare(arena, STR("example.com"), text);
	arena_free(arena);
}

/* An octet becomes another, or is left out, or the text ends there. */
static void
spoil(struct arena *arena, struct str text, size_t place)
{
	static const char bytes[] = "\"();\\\n\r\t \0@$.*Ax0:-\x80";
	struct str spoilt = arena_copy(arena, text);
	char *byte = (char *)(uintptr_t)spoilt.p + place;
	size_t i;

	for (i = 0; i < sizeof(bytes) - 1; i++) {
		*byte = bytes[i];
		compare_alone(spoilt);
	}
	memmove(byte, byte + 1, text.n - place - 1);
	spoilt.n--;
	((char *)(uintptr_t)spoilt.p)[spoilt.n] = '\0';
	compare_alone(spoilt);
	compare_alone(arena_copy(arena, str_slice(text, 0, place)));
}

static void
spoilt_families_give_the_same_answers(void **state)
{
	struct arena *arena = arena_new();
	struct arena_mark mark = arena_mark(arena);
	struct str text;
	size_t i, place;

	(void)state;
	for (i = 0; i < countof(families); i++) {
		text = arena_printf(arena, "$TTL 60\n" HEAD "%s", families[i]);
		assert_true(compare(arena, STR("example.com"),
		    text)->log->folded_count >= 2);
		for (place = text.n - strlen(families[i]) / 2;
		    place < text.n; place++)
			spoil(arena, text, place);
		arena_release(arena, mark);
	}
	arena_free(arena);
}

/* Sets that are too large for any message, with a part in a fold. */
static void
large_sets_are_found(void **state)
{
	static const char *const betweens[] = { "; words\n", "\n",
	    "$TTL 60\n" };
	struct arena *arena = arena_new();
	struct buffer text = { 0 };
	const struct zone *zone;
	size_t i, k;

	(void)state;
	for (i = 0; i < countof(betweens); i++) {
		buffer_add_cstr(&text, "$TTL 60\n" HEAD OAK
		    "elm A 12.1.2.3\nwww.elm TXT \"y\"\n"
		    "fir A 12.1.2.3\nwww.fir TXT \"y\"\n");
		buffer_add_cstr(&text, betweens[i]);
		/* With the first one, of 4 octets, it is one too many. */
		for (k = 0; k < 258; k++)
			buffer_printf(&text, " TXT \"%0250zu\"\n", k);
		buffer_printf(&text, " TXT \"%0235d\"\n", 7);
		zone = agree(arena, buffer_finish(&text, arena), 1);
		assert_int_equal(zone->contents->problem_count, 1);
	}
	arena_free(arena);
}

static void
names_come_in_the_order_in_which_they_are_seen(void **state)
{
	static const char *const wanted[] = { "fir", "a.b.fir", "b.fir",
	    "c.fir", "d.c.fir" };
	struct arena *arena = arena_new();
	const struct node *names[FOLD_NAMES];
	struct zone_family family;
	struct stretch stretches[FOLD_LINES];
	const struct zone *zone;
	size_t i;

	(void)state;
	zone = read_zone(arena, STR("example.com"), STR("$TTL 60\n" HEAD
	    "elm A 1.2.3.4\na.b.elm A 1.2.3.4\nc.elm A 1.2.3.4\n"
	    "d.c.elm A 1.2.3.4\nb.elm A 1.2.3.4\n"
	    "fir A 1.2.3.4\na.b.fir A 1.2.3.4\nc.fir A 1.2.3.4\n"
	    "d.c.fir A 1.2.3.4\nb.fir A 1.2.3.4\n"), 1, false);
	assert_int_equal(zone->log->folded_count, 1);
	for (i = 0; zone_node(zone, i)->folded == 0; i++)
		continue;
	assert_true(zone_family(zone, i, countof(wanted), &family));
	assert_true(family.folded);
	assert_int_equal(zone_family_stretches(zone, &family, stretches,
	    FOLD_LINES), countof(wanted));
	assert_int_equal(zone_unfolded(zone, zone_node(zone, i), names),
	    countof(wanted));
	for (i = 0; i < countof(wanted); i++) {
		assert_true(str_equal(node_name(zone, names[i], arena),
		    arena_printf(arena, "%s.example.com", wanted[i])));
		assert_true(str_starts(stretches[i].text,
		    str_from(wanted[i])));
	}
	arena_free(arena);
}

/* ---- several who ask ----------------------------------------------------- */

enum { ASKERS = 4 };

struct asked {
	const struct zone *zone;
	struct arena *arenas[ASKERS];
	struct str answers[ASKERS];
};

static void
ask_all(void *context, unsigned worker, size_t job)
{
	struct asked *asked = context;

	(void)worker;
	asked->answers[job] = zone_answers(asked->arenas[job], asked->zone);
}

/* Names become nodes, and families are unfolded, by whoever is the first. */
static void
threads_get_the_same_answers(void **state)
{
	struct arena *arena = arena_new();
	struct asked asked = { .zone = NULL };
	struct buffer text = { 0 };
	struct str wanted;
	size_t i;

	(void)state;
	buffer_add_cstr(&text, "$TTL 60\n" HEAD);
	for (i = 0; i < 400; i++)
		buffer_printf(&text, "n%zu TXT x\nwww.n%zu A 1.2.3.4\n"
		    "p%zu A 1.2.3.4\n", i, i, i);
	asked.zone = agree(arena, buffer_finish(&text, arena), 399);
	wanted = zone_answers(arena, asked.zone);
	asked.zone = read_zone(arena, STR("example.com"),
	    asked.zone->source->text, 1, true);
	for (i = 0; i < ASKERS; i++)
		asked.arenas[i] = arena_child(arena);
	workers_run(ASKERS, ASKERS, ask_all, &asked);
	for (i = 0; i < ASKERS; i++)
		assert_true(str_equal(asked.answers[i], wanted));
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(folded_zones_give_the_same_answers),
		cmocka_unit_test(names_are_no_longer_than_names_may_be),
		cmocka_unit_test(data_names_nothing_too_long),
		cmocka_unit_test(families_are_of_a_kind),
		cmocka_unit_test(strings_stand_far_apart),
		cmocka_unit_test(spoilt_families_give_the_same_answers),
		cmocka_unit_test(large_sets_are_found),
		cmocka_unit_test(names_come_in_the_order_in_which_they_are_seen),
		cmocka_unit_test(threads_get_the_same_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
