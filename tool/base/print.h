/*
 * Text from a format: what printf does, far quicker for the few conversions
 * that messages are made of.
 */
#ifndef BASE_PRINT_H
#define BASE_PRINT_H

#include <stdarg.h>
#include <stddef.h>

/*
 * As vsnprintf, in the C locale: writes as much as there is room for, a NUL
 * behind it, and returns how long the whole text is, or -1.
 */
int print_text(char *to, size_t room, const char *format, va_list)
    __attribute__((format(printf, 3, 0)));

#endif
