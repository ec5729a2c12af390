
#include "base/arena.h"
#include "base/date.h"

static bool
is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static unsigned
days_in(int year, unsigned month)
{
	static const unsigned days[] = {
		31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
	};

	return days[month - 1] + (month == 2 && is_leap(year));
}

/* Days from 1970-01-01 to the first of January. */
static int32_t
year_start(int year)
{
	int before = year - 1;

	return 365 * (year - 1970) + (before / 4 - before / 100 +
	    before / 400) - (1969 / 4 - 1969 / 100 + 1969 / 400);
}

bool
date_parse(struct str text, day *date)
{
	uint64_t year, month, dom;
	day number;
	unsigned m;

	if (text.n != 10 || text.p[4] != '-' || text.p[7] != '-' ||
	    !str_number(str_slice(text, 0, 4), 9999, &year) ||
	    !str_number(str_slice(text, 5, 7), 12, &month) ||
	    !str_number(str_slice(text, 8, 10), 31, &dom) ||
	    year < 1970 || month < 1 || dom < 1 ||
	    dom > days_in((int)year, (unsigned)month))
		return false;
	number = year_start((int)year);
	for (m = 1; m < month; m++)
		number += (day)days_in((int)year, m);
	*date = number + (day)dom - 1;
	return true;
}

void
date_split(day date, int *year, unsigned *month, unsigned *dom)
{
	day rest;

	*year = 1970 + date / 366;
	while (year_start(*year + 1) <= date)
		(*year)++;
	rest = date - year_start(*year);
	*month = 1;
	while (rest >= (day)days_in(*year, *month))
		rest -= (day)days_in(*year, (*month)++);
	*dom = (unsigned)rest + 1;
}

struct str
date_print(struct arena *arena, day date)
{
	unsigned month, dom;
	int year;

	date_split(date, &year, &month, &dom);
	return arena_printf(arena, "%04d-%02u-%02u", year, month, dom);
}

unsigned
date_weekday(day date)
{
	/* 1970-01-01 was a Thursday. */
	return (unsigned)(((date + 3) % 7 + 7) % 7);
}

static const struct unit {
	char letter;
	uint32_t seconds;
} units[] = {
	{ 'w', 7 * 24 * 60 * 60 },
	{ 'd', 24 * 60 * 60 },
	{ 'h', 60 * 60 },
	{ 'm', 60 },
	{ 's', 1 },
};

enum { UNITS = sizeof(units) / sizeof(units[0]) };

static uint32_t
unit_seconds(int letter)
{
	unsigned i;

	for (i = 0; i < UNITS; i++)
		if (units[i].letter == byte_lower(letter))
			return units[i].seconds;
	return 0;
}

bool
duration_parse(struct str text, uint32_t *seconds)
{
	struct cursor cursor = { text, 0 };
	const struct str digits = STR("0123456789");
	uint64_t total = 0, number;
	uint32_t unit;

	do {
		if (!str_number(cursor_while(&cursor, digits), INT32_MAX,
		    &number))
			return false;
		if (cursor_peek(&cursor) == END && total == 0 &&
		    cursor.here == text.n)
			unit = 1;
		else if ((unit = unit_seconds(cursor_next(&cursor))) == 0)
			return false;
		total += number * unit;
		if (total > INT32_MAX)
			return false;
	} while (cursor_peek(&cursor) != END);
	*seconds = (uint32_t)total;
	return true;
}

struct str
duration_print(struct arena *arena, uint32_t seconds)
{
	unsigned i;

	for (i = 0; i < UNITS - 1; i++)
		if (seconds != 0 && seconds % units[i].seconds == 0)
			return arena_printf(arena, "%u%c",
			    (unsigned)(seconds / units[i].seconds),
			    units[i].letter);
	return arena_printf(arena, "%u", (unsigned)seconds);
}
