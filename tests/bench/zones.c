/*
 * Writes zones to measure with. The bytes depend on the arguments only.
 *
 *	zones tld DOMAINS			a registry: NS, DS and glue
 *	zones provider NAMES			one zone, rich in mail records
 *	zones varied NAMES			the same, of customers who have
 *						little in common
 *	zones small FILES FOLDER		a zone of 30 records each
 *	zones company DOMAINS FOLDER		a configuration: of ten domains
 *						one sends; zones to write into
 *
 * Records are as a careful hostmaster writes them, but for two in a hundred
 * mail records, which have one mistake each.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "chance.h"

#define countof(array) (sizeof (array) / sizeof *(array))

enum { MODULUS = 256, PRIME_LIMIT = 2000, BAD_PERCENT = 2, SENDERS = 100 };

static bool
bad(void)
{
	return below(100) < BAD_PERCENT;
}

/* ---- names --------------------------------------------------------------- */

static const char *const parts[] = {
	"alder", "amber", "birch", "blue", "bread", "brook", "cedar", "clay",
	"cloud", "coast", "copper", "dale", "elm", "fern", "field", "forge",
	"garden", "glass", "grain", "harbour", "hazel", "hill", "iron", "lake",
	"linen", "maple", "mill", "north", "oak", "paper", "river", "stone",
};

/* No two numbers give one name. */
static void
make_name(char *name, size_t size, unsigned number)
{
	snprintf(name, size, "%s%s%x", parts[below(countof(parts))],
	    parts[below(countof(parts))], number);
}

/* ---- DKIM keys ----------------------------------------------------------- */

static unsigned primes[PRIME_LIMIT];
static size_t prime_count;

static void
find_primes(void)
{
	unsigned n;
	size_t i;

	for (n = 3; n < PRIME_LIMIT; n += 2) {
		for (i = 0; i < prime_count && n % primes[i] != 0; i++)
			continue;
		if (i == prime_count)
			primes[prime_count++] = n;
	}
}

/*
 * An odd number of 2048 bits that no small prime divides, as a key must be:
 * the first such one from a random one on.
 */
static void
make_modulus(uint8_t *modulus)
{
	static unsigned rest[PRIME_LIMIT];
	uint64_t word;
	unsigned step, carry;
	size_t i, k;

	for (i = 0; i < MODULUS; i++)
		modulus[i] = (uint8_t)below(256);
	modulus[0] |= 0x80;
	modulus[MODULUS - 1] |= 1;
	modulus[MODULUS - 2] &= 0x7f;	/* so that a carry ends there */
	for (i = 0; i < prime_count; i++) {
		for (word = 0, k = 0; k < MODULUS; k += 4)
			word = (word << 32 | (uint64_t)modulus[k] << 24 |
			    (uint64_t)modulus[k + 1] << 16 |
			    (uint64_t)modulus[k + 2] << 8 |
			    modulus[k + 3]) % primes[i];
		rest[i] = (unsigned)word;
	}
	for (step = 0;; step += 2) {
		for (i = 0; i < prime_count; i++)
			if ((rest[i] + step) % primes[i] == 0)
				break;
		if (i == prime_count)
			break;
	}
	carry = modulus[MODULUS - 1] + step;
	modulus[MODULUS - 1] = (uint8_t)carry;
	modulus[MODULUS - 2] = (uint8_t)(modulus[MODULUS - 2] + (carry >> 8));
}

static void
base64(char *text, const uint8_t *bytes, size_t size)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	uint32_t three;
	size_t i;

	for (i = 0; i < size; i += 3) {	/* size is a multiple of three */
		three = (uint32_t)bytes[i] << 16 |
		    (uint32_t)bytes[i + 1] << 8 | bytes[i + 2];
		*text++ = digits[three >> 18];
		*text++ = digits[three >> 12 & 63];
		*text++ = digits[three >> 6 & 63];
		*text++ = digits[three & 63];
	}
	*text = '\0';
}

/* SubjectPublicKeyInfo around the modulus, RFC 8017 appendix A.1.1. */
static void
make_key(char *text)
{
	static const uint8_t head[] = {
		0x30, 0x82, 0x01, 0x22, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86,
		0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00, 0x03,
		0x82, 0x01, 0x0f, 0x00, 0x30, 0x82, 0x01, 0x0a, 0x02, 0x82,
		0x01, 0x01, 0x00,
	};
	static const uint8_t tail[] = { 0x02, 0x03, 0x01, 0x00, 0x01 };
	uint8_t key[sizeof head + MODULUS + sizeof tail];

	memcpy(key, head, sizeof head);
	make_modulus(key + sizeof head);
	memcpy(key + sizeof head + MODULUS, tail, sizeof tail);
	base64(text, key, sizeof key);
}

/* ---- mail records -------------------------------------------------------- */

static void
write_spf(FILE *file, const char *owner)
{
	static const char *const includes[] = {
		"_spf.google.com", "spf.protection.outlook.com",
		"sendgrid.net", "amazonses.com", "servers.mcsv.net",
	};
	static const char *const mistakes[] = {
		"v=spf1 mx +all",
		"v=spf1 mx ipv4:192.0.2.1 -all",
		"v=spf1 ip4:192.0.2.0/33 -all",
		"v=spf1 mx ptr ~all",
		"v=spf1 -all mx",
	};

	if (bad()) {
		fprintf(file, "%s\tIN\tTXT\t\"%s\"\n", owner,
		    mistakes[below(countof(mistakes))]);
		return;
	}
	fprintf(file, "%s\t3600\tIN\tTXT\t\"v=spf1 mx", owner);
	if (below(3) > 0)
		fprintf(file, " ip4:11.%u.%u.0/24", below(256), below(256));
	if (below(4) == 0)
		fprintf(file, " ip6:2001:db8:%x::/48", below(65536));
	if (below(2) == 0)
		fprintf(file, " include:%s",
		    includes[below(countof(includes))]);
	fprintf(file, " %call\"\n", "~-"[below(2)]);
}

static void
write_dmarc(FILE *file, const char *owner, const char *name,
    const char *policy)
{
	static const char *const mistakes[] = {
		"v=DMARC1 p=reject",
		"v=DMARC1; p=none",
		"v=DMARC1; sp=reject",
		"v=DMARC1; p=rejct; rua=mailto:dmarc@hosting.example",
	};

	if (bad())
		fprintf(file, "%s\tIN\tTXT\t\"%s\"\n", owner,
		    mistakes[below(countof(mistakes))]);
	else
		fprintf(file, "%s\tIN\tTXT\t\"v=DMARC1; p=%s; "
		    "rua=mailto:dmarc@%s\"\n", owner, policy, name);
}

static const char *
any_policy(void)
{
	return below(2) ? "reject" : "quarantine";
}

/* Three ways in which people lay a long key out. */
static void
write_dkim(FILE *file, const char *owner)
{
	char key[4 * MODULUS];

	make_key(key);
	if (bad())
		key[20] = '!';
	switch (below(3)) {
	case 0:
		fprintf(file, "%s\tIN\tTXT\t( \"v=DKIM1; k=rsa; p=%.200s\"\n"
		    "\t\t\"%s\" ) ; made by opendkim-genkey\n", owner, key,
		    key + 200);
		break;
	case 1:
		fprintf(file, "%s 7200 IN TXT \"v=DKIM1; p=%.240s\" \"%s\"\n",
		    owner, key, key + 240);
		break;
	default:
		fprintf(file, "%s\tTXT (\n\t\"v=DKIM1; h=sha256; k=rsa; \"\n"
		    "\t\"p=%.120s\"\n\t\"%.120s\"\n\t\"%s\"\n\t)\n", owner,
		    key, key + 120, key + 240);
	}
}

/* ---- zones --------------------------------------------------------------- */

static void
write_head(FILE *file, const char *origin)
{
	fprintf(file, "$ORIGIN %s.\n$TTL 3600\n"
	    "@\tIN\tSOA\tns1 hostmaster (\n\t\t2026112300 ; serial\n"
	    "\t\t7200 3600 1209600 3600 )\n"
	    "\tIN\tNS\tns1\n\tIN\tNS\tns2\n"
	    "ns1\tIN\tA\t192.0.2.53\nns2\tIN\tA\t198.51.100.53\n", origin);
}

static void
write_tld(FILE *file, unsigned domains)
{
	char name[64];
	unsigned i, k;

	fputs("bench.\t86400\tin\tsoa\ta.nic.bench. hostmaster.nic.bench. "
	    "2026112300 1800 900 604800 86400\n"
	    "bench.\t86400\tin\tns\ta.nic.bench.\n"
	    "a.nic.bench.\t86400\tin\ta\t192.0.2.53\n", file);
	for (i = 0; i < domains; i++) {
		make_name(name, sizeof name, i);
		for (k = 1; k <= 2; k++)
			fprintf(file, "%s.bench.\t3600\tin\tns\tns%u.%s%u."
			    "bench.\n", name, k, parts[below(countof(parts))],
			    below(500));
		if (below(7) == 0)
			fprintf(file, "%s.bench.\t3600\tin\tds\t%u 13 2 "
			    "%08x%08x%08x%08x%08x%08x%08x%08x\n", name,
			    below(65536), below(UINT32_MAX), below(UINT32_MAX),
			    below(UINT32_MAX), below(UINT32_MAX),
			    below(UINT32_MAX), below(UINT32_MAX),
			    below(UINT32_MAX), below(UINT32_MAX));
		if (below(5) == 0)
			fprintf(file, "ns1.%s.bench.\t3600\tin\ta\t"
			    "11.%u.%u.%u\n", name, below(256), below(256),
			    1 + below(254));
	}
}

/* What a customer has, in about nine records. */
static void
write_customer(FILE *file, const char *name, unsigned number,
    const char *origin)
{
	const char *policy = any_policy();
	char owner[128], full[256];

	if (below(10) == 0)
		fprintf(file, "; customer %u\n", number);
	fprintf(file, "%s\tIN\tA\t11.%u.%u.%u\n", name, below(256),
	    below(256), 1 + below(254));
	if (below(2) == 0)
		fprintf(file, "\tIN\tAAAA\t2001:db8:%x::%x\n", below(65536),
		    1 + below(65535));
	fprintf(file, "\tIN\tMX\t10 mx1.%s.\n\tIN\tMX\t20 mx2.%s.\n", origin,
	    origin);
	write_spf(file, name);
	snprintf(owner, sizeof owner, "_dmarc.%s", name);
	snprintf(full, sizeof full, "%s.%s", name, origin);
	write_dmarc(file, owner, full, policy);
	snprintf(owner, sizeof owner, "s2026._domainkey.%s", name);
	write_dkim(file, owner);
	fprintf(file, "www.%s\tIN\tCNAME\t%s\n", name, name);
	/* What is stricter than the provider's own would not hold there. */
	if (policy[0] == 'r')
		fprintf(file, "_dmarc.www.%s\tIN\tTXT\t\"v=DMARC1; p=reject; "
		    "rua=mailto:dmarc@%s\"\n", name, full);
	if (below(3) == 0)
		fprintf(file, "_imaps._tcp.%s\tIN\tSRV\t0 1 993 mx1.%s.\n",
		    name, origin);
}

static void
write_mail_hosts(FILE *file)
{
	unsigned i;

	for (i = 1; i <= 2; i++)
		fprintf(file, "mx%u\tIN\tA\t192.0.2.%u\n"
		    "\tIN\tTXT\t\"v=spf1 a -all\"\n", i, 24 + i);
	fputs("@\tIN\tTXT\t\"v=spf1 -all\"\n"
	    "_dmarc\tIN\tTXT\t\"v=DMARC1; p=quarantine\"\n", file);
}

static void
write_small(FILE *file, const char *origin)
{
	unsigned i;

	write_head(file, origin);
	fprintf(file, "@\tIN\tMX\t10 mx1\n\tIN\tMX\t20 mx2\n"
	    "mx1\tIN\tA\t192.0.2.25\nmx2\tIN\tA\t192.0.2.26\n");
	write_spf(file, "@");
	write_dmarc(file, "_dmarc", origin, any_policy());
	write_dkim(file, "s2026._domainkey");
	for (i = 0; i < 18; i++)
		fprintf(file, "%s%u\tIN\tA\t11.%u.%u.%u\n",
		    parts[below(countof(parts))], i, below(256), below(256),
		    1 + below(254));
}

/* ---- customers that are hardly alike ------------------------------------- */

/* Any includes one after the other, and any networks. */
static void
write_own_spf(FILE *file)
{
	static const char *const includes[] = {
		"_spf.google.com", "spf.protection.outlook.com",
		"sendgrid.net", "amazonses.com", "servers.mcsv.net",
		"mail.zendesk.com", "_spf.salesforce.com", "mailgun.org",
	};
	unsigned count = below(4), first = below(countof(includes)), i;

	fprintf(file, "\t\t\tIN\tTXT\t\"v=spf1%s%s", below(2) ? " mx" : "",
	    below(3) ? "" : " a");
	if (below(2))
		fprintf(file, " ip4:11.%u.%u.%u", below(256), below(256),
		    below(256));
	if (below(3) == 0)
		fprintf(file, " ip4:11.%u.%u.0/%u", below(256), below(256),
		    24 + below(9));
	for (i = 0; i < count; i++)
		fprintf(file, " include:%s",
		    includes[(first + i) % countof(includes)]);
	fprintf(file, " %call\"\n", "~-"[below(2)]);
	if (below(2))
		fprintf(file, "\t\t\tIN\tTXT\t"
		    "\"google-site-verification=%08x%08x%08x%08x\"\n",
		    below(UINT32_MAX), below(UINT32_MAX), below(UINT32_MAX),
		    below(UINT32_MAX));
}

static void
write_own_dmarc(FILE *file, const char *name)
{
	static const char *const policies[] = {
		"none", "quarantine", "reject", "reject",
	};

	fprintf(file, "\t1h\tIN\tTXT\t\"v=DMARC1; p=%s",
	    policies[below(countof(policies))]);
	if (below(2))
		fprintf(file, "; sp=%s", policies[below(countof(policies))]);
	if (below(3) == 0)
		fprintf(file, "; pct=%u", 1 + below(100));
	fprintf(file, "; rua=mailto:dmarc@%s", name);
	if (below(4) == 0)
		fprintf(file, "; ruf=mailto:dmarc@%s; fo=1; adkim=%c", name,
		    "rs"[below(2)]);
	fputs("\"\n", file);
}

/* A quarter have an origin of their own. */
static void
write_own_way(FILE *file, const char *name, const char *origin)
{
	bool own = below(4) == 0;
	const char *dot = own ? "" : ".", *below_it = own ? "" : name;
	char owner[128], full[256];

	snprintf(full, sizeof full, "%s.%s", name, origin);
	fprintf(file, ";\n; %s, since 20%02u\n;\n", name, 10 + below(16));
	if (own)
		fprintf(file, "$ORIGIN %s.\n@", full);
	else
		fprintf(file, "%-24s", name);
	fprintf(file, "\tIN\tA\t11.%u.%u.%u\n", below(256), below(256),
	    1 + below(254));
	if (below(3))
		fprintf(file, "\t\t300\tIN\tMX\t10 mx1.%s.\n"
		    "\t\t300\tIN\tMX\t20 mx2.%s.\n", origin, origin);
	else
		fputs("\t\t\tIN\tMX\t1 aspmx.l.google.com.\n", file);
	write_own_spf(file);
	fprintf(file, "_dmarc%s%s", dot, below_it);
	write_own_dmarc(file, full);
	snprintf(owner, sizeof owner, "%s._domainkey%s%s",
	    below(2) ? "default" : "mail2024", dot, below_it);
	write_dkim(file, owner);
	if (below(3) == 0)
		fprintf(file, "selector1._domainkey%s%s\tIN\tCNAME\t"
		    "selector1-%s._domainkey.%s.onmicrosoft.com.\n", dot,
		    below_it, name, name);
	fprintf(file, "www%s%s\tIN\tCNAME\t%s\n", dot, below_it,
	    own ? "@" : name);
	if (below(2))
		fprintf(file, "autodiscover%s%s\tIN\tCNAME\t"
		    "autodiscover.outlook.com.\n", dot, below_it);
	if (own)
		fprintf(file, "$ORIGIN %s.\n", origin);
}

static void
write_provider(FILE *file, unsigned names, bool varied)
{
	char name[64];
	unsigned i;

	write_head(file, "hosting.example");
	write_mail_hosts(file);
	for (i = 0; i < names; i++) {
		make_name(name, sizeof name, i);
		if (varied)
			write_own_way(file, name, "hosting.example");
		else
			write_customer(file, name, i, "hosting.example");
	}
}

static FILE *
fail(const char *path)
{
	fprintf(stderr, "zones: %s: %s\n", path, strerror(errno));
	exit(2);
}

static FILE *
open_file(const char *path)
{
	FILE *file = fopen(path, "w");

	return file == NULL ? fail(path) : file;
}

static void
finish(FILE *file, const char *name)
{
	if (fclose(file) == EOF)
		fail(name);
}

static void
write_folder(const char *folder, unsigned files)
{
	char path[4096], origin[128], name[64];
	unsigned i;
	FILE *file;

	for (i = 0; i < files; i++) {
		snprintf(path, sizeof path, "%s/%03u", folder, i / 1000);
		if (i % 1000 == 0 && mkdir(path, 0777) == -1)
			fail(path);
		make_name(name, sizeof name, i);
		snprintf(origin, sizeof origin, "%s.example", name);
		snprintf(path, sizeof path, "%s/%03u/%s.zone", folder,
		    i / 1000, origin);
		if ((file = fopen(path, "w")) == NULL)
			file = fail(path);
		write_small(file, origin);
		if (fclose(file) == EOF)
			fail(path);
	}
}

/* ---- a configuration ----------------------------------------------------- */

static void
write_senders(FILE *file)
{
	static const char *const includes[] = {
		"_spf.google.com", "spf.protection.outlook.com",
		"amazonses.com",
	};
	char key[4 * MODULUS];
	unsigned i;

	fputs("keys:\n", file);
	for (i = 0; i < SENDERS; i++) {
		make_key(key);
		fprintf(file, "  key%u: {selector: s%u, public: %s}\n", i, i,
		    key);
	}
	fputs("senders:\n", file);
	for (i = 0; i < SENDERS; i++) {
		fprintf(file, "  sender%u:\n    spf: [\"ip4:11.%u.%u.0/28\"",
		    i, below(256), below(256));
		if (below(3) == 0)
			fprintf(file, ", \"include:%s\"",
			    includes[below(countof(includes))]);
		fprintf(file, "]\n    keys: [key%u]\n    owner: team%u\n"
		    "    ticket: MAIL-%u\n", i, below(20), i);
	}
}

static void
write_sending(FILE *file, const char *name)
{
	unsigned first = below(SENDERS), more = below(3), i;

	fprintf(file, "  %s:\n    senders: [sender%u", name, first);
	for (i = 1; i <= more; i++)
		fprintf(file, ", sender%u", (first + i) % SENDERS);
	fprintf(file, "]\n    dmarc: {p: reject, np: reject}\n");
	if (below(20) == 0)
		fprintf(file, "    rollout: {start: 2026-%02u-01}\n",
		    1 + below(12));
}

static void
write_served(const char *name, bool sends)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof path, "zones/%s.zone", name);
	file = open_file(path);
	write_head(file, name);
	if (sends)
		fputs("@\tIN\tMX\t10 mx1\nmx1\tIN\tA\t192.0.2.25\n"
		    "mx1\tIN\tTXT\t\"v=spf1 a -all\"\n", file);
	finish(file, name);
}

static void
write_company(const char *folder, unsigned domains)
{
	FILE *config, *parked;
	char name[64];
	unsigned i;

	if (chdir(folder) == -1 || mkdir("zones", 0777) == -1)
		fail(folder);
	config = open_file("mailzone.yaml");
	parked = open_file("parked.txt");
	fputs("version: 1\nzones: [{files: \"zones/*.zone\"}]\n"
	    "defaults:\n  ttl: 1h\n"
	    "  dmarc: {rua: [mailto:dmarc@reports.example]}\n"
	    "parked: {files: [parked.txt]}\n", config);
	write_senders(config);
	fputs("domains:\n", config);
	for (i = 0; i < domains; i++) {
		make_name(name, sizeof name - 8, i);
		strcat(name, ".example");
		if (i % 10 == 0)
			write_sending(config, name);
		else
			fprintf(parked, "%s\n", name);
		write_served(name, i % 10 == 0);
	}
	finish(config, folder);
	finish(parked, folder);
}

int
main(int argc, char **argv)
{
	unsigned long count = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;

	find_primes();
	if (argc == 3 && count > 0 && strcmp(argv[1], "tld") == 0) {
		write_tld(stdout, (unsigned)count);
	} else if (argc == 3 && count > 0 &&
	    strcmp(argv[1], "provider") == 0) {
		write_provider(stdout, (unsigned)count, false);
	} else if (argc == 3 && count > 0 && strcmp(argv[1], "varied") == 0) {
		write_provider(stdout, (unsigned)count, true);
	} else if (argc == 4 && count > 0 && strcmp(argv[1], "small") == 0) {
		write_folder(argv[3], (unsigned)count);
	} else if (argc == 4 && count > 0 && strcmp(argv[1], "company") == 0) {
		write_company(argv[3], (unsigned)count);
	} else {
		fputs("usage: zones tld N | provider N | varied N | "
		    "small N FOLDER | company N FOLDER\n", stderr);
		return 2;
	}
	return fflush(stdout) == EOF ? 2 : 0;
}
