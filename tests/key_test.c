/*
 * Keys in all forms that operators have, made by OpenSSL here and now, so
 * that what we tell of a key can be held against OpenSSL.
 */
#include "support.h"

#include <stdio.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/decoder.h>
#include <openssl/err.h>
#include <openssl/encoder.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "auth/auth.h"
#include "base/arena.h"

static const struct {
	const char *name;
	enum dkim_algorithm algorithm;
	unsigned bits;
} kinds[] = {
	{ "RSA", DKIM_RSA, 1024 },
	{ "RSA", DKIM_RSA, 1031 },
	{ "RSA", DKIM_RSA, 2048 },
	{ "ED25519", DKIM_ED25519, 256 },
	{ "EC", DKIM_OTHER, 256 },
};

static EVP_PKEY *pkeys[countof(kinds)];

static int
make_keys(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < countof(kinds); i++) {
		if (kinds[i].algorithm == DKIM_RSA)
			pkeys[i] = EVP_PKEY_Q_keygen(NULL, NULL, "RSA",
			    (size_t)kinds[i].bits);
		else if (kinds[i].algorithm == DKIM_OTHER)
			pkeys[i] = EVP_PKEY_Q_keygen(NULL, NULL, "EC",
			    "P-256");
		else
			pkeys[i] = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
		if (pkeys[i] == NULL)
			return -1;
	}
	return 0;
}

static int
free_keys(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < countof(kinds); i++)
		EVP_PKEY_free(pkeys[i]);
	return 0;
}

enum { PUBLIC = EVP_PKEY_PUBLIC_KEY, PRIVATE = EVP_PKEY_KEYPAIR };

/* A key as OpenSSL writes it; STR_NONE when there is no such form. */
static struct str
encode(struct arena *arena, EVP_PKEY *pkey, int selection, const char *form,
    const char *structure, const char *pass_phrase)
{
	OSSL_ENCODER_CTX *encoder = OSSL_ENCODER_CTX_new_for_pkey(pkey,
	    selection, form, structure, NULL);
	unsigned char *octets = NULL;
	struct str copy = STR_NONE;
	size_t length = 0;

	if (pass_phrase != NULL)
		OSSL_ENCODER_CTX_set_cipher(encoder, "AES-256-CBC", NULL);
	if (pass_phrase != NULL)
		OSSL_ENCODER_CTX_set_passphrase(encoder,
		    (const unsigned char *)pass_phrase, strlen(pass_phrase));
	if (OSSL_ENCODER_CTX_get_num_encoders(encoder) > 0 &&
	    OSSL_ENCODER_to_data(encoder, &octets, &length) == 1)
		copy = arena_copy(arena, (struct str){ (const char *)octets,
		    length });
	OPENSSL_free(octets);
	OSSL_ENCODER_CTX_free(encoder);
	ERR_clear_error();
	return copy;
}

/* What belongs behind "p=": by RFC 6376 and RFC 8463. */
static struct str
published(struct arena *arena, size_t kind)
{
	struct str octets = encode(arena, pkeys[kind], PUBLIC, "DER",
	    "SubjectPublicKeyInfo", NULL);

	return kinds[kind].algorithm == DKIM_ED25519 ?
	    str_after(octets, octets.n - 32) : octets;
}

static void
assert_key(struct arena *arena, size_t kind, struct str text,
    bool is_private, const char *what)
{
	struct key key = key_read(arena, text);

	assert_int_equal(ERR_peek_error(), 0);
	if (kinds[kind].algorithm == DKIM_OTHER) {
		assert_non_null(key.error.p);
		return;
	}
	if (key.error.p != NULL)
		fail_msg("%s %u as %s: %.*s", kinds[kind].name,
		    kinds[kind].bits, what, STR_ARG(key.error));
	assert_int_equal(key.algorithm, kinds[kind].algorithm);
	assert_int_equal(key.bits, kinds[kind].bits);
	if (key.is_private != is_private)
		fail_msg("%s as %s: private %d", kinds[kind].name, what,
		    key.is_private);
	assert_true(str_equal(key.public_key, published(arena, kind)));
}

static const struct {
	int selection;
	const char *structure;
} forms[] = {
	{ PUBLIC, "SubjectPublicKeyInfo" },
	{ PUBLIC, "type-specific" },
	{ PRIVATE, "PrivateKeyInfo" },
	{ PRIVATE, "type-specific" },
};

/* With something around it that is not the key. */
static struct str
wrap(struct arena *arena, const char *before, struct str text,
    const char *after)
{
	return arena_printf(arena, "%s%.*s%s", before, STR_ARG(text), after);
}

/* The file lines of a text end with CR LF. */
static struct str
with_cr(struct arena *arena, struct str text)
{
	char *copy = ARENA_ARRAY(arena, 2 * text.n + 1, char);
	size_t i, length = 0;

	for (i = 0; i < text.n; i++) {
		if (text.p[i] == '\n')
			copy[length++] = '\r';
		copy[length++] = text.p[i];
	}
	return (struct str){ copy, length };
}

static void
files_of_openssl_are_read(void **state)
{
	struct arena *arena = arena_new();
	struct str pem, der;
	size_t i, j;
	bool private;

	(void)state;
	for (i = 0; i < countof(kinds); i++)
		for (j = 0; j < countof(forms); j++) {
			pem = encode(arena, pkeys[i], forms[j].selection,
			    "PEM", forms[j].structure, NULL);
			der = encode(arena, pkeys[i], forms[j].selection,
			    "DER", forms[j].structure, NULL);
			private = forms[j].selection == PRIVATE;
			if (pem.p == NULL)
				continue;
			assert_key(arena, i, pem, private, "PEM");
			assert_key(arena, i, with_cr(arena, pem), private,
			    "PEM with CR LF");
			assert_key(arena, i, wrap(arena, "Key: (1 bit)\n",
			    pem, "\n\n"), private, "PEM with a head");
			assert_key(arena, i, der, private, "DER");
			assert_key(arena, i, base64_encode(arena, der),
			    private, "base64");
			assert_key(arena, i, wrap(arena, "\n",
			    base64_encode(arena, der), "\n"), private,
			    "base64 with line breaks");
		}
	arena_free(arena);
}

/* The DER of a key, seen by our own reader. */
static void
our_reader_agrees_with_openssl(void **state)
{
	static const enum der_form expected[] = { DER_SPKI, DER_PKCS1,
		DER_PRIVATE, DER_PRIVATE };
	struct arena *arena = arena_new();
	unsigned char octets[256];
	struct der_key key;
	BIGNUM *number;
	struct str der;
	size_t i, j;

	(void)state;
	for (i = 0; i < countof(kinds); i++)
		for (j = 0; j < countof(forms); j++) {
			der = encode(arena, pkeys[i], forms[j].selection,
			    "DER", forms[j].structure, NULL);
			if (der.p == NULL)
				continue;
			key = der_read_key(der);
			assert_int_equal(key.form, expected[j]);
			if (key.form == DER_PRIVATE)
				continue;
			assert_int_equal(key.algorithm, kinds[i].algorithm);
			if (kinds[i].algorithm != DKIM_OTHER)
				assert_int_equal(key.bits, kinds[i].bits);
			if (kinds[i].algorithm != DKIM_RSA)
				continue;
			assert_int_equal(key.exponent, 65537);
			number = NULL;
			EVP_PKEY_get_bn_param(pkeys[i], OSSL_PKEY_PARAM_RSA_N,
			    &number);
			assert_int_equal(BN_num_bytes(number),
			    key.modulus.n);
			BN_bn2bin(number, octets);
			assert_memory_equal(octets, key.modulus.p,
			    key.modulus.n);
			BN_free(number);
		}
	arena_free(arena);
}

/* We never take for a public key what OpenSSL would not. */
static void
damaged_keys_are_not_believed(void **state)
{
	struct arena *arena = arena_new();
	const unsigned char *octets;
	struct str der, damaged;
	struct der_key key;
	EVP_PKEY *pkey;
	size_t i, at, byte, accepted = 0;

	(void)state;
	for (i = 0; i < 4; i += 3) {
		der = encode(arena, pkeys[i], PUBLIC, "DER",
		    "SubjectPublicKeyInfo", NULL);
		for (at = 0; at < 40 && at < der.n; at++)
			for (byte = 0; byte < 256; byte++) {
				damaged = arena_copy(arena, der);
				((char *)(uintptr_t)damaged.p)[at] =
				    (char)byte;
				key = der_read_key(damaged);
				if (key.form != DER_SPKI ||
				    key.algorithm == DKIM_OTHER)
					continue;
				accepted++;
				octets = (const unsigned char *)damaged.p;
				pkey = d2i_PUBKEY(NULL, &octets,
				    (long)damaged.n);
				if (pkey == NULL)
					fail_msg("%s: octet %zu as %zu",
					    kinds[i].name, at, byte);
				assert_int_equal(EVP_PKEY_get_bits(pkey),
				    key.bits);
				EVP_PKEY_free(pkey);
			}
		for (at = 0; at < der.n; at++)
			assert_int_not_equal(der_read_key(str_slice(der, 0,
			    at)).form, DER_SPKI);
		/* A copy is followed by a NUL. */
		damaged = arena_copy(arena, der);
		damaged.n++;
		assert_int_equal(der_read_key(damaged).form, DER_TRAILING);
		assert_non_null(key_read(arena, damaged).error.p);
		assert_int_equal(der_read_key(str_slice(der, 0,
		    der.n - 1)).form, DER_TRUNCATED);
	}
	assert_true(accepted > 40);
	ERR_clear_error();
	arena_free(arena);
}

static void
pass_phrases_are_not_asked_for(void **state)
{
	struct arena *arena = arena_new();
	struct str pem = encode(arena, pkeys[0], PRIVATE, "PEM",
	    "PrivateKeyInfo", "secret");
	struct str der = encode(arena, pkeys[0], PRIVATE, "DER",
	    "PrivateKeyInfo", "secret");
	struct key key = key_read(arena, pem);

	(void)state;
	assert_true(str_contains(key.error, STR("pass phrase")));
	assert_int_equal(ERR_peek_error(), 0);
	key = key_read(arena, der);
	assert_true(str_contains(key.error, STR("pass phrase")));
	assert_int_equal(der_read_key(der).form, DER_PRIVATE);
	arena_free(arena);
}

/* The seed and the public key, as rspamadm writes them. */
static void
raw_ed25519_keys_are_read(void **state)
{
	struct arena *arena = arena_new();
	unsigned char octets[64];
	size_t length = 32;
	struct key key;

	(void)state;
	EVP_PKEY_get_raw_private_key(pkeys[3], octets, &length);
	memcpy(octets + 32, published(arena, 3).p, 32);
	assert_key(arena, 3, base64_encode(arena,
	    (struct str){ (char *)octets, 64 }), true, "64 octets");
	assert_key(arena, 3, base64_encode(arena, published(arena, 3)),
	    false, "32 octets");
	octets[63] ^= 1;
	key = key_read(arena, base64_encode(arena,
	    (struct str){ (char *)octets, 64 }));
	assert_non_null(key.error.p);
	arena_free(arena);
}

/* %s is the key, %.1s and the like a part of it. */
static const struct {
	const char *before, *between, *after;
	bool algorithm;			/* fits k=rsa only */
} entries[] = {
	{ "2026a._domainkey\tIN\tTXT\t( \"v=DKIM1; h=sha256; k=rsa; \"\n"
	  "\t  \"p=", "\"\n\t  \"", "\" )  ; ----- DKIM key 2026a for x.org\n",
	  true },
	{ "s._domainkey IN TXT (\"v=DKIM1; p=", " ", "\")", true },
	{ "s._domainkey 3600 IN TXT \"v=DKIM1\\; k=rsa\\; p=", "\" \"",
	  "\" ; it's \"quoted\"", true },
	{ "\"v=DKIM1;k=rsa;p=", "", "\"", true },
	{ "s._domainkey IN TXT v=DKIM1; k=rsa; p=", "", "\n", true },
	{ "s._domainkey IN TXT (v=DKIM1\\; k=rsa\\; p=", "\n  ", ") ; a; b",
	  true },
	{ "v=DKIM1; k=rsa; p=", " ", "", true },
	{ "p=", "", ";", true },
	{ "k=ed25519; p=", "", "", false },
	{ "k._domainkey TXT ( \"k=ed25519; \" \"p=", "\" \"", "\")", false },
};

static void
entries_of_zone_files_are_read(void **state)
{
	struct arena *arena = arena_new();
	struct str base64, text;
	size_t i;

	(void)state;
	for (i = 0; i < countof(entries); i++) {
		base64 = base64_encode(arena, published(arena,
		    entries[i].algorithm ? 0 : 3));
		text = arena_printf(arena, "%s%.30s%s%.*s%s",
		    entries[i].before, base64.p, entries[i].between,
		    (int)base64.n - 30, base64.p + 30, entries[i].after);
		assert_key(arena, entries[i].algorithm ? 0 : 3, text, false,
		    entries[i].before);
	}
	arena_free(arena);
}

static const struct {
	const char *text, *error;	/* a part of it */
	size_t at;
} errors[] = {
	{ "", "nothing", 0 },
	{ " \n", "nothing", 0 },
	{ "foo.pem", "no key", 0 },
	{ "v=DKIM1; k=rsa", "no key", 0 },
	{ "v=DKIM1; k=rsa; p=", "revoked", 16 },
	{ "v=DKIM1; p=AAAA", "no key", 9 },
	{ "v=DKIM1; p=AA*A", "base64", 9 },
	{ "\"v=DKIM1; p=AAAA; p=AAAA\"", "second", 10 },
	{ "AAAA", "no key", 0 },
	{ "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA*", "no key", 39 },
	{ "x\n-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
	  "PEM", 2 },
	{ "-----BEGIN PUBLIC KEY-----", "PEM", 0 },
	{ "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
	  "certificate", 0 },
	{ "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n", "OpenSSH", 0 },
	{ "0\x03\x02\x01", "no key", 0 },
};

static void
what_is_no_key_is_told(void **state)
{
	struct arena *arena = arena_new();
	struct key key;
	size_t i;

	(void)state;
	for (i = 0; i < countof(errors); i++) {
		key = key_read(arena, str_from(errors[i].text));
		assert_int_equal(ERR_peek_error(), 0);
		if (key.error.p == NULL || key.error_at != errors[i].at ||
		    !str_contains(key.error, str_from(errors[i].error)))
			fail_msg("%s: %.*s at %zu", errors[i].text,
			    STR_ARG(key.error), key.error_at);
		assert_null(key.public_key.p);
	}
	arena_free(arena);
}

/* A private key in a record would be published by who copies it. */
static void
private_keys_in_entries_are_refused(void **state)
{
	struct arena *arena = arena_new();
	struct str der = encode(arena, pkeys[0], PRIVATE, "DER",
	    "PrivateKeyInfo", NULL);
	struct key key = key_read(arena, wrap(arena, "v=DKIM1; p=",
	    base64_encode(arena, der), ""));

	(void)state;
	assert_true(str_contains(key.error, STR("private")));
	assert_null(key.public_key.p);
	arena_free(arena);
}

static void
records_parse_again(void **state)
{
	struct arena *arena = arena_new();
	const struct dkim *dkim;
	struct key key;
	struct str record;
	size_t i;

	(void)state;
	for (i = 0; i < countof(kinds); i++) {
		if (kinds[i].algorithm == DKIM_OTHER)
			continue;
		key = key_read(arena, encode(arena, pkeys[i], PRIVATE, "PEM",
		    "PrivateKeyInfo", NULL));
		record = key_record(arena, &key, true, true,
		    STR(" a;p=x\xe9 "));
		dkim = dkim_parse(arena, record);
		assert_int_equal(dkim->problems.count, 0);
		assert_int_equal(dkim->algorithm, kinds[i].algorithm);
		assert_int_equal(dkim->key_algorithm, kinds[i].algorithm);
		assert_int_equal(dkim->bits, kinds[i].bits);
		assert_false(dkim->pkcs1);
		assert_true(dkim->testing && dkim->strict);
		assert_true(str_is(dkim->n->value, "=20a=3Bp=3Dx=E9=20"));
		assert_true(str_equal(dkim->der, key.public_key));
		record = key_record(arena, &key, false, false, STR_NONE);
		assert_true(str_starts(record, kinds[i].algorithm ==
		    DKIM_RSA ? STR("v=DKIM1; k=rsa; p=MI") :
		    STR("v=DKIM1; k=ed25519; p=")));
		record = key_record(arena, &key, false, true, STR_NONE);
		assert_true(str_contains(record, STR("; t=s; p=")));
	}
	arena_free(arena);
}

/* ---- keys that are made here --------------------------------------------- */

static EVP_PKEY *
decode_pem(struct str pem, int selection)
{
	const unsigned char *data = (const unsigned char *)pem.p;
	size_t length = pem.n;
	EVP_PKEY *pkey = NULL;
	OSSL_DECODER_CTX *decoder = OSSL_DECODER_CTX_new_for_pkey(&pkey,
	    "PEM", NULL, NULL, selection, NULL, NULL);

	assert_int_equal(OSSL_DECODER_from_data(decoder, &data, &length), 1);
	OSSL_DECODER_CTX_free(decoder);
	return pkey;
}

static void
makes_keys(void **state)
{
	static const struct {
		const char *name;
		enum dkim_algorithm algorithm;
		unsigned bits;
	} rows[] = {
		{ "RSA", DKIM_RSA, 2048 },
		{ "RSA", DKIM_RSA, 3072 },
		{ "ED25519", DKIM_ED25519, 256 },
	};
	struct arena *arena = arena_new();
	struct key_pair pair, other;
	EVP_PKEY *private, *public;
	struct key key;
	size_t i, j;

	(void)state;
	for (i = 0; i < countof(rows); i++) {
		assert_true(key_make(arena, rows[i].algorithm, rows[i].bits,
		    &pair));
		private = decode_pem(pair.private_pem,
		    EVP_PKEY_KEYPAIR);
		public = decode_pem(pair.public_pem, EVP_PKEY_PUBLIC_KEY);
		assert_true(EVP_PKEY_is_a(private, rows[i].name));
		assert_int_equal(EVP_PKEY_eq(private, public), 1);
		if (rows[i].algorithm == DKIM_RSA)
			assert_int_equal(EVP_PKEY_get_bits(private),
			    rows[i].bits);
		EVP_PKEY_free(private);
		EVP_PKEY_free(public);
		/* Read back, both halves are the key that is published. */
		key = key_read(arena, pair.private_pem);
		assert_true(key.is_private);
		assert_true(str_equal(key.public_key, pair.key.public_key));
		key = key_read(arena, pair.public_pem);
		assert_false(key.is_private);
		assert_true(str_equal(key.public_key, pair.key.public_key));
		assert_true(key_make(arena, rows[i].algorithm, rows[i].bits,
		    &other));
		assert_false(str_equal(other.key.public_key,
		    pair.key.public_key));
		key_forget(pair.private_pem);
		for (j = 0; j < pair.private_pem.n; j++)
			assert_int_equal(pair.private_pem.p[j], 0);
		key_forget(STR_NONE);
	}
	assert_false(key_make(arena, DKIM_RSA, 16, &pair));
	assert_int_equal(ERR_peek_error(), 0);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(makes_keys),
		cmocka_unit_test(files_of_openssl_are_read),
		cmocka_unit_test(our_reader_agrees_with_openssl),
		cmocka_unit_test(damaged_keys_are_not_believed),
		cmocka_unit_test(pass_phrases_are_not_asked_for),
		cmocka_unit_test(raw_ed25519_keys_are_read),
		cmocka_unit_test(entries_of_zone_files_are_read),
		cmocka_unit_test(what_is_no_key_is_told),
		cmocka_unit_test(private_keys_in_entries_are_refused),
		cmocka_unit_test(records_parse_again),
	};

	return cmocka_run_group_tests(tests, make_keys, free_keys);
}
