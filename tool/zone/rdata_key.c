/*
 * Fields of records that hold keys, digests and signatures: DNSSEC, SSHFP and
 * their like. Numbers may be given by the names that BIND knows.
 */
#include <string.h>

#include "base/buffer.h"
#include "zone/rdata.h"

struct mnemonic {
	uint32_t value;
	const char *name;
};

static const struct mnemonic algorithms[] = {	/* RFC 8624 section 3.1 */
	{ 1, "RSAMD5" }, { 2, "DH" }, { 3, "DSA" }, { 5, "RSASHA1" },
	{ 6, "NSEC3DSA" }, { 7, "NSEC3RSASHA1" }, { 8, "RSASHA256" },
	{ 10, "RSASHA512" }, { 12, "ECCGOST" }, { 13, "ECDSAP256SHA256" },
	{ 13, "ECDSA256" }, { 14, "ECDSAP384SHA384" }, { 14, "ECDSA384" },
	{ 15, "ED25519" }, { 16, "ED448" }, { 252, "INDIRECT" },
	{ 253, "PRIVATEDNS" }, { 254, "PRIVATEOID" }, { 0, NULL }
};

static const struct mnemonic protocols[] = {	/* RFC 2535 section 7.1 */
	{ 0, "NONE" }, { 1, "TLS" }, { 2, "EMAIL" }, { 3, "DNSSEC" },
	{ 4, "IPSEC" }, { 255, "ALL" }, { 0, NULL }
};

static const struct mnemonic digests[] = {
	{ 1, "SHA-1" }, { 1, "SHA1" }, { 2, "SHA-256" }, { 2, "SHA256" },
	{ 3, "GOST" }, { 4, "SHA-384" }, { 4, "SHA384" }, { 0, NULL }
};

static const struct mnemonic hashes[] = { { 1, "SHA-1" }, { 0, NULL } };

static const struct mnemonic certificates[] = {	/* RFC 4398 section 2.1 */
	{ 1, "PKIX" }, { 2, "SPKI" }, { 3, "PGP" }, { 4, "IPKIX" },
	{ 5, "ISPKI" }, { 6, "IPGP" }, { 7, "ACPKIX" }, { 8, "IACPKIX" },
	{ 253, "URI" }, { 254, "OID" }, { 0, NULL }
};

static const struct mnemonic schemes[] = { { 1, "NOTIFY" }, { 0, NULL } };

static const struct mnemonic flags[] = {	/* RFC 2535 section 7.1 */
	{ 0x4000, "NOCONF" }, { 0x8000, "NOAUTH" }, { 0xc000, "NOKEY" },
	{ 0x2000, "FLAG2" }, { 0x1000, "EXTEND" }, { 0x0800, "FLAG4" },
	{ 0x0400, "FLAG5" }, { 0x0000, "USER" }, { 0x0100, "ZONE" },
	{ 0x0200, "HOST" }, { 0x0300, "NTYP3" }, { 0x0080, "FLAG8" },
	{ 0x0040, "FLAG9" }, { 0x0020, "FLAG10" }, { 0x0010, "FLAG11" },
	{ 0x0000, "SIG0" }, { 0x0001, "SIG1" }, { 0x0002, "SIG2" },
	{ 0x0003, "SIG3" }, { 0x0004, "SIG4" }, { 0x0005, "SIG5" },
	{ 0x0006, "SIG6" }, { 0x0007, "SIG7" }, { 0x0008, "SIG8" },
	{ 0x0009, "SIG9" }, { 0x000a, "SIG10" }, { 0x000b, "SIG11" },
	{ 0x000c, "SIG12" }, { 0x000d, "SIG13" }, { 0x000e, "SIG14" },
	{ 0x000f, "SIG15" }, { 0x0001, "KSK" }, { 0, NULL }
};

enum {
	DIGEST_SHA1 = 20, DIGEST_SHA256 = 32, DIGEST_SHA384 = 48,
	DIGEST_SHA512 = 64
};

/* Of the name, without regard to case; false when it is none of them. */
static bool
find(const struct mnemonic *table, struct str name, uint32_t *value)
{
	for (; table->name != NULL; table++)
		if (str_is_case(name, table->name)) {
			*value = table->value;
			return true;
		}
	return false;
}

/* A number or a name, as a number. */
static bool
read_mnemonic(struct rdata *rdata, const struct mnemonic *table,
    unsigned octets, const char *words)
{
	uint64_t number;
	uint32_t value;
	struct str text;

	if (!rdata_word(rdata))
		return false;
	text = rdata->lexeme.text;
	if (text.n <= 12 && str_number(text, octets == 1 ? UINT8_MAX :
	    UINT16_MAX, &number))
		value = (uint32_t)number;
	else if (!find(table, text, &value))
		return rdata_fail(rdata, ZONE_SYNTAX, true, words);
	return rdata_add_number(rdata, value, octets);
}

static bool
print_mnemonic(struct printer *printer, const struct mnemonic *table,
    unsigned octets)
{
	uint32_t value;

	if (!printer_number(printer, octets, &value))
		return false;
	for (; table->name != NULL; table++)
		if (table->value == value) {
			buffer_add_cstr(printer->out, table->name);
			return true;
		}
	buffer_printf(printer->out, "%lu", (unsigned long)value);
	return true;
}

static bool
read_algorithm(struct rdata *rdata)
{
	return read_mnemonic(rdata, algorithms, 1,
	    "is no DNSSEC algorithm (a number or its name)");
}

static bool
print_algorithm_name(struct printer *printer)
{
	return print_mnemonic(printer, algorithms, 1);
}

static bool
read_protocol(struct rdata *rdata)
{
	return read_mnemonic(rdata, protocols, 1, "is no protocol of a key");
}

static bool
read_hash(struct rdata *rdata)
{
	return read_mnemonic(rdata, hashes, 1, "is no hash algorithm");
}

static bool
read_certificate(struct rdata *rdata)
{
	return read_mnemonic(rdata, certificates, 2,
	    "is no type of certificate");
}

static bool
print_certificate(struct printer *printer)
{
	return print_mnemonic(printer, certificates, 2);
}

static bool
read_scheme(struct rdata *rdata)
{
	return read_mnemonic(rdata, schemes, 1, "is no scheme of DSYNC");
}

static bool
print_scheme(struct printer *printer)
{
	return print_mnemonic(printer, schemes, 1);
}

static bool
print_number(struct printer *printer)
{
	uint32_t value;

	if (!printer_number(printer, 1, &value))
		return false;
	buffer_printf(printer->out, "%lu", (unsigned long)value);
	return true;
}

/* ---- keys ---------------------------------------------------------------- */

/* BIND takes the start of a name for the name: "Z" is ZONE. */
static bool
find_flags(struct str text, uint32_t *value)
{
	const struct mnemonic *row;
	struct str name;

	*value = 0;
	while (text.n > 0) {
		name = str_slice(text, 0, str_find(text, '|'));
		for (row = flags; row->name != NULL; row++)
			if (str_starts_case(str_from(row->name), name))
				break;
		if (row->name == NULL)
			return false;
		*value |= row->value;
		text = str_after(text, name.n + 1);
	}
	return true;
}

static bool
hex_number(struct str text, uint32_t *value)
{
	size_t i;
	int digit;

	if (text.n > 12 || !byte_is_digit((unsigned char)text.p[0]))
		return false;
	if (text.n > 2 && text.p[0] == '0' &&
	    byte_lower((unsigned char)text.p[1]) == 'x')
		text = str_after(text, 2);
	for (*value = 0, i = 0; i < text.n; i++) {
		digit = byte_hex_value((unsigned char)text.p[i]);
		if (digit < 0 || *value > UINT16_MAX >> 4)
			return false;
		*value = *value << 4 | (uint32_t)digit;
	}
	return true;
}

static bool
read_flags(struct rdata *rdata)
{
	uint64_t number;
	uint32_t value;
	struct str text;

	if (!rdata_word(rdata))
		return false;
	text = rdata->lexeme.text;
	if (str_number(text, UINT16_MAX, &number) && text.n <= 12)
		value = (uint32_t)number;
	else if (!hex_number(text, &value) && !find_flags(text, &value))
		return rdata_fail(rdata, ZONE_SYNTAX, true,
		    "is no set of key flags (a number, or names with |)");
	if (rdata->type == 57 && value != 0)
		return rdata_fail(rdata, ZONE_SYNTAX, true,
		    "must be 0 in an RKEY");
	return rdata_add_number(rdata, value, 2);
}

static bool
print_flags(struct printer *printer)
{
	uint32_t value;

	if (!printer_number(printer, 2, &value) ||
	    (printer->type == 57 && value != 0))
		return false;
	buffer_printf(printer->out, "%lu", (unsigned long)value);
	return true;
}

/* A KEY can say that there is none (RFC 2535 section 3.1.2). */
static bool
has_no_key(uint16_t type, const unsigned char *octets)
{
	return (type == RR_KEY && (octets[0] & 0xc0) == 0xc0) ||
	    (type == 65533 && ((octets[12] & 0xc0) == 0xc0 ||
	    memcmp(octets + 12, "\0\0\0\0", 4) == 0));
}

static bool
read_key(struct rdata *rdata)
{
	return has_no_key(rdata->type, rdata->octets) ||
	    rdata_read_some_base64(rdata);
}

static bool
print_key(struct printer *printer)
{
	const unsigned char *octets =
	    (const unsigned char *)printer->in.text.p;
	struct str rest = cursor_rest(&printer->in);

	if (has_no_key(printer->type, octets))
		return rest.n == 0;
	if (rest.n == 0)
		return false;
	rdata_print_base64(printer->out, rest, true);
	printer->in.here = printer->in.text.n;
	return true;
}

/* ---- digests ------------------------------------------------------------- */

static size_t
ds_length(uint32_t type)
{
	switch (type) {
	case 1:
		return DIGEST_SHA1;
	case 2:
		return DIGEST_SHA256;
	case 4:
		return DIGEST_SHA384;
	default:
		return 0;
	}
}

/* Type and digest of a DS; the known ones have their lengths. */
static bool
read_ds_digest(struct rdata *rdata)
{
	return read_mnemonic(rdata, digests, 1, "is no type of digest") &&
	    rdata_read_hex(rdata, ds_length(rdata->octets[rdata->length -
	    1]));
}

static bool
print_digest(struct printer *printer, size_t length, uint32_t type,
    bool may_lack)
{
	struct str octets = cursor_rest(&printer->in);

	if (length != 0 ? octets.n != length : octets.n == 0 && !may_lack)
		return false;
	buffer_printf(printer->out, octets.n > 0 ? "%lu " : "%lu",
	    (unsigned long)type);
	rdata_print_hex(printer->out, octets, true);
	printer->in.here = printer->in.text.n;
	return true;
}

static bool
print_ds_digest(struct printer *printer)
{
	uint32_t type;

	return printer_number(printer, 1, &type) &&
	    print_digest(printer, ds_length(type), type, false);
}

/* Of SSHFP, RFC 4255 and RFC 6594. */
static size_t
fingerprint_length(uint32_t type)
{
	return type == 1 ? DIGEST_SHA1 : type == 2 ? DIGEST_SHA256 : 0;
}

static bool
read_fingerprint(struct rdata *rdata)
{
	uint32_t type;

	if (!rdata_number(rdata, UINT8_MAX, &type) ||
	    !rdata_add_number(rdata, type, 1))
		return false;
	if (type != 1 && type != 2 && !rdata_more(rdata, 0))
		return true;
	return rdata_read_hex(rdata, fingerprint_length(type));
}

static bool
print_fingerprint(struct printer *printer)
{
	uint32_t type;

	return printer_number(printer, 1, &type) &&
	    print_digest(printer, fingerprint_length(type), type, true);
}

/* Of ZONEMD, RFC 8976 section 2.2. */
enum { ZONEMD_SHORTEST = 12 };

static size_t
zone_digest_length(uint32_t type)
{
	return type == 1 ? DIGEST_SHA384 : type == 2 ? DIGEST_SHA512 : 0;
}

static bool
read_zone_digest(struct rdata *rdata)
{
	uint32_t type;
	size_t start;

	if (!rdata_number(rdata, UINT8_MAX, &type) ||
	    !rdata_add_number(rdata, type, 1))
		return false;
	start = rdata->length;
	if (!rdata_read_hex(rdata, zone_digest_length(type)))
		return false;
	return rdata->length - start >= ZONEMD_SHORTEST || rdata_fail(rdata,
	    ZONE_SYNTAX, true, "is shorter than 12 octets");
}

static bool
print_zone_digest(struct printer *printer)
{
	uint32_t type;

	return printer_number(printer, 1, &type) &&
	    cursor_rest(&printer->in).n >= ZONEMD_SHORTEST &&
	    print_digest(printer, zone_digest_length(type), type, false);
}

/* ---- sets of types (RFC 4034 section 4.1.2) ------------------------------ */

enum { WINDOWS = 256, WINDOW = 32 };

static bool
read_types(struct rdata *rdata, bool may_lack)
{
	unsigned char bits[WINDOWS * WINDOW] = { 0 };
	unsigned char head[2];
	bool some = false;
	uint16_t type;
	size_t i, n;

	while (rdata_more(rdata, 0)) {
		if (!rdata_word(rdata))
			return false;
		if (!rrtype_parse(rdata->lexeme.text, &type))
			return rdata_fail(rdata, ZONE_SYNTAX, true,
			    "is no record type");
		bits[type / 8] |= (unsigned char)(0x80 >> type % 8);
		some = true;
	}
	if (!some && !may_lack)
		return rdata_fail(rdata, ZONE_SYNTAX, false,
		    "the entry ends too early");
	for (i = 0; i < WINDOWS; i++) {
		for (n = WINDOW; n > 0 && bits[i * WINDOW + n - 1] == 0; n--)
			continue;
		head[0] = (unsigned char)i;
		head[1] = (unsigned char)n;
		if (n > 0 && !(rdata_add(rdata, head, 2) &&
		    rdata_add(rdata, bits + i * WINDOW, n)))
			return false;
	}
	return true;
}

static bool
read_types_or_none(struct rdata *rdata)
{
	return read_types(rdata, true);
}

static bool
read_some_types(struct rdata *rdata)
{
	return read_types(rdata, false);
}

void
rdata_print_type(struct buffer *out, uint16_t type)
{
	const struct rrtype_row *row = rrtype_row(type);

	if (row != NULL && (row->attributes & TYPE_NUMBER) == 0)
		buffer_add_cstr(out, row->name);
	else
		buffer_printf(out, "TYPE%u", (unsigned)type);
}

static void
print_window(struct printer *printer, uint32_t window, struct str bits,
    bool *first)
{
	size_t i;

	for (i = 0; i < bits.n * 8; i++) {
		if (((unsigned char)bits.p[i / 8] & 0x80 >> i % 8) == 0)
			continue;
		if (!*first)
			buffer_add_byte(printer->out, ' ');
		*first = false;
		rdata_print_type(printer->out,
		    (uint16_t)(window * WINDOW * 8 + i));
	}
}

static bool
print_types_or_none(struct printer *printer)
{
	uint32_t window, length;
	int64_t last = -1;
	struct str bits;
	bool first = true;

	while (cursor_peek(&printer->in) != END) {
		if (!printer_number(printer, 1, &window) ||
		    !printer_number(printer, 1, &length) ||
		    window <= last || length < 1 || length > WINDOW ||
		    !printer_take(printer, length, &bits) ||
		    bits.p[bits.n - 1] == 0)
			return false;
		print_window(printer, window, bits, &first);
		last = window;
	}
	return true;
}

static bool
print_some_types(struct printer *printer)
{
	return cursor_peek(&printer->in) != END &&
	    print_types_or_none(printer);
}

/* ---- signatures ---------------------------------------------------------- */

/* A type by its name or its number. */
static bool
read_covered(struct rdata *rdata)
{
	int64_t number;
	uint16_t type;

	if (!rdata_word(rdata))
		return false;
	if (!rrtype_parse(rdata->lexeme.text, &type)) {
		if (!long_whole(rdata->lexeme.text, &number) || number < 0 ||
		    number > UINT16_MAX)
			return rdata_fail(rdata, ZONE_SYNTAX, true,
			    "is no record type");
		type = (uint16_t)number;
	}
	return rdata_add_number(rdata, type, 2);
}

static bool
print_covered(struct printer *printer)
{
	uint32_t type;

	if (!printer_number(printer, 2, &type))
		return false;
	if (printer->type == RR_SIG && rrtype_row((uint16_t)type) == NULL)
		buffer_printf(printer->out, "%lu", (unsigned long)type);
	else
		rdata_print_type(printer->out, (uint16_t)type);
	return true;
}

static bool
is_leap(int64_t year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int64_t
days_of(int64_t year, int64_t month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
	    30, 31 };

	return days[month - 1] + (month == 2 && is_leap(year));
}

/*
 * Days before a year, from 0 on, counted from 1970. Leap years are those of
 * 400 years later, lest anything divided is negative.
 */
static int64_t
days_before(int64_t year)
{
	int64_t y = year - 1 + 400;

	return 365 * (year - 1970) + (y / 4 - 2369 / 4) -
	    (y / 100 - 2369 / 100) + (y / 400 - 2369 / 400);
}

bool
rdata_time(struct str text, int64_t *seconds)
{
	static const size_t ends[] = { 4, 6, 8, 10, 12, 14 };
	uint64_t part[6];
	size_t i, start = 0;
	int64_t days, year, month;

	if (text.n != 14)
		return false;
	for (i = 0; i < 6; start = ends[i++])
		if (!str_number(str_slice(text, start, ends[i]), 9999,
		    &part[i]))
			return false;
	year = (int64_t)part[0];
	month = (int64_t)part[1];
	if (month < 1 || month > 12 || part[2] < 1 ||
	    (int64_t)part[2] > days_of(year, month) || part[3] > 23 ||
	    part[4] > 59 || part[5] > 60)
		return false;
	days = days_before(year) + (int64_t)part[2] - 1;
	while (--month > 0)
		days += days_of(year, month);
	*seconds = days * 86400 + (int64_t)(part[3] * 3600 + part[4] * 60 +
	    part[5]);
	return true;
}

enum { SIGNATURE_LABELS = 3 };		/* where they stand in the rdata */

/*
 * Who signed: its zone holds the owner, so it has no more labels than the
 * owner, of which RRSIG says how many it has (RFC 4034 section 3.1.3).
 */
static bool
signs(const unsigned char *octets, size_t signer)
{
	size_t labels = 0;

	for (; octets[signer] != 0; signer += octets[signer] + 1u)
		labels++;
	return labels <= octets[SIGNATURE_LABELS];
}

static bool
read_signer(struct rdata *rdata)
{
	size_t signer = rdata->length;

	return rdata_word(rdata) && rdata_add_name(rdata) &&
	    (signs(rdata->octets, signer) || rdata_fail(rdata, ZONE_SYNTAX,
	    true, "has more labels than the name it signs"));
}

static bool
print_signer(struct printer *printer)
{
	size_t signer = printer->in.here;

	return rdata_print_name(printer) && signs(
	    (const unsigned char *)printer->in.text.p, signer);
}

/* RRSIG takes seconds too (RFC 4034 section 3.2), SIG does not. */
static bool
read_time(struct rdata *rdata, bool plain)
{
	uint64_t number;
	int64_t seconds;

	if (!rdata_word(rdata))
		return false;
	if (plain && rdata->lexeme.text.n <= 10 &&
	    str_number(rdata->lexeme.text, UINT32_MAX, &number))
		seconds = (int64_t)number;
	else if (!rdata_time(rdata->lexeme.text, &seconds))
		return rdata_fail(rdata, ZONE_SYNTAX, true,
		    "is no time (YYYYMMDDHHMMSS)");
	return rdata_add_number(rdata, (uint32_t)seconds, 4);
}

static bool
read_signature_time(struct rdata *rdata)
{
	return read_time(rdata, true);
}

static bool
read_old_time(struct rdata *rdata)
{
	return read_time(rdata, false);
}

/*
 * The octets stand for the moment that is nearest to today (RFC 4034 section
 * 3.1.5). For what was signed in these decades 2027-01-01 is near enough, so
 * that the same file is always printed alike.
 */
#define THESE_DAYS	INT64_C(1798761600)

static bool
print_time(struct printer *printer)
{
	uint32_t value;
	int64_t days, seconds, year = 1970, month = 1;

	if (!printer_number(printer, 4, &value))
		return false;
	seconds = THESE_DAYS + (int32_t)(value - (uint32_t)THESE_DAYS);
	days = seconds / 86400 - (seconds % 86400 < 0);
	seconds -= days * 86400;
	while (days < 0)
		days += 365 + is_leap(--year);
	while (days >= 365 + is_leap(year))
		days -= 365 + is_leap(year++);
	while (days >= days_of(year, month))
		days -= days_of(year, month++);
	buffer_printf(printer->out, "%04d%02d%02d%02d%02d%02d", (int)year,
	    (int)month, (int)days + 1, (int)(seconds / 3600),
	    (int)(seconds / 60 % 60), (int)(seconds % 60));
	return true;
}

const struct rdata_field rdata_key_fields[] = {
	{ 'k', read_algorithm,		print_number },
	{ 'K', read_algorithm,		print_algorithm_name },
	{ 'F', read_flags,		print_flags },
	{ 'P', read_protocol,		print_number },
	{ 'J', read_key,		print_key },
	{ 'D', read_ds_digest,		print_ds_digest },
	{ 'h', read_fingerprint,	print_fingerprint },
	{ 'z', read_zone_digest,	print_zone_digest },
	{ 'H', read_hash,		print_number },
	{ 'w', read_types_or_none,	print_types_or_none },
	{ 'W', read_some_types,		print_some_types },
	{ 'y', read_covered,		print_covered },
	{ 'U', read_signer,		print_signer },
	{ 'T', read_signature_time,	print_time },
	{ 't', read_old_time,		print_time },
	{ 'c', read_certificate,	print_certificate },
	{ 'v', read_scheme,		print_scheme },
	{ 0, NULL, NULL }
};
