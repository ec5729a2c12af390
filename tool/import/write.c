/*
 * The configuration as a person would write it: zones, keys, senders; the
 * domains stand in write_domain.c.
 */
#include "base/arena.h"
#include "import/writer.h"

void
writer_note_piece(const struct writer *writer, size_t start,
    struct import_piece what)
{
	struct import_piece *piece = ARENA_NEW(writer->arena,
	    struct import_piece);

	*piece = what;
	piece->start = start;
	piece->end = writer->out->n;
	piece->next = writer->import->pieces;
	writer->import->pieces = piece;
}

void
writer_add_remark(struct writer *writer, struct str text)
{
	struct cursor in = { text, 0 };
	int byte;

	if (text.p == NULL)
		return;
	buffer_add_cstr(writer->out, "   # ");
	while ((byte = cursor_next(&in)) != END)
		buffer_add_byte(writer->out, byte < ' ' || byte > '~' ? '?' :
		    byte);
}

/* ---- mappings and lists in one line -------------------------------------- */

void
flow_key(struct flow *flow, const char *key)
{
	buffer_printf(flow->writer->out, "%s%s: ", flow->open ? ", " : "{",
	    key);
	flow->open = true;
}

void
flow_add(struct flow *flow, const char *key, struct str value)
{
	if (value.p == NULL)
		return;
	flow_key(flow, key);
	buffer_add(flow->writer->out, yaml_scalar(flow->writer->arena,
	    value));
}

void
flow_end(struct flow *flow)
{
	if (flow->open)
		buffer_add_byte(flow->writer->out, '}');
}

void
sequence_add(struct writer *writer, struct str value, bool *open)
{
	buffer_add_cstr(writer->out, *open ? ", " : "[");
	buffer_add(writer->out, yaml_scalar(writer->arena, value));
	*open = true;
}

/* ---- the top ------------------------------------------------------------- */

static void
write_zones(struct writer *writer)
{
	const struct zones *zones = writer->import->zones;
	const struct zone *zone;
	bool any = false;
	struct flow flow;
	size_t i;

	for (i = 0; i < zones->count; i++) {
		zone = zones->zones[i];
		if (zone->context || zone->how == ZONE_UNNAMED ||
		    str_is(zone->source->path, "-"))
			continue;
		if (!any)
			buffer_add_cstr(writer->out, "zones:\n");
		any = true;
		buffer_add_cstr(writer->out, "  - ");
		flow = (struct flow){ writer, false };
		flow_add(&flow, "file", zone->source->path);
		flow_add(&flow, "zone", name_show(zone->name));
		flow_add(&flow, "view", zone->view.n > 0 ? zone->view :
		    STR_NONE);
		flow_end(&flow);
		buffer_add_byte(writer->out, '\n');
	}
}

static void
write_ignores(struct writer *writer)
{
	const struct import_ignore *ignore = writer->import->ignores;
	struct str reason = arena_printf(writer->arena, "as imported on %.*s",
	    STR_ARG(date_print(writer->arena, writer->import->today)));
	struct flow flow;

	if (ignore == NULL)
		return;
	buffer_add_cstr(writer->out, "rules:\n  ignore:   # what is wrong "
	    "today; take a line out when it is mended\n");
	for (; ignore != NULL; ignore = ignore->next) {
		buffer_add_cstr(writer->out, "    - ");
		flow = (struct flow){ writer, false };
		flow_add(&flow, "rule", ignore->rule);
		flow_add(&flow, "zone", ignore->zone);
		flow_add(&flow, "owner", ignore->owner);
		flow_add(&flow, "reason", reason);
		flow_end(&flow);
		buffer_add_byte(writer->out, '\n');
	}
}

static void
write_keys(struct writer *writer)
{
	struct import_key *key = writer->import->keys;
	struct flow flow;
	size_t start;

	if (key != NULL)
		buffer_add_cstr(writer->out, "keys:\n");
	for (; key != NULL; key = key->next) {
		start = writer->out->n;
		buffer_printf(writer->out, "  %.*s: ", STR_ARG(yaml_scalar(
		    writer->arena, key->name)));
		flow = (struct flow){ writer, false };
		flow_add(&flow, "selector", key->selector);
		flow_add(&flow, "public", key->public_key);
		if (key->public_key.p == NULL)
			flow_add(&flow, "state", STR("revoked"));
		if (key->testing || key->strict) {
			flow_key(&flow, "flags");
			buffer_add_cstr(writer->out, key->testing &&
			    key->strict ? "[y, s]" : key->testing ? "[y]" :
			    "[s]");
		}
		flow_add(&flow, "notes", key->notes);
		flow_end(&flow);
		writer_note_piece(writer, start, (struct import_piece){
		    .key = key });
		buffer_add_byte(writer->out, '\n');
	}
}

/* ---- senders ------------------------------------------------------------- */

static void
write_variables(struct writer *writer, struct flow *flow,
    const struct import_sender *sender)
{
	const struct provider_variable *wanted;
	const struct variable *variable;
	struct flow with = { writer, false };

	if (sender->provider == NULL || sender->provider->variables == NULL)
		return;
	flow_key(flow, "with");
	for (wanted = sender->provider->variables; wanted != NULL;
	    wanted = wanted->next) {
		variable = variable_find(sender->variables, wanted->name);
		if (variable != NULL)
			flow_add(&with, arena_cstr(writer->arena,
			    wanted->name), variable->value);
	}
	flow_end(&with);
}

static void
write_sender(struct writer *writer, struct import_sender *sender)
{
	struct flow flow = { writer, false }, cnames = { writer, false };
	bool open = false;
	size_t i;

	buffer_printf(writer->out, "  %.*s: ", STR_ARG(yaml_scalar(
	    writer->arena, sender->name)));
	if (sender->provider != NULL)
		flow_add(&flow, "provider", sender->provider->name);
	write_variables(writer, &flow, sender);
	if (sender->spf.count > 0)
		flow_key(&flow, "spf");
	for (i = 0; i < sender->spf.count; i++)
		sequence_add(writer, sender->spf.words[i].text, &open);
	if (sender->spf.count > 0)
		buffer_add_byte(writer->out, ']');
	open = false;
	if (sender->key_count > 0)
		flow_key(&flow, "keys");
	for (i = 0; i < sender->key_count; i++)
		sequence_add(writer, sender->keys[i]->name, &open);
	if (sender->key_count > 0)
		buffer_add_byte(writer->out, ']');
	if (sender->cname_count > 0)
		flow_key(&flow, "dkim_cname");
	for (i = 0; i < sender->cname_count; i++)
		flow_add(&cnames, arena_cstr(writer->arena, yaml_scalar(
		    writer->arena, sender->cnames[i]->label)),
		    sender->cnames[i]->record->target);
	flow_end(&cnames);
	flow_add(&flow, "owner", sender->owner);
	flow_add(&flow, "ticket", sender->ticket);
	flow_end(&flow);
}

static void
write_senders(struct writer *writer)
{
	struct import_sender *sender = writer->import->senders;
	size_t start;

	if (sender != NULL)
		buffer_add_cstr(writer->out, "senders:\n");
	for (; sender != NULL; sender = sender->next) {
		start = writer->out->n;
		write_sender(writer, sender);
		writer_note_piece(writer, start, (struct import_piece){
		    .sender = sender });
		writer_add_remark(writer, sender->remark);
		buffer_add_byte(writer->out, '\n');
	}
}

/* ---- the file ------------------------------------------------------------ */

void
import_write(struct import *import, struct buffer *out)
{
	struct writer writer = { import, out, import->arena };

	import_describe(import);
	import->pieces = NULL;
	buffer_printf(out, "# Made by mailzone import on %.*s. Every record "
	    "about mail of these zones is\n# said here; what no field says "
	    "stands in \"keep\" as it is in the zone.\nversion: 1\n",
	    STR_ARG(date_print(import->arena, import->today)));
	if (import->templates.p != NULL)
		buffer_printf(out, "templates: %.*s\n", STR_ARG(yaml_scalar(
		    import->arena, import->templates)));
	write_zones(&writer);
	write_ignores(&writer);
	buffer_printf(out, "defaults: {ttl: %.*s}\n",
	    STR_ARG(duration_print(import->arena, import->ttl)));
	write_keys(&writer);
	write_senders(&writer);
	write_domains(&writer);
}
