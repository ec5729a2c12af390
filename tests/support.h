/*
 * What the unit tests share. Include it first: cmocka.h wants these headers.
 */
#ifndef SUPPORT_H
#define SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define countof(array) (sizeof (array) / sizeof *(array))

/* Makes an empty folder; remove it with scratch_remove. */
char *scratch_make(void);

/* Makes a folder below a scratch folder. */
void scratch_folder(const char *scratch, const char *name);

/* Writes a file below a scratch folder and returns its path, to be freed. */
char *scratch_write(const char *scratch, const char *name, const char *text);

/* Removes the folder, all that is in it, and its name. */
void scratch_remove(char *scratch);

#endif
