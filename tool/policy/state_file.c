/*
 * The state as a file: JSON that people keep in git.
 *
 *	{"v":1,"records":{
 *	"_dmarc.example.com":[
 *	{"kind":"dmarc","text":"..","sha256":"..","first":"..","last":"..",
 *	"ttl":3600}],
 *	...
 *	}}
 *
 * A TTL that was lowered stands beside "ttlEnd" until nobody remembers it.
 */

#include <jansson.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/json.h"
#include "policy/state.h"

static const char *const kind_names[SEEN_KINDS] = {
	[SEEN_DMARC] = "dmarc", [SEEN_KEY] = "key", [SEEN_MTASTS] = "mtasts",
};

/* ---- reading ------------------------------------------------------------- */

static bool
read_text(struct arena *arena, const json_t *object, const char *key,
    struct str *text)
{
	const json_t *value = json_object_get(object, key);

	return json_is_string(value) && json_read_octets(arena,
	    (struct str){ json_string_value(value),
	    json_string_length(value) }, text);
}

static bool
read_day(struct arena *arena, const json_t *object, const char *key, day *then)
{
	struct str text;

	return read_text(arena, object, key, &text) &&
	    date_parse(text, then);
}

static bool
read_seen(struct state *state, struct seen_owner *owner, const json_t *object)
{
	struct arena *arena = state->arena;
	struct sighting *seen = ARENA_NEW(arena, struct sighting);
	json_int_t ttl;
	struct str word;
	unsigned kind;

	if (!read_text(arena, object, "kind", &word) ||
	    !read_text(arena, object, "text", &seen->text) ||
	    !read_text(arena, object, "sha256", &seen->sha256) ||
	    !read_day(arena, object, "first", &seen->first) ||
	    !read_day(arena, object, "last", &seen->last) ||
	    seen->last < seen->first)
		return false;
	/* Earlier versions did not write these. */
	ttl = json_integer_value(json_object_get(object, "ttl"));
	seen->ttl = ttl > 0 && ttl <= INT32_MAX ? (uint32_t)ttl : 0;
	if (seen->ttl == 0 || !read_day(arena, object, "ttlEnd",
	    &seen->ttl_end))
		seen->ttl_end = DAY_NONE;
	for (kind = 0; kind < SEEN_KINDS; kind++)
		if (str_is(word, kind_names[kind]))
			state_put(owner, (enum seen_kind)kind, seen);
	/* A kind that only a newer version knows is no fault. */
	return true;
}

/* STR_NONE, or what is wrong. */
static struct str
read_records(struct state *state, json_t *records)
{
	struct seen_owner *owner;
	const char *name;
	json_t *list, *item;
	struct str canonical;
	size_t i;

	json_object_foreach(records, name, list) {
		if (!name_parse(state->arena, str_from(name), &canonical))
			return arena_printf(state->arena, "\"%s\" is not a "
			    "domain name", name);
		owner = state_owner(state, canonical);
		if (!json_is_array(list))
			return arena_printf(state->arena, "\"%s\" has no list "
			    "of records", name);
		json_array_foreach(list, i, item)
			if (!read_seen(state, owner, item))
				return arena_printf(state->arena, "record %zu "
				    "of \"%s\" lacks its kind, text, sha256 "
				    "or days", i + 1, name);
	}
	return STR_NONE;
}

static struct str
read_document(struct state *state, json_t *root)
{
	json_t *records = json_object_get(root, "records");

	if (json_integer_value(json_object_get(root, "v")) != 1 ||
	    !json_is_object(records))
		return STR("this is no state of version 1 that lint "
		    "--update-state has written");
	return read_records(state, records);
}

bool
state_read(struct state *state, const struct source *source, struct str *why)
{
	json_error_t error;
	json_t *root = json_loadb(source->text.p == NULL ? "" :
	    source->text.p, source->text.n,
	    JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);

	if (root == NULL) {
		*why = arena_printf(state->arena, "line %d: %s", error.line,
		    error.text);
		return false;
	}
	*why = read_document(state, root);
	json_decref(root);
	state_sort(state);
	return why->p == NULL;
}

/* ---- writing ------------------------------------------------------------- */

static void
write_seen(struct buffer *out, struct arena *arena, enum seen_kind kind,
    const struct sighting *seen)
{
	struct json json = { .out = out };

	json_begin_object(&json, NULL);
	json_cstr(&json, "kind", kind_names[kind]);
	json_octets(&json, "text", seen->text);
	json_octets(&json, "sha256", seen->sha256);
	json_str(&json, "first", date_print(arena, seen->first));
	json_str(&json, "last", date_print(arena, seen->last));
	/* Of others nobody asks how long they are remembered. */
	if (seen->ttl > 0 && kind == SEEN_DMARC)
		json_number(&json, "ttl", seen->ttl);
	if (seen->ttl_end != DAY_NONE && kind == SEEN_DMARC)
		json_str(&json, "ttlEnd", date_print(arena, seen->ttl_end));
	json_end_object(&json);
}

static void
write_owner(struct buffer *out, struct arena *arena,
    const struct seen_owner *owner)
{
	struct json json = { .out = out };
	const struct sighting *seen;
	const char *before = "";
	unsigned kind;

	json_octets(&json, NULL, owner->name);
	buffer_add_cstr(out, ":[\n");
	for (kind = 0; kind < SEEN_KINDS; kind++)
		for (seen = owner->first[kind]; seen != NULL;
		    seen = seen->next) {
			buffer_add_cstr(out, before);
			write_seen(out, arena, (enum seen_kind)kind, seen);
			before = ",\n";
		}
	buffer_add_byte(out, ']');
}

void
state_write(const struct state *state, struct buffer *out)
{
	struct arena *arena = arena_new();
	size_t i;

	buffer_add_cstr(out, "{\"v\":1,\"records\":{");
	for (i = 0; i < state->count; i++) {
		buffer_add_cstr(out, i == 0 ? "\n" : ",\n");
		write_owner(out, arena, state->owners[i]);
	}
	buffer_add_cstr(out, "\n}}\n");
	arena_free(arena);
}
