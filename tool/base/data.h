/*
 * What the build knows: the version, and where the templates lie.
 */
#ifndef BASE_DATA_H
#define BASE_DATA_H

#include <stdbool.h>
#include <stddef.h>

/* As in "0.1.0". */
const char *data_version(void);

/*
 * The folder that holds providers/, rollouts/ and the other templates: run
 * from a build folder the one beside the program; else ../share/mailzone, as
 * seen from the program, where an installation that was moved has it; else
 * where they get installed. Never NULL; that the folder exists is not
 * promised. No environment variable has a say. May be called from several
 * threads.
 */
const char *data_folder(void);

/*
 * Writes the templates folder of the build that the executable belongs to,
 * beside it or one folder up; false when it belongs to none, or when the name
 * takes more than size octets with its NUL.
 */
bool data_folder_beside(char *name, size_t size, const char *executable);
/* The same of an installation: PREFIX/share/mailzone of PREFIX/bin/NAME. */
bool data_folder_moved(char *name, size_t size, const char *executable);

#endif
