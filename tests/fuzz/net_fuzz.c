#include <assert.h>

#include "base/arena.h"
#include "net/net.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/*
 * Whatever a name server sends: each line of the answer is one record of the
 * name that was asked for. The id, which is random, is taken from the message.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const uint16_t types[] = { RR_TXT, RR_A, RR_MX, RR_CNAME,
	    RR_SOA, RR_NS };
	struct str message = { (const char *)bytes, size };
	struct zone_options options = { .name = STR(""),
	    .how = ZONE_BY_OPTION };
	struct arena *arena = arena_new();
	struct source source = { .path = STR("answer") };
	const struct record *record;
	size_t position = 0, i, lines = 0;
	struct reply reply;
	struct zone *zone;
	uint16_t type = types[size % (sizeof(types) / sizeof(types[0]))];

	reply = message_read(arena, message, message, STR("a.example"), type,
	    size % 2 == 0);
	assert((reply.kind == REPLY_DATA) == (reply.text.n > 0));
	source.text = reply.text;
	zone = zone_read(arena, &source, &options);
	assert(zone->contents->problem_count == 0);
	for (i = 0; i < reply.text.n; i++)
		lines += reply.text.p[i] == '\n';
	for (; (record = zone_next(zone, arena, ~0U, &position)) != NULL;
	    lines--)
		assert(record->type == reply.type &&
		    str_equal(record->owner, STR("a.example")));
	assert(lines == 0);
	arena_free(arena);
	return 0;
}
