/* gzip, and whatever is packed in it. */
#include "container.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const struct str octets = { (const char *)bytes, size };

	if (!str_starts(octets, STR("\x1f\x8b")))
		return -1;
	open_container(octets);
	return 0;
}
