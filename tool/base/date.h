/*
 * Days and durations. Days are UTC days, counted from 1970-01-01; there are
 * no hours and no time zones.
 */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct arena;

/* Day number; DAY_NONE where no date is known. */
typedef int32_t day;
enum { DAY_NONE = INT32_MIN };

/* "2026-12-01", years 1970 to 9999; false for anything else. */
bool date_parse(struct str, day *);
struct str date_print(struct arena *, day);

/* 0 is Monday, 6 is Sunday (ISO 8601 order). */
unsigned date_weekday(day);
void date_split(day, int *year, unsigned *month, unsigned *day_of_month);

/*
 * "3600", "30m", "1h", "7d", "2w", also "1h30m": seconds up to 2^31 - 1
 * (the longest TTL, RFC 2181 section 8). Units in any case.
 */
bool duration_parse(struct str, uint32_t *seconds);
/* The shortest form with one unit: "1h", "90m", "3601". */
struct str duration_print(struct arena *, uint32_t seconds);

#endif
