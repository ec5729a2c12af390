#include <pthread.h>
#include <string.h>

#include "base/arena.h"
#include "zone/rdata.h"

/*
 * By number. The letters of forms are those of the tables of fields in the
 * files rdata*.c; a type without form is written as RFC 3597 section 5 says.
 * Types newer than RFC 3597 keep the case of their names (section 7 there, RFC
 * 6840 section 5.1), though not RRSIG with BIND.
 */
static const struct rrtype_row rows[] = {
	{ RR_A,		TYPE_MAIL,	"A",		"i" },
	{ RR_NS,		TYPE_MAIL,	"NS",		"n" },
	{ 3,		TYPE_OBSOLETE,	"MD",		"n" },
	{ 4,		TYPE_OBSOLETE,	"MF",		"n" },
	{ RR_CNAME,	TYPE_MAIL,	"CNAME",	"n" },
	{ RR_SOA,	TYPE_MAIL,	"SOA",		"nn4pppp" },
	{ 7,		0,		"MB",		"n" },
	{ 8,		0,		"MG",		"n" },
	{ 9,		0,		"MR",		"n" },
	{ 10,		0,		"NULL",		NULL },
	{ 11,		0,		"WKS",		"iQ" },
	{ RR_PTR,	TYPE_MAIL,	"PTR",		"n" },
	{ 13,		0,		"HINFO",	"ss" },
	{ 14,		0,		"MINFO",	"nn" },
	{ RR_MX,		TYPE_MAIL,	"MX",		"2n" },
	{ RR_TXT,	TYPE_MAIL,	"TXT",		"m" },
	{ 17,		0,		"RP",		"nn" },
	{ 18,		0,		"AFSDB",	"2n" },
	{ 19,		0,		"X25",		"x" },
	{ 20,		0,		"ISDN",		"so" },
	{ 21,		0,		"RT",		"2n" },
	{ 22,		0,		"NSAP",		"S" },
	{ 23,		0,		"NSAP-PTR",	"n" },
	{ RR_SIG,	0,		"SIG",		"yk14tt2nB" },
	{ RR_KEY,	0,		"KEY",		"FPkJ" },
	{ 26,		0,		"PX",		"2nn" },
	{ 27,		0,		"GPOS",		"sss" },
	{ RR_AAAA,	TYPE_MAIL,	"AAAA",		"I" },
	{ 29,		0,		"LOC",		"l" },
	{ 30,		0,		"NXT",		"nO" },
	{ 31,		0,		"EID",		"X" },
	{ 32,		0,		"NIMLOC",	"X" },
	{ RR_SRV,	0,		"SRV",		"222n" },
	{ 34,		0,		"ATMA",		"M" },
	{ 35,		0,		"NAPTR",	"22ssrn" },
	{ 36,		0,		"KX",		"2n" },
	{ 37,		0,		"CERT",		"c2KB" },
	{ 38,		0,		"A6",		"6" },
	{ RR_DNAME,	TYPE_MAIL,	"DNAME",	"n" },
	{ 40,		0,		"SINK",		"111b" },
	{ 41,		TYPE_META,	"OPT",		NULL },
	{ 42,		0,		"APL",		"A" },
	{ RR_DS,		0,		"DS",		"2kD" },
	{ 44,		0,		"SSHFP",	"1h" },
	{ 45,		TYPE_CASED,	"IPSECKEY",	"1gB" },
	{ RR_RRSIG,	0,		"RRSIG",	"yk14TT2UB" },
	{ RR_NSEC,	TYPE_CASED,	"NSEC",		"nW" },
	{ RR_DNSKEY,	0,		"DNSKEY",	"FPkJ" },
	{ 49,		0,		"DHCID",	"B" },
	{ RR_NSEC3,	0,		"NSEC3",	"H12aNw" },
	{ 51,		0,		"NSEC3PARAM",	"H12a" },
	{ 52,		0,		"TLSA",		"111X" },
	{ 53,		0,		"SMIMEA",	"111X" },
	{ 55,		TYPE_CASED,	"HIP",		"R" },
	{ 56,		0,		"NINFO",	"m" },
	{ 57,		0,		"RKEY",		"FPkJ" },
	{ 58,		TYPE_CASED,	"TALINK",	"nn" },
	{ 59,		0,		"CDS",		"2kD" },
	{ 60,		0,		"CDNSKEY",	"FPkJ" },
	{ 61,		0,		"OPENPGPKEY",	"B" },
	{ 62,		0,		"CSYNC",	"42w" },
	{ 63,		0,		"ZONEMD",	"41z" },
	{ 64,		TYPE_CASED,	"SVCB",		"2V" },
	{ 65,		TYPE_CASED,	"HTTPS",	"2V" },
	{ 66,		TYPE_CASED,	"DSYNC",	"yv2n" },
	{ 67,		0,		"HHIT",		"B" },
	{ 68,		0,		"BRID",		"B" },
	{ RR_SPF,	TYPE_MAIL,	"SPF",		"m" },
	{ 100,		0,		"UINFO",	NULL },
	{ 101,		0,		"UID",		NULL },
	{ 102,		0,		"GID",		NULL },
	{ 103,		0,		"UNSPEC",	NULL },
	{ 104,		0,		"NID",		"2L" },
	{ 105,		0,		"L32",		"2i" },
	{ 106,		0,		"L64",		"2L" },
	{ 107,		TYPE_CASED,	"LP",		"2n" },
	{ 108,		0,		"EUI48",	"e" },
	{ 109,		0,		"EUI64",	"E" },
	{ 249,		TYPE_META,	"TKEY",		NULL },
	{ 250,		TYPE_META,	"TSIG",		NULL },
	{ 251,		TYPE_META,	"IXFR",		NULL },
	{ 252,		TYPE_META,	"AXFR",		NULL },
	{ 253,		TYPE_META,	"MAILB",	NULL },
	{ 254,		TYPE_META,	"MAILA",	NULL },
	{ 255,		TYPE_META,	"ANY",		NULL },
	{ 256,		0,		"URI",		"22u" },
	{ 257,		0,		"CAA",		"1C" },
	{ 258,		0,		"AVC",		"m" },
	{ 259,		0,		"DOA",		"441sd" },
	{ 260,		TYPE_CASED,	"AMTRELAY",	"1G" },
	{ 261,		0,		"RESINFO",	"m" },
	{ 262,		0,		"WALLET",	"m" },
	{ 32768,		0,		"TA",		"2kD" },
	{ 32769,		0,		"DLV",		"2kD" },
	{ 65533,		TYPE_NUMBER,	"KEYDATA",	"tttFPkJ" },
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

/*
 * The rows again, by type and by name, plus one. All types that are often met
 * are below BY_TYPE, and no longer than a word.
 */
enum { BY_TYPE = 512, BY_NAME = 256 };

static struct {
	unsigned char by_type[BY_TYPE];
	struct {
		uint64_t word;
		size_t row;
	} by_name[BY_NAME];
} found;

/* Eight letters in upper case. */
static uint64_t
upper(uint64_t word)
{
	const uint64_t ones = UINT64_MAX / 255, high = ones * 0x80;
	uint64_t letters = ((word & ~high) + ones * (0x80 - 'a')) ^
	    ((word & ~high) + ones * (0x80 - 'z' - 1));

	return word - ((letters & ~word & high) >> 2);
}

static uint64_t
word_of(struct str name)
{
	uint64_t word = 0;

	memcpy(&word, name.p, name.n);
	return word;
}

/* Where the word is, or would be: most places stay empty. */
static size_t
place_of(uint64_t word)
{
	size_t i = (size_t)(word * 0x9e3779b97f4a7c15 >> 56);

	while (found.by_name[i].row != 0 && found.by_name[i].word != word)
		i = (i + 1) % BY_NAME;
	return i;
}

static void
index_rows(void)
{
	struct str name;
	uint64_t word;
	size_t i, place;

	for (i = 0; i < ROWS; i++) {
		name = str_from(rows[i].name);
		if (name.n <= sizeof(word)) {
			word = upper(word_of(name));
			place = place_of(word);
			found.by_name[place].row = i + 1;
			found.by_name[place].word = word;
		}
		if (rows[i].type < BY_TYPE)
			found.by_type[rows[i].type] = (unsigned char)(i + 1);
	}
}

static void
need_index(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, index_rows);
}

const struct rrtype_row *
rrtype_row(uint16_t type)
{
	size_t i;

	need_index();
	if (type < BY_TYPE)
		return found.by_type[type] == 0 ? NULL :
		    &rows[found.by_type[type] - 1];
	for (i = 0; i < ROWS; i++)
		if (rows[i].type == type)
			return &rows[i];
	return NULL;
}

const struct rrtype_row *
rrtype_find_word(uint64_t word)
{
	size_t row;

	need_index();
	row = found.by_name[place_of(upper(word))].row;
	return row == 0 ? NULL : &rows[row - 1];
}

const struct rrtype_row *
rrtype_find(struct str name)
{
	size_t i;

	/* A NUL at the end would be lost in a word. */
	if (name.n == 0 || name.p[name.n - 1] == '\0')
		return NULL;
	if (name.n <= sizeof(uint64_t))
		return rrtype_find_word(word_of(name));
	for (i = 0; i < ROWS; i++)
		if (str_is_case(name, rows[i].name))
			return &rows[i];
	return NULL;
}

struct str
rrtype_name(struct arena *arena, uint16_t type)
{
	const struct rrtype_row *row = rrtype_row(type);

	if (row != NULL && (row->attributes & TYPE_NUMBER) == 0)
		return str_from(row->name);
	return arena_printf(arena, "TYPE%u", (unsigned)type);
}

bool
rrtype_parse(struct str name, uint16_t *type)
{
	const struct rrtype_row *row = rrtype_find(name);

	if (row != NULL) {
		*type = row->type;
		return true;
	}
	return str_starts_case(name, STR("TYPE")) &&
	    short_parse(str_after(name, 4), type);
}

unsigned
rrtype_set(uint16_t type)
{
	switch (type) {
	case RR_A:
		return HAS_A;
	case RR_AAAA:
		return HAS_AAAA;
	case RR_NS:
		return HAS_NS;
	case RR_CNAME:
		return HAS_CNAME;
	case RR_SOA:
		return HAS_SOA;
	case RR_MX:
		return HAS_MX;
	case RR_TXT:
		return HAS_TXT;
	case RR_SPF:
		return HAS_SPF;
	case RR_DNAME:
		return HAS_DNAME;
	case RR_PTR:
		return HAS_PTR;
	case RR_SRV:
		return HAS_SRV;
	case RR_DS:
		return HAS_DS;
	case RR_RRSIG:
	case RR_NSEC:
	case RR_KEY:
		return HAS_DNSSEC;
	default:
		return HAS_OTHER;
	}
}
