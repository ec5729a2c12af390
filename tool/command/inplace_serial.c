/* generate --serial: the serial number of a zone file that changes. */
#include "base/arena.h"
#include "command/inplace.h"

enum { SOA_SERIAL = 2 };

static const struct {
	const char *name;
	enum serial_mode mode;
} modes[] = {
	{ "increment",	SERIAL_INCREMENT },
	{ "date",	SERIAL_DATE },
	{ "unixtime",	SERIAL_UNIXTIME },
};

static enum serial_mode
wanted_mode(const struct run *run)
{
	struct str name = option_value(run, "serial");
	size_t i;

	for (i = 0; i < sizeof(modes) / sizeof(*modes); i++)
		if (str_is(name, modes[i].name))
			return modes[i].mode;
	return SERIAL_KEEP;
}

/*
 * Other programs leave these words beside the serial number that is theirs:
 * they raise it when the zone is loaded or sent on.
 */
static bool
is_marked(const struct record *soa)
{
	struct str text = soa->span.source->text, entry;
	size_t end = soa->span.end;

	entry = str_slice(text, soa->span.start,
	    end + str_find(str_after(text, end), '\n'));
	return str_contains(entry, STR("!SERIAL")) ||
	    str_contains(entry, STR("SERIALAUTOUPDATE"));
}

static const struct record *
find_soa(const struct zone *zone, struct arena *arena)
{
	size_t position = 0;

	return zone_next(zone, arena, HAS_SOA, &position);
}

bool
file_raise_serial(struct changes *changes, struct zone_file *file,
    const struct zone *loaded)
{
	struct run *run = changes->run;
	enum serial_mode mode = wanted_mode(run);
	const struct record *soa = find_soa(loaded, run->arena);
	struct span word;

	if (soa != NULL && is_marked(soa))
		return true;
	if (mode == SERIAL_KEEP) {
		changes->kept_serial |= soa != NULL &&
		    !option_given(run, "serial");
		return true;
	}
	if (soa == NULL || soa->span.source != file->source ||
	    soa->token_count <= SOA_SERIAL) {
		change_fail(changes, file->path, soa == NULL ?
		    STR("there is no SOA record whose serial could be "
		    "raised") : arena_printf(run->arena, "the serial cannot "
		    "be raised: the SOA record stands in %.*s",
		    STR_ARG(soa->span.source->path)));
		return false;
	}
	word = soa->tokens[SOA_SERIAL].span;
	file->serial = serial_next(mode, soa->soa_serial, run->today,
	    run->now);
	file->raised = true;
	patch_add(run->arena, file, word.start, word.end,
	    arena_printf(run->arena, "%u", (unsigned)file->serial));
	return true;
}
