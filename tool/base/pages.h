/*
 * Memory for what has become large. Each kind of system has a file of its own,
 * see configure.
 */
#ifndef BASE_PAGES_H
#define BASE_PAGES_H

#include <stddef.h>

enum { PAGES_SIZE = 2 * 1024 * 1024 };	/* octets */

/* So much, not cleared, which free() gives back; NULL when there is none. */
void *pages_take(void);
/* The same pages for memory that has not been touched, as far as they fit. */
void pages_advise(void *memory, size_t size);

#endif
