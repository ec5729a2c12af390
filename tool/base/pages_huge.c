/* For systems with huge pages: one of these is one fault, not five hundred. */
#include <stdlib.h>
#include <sys/mman.h>

#include "base/pages.h"

void *
pages_take(void)
{
	void *memory = aligned_alloc(PAGES_SIZE, PAGES_SIZE);

	/* Where there are none to be had it stays as it is. */
	if (memory != NULL)
		madvise(memory, PAGES_SIZE, MADV_HUGEPAGE);
	return memory;
}
