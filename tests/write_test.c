/* TXT as it is written: cut, quoted, and read back. */
#include "support.h"

#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "zone/zone.h"

#define TEN	"0123456789"
#define HUNDRED	TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

static const struct {
	enum auth kind;
	const char *text;
	size_t lengths[5];		/* of the strings */
} splits[] = {
	{ AUTH_SPF, "", { 0 } },
	{ AUTH_SPF, "v=spf1 -all", { 11 } },
	{ AUTH_SPF, "v=spf1 include:" HUNDRED " include:" HUNDRED
	    " include:" HUNDRED " -all", { 224, 114 } },
	/* One term that no string can hold. */
	{ AUTH_SPF, "v=spf1 exists:" HUNDRED HUNDRED HUNDRED " -all",
	  { 255, 64 } },
	/* Blanks stand before a term, also where there are several. */
	{ AUTH_SPF, "v=spf1 a:" HUNDRED HUNDRED "  mx:" HUNDRED " ",
	  { 209, 106 } },
	/* RSA of 2,048 bits: two strings. */
	{ AUTH_DKIM, "v=DKIM1; k=rsa; p=" HUNDRED HUNDRED HUNDRED
	    HUNDRED, { 255, 163 } },
	{ AUTH_DMARC, "v=DMARC1; p=reject; rua=mailto:" HUNDRED
	    ",mailto:" HUNDRED "; ruf=mailto:" HUNDRED, { 240, 112 } },
	{ AUTH_DMARC, "v=DMARC1;rua=mailto:" HUNDRED HUNDRED
	    ";ruf=mailto:" HUNDRED, { 221, 111 } },
	{ AUTH_NONE, HUNDRED HUNDRED TEN TEN TEN TEN TEN "01234", { 255 } },
	{ AUTH_NONE, HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED TEN TEN,
	  { 255, 255, 10 } },
};

static void
test_split(void **state)
{
	struct arena *arena = arena_new();
	struct str *strings;
	size_t i, j, count;

	(void)state;
	for (i = 0; i < countof(splits); i++) {
		print_message("\"%.40s\"\n", splits[i].text);
		strings = text_split(arena, str_from(splits[i].text),
		    splits[i].kind, &count);
		for (j = 0; j < count; j++)
			assert_int_equal(strings[j].n, splits[i].lengths[j]);
		assert_int_equal(splits[i].lengths[j], 0);
	}
	arena_free(arena);
}

static const struct {
	const char *octets, *written;
} quotes[] = {
	{ "", "\"\"" },
	{ "v=DMARC1; p=none", "\"v=DMARC1; p=none\"" },
	{ "a\"b\\c", "\"a\\\"b\\\\c\"" },
	{ "\t\n\x7f\x80\xff", "\"\\009\\010\\127\\128\\255\"" },
	{ "$(a)@;", "\"$(a)@;\"" },
};

static void
test_quote(void **state)
{
	struct buffer out = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < countof(quotes); i++) {
		buffer_clear(&out);
		write_string(&out, str_from(quotes[i].octets));
		assert_true(str_is(buffer_str(&out), quotes[i].written));
	}
	buffer_free(&out);
}

/* ---- what is written is what is read ------------------------------------- */

static uint32_t
random_next(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* Octets of any kind, but many that matter. */
static struct str
random_text(struct arena *arena, uint32_t *state)
{
	static const char often[] = "  ;;\\\"=a";
	size_t i, n = random_next(state) % 1200;
	char *p = ARENA_ARRAY(arena, n + 1, char);

	for (i = 0; i < n; i++)
		p[i] = random_next(state) % 4 == 0 ?
		    (char)random_next(state) :
		    random_next(state) % 30 != 0 ? 'x' :
		    often[random_next(state) % (sizeof(often) - 1)];
	return (struct str){ p, n };
}

static struct str
write_record(struct arena *arena, struct str text, enum auth kind)
{
	struct buffer out = { 0 };
	size_t i, count;
	struct str *strings = text_split(arena, text, kind, &count);

	buffer_add_cstr(&out, "@ 3600 IN TXT (");
	for (i = 0; i < count; i++) {
		buffer_add_byte(&out, '\n');
		buffer_add_byte(&out, ' ');
		write_string(&out, strings[i]);
	}
	buffer_add_cstr(&out, " )\n");
	return buffer_finish(&out, arena);
}

static void
test_round_trip(void **state)
{
	struct arena *arena = arena_new();
	struct zone_options options = { .name = STR("example.com"),
	    .how = ZONE_BY_OPTION };
	const struct record *record;
	struct source source;
	uint32_t seed = 20261124;
	struct zone *zone;
	size_t i, position;
	struct str text;

	(void)state;
	for (i = 0; i < 500; i++) {
		text = random_text(arena, &seed);
		source = (struct source){ .path = STR("x"), .text =
		    write_record(arena, text, (enum auth)(i % AUTH_KINDS)) };
		zone = zone_read(arena, &source, &options);
		assert_null(zone->contents->problems);
		position = 0;
		record = zone_next(zone, arena, HAS_TXT, &position);
		assert_non_null(record);
		assert_true(str_equal(record->text, text));
		arena_reset(arena);
	}
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_quote),
		cmocka_unit_test(test_round_trip),
	};

	return cmocka_run_group_tests_name("write", tests, NULL, NULL);
}
