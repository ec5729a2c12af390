/* For systems that have pages of one size. */
#include <stdlib.h>

#include "base/pages.h"

void *
pages_take(void)
{
	return malloc(PAGES_SIZE);
}

void
pages_advise(void *memory, size_t size)
{
	(void)memory;
	(void)size;
}
