/*
 * Families of names: a name directly below the apex, and names below that,
 * whose entries follow each other in the file. Providers have a hundred
 * thousand of them that begin their entries alike; each is kept as one run,
 * and costs neither the making of names nor room for them.
 *
 * How entries begin is learnt from families that were read one entry at a
 * time, and holds for others under the same origin and $TTL. Data is read as
 * ever.
 */
#include <string.h>

#include "base/arena.h"
#include "zone/reader.h"

enum {
	BRANCHES = 16,
	LINES_MAX = 4096,		/* that are remembered */
	DATA_LONGEST = 64,		/* that is */
	DATA_OTHERS = 8,		/* until one of them is instead */
	MISSED_MOST = 256		/* entries, until all is forgotten */
};

/* ---- words --------------------------------------------------------------- */

/* Both are of a file, so that padding stands behind them. */
static inline bool
is_same(const char *a, const char *b, size_t count)
{
	uint64_t x, y;
	size_t i;

	for (i = 0; i + sizeof(x) <= count; i += sizeof(x)) {
		memcpy(&x, a + i, sizeof(x));
		memcpy(&y, b + i, sizeof(y));
		if (x != y)
			return false;
	}
	memcpy(&x, a + i, sizeof(x));
	memcpy(&y, b + i, sizeof(y));
	return first_bytes(x ^ y, count - i) == 0;
}

static struct pattern
pattern_of(struct str text)
{
	struct pattern pattern = { .text = text };
	size_t first = text.n < 8 ? text.n : 8;
	size_t second = text.n < 16 ? text.n - first : 8;

	pattern.masks[0] = first_bytes(UINT64_MAX, first);
	pattern.masks[1] = first_bytes(UINT64_MAX, second);
	memcpy(pattern.words, text.p, sizeof(pattern.words));
	pattern.words[0] &= pattern.masks[0];
	pattern.words[1] &= pattern.masks[1];
	return pattern;
}

/* The same of a long text, of which the first sixteen are. */
static inline bool
is_rest_same(const char *a, const char *b, size_t count)
{
	uint64_t x, y;

	memcpy(&x, a + count - sizeof(x), sizeof(x));
	memcpy(&y, b + count - sizeof(y), sizeof(y));
	return x == y && (count <= 24 || is_same(a + 16, b + 16, count - 16));
}

/* The padding is never in a pattern. */
static inline bool
stands_at(const struct pattern *pattern, const char *here)
{
	uint64_t words[2];

	memcpy(words, here, sizeof(words));
	if ((((words[0] & pattern->masks[0]) ^ pattern->words[0]) |
	    ((words[1] & pattern->masks[1]) ^ pattern->words[1])) != 0)
		return false;
	return pattern->text.n <= sizeof(words) ||
	    is_rest_same(here, pattern->text.p, pattern->text.n);
}

/* Is the name that of the family, or below it, as it is written? */
static bool
belongs(struct str name, struct str top)
{
	return name.n >= top.n && is_same(name.p + name.n - top.n, top.p,
	    top.n) && (name.n == top.n || name.p[name.n - top.n - 1] == '.');
}

/* By a comment that is more than words. */
static bool
is_commented(const struct plain *plain)
{
	return plain->comment != SIZE_MAX && comment_matters(str_slice(
	    plain->text, plain->comment, plain->comment_end));
}

/* ---- learning ------------------------------------------------------------ */

void
fold_drop(struct reader *reader)
{
	reader->folding.family.top = STR_NONE;
}

/* Until it is learnt again, under what holds now. */
static void
forget(struct reader *reader)
{
	struct folding *folding = &reader->folding;

	folding->root.first = NULL;
	folding->lines = 0;
	folding->origin = reader->frame->origin;
	folding->ttl = reader->default_ttl;
	folding->asleep = false;
	fold_drop(reader);
	recogniser_forget(reader);
}

/* Without $TTL more holds for an entry than this. */
static bool
is_as_learnt(const struct reader *reader)
{
	const struct folding *folding = &reader->folding;
	const struct origin *origin = reader->frame->origin;

	return folding->root.first != NULL && reader->has_default_ttl &&
	    folding->ttl == reader->default_ttl &&
	    (origin == folding->origin ||
	    wire_equal_case(&origin->wire, &folding->origin->wire));
}

/* Many files turn to another origin for a moment. */
void
fold_change(struct reader *reader)
{
	struct folding *folding = &reader->folding;

	fold_drop(reader);
	folding->asleep = !is_as_learnt(reader);
	folding->missed = 0;
	if (folding->root.first == NULL || !reader->has_default_ttl)
		forget(reader);
}

/* The line among those that may follow; NULL when it is one too many. */
static struct fold_line *
learn_line(struct reader *reader, struct fold_line *above,
    const struct fold_line *wanted)
{
	struct folding *folding = &reader->folding;
	struct fold_line *line;
	size_t branches = 0;

	for (line = above->first; line != NULL; line = line->next) {
		if (line->owned == wanted->owned &&
		    str_equal(line->before.text, wanted->before.text) &&
		    str_equal(line->middle.text, wanted->middle.text))
			return line;
		branches++;
	}
	if (branches == BRANCHES || folding->lines == LINES_MAX)
		return NULL;
	folding->lines++;
	line = ARENA_NEW(reader->arena, struct fold_line);
	*line = *wanted;
	line->next = above->first;
	above->first = line;
	return line;
}

static size_t
count_labels(struct str before)
{
	size_t labels = 0, i;

	for (i = 0; i < before.n; i++)
		labels += before.p[i] == '.';
	return labels;
}

static struct str
before_of(const struct fold *fold, size_t run)
{
	return fold->lines[fold->first[run]]->before.text;
}

/* Is the second name the first, or above it? */
static bool
is_above(struct str before, struct str other)
{
	return str_ends_case(before, other) && (before.n == other.n ||
	    other.n == 0 || before.p[before.n - other.n - 1] == '.');
}

/* With which run the name of another is seen first. */
static size_t
seen_with(const struct fold *fold, size_t run)
{
	size_t i = 0;

	while (!is_above(before_of(fold, i), before_of(fold, run)))
		i++;
	return i;
}

/* Names in the order in which they are seen: of a run, then those above it. */
static bool
comes_first(const struct fold *fold, size_t a, size_t b)
{
	size_t seen = seen_with(fold, a), other = seen_with(fold, b);
	struct str before = before_of(fold, a), after = before_of(fold, b);

	return seen != other ? seen < other : before.n != after.n ?
	    before.n > after.n : a < b;
}

/* Those of one name after the other. */
static void
order_runs(struct fold *fold)
{
	size_t i, j;

	for (i = 0; i < fold->runs; i++) {
		for (j = i; j > 0 && comes_first(fold, i,
		    fold->order[j - 1]); j--)
			fold->order[j] = fold->order[j - 1];
		fold->order[j] = i;
	}
}

/* Another run begins with an entry that says another owner. */
static void
count_runs(struct fold *fold)
{
	const struct fold_line *line;
	unsigned type;
	size_t i;

	for (i = 0; i < fold->line_count; i++) {
		line = fold->lines[i];
		type = rrtype_set(line->type);
		fold->types |= type;
		if (line->before.text.n > fold->longest)
			fold->longest = line->before.text.n;
		if (i == 0 || (line->owned &&
		    !str_equal(line->before.text,
		    fold->lines[i - 1]->before.text))) {
			fold->first[fold->runs++] = i;
			fold->names += i == 0 ? 1 :
			    count_labels(line->before.text);
		}
		fold->run_types[fold->runs - 1] |= type;
		*(line->before.text.n == 0 ? &fold->top : &fold->below) |= type;
	}
	fold->first[fold->runs] = fold->line_count;
}

static void
learn_family(struct reader *reader)
{
	struct family *family = &reader->folding.family;
	struct fold_line *line = &reader->folding.root;
	struct fold fold = { .line_count = family->count,
	    .ttl = family->ttl };
	size_t i;

	if (family->top.p == NULL || family->count == 0)
		return;
	for (i = 0; i < family->count; i++) {
		line = learn_line(reader, line, &family->lines[i]);
		if (line == NULL)
			return;
		fold.lines[i] = line;
	}
	if (line->fold != NULL)
		return;
	count_runs(&fold);
	order_runs(&fold);
	if (fold.names > FOLD_NAMES)
		return;
	line->fold = ARENA_NEW(reader->arena, struct fold);
	*line->fold = fold;
	if (!log_add_fold(reader->log, line->fold))
		line->fold = NULL;
}

static void
learn(struct reader *reader)
{
	learn_family(reader);
	fold_drop(reader);
}

/*
 * What rules ask of all names at once can be told from the outermost one of a
 * family without wildcards and without cuts further down.
 */
static bool
suits_family(const struct fold_line *line)
{
	return line->type != RR_DNAME && line->type != RR_SOA &&
	    (line->type != RR_NS || line->before.text.n == 0) &&
	    !str_has(line->before.text, '*');
}

/* Without $TTL entries that say none depend on those before them. */
static bool
suits_ttl(const struct reader *reader, const struct fold_line *line)
{
	return reader->has_default_ttl || line->explicit_ttl;
}

/* How far above a line the last one of its name and type is; 0: none is. */
static size_t
again_of(const struct family *family, const struct fold_line *line)
{
	const struct fold_line *above;
	size_t i;

	if ((rrtype_set(line->type) & TWICE_TYPES) == 0)
		return 0;
	for (i = 1; i <= family->count; i++) {
		above = &family->lines[family->count - i];
		if (above->type == line->type &&
		    str_equal_case(above->before.text, line->before.text))
			return i;
	}
	return 0;
}

static void
add_line(struct reader *reader, const struct plain *plain)
{
	struct family *family = &reader->folding.family;
	const struct entry *entry = &plain->entry;
	size_t owner = entry->owned ? entry->owner.text.n : 0;
	struct fold_line line = { .type = entry->type, .ttl = entry->ttl,
	    .owned = entry->owned, .explicit_ttl = entry->explicit_ttl,
	    .pass = plain_data(entry->type, plain->check),
	    .named = entry->type == RR_CNAME || entry->type == RR_PTR,
	    .before = family->before,
	    .middle = pattern_of(str_slice(plain->text, entry->line + owner,
		plain->data + 1)) };

	if (entry->owned)
		line.before = pattern_of(str_slice(entry->owner.text, 0,
		    owner - family->top.n));
	line.again = again_of(family, &line);
	if (entry->line != family->here || is_commented(plain) ||
	    family->count == FOLD_LINES || !suits_family(&line) ||
	    !suits_ttl(reader, &line) ||
	    plain->here - family->start > FOLD_LONGEST) {
		fold_drop(reader);
		return;
	}
	if (family->lines == NULL)
		family->lines = ARENA_ARRAY(reader->arena, FOLD_LINES,
		    struct fold_line);
	family->before = line.before;
	family->ttl = reader->ttl;
	family->lines[family->count++] = line;
	family->here = plain->here;
}

/*
 * Without $TTL what follows depends on all records of a name, so that none may
 * stand before a family.
 */
void
fold_note(struct reader *reader, const struct plain *plain, bool same)
{
	struct family *family = &reader->folding.family;
	const struct entry *entry = &plain->entry;

	if (reader->folding.asleep && reader->folding.missed++ < MISSED_MOST)
		return;
	if (reader->folding.asleep)
		forget(reader);
	if (entry->owned && (family->top.p == NULL ||
	    !belongs(entry->owner.text, family->top))) {
		learn(reader);
		family->top = reader->frame->child &&
		    (reader->has_default_ttl || !same) &&
		    entry->owner.text.p[0] != '@' ? entry->owner.text :
		    STR_NONE;
		family->before = pattern_of(str_slice(plain->text,
		    entry->line, entry->line));
		family->start = family->here = entry->line;
		family->count = 0;
	}
	if (family->top.p != NULL)
		add_line(reader, plain);
}

/* ---- reading ------------------------------------------------------------- */

/* A line that has been read, and where its data begins. */
struct read_line {
	const struct fold_line *line;
	const char *data;
};

/*
 * How many octets of the line stand there up to its data; 0: it does not. A
 * part is looked at when that before it is there: the padding is in none.
 */
static inline size_t
begins_with(const char *here, const struct fold_line *line,
    const struct pattern *top)
{
	size_t n = 0;

	if (line->owned) {
		n = line->before.text.n;
		if ((n > 0 && !stands_at(&line->before, here)) ||
		    !stands_at(top, here + n))
			return 0;
		n += top->text.n;
	}
	return stands_at(&line->middle, here + n) ?
	    n + line->middle.text.n : 0;
}

/* Another one than the first, which it becomes: it is likely to fit again. */
__attribute__((noinline)) static struct fold_line *
follow_other(const struct folding *folding, struct plain *plain,
    struct fold_line *above)
{
	const char *here = plain->text.p + plain->here;
	struct fold_line **link = &above->first->next, *line;
	size_t length;

	for (; (line = *link) != NULL; link = &line->next) {
		length = begins_with(here, line, &folding->top);
		if (length == 0)
			continue;
		plain->here += length - 1;
		*link = line->next;
		line->next = above->first;
		above->first = line;
		break;
	}
	return line;
}

/*
 * Goes up to the data of the line that stands here, to which its last octet
 * belongs. NULL when none does that may follow.
 */
static inline struct fold_line *
follow(const struct folding *folding, struct plain *plain,
    struct fold_line *above)
{
	struct fold_line *line = above->first;
	size_t length;

	if (line == NULL)
		return NULL;
	length = begins_with(plain->text.p + plain->here, line, &folding->top);
	if (length == 0)
		return follow_other(folding, plain, above);
	plain->here += length - 1;
	return line;
}

/*
 * Is it the family's name and nothing else? That is a name as good as any, or
 * there is no family.
 */
static inline bool
is_top(const struct plain *plain, const struct pattern *top)
{
	const char *here = plain->text.p + plain->here;

	return byte_is_blank((unsigned char)here[0]) &&
	    stands_at(top, here + 1) && here[1 + top->text.n] == '\n';
}

/*
 * What has been found fine once is so wherever that line stands. Where data
 * always differs it is not worth the trouble.
 */
static void
keep_data(const struct plain *plain, size_t start, struct fold_line *line,
    const struct pattern *top)
{
	struct str data = str_slice(plain->text, start, plain->here);

	line->to_top = line->named && data.n == top->text.n + 2 &&
	    is_same(data.p + 1, top->text.p, top->text.n);
	line->data = data.n > DATA_LONGEST || line->to_top ? STR_NONE : data;
}

/* Most often it is what it was, or the family's name again. */
static inline bool
pass_data(struct plain *plain, struct fold_line *line,
    const struct pattern *top)
{
	size_t start = plain->here;

	if (line->data.n > 0 && is_same(line->data.p, plain->text.p + start,
	    line->data.n)) {
		plain->here += line->data.n;
		return true;
	}
	if (line->to_top && is_top(plain, top)) {
		plain->here += top->text.n + 2;
		return true;
	}
	if (!line->pass(plain))
		return false;
	if (plain->comment == SIZE_MAX) {
		if (line->others++ % DATA_OTHERS == 0 && !plain->relative)
			keep_data(plain, start, line, top);
	} else if (is_commented(plain))
		return false;
	plain->comment = SIZE_MAX;
	return true;
}

void
fold_see(struct folding *folding, const struct plain *plain)
{
	folding->turn ^= 1;
	folding->owner = plain_fold(plain->kernel,
	    plain->text.p + plain->here, &folding->folded[folding->turn]);
}

/* Whatever follows says whose it is, and that is not the family. */
static bool
ends_here(struct folding *folding, const struct plain *plain, struct str top)
{
	folding->owner = STR_NONE;
	if (plain->here >= plain->text.n)
		return true;
	if (byte_is_blank(plain->text.p[plain->here]))
		return false;
	fold_see(folding, plain);
	return folding->owner.n < WINDOW && !belongs(folding->owner, top);
}

/* Can all names of the family be, with an origin that may be left out? */
static inline bool
are_names(const struct fold *fold, struct str top, const struct origin *origin)
{
	return fold->longest + top.n + 1 + origin->wire.length <=
	    NAME_MAX_WIRE;
}

/* Can the data of the line be that of one above it, with the same name? */
static inline bool
comes_again(const struct read_line *lines, size_t number)
{
	const struct read_line *above = &lines[number];

	while (above->line->again != 0) {
		above -= above->line->again;
		if (twice_may_be(above->line->type, above->data,
		    lines[number].data))
			return true;
	}
	return false;
}

/* Entry by entry; starts: of these, and where the last one ends. */
static const struct fold *
read_lines(struct folding *folding, struct plain *plain,
    size_t starts[FOLD_LINES + 1])
{
	struct fold_line *line = &folding->root, *next;
	struct read_line lines[FOLD_LINES];
	size_t count = 0;

	plain->relative = false;
	for (;; count++) {
		starts[count] = plain->here;
		next = count < FOLD_LINES ? follow(folding, plain, line) :
		    NULL;
		if (next == NULL)
			break;
		line = next;
		lines[count] = (struct read_line){ line,
		    plain->text.p + plain->here };
		if (!pass_data(plain, line, &folding->top) ||
		    (line->again != 0 && comes_again(lines, count)))
			return NULL;
	}
	return line->fold;
}

/* What is told of it where it stands; of a single run, which that is. */
static void
take_lines(const struct fold *fold, const struct plain *plain,
    const size_t *starts, struct fold_text *text)
{
	size_t i;

	text->fold = fold;
	text->runs = fold->runs;
	text->relative = plain->relative;
	text->kind = 0;
	text->keyed = false;
	for (i = 0; i < fold->runs && fold->runs > 1; i++)
		text->ends[i] = starts[fold->first[i + 1]] - starts[0];
}

/* May what has been read be kept as one? */
static bool
is_whole(struct folding *folding, const struct plain *plain,
    const struct fold *fold, struct str owner)
{
	const char *here = plain->text.p + plain->here;

	return here - owner.p <= FOLD_LONGEST &&
	    are_names(fold, owner, plain->origin) &&
	    ends_here(folding, plain, owner);
}

bool
fold_read(struct reader *reader, struct plain *plain, struct fold_text *text)
{
	struct folding *folding = &reader->folding;
	struct str owner = plain->entry.owner.text;
	size_t start = (size_t)(owner.p - plain->text.p);
	struct str rest = str_after(plain->text, start);
	bool asks = recogniser_asks(&reader->recognition);
	size_t starts[FOLD_LINES + 1];
	const struct fold *fold;

	if (folding->family.top.p != NULL) {
		if (belongs(owner, folding->family.top))
			return false;
		learn(reader);
	}
	plain->here = start;
	if (asks && recogniser_find(reader, rest, owner.n, text)) {
		plain->here += text->ends[text->runs - 1];
		plain->relative = text->relative;
		return is_whole(folding, plain, text->fold, owner);
	}
	folding->top = pattern_of(owner);
	fold = read_lines(folding, plain, starts);
	if (fold == NULL || !is_whole(folding, plain, fold, owner))
		return false;
	take_lines(fold, plain, starts, text);
	if (asks && fold->runs > 1)
		recogniser_learn(reader, rest, text);
	return true;
}

/* ---- what lies in one ---------------------------------------------------- */

size_t
fold_parts(const struct zone *zone, size_t number, struct fold_part *parts)
{
	const struct zone_log *log = zone->log;
	const struct run *run = log_run(log, number);
	const struct fold *fold = log->folds[run->place & RUN_TYPES];
	const uint16_t *ends = log_ends(log, number);
	uint64_t place = log_run_place(run);
	size_t i;

	for (i = 0; i < fold->runs; i++) {
		parts[i].place = i == 0 ? place : parts[i - 1].end;
		parts[i].end = place + ends[i];
		parts[i].types = fold->run_types[i];
		parts[i].before = before_of(fold, i);
	}
	return i;
}
