/*
 * Keys in DER: just enough to tell what a published key is.
 */
#include "auth/auth.h"

enum { INTEGER = 0x02, BIT_STRING = 0x03, OCTET_STRING = 0x04, OID = 0x06,
	SEQUENCE = 0x30, ED25519_OCTETS = 32 };

/* 1.2.840.113549.1.1.1 and 1.3.101.112, RFC 8017 and RFC 8410. */
static const struct str oid_rsa =
    STR_INIT("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01");
static const struct str oid_ed25519 = STR_INIT("\x2b\x65\x70");
static const struct str null = STR_INIT("\x05\x00");

/*
 * The octets of the length and what they say; only the shortest form is DER.
 */
static bool
read_length(struct cursor *in, size_t *length)
{
	int byte = cursor_next(in), count;

	if (byte == END)
		return false;
	*length = (size_t)byte;
	if (byte < 0x80)
		return true;
	count = byte - 0x80;
	if (count < 1 || count > 4)
		return false;
	*length = 0;
	while (count-- > 0) {
		byte = cursor_next(in);
		if (byte == END || (byte == 0 && *length == 0))
			return false;
		*length = *length << 8 | (size_t)byte;
	}
	return *length >= 0x80;
}

/* A value of this type; the cursor moves behind it. */
static bool
read_value(struct cursor *in, int type, struct str *content)
{
	size_t length;

	if (!cursor_accept(in, type) || !read_length(in, &length) ||
	    length > in->text.n - in->here)
		return false;
	*content = str_slice(in->text, in->here, in->here + length);
	in->here += length;
	return true;
}

/* A positive number without its leading zeros. */
static bool
read_positive(struct cursor *in, struct str *number)
{
	if (!read_value(in, INTEGER, number) || number->n == 0 ||
	    (unsigned char)number->p[0] >= 0x80)
		return false;
	while (number->n > 0 && number->p[0] == 0)
		*number = str_after(*number, 1);
	return number->n > 0;
}

static unsigned
count_bits(struct str number)
{
	unsigned bits = (unsigned)(number.n - 1) * 8;
	unsigned byte;

	for (byte = (unsigned char)number.p[0]; byte != 0; byte >>= 1)
		bits++;
	return bits;
}

static uint64_t
number_value(struct str number)
{
	uint64_t value = 0;
	size_t i;

	if (number.n > sizeof(value))
		return 0;
	for (i = 0; i < number.n; i++)
		value = value << 8 | (unsigned char)number.p[i];
	return value;
}

/* modulus, publicExponent, and nothing else. */
static bool
read_rsa(struct str content, struct der_key *key)
{
	struct cursor in = { content, 0 };
	struct str exponent;

	if (!read_positive(&in, &key->modulus) ||
	    !read_positive(&in, &exponent) || cursor_peek(&in) != END)
		return false;
	key->algorithm = DKIM_RSA;
	key->bits = count_bits(key->modulus);
	key->exponent = number_value(exponent);
	return true;
}

/* What a SubjectPublicKeyInfo holds for its algorithm. */
static bool
read_public(struct str oid, struct str parameters, struct str octets,
    struct der_key *key)
{
	struct cursor in = { octets, 0 };
	struct str content;

	if (str_equal(oid, oid_rsa))
		return (parameters.n == 0 || str_equal(parameters, null)) &&
		    read_value(&in, SEQUENCE, &content) &&
		    cursor_peek(&in) == END && read_rsa(content, key);
	key->algorithm = DKIM_OTHER;
	if (!str_equal(oid, oid_ed25519))
		return true;
	if (parameters.n > 0 || octets.n != ED25519_OCTETS)
		return false;
	key->algorithm = DKIM_ED25519;
	key->bits = 256;
	key->raw = octets;
	return true;
}

/*
 * SEQUENCE { algorithm, BIT STRING } is public; with an OCTET STRING it is a
 * private key under a pass phrase.
 */
static enum der_form
read_spki(struct cursor in, struct der_key *key)
{
	struct str algorithm, oid, octets;
	struct cursor inner;

	if (!read_value(&in, SEQUENCE, &algorithm))
		return DER_NOTHING;
	inner = (struct cursor){ algorithm, 0 };
	if (!read_value(&inner, OID, &oid))
		return DER_NOTHING;
	if (cursor_peek(&in) == OCTET_STRING)
		return DER_PRIVATE;
	if (!read_value(&in, BIT_STRING, &octets) ||
	    cursor_peek(&in) != END || octets.n == 0 || octets.p[0] != 0)
		return DER_NOTHING;
	return read_public(oid, cursor_rest(&inner), str_after(octets, 1),
	    key) ? DER_SPKI : DER_NOTHING;
}

/* A version 0 or 1, and then what only private keys have. */
static bool
is_private(struct cursor in)
{
	struct str version, number;
	unsigned count = 0;

	if (!read_value(&in, INTEGER, &version) || version.n != 1 ||
	    (unsigned char)version.p[0] > 1)
		return false;
	if (cursor_peek(&in) == SEQUENCE || cursor_peek(&in) == OCTET_STRING)
		return true;
	while (read_value(&in, INTEGER, &number))
		count++;
	return count > 2;
}

struct der_key
der_read_key(struct str octets)
{
	struct der_key key = { 0 };
	struct cursor in = { octets, 0 };
	struct str content;
	size_t length;

	if (!cursor_accept(&in, SEQUENCE) || !read_length(&in, &length))
		return key;
	if (length > octets.n - in.here) {
		key.form = DER_TRUNCATED;
		return key;
	}
	content = str_slice(octets, in.here, in.here + length);
	in.here += length;
	if (cursor_peek(&in) != END) {
		key.form = DER_TRAILING;
		return key;
	}
	in = (struct cursor){ content, 0 };
	if (cursor_peek(&in) == SEQUENCE)
		key.form = read_spki(in, &key);
	else if (is_private(in))
		key.form = DER_PRIVATE;
	else if (read_rsa(content, &key))
		key.form = DER_PKCS1;
	if (key.form != DER_SPKI && key.form != DER_PKCS1)
		key = (struct der_key){ .form = key.form };
	return key;
}
