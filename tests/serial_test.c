/* Serial numbers, RFC 1982. */
#include "support.h"

#include "policy/policy.h"
#include "zone/zone.h"

static const struct {
	const char *name;
	enum serial_mode mode;
	uint32_t old;
	const char *today;
	uint64_t now;
	uint32_t next;
} rows[] = {
	{ "kept", SERIAL_KEEP, 7, "2026-11-24", 9, 7 },
	{ "one more", SERIAL_INCREMENT, 7, "2026-11-24", 9, 8 },
	{ "past the largest, zero is passed over", SERIAL_INCREMENT,
	  UINT32_MAX, "2026-11-24", 9, 1 },
	{ "the first of a day", SERIAL_DATE, 2026112307, "2026-11-24", 0,
	  2026112400 },
	{ "the next of a day", SERIAL_DATE, 2026112400, "2026-11-24", 0,
	  2026112401 },
	{ "more than a hundred a day", SERIAL_DATE, 2026112499, "2026-11-24",
	  0, 2026112500 },
	{ "a day that is ahead", SERIAL_DATE, 2030010100, "2026-11-24", 0,
	  2030010101 },
	{ "from seconds to days", SERIAL_DATE, 1795000000, "2026-11-24", 0,
	  2026112400 },
	{ "half a circle ahead is behind", SERIAL_DATE, 4294967000,
	  "2026-11-24", 0, 2026112400 },
	{ "seconds", SERIAL_UNIXTIME, 1795000000, "2026-11-24", 1795392000,
	  1795392000 },
	{ "the same second", SERIAL_UNIXTIME, 1795392000, "2026-11-24",
	  1795392000, 1795392001 },
	{ "from days to seconds there is no way", SERIAL_UNIXTIME, 2026112400,
	  "2026-11-24", 1795392000, 2026112401 },
	{ "beyond 32 bits they start again", SERIAL_UNIXTIME, 4294967295,
	  "2106-02-07", 4294967300, 4 },
};

static void
test_next(void **state)
{
	uint32_t next;
	size_t i;
	day today;

	(void)state;
	for (i = 0; i < countof(rows); i++) {
		assert_true(date_parse(str_from(rows[i].today), &today));
		next = serial_next(rows[i].mode, rows[i].old, today,
		    rows[i].now);
		if (next != rows[i].next)
			fail_msg("%s: %u", rows[i].name, (unsigned)next);
		if (rows[i].mode != SERIAL_KEEP)
			assert_true(serial_is_after(next, rows[i].old));
	}
}

static const struct {
	uint32_t a, b;
	bool after;
} orders[] = {
	{ 1, 0, true }, { 0, 1, false }, { 5, 5, false },
	{ 44, 4294967295, true }, { 4294967295, 44, false },
	{ 2147483647, 0, true },
	/* RFC 1982 leaves these two undefined: neither is newer. */
	{ 2147483648U, 0, false }, { 0, 2147483648U, false },
};

static void
test_order(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < countof(orders); i++)
		assert_int_equal(serial_is_after(orders[i].a, orders[i].b),
		    orders[i].after);
}

/* Of two servers, and of the zone file where there is one. */
static const struct {
	const char *name, *zones[2];
	bool has_file, kept[2];
} served_rows[] = {
	{ "both have the zone", { "a.example", "a.example" }, false,
	  { true, true } },
	{ "one has but the zone above", { "a.example", "example" }, false,
	  { true, false } },
	{ "a name inside of a zone", { "example", "example" }, false,
	  { true, true } },
	{ "a zone of the files that nobody has", { "example", "example" },
	  true, { false, false } },
};

static void
test_served(void **state)
{
	struct served_by servers[2];
	struct served_zone served;
	size_t i, j;

	(void)state;
	for (i = 0; i < countof(served_rows); i++) {
		for (j = 0; j < 2; j++)
			servers[j] = (struct served_by){ .has_serial = true,
			    .serial_of = str_from(served_rows[i].zones[j]) };
		servers[0].next = &servers[1];
		served = (struct served_zone){ .zone = STR("a.example"),
		    .servers = servers,
		    .has_serial = served_rows[i].has_file };
		served_forget_others(&served);
		for (j = 0; j < 2; j++)
			if (servers[j].has_serial != served_rows[i].kept[j])
				fail_msg("%s", served_rows[i].name);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_next),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_served),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
