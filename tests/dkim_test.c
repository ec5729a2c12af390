#include "support.h"

#include <string.h>

#include "auth/base64.h"
#include "base/arena.h"
#include "problems.h"

/* 1024 bits, to keep lines short. */
#define SPKI \
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeL" \
    "nQg1fWn7/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1" \
    "lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUY" \
    "ckcQ2QIDAQAB"
#define PKCS1 \
    "MIGJAoGBAPAhE/9QLdIGwSYapn1klbf8OQygZ4udCDV9afv/Ni0jE3ZKcUKPE4Iob2/d" \
    "viNh9xM2HmKNKyrrfW4Ei0truh36/9G10LZTMnWVZP3jupH5FxpzaBu2j80yonR/N9WM" \
    "fg64qGK11j21/qZzAaNo0FxZOggyY9I8N1A81RhyRxDZAgMBAAE="
/* RFC 8463 appendix A.2 */
#define RAW	"11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
#define WRAPPED	"MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
/* Its secret key, before the public one. */
#define SEED \
    "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2DXWpgBgrEKt9VL/tPJZAc" \
    "6DuFy89qmIyWvAhpo9wdRGg=="

static const struct {
	const char *text;
	int kind;
	const char *words;	/* what is underlined; NULL: the key */
} grammar[] = {
	{ "v=DKIM1; k=rsa; p=" SPKI, NO_PROBLEM, NULL },
	{ "v=DKIM1; p=" PKCS1 ";", NO_PROBLEM, NULL },
	{ "p=" SPKI, NO_PROBLEM, NULL },
	{ "v=DKIM1; k=ed25519; p=" RAW, NO_PROBLEM, NULL },
	{ "v=DKIM1; p=", NO_PROBLEM, NULL },
	{ "v = DKIM1 ; p = ; ", NO_PROBLEM, NULL },
	{ "k=rsa; p=; t=y:s; n=a note; g=*; x_1=; V=1; h=sha256; s=*:email",
	  NO_PROBLEM, NULL },
	{ "v=DKIM1; k=ml-dsa-44; p=AAAA", NO_PROBLEM, NULL },

	{ "", DKIM_NO_KEY, "" },
	{ "v=DKIM1; k=rsa", DKIM_NO_KEY, "v=DKIM1; k=rsa" },
	{ "v=DKIM1; P=AAAA", DKIM_NO_KEY, "v=DKIM1; P=AAAA" },
	{ "v=DKIM1; p", DKIM_BAD_TAG, "p" },
	{ "foo", DKIM_BAD_TAG, "foo" },
	{ "v=DKIM1; 1=x; p=", DKIM_BAD_TAG, "1" },
	{ "v=DKIM1; a-b=x; p=", DKIM_BAD_TAG, "a-b" },
	{ "v=DKIM1; =x; p=", DKIM_BAD_TAG, "=" },
	{ "v=DKIM1;; p=", DKIM_BAD_TAG, ";" },
	{ "v=DKIM1; p=;;", DKIM_BAD_TAG, ";" },
	{ "v=DKIM1; n=caf\xc3\xa9; p=", DKIM_BAD_TAG, "\xc3" },
	{ "v=DKIM1; n=a\nb; p=", DKIM_BAD_TAG, "\n" },
	{ "v=DKIM1; p=; n=a; n=b", DKIM_REPEATED_TAG, "n=b" },
	{ "v=DKIM1; p=; p=", DKIM_REPEATED_TAG, "p=" },
	{ "k=rsa; v=DKIM1; p=", DKIM_BAD_VERSION, "v=DKIM1" },
	{ "v=DKIM; p=", DKIM_BAD_VERSION, "DKIM" },
	{ "v=DKIM1.0; p=", DKIM_BAD_VERSION, "DKIM1.0" },
	{ "v=dkim1; p=", DKIM_BAD_VERSION, "dkim1" },
	{ "v=; p=", DKIM_BAD_VERSION, "v=" },

	{ "v=DKIM1; k=; p=", DKIM_BAD_TAG, "k=" },
	{ "k=rsa\\; p=AAAA", DKIM_BAD_TAG, "\\" },
	{ "k=\"rsa\"; p=", DKIM_BAD_TAG, "\"rsa\"" },
	{ "v=DKIM1: g=*; k=rsa; p=", DKIM_BAD_VERSION, "DKIM1: g=*" },

	{ "v=DKIM1; p=AAAA><AA", DKIM_BAD_BASE64, "><" },
	{ "v=DKIM1; p=AA*A", DKIM_BAD_BASE64, "*" },
	{ "v=DKIM1; p=AAAA\" \"AAAA", DKIM_BAD_BASE64, "\"" },
	{ "p=\xe2\x80\x9c" SPKI, DKIM_BAD_BASE64, "\xe2\x80\x9c" },
	{ "v=DKIM1; p=AAAA\nAAAA", DKIM_BAD_BASE64, "\n" },
	{ "v=DKIM1; p=AAA", DKIM_BAD_BASE64, "A" },
	{ "v=DKIM1; p=AAAAB", DKIM_BAD_BASE64, "B" },
	{ "v=DKIM1; p=AA=A", DKIM_BAD_BASE64, "A" },
	{ "v=DKIM1; p=AAAA=", DKIM_BAD_BASE64, "=" },
	{ "v=DKIM1; k=other; p=\\", DKIM_BAD_BASE64, "\\" },
	{ "v=DKIM1; p=-----BEGIN PUBLIC KEY-----AAAA", DKIM_PEM,
	  "-----BEGIN" },
	{ "v=DKIM1; p=-----BEGIN RSA PRIVATE KEY-----AAAA", DKIM_PRIVATE_KEY,
	  NULL },
	{ "v=DKIM1; p=LS0tLS1CRUdJTiBQVUJMSUMgS0VZLS0tLS0K", DKIM_PEM, NULL },
	{ "v=DKIM1; p=LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCk1JSUU=",
	  DKIM_PRIVATE_KEY, NULL },
	{ "v=DKIM1; k=ed25519; p=" SEED, DKIM_PRIVATE_KEY, NULL },
	{ "v=DKIM1; p=AAAA", DKIM_NOT_A_KEY, NULL },
	{ "v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3S",
	  DKIM_NOT_A_KEY, NULL },
	{ "v=DKIM1; p=MAA=", DKIM_NOT_A_KEY, NULL },
	{ "v=DKIM1; p=" RAW, DKIM_MISMATCH, NULL },
	{ "v=DKIM1; k=rsa; p=" WRAPPED, DKIM_MISMATCH, NULL },
	{ "v=DKIM1; k=ed25519; p=" SPKI, DKIM_MISMATCH, NULL },
	{ "v=DKIM1; k=ed25519; p=" WRAPPED, DKIM_ED25519_LENGTH, NULL },
	{ "v=DKIM1; k=ed25519; p=AAAA", DKIM_ED25519_LENGTH, NULL },
};

static void
grammar_is_that_of_rfc6376(void **state)
{
	struct arena *arena = arena_new();
	const struct dkim *dkim;
	const char *words;
	size_t i;

	(void)state;
	for (i = 0; i < countof(grammar); i++) {
		dkim = dkim_parse(arena, str_from(grammar[i].text));
		words = grammar[i].words == NULL && dkim->p != NULL ?
		    arena_cstr(arena, dkim->p->value) : grammar[i].words;
		assert_problem(dkim->text, &dkim->problems, grammar[i].kind,
		    words);
		arena_reset(arena);
	}
	arena_free(arena);
}

static void
private_keys_are_recognised(void **state)
{
	/* The shapes only: PKCS#1, PKCS#8, behind a pass phrase, SEC 1. */
	static const char *const shapes[] = {
		"\x30\x0c\x02\x01\x00\x02\x01\x23\x02\x01\x03\x02\x01\x0b",
		"\x30\x0c\x02\x01\x00\x30\x03\x06\x01\x2a\x04\x02\x04\x00",
		"\x30\x0c\x30\x03\x06\x01\x2a\x04\x05\x01\x02\x03\x04\x05",
		"\x30\x0c\x02\x01\x01\x04\x07\x01\x02\x03\x04\x05\x06\x07",
	};
	struct arena *arena = arena_new();
	const struct dkim *dkim;
	struct str base64;
	size_t i;

	(void)state;
	for (i = 0; i < countof(shapes); i++) {
		base64 = base64_encode(arena, (struct str){ shapes[i], 14 });
		dkim = dkim_parse(arena, arena_printf(arena, "k=x; p=%.*s",
		    STR_ARG(base64)));
		assert_problem(dkim->text, &dkim->problems, DKIM_PRIVATE_KEY,
		    base64.p);
	}
	arena_free(arena);
}

static void
keys_are_read(void **state)
{
	static const struct {
		const char *text;
	} texts[] = { { "p=" SPKI }, { "p=" PKCS1 }, { "k=ed25519; p=" RAW } };
	struct arena *arena = arena_new();
	const struct dkim *dkim;
	size_t i;

	(void)state;
	for (i = 0; i < countof(texts); i++) {
		dkim = dkim_parse(arena, str_from(texts[i].text));
		assert_int_equal(dkim->pkcs1, i == 1);
		assert_int_equal(dkim->algorithm, dkim->key_algorithm);
		assert_false(dkim->revoked);
		if (i == 2) {
			assert_int_equal(dkim->key_algorithm, DKIM_ED25519);
			assert_int_equal(dkim->bits, 256);
			assert_int_equal(dkim->der.n, 32);
			continue;
		}
		assert_int_equal(dkim->key_algorithm, DKIM_RSA);
		assert_int_equal(dkim->bits, 1024);
		assert_int_equal(dkim->exponent, 65537);
		assert_int_equal(dkim->modulus.n, 128);
		assert_memory_equal(dkim->modulus.p, "\xf0\x21\x13\xff", 4);
	}
	arena_free(arena);
}

static void
tags_have_their_meaning(void **state)
{
	struct arena *arena = arena_new();
	const struct dkim *dkim = dkim_parse(arena, STR("v=DKIM1; p="));

	(void)state;
	assert_true(dkim->revoked && dkim->sha1 && dkim->sha256 &&
	    dkim->email);
	assert_false(dkim->testing || dkim->strict);
	assert_int_equal(dkim->algorithm, DKIM_RSA);
	dkim = dkim_parse(arena, STR("h=sha1; s=tlsrpt; t= x : s ; k=RSA; "
	    "p=AAAA"));
	assert_false(dkim->revoked || dkim->sha256 || dkim->email ||
	    dkim->testing);
	assert_true(dkim->sha1 && dkim->strict);
	assert_int_equal(dkim->algorithm, DKIM_OTHER);
	dkim = dkim_parse(arena, STR("h=x:sha256; s=x:*; t=y; g=; p="));
	assert_true(dkim->sha256 && dkim->email && dkim->testing);
	assert_false(dkim->sha1 || dkim->strict);
	assert_non_null(dkim->g);
	dkim = dkim_parse(arena, STR("h=; s=; k=x; p="));
	assert_false(dkim->sha1 || dkim->sha256 || dkim->email);
	assert_int_equal(dkim->algorithm, DKIM_OTHER);
	arena_free(arena);
}

static const struct {
	const char *text, *printed;
} printing[] = {
	{ "v=DKIM1;p=", "v=DKIM1; p=" },
	{ "v = DKIM1;; k=rsa;p=MIGf MA0G\tCSqG ;", "v=DKIM1; k=rsa; "
	  "p=MIGfMA0GCSqG" },
	{ "p=MIGf\" \"MA0G; n=a  b ", "p=MIGf\" \"MA0G; n=a  b" },
	{ "foo; =; K=", "foo; =; K=" },
	{ "", "" },
};

static void
printing_is_canonical(void **state)
{
	struct arena *arena = arena_new();
	struct str printed;
	size_t i;

	(void)state;
	for (i = 0; i < countof(printing); i++) {
		printed = dkim_print(arena, dkim_parse(arena,
		    str_from(printing[i].text)));
		if (!str_is(printed, printing[i].printed))
			fail_msg("%s: printed %.*s", printing[i].text,
			    STR_ARG(printed));
	}
	arena_free(arena);
}

static const struct {
	const char *text;
	const char *octets;	/* NULL: no base64 */
	size_t fault;
} base64[] = {
	{ "", "", 0 },
	{ " \r\n\t", "", 0 },
	{ "QQ==", "A", 0 },
	{ "QUI=", "AB", 0 },
	{ "QUJD", "ABC", 0 },
	{ " Q U\nJD\r\nR A = = ", "ABCD", 0 },
	{ "////", "\xff\xff\xff", 0 },
	{ "++++", "\xfb\xef\xbe", 0 },
	{ "QR==", "A", 0 },		/* bits that nobody reads */
	{ "Q", NULL, 1 },
	{ "QQ", NULL, 2 },
	{ "QQ=", NULL, 3 },
	{ "QUI", NULL, 3 },
	{ "QUJDR", NULL, 5 },
	{ "=", NULL, 0 },
	{ "QQ==QQ==", NULL, 4 },
	{ "QUJD====", NULL, 4 },
	{ "QU-D", NULL, 2 },
	{ "QUJDQU_D", NULL, 6 },
	{ "QUJD\"", NULL, 4 },
	{ "QUJD\x80", NULL, 4 },
};

static void
base64_is_that_of_rfc4648(void **state)
{
	struct arena *arena = arena_new();
	struct str octets;
	size_t i, fault;

	(void)state;
	for (i = 0; i < countof(base64); i++) {
		fault = 99;
		if (base64_decode_at(arena, str_from(base64[i].text), &octets,
		    &fault) != (base64[i].octets != NULL))
			fail_msg("%s", base64[i].text);
		if (base64[i].octets != NULL)
			assert_true(str_is(octets, base64[i].octets));
		else
			assert_int_equal(fault, base64[i].fault);
	}
	arena_free(arena);
}

static void
base64_goes_back_and_forth(void **state)
{
	struct arena *arena = arena_new();
	unsigned char bytes[64];
	struct str octets, again;
	size_t i;

	(void)state;
	for (i = 0; i < countof(bytes); i++)
		bytes[i] = (unsigned char)(i * 37 + 11);
	for (i = 0; i <= countof(bytes); i++) {
		octets = (struct str){ (char *)bytes, i };
		assert_true(base64_decode(arena, base64_encode(arena,
		    octets), &again));
		assert_true(str_equal(octets, again));
	}
	arena_free(arena);
}

/* A way that shares nothing with that of the library. */
static size_t
decode_slowly(const char *text, size_t n, unsigned char *octets)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *digit;
	size_t i;

	memset(octets, 0, n);
	for (i = 0; i < n; i++) {
		digit = text[i] == '\0' ? NULL : strchr(alphabet, text[i]);
		if (digit == NULL)
			break;
		octets[i * 6 / 8] |= (unsigned char)((digit - alphabet) << 2 >>
		    i * 6 % 8);
		if (i * 6 % 8 > 2)
			octets[i * 6 / 8 + 1] = (unsigned char)
			    ((digit - alphabet) << (10 - i * 6 % 8));
	}
	return i;
}

/* Any octet at any place of a long text, which is taken in two pieces. */
static void
base64_is_taken_up_to_what_is_none(void **state)
{
	unsigned char expected[128], octets[128];
	struct base64 out;
	char text[100];
	size_t i, length, cut, count;
	int byte;

	(void)state;
	for (i = 0; i < sizeof(text); i++)
		for (byte = 0; byte < 256; byte++) {
			for (length = 0; length < sizeof(text); length++)
				text[length] = "Az09+/bY"[length * 7 % 8];
			text[i] = (char)byte;
			count = decode_slowly(text, sizeof(text), expected);
			cut = i * 31 % sizeof(text);
			out = (struct base64){ .octets = octets };
			length = base64_take(&out, (struct str){ text, cut });
			if (length == cut)
				length += base64_take(&out, (struct str){
				    text + cut, sizeof(text) - cut });
			assert_int_equal(length, count);
			assert_int_equal(out.length, count / 4 * 3);
			assert_memory_equal(octets, expected, out.length);
			assert_int_equal(base64_finish(&out,
			    (4 - count % 4) % 4), count % 4 != 1);
			assert_memory_equal(octets, expected, count % 4 == 1 ?
			    0 : count * 6 / 8);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grammar_is_that_of_rfc6376),
		cmocka_unit_test(private_keys_are_recognised),
		cmocka_unit_test(keys_are_read),
		cmocka_unit_test(tags_have_their_meaning),
		cmocka_unit_test(printing_is_canonical),
		cmocka_unit_test(base64_is_that_of_rfc4648),
		cmocka_unit_test(base64_goes_back_and_forth),
		cmocka_unit_test(base64_is_taken_up_to_what_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
