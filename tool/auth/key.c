/*
 * Keys that operators hand to us. Whatever the form, OpenSSL has to make a
 * key of it, and what gets published is what OpenSSL writes: nothing passes
 * through here unread.
 */
#include <openssl/crypto.h>
#include <openssl/decoder.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "auth/auth.h"
#include "base/arena.h"
#include "base/buffer.h"

enum {
	ED25519_OCTETS = 32,
	ED25519_PRIVATE_OCTETS = 64,
	/* OpenSSL counts in int; and what is mapped cannot be wiped. */
	LONGEST = 1024 * 1024 - 1
};

static struct key
refuse(size_t at, const char *why)
{
	return (struct key){ .error = str_from(why), .error_at = at };
}

/* ---- what OpenSSL says --------------------------------------------------- */

/* Nobody is there to type a pass phrase. */
static int
no_pass_phrase(char *phrase, int size, int writing, void *context)
{
	(void)phrase;
	(void)size;
	(void)writing;
	(void)context;
	return -1;
}

/*
 * The first key in the octets, "PEM" or "DER"; *rest is what follows it. Of
 * any structure and algorithm when none is given, which takes ten times as
 * long.
 */
static EVP_PKEY *
decode(struct str octets, const char *form, const char *structure,
    const char *algorithm, struct str *rest)
{
	const unsigned char *data = (const unsigned char *)octets.p;
	size_t length = octets.n;
	EVP_PKEY *pkey = NULL;
	OSSL_DECODER_CTX *decoder = OSSL_DECODER_CTX_new_for_pkey(&pkey, form,
	    structure, algorithm, 0, NULL, NULL);

	if (decoder == NULL)
		return NULL;
	OSSL_DECODER_CTX_set_pem_password_cb(decoder, no_pass_phrase, NULL);
	if (OSSL_DECODER_from_data(decoder, &data, &length) != 1) {
		EVP_PKEY_free(pkey);
		pkey = NULL;
	}
	OSSL_DECODER_CTX_free(decoder);
	*rest = (struct str){ (const char *)data, length };
	return pkey;
}

/* A SubjectPublicKeyInfo, in the arena. */
static struct str
write_spki(struct arena *arena, EVP_PKEY *pkey)
{
	unsigned char *octets = NULL;
	int length = i2d_PUBKEY(pkey, &octets);
	struct str copy = STR_NONE;

	if (length > 0)
		copy = arena_copy(arena, (struct str){ (const char *)octets,
		    (size_t)length });
	OPENSSL_free(octets);
	return copy;
}

/* The 32 octets of an Ed25519 key, in the arena. */
static struct str
write_raw(struct arena *arena, EVP_PKEY *pkey)
{
	unsigned char octets[ED25519_OCTETS];
	size_t length = sizeof(octets);

	if (EVP_PKEY_get_raw_public_key(pkey, octets, &length) != 1)
		return STR_NONE;
	return arena_copy(arena, (struct str){ (const char *)octets, length });
}

/* Takes the key from OpenSSL; gives it back. */
static struct key
take(struct arena *arena, EVP_PKEY *pkey, bool is_private)
{
	struct key key = { .is_private = is_private };

	if (EVP_PKEY_is_a(pkey, "RSA")) {
		key.algorithm = DKIM_RSA;
		key.bits = (unsigned)EVP_PKEY_get_bits(pkey);
		key.public_key = write_spki(arena, pkey);
	} else if (EVP_PKEY_is_a(pkey, "ED25519")) {
		key.algorithm = DKIM_ED25519;
		key.bits = 256;
		key.public_key = write_raw(arena, pkey);
	} else
		key = refuse(0, "neither an RSA nor an Ed25519 key, and DKIM "
		    "knows no other");
	EVP_PKEY_free(pkey);
	if (key.error.p == NULL && key.public_key.p == NULL)
		key = refuse(0, "a key without its public part");
	return key;
}

static struct key
read_der(struct arena *arena, struct str octets)
{
	const struct der_key seen = der_read_key(octets);
	enum der_form form = seen.form;
	/* Two numbers are an RSA key, but may be parameters of others too. */
	const char *algorithm = seen.algorithm == DKIM_RSA ? "RSA" :
	    seen.algorithm == DKIM_ED25519 ? "ED25519" : NULL;
	struct str rest;
	EVP_PKEY *pkey;

	pkey = decode(octets, "DER", form == DER_SPKI && algorithm != NULL ?
	    "SubjectPublicKeyInfo" : NULL, form == DER_PKCS1 ||
	    form == DER_SPKI ? algorithm : NULL, &rest);
	if (pkey == NULL)
		return refuse(0, form == DER_PRIVATE ?
		    "a private key that cannot be read, perhaps for want of "
		    "its pass phrase" : "no key can be read from this");
	if (rest.n > 0) {
		EVP_PKEY_free(pkey);
		return refuse(octets.n - rest.n, "a key with other octets "
		    "behind it");
	}
	return take(arena, pkey, form == DER_PRIVATE);
}

static struct key
read_raw_public(struct arena *arena, struct str octets)
{
	EVP_PKEY *pkey = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL,
	    (const unsigned char *)octets.p, octets.n);

	return pkey == NULL ? refuse(0, "no Ed25519 key") :
	    take(arena, pkey, false);
}

/* The seed and the public key behind it, as libsodium and rspamd keep them. */
static struct key
read_raw_private(struct arena *arena, struct str octets)
{
	EVP_PKEY *pkey = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL,
	    (const unsigned char *)octets.p, ED25519_OCTETS);
	struct key key;

	if (pkey == NULL)
		return refuse(0, "no Ed25519 key");
	key = take(arena, pkey, true);
	return str_equal(key.public_key, str_after(octets, ED25519_OCTETS)) ?
	    key : refuse(0, "64 octets, but not an Ed25519 key and its "
	    "public part");
}

static struct key
read_octets(struct arena *arena, struct str octets)
{
	if (octets.n == ED25519_OCTETS)
		return read_raw_public(arena, octets);
	if (octets.n == ED25519_PRIVATE_OCTETS)
		return read_raw_private(arena, octets);
	return read_der(arena, octets);
}

/* ---- PEM ----------------------------------------------------------------- */

static const struct str begin = STR_INIT("-----BEGIN ");

/* What stands between "-----BEGIN" and "-----". */
static struct str
read_label(struct str text, size_t at)
{
	struct str rest = str_after(text, at + begin.n);

	return str_slice(rest, 0, str_find_str(rest, STR("-----")));
}

static struct key
read_pem(struct arena *arena, struct str text, size_t at)
{
	struct str label = read_label(text, at), rest;
	EVP_PKEY *pkey = decode(str_after(text, at), "PEM", NULL, NULL,
	    &rest);
	struct key key;

	if (pkey != NULL) {
		key = take(arena, pkey, str_ends(label, STR("PRIVATE KEY")));
		key.error_at = at;
		return key;
	}
	if (str_starts(label, STR("ENCRYPTED")) ||
	    str_contains(text, STR("Proc-Type: 4,ENCRYPTED")))
		return refuse(at, "a private key behind a pass phrase, which "
		    "nobody can read here");
	if (str_starts(label, STR("CERTIFICATE")))
		return refuse(at, "a certificate, not a key");
	if (str_starts(label, STR("OPENSSH")) ||
	    str_starts(label, STR("SSH2")))
		return refuse(at, "a key in the format of OpenSSH, not in "
		    "PKCS#8");
	return refuse(at, "no key can be read from this PEM block");
}

/* ---- entries of zone files ----------------------------------------------- */

/* Behind a backslash: a digit begins three of them, all else is itself. */
static int
read_escape(struct cursor *in)
{
	struct str digits = str_slice(cursor_rest(in), 0, 3);
	uint64_t octet;

	if (digits.n < 3 || !str_number(digits, 255, &octet))
		return cursor_next(in);
	in->here += 3;
	return (int)octet;
}

static void
read_quoted(struct cursor *in, struct buffer *out)
{
	int byte;

	while ((byte = cursor_next(in)) != END && byte != '"') {
		if (byte == '\\' && (byte = read_escape(in)) == END)
			return;
		buffer_add_byte(out, byte);
	}
}

/* All quoted strings, joined; comments are passed over. */
static struct str
join_quoted(struct arena *arena, struct str text)
{
	struct cursor in = { text, 0 };
	struct buffer out = { 0 };
	int byte;

	while ((byte = cursor_next(&in)) != END)
		if (byte == '"')
			read_quoted(&in, &out);
		else if (byte == ';')
			cursor_until(&in, STR("\n"));
	return buffer_finish(&out, arena);
}

/* Where a tag of one letter begins a word, or n. */
static size_t
find_tag(struct str text)
{
	struct cursor in = { text, 0 };
	const struct str borders = STR(" \t\r\n;(");

	cursor_while(&in, borders);
	while (cursor_peek(&in) != END &&
	    !(byte_is_letter(cursor_peek(&in)) &&
	    cursor_peek_at(&in, 1) == '=')) {
		cursor_until(&in, borders);
		cursor_while(&in, borders);
	}
	return in.here;
}

/* A record without its quotes, as some tools print it. */
static struct str
join_unquoted(struct arena *arena, struct str text)
{
	struct cursor in = { text, find_tag(text) };
	struct buffer out = { 0 };
	int byte;

	while ((byte = cursor_next(&in)) != END) {
		if (byte == '\\' && (byte = read_escape(&in)) == END)
			break;
		buffer_add_byte(&out, str_has(STR("()\r\n"), byte) ? ' ' :
		    byte);
	}
	return buffer_finish(&out, arena);
}

/* What a record says against its own key. */
static const struct problem *
find_objection(const struct dkim *dkim)
{
	const struct problem *problem = dkim->problems.first;

	while (problem != NULL && problem->kind != DKIM_REPEATED_TAG &&
	    problem->kind != DKIM_BAD_BASE64 && problem->kind != DKIM_PEM &&
	    problem->kind != DKIM_PRIVATE_KEY &&
	    problem->kind != DKIM_MISMATCH)
		problem = problem->next;
	return problem;
}

/* What could not be read as base64 for this fault. */
static struct key
read_entry(struct arena *arena, struct str text, size_t fault)
{
	struct str record = str_has(text, '"') ? join_quoted(arena, text) :
	    join_unquoted(arena, text);
	const struct dkim *dkim = dkim_parse(arena, record);
	const struct problem *problem = find_objection(dkim);
	size_t at = str_find_str(text, STR("p="));
	struct key key;

	if (dkim->p == NULL)
		return refuse(fault < ED25519_OCTETS ? 0 : fault, "no key: "
		    "neither PEM nor DER nor base64, nor a record with "
		    "\"p=\"");
	if (problem != NULL)
		key = (struct key){ .error = problem->what };
	else if (dkim->revoked)
		key = refuse(0, "\"p=\" is empty: the key is revoked");
	else
		key = read_octets(arena, dkim->der);
	key.error_at = at < text.n ? at : 0;
	return key;
}

/* ---- any of these -------------------------------------------------------- */

static struct key
read_any(struct arena *arena, struct str text)
{
	size_t at = str_find_str(text, begin), fault;
	struct str octets;
	struct key key;

	if (text.n > LONGEST)
		return refuse(0, "more than a key can be");
	if (at < text.n)
		return read_pem(arena, text, at);
	if (base64_decode_at(arena, text, &octets, &fault)) {
		if (octets.n == 0)
			return refuse(0, "nothing, not a key");
		key = read_octets(arena, octets);
		if (key.is_private)
			key_forget(octets);
		return key;
	}
	if (der_read_key(text).form != DER_NOTHING)
		return read_der(arena, text);
	return read_entry(arena, text, fault);
}

struct key
key_read(struct arena *arena, struct str text)
{
	struct key key = read_any(arena, text);

	/* What went wrong in there is told already. */
	ERR_clear_error();
	return key;
}

/* ---- the record ---------------------------------------------------------- */

/* A qp-section, RFC 6376 section 2.11: it cannot end the tag. */
static void
add_notes(struct buffer *out, struct str notes)
{
	size_t i;

	for (i = 0; i < notes.n; i++) {
		unsigned char byte = (unsigned char)notes.p[i];

		if ((byte > ' ' && byte < 0x7f && byte != ';' &&
		    byte != '=') || (byte == ' ' && i > 0 &&
		    i + 1 < notes.n))
			buffer_add_byte(out, byte);
		else
			buffer_printf(out, "=%02X", byte);
	}
}

struct str
key_record(struct arena *arena, const struct key *key, bool testing,
    bool strict, struct str notes)
{
	struct buffer out = { 0 };

	buffer_printf(&out, "v=DKIM1; k=%s; ",
	    key->algorithm == DKIM_RSA ? "rsa" : "ed25519");
	if (testing || strict)
		buffer_printf(&out, "t=%s%s%s; ", testing ? "y" : "",
		    testing && strict ? ":" : "", strict ? "s" : "");
	if (notes.n > 0) {
		buffer_add(&out, STR("n="));
		add_notes(&out, notes);
		buffer_add(&out, STR("; "));
	}
	buffer_add(&out, STR("p="));
	buffer_add(&out, base64_encode(arena, key->public_key));
	return buffer_finish(&out, arena);
}

/* ---- new keys ------------------------------------------------------------ */

static EVP_PKEY *
make_pkey(enum dkim_algorithm algorithm, unsigned bits)
{
	return algorithm == DKIM_RSA ?
	    EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)bits) :
	    EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
}

/* What was written; STR_NONE when it was not. The memory is given back. */
static struct str
take_written(struct arena *arena, BIO *bio, bool written)
{
	char *data = NULL;
	long length = bio == NULL || !written ? 0 :
	    BIO_get_mem_data(bio, &data);
	struct str copy = STR_NONE;

	if (length > 0)
		copy = arena_copy(arena, (struct str){ data, (size_t)length });
	BIO_free(bio);
	return copy;
}

static struct str
write_private(struct arena *arena, EVP_PKEY *pkey)
{
	/* Such memory is wiped when it is given back. */
	BIO *bio = BIO_new(BIO_s_secmem());

	return take_written(arena, bio, bio != NULL &&
	    PEM_write_bio_PKCS8PrivateKey(bio, pkey, NULL, NULL, 0, NULL,
	    NULL) == 1);
}

static struct str
write_public(struct arena *arena, EVP_PKEY *pkey)
{
	BIO *bio = BIO_new(BIO_s_mem());

	return take_written(arena, bio, bio != NULL &&
	    PEM_write_bio_PUBKEY(bio, pkey) == 1);
}

bool
key_make(struct arena *arena, enum dkim_algorithm algorithm, unsigned bits,
    struct key_pair *pair)
{
	EVP_PKEY *pkey = make_pkey(algorithm, bits);

	*pair = (struct key_pair){ .key.error = STR("no key") };
	if (pkey != NULL) {
		pair->private_pem = write_private(arena, pkey);
		pair->public_pem = write_public(arena, pkey);
		pair->key = take(arena, pkey, false);
	}
	ERR_clear_error();
	return pair->key.error.p == NULL && pair->private_pem.p != NULL &&
	    pair->public_pem.p != NULL;
}

void
key_forget(struct str secret)
{
	if (secret.p != NULL)
		OPENSSL_cleanse((void *)(uintptr_t)secret.p, secret.n);
}
