/*
 * How a family of names is written: at each of its names so many stretches,
 * each a text that is known by its number. What differs between customers has
 * a number too, and a few hundred of them make up a zone.
 */
#include <string.h>

#include "alike/stencil.h"
#include "base/arena.h"

struct reading {
	struct family *family;
	struct knowledge *knowledge;
	struct stencils *stencils;
	struct filling filling;
};

/* How the name lies to that of the family. */
static uint32_t
number_of_name(struct knowledge *knowledge, struct str name, struct str top)
{
	const struct known *known = known_add(knowledge, name.n <= top.n ?
	    STR("") : str_slice(name, 0, name.n - top.n - 1));

	return known == NULL ? 0 : known->number;
}

/* Of an owner as it is written in a text that has a shape. */
static struct str
owner_in(struct arena *arena, const struct stretch *stretch)
{
	struct str owner = owner_of(stretch->text);

	if (str_is(owner, "@"))
		return stretch->origin;
	if (str_ends(owner, STR(".")))
		return str_slice(owner, 0, owner.n - 1);
	return name_join(arena, owner, stretch->origin);
}

/* Has a key been drawn that is for the family's own name? */
static bool
has_own_key(const struct reading *reading)
{
	const struct family *family = reading->family;
	const struct shape *shape = &family->shape;

	return reading->filling.drawing.has_key &&
	    str_equal(shape_key_domain(reading->knowledge->arena,
	    &shape->keys[shape->key_count - 1], family->name,
	    family->zone->name), family->name);
}

/* What is drawn in the shape becomes known. */
static const struct known *
add_stretch(struct reading *reading, size_t root,
    const struct stretch *stretch)
{
	struct knowledge *knowledge = reading->knowledge;
	struct shape *shape = &reading->family->shape;
	uint32_t owner = number_of_name(knowledge, owner_in(knowledge->arena,
	    stretch), reading->family->name);
	struct known *known = known_add(knowledge,
	    (struct str){ shape->text, shape->n });

	if (owner == 0 || known == NULL)
		return NULL;
	known->stretch.slack = reading->filling.drawing.slack;
	known->stretch.addresses = reading->filling.drawing.has_address;
	known->stretch.has_value = reading->filling.drawing.has_value;
	known->stretch.own_keys = has_own_key(reading);
	known->stretch.owner = owner;
	stencil_add_stretch(reading->stencils, root, shape,
	    reading->family->zone->name, known);
	return known;
}

/* One that fills no stencil. */
static void
draw_text(struct reading *reading, size_t text)
{
	struct family *family = reading->family;
	const struct stretch *stretch = &family->stretches[text];
	struct shape *shape = &family->shape;
	size_t keys = shape->key_count, root = stencil_root(text);
	size_t count = reading->knowledge->count;
	struct tries *tries = &reading->stencils->tries[root];

	family->known[text] = NULL;
	if (stretch->text.p == NULL || (!tries_pay(tries) &&
	    ++tries->passed % TRIES_SPARED > 0))
		return;
	family->drawn++;
	if (shape_make_stretch(&reading->filling.drawing, stretch,
	    family->name))
		family->known[text] = add_stretch(reading, root, stretch);
	tries_note(tries, family->known[text] != NULL &&
	    reading->knowledge->count == count);
	for (; keys < shape->key_count; keys++)
		shape->keys[keys].text = text;
}

/* ---- its name ------------------------------------------------------------ */

void
family_start(struct family *family, const struct zone *zone)
{
	family->zone = zone;
	family->room[LIKE_LABEL] = '.';
	memcpy(family->room + LIKE_LABEL + 1, zone->name.p, zone->name.n);
}

/* Once it is looked at as a node. */
static const struct node *
top_of(const struct family *family)
{
	return zone_node(family->zone, family->members.top);
}

/*
 * Of the first stretch, which in a fold is that of the family's name; whose
 * label is mostly written as it is called. Without octets when it does not
 * suit.
 */
static struct str
label_of(const struct family *family, struct str text, struct arena *scratch)
{
	size_t n = family->members.folded ? shape_label(text) : 0;
	struct str label;

	if (n > 0 && (text.p[n] == '.' ||
	    byte_is_blank((unsigned char)text.p[n])))
		return str_slice(text, 0, n);
	label = name_label(node_name(family->zone, top_of(family), scratch));
	return str_slice(label, 0, shape_suits(label) ? label.n : 0);
}

static bool
read_name(struct family *family, struct str text, struct arena *scratch)
{
	struct str label = label_of(family, text, scratch);

	family->name = (struct str){ family->room + LIKE_LABEL - label.n,
	    label.n + 1 + family->zone->name.n };
	memcpy(family->room + LIKE_LABEL - label.n, label.p, label.n);
	return label.n > 0;
}

/* ---- all of it ----------------------------------------------------------- */

static void
read_texts(struct family *family, struct knowledge *knowledge,
    struct stencils *stencils, size_t count)
{
	struct reading reading;
	size_t i = 0, next;

	reading.family = family;
	reading.knowledge = knowledge;
	reading.stencils = stencils;
	stencil_start(&reading.filling, &family->shape, str_slice(family->name,
	    0, family->name.n - family->zone->name.n - 1),
	    family->zone->name);
	reading.filling.name = family->name;
	for (;; i = next + 1) {
		next = stencil_find_stretches(&reading.filling, stencils,
		    family, i, count);
		for (; i < next; i++)
			tries_note(&stencils->tries[stencil_root(i)], true);
		if (next == count)
			break;
		draw_text(&reading, next);
	}
}

/* Returns if something is known of all of them. */
static bool
number_texts(struct family *family, size_t count)
{
	struct shape_key *key = family->shape.keys;
	const struct known *known;
	bool all_known = true;
	size_t i;

	for (i = 0; i < count; i++) {
		known = family->known[i];
		family->texts[i + 1] = known == NULL ? 0 : known->number;
		all_known &= known != NULL;
	}
	family->text_count = count + 1;
	for (i = 0; i < family->shape.key_count; i++, key++) {
		known = family->known[key->text];
		key->own = known != NULL && known->stretch.own_keys;
	}
	return all_known;
}

/* Do texts differ in no more octets than names may? */
static bool
keeps_slack(const struct family *family)
{
	size_t slack = LIKE_LABEL, i;

	for (i = 0; i + 1 < family->text_count; i++)
		if (family->known[i] != NULL)
			slack += family->known[i]->stretch.slack;
	return slack <= LIKE_SLACK;
}

bool
family_read(struct family *family, struct knowledge *knowledge,
    struct stencils *stencils, struct arena *scratch)
{
	size_t count = zone_family_stretches(family->zone,
	    &family->members, family->stretches, FAMILY_STRETCHES + 1);

	family->all = NULL;
	family->texts[0] = KIND_FAMILY;
	family->text_count = 1;
	family->drawn = 0;
	if (count > FAMILY_STRETCHES ||
	    !read_name(family, family->stretches[0].text, scratch))
		return false;
	read_texts(family, knowledge, stencils, count);
	if (number_texts(family, count))
		family->all = known_add(knowledge, known_numbers(family->texts,
		    family->text_count));
	/* What is told was told of those that do. */
	return (family->all != NULL && family->all->told) ||
	    keeps_slack(family);
}

/* ---- one by one ---------------------------------------------------------- */

/* How many texts of a name have a key that is left out. */
static size_t
count_keys(const struct family *family, const struct family_name *name)
{
	const struct shape_key *keys = family->shape.keys;
	size_t count = 0, i;

	for (i = 0; i < family->shape.key_count; i++)
		count += keys[i].text >= name->first &&
		    keys[i].text < name->end;
	return count;
}

/* And how many have such a value. */
static size_t
count_values(const struct family *family, const struct family_name *name)
{
	size_t count = 0, i;

	for (i = name->first; i < name->end; i++)
		count += family->known[i] != NULL &&
		    family->known[i]->stretch.has_value;
	return count;
}

/*
 * What is written at a name; NULL when some of it is not known, or it has keys
 * or values that may be the same. Which addresses are, those of other names
 * counted, matters, too.
 */
static const struct known *
find_content(const struct family *family, const struct family_name *name,
    struct knowledge *knowledge)
{
	uint32_t content[2 + FAMILY_STRETCHES];
	size_t count = 2, i;

	if (count_keys(family, name) > 1 || count_values(family, name) > 1)
		return NULL;
	content[0] = KIND_NAME;
	content[1] = 0;
	for (i = name->first; i < name->end; i++) {
		if (family->known[i] == NULL)
			return NULL;
		if (content[1] == 0 && family->known[i]->stretch.addresses)
			content[1] = (uint32_t)family->before[i] + 1;
		content[count++] = family->texts[i + 1];
	}
	return known_add(knowledge, known_numbers(content, count));
}

/* The texts come a name at a time; which is the first one? */
static size_t
first_text(const struct family *family, const struct node *node)
{
	size_t position = node_position(family->zone, node), i;

	for (i = 0; i + 1 < family->text_count; i++)
		if (family->stretches[i].position == position)
			break;
	return i;
}

/* The texts of names, whose owners are known. */
static bool
group_texts(struct family *family)
{
	struct family_name *name = NULL;
	uint32_t owner;
	size_t i;

	for (i = 0; i + 1 < family->text_count; i++) {
		owner = family->known[i]->stretch.owner;
		if (name == NULL || name->owner != owner) {
			if (family->name_count == FAMILY_NAMES)
				return false;
			name = &family->names[family->name_count++];
			*name = (struct family_name){ .first = i,
			    .owner = owner };
		}
		name->end = i + 1;
		name->types |= family->stretches[i].types;
	}
	return true;
}

/* In the order of their texts. */
static void
put_name(struct family *family, struct family_name name)
{
	size_t i = family->name_count++;

	for (; i > 0 && family->names[i - 1].first > name.first; i--)
		family->names[i] = family->names[i - 1];
	family->names[i] = name;
}

/* Of a name by its first text, when that is known. */
static uint32_t
owner_of_node(const struct family *family, const struct node *node,
    size_t first, struct knowledge *knowledge, struct arena *scratch)
{
	return first + 1 < family->text_count && family->known[first] != NULL ?
	    family->known[first]->stretch.owner : number_of_name(knowledge,
	    node_name(family->zone, node, scratch), family->name);
}

/* Some owner is not known from its text. */
static bool
collect_names(struct family *family, struct knowledge *knowledge,
    struct arena *scratch)
{
	const struct node *top = top_of(family), *node;
	struct family_name name;
	size_t i, first;

	zone_unfold(family->zone, top);
	for (node = top; node != NULL;
	    node = node_next(family->zone, top, node)) {
		if (node->types == 0)
			continue;
		first = first_text(family, node);
		name = (struct family_name){ .node = node,
		    .types = node->types, .first = first,
		    .owner = owner_of_node(family, node, first, knowledge,
		    scratch) };
		if (name.owner == 0 || name.first + 1 == family->text_count ||
		    family->name_count == FAMILY_NAMES)
			return false;
		put_name(family, name);
	}
	for (i = 0; i < family->name_count; i++)
		family->names[i].end = i + 1 < family->name_count ?
		    family->names[i + 1].first : family->text_count - 1;
	return true;
}

/* In one that has not come folded. */
static bool
look_for_nodes(struct family *family)
{
	const struct node *top = top_of(family), *node;
	size_t found = 0, i, first;

	for (node = top; node != NULL;
	    node = node_next(family->zone, top, node)) {
		first = node->types == 0 ? SIZE_MAX : first_text(family, node);
		for (i = 0; i < family->name_count; i++)
			if (family->names[i].first == first) {
				family->names[i].node = node;
				found++;
			}
	}
	return found == family->name_count;
}

const struct node *
family_node(struct family *family, size_t number)
{
	struct family_name *name = &family->names[number];

	if (name->node == NULL)
		name->node = zone_stretch_node(family->zone, top_of(family),
		    name->first);
	return name->node;
}

bool
family_find_nodes(struct family *family)
{
	size_t i;

	if (family->has_nodes)
		return true;
	if (!family->members.folded)
		return family->has_nodes = look_for_nodes(family);
	for (i = 0; i < family->name_count; i++)
		family_node(family, i);
	return family->has_nodes = true;
}

/* What is there, and of what types; what stands twice is told by texts. */
static const struct known *
find_structure(const struct family *family, struct knowledge *knowledge)
{
	uint32_t structure[1 + 2 * FAMILY_NAMES] = { KIND_STRUCTURE };
	size_t count = 1, i;

	for (i = 0; i < family->name_count; i++) {
		structure[count++] = family->names[i].owner;
		structure[count++] = family->names[i].types &
		    ~(unsigned)HAS_TWICE;
	}
	return known_add(knowledge, known_numbers(structure, count));
}

bool
family_read_names(struct family *family, struct knowledge *knowledge,
    struct arena *scratch)
{
	struct family_name *name;
	size_t i, count;

	family->name_count = 0;
	family->has_nodes = false;
	if (!(family->all != NULL ? group_texts(family) : collect_names(family,
	    knowledge, scratch)))
		return false;
	family->structure = find_structure(family, knowledge);
	for (i = 0; i < family->name_count; i++) {
		name = &family->names[i];
		count = knowledge->count;
		name->content = find_content(family, name, knowledge);
		name->met = knowledge->count == count;
	}
	return family->structure != NULL;
}

/* ---- kinds --------------------------------------------------------------- */

struct family_kept {
	struct known *all;
	size_t text_count, key_count;
	size_t key_text;
	bool broken_key;
	size_t name_count;
	struct family_name names[];	/* whose nodes are not known */
};

/* Who knows a kind knows of a key for the family's own name at most. */
struct family_kept *
family_keep(const struct family *family, struct arena *arena)
{
	const struct shape *shape = &family->shape;
	struct family_kept *kept;
	size_t i;

	if (family->all == NULL || shape->key_count !=
	    family->members.kind.keyed || (shape->key_count > 0 &&
	    !shape->keys[0].own))
		return NULL;
	kept = arena_alloc(arena, sizeof(*kept) +
	    family->name_count * sizeof(kept->names[0]));
	kept->all = family->all;
	kept->text_count = family->text_count;
	kept->key_count = shape->key_count;
	if (kept->key_count > 0) {
		kept->key_text = shape->keys[0].text;
		kept->broken_key = shape->keys[0].broken;
	}
	kept->name_count = family->name_count;
	for (i = 0; i < family->name_count; i++) {
		kept->names[i] = family->names[i];
		kept->names[i].node = NULL;
		kept->names[i].answered = 0;
	}
	return kept;
}

void
family_recall(struct family *family, const struct family_kept *kept)
{
	struct shape *shape = &family->shape;

	family->all = kept->all;
	family->text_count = kept->text_count;
	family->has_nodes = false;
	family->name_count = kept->name_count;
	memcpy(family->names, kept->names,
	    kept->name_count * sizeof(kept->names[0]));
	shape->key_count = kept->key_count;
	if (kept->key_count > 0)
		shape->keys[0] = (struct shape_key){ .own = true,
		    .text = kept->key_text, .broken = kept->broken_key,
		    .fingerprint = family->members.kind.fingerprint,
		    .position = zone_family_position(family->zone,
		    &family->members, kept->key_text) };
}
