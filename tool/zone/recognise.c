/*
 * Families that somebody knows by their text, see struct zone_recogniser: they
 * are not looked at entry by entry.
 */
#include "base/arena.h"
#include "zone/reader.h"

void
recogniser_end(struct reader *reader)
{
	struct recognition *recognition = &reader->recognition;

	if (recognition->context != NULL)
		arena_reset(recognition->arena);
	recognition->context = NULL;
}

void
recogniser_begin_again(struct reader *reader)
{
	recogniser_end(reader);
	reader->recognition.kinds =
	    (uint32_t)reader->log->kind_count;
}

void
recogniser_forget(struct reader *reader)
{
	if (reader->recognition.context != NULL)
		reader->options->recogniser->forget(
		    reader->recognition.context,
		    reader->frame->origin->canonical);
}

bool
recogniser_find(struct reader *reader, struct str text, size_t name,
    struct fold_text *found)
{
	struct recognition *recognition = &reader->recognition;

	if (recognition->context == NULL)
		return false;
	found->spared = 0;
	if (!reader->options->recogniser->find(recognition->context, text,
	    name, found)) {
		recognition->spared = found->spared;
		return false;
	}
	found->kind += recognition->kinds;
	return true;
}

void
recogniser_learn(struct reader *reader, struct str text,
    const struct fold_text *learnt)
{
	const struct zone_recogniser *recogniser =
	    reader->options->recogniser;
	struct recognition *recognition = &reader->recognition;

	if (recogniser == NULL || recognition->families++ < recogniser->from)
		return;
	if (recognition->context == NULL) {
		recognition->arena = arena_child(reader->arena);
		/* One whose parent is reset keeps nothing. */
		recognition->context = recogniser->start(
		    arena_child(recognition->arena), reader->zone->name,
		    reader->frame->origin->canonical);
	}
	recogniser->learn(recognition->context, text, learnt);
}
