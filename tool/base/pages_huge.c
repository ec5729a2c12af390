/* For systems with huge pages: one of these is one fault, not five hundred. */
#include <stdint.h>
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

void
pages_advise(void *memory, size_t size)
{
	size_t before = -(uintptr_t)memory % PAGES_SIZE;

	if (size >= before + PAGES_SIZE)
		madvise((char *)memory + before, (size - before) / PAGES_SIZE *
		    PAGES_SIZE, MADV_HUGEPAGE);
}
