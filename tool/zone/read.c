/*
 * Reads a zone: entries and directives in order, through its includes, into
 * the log. What is wrong is noted and passed over; the next entry is read.
 */
#include <string.h>

#include "base/arena.h"
#include "zone/reader.h"

/* ---- runs and segments --------------------------------------------------- */

uint64_t
place_of(const struct reader *reader, size_t offset)
{
	return reader->place + offset;
}

void
start_segment(struct reader *reader, size_t offset)
{
	struct segment segment = {
		.start = place_of(reader, offset),
		.source = reader->frame->source,
		.offset = offset,
		.origin = reader->frame->origin,
		.ttl = reader->has_default_ttl ? reader->default_ttl :
		    reader->ttl,
		.part = reader->part
	};

	reader->run = NULL;
	fold_change(reader);
	log_add_segment(reader->log, &segment);
}

/* What stands here is no record: the open run ends before it. */
static void
add_hole(struct reader *reader, size_t offset)
{
	if (reader->run != NULL)
		log_add_run(reader->log, 0, place_of(reader, offset), 0);
	reader->run = NULL;
}

const struct wire *
frame_owner(struct frame *frame)
{
	if (frame->owner.length == 0)
		wire_parse(frame->owner_text, &frame->owner_origin->wire,
		    &frame->owner);
	return &frame->owner;
}

/* The owner in the arena; once for all runs that inherit it. */
static const struct wire *
keep_owner(struct reader *reader)
{
	struct frame *frame = reader->frame;
	struct wire *kept;

	if (frame->owner_kept == NULL) {
		kept = ARENA_NEW(reader->arena, struct wire);
		*kept = *frame_owner(frame);
		frame->owner_kept = kept;
	}
	return frame->owner_kept;
}

/* Does the entry say the owner of the open run in the same bytes? */
static bool
same_owner(const struct reader *reader, const struct entry *entry)
{
	return reader->run != NULL && reader->run_owner.p != NULL &&
	    str_equal(reader->run_owner, entry->owner.text);
}

/*
 * The entry belongs to the open run, when its owner is the same, or opens one.
 */
static void
take_run(struct reader *reader, const struct entry *entry, bool same)
{
	uint64_t place = place_of(reader, entry->line);
	unsigned flags = 0;

	if (same && reader->run != NULL &&
	    place - log_run_place(reader->run) < RUN_LONGEST)
		return;
	if (reader->frame->out_of_zone)
		flags |= RUN_OUT_OF_ZONE;
	if (reader->frame->child)
		flags |= RUN_CHILD;
	if (!entry->owned) {
		flags |= RUN_INHERITED;
		log_inherit(reader->log, reader->log->run_count,
		    keep_owner(reader));
	}
	reader->run = log_add_run(reader->log, reader->frame->hash, place,
	    flags);
	reader->run_owner = entry->owned ? entry->owner.text : STR_NONE;
}

/* ---- owners -------------------------------------------------------------- */

static bool
is_wildcard(const struct wire *owner)
{
	return owner->octets[0] == 1 && owner->octets[1] == '*';
}

uint64_t
hash_owner(struct reader *reader, const struct wire *owner)
{
	struct arena_mark mark = arena_mark(reader->arena);
	struct str name = wire_canonical(reader->arena, owner);
	uint64_t hash = log_hash(reader->log, name);

	reader->contents->escaped_owners |= str_has(name, '\\');
	reader->contents->wildcards |= is_wildcard(owner);
	arena_release(reader->arena, mark);
	return hash;
}

/* A name that is the owner already, in other words, goes on with its sets. */
static bool
set_owner(struct reader *reader, const struct lexeme *lexeme)
{
	struct frame *frame = reader->frame;
	struct wire before = { .length = 0 };
	enum wire_error error;

	if ((reader->set_count > 0 || has_hosts(reader)) && frame->has_owner)
		before = *frame_owner(frame);
	error = wire_parse(lexeme->text, &frame->origin->wire, &frame->owner);
	frame->owner_kept = NULL;
	reader->folding.open = false;
	frame->has_owner = error == WIRE_FINE;
	frame->bad_owner = error != WIRE_FINE;
	if (error != WIRE_FINE || (!has_hosts(reader) &&
	    !wire_equal(&before, &frame->owner)))
		forget_sets(reader);
	else if (!wire_equal(&before, &frame->owner))
		change_sets(reader, &before);
	if (error != WIRE_FINE)
		return complain_name(reader, lexeme, error);
	frame->hash = hash_owner(reader, &frame->owner);
	frame->child = frame->owner.length == 1 + frame->owner.octets[0] +
	    reader->apex.length && frame->owner.octets[1] != '*' &&
	    wire_within(&frame->owner, &reader->apex);
	frame->wildcard = is_wildcard(&frame->owner);
	frame->underscored = frame->owner.octets[1] == '_';
	frame->out_of_zone = !wire_within(&frame->owner, &reader->apex);
	if (frame->out_of_zone)
		complain_at(reader, lexeme, ZONE_OUT_OF_ZONE, true,
		    "lies outside the zone, so name servers ignore it");
	return true;
}

void
settle_owner(struct reader *reader)
{
	struct folding *folding = &reader->folding;
	struct fold_part parts[FOLD_LINES];
	const struct fold *fold = reader->fold_sets;
	size_t sets = reader->set_count, count, n = 0;
	struct lexeme owner = { .kind = LEXEME_WORD };

	if (!folding->open)
		return;
	count = fold_parts(reader->zone, folding->open_run, parts);
	owner.start = (size_t)(parts[count - 1].place - reader->place);
	owner.text = str_after(reader->frame->source->text, owner.start);
	while (!byte_is_blank((unsigned char)owner.text.p[n]))
		n++;
	owner.text.n = n;
	owner.end = owner.start + n;
	set_owner(reader, &owner);
	reader->set_count = sets;
	reader->fold_sets = fold;
}

static bool
take_owner(struct reader *reader, const struct entry *entry)
{
	struct frame *frame = reader->frame;

	if (entry->owned)
		return same_owner(reader, entry) ||
		    set_owner(reader, &entry->owner);
	settle_owner(reader);
	if (frame->has_owner)
		return true;
	/* Those below a bad owner are not wrong themselves. */
	return !frame->bad_owner && complain_at(reader, &entry->type_lexeme,
	    ZONE_SYNTAX, false, "no owner is known here: the line starts "
	    "with a blank, and no name stands before it");
}

/* ---- entries ------------------------------------------------------------- */

bool
check_type(struct reader *reader, const struct entry *entry, bool generated)
{
	const struct rrtype_row *row = rrtype_row(entry->type);
	/* RFC 6895 section 3.1 keeps 0 and 128 to 255 for these. */
	unsigned attributes = row != NULL ? row->attributes :
	    entry->type == 0 || (entry->type >= 128 && entry->type <= 255) ?
	    TYPE_META : 0;

	if ((attributes & TYPE_OBSOLETE) != 0 && !generated)
		return complain_at(reader, &entry->type_lexeme, ZONE_SYNTAX,
		    true, "is an obsolete type");
	if ((attributes & TYPE_META) != 0)
		return complain_at(reader, &entry->type_lexeme, ZONE_SYNTAX,
		    true, "is a type for questions, not for zones");
	return true;
}

bool
suits_owner(uint16_t type, const struct wire *owner)
{
	return (type != RR_NS && type != RR_NSEC3) || !is_wildcard(owner);
}

bool
must_check(const struct reader *reader, uint16_t type)
{
	const struct rrtype_row *row = rrtype_row(type);

	return reader->log->full_syntax ||
	    (row != NULL && (row->attributes & TYPE_MAIL) != 0);
}

/* The SOA of "." or example.com.example.com was meant for the zone. */
static bool
is_stray(const struct reader *reader, const struct wire *owner)
{
	const struct wire *apex = &reader->apex;
	unsigned labels = apex->length - 1;

	return apex->length > 1 && (owner->length == 1 ||
	    (owner->length == labels + apex->length &&
	    wire_within(owner, apex) && memcmp(owner->octets,
	    owner->octets + labels, labels) == 0));
}

static void
take_soa(struct reader *reader, const struct entry *entry)
{
	struct zone_contents *contents = reader->contents;
	const struct wire *owner = frame_owner(reader->frame);

	contents->soa_count++;
	if (is_stray(reader, owner))
		contents->stray_soa = true;
	else if (wire_within(owner, &reader->apex) &&
	    owner->length > reader->apex.length)
		contents->low_soa = span_here(reader, entry->type_lexeme.start,
		    entry->type_lexeme.end);
	if (contents->has_soa || !wire_equal_case(owner, &reader->apex))
		return;
	contents->has_soa = true;
	contents->soa = span_here(reader, entry->start,
	    reader->frame->scan.code_end);
	contents->soa_ttl = reader->ttl;
	contents->soa_serial = soa_number(reader, 20);
	contents->soa_minimum = soa_number(reader, 4);
}

void
count_record(struct reader *reader, uint16_t type, bool underscored,
    bool relative)
{
	struct zone_contents *contents = reader->contents;

	contents->record_count++;
	contents->relative_servers |= type == RR_NS && relative;
	contents->underscored_aliases |= type == RR_CNAME && underscored;
}

/* A preference of two octets, and no label: RFC 7505. */
void
note_null_mx(struct reader *reader, uint16_t type)
{
	reader->contents->null_mx |= type == RR_MX && reader->rdata.length == 3;
}

/* The type has been read; the entry goes into the log when it is fine. */
static bool
read_record(struct reader *reader, const struct entry *entry)
{
	struct frame *frame = reader->frame;
	struct rdata *rdata = &reader->rdata;

	if (!take_owner(reader, entry) ||
	    !check_type(reader, entry, false))
		return false;
	if (!frame->out_of_zone &&
	    !suits_owner(entry->type, frame_owner(frame)))
		return complain_at(reader, &entry->type_lexeme, ZONE_SYNTAX,
		    true, "cannot stand at a wildcard");
	rdata->scan = &frame->scan;
	rdata->origin = &frame->origin->wire;
	rdata->type = entry->type;
	if (!rdata_read(rdata, must_check(reader, entry->type)))
		return complain_here(reader, &rdata->complaint);
	/* One that is ignored still hands its TTL on when it says it. */
	if (frame->out_of_zone && entry->explicit_ttl) {
		reader->ttl = entry->ttl;
		reader->has_ttl = true;
	} else if (!frame->out_of_zone)
		take_ttl(reader, entry, entry->type_lexeme.end);
	if (entry->type == RR_NS && !frame->out_of_zone &&
	    !reader->has_default_ttl)
		take_host(reader);
	take_run(reader, entry, !entry->owned || same_owner(reader, entry));
	twice_note(reader, entry->type, NULL);
	reader->run->place |= rrtype_set(entry->type);
	count_record(reader, entry->type, frame->underscored,
	    rdata->relative);
	note_null_mx(reader, entry->type);
	if (entry->type == RR_SOA)
		take_soa(reader, entry);
	return true;
}

/* ---- plain entries ------------------------------------------------------- */

/* Is it one label, of this length, below the apex? */
static bool
is_child(struct str canonical, size_t label, struct str apex)
{
	if (label == 0 || canonical.p[0] == '*')
		return false;
	if (apex.n == 0)
		return canonical.n == label;
	return canonical.n == label + 1 + apex.n &&
	    memcmp(canonical.p + label + 1, apex.p, apex.n) == 0;
}

/* That of a plain entry; the name is not out of the zone. */
static void
use_plain_owner(struct reader *reader, const struct plain *plain,
    struct str canonical, uint64_t hash, bool child)
{
	struct frame *frame = reader->frame;

	reader->folding.open = false;
	frame->owner.length = 0;
	frame->owner_text = plain->entry.owner.text;
	frame->owner_origin = plain->origin;
	frame->owner_kept = NULL;
	frame->child = child;
	frame->wildcard = canonical.n > 0 && canonical.p[0] == '*' &&
	    (canonical.n == 1 || canonical.p[1] == '.');
	reader->contents->wildcards |= frame->wildcard;
	frame->underscored = canonical.n > 0 && canonical.p[0] == '_';
	frame->has_owner = true;
	frame->bad_owner = frame->out_of_zone = false;
	frame->hash = hash;
}

/* Does the owner stay, though it may be written otherwise? */
static bool
is_owner(struct reader *reader, const struct plain *plain, uint64_t hash)
{
	struct frame *frame = reader->frame;

	return frame->hash == hash && frame->has_owner && wire_is(
	    frame_owner(frame), plain->entry.owner.text, &plain->origin->wire);
}

/* Few names have the same first octet; an escape or "@" may be any. */
static bool
may_be_same(struct str a, struct str b)
{
	return a.p[0] == '\\' || a.p[0] == '@' || b.p[0] == '@' ||
	    byte_lower((unsigned char)a.p[0]) ==
	    byte_lower((unsigned char)b.p[0]);
}

/* Is its owner a host of the owner before, or that which glue waits for? */
static bool
may_be_glue(const struct reader *reader, const struct plain *plain)
{
	const struct glue *glue = reader->glue;
	size_t i;

	for (i = 0; i < glue->host_count && !glue->open; i++)
		if (glue->hosts[i].wire != NULL || may_be_same(
		    glue->hosts[i].text, plain->entry.owner.text))
			return true;
	return glue->open;
}

/* The owner of a plain entry; false leaves it to set_owner(). */
static bool
set_plain_owner(struct reader *reader, const struct plain *plain)
{
	struct str canonical, apex = reader->zone->name;
	struct wire before = { .length = 0 };
	struct folded folded;
	uint64_t hash;
	size_t label;
	bool child;

	if (!plain_owner(plain, &folded, &canonical, &label))
		return false;
	child = is_child(canonical, label, apex);
	if (!child && !name_within(canonical, apex))
		return false;
	hash = log_hash(reader->log, canonical);
	if (has_hosts(reader) && may_be_glue(reader, plain))
		before = *frame_owner(reader->frame);
	else if (reader->set_count == 0 || !is_owner(reader, plain, hash))
		forget_sets(reader);
	use_plain_owner(reader, plain, canonical, hash, child);
	if (before.length > 0 &&
	    !wire_equal(&before, frame_owner(reader->frame)))
		change_sets(reader, &before);
	return true;
}

/* What stands in the way of taking a plain entry as it is? */
static bool
is_acceptable(struct reader *reader, const struct plain *plain, bool same)
{
	const struct frame *frame = reader->frame;
	const struct entry *entry = &plain->entry;

	if (!entry->explicit_ttl && !knows_ttl(reader))
		return false;
	if (!same) {
		if (!set_plain_owner(reader, plain))
			return false;
	} else {
		settle_owner(reader);
		if (!frame->has_owner || frame->out_of_zone)
			return false;
	}
	return (entry->type != RR_NS && entry->type != RR_NSEC3) ||
	    !frame->wildcard;
}

static void
begin_plain(struct reader *reader, struct plain *plain)
{
	plain->kernel = reader->kernel;
	plain->window = &reader->frame->window;
	plain->origin = reader->frame->origin;
	plain->full_syntax = reader->log->full_syntax;
	plain->middles = &reader->middles;
}

/* The NS record that was read the short way, whose data is a word. */
static void
take_plain_host(struct reader *reader, const struct plain *plain)
{
	struct host host = { .origin = plain->origin };
	struct cursor in = { plain->text, plain->data };

	cursor_while(&in, STR(" \t"));
	host.text.p = plain->text.p + in.here;
	host.text.n = plain->kernel->word(host.text.p).n;
	note_host(reader, host);
}

/* Few names are read at once one by one. */
static bool
folds_names(const struct reader *reader)
{
	size_t from = reader->options->fold_from;

	return from > 0 && reader->contents->record_count >= from;
}

/* What read_entry() would do, for an entry that is fine; else nothing. */
static bool
read_plain(struct reader *reader)
{
	struct frame *frame = reader->frame;
	struct scan *scan = &frame->scan;
	struct plain plain;
	bool same;

	if (reader->kernel == NULL)
		return false;
	begin_plain(reader, &plain);
	if (!plain_read(&plain, scan))
		return false;
	same = !plain.entry.owned || same_owner(reader, &plain.entry);
	if (!is_acceptable(reader, &plain, same))
		return false;
	scan->here = plain.here;
	take_ttl(reader, &plain.entry, plain.data);
	if (plain.entry.type == RR_NS && !reader->has_default_ttl)
		take_plain_host(reader, &plain);
	take_run(reader, &plain.entry, same);
	twice_note(reader, plain.entry.type, plain.text.p + plain.data);
	reader->run->place |= rrtype_set(plain.entry.type);
	count_record(reader, plain.entry.type, frame->underscored,
	    plain.relative);
	if (plain.comment != SIZE_MAX)
		scan->comment(scan->context, plain.comment,
		    plain.comment_end);
	if (reader->pending != NULL)
		place_suppressions(reader, plain.entry.start, scan->here);
	if (folds_names(reader))
		fold_note(reader, &plain, same);
	return true;
}

/* What remains of the TTLs of a family, where entries depend on that. */
static void
take_fold_ttl(struct reader *reader, const struct fold *fold)
{
	if (reader->has_default_ttl)
		return;
	reader->has_ttl = true;
	reader->ttl = fold->ttl;
	reader->fold_sets = fold;
}

/* A family of one name is a run like any other. */
static void
take_family(struct reader *reader, size_t start, const struct fold_text *text)
{
	const struct fold *fold = text->fold;
	struct folding *folding = &reader->folding;
	uint64_t hash = reader->frame->hash;
	uint64_t place = place_of(reader, start);

	take_fold_ttl(reader, fold);
	reader->contents->record_count += fold->line_count;
	reader->run_owner = reader->frame->owner_text;
	if (fold->runs == 1) {
		reader->run = log_add_run(reader->log, hash, place,
		    RUN_CHILD | fold->types);
		return;
	}
	log_add_folded(reader->log, hash, place, text);
	reader->run = NULL;
	folding->open = true;
	folding->open_run = reader->log->run_count - 1;
}

/* What read_plain() would do for a family that is like another one. */
static bool
read_family(struct reader *reader)
{
	struct scan *scan = &reader->frame->scan;
	struct str owner, canonical;
	struct folded *folded;
	struct plain plain;
	struct fold_text text;

	if ((reader->folding.root.first == NULL &&
	    reader->folding.family.top.p == NULL) || reader->folding.asleep ||
	    reader->pending != NULL)
		return false;
	begin_plain(reader, &plain);
	if (!plain_start(&plain, scan) || reader->pending != NULL ||
	    byte_is_blank(plain.text.p[plain.here]))
		return false;
	folded = fold_owner(&reader->folding, &plain);
	owner = plain.entry.owner.text;
	if (owner.n % WINDOW == 0 || (!reader->has_default_ttl &&
	    same_owner(reader, &plain.entry)))
		return false;
	if (!fold_read(reader, &plain, &text))
		return false;
	canonical = plain_folded(plain.origin, owner, folded);
	if (canonical.p == NULL || !is_child(canonical,
	    plain_label(owner, folded), reader->zone->name))
		return false;
	scan->here = plain.here;
	forget_sets(reader);
	use_plain_owner(reader, &plain, canonical,
	    log_hash(reader->log, canonical), true);
	reader->contents->relative_servers |= plain.relative;
	take_family(reader, (size_t)(owner.p - plain.text.p), &text);
	return true;
}

/* ---- going on ------------------------------------------------------------ */

/* The last token before a place of the entry; its start is SIZE_MAX if none. */
static struct lexeme
token_before(const struct scan *scan, size_t start, size_t place)
{
	struct scan again = { .text = scan->text, .here = start };
	struct lexeme lexeme, last = { .start = SIZE_MAX };

	while (scan_next(&again, SCAN_QUOTED, &lexeme) <= LEXEME_QUOTED &&
	    lexeme.start < place)
		last = lexeme;
	return last;
}

/*
 * A parenthesis of the entry is not closed. When that which was wrong stands in
 * another line than what comes before it, it is no part of the entry. Returns
 * where that ends, or start.
 */
static size_t
blame_parenthesis(struct reader *reader, size_t start,
    struct zone_problem *problem)
{
	const struct scan *scan = &reader->frame->scan;
	struct lexeme last;

	while (problem != NULL && problem->kind == ZONE_OUT_OF_ZONE)
		problem = problem->next;
	if (problem == NULL || problem->span.source != reader->frame->source)
		return start;
	/* A string that is open has swallowed the closing one. */
	if (problem->kind == ZONE_UNBALANCED_QUOTE)
		return problem->span.end;
	last = token_before(scan, start, problem->span.start);
	if (last.start == SIZE_MAX || !str_has(str_slice(scan->text, last.end,
	    problem->span.start), '\n'))
		return start;
	problem->kind = ZONE_SYNTAX;
	problem->span = span_here(reader, last.start, last.end);
	problem->what = STR("a parenthesis is open behind this, and not "
	    "closed before the file ends");
	return last.end;
}

/*
 * Goes on at the next entry. When a parenthesis stays open to the end, it was
 * its line that was wrong: what stands behind that line is read after all,
 * once.
 */
static void
recover(struct reader *reader, size_t start, struct zone_problem *problem)
{
	struct frame *frame = reader->frame;
	struct scan *scan = &frame->scan;
	struct cursor line;

	scan->comment = NULL;
	scan_rest(scan);
	scan->comment = take_comment;
	if (!scan->left_open || frame->gave_up)
		return;
	frame->gave_up = true;
	scan->left_open = false;
	scan->line_start = true;
	line = (struct cursor){ scan->text,
	    blame_parenthesis(reader, start, problem) };
	cursor_until(&line, STR("\r\n"));
	cursor_next(&line);
	scan->here = line.here;
	/* A directive may have ended further on. */
	start_segment(reader, scan->here);
}

/* ---- files --------------------------------------------------------------- */

void
add_source(struct reader *reader, const struct source *source)
{
	struct zone_contents *contents = reader->contents;
	const struct source **larger;

	if (contents->source_count == reader->source_room) {
		reader->source_room = contents->source_count * 2 + 4;
		larger = ARENA_ARRAY(reader->arena, reader->source_room,
		    const struct source *);
		if (contents->source_count > 0)
			memcpy(larger, contents->sources,
			    contents->source_count * sizeof(*larger));
		contents->sources = larger;
	}
	contents->sources[contents->source_count++] = source;
}

void
push_frame(struct reader *reader, const struct source *source,
    const struct origin *origin)
{
	struct frame *parent = reader->frame;
	struct frame *frame = ARENA_NEW(reader->arena, struct frame);

	if (parent != NULL) {
		*frame = *parent;
		frame->depth = parent->depth + 1;
		frame->gave_up = false;
		reader->place += parent->scan.here;
	}
	frame->parent = parent;
	frame->source = source;
	frame->origin = origin;
	frame->scan = (struct scan){ .text = source->text,
	    .line_start = parent == NULL || parent->scan.line_start,
	    .comment = take_comment, .context = reader };
	if (reader->kernel != NULL)
		reader->kernel->classify(source->text.p,
		    frame->window.masks);
	frame->window.start = 0;
	reader->frame = frame;
	forget_sets(reader);
	reader->part++;
	add_source(reader, source);
	start_segment(reader, 0);
}

/* At the end of a file the one that includes it goes on; false at the last. */
static bool
pop_frame(struct reader *reader)
{
	struct frame *frame = reader->frame;

	reader->pending = NULL;
	if (frame->parent == NULL)
		return false;
	reader->place += frame->scan.here;
	reader->frame = frame->parent;
	reader->place -= reader->frame->scan.here;
	reader->folding.open = false;
	forget_sets(reader);
	reader->part++;
	start_segment(reader, reader->frame->scan.here);
	return true;
}

/* BIND takes it for part of the first name. */
static void
skip_mark(struct reader *reader)
{
	struct scan *scan = &reader->frame->scan;
	struct complaint complaint = { ZONE_BOM, 0, 3, false,
	    "the file starts with a byte order mark, which name servers take "
	    "for part of the first name" };

	if (!str_starts(scan->text, STR("\xef\xbb\xbf")))
		return;
	complain_here(reader, &complaint);
	scan->here = 3;
}

static void
read_entry(struct reader *reader, struct entry *entry,
    struct complaint *complaint, enum entry_kind kind)
{
	struct frame *frame = reader->frame;
	struct zone_problem **news = reader->last_problem, *problem;
	bool fine = false;

	switch (kind) {
	case ENTRY_RECORD:
		fine = read_record(reader, entry);
		break;
	case ENTRY_DIRECTIVE:
		settle_owner(reader);
		fine = read_directive(reader, entry);
		break;
	default:
		complain_here(reader, complaint);
		break;
	}
	if (!fine) {
		add_hole(reader, entry->line);
		recover(reader, entry->line, *news);
		for (problem = *news; problem != NULL;
		    problem = problem->next)
			problem->entry = span_here(reader, entry->line,
			    reader->frame->scan.here);
	}
	if (reader->pending != NULL && reader->frame == frame)
		place_suppressions(reader, entry->start, frame->scan.here);
}

static bool
has_come_to(const struct reader *reader, size_t stop)
{
	return reader->frame->scan.here >= stop &&
	    reader->frame->parent == NULL;
}

void
read_up_to(struct reader *reader, size_t stop)
{
	struct complaint complaint;
	struct entry entry;
	enum entry_kind kind;

	while (!has_come_to(reader, stop)) {
		if (read_family(reader) || read_plain(reader))
			continue;
		fold_drop(reader);
		kind = entry_read(&reader->frame->scan, &entry, &complaint);
		if (kind != ENTRY_END)
			read_entry(reader, &entry, &complaint, kind);
		else if (!pop_frame(reader))
			break;
	}
}

void
read_files(struct reader *reader, const struct origin *origin)
{
	push_frame(reader, reader->zone->source, origin);
	skip_mark(reader);
	read_ahead(reader);
	read_up_to(reader, SIZE_MAX);
	reader->log->end = place_of(reader, reader->frame->scan.here) + 1;
	recogniser_end(reader);
}
