/* Walks a table of fields and a tree, and fills a struct. */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "config/read.h"

/* "domains.example.com.dmarc" */
static struct str
trail_print(struct arena *arena, const struct trail *trail)
{
	if (trail == NULL)
		return STR("the configuration");
	if (trail->up == NULL)
		return trail->key;
	return arena_printf(arena, "%.*s.%.*s",
	    STR_ARG(trail_print(arena, trail->up)), STR_ARG(trail->key));
}

const struct field *
field_find(const struct field *fields, struct str key)
{
	const struct field *field, *any = NULL;

	for (field = fields; field->key != NULL; field++)
		if (str_is(key, field->key))
			return field;
		else if (strcmp(field->key, "*") == 0)
			any = field;
	return any;
}

/* ---- likeness ------------------------------------------------------------ */

/* Short words have few letters to tell them by. */
static unsigned
tolerance(struct str word)
{
	return word.n <= 2 ? 0 : word.n <= 4 ? 1 : word.n <= 8 ? 2 : 3;
}

void
likeness_try(struct likeness *likeness, struct str candidate)
{
	unsigned limit = tolerance(likeness->word), distance;

	if (likeness->best.p != NULL)
		limit = likeness->distance;
	distance = str_distance(likeness->word, candidate, limit);
	if (distance > limit ||
	    (likeness->best.p != NULL && distance == likeness->distance))
		return;
	likeness->best = candidate;
	likeness->distance = distance;
}

/* The order of a table's rows must not decide between two that are as near. */
void
likeness_try_table(struct likeness *likeness, const struct table *table)
{
	const struct table_row *row;
	struct likeness one;
	size_t i;

	for (i = 0; i < table->room; i++) {
		row = &table->rows[i];
		if (row->value == NULL)
			continue;
		one = (struct likeness){ .word = likeness->word };
		likeness_try(&one, row->key);
		if (one.best.p != NULL && (likeness->best.p == NULL ||
		    one.distance < likeness->distance ||
		    (one.distance == likeness->distance &&
		    str_compare(one.best, likeness->best) < 0)))
			*likeness = one;
	}
}

enum { PART_SHORTEST = 3 };

static bool
is_part(struct str part, struct str whole)
{
	return part.n >= PART_SHORTEST && part.n < whole.n &&
	    str_contains(whole, part);
}

void
likeness_try_parts(struct likeness *likeness, const struct table *table)
{
	struct str word = likeness->word, best = STR_NONE, key;
	size_t i;

	if (likeness->best.p != NULL)
		return;
	for (i = 0; i < table->room; i++) {
		key = table->rows[i].key;
		if (table->rows[i].value == NULL ||
		    (!is_part(word, key) && !is_part(key, word)))
			continue;
		if (best.p == NULL || key.n < best.n ||
		    (key.n == best.n && str_compare(key, best) < 0))
			best = key;
	}
	likeness->best = best;
}

struct str
likeness_help(struct arena *arena, const struct likeness *likeness)
{
	if (likeness->best.p == NULL)
		return STR_NONE;
	return arena_printf(arena, "did you mean \"%.*s\"?",
	    STR_ARG(likeness->best));
}

/* ---- unknown keys -------------------------------------------------------- */

static struct str
list_keys(struct arena *arena, const struct field *fields)
{
	struct buffer out = { 0 };
	const struct field *field;

	for (field = fields; field->key != NULL; field++) {
		if (field->defaults_only)
			continue;
		buffer_add_cstr(&out, out.n == 0 ? "the keys here are " : ", ");
		buffer_add_cstr(&out, field->key);
	}
	return buffer_finish(&out, arena);
}

/* "p" stands in dmarc, not in the domain. */
static struct str
look_below(struct arena *arena, const struct field *fields, struct str key)
{
	const struct field *field, *below;

	for (field = fields; field->key != NULL; field++) {
		if (field->kind != FIELD_MAPPING)
			continue;
		below = field_find(field->fields, key);
		if (below != NULL)
			return arena_printf(arena, "it belongs into \"%s\"",
			    field->key);
	}
	return STR_NONE;
}

static struct str
key_help(struct arena *arena, const struct field *fields, struct str key)
{
	struct likeness likeness = { .word = key };
	const struct synonym *synonym;
	const struct field *field;
	struct str help;

	for (synonym = key_refusals; synonym->theirs != NULL; synonym++)
		if (str_is_case(key, synonym->theirs) &&
		    field_find(fields, STR("p")) != NULL)
			return str_from(synonym->ours);
	for (synonym = key_synonyms; synonym->theirs != NULL; synonym++)
		if (str_is_case(key, synonym->theirs) &&
		    field_find(fields, str_from(synonym->ours)) != NULL)
			return arena_printf(arena, "did you mean \"%s\"?",
			    synonym->ours);
	help = look_below(arena, fields, key);
	if (help.p != NULL)
		return help;
	for (field = fields; field->key != NULL; field++)
		if (!field->defaults_only)
			likeness_try(&likeness, str_from(field->key));
	help = likeness_help(arena, &likeness);
	return help.p != NULL ? help : list_keys(arena, fields);
}

static void
unknown_key(struct load *load, const struct trail *trail,
    const struct field *fields, const struct yaml *item)
{
	struct config_problem *problem = config_problem(load->problems,
	    load->arena, CONFIG_UNKNOWN_KEY, item->key_span,
	    "unknown key \"%.*s\" in %.*s", STR_ARG(item->key),
	    STR_ARG(trail_print(load->arena, trail)));

	problem->help = key_help(load->arena, fields, item->key);
}

bool
load_is_misspelt(struct load *load, const struct yaml *node,
    const struct field *fields, const char *key)
{
	struct str meant = arena_printf(load->arena, "did you mean \"%s\"?",
	    key);
	const struct yaml *item;

	for (item = node->items; item != NULL; item = item->next)
		if (field_find(fields, item->key) == NULL &&
		    str_equal(key_help(load->arena, fields, item->key), meant))
			return true;
	return false;
}

/* ---- types --------------------------------------------------------------- */

static const char *
kind_words(const struct yaml *node)
{
	switch (node->kind) {
	case YAML_MAPPING:
		return "a mapping";
	case YAML_SEQUENCE:
		return "a list";
	case YAML_SCALAR:
		break;
	}
	return node->null ? "nothing" : "a single value";
}

static void
wrong_type(struct load *load, const struct trail *trail,
    const struct yaml *node, const char *wanted)
{
	config_problem(load->problems, load->arena, CONFIG_TYPE,
	    yaml_place(node), "%.*s must be %s, not %s",
	    STR_ARG(trail_print(load->arena, trail)), wanted,
	    kind_words(node));
}

const struct yaml *
load_next(const struct yaml *list, const struct yaml *item)
{
	if (list->kind != YAML_SEQUENCE)
		return item == NULL ? list : NULL;
	return item == NULL ? list->items : item->next;
}

bool
load_container(struct load *load, const struct trail *trail,
    const struct yaml *node, const struct field *field, size_t *count)
{
	const struct yaml *item = NULL;

	*count = 0;
	if (node == NULL || node->broken || node->null)
		return false;
	if (field->list && node->kind != YAML_SCALAR) {
		while ((item = load_next(node, item)) != NULL)
			if (item->kind == YAML_MAPPING)
				++*count;
			else if (!item->broken)
				wrong_type(load, trail, item,
				    field_words(field, true));
		return *count > 0;
	}
	if (node->kind != YAML_MAPPING) {
		wrong_type(load, trail, node, field_words(field,
		    field->list));
		return false;
	}
	*count = node->count;
	return true;
}

struct setting
load_setting(struct load *load, const struct field *field,
    const struct yaml *node)
{
	struct setting setting = { STR_NONE, { NULL, 0, 0 } };
	struct trail trail = { NULL, node->key };

	if (node->broken)
		return setting;
	if (node->kind != YAML_SCALAR || node->null)
		wrong_type(load, &trail, node, field_words(field, false));
	else if (value_text(load, field, node, &setting.text))
		setting.span = node->span;
	else
		setting.text = STR_NONE;
	return setting;
}

/* ---- filling ------------------------------------------------------------- */

/* One more of a list. */
static void
fill_range(struct load *load, const struct yaml *node, struct freeze **last)
{
	day from, to;

	if (!value_range(load, node, &from, &to))
		return;
	while (*last != NULL)
		last = &(*last)->next;
	*last = ARENA_NEW(load->arena, struct freeze);
	**last = (struct freeze){ NULL, from, to, node->span };
}

/* Scalars that are not kept as text. */
static void
fill_typed(struct load *load, const struct field *field,
    const struct yaml *node, char *place)
{
	size_t choice;
	uint64_t number;
	bool yes;

	switch (field->kind) {
	case FIELD_ENUM:
		if (value_choice(load, field, node, &choice))
			*(int *)(void *)place = (int)choice;
		break;
	case FIELD_BOOLEAN:
		if (value_boolean(load, field, node, &yes))
			*(bool *)place = yes;
		break;
	case FIELD_ANSWER:
		if (value_boolean(load, field, node, &yes))
			*(int *)(void *)place = yes;
		break;
	case FIELD_NUMBER:
		if (value_number(load, field, node, &number))
			*(unsigned *)(void *)place = (unsigned)number;
		break;
	case FIELD_DURATION:
		value_duration(load, field, node, (uint32_t *)(void *)place);
		break;
	case FIELD_DATE:
		value_date(load, node, (day *)(void *)place);
		break;
	case FIELD_WEEKDAYS:
		value_weekdays(load, node, (unsigned *)(void *)place);
		break;
	case FIELD_RANGES:
		fill_range(load, node, (struct freeze **)(void *)place);
		break;
	default:
		assert(false);	/* kinds that fill a setting */
	}
}

static bool
is_typed(const struct field *field)
{
	return field->kind >= FIELD_ENUM;
}

static void
fill_words(struct load *load, const struct trail *trail,
    const struct field *field, const struct yaml *list, struct words *words)
{
	const struct yaml *item = NULL;
	struct word *word;

	words->count = 0;
	words->words = ARENA_ARRAY(load->arena, list->kind == YAML_SEQUENCE ?
	    list->count : 1, struct word);
	while ((item = load_next(list, item)) != NULL) {
		word = &words->words[words->count];
		if (item->broken)
			continue;
		if (item->kind != YAML_SCALAR || item->null)
			wrong_type(load, trail, item,
			    field_words(field, true));
		else if (value_text(load, field, item, &word->text)) {
			word->span = item->span;
			words->count++;
		}
	}
}

/* What a list said before is forgotten, so that one replaces a default. */
static void
fill_list(struct load *load, const struct trail *trail,
    const struct field *field, const struct yaml *list, char *place)
{
	const struct yaml *item = NULL;

	if (!is_typed(field)) {
		fill_words(load, trail, field, list,
		    (struct words *)(void *)place);
		return;
	}
	if (field->kind == FIELD_RANGES)
		*(struct freeze **)(void *)place = NULL;
	else if (field->kind == FIELD_WEEKDAYS)
		*(unsigned *)(void *)place = 0;
	while ((item = load_next(list, item)) != NULL)
		if (item->kind == YAML_SCALAR && !item->null)
			fill_typed(load, field, item, place);
		else if (!item->broken)
			wrong_type(load, trail, item,
			    field_words(field, true));
}

static void
fill_section(struct load *load, const struct trail *trail,
    const struct field *field, const struct yaml *node, void *target)
{
	char *base = target;

	if (field->place != 0) {
		*(bool *)(base + field->offset) = true;
		*(struct span *)(void *)(base + field->place) =
		    node->key_span.source != NULL ? node->key_span :
		    node->span;
	}
	load_mapping(load, trail, node, field->fields, target);
}

static void
fill(struct load *load, const struct trail *up, const struct field *field,
    const struct yaml *node, void *target)
{
	struct trail trail = { up, node->key };
	char *place = (char *)target + field->offset;
	struct setting *setting;
	struct str text;

	if (node->broken || field->kind == FIELD_SECTION ||
	    field->kind == FIELD_NAMED || field->kind == FIELD_PAIRS)
		return;
	if (field->kind == FIELD_MAPPING) {
		fill_section(load, &trail, field, node, target);
	} else if (node->kind == YAML_MAPPING || node->null ||
	    (node->kind == YAML_SEQUENCE && !field->list)) {
		wrong_type(load, &trail, node, field_words(field,
		    field->list));
	} else if (field->list) {
		fill_list(load, &trail, field, node, place);
	} else if (is_typed(field)) {
		fill_typed(load, field, node, place);
	} else if (value_text(load, field, node, &text)) {
		setting = (struct setting *)(void *)place;
		*setting = (struct setting){ text, node->span };
	}
}

static void
missing_key(struct load *load, const struct trail *trail,
    const struct yaml *node, const struct field *field)
{
	struct config_problem *problem = config_problem(load->problems,
	    load->arena, CONFIG_VALUE, node->key_span.source != NULL ?
	    node->key_span : node->span, "%.*s needs \"%s\"",
	    STR_ARG(trail_print(load->arena, trail)), field->key);

	problem->help = arena_printf(load->arena, "%s: %s", field->key,
	    field->help);
}

void
load_mapping(struct load *load, const struct trail *trail,
    const struct yaml *node, const struct field *fields, void *target)
{
	const struct field *field;
	const struct yaml *item;
	struct config_problem *problem;

	if (node->broken)
		return;
	if (node->kind != YAML_MAPPING && !node->null) {
		wrong_type(load, trail, node, "a mapping");
		return;
	}
	for (item = node->items; item != NULL; item = item->next) {
		field = field_find(fields, item->key);
		if (field == NULL) {
			unknown_key(load, trail, fields, item);
		} else if (field->defaults_only && !load->defaults) {
			problem = config_problem(load->problems, load->arena,
			    CONFIG_UNKNOWN_KEY, item->key_span,
			    "\"%s\" speaks of all domains, not of one",
			    field->key);
			problem->help = arena_printf(load->arena,
			    "say it in defaults");
		} else
			fill(load, trail, field, item, target);
	}
	for (field = fields; field->key != NULL; field++)
		if (field->required && yaml_get(node, field->key) == NULL &&
		    !load_is_misspelt(load, node, fields, field->key))
			missing_key(load, trail, node, field);
}

void
load_fallbacks(struct load *load, const struct field *fields, void *target)
{
	struct yaml node = { .kind = YAML_SCALAR, .plain = true };
	const struct field *field;
	char *base = target;

	for (field = fields; field->key != NULL; field++) {
		if (field->kind == FIELD_MAPPING)
			load_fallbacks(load, field->fields, target);
		else if (field->kind == FIELD_DATE)
			*(day *)(void *)(base + field->offset) = DAY_NONE;
		else if (field->kind == FIELD_ANSWER)
			*(int *)(void *)(base + field->offset) = -1;
		else if (field->fallback != NULL) {
			node.text = str_from(field->fallback);
			fill(load, NULL, field, &node, target);
		}
	}
}
