/* The configuration as a person would write it. */
#include "base/arena.h"
#include "import/import.h"

/* Bytes of the file, and what they say. */
struct import_piece {
	struct import_piece *next;
	size_t start, end;
	struct import_record *record;	/* one of these */
	struct import_sender *sender;
	struct import_key *key;
	struct import_domain *domain;
};

struct writer {
	struct import *import;
	struct buffer *out;
	struct arena *arena;
};

static void
note_piece(const struct writer *writer, size_t start,
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

/* ---- mappings in one line ------------------------------------------------ */

/* "{a: b, c: d}"; nothing at all when nothing is said. */
struct flow {
	struct writer *writer;
	bool open;
};

static void
flow_key(struct flow *flow, const char *key)
{
	buffer_printf(flow->writer->out, "%s%s: ", flow->open ? ", " : "{",
	    key);
	flow->open = true;
}

static void
flow_add(struct flow *flow, const char *key, struct str value)
{
	if (value.p == NULL)
		return;
	flow_key(flow, key);
	buffer_add(flow->writer->out, yaml_scalar(flow->writer->arena,
	    value));
}

static void
flow_end(struct flow *flow)
{
	if (flow->open)
		buffer_add_byte(flow->writer->out, '}');
}

static void
list_add(struct writer *writer, struct str value, bool *open)
{
	buffer_add_cstr(writer->out, *open ? ", " : "[");
	buffer_add(writer->out, yaml_scalar(writer->arena, value));
	*open = true;
}

/* For people, on the same line; nothing in it may start another one. */
static void
write_remark(struct writer *writer, struct str text)
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
		note_piece(writer, start, (struct import_piece){
		    .key = key });
		buffer_add_byte(writer->out, '\n');
	}
}

/* ---- senders ------------------------------------------------------------- */

static const struct variable *
find_variable(const struct import_sender *sender, struct str name)
{
	const struct variable *variable = sender->variables;

	while (variable != NULL && !str_equal(variable->name, name))
		variable = variable->next;
	return variable;
}

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
		variable = find_variable(sender, wanted->name);
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
		list_add(writer, sender->spf.words[i].text, &open);
	if (sender->spf.count > 0)
		buffer_add_byte(writer->out, ']');
	open = false;
	if (sender->key_count > 0)
		flow_key(&flow, "keys");
	for (i = 0; i < sender->key_count; i++)
		list_add(writer, sender->keys[i]->name, &open);
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
		note_piece(writer, start, (struct import_piece){
		    .sender = sender });
		write_remark(writer, sender->remark);
		buffer_add_byte(writer->out, '\n');
	}
}

/* ---- fields of a domain -------------------------------------------------- */

/* "    dmarc: {...}", and which record it stands for. */
struct line {
	struct writer *writer;
	unsigned depth;
	size_t start;
};

static void
start_line(struct line *line, const char *key)
{
	buffer_add_repeated(line->writer->out, ' ', line->depth);
	line->start = line->writer->out->n;
	buffer_printf(line->writer->out, "%s: ", key);
}

static void
end_line(struct line *line, struct import_record *record,
    struct import_domain *domain)
{
	note_piece(line->writer, line->start, (struct import_piece){
	    .record = record, .domain = domain });
	buffer_add_byte(line->writer->out, '\n');
}

static void
write_uris(struct flow *flow, const char *key, const struct report_uri *uri)
{
	bool open = false;

	if (uri == NULL)
		return;
	flow_key(flow, key);
	for (; uri != NULL; uri = uri->next)
		list_add(flow->writer, uri->text, &open);
	buffer_add_byte(flow->writer->out, ']');
}

static void
flow_tag(struct flow *flow, const char *key, const struct tag *tag)
{
	if (tag != NULL)
		flow_add(flow, key, tag->value);
}

/* Where nothing is enforced a plan begins, and its goal is p=reject. */
static void
write_dmarc(struct line *line, struct import_domain *domain)
{
	const struct dmarc *dmarc = domain->dmarc->record->dmarc;
	struct flow flow = { line->writer, false };
	bool none = dmarc->policy == POLICY_NONE;

	start_line(line, "dmarc");
	if (!domain->parked) {
		flow_add(&flow, "p", none ? STR("reject") :
		    dmarc->p == NULL ? STR_NONE : dmarc->p->value);
		flow_tag(&flow, "sp", dmarc->sp);
		flow_tag(&flow, "np", dmarc->np);
		if (dmarc->test)
			flow_add(&flow, "t", STR("y"));
	}
	flow_tag(&flow, "adkim", dmarc->adkim);
	flow_tag(&flow, "aspf", dmarc->aspf);
	flow_tag(&flow, "psd", dmarc->psd);
	write_uris(&flow, "rua", dmarc->rua_list);
	write_uris(&flow, "ruf", dmarc->ruf_list);
	flow_tag(&flow, "fo", dmarc->fo);
	flow_end(&flow);
	end_line(line, domain->dmarc, domain);
	if (!none)
		return;
	start_line(line, "rollout");
	buffer_printf(line->writer->out, "{template: standard, "
	    "stage: monitor, since: %.*s}", STR_ARG(date_print(
	    line->writer->arena, line->writer->import->today)));
	end_line(line, domain->dmarc, domain);
}

static bool
is_kept_spf(const struct import_record *one, struct str name)
{
	return one->how == IMPORT_KEPT && one->record->type == RR_TXT &&
	    one->record->auth == AUTH_SPF &&
	    str_equal(one->record->owner, name);
}

/* Is SPF said by a record that is kept? */
static bool
keeps_spf(const struct import_domain *domain)
{
	const struct import_record *one;

	for (one = domain->apex->records; one != NULL; one = one->next)
		if (is_kept_spf(one, domain->name))
			return true;
	for (one = domain->records; one != NULL; one = one->next)
		if (is_kept_spf(one, domain->name))
			return true;
	return false;
}

static void
write_spf(struct line *line, struct import_domain *domain)
{
	struct flow flow = { line->writer, false };

	if (domain->spf == NULL && keeps_spf(domain))
		return;
	start_line(line, "spf");
	if (!domain->spf_publish)
		flow_add(&flow, "publish", STR("false"));
	else if (domain->spf_all != NULL)
		flow_add(&flow, "all", str_from(domain->spf_all));
	else
		flow_add(&flow, "redirect", domain->spf_redirect);
	flow_end(&flow);
	end_line(line, domain->spf, domain);
}

static void
write_links(struct line *line, struct import_domain *domain)
{
	const struct import_link *link;
	bool open = false;

	if (domain->senders == NULL)
		return;
	start_line(line, "senders");
	for (link = domain->senders; link != NULL; link = link->next)
		list_add(line->writer, link->sender->name, &open);
	buffer_add_byte(line->writer->out, ']');
	end_line(line, domain->spf, domain);
}

static void
write_own_keys(struct line *line, struct import_domain *domain)
{
	const struct import_record *one;
	bool open = false;

	for (one = domain->records; one != NULL; one = one->next) {
		if (one->key == NULL || one->used ||
		    one->how != IMPORT_SAID)
			continue;
		if (!open)
			start_line(line, "keys");
		list_add(line->writer, one->key->name, &open);
	}
	if (!open)
		return;
	buffer_add_byte(line->writer->out, ']');
	end_line(line, NULL, domain);
}

static void
write_tls_rpt(struct line *line, struct import_domain *domain)
{
	struct flow flow = { line->writer, false };

	start_line(line, "tls_rpt");
	write_uris(&flow, "rua", domain->tls_rpt->record->tlsrpt->uris);
	if (!flow.open)
		buffer_add_byte(line->writer->out, '{');
	flow.open = true;
	flow_end(&flow);
	end_line(line, domain->tls_rpt, domain);
}

static void
write_bimi(struct line *line, struct import_domain *domain)
{
	const struct import_record *one = domain->bimi;
	struct flow flow = { line->writer, false };

	start_line(line, "bimi");
	if (!str_is(one->label, "default"))
		flow_add(&flow, "selector", one->label);
	flow_add(&flow, "location", one->record->bimi->l == NULL ? STR("") :
	    one->record->bimi->l->value);
	flow_tag(&flow, "evidence", one->record->bimi->a);
	flow_end(&flow);
	end_line(line, domain->bimi, domain);
}

static void
write_authorised(struct line *line, struct import_domain *domain)
{
	struct import_record *one;
	size_t start;
	bool open = false;

	for (one = domain->records; one != NULL; one = one->next) {
		if (one->how != IMPORT_SAID || one->record->type != RR_TXT ||
		    one->record->auth != AUTH_REPORT)
			continue;
		if (!open)
			start_line(line, "authorise_reports_for");
		start = line->writer->out->n;
		list_add(line->writer, one->label, &open);
		note_piece(line->writer, start, (struct import_piece){
		    .record = one });
	}
	if (!open)
		return;
	buffer_add_byte(line->writer->out, ']');
	end_line(line, NULL, NULL);
}

/* ---- what no field says -------------------------------------------------- */

/* "owner TYPE rdata", the owner as seen from the domain where that is plain. */
static struct str
kept_text(struct arena *arena, const struct import_record *one,
    struct str domain)
{
	const struct record *record = one->record;
	struct str below = name_relative(record->owner, domain);
	struct str owner = below.n == 0 ? STR("@") : below;

	if (!name_within(record->owner, domain) || name_within(below, domain))
		owner = arena_printf(arena, "%.*s.", STR_ARG(record->owner));
	return arena_printf(arena, "%.*s %.*s %.*s", STR_ARG(owner),
	    STR_ARG(rrtype_name(arena, record->type)),
	    STR_ARG(record_rdata(arena, record)));
}

static void
write_kept(struct line *line, struct import_record *one, struct str domain,
    bool *open)
{
	struct buffer *out = line->writer->out;

	if (one->how == IMPORT_KEPT && !*open) {
		buffer_add_repeated(out, ' ', line->depth);
		buffer_add_cstr(out, "keep:\n");
		*open = true;
	}
	buffer_add_repeated(out, ' ', line->depth + 2);
	line->start = out->n;
	if (one->how == IMPORT_LEFT)
		buffer_add_cstr(out, "# not kept: ");
	else
		buffer_add_cstr(out, "- ");
	buffer_add(out, yaml_scalar(line->writer->arena, kept_text(
	    line->writer->arena, one, domain)));
	note_piece(line->writer, line->start, (struct import_piece){
	    .record = one });
	write_remark(line->writer, str_from(one->why));
	buffer_add_byte(out, '\n');
}

static void
write_all_kept(struct line *line, struct import_domain *domain)
{
	struct import_domain *below;
	struct import_record *one;
	bool open = false;

	for (one = domain->records; one != NULL; one = one->next)
		if (one->how != IMPORT_SAID)
			write_kept(line, one, domain->name, &open);
	for (below = domain->below; below != NULL; below = below->sibling)
		for (one = below->records; below->refused && one != NULL;
		    one = one->next)
			write_kept(line, one, domain->name, &open);
}

/* ---- domains ------------------------------------------------------------- */

/* All records of a domain get one TTL; which had another is said. */
static void
give_ttl(struct line *line, struct import_domain *domain, uint32_t ttl)
{
	struct writer *writer = line->writer;
	struct import_record *one;

	for (one = domain->records; one != NULL; one = one->next) {
		one->ttl = ttl;
		if (one->how == IMPORT_LEFT || one->record->ttl == ttl)
			continue;
		/* A remark brings three blanks of its own. */
		buffer_add_repeated(writer->out, ' ', line->depth - 3);
		write_remark(writer, arena_printf(writer->arena,
		    "had the TTL %.*s: %.*s %.*s", STR_ARG(duration_print(
		    writer->arena, one->record->ttl)),
		    STR_ARG(name_show(one->record->owner)),
		    STR_ARG(rrtype_name(writer->arena, one->record->type))));
		buffer_add_byte(writer->out, '\n');
	}
}

static void
write_ttl(struct line *line, struct import_domain *domain)
{
	struct writer *writer = line->writer;
	uint32_t ttl = import_common_ttl(domain, false, writer->import->ttl);
	struct import_domain *below;

	if (ttl != writer->import->ttl) {
		start_line(line, "ttl");
		buffer_add(writer->out, duration_print(writer->arena, ttl));
		end_line(line, NULL, domain);
	}
	give_ttl(line, domain, ttl);
	for (below = domain->below; below != NULL; below = below->sibling)
		if (below->refused)
			give_ttl(line, below, ttl);
}

static size_t
count_other_ttls(const struct import_domain *domain,
    const struct import_record **first)
{
	const struct import_record *one;
	size_t count = 0;

	if (domain->apex->refused)
		return 0;
	for (one = domain->records; one != NULL; one = one->next) {
		if (one->how == IMPORT_LEFT || one->record->ttl == one->ttl)
			continue;
		if (*first == NULL)
			*first = one;
		count++;
	}
	return count;
}

size_t
import_other_ttls(const struct import_domain *apex,
    const struct import_record **first)
{
	const struct import_domain *below;
	size_t count;

	*first = NULL;
	count = count_other_ttls(apex, first);
	for (below = apex->below; below != NULL; below = below->sibling)
		count += count_other_ttls(below, first);
	return count;
}

static bool
lock_says_more(const struct dmarc *dmarc)
{
	return dmarc->rua != NULL || dmarc->ruf != NULL ||
	    dmarc->adkim != NULL || dmarc->aspf != NULL ||
	    dmarc->psd != NULL;
}

static void
write_parked(struct line *line, struct import_domain *domain)
{
	start_line(line, "parked");
	buffer_add_cstr(line->writer->out, "true");
	end_line(line, NULL, domain);
	if (domain->null_mx == NULL) {
		start_line(line, "null_mx");
		buffer_add_cstr(line->writer->out, "false");
		end_line(line, NULL, domain);
	}
	if (lock_says_more(domain->dmarc->record->dmarc))
		write_dmarc(line, domain);
}

static void
write_fields(struct line *line, struct import_domain *domain)
{
	write_ttl(line, domain);
	if (domain->parked) {
		write_parked(line, domain);
		return;
	}
	write_links(line, domain);
	write_own_keys(line, domain);
	write_spf(line, domain);
	if (domain->dmarc != NULL)
		write_dmarc(line, domain);
	if (domain->null_mx != NULL) {
		start_line(line, "null_mx");
		buffer_add_cstr(line->writer->out, "true");
		end_line(line, domain->null_mx, domain);
	}
	if (domain->tls_rpt != NULL)
		write_tls_rpt(line, domain);
	if (domain->bimi != NULL)
		write_bimi(line, domain);
	write_authorised(line, domain);
	write_all_kept(line, domain);
}

static void
write_subdomains(struct writer *writer, struct import_domain *domain)
{
	struct line line = { writer, 8, 0 };
	struct import_domain *below;
	bool open = false;
	size_t start;

	for (below = domain->below; below != NULL; below = below->sibling) {
		if (below->refused)
			continue;
		if (!open)
			buffer_add_cstr(writer->out, "    subdomains:\n");
		open = true;
		buffer_add_cstr(writer->out, "      ");
		start = writer->out->n;
		buffer_add(writer->out, yaml_scalar(writer->arena,
		    name_relative(below->name, domain->name)));
		note_piece(writer, start, (struct import_piece){
		    .domain = below });
		buffer_add_cstr(writer->out, ":\n");
		write_fields(&line, below);
	}
}

static void
write_domain(struct writer *writer, struct import_domain *domain)
{
	struct line line = { writer, 4, 0 };
	struct import_domain *below;
	bool open = true;
	struct import_record *one;
	size_t start;

	if (!domain->refused) {
		buffer_add_cstr(writer->out, "  ");
		start = writer->out->n;
		buffer_add(writer->out, yaml_scalar(writer->arena,
		    domain->name));
		note_piece(writer, start, (struct import_piece){
		    .domain = domain });
		buffer_add_cstr(writer->out, ":\n");
		write_fields(&line, domain);
		write_subdomains(writer, domain);
		return;
	}
	for (one = domain->records; one != NULL; one = one->next)
		write_kept(&line, one, domain->name, &open);
	for (below = domain->below; below != NULL; below = below->sibling)
		for (one = below->records; one != NULL; one = one->next)
			write_kept(&line, one, domain->name, &open);
}

static void
write_domains(struct writer *writer)
{
	struct import_domain *domain = writer->import->domains;

	if (domain != NULL)
		buffer_add_cstr(writer->out, "domains:\n");
	for (; domain != NULL; domain = domain->next)
		if (domain->apex == domain)
			write_domain(writer, domain);
}

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
	write_zones(&writer);
	write_ignores(&writer);
	buffer_printf(out, "defaults: {ttl: %.*s}\n",
	    STR_ARG(duration_print(import->arena, import->ttl)));
	write_keys(&writer);
	write_senders(&writer);
	write_domains(&writer);
}

/* ---- what is refused ----------------------------------------------------- */

static bool
refuse_record(struct import_record *one)
{
	if (one == NULL || one->how == IMPORT_LEFT)
		return false;
	one->why = one->how == IMPORT_KEPT ? "it can not be kept, either" :
	    "no field says it";
	one->how = one->how == IMPORT_KEPT ? IMPORT_LEFT : IMPORT_KEPT;
	return true;
}

static bool
refuse_said(struct import_record *one)
{
	return one != NULL && one->how == IMPORT_SAID && refuse_record(one);
}

/* Whatever it said, at every domain. */
static bool
refuse_sender(struct import *import, const struct import_sender *sender)
{
	struct import_domain *domain;
	const struct import_link *link;
	struct import_record *one;
	bool changed = false;

	for (domain = import->domains; domain != NULL; domain = domain->next) {
		link = domain->senders;
		while (link != NULL && link->sender != sender)
			link = link->next;
		if (link == NULL)
			continue;
		changed |= refuse_said(domain->spf);
		for (one = domain->records; one != NULL; one = one->next)
			if (one->used)
				changed |= refuse_said(one);
	}
	return changed;
}

static bool
refuse_key(struct import *import, const struct import_key *key)
{
	struct import_domain *domain;
	struct import_record *one;
	bool changed = false;

	for (domain = import->domains; domain != NULL; domain = domain->next)
		for (one = domain->records; one != NULL; one = one->next)
			if (one->key == key)
				changed |= refuse_said(one);
	return changed;
}

static bool
refuse_records(struct import_domain *domain, enum import_how how,
    const char *why)
{
	struct import_record *one;
	bool changed = false;

	for (one = domain->records; one != NULL; one = one->next)
		if (one->how < how) {
			one->how = how;
			one->why = why;
			changed = true;
		}
	return changed;
}

/*
 * A domain that can not be as it is: fields say nothing of it any more, next
 * its apex keeps its records, and last of all nobody does.
 */
static bool
refuse_domain(struct import_domain *domain)
{
	struct import_domain *below;
	bool changed;

	if (domain->parked) {
		domain->parked_refused = true;
		return true;
	}
	if (refuse_records(domain, IMPORT_KEPT, "no field says it"))
		return true;
	if (domain->refused)
		return false;
	domain->refused = true;
	if (domain->apex != domain)
		return true;
	changed = refuse_records(domain, IMPORT_LEFT, "the domain can not be "
	    "in a configuration");
	for (below = domain->below; below != NULL; below = below->sibling)
		changed |= refuse_records(below, IMPORT_LEFT, "the domain "
		    "above can not be in a configuration");
	return changed;
}

bool
import_refuse(struct import *import, size_t start, size_t end)
{
	const struct import_piece *piece;

	for (piece = import->pieces; piece != NULL; piece = piece->next) {
		if (start < piece->start || end > piece->end)
			continue;
		if (piece->record != NULL && refuse_record(piece->record))
			return true;
		if (piece->sender != NULL &&
		    refuse_sender(import, piece->sender))
			return true;
		if (piece->key != NULL && refuse_key(import, piece->key))
			return true;
		if (piece->domain != NULL && refuse_domain(piece->domain))
			return true;
	}
	return false;
}
