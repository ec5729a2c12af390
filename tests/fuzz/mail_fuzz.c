/* A mail, or a folder of them, and whatever is attached. */
#include "container.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const struct str octets = { (const char *)bytes, size };

	if (str_starts(octets, STR("\x1f\x8b")) ||
	    str_starts(octets, STR("PK")))
		return -1;
	open_container(octets);
	return 0;
}
