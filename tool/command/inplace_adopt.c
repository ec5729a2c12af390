/* generate --adopt: records that stand in the way of the generated ones. */
#include "base/arena.h"
#include "command/inplace.h"

/* Before each line that is commented out; no other program speaks so. */
#define MARK	";- "

/* One zone of a file, record by record. */
struct walk {
	struct changes *changes;
	struct zone_file *file;
	const struct made_zone *zone;
	struct made_owners owners;	/* of its records */
	const struct zone *loaded;
	struct str written;		/* the last owner that is written */
	struct buffer owner;		/* of the last record that stays */
	bool gap;			/* what followed it is commented out */
	bool fine;
};

/* ---- commenting out ------------------------------------------------------ */

static size_t
line_start(struct str text, size_t offset)
{
	struct str before = str_slice(text, 0, offset);
	size_t newline = str_find_last(before, '\n');

	return newline == before.n ? 0 : newline + 1;
}

static size_t
line_end(struct str text, size_t offset)
{
	struct str rest = str_after(text, offset);
	size_t newline = str_find(rest, '\n');

	return offset + newline + (newline < rest.n);
}

/* A suppression above the record would speak of the next one. */
static size_t
first_line(const struct walk *walk, const struct record *record)
{
	size_t start = record->span.start;
	const struct zone_suppression *suppression =
	    walk->loaded->contents->suppressions;

	for (; suppression != NULL; suppression = suppression->next)
		if (suppression->covers.source == record->span.source &&
		    suppression->covers.start == record->span.start &&
		    suppression->span.start < start)
			start = suppression->span.start;
	return line_start(record->span.source->text, start);
}

static void
write_reason(struct buffer *out, const struct record *record,
    const struct made *made)
{
	struct str owner = name_show(record->owner);

	buffer_add_cstr(out, "; mailzone generate --adopt: ");
	if (record->type == RR_CNAME && made->type == RR_CNAME)
		buffer_printf(out, "the block has the CNAME of %.*s",
		    STR_ARG(owner));
	else if (record->type == RR_CNAME || made->type == RR_CNAME)
		buffer_printf(out, "no record stands beside the CNAME at %.*s",
		    STR_ARG(owner));
	else if (made->type == RR_MX)
		buffer_printf(out, "the block says where mail for %.*s goes",
		    STR_ARG(owner));
	else
		buffer_printf(out, "the block has the %s record of %.*s",
		    auth_name(made->auth), STR_ARG(owner));
}

static void
comment_out(struct walk *walk, const struct record *record,
    const struct made *made)
{
	struct str text = record->span.source->text, lines, line;
	size_t start = first_line(walk, record);
	size_t end = line_end(text, record->span.end);
	struct buffer out = { 0 };
	bool carriage;

	lines = str_slice(text, start, end);
	carriage = str_contains(lines, STR("\r\n"));
	write_reason(&out, record, made);
	buffer_add_cstr(&out, carriage ? "\r\n" : "\n");
	while (lines.n > 0) {
		line = str_slice(lines, 0, line_end(lines, 0));
		buffer_add_cstr(&out, MARK);
		buffer_add(&out, line);
		lines = str_after(lines, line.n);
	}
	patch_add(walk->changes->run->arena, walk->file, start, end,
	    buffer_finish(&out, walk->changes->run->arena));
	walk->gap = true;
}

/* Why a record cannot be commented out by us; NULL: it can. */
static const char *
find_obstacle(const struct walk *walk, const struct record *record,
    bool is_same)
{
	if (!option_given(walk->changes->run, "adopt") && is_same)
		return "this record would stand here and in the block, and "
		    "contradict it one day: remove it, or let --adopt "
		    "comment it out";
	if (!option_given(walk->changes->run, "adopt"))
		return "this record contradicts the generated ones: remove "
		    "it, take it into the configuration, or let --adopt "
		    "comment it out";
	if (record->span.source != walk->file->source)
		return "this record contradicts the generated ones, and "
		    "--adopt does not change files that others may include: "
		    "remove it";
	if (record->generated)
		return "this $GENERATE makes records that contradict the "
		    "generated ones, and perhaps others: change it";
	if (record->type != RR_TXT && record->type != RR_MX &&
	    record->type != RR_CNAME)
		return "nothing may stand beside a CNAME, and this is no "
		    "mail record that --adopt could comment out: decide "
		    "which of them stays";
	return NULL;
}

/*
 * A record that stays: where it inherited its owner from one that does not,
 * it gets the owner that was written there.
 */
static void
keep(struct walk *walk, const struct record *record)
{
	struct str text = record->span.source->text;
	size_t start = line_start(text, record->span.start);
	bool owned = record->owner_span.end > record->owner_span.start;

	if (walk->gap && !owned && !record->generated &&
	    !str_equal(record->owner, buffer_str(&walk->owner)))
		patch_add(walk->changes->run->arena, walk->file, start, start,
		    walk->written);
	walk->gap = false;
	buffer_clear(&walk->owner);
	buffer_add(&walk->owner, record->owner);
}

/* Is it one of those that are made? */
static bool
is_made(const struct walk *walk, struct arena *arena,
    const struct record *record)
{
	const struct made *made = walk->zone->records;

	while (made != NULL && !record_is_made(arena, record, made))
		made = made->next;
	return made != NULL;
}

static void
look_at(struct walk *walk, struct arena *arena, const struct record *record)
{
	bool ours = record->span.source == walk->file->source;
	const struct made *made;
	const char *obstacle;

	if (ours && record->owner_span.end > record->owner_span.start)
		walk->written = span_text(record->owner_span);
	made = ours && record->span.start >= walk->file->block.start &&
	    record->span.start < walk->file->block.end ? NULL :
	    made_collides(&walk->owners, record);
	if (made == NULL) {
		if (ours)
			keep(walk, record);
		return;
	}
	obstacle = find_obstacle(walk, record, is_made(walk, arena, record));
	if (obstacle == NULL) {
		comment_out(walk, record, made);
		return;
	}
	change_refuse(walk->changes, "zone-block-conflict", record->span,
	    str_from(obstacle));
	walk->fine = false;
}

bool
file_adopt(struct changes *changes, struct zone_file *file,
    const struct made_zone *zone, const struct zone *loaded)
{
	struct walk walk = { .changes = changes, .file = file, .zone = zone,
	    .loaded = loaded, .fine = true };
	struct arena *own = arena_new(), *memory = arena_new();
	const struct record *record;
	size_t position = 0;

	walk.owners = made_owners_of(memory, zone);
	while ((record = zone_next(loaded, own, ~0U, &position)) != NULL) {
		look_at(&walk, own, record);
		arena_reset(own);
	}
	buffer_free(&walk.owner);
	arena_free(memory);
	arena_free(own);
	return walk.fine;
}
