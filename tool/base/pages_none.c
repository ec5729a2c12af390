/* For systems that have pages of one size. */
#include <stdlib.h>

#include "base/pages.h"

void *
pages_take(void)
{
	return malloc(PAGES_SIZE);
}
