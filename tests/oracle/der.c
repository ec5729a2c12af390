/*
 * Our reader of keys beside OpenSSL's: real keys, each with an octet changed,
 * added or lost. Prints how often they agree, and where they do not for no
 * reason that stands here; then it ends with 1.
 */
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "auth/auth.h"
#include "base/arena.h"
#include "lines.h"

static const char *const seeds[] = {
	/* RSA of 1024 bits, SubjectPublicKeyInfo. */
	"30819f300d06092a864886f70d010101050003818d0030818902818100c1f5f8"
	"3aa12f0c852b3a85c78517aded10985ea403cfd5448dbe6fac0c854cf6486884"
	"dbee7e2ae80178f7f3c76f0b5b34ee1bc360fdfbf4490dff31cf6bd841dc3500"
	"6e1f4d930ae0ddab11f0376582f0c317d1aaee4a2ef7dbf2bbbbc216849e38e2"
	"5e4d5e2f05a7691cd75e62c62cac5c2cbff7eff891727845c486b4852b020301"
	"0001",
	/* The same, RSAPublicKey. */
	"30818902818100c1f5f83aa12f0c852b3a85c78517aded10985ea403cfd5448d"
	"be6fac0c854cf6486884dbee7e2ae80178f7f3c76f0b5b34ee1bc360fdfbf449"
	"0dff31cf6bd841dc35006e1f4d930ae0ddab11f0376582f0c317d1aaee4a2ef7"
	"dbf2bbbbc216849e38e25e4d5e2f05a7691cd75e62c62cac5c2cbff7eff89172"
	"7845c486b4852b0203010001",
	/* Ed25519, SubjectPublicKeyInfo. */
	("302a300506032b6570032100e2c9d9369b0bf7e387a4b7993411b11fb8036be5"
	"d438d4e667ec2ec87a5d367a"),
};

enum { HEAD = 40, TAIL = 12 };

/* What one of them reads. */
struct reading {
	enum { NOTHING, RSA_KEY, ED25519_KEY } kind;
	int bits;
};

static struct reading
read_ours(struct str octets)
{
	struct der_key key = der_read_key(octets);
	struct reading reading = { NOTHING, 0 };

	if (key.form != DER_SPKI && key.form != DER_PKCS1)
		return reading;
	if (key.algorithm == DKIM_RSA)
		reading = (struct reading){ RSA_KEY, (int)key.bits };
	else if (key.algorithm == DKIM_ED25519)
		reading = (struct reading){ ED25519_KEY, 256 };
	return reading;
}

/* Either form, and nothing behind it. */
static struct reading
read_theirs(struct str octets)
{
	const unsigned char *here = (const unsigned char *)octets.p;
	const unsigned char *end = here + octets.n;
	EVP_PKEY *key = d2i_PUBKEY(NULL, &here, (long)octets.n);
	struct reading reading = { NOTHING, 0 };

	if (key == NULL) {
		here = (const unsigned char *)octets.p;
		key = d2i_PublicKey(EVP_PKEY_RSA, NULL, &here,
		    (long)octets.n);
	}
	if (key == NULL)
		return reading;
	if (here == end && EVP_PKEY_base_id(key) == EVP_PKEY_RSA)
		reading = (struct reading){ RSA_KEY, EVP_PKEY_bits(key) };
	else if (here == end && EVP_PKEY_base_id(key) == EVP_PKEY_ED25519)
		reading = (struct reading){ ED25519_KEY, 256 };
	EVP_PKEY_free(key);
	return reading;
}

static void
add_seed(struct buffer *out, const char *seed)
{
	static char hex[2048];
	size_t length = strlen(seed);

	memcpy(hex, seed, length + 1);
	buffer_add(out, (struct str){ hex, read_hex(hex) });
}

/* Near the start and the end, where there is more than a random number. */
static void
change(struct buffer *out)
{
	size_t from = roll(3) == 0 && out->n > TAIL ? out->n - TAIL : 0;
	size_t room = out->n - from < HEAD ? out->n - from : HEAD;
	struct buffer part = { 0 };

	buffer_add(&part, (struct str){ out->p + from, room });
	spoil(&part, 0, (int)roll(3) == 0 ? (int)roll(4) : (int)roll(256));
	buffer_add(&part, str_after(buffer_str(out), from + room));
	out->n = from;
	buffer_add(out, buffer_str(&part));
	buffer_free(&part);
}

/* ---- what OpenSSL takes and we do not, for a reason ---------------------- */

/* What stands at an offset; 0 behind the end. */
static unsigned
octet(struct str octets, size_t at)
{
	return at < octets.n ? (unsigned char)octets.p[at] : 0;
}

/* It forgets the sign; a modulus and an exponent are positive, RFC 8017. */
static bool
has_negative_number(struct str octets, size_t at)
{
	return octet(octets, at) == 0x02 &&
	    ((octet(octets, at + 1) == 0x81 && octet(octets, at + 3) > 127) ||
	    (octet(octets, at + 1) < 128 && octet(octets, at + 2) > 127));
}

/* It cuts bits off; a key is whole octets, RFC 5280 section 4.1.2.7. */
static bool
has_unused_bits(struct str octets, size_t at)
{
	size_t content = at + (octet(octets, at + 1) == 0x81 ? 3 : 2);

	return octet(octets, at) == 0x03 && octet(octets, content) > 0 &&
	    octet(octets, content) < 8;
}

/* It passes over the parameters, which are NULL: RFC 3279 section 2.3.1. */
static bool
has_other_parameters(struct str octets, size_t at)
{
	static const struct str rsa = STR_INIT(
	    "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01");

	return str_starts(str_after(octets, at), rsa) &&
	    (octet(octets, at + rsa.n) != 0x05 ||
	    octet(octets, at + rsa.n + 1) != 0);
}

/* It takes longer forms of a length; only the shortest is DER. */
static bool
has_long_length(struct str octets, size_t at)
{
	unsigned form = octet(octets, at + 1);

	return (octet(octets, at) == 0x30 || octet(octets, at) == 0x03) &&
	    ((form == 0x81 && octet(octets, at + 2) < 128) ||
	    (form == 0x82 && octet(octets, at + 2) == 0));
}

static bool (*const reasons[])(struct str, size_t) = {
	has_negative_number, has_unused_bits, has_other_parameters,
	has_long_length,
};

static bool
is_explained(const struct reading *ours, struct str octets)
{
	size_t at, i;

	for (at = 0; ours->kind == NOTHING && at < octets.n; at++)
		for (i = 0; i < countof(reasons); i++)
			/* In between the modulus may say anything. */
			if ((at < HEAD || at + TAIL > octets.n) &&
			    reasons[i](octets, at))
				return true;
	return false;
}

int
main(int argc, char **argv)
{
	size_t alike = 0, explained = 0, wrong = 0;
	struct reading ours, theirs;
	struct buffer key = { 0 };
	unsigned long round, rounds = 60000;

	if (argc > 1)
		rounds = strtoul(argv[1], NULL, 10);
	for (round = 0; round < rounds; round++) {
		buffer_clear(&key);
		add_seed(&key, CHOOSE(seeds));
		if (roll(50) > 0)
			change(&key);
		if (roll(4) == 0)
			change(&key);
		ours = read_ours(buffer_str(&key));
		theirs = read_theirs(buffer_str(&key));
		if (ours.kind == theirs.kind && ours.bits == theirs.bits)
			alike++;
		else if (is_explained(&ours, buffer_str(&key)))
			explained++;
		else if (wrong++ < 20) {
			printf("# ours %d of %d bits, OpenSSL %d of %d: ",
			    ours.kind, ours.bits, theirs.kind, theirs.bits);
			print_hex(&key);
		}
	}
	printf("%s OpenSSL: %zu alike, %zu explained, %zu not\n",
	    wrong > 0 ? "not ok" : "ok", alike, explained, wrong);
	buffer_free(&key);
	return wrong > 0;
}
