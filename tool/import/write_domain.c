/* Domains in the configuration: what fields say of them, and what is kept. */
#include "base/arena.h"
#include "import/writer.h"

/* ---- fields -------------------------------------------------------------- */

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
	writer_note_piece(line->writer, line->start, (struct import_piece){
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
		sequence_add(flow->writer, uri->text, &open);
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
		sequence_add(line->writer, link->sender->name, &open);
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
		sequence_add(line->writer, one->key->name, &open);
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
		sequence_add(line->writer, one->label, &open);
		writer_note_piece(line->writer, start, (struct import_piece){
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
	writer_note_piece(line->writer, line->start, (struct import_piece){
	    .record = one });
	writer_add_remark(line->writer, str_from(one->why));
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

/* ---- TTLs ---------------------------------------------------------------- */

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
		writer_add_remark(writer, arena_printf(writer->arena,
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

/* ---- domains ------------------------------------------------------------- */

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
	if (domain->tls_rpt != NULL)
		write_tls_rpt(line, domain);
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
		writer_note_piece(writer, start, (struct import_piece){
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
		writer_note_piece(writer, start, (struct import_piece){
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

void
write_domains(struct writer *writer)
{
	struct import_domain *domain = writer->import->domains;

	if (domain != NULL)
		buffer_add_cstr(writer->out, "domains:\n");
	for (; domain != NULL; domain = domain->next)
		if (domain->apex == domain)
			write_domain(writer, domain);
}
