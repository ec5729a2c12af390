/*
 * Zone files for the differential test: good ones of every layout that the
 * syntax allows, most of them then spoilt at a few places.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "differential.h"

enum { ROOM = 64 * 1024, INCLUDES = 3, NESTED = 2 };

/* One file in the making. */
struct text {
	char p[ROOM];
	size_t n;
};

static uint64_t state;
static struct text files[INCLUDES + 1];
static size_t file_count;
static unsigned serial;			/* for owners that must be unique */

/* ---- chance -------------------------------------------------------------- */

/* SplitMix64, Steele et al. 2014. */
static uint64_t
draw(void)
{
	uint64_t z = state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static unsigned
below(unsigned limit)
{
	return (unsigned)(draw() % limit);
}

static bool
chance(unsigned percent)
{
	return below(100) < percent;
}

#define pick(list)	((list)[below(sizeof(list) / sizeof(*(list)))])

/* ---- pieces -------------------------------------------------------------- */

static void
add_bytes(struct text *out, const char *bytes, size_t n)
{
	if (out->n + n < ROOM) {
		memcpy(out->p + out->n, bytes, n);
		out->n += n;
	}
}

static void
add(struct text *out, const char *words)
{
	add_bytes(out, words, strlen(words));
}

static void
add_byte(struct text *out, int byte)
{
	char c = (char)byte;

	add_bytes(out, &c, 1);
}

static void
add_blank(struct text *out)
{
	static const char *const blanks[] = { " ", " ", " ", "\t", "  ",
	    "\t\t", " \t ", "        " };

	add(out, pick(blanks));
}

static void
add_comment(struct text *out)
{
	static const char *const comments[] = { ";", "; a comment",
	    ";\"unbalanced", "; ) (", ";;;", "; \\", ";; v=spf1 -all ;",
	    "; $ORIGIN x.", ";\t\x80\xff" };

	add(out, pick(comments));
}

/* Whether parentheses are open; then lines may end anywhere. */
static bool open;

/* Between two words. */
static void
add_gap(struct text *out)
{
	if (!open && chance(6)) {
		add(out, chance(50) ? " (" : "(");
		open = true;
	}
	if (open && chance(30)) {
		if (chance(40)) {
			add_blank(out);
			add_comment(out);
		}
		add(out, chance(90) ? "\n" : "\r\n");
		if (chance(70))
			add_blank(out);
		return;
	}
	if (open && chance(20)) {
		add(out, chance(50) ? " )" : ")");
		open = false;
	}
	add_blank(out);
}

static void
end_line(struct text *out)
{
	if (open)
		add(out, chance(50) ? " )" : ")");
	open = false;
	if (chance(15))
		add_blank(out);
	if (chance(12))
		add_comment(out);
	add(out, chance(97) ? "\n" : "\r\n");
}

/* ---- words --------------------------------------------------------------- */

static void
add_label(struct text *out)
{
	static const char *const labels[] = { "a", "www", "mail", "_dmarc",
	    "s1._domainkey", "WwW", "x-y", "xn--bcher-kva", "*", "_smtp._tls",
	    "default._bimi", "a.b.c", "1", "0", "IN", "TXT", "3600", "a\\.b",
	    "a\\032b", "\\097", "\\@", "\\$x", "a\\;b", "a\\\"b", "a\\(b",
	    "_mta-sts", "mail._domainkey", "ns1", "\xc3\xbc", "a\\065",
	    "long-label-of-many-characters-which-is-still-below-the-limit-63",
	    "CH", "1h", "A", "@x", "a\\\\b" };

	add(out, pick(labels));
}

static void
add_name(struct text *out)
{
	switch (below(6)) {
	case 0:
		add(out, "@");
		break;
	case 1:
		add_label(out);
		add(out, ".example.com.");
		break;
	case 2:
		add(out, chance(50) ? "example.com." : chance(80) ?
		    "mail.example.net." : "Mail.Example.net.");
		break;
	case 3:
		add(out, chance(80) ? "ns" : ".");
		break;
	default:
		add_label(out);
		break;
	}
}

/* An owner that nothing else has. */
static void
add_new_owner(struct text *out)
{
	char name[32];

	snprintf(name, sizeof(name), "u%u", serial++);
	add(out, name);
	if (chance(30))
		add(out, ".example.com.");
}

static void
add_owner(struct text *out)
{
	switch (below(8)) {
	case 0:
		add(out, "@");
		break;
	case 1:
		add_label(out);
		add(out, ".example.com.");
		break;
	case 2:
	case 3:
		break;			/* that of the entry before */
	case 4:
		add_byte(out, '"');
		add_new_owner(out);
		add_byte(out, '"');
		break;
	case 5:
		add_label(out);
		break;
	default:
		add_new_owner(out);
		break;
	}
}

static void
add_ttl(struct text *out)
{
	static const char *const ttls[] = { "3600", "0", "1h", "1d", "1w2d3h",
	    "5M", "30S", "2147483647", "2147483648", "1h30m", "1D", "300",
	    "4294967295", "60", "0h30", "86400" };

	add(out, pick(ttls));
}

static void
add_class(struct text *out)
{
	static const char *const classes[] = { "IN", "IN", "IN", "in", "In",
	    "CLASS1", "class1", "CLASS01" };

	add(out, pick(classes));
}

/* [TTL] [class] or [class] [TTL], each or none. */
static void
add_ttl_and_class(struct text *out)
{
	unsigned kind = below(6);

	if (kind == 1 || kind == 3) {
		add_ttl(out);
		add_gap(out);
	}
	if (kind >= 2 && kind <= 4) {
		add_class(out);
		add_gap(out);
	}
	if (kind == 4) {
		add_ttl(out);
		add_gap(out);
	}
}

/* ---- strings ------------------------------------------------------------- */

static void
add_string_bytes(struct text *out, bool quoted)
{
	static const char *const parts[] = { "v=spf1", "v=DMARC1", "p=reject",
	    "include:example.net", "-all", "~all", "a", "mx", "\\\"", "\\\\",
	    "\\;", "\\065", "\\255", "\\000", "\\.", "\\x", "$", "@", "\\@",
	    "=", ":", "/", "'", "\xc3\xa9", "\xe2\x80\x9c", "\x7f", "v=DKIM1",
	    "k=rsa", "p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQ", "%{i}", "1",
	    "#", "\\#", "&", "\\ ", "\\\t" };
	static const char *const blanks[] = { " ", "; ", ";", "\t", "(", ")",
	    "  ", " ; ", "\r", "\\\n" };
	unsigned count = below(6);

	while (count-- > 0) {
		add(out, pick(parts));
		if (quoted && chance(60))
			add(out, pick(blanks));
	}
}

static void
add_long_string(struct text *out)
{
	unsigned n = 250 + below(10);

	add_byte(out, '"');
	while (n-- > 0)
		add_byte(out, 'x');
	add_byte(out, '"');
}

static void
add_string(struct text *out)
{
	if (chance(2)) {
		add_long_string(out);
	} else if (chance(75)) {
		add_byte(out, '"');
		add_string_bytes(out, true);
		add_byte(out, '"');
	} else {
		add_byte(out, 'w');
		add_string_bytes(out, false);
	}
}

/* ---- rdata --------------------------------------------------------------- */

static void
rdata_txt(struct text *out)
{
	unsigned count = 1 + below(4);

	if (chance(3)) {
		add(out, "\\#");
		add_gap(out);
		add(out, chance(50) ? "4 03616263" : "0");
		return;
	}
	while (count-- > 0) {
		add_string(out);
		if (count > 0 && (open || chance(85)))
			add_gap(out);
	}
}

static void
rdata_name(struct text *out)
{
	add_name(out);
}

static void
rdata_mx(struct text *out)
{
	static const char *const numbers[] = { "10", "0", "65535", "1",
	    "00010" };

	add(out, pick(numbers));
	add_gap(out);
	add_name(out);
}

static void
rdata_a(struct text *out)
{
	static const char *const addresses[] = { "192.0.2.1", "10.0.0.1",
	    "255.255.255.255", "0.0.0.0" };

	add(out, pick(addresses));
}

static void
rdata_aaaa(struct text *out)
{
	static const char *const addresses[] = { "2001:db8::1", "::",
	    "2001:DB8:0:0:0:0:0:1", "::ffff:192.0.2.1" };

	add(out, pick(addresses));
}

static void
rdata_srv(struct text *out)
{
	add(out, "0");
	add_gap(out);
	add(out, "5");
	add_gap(out);
	add(out, "443");
	add_gap(out);
	add_name(out);
}

static void
rdata_caa(struct text *out)
{
	add(out, "0");
	add_gap(out);
	add(out, "issue");
	add_gap(out);
	add_string(out);
}

static void
rdata_unknown(struct text *out)
{
	static const char *const data[] = { "4 01020304", "0",
	    "3 01 02 03", "2 FfeE", "1 0", "4 010203" };

	add(out, "\\#");
	add_gap(out);
	add(out, pick(data));
}

static void
rdata_hinfo(struct text *out)
{
	add_string(out);
	add_gap(out);
	add_string(out);
}

static void
rdata_ds(struct text *out)
{
	add(out, "12345");
	add_gap(out);
	add(out, chance(50) ? "8" : "RSASHA256");
	add_gap(out);
	add(out, chance(50) ? "1" : "SHA-1");
	add_gap(out);
	add(out, "0123456789abcdef0123 456789ABCDEF01234567");
}

static void
rdata_tlsa(struct text *out)
{
	add(out, "3");
	add_gap(out);
	add(out, "1");
	add_gap(out);
	add(out, "1");
	add_gap(out);
	add(out, "d2abde240d7cd3ee6b4b28c54df034b97983a1d16e8a410e4561cb106"
	    "618e971");
}

static void
rdata_svcb(struct text *out)
{
	static const char *const parameters[] = { "alpn=h2", "alpn=h2,h3",
	    "alpn=\"h2,h3\"", "port=443", "ipv4hint=192.0.2.1",
	    "ipv6hint=2001:db8::1", "no-default-alpn", "key65000=abc",
	    "key65001=\"a b\"", "mandatory=port", "ech=AQID",
	    "dohpath=/dns{?dns}" };
	unsigned count = below(4);

	add(out, chance(30) ? "0" : "1");
	add_gap(out);
	add_name(out);
	while (count-- > 0) {
		add_gap(out);
		add(out, pick(parameters));
	}
}

static const struct {
	const char *type;
	void (*write)(struct text *);
	unsigned weight;
	bool alone;			/* nothing else at this owner */
} types[] = {
	{ "TXT", rdata_txt, 40, false },
	{ "txt", rdata_txt, 5, false },
	{ "TYPE16", rdata_txt, 3, false },
	{ "SPF", rdata_txt, 4, false },
	{ "MX", rdata_mx, 10, false },
	{ "CNAME", rdata_name, 8, true },
	{ "A", rdata_a, 8, false },
	{ "AAAA", rdata_aaaa, 4, false },
	{ "PTR", rdata_name, 3, false },
	{ "DNAME", rdata_name, 1, true },
	{ "SRV", rdata_srv, 3, false },
	{ "CAA", rdata_caa, 3, false },
	{ "HINFO", rdata_hinfo, 2, false },
	{ "TYPE65280", rdata_unknown, 2, false },
	{ "type99", rdata_txt, 1, false },
	{ "DS", rdata_ds, 1, false },
	{ "TLSA", rdata_tlsa, 1, false },
	{ "HTTPS", rdata_svcb, 2, false },
};

static void
write_entry(struct text *out)
{
	size_t i = 0;
	unsigned at = below(102);

	while (at >= types[i].weight) {
		at -= types[i].weight;
		i = (i + 1) % (sizeof(types) / sizeof(types[0]));
	}
	if (types[i].alone)
		add_new_owner(out);
	else
		add_owner(out);
	add_gap(out);
	add_ttl_and_class(out);
	add(out, types[i].type);
	add_gap(out);
	types[i].write(out);
	end_line(out);
}

/* ---- directives ---------------------------------------------------------- */

static void
write_origin(struct text *out)
{
	static const char *const origins[] = { "example.com.", "sub", "a.b",
	    "sub.example.com.", "@", "other.example.", "." };

	add(out, chance(85) ? "$ORIGIN" : "$origin");
	add_gap(out);
	add(out, pick(origins));
	end_line(out);
	/* Whatever it was, go home again soon. */
	if (chance(60)) {
		write_entry(out);
		add(out, "$ORIGIN example.com.\n");
	}
}

static void
write_ttl(struct text *out)
{
	add(out, chance(85) ? "$TTL" : "$ttl");
	add_gap(out);
	add_ttl(out);
	end_line(out);
}

static void
write_generate(struct text *out)
{
	static const char *const ranges[] = { "1-3", "0-10/5", "1-1", "5-7",
	    "0-255/100", "01-02", "+1-2", "1-2x", "1-2/", "3-1", "0-2/0",
	    "1--2" };
	static const char *const owners[] = { "h$", "h${0,3,d}", "${0,2,x}",
	    "h${-1}", "h${10,4,X}", "h\\$$", "n${0,4,n}", "o${0,3,o}", "h$$",
	    "h${0,8,N}", "h${1,2,z}", "h${}", "$.sub", "@", "x${0,0,d}y",
	    "h${2147483647}", "h${0,200,d}", "h$.example.com.", "h${0,5}",
	    "${1}.${2}", "h${5}.$", "$.h${0,3,x}.${1,2}.$" };
	static const char *const rhs[] = { "TXT foo$", "TXT \"v=spf1 a -all\"",
	    "TXT \"\\\"v=spf1 a $\\\"\"", "A 192.0.2.$",
	    "CNAME x$.example.net.", "TXT v=spf1\\032a\\032$",
	    "AAAA 2001:db8::${0,4,x}", "TXT \"a;b\"", "MX \"10 mail$\"",
	    "TXT \"$ \\$ $$\"", "PTR host-${0,3,d}.example.com.",
	    "TXT ${0,4,n}", "TXT \"\\\"$\\\" \\\"${1}\\\"\"", "CNAME $",
	    "TXT ${0,4,X}.$.${1,z}", "TXT \"\"", "TYPE65280 \"\\# 1 0$\"" };

	add(out, chance(90) ? "$GENERATE" : "$Generate");
	add_gap(out);
	add(out, chance(92) ? ranges[below(6)] : pick(ranges));
	add_gap(out);
	add(out, pick(owners));
	add_gap(out);
	add_ttl_and_class(out);
	add(out, pick(rhs));
	end_line(out);
}

static void write_lines(struct text *, unsigned count, unsigned depth);

static void
write_include(struct text *out, unsigned depth)
{
	static const char *const origins[] = { "", "", " sub", " example.com.",
	    " x.example.com.", " @" };
	char name[32];
	size_t number = file_count;

	if (file_count > INCLUDES || depth >= NESTED)
		return;
	file_count++;
	files[number].n = 0;
	snprintf(name, sizeof(name), chance(80) ? "part%zu.inc" :
	    "\"part%zu.inc\"", number);
	add(out, chance(85) ? "$INCLUDE" : "$include");
	add_gap(out);
	add(out, name);
	add(out, pick(origins));
	end_line(out);
	write_lines(&files[number], 1 + below(4), depth + 1);
	if (chance(15) && files[number].n > 0)
		files[number].n--;
}

/* ---- whole files --------------------------------------------------------- */

static void
write_lines(struct text *out, unsigned count, unsigned depth)
{
	while (count-- > 0)
		switch (below(24)) {
		case 0:
			write_origin(out);
			break;
		case 1:
			write_ttl(out);
			break;
		case 2:
		case 3:
			write_generate(out);
			break;
		case 4:
			write_include(out, depth);
			break;
		case 5:
			add_comment(out);
			add(out, "\n");
			break;
		case 6:
			add(out, chance(50) ? "\n" : " \t\n");
			break;
		default:
			write_entry(out);
			break;
		}
}

static void
write_head(struct text *out)
{
	static const char *const numbers[] = { "1", "2026010100", "0" };
	unsigned i;

	if (chance(70))
		write_ttl(out);
	add(out, chance(70) ? "@" : "example.com.");
	add_gap(out);
	add_ttl_and_class(out);
	add(out, chance(80) ? "SOA" : "soa");
	add_gap(out);
	add(out, "ns");
	add_gap(out);
	add(out, chance(80) ? "hostmaster" : "host\\.master.example.com.");
	add_gap(out);
	add(out, pick(numbers));
	for (i = 0; i < 4; i++) {
		add_gap(out);
		add(out, chance(60) ? "3600" : "1h");
	}
	end_line(out);
	add(out, chance(60) ? "\tNS ns\n" : "@ 300 IN NS ns.example.com.\n");
	add(out, "ns 3600 A 192.0.2.53\n");
}

/* Puts in, takes out, or changes bytes that mean something. */
static void
spoil(struct text *text)
{
	static const char *const bytes[] = { "\"", "(", ")", ";", "\\", "\n",
	    "\r", " ", "\t", "@", "$", ".", "0", "9", "-", "IN", "TXT",
	    "\\000", "\\3", "\\999", "\x80", "\xff", "''", "..", "\\\"",
	    "{", "}", "CH ", "1h ", "\\#", "$TTL", "$ORIGIN ", "\r\n", "=",
	    "/", "NS", "_", "*" };
	size_t at, n, cut;
	const char *put;

	if (text->n == 0)
		return;
	at = below((unsigned)text->n);
	switch (below(5)) {
	case 0:
		cut = 1 + below(chance(80) ? 2 : 20);
		if (cut > text->n - at)
			cut = text->n - at;
		memmove(text->p + at, text->p + at + cut, text->n - at - cut);
		text->n -= cut;
		return;
	case 1:
		text->p[at] = pick(bytes)[0];
		return;
	case 2:
		if (chance(10)) {
			text->p[at] = '\0';
			return;
		}
		/* fall through */
	default:
		put = pick(bytes);
		n = strlen(put);
		if (text->n + n >= ROOM)
			return;
		memmove(text->p + at + n, text->p + at, text->n - at);
		memcpy(text->p + at, put, n);
		text->n += n;
		return;
	}
}

static void
make_crlf(struct text *text)
{
	static struct text copy;
	size_t i;

	copy.n = 0;
	for (i = 0; i < text->n; i++) {
		if (text->p[i] == '\n')
			add_byte(&copy, '\r');
		add_byte(&copy, text->p[i]);
	}
	*text = copy;
}

static const char *
file_name(size_t number, char *room, size_t size)
{
	if (number == 0)
		snprintf(room, size, "case.zone");
	else
		snprintf(room, size, "part%zu.inc", number);
	return room;
}

static void
save(size_t number)
{
	char name[32];
	FILE *file = fopen(file_name(number, name, sizeof(name)), "wb");

	if (file == NULL || fwrite(files[number].p, 1, files[number].n,
	    file) != files[number].n || fclose(file) != 0) {
		perror(name);
		exit(2);
	}
}

void
write_case(uint64_t seed)
{
	unsigned spoils;
	size_t i;

	state = seed * 0x2545f4914f6cdd1d + 1;
	serial = 0;
	open = false;
	files[0].n = 0;
	file_count = 1;
	write_head(&files[0]);
	write_lines(&files[0], 1 + below(8), 0);
	if (chance(8))
		files[0].n--;
	for (spoils = chance(50) ? below(3) : 0; spoils > 0; spoils--)
		spoil(&files[below((unsigned)file_count)]);
	for (i = 0; i < file_count; i++) {
		if (chance(7))
			make_crlf(&files[i]);
		save(i);
	}
}

void
remove_case(void)
{
	char name[32];
	size_t i;

	for (i = 0; i < file_count; i++)
		remove(file_name(i, name, sizeof(name)));
	remove("named.out");
}

/* ---- known differences --------------------------------------------------- */

static bool
has_mark(const char *log)
{
	(void)log;
	return files[0].n >= 3 && memcmp(files[0].p, "\xef\xbb\xbf", 3) == 0;
}

static bool
has_stray_soa(const char *log)
{
	return strstr(log, ": SOA record not at top of zone") != NULL;
}

static const struct {
	bool (*applies)(const char *log);
	const char *reason;
} reasons[] = {
	{ has_mark, "named takes a byte order mark for part of the owner, "
	    "which is a name outside the zone then; mailzone says so" },
	{ has_stray_soa, "named passes over the line behind an SOA that is "
	    "not at the top of the zone" },
};

const char *
excuse(const char *log)
{
	size_t i;

	for (i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].applies(log))
			return reasons[i].reason;
	return NULL;
}
