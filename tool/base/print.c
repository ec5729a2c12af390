#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/print.h"

/* Text that comes piece by piece; n counts what there is no room for, too. */
struct printing {
	char *to;
	size_t room, n;
	bool parts;			/* nothing but what conversions say */
	va_list args;
};

static void
put(struct printing *printing, const char *text, size_t n)
{
	size_t left = printing->n < printing->room ?
	    printing->room - printing->n : 0;

	if (left > 0 && n > 0)
		memcpy(printing->to + printing->n, text, n < left ? n : left);
	printing->n += n;
}

size_t
print_length(char to[PRINT_LENGTH], size_t length)
{
	size_t n = 0;

	for (; length >= 0x80; length >>= 7)
		to[n++] = (char)(0x80 | (length & 0x7f));
	to[n++] = (char)length;
	return n;
}

static void
put_converted(struct printing *printing, const char *text, size_t n)
{
	char length[PRINT_LENGTH];

	if (printing->parts && n < 0x80 && printing->n < printing->room)
		printing->to[printing->n++] = (char)n;
	else if (printing->parts)
		put(printing, length, print_length(length, n));
	put(printing, text, n);
}

static void
put_number(struct printing *printing, uint64_t number, bool negative)
{
	char digits[21];		/* of -2^63, or 2^64 - 1 */
	size_t start = sizeof(digits);

	do {
		digits[--start] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	if (negative)
		digits[--start] = '-';
	put_converted(printing, digits + start, sizeof(digits) - start);
}

static void
put_signed(struct printing *printing, int number)
{
	put_number(printing, number < 0 ? 0 - (uint64_t)number :
	    (uint64_t)number, number < 0);
}

/* A NUL ends the text before its length does. */
static bool
put_part(struct printing *printing)
{
	int length = va_arg(printing->args, int);
	const char *text = va_arg(printing->args, const char *);

	if (length < 0 || (text == NULL && length > 0))
		return false;
	put_converted(printing, text,
	    text == NULL ? 0 : strnlen(text, (size_t)length));
	return true;
}

static bool
put_string(struct printing *printing)
{
	const char *text = va_arg(printing->args, const char *);

	if (text != NULL)
		put_converted(printing, text, strlen(text));
	return text != NULL;
}

static void
put_byte(struct printing *printing, int byte)
{
	char character = (char)byte;

	put_converted(printing, &character, 1);
}

/* What follows a '%'; returns its length, 0 for what is not known here. */
static size_t
convert(struct printing *printing, const char *conversion)
{
	switch (conversion[0]) {
	case 's':
		return put_string(printing) ? 1 : 0;
	case 'd':
		put_signed(printing, va_arg(printing->args, int));
		return 1;
	case 'u':
		put_number(printing, va_arg(printing->args, unsigned), false);
		return 1;
	case 'c':
		put_byte(printing, va_arg(printing->args, int));
		return 1;
	case '%':
		if (!printing->parts)
			put(printing, "%", 1);
		return 1;
	case 'z':
		if (conversion[1] != 'u')
			return 0;
		put_number(printing, va_arg(printing->args, size_t), false);
		return 2;
	case '.':
		return conversion[1] == '*' && conversion[2] == 's' &&
		    put_part(printing) ? 3 : 0;
	default:
		return 0;
	}
}

/* False when the format says something else. */
static bool
print_quickly(struct printing *printing, const char *format)
{
	const char *sign;
	size_t length;

	while ((sign = strchr(format, '%')) != NULL) {
		if (!printing->parts)
			put(printing, format, (size_t)(sign - format));
		length = convert(printing, sign + 1);
		if (length == 0)
			return false;
		format = sign + 1 + length;
	}
	if (!printing->parts)
		put(printing, format, strlen(format));
	return printing->n < INT_MAX;
}

int
print_text(char *to, size_t room, const char *format, va_list args)
{
	struct printing printing = { .to = to, .room = room };
	bool done;

	va_copy(printing.args, args);
	done = print_quickly(&printing, format);
	va_end(printing.args);
	if (!done)
		return vsnprintf(to, room, format, args);
	if (room > 0)
		to[printing.n < room ? printing.n : room - 1] = '\0';
	return (int)printing.n;
}

size_t
print_parts(char *to, size_t room, const char *format, va_list args)
{
	struct printing printing = { .to = to, .room = room, .parts = true };
	bool done;

	va_copy(printing.args, args);
	done = print_quickly(&printing, format);
	va_end(printing.args);
	return done ? printing.n : SIZE_MAX;
}

struct str
print_next_part(const char **parts)
{
	const char *octet = *parts;
	size_t length = 0;
	unsigned shift;

	for (shift = 0; (*octet & 0x80) != 0; shift += 7)
		length |= ((size_t)*octet++ & 0x7f) << shift;
	length |= (size_t)*octet++ << shift;
	*parts = octet + length;
	return (struct str){ octet, length };
}

size_t
print_conversion(const char *format)
{
	return format[1] == 'z' ? 3 : format[1] == '.' ? 4 : 2;
}
