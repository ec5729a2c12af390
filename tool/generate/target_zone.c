/* Records as blocks of master-file text, one for each zone. */
#include "generate/target.h"

static size_t
write_all(struct buffer *out, struct arena *arena,
    const struct target_input *input)
{
	const struct made_zone *zone;

	for (zone = input->made->first; zone != NULL; zone = zone->next) {
		if (zone != input->made->first)
			buffer_add_byte(out, '\n');
		block_write(out, arena, zone, input->style, NULL);
	}
	return 0;
}

const struct target target_zone = {
	.name = "zone",
	.summary = "master-file text, as BIND, NSD and Knot read it",
	.write = write_all,
};
