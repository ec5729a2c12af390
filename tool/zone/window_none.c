/* For processors that have no kernel of their own. */
#include "zone/window.h"

const struct window_kernel *
window_native(size_t number)
{
	(void)number;
	return NULL;
}
