/*
 * Text from a format: what printf does, far quicker for the few conversions
 * that messages are made of.
 */
#ifndef BASE_PRINT_H
#define BASE_PRINT_H

#include <stdarg.h>
#include <stddef.h>

#include "base/str.h"

/*
 * As vsnprintf, in the C locale: writes as much as there is room for, a NUL
 * behind it, and returns how long the whole text is, or -1.
 */
int print_text(char *to, size_t room, const char *format, va_list)
    __attribute__((format(printf, 3, 0)));

/*
 * What the conversions of a format print, each behind its length, without what
 * stands between them: writes as much as there is room for, and returns how
 * much that is, or SIZE_MAX when there is one that is not known here.
 */
size_t print_parts(char *to, size_t room, const char *format, va_list)
    __attribute__((format(printf, 3, 0)));

/* Octets that a length takes at most. */
enum { PRINT_LENGTH = 10 };

/*
 * A length as it stands before a part: seven bits an octet, the lowest first.
 * Returns how many octets that takes.
 */
size_t print_length(char to[PRINT_LENGTH], size_t length);
/* The next part; the pointer stands behind it then. */
struct str print_next_part(const char **parts);
/* How long a conversion is that has a part, or "%%", from its '%' on. */
size_t print_conversion(const char *format);

#endif
