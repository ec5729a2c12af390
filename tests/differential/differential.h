/*
 * The differential test of the zone reader: what its two files share.
 */
#ifndef DIFFERENTIAL_H
#define DIFFERENTIAL_H

#include <stdint.h>

/* Writes case.zone, and the files that it includes, into this folder. */
void write_case(uint64_t seed);
void remove_case(void);

/*
 * Why the two may differ on the file that was written last, of which named
 * says what stands in the log; NULL when they may not. The table of known
 * differences.
 */
const char *excuse(const char *log);

#endif
