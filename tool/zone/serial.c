/* Serial numbers of SOA records (RFC 1982, RFC 1912 section 2.2). */
#include "zone/zone.h"

enum { PER_DAY = 100 };

bool
serial_is_after(uint32_t a, uint32_t b)
{
	uint32_t distance = a - b;

	return distance != 0 && distance < (uint32_t)1 << 31;
}

/* 2026112300: the first of a day. */
static uint32_t
serial_of_day(day today)
{
	unsigned month, of_month;
	int year;

	date_split(today, &year, &month, &of_month);
	return (((uint32_t)year * 100 + month) * 100 + of_month) * PER_DAY;
}

uint32_t
serial_next(enum serial_mode mode, uint32_t old, day today, uint64_t now)
{
	uint32_t next = old;

	switch (mode) {
	case SERIAL_KEEP:
		return old;
	case SERIAL_DATE:
		next = serial_of_day(today);
		break;
	case SERIAL_UNIXTIME:
		next = (uint32_t)now;
		break;
	case SERIAL_INCREMENT:
		break;
	}
	if (!serial_is_after(next, old))
		next = old + 1;
	/* Zero means "none" to some programs; BIND passes over it, too. */
	return next == 0 ? 1 : next;
}
