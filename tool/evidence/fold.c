/*
 * What reports say together: counts by source, so that memory is a matter of
 * how many sources there are, and not of how many reports.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "evidence/evidence.h"

struct evidence *
evidence_new(struct arena *arena, struct evidence_window window)
{
	struct evidence *evidence = ARENA_NEW(arena, struct evidence);

	evidence->arena = arena;
	evidence->window = window;
	evidence->last_domain = &evidence->domains;
	return evidence;
}

void
evidence_free(struct evidence *evidence)
{
	struct domain_evidence *domain;

	if (evidence == NULL)
		return;
	for (domain = evidence->domains; domain != NULL;
	    domain = domain->next)
		free(domain->days);
	free(evidence->rows);
	free(evidence->row_table);
	free(evidence->keys);
}

/* These arrays outgrow an arena: what they leave behind is given back. */
static void *
grow(struct arena *arena, void *old, size_t count, size_t size)
{
	void *larger = count > SIZE_MAX / size ? NULL :
	    realloc(old, count * size);

	if (larger == NULL)
		arena_array(arena, SIZE_MAX, 2);
	return larger;
}

/* ---- duplicates ---------------------------------------------------------- */

/*
 * Sixteen octets each, in a table that is never less than half full once it
 * has grown: no more than 32 for a report.
 */
enum { FIRST_KEYS = 64 };

static const struct hash_key other_key = {
	0x7265706f72746572, 0x7265706f72746964
};

static size_t
key_place(struct report_key key, size_t room)
{
	return (size_t)((key.low >> 32) * (uint64_t)room >> 32);
}

static bool
key_is_free(struct report_key key)
{
	return key.low == 0 && key.high == 0;
}

/* Where the key stands, or where it belongs. */
static struct report_key *
find_key(struct report_key *keys, size_t room, struct report_key key)
{
	size_t i = key_place(key, room);

	while (!key_is_free(keys[i]) &&
	    (keys[i].low != key.low || keys[i].high != key.high))
		i = i + 1 == room ? 0 : i + 1;
	return &keys[i];
}

static void
make_room_for_key(struct evidence *evidence)
{
	size_t room = evidence->key_room, i;
	struct report_key *keys;

	if (evidence->key_count < room / 10 * 8)
		return;
	room = room == 0 ? FIRST_KEYS : room + room / 2;
	keys = grow(evidence->arena, NULL, room, sizeof(*keys));
	memset(keys, 0, room * sizeof(*keys));
	for (i = 0; i < evidence->key_room; i++)
		if (!key_is_free(evidence->keys[i]))
			*find_key(keys, room, evidence->keys[i]) =
			    evidence->keys[i];
	free(evidence->keys);
	evidence->keys = keys;
	evidence->key_room = room;
}

/* Was none like it added before? It is noted. */
static bool
evidence_is_new(struct evidence *evidence, const struct report *report)
{
	struct buffer text = { 0 };
	struct report_key key, *place;

	buffer_add(&text, report->reporter);
	buffer_add_byte(&text, '\0');
	buffer_add(&text, report->id);
	buffer_add_byte(&text, '\0');
	buffer_add(&text, report->domain);
	key.low = hash_bytes(hash_key_fixed, buffer_str(&text));
	key.high = hash_bytes(other_key, buffer_str(&text)) | 1;
	buffer_free(&text);
	make_room_for_key(evidence);
	place = find_key(evidence->keys, evidence->key_room, key);
	if (!key_is_free(*place))
		return false;
	*place = key;
	evidence->key_count++;
	return true;
}

/* ---- domains and their days ---------------------------------------------- */

static struct domain_evidence *
domain_of(struct evidence *evidence, struct str name)
{
	struct domain_evidence *domain = table_find(&evidence->by_domain,
	    name);
	const struct evidence_window *window = &evidence->window;

	if (domain != NULL)
		return domain;
	domain = ARENA_NEW(evidence->arena, struct domain_evidence);
	domain->name = arena_copy(evidence->arena, name);
	domain->since = window->since_of == NULL ? window->since :
	    window->since_of(window->context, name);
	table_add(&evidence->by_domain, evidence->arena, domain->name,
	    domain);
	*evidence->last_domain = domain;
	evidence->last_domain = &domain->next;
	evidence->domain_count++;
	return domain;
}

/* The entry of a day, made where it belongs; mostly that is the end. */
static struct evidence_day *
day_of(struct evidence *evidence, struct domain_evidence *domain, day date)
{
	size_t low = 0, high = domain->day_count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (domain->days[middle].date < date)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < domain->day_count && domain->days[low].date == date)
		return &domain->days[low];
	if (domain->day_count == domain->day_room) {
		domain->day_room = domain->day_room * 2 + 16;
		domain->days = grow(evidence->arena, domain->days,
		    domain->day_room, sizeof(*domain->days));
	}
	memmove(&domain->days[low + 1], &domain->days[low],
	    (domain->day_count - low) * sizeof(*domain->days));
	domain->day_count++;
	domain->days[low] = (struct evidence_day){ date, 0, 0 };
	return &domain->days[low];
}

/* ---- sources ------------------------------------------------------------- */

static const struct str *
intern(struct evidence *evidence, struct str text)
{
	struct str *word = table_find(&evidence->words, text);

	if (word == NULL) {
		word = ARENA_NEW(evidence->arena, struct str);
		*word = arena_copy(evidence->arena, text);
		table_add(&evidence->words, evidence->arena, *word, word);
	}
	return word;
}

static bool
is_same_source(const struct source_row *a, const struct source_row *b)
{
	return a->domain == b->domain && a->date == b->date &&
	    a->header_from == b->header_from &&
	    a->dkim_domain == b->dkim_domain &&
	    a->dkim_selector == b->dkim_selector &&
	    a->spf_domain == b->spf_domain &&
	    a->address.version == b->address.version &&
	    memcmp(a->address.octets, b->address.octets, 16) == 0 &&
	    a->dkim_result == b->dkim_result &&
	    a->spf_result == b->spf_result &&
	    a->dkim_aligned == b->dkim_aligned &&
	    a->spf_aligned == b->spf_aligned;
}

static uint64_t
mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ hash >> 29;
}

static uint64_t
hash_source(const struct source_row *row)
{
	uint64_t halves[2], hash;

	memcpy(halves, row->address.octets, sizeof(halves));
	hash = mix(halves[0], halves[1]);
	hash = mix(hash, (uint64_t)row->date);
	hash = mix(hash, (uint64_t)(uintptr_t)row->domain);
	hash = mix(hash, (uint64_t)(uintptr_t)row->header_from);
	hash = mix(hash, (uint64_t)(uintptr_t)row->dkim_domain);
	hash = mix(hash, (uint64_t)(uintptr_t)row->dkim_selector);
	hash = mix(hash, (uint64_t)(uintptr_t)row->spf_domain);
	return mix(hash, (uint64_t)row->dkim_result << 24 |
	    (uint64_t)row->spf_result << 16 |
	    (uint64_t)row->dkim_aligned << 8 | (uint64_t)row->spf_aligned);
}

/* The table holds numbers of rows plus one; 0 is free. */
static size_t *
find_row(struct evidence *evidence, const struct source_row *row)
{
	size_t mask = evidence->row_table_size - 1;
	size_t i = (size_t)hash_source(row) & mask;

	while (evidence->row_table[i] != 0 && !is_same_source(row,
	    &evidence->rows[evidence->row_table[i] - 1]))
		i = (i + 1) & mask;
	return &evidence->row_table[i];
}

static void
make_room_for_row(struct evidence *evidence)
{
	size_t i;

	if (evidence->row_count < evidence->row_room)
		return;
	evidence->row_room = evidence->row_room == 0 ? 256 :
	    evidence->row_room * 2;
	evidence->rows = grow(evidence->arena, evidence->rows,
	    evidence->row_room, sizeof(*evidence->rows));
	evidence->row_table_size = evidence->row_room * 2;
	free(evidence->row_table);
	evidence->row_table = grow(evidence->arena, NULL,
	    evidence->row_table_size, sizeof(size_t));
	memset(evidence->row_table, 0,
	    evidence->row_table_size * sizeof(size_t));
	for (i = 0; i < evidence->row_count; i++)
		*find_row(evidence, &evidence->rows[i]) = i + 1;
}

static struct source_row *
row_of(struct evidence *evidence, const struct source_row *wanted)
{
	size_t *place;

	make_room_for_row(evidence);
	place = find_row(evidence, wanted);
	if (*place == 0) {
		evidence->rows[evidence->row_count++] = *wanted;
		*place = evidence->row_count;
	}
	return &evidence->rows[*place - 1];
}

/* ---- reports ------------------------------------------------------------- */

static void
add_broken(struct evidence *evidence, struct str path, struct str why)
{
	struct broken *broken = ARENA_NEW(evidence->arena, struct broken);

	broken->path = arena_copy(evidence->arena, path);
	broken->why = arena_copy(evidence->arena, why);
	if (evidence->last_broken == NULL)
		evidence->broken = broken;
	else
		evidence->last_broken->next = broken;
	evidence->last_broken = broken;
	evidence->broken_count++;
}

/* Rows follow rows that say the same: these words were just looked up. */
struct last_words {
	struct str text[4];
	const struct str *word[4];
};

static const struct str *
word_of(struct evidence *evidence, struct last_words *last, size_t which,
    struct str text)
{
	if (last->word[which] == NULL ||
	    (last->text[which].p != text.p &&
	    !str_equal(last->text[which], text)))
		last->word[which] = intern(evidence, text);
	last->text[which] = text;
	return last->word[which];
}

static void
add_row(struct evidence *evidence, struct domain_evidence *domain,
    struct last_words *last, const struct report_row *row, day date)
{
	struct source_row wanted = {
		.domain = domain,
		.header_from = word_of(evidence, last, 0, row->header_from),
		.dkim_domain = word_of(evidence, last, 1, row->dkim_domain),
		.dkim_selector = word_of(evidence, last, 2,
		    row->dkim_selector),
		.spf_domain = word_of(evidence, last, 3, row->spf_domain),
		.address = row->address,
		.dkim_result = (unsigned char)row->dkim_result,
		.spf_result = (unsigned char)row->spf_result,
		.dkim_aligned = row->dkim_aligned,
		.spf_aligned = row->spf_aligned,
		.date = evidence->window.by_day ? date : DAY_NONE,
		.first = date, .last = date,
	};
	struct source_row *source = row_of(evidence, &wanted);
	struct tally *tally = &domain->tally;
	uint64_t count = row->count;

	if (date < source->first)
		source->first = date;
	if (date > source->last)
		source->last = date;
	if (domain->since != DAY_NONE && date < domain->since)
		return;
	source->messages += count;
	tally->messages += count;
	tally->spf += row->spf_aligned ? count : 0;
	tally->dkim += row->dkim_aligned ? count : 0;
	tally->either += row->spf_aligned || row->dkim_aligned ? count : 0;
}

/* The days of a report are days that are known, with mail or without. */
static void
add_days(struct evidence *evidence, struct domain_evidence *domain,
    const struct report *report)
{
	day first = report_first_day(report), last = report_last_day(report);
	day until = evidence->window.until;
	const struct report_row *row;
	struct evidence_day *entry;
	day date;

	if (until != DAY_NONE && last > until)
		last = until;
	for (date = last; date >= first; date--)
		if (domain->since == DAY_NONE || date >= domain->since)
			day_of(evidence, domain, date);
	if (domain->since != DAY_NONE && first < domain->since)
		return;
	entry = day_of(evidence, domain, first);
	for (row = report->rows; row != NULL; row = row->next) {
		entry->messages += row->count;
		if (row->dkim_aligned || row->spf_aligned)
			entry->either += row->count;
	}
}

void
evidence_add(struct evidence *evidence, struct str path,
    const struct report *report)
{
	const struct evidence_window *window = &evidence->window;
	struct domain_evidence *domain;
	const struct report_row *row;
	struct last_words last = { 0 };
	day date;

	assert(!evidence->sorted);
	if (report->why.p != NULL) {
		add_broken(evidence, path, report->why);
		return;
	}
	if (!evidence_is_new(evidence, report)) {
		evidence->duplicates++;
		return;
	}
	date = report_first_day(report);
	if ((window->since != DAY_NONE && date < window->since) ||
	    (window->until != DAY_NONE && date > window->until)) {
		evidence->outside++;
		return;
	}
	evidence->read++;
	domain = domain_of(evidence, report->domain);
	domain->reports++;
	add_days(evidence, domain, report);
	for (row = report->rows; row != NULL; row = row->next)
		add_row(evidence, domain, &last, row, date);
}

/* ---- order --------------------------------------------------------------- */

static int
compare_rows(const void *left, const void *right)
{
	const struct source_row *a = left, *b = right;
	int order = (a->domain->order > b->domain->order) -
	    (a->domain->order < b->domain->order);

	if (order == 0)
		order = a->address.version - b->address.version;
	if (order == 0)
		order = memcmp(a->address.octets, b->address.octets, 16);
	if (order == 0)
		order = (a->date > b->date) - (a->date < b->date);
	if (order == 0)
		order = str_compare(*a->header_from, *b->header_from);
	if (order == 0)
		order = str_compare(*a->dkim_domain, *b->dkim_domain);
	if (order == 0)
		order = str_compare(*a->dkim_selector, *b->dkim_selector);
	if (order == 0)
		order = str_compare(*a->spf_domain, *b->spf_domain);
	if (order == 0)
		order = (a->dkim_result << 12 | a->spf_result << 4 |
		    a->dkim_aligned << 1 | a->spf_aligned) -
		    (b->dkim_result << 12 | b->spf_result << 4 |
		    b->dkim_aligned << 1 | b->spf_aligned);
	return order;
}

static int
compare_domains(const void *left, const void *right)
{
	const struct domain_evidence *a =
	    *(struct domain_evidence *const *)left;
	const struct domain_evidence *b =
	    *(struct domain_evidence *const *)right;

	return name_compare(a->name, b->name);
}

static void
sort_domains(struct evidence *evidence)
{
	struct domain_evidence **order, **link = &evidence->domains, *domain;
	size_t i = 0;

	order = ARENA_ARRAY(evidence->arena, evidence->domain_count + 1,
	    struct domain_evidence *);
	for (domain = evidence->domains; domain != NULL;
	    domain = domain->next)
		order[i++] = domain;
	qsort(order, evidence->domain_count, sizeof(*order), compare_domains);
	for (i = 0; i < evidence->domain_count; i++) {
		*link = order[i];
		order[i]->order = i;
		link = &order[i]->next;
	}
	*link = NULL;
	evidence->last_domain = link;
}

void
evidence_sort(struct evidence *evidence)
{
	struct domain_evidence *domain;
	size_t i;

	sort_domains(evidence);
	if (evidence->row_count > 1)
		qsort(evidence->rows, evidence->row_count,
		    sizeof(*evidence->rows), compare_rows);
	evidence->sorted = true;
	for (domain = evidence->domains, i = 0; domain != NULL;
	    domain = domain->next) {
		domain->first_row = i;
		while (i < evidence->row_count &&
		    evidence->rows[i].domain == domain)
			i++;
		domain->row_count = i - domain->first_row;
	}
}
