/* Services that send in the names of others: templates/providers. */
#include "base/arena.h"
#include "base/buffer.h"
#include "base/path.h"
#include "config/read.h"

/* A provider with what its file says and nobody else needs to know. */
struct described {
	struct provider provider;
	struct setting name, kind, confidence;
	unsigned lookups;
	int place, spf_aligns, dkim_aligns;
};

struct described_record {
	struct setting type, owner, target, value;
};

struct described_variable {
	struct setting pattern, help, example;
};

static const char *const kinds[] = { "mailbox", "hosting", "forwarding",
	"transactional", "marketing", "saas", "gateway", "dmarc-service",
	"self-hosted", NULL };
static const char *const confidences[] = { "vendor", "template", "observed",
	"secondary", "none", NULL };
static const char *const places[] = { "domain", "return-path", NULL };
static const char *const alignments[] = { "unknown", "yes", "relaxed", "no",
	NULL };
static const char *const types[] = { "TXT", "CNAME", "MX", NULL };

#define AT(member) .offset = offsetof(struct described_variable, member)

static const struct field variable_fields[] = {
	{ "pattern", FIELD_STRING, .required = true, AT(pattern) },
	{ "help", FIELD_STRING, .required = true, AT(help) },
	{ "example", FIELD_STRING, .required = true, AT(example) },
	{ .key = NULL }
};

#undef AT
#define AT(member) .offset = offsetof(struct described_record, member)

static const struct field record_fields[] = {
	{ "type", FIELD_CHOICE, .choices = types, .required = true, AT(type) },
	{ "owner", FIELD_STRING, .required = true, AT(owner) },
	{ "target", FIELD_STRING, AT(target) },
	{ "value", FIELD_STRING, AT(value) },
	{ .key = NULL }
};

#undef AT
#define AT(member) .offset = offsetof(struct described, member)

static const struct field variable_names[] = {
	{ "*", FIELD_SECTION, .fields = variable_fields },
	{ .key = NULL }
};

static const struct field spf_fields[] = {
	{ "terms", FIELD_STRING, .list = true, AT(provider.spf_terms) },
	{ "lookups", FIELD_NUMBER, .max = 100, AT(lookups) },
	{ "place", FIELD_ENUM, .choices = places, AT(place) },
	{ .key = NULL }
};

static const struct field records_fields[] = {
	{ "records", FIELD_SECTION, .list = true, .fields = record_fields },
	{ .key = NULL }
};

static const struct field aligns_fields[] = {
	{ "spf", FIELD_ENUM, .choices = alignments, AT(spf_aligns) },
	{ "dkim", FIELD_ENUM, .choices = alignments, AT(dkim_aligns) },
	{ .key = NULL }
};

static const struct field recognise_fields[] = {
	{ "spf", FIELD_STRING, .list = true, AT(provider.recognise_spf) },
	{ "cname", FIELD_STRING, .list = true, AT(provider.recognise_cname) },
	{ "mx", FIELD_STRING, .list = true, AT(provider.recognise_mx) },
	{ .key = NULL }
};

static const struct field provider_fields[] = {
	{ "name", FIELD_WORD, .required = true, AT(name) },
	{ "kind", FIELD_CHOICE, .choices = kinds, .required = true, AT(kind) },
	{ "source", FIELD_STRING, .list = true, AT(provider.sources) },
	{ "checked", FIELD_DATE, .required = true, AT(provider.checked) },
	{ "confidence", FIELD_CHOICE, .choices = confidences,
	  .required = true, AT(confidence) },
	{ "variables", FIELD_NAMED, .fields = variable_names },
	{ "spf", FIELD_MAPPING, .fields = spf_fields },
	{ "dkim", FIELD_SECTION, .fields = records_fields },
	{ "return_path", FIELD_SECTION, .fields = records_fields },
	{ "mx", FIELD_STRING, .list = true, AT(provider.mx) },
	{ "aligns", FIELD_MAPPING, .fields = aligns_fields },
	{ "ends", FIELD_DATE, AT(provider.ends) },
	{ "recognise", FIELD_MAPPING, .fields = recognise_fields },
	{ "caveats", FIELD_STRING, .list = true, AT(provider.caveats) },
	{ .key = NULL }
};

/* ---- reading one --------------------------------------------------------- */

static struct provider_record *
read_record(struct load *load, const struct trail *trail,
    const struct yaml *node)
{
	struct described_record said = { 0 };
	struct provider_record *record;

	load_mapping(load, trail, node, record_fields, &said);
	record = ARENA_NEW(load->arena, struct provider_record);
	record->type = said.type.text;
	record->owner = said.owner.text;
	record->value = said.target.text.p != NULL ? said.target.text :
	    said.value.text;
	record->has_value = record->value.p != NULL;
	if (!record->has_value && !str_is(record->type, "TXT"))
		node_problem(load, node, "a %.*s record needs a target",
		    STR_ARG(record->type));
	return record;
}

static struct provider_record *
read_records(struct load *load, const struct yaml *tree, const char *section)
{
	const struct field *field = field_find(records_fields,
	    STR("records"));
	const struct yaml *node = yaml_get(tree, section), *item = NULL;
	struct provider_record *first = NULL, **last = &first;
	struct trail trail = { NULL, str_from(section) };
	size_t count;

	if (node == NULL)
		return NULL;
	load_mapping(load, &trail, node, records_fields, &first);
	node = yaml_get(node, "records");
	if (!load_container(load, &trail, node, field, &count))
		return NULL;
	while ((item = load_next(node, item)) != NULL) {
		if (item->kind != YAML_MAPPING)
			continue;
		*last = read_record(load, &trail, item);
		last = &(*last)->next;
	}
	return first;
}

static struct provider_variable *
read_variables(struct load *load, const struct yaml *tree)
{
	const struct field *field = field_find(provider_fields,
	    STR("variables"));
	const struct yaml *node = yaml_get(tree, "variables"), *item;
	struct provider_variable *variable, *first = NULL, **last = &first;
	struct trail trail = { NULL, STR("variables") };
	size_t count;

	if (!load_container(load, &trail, node, field, &count))
		return NULL;
	for (item = node->items; item != NULL; item = item->next) {
		struct described_variable said = { 0 };
		struct trail below = { &trail, item->key };

		load_mapping(load, &below, item, variable_fields, &said);
		variable = ARENA_NEW(load->arena, struct provider_variable);
		variable->name = item->key;
		variable->pattern = said.pattern.text;
		variable->help = said.help.text;
		variable->example = said.example.text;
		*last = variable;
		last = &variable->next;
	}
	return first;
}

struct provider *
provider_read(struct load *load, const struct source *source)
{
	struct described *said = ARENA_NEW(load->arena, struct described);
	struct provider *provider = &said->provider;
	struct yaml *tree = yaml_read(load->arena, source, load->problems);
	struct str file = path_name(source->path);

	if (tree == NULL)
		return NULL;
	file.n -= STR(".yaml").n;
	provider->source = source;
	load_fallbacks(load, provider_fields, said);
	load_mapping(load, NULL, tree, provider_fields, said);
	provider->name = said->name.text;
	provider->kind = said->kind.text;
	provider->confidence = said->confidence.text;
	provider->variables = read_variables(load, tree);
	provider->spf_lookups = yaml_get(yaml_get(tree, "spf"), "lookups") !=
	    NULL ? (int)said->lookups : -1;
	provider->spf_place = (enum provider_place)said->place;
	provider->spf_aligns = (enum aligns)said->spf_aligns;
	provider->dkim_aligns = (enum aligns)said->dkim_aligns;
	provider->dkim = read_records(load, tree, "dkim");
	provider->return_path = read_records(load, tree, "return_path");
	if (provider->name.p != NULL && !str_equal(provider->name, file))
		config_problem(load->problems, load->arena, CONFIG_VALUE,
		    said->name.span, "the file is called \"%.*s\"",
		    STR_ARG(path_name(source->path)));
	return provider->name.p == NULL ? NULL : provider;
}

/* ---- using one ----------------------------------------------------------- */

static bool
add_variable(struct buffer *out, const struct variable *variable,
    struct str domain, struct str name)
{
	size_t i;

	if (str_is(name, "domain")) {
		buffer_add(out, domain);
		return true;
	}
	if (str_is(name, "domain-dashes")) {
		for (i = 0; i < domain.n; i++)
			buffer_add_byte(out, domain.p[i] == '.' ? '-' :
			    domain.p[i]);
		return true;
	}
	for (; variable != NULL; variable = variable->next)
		if (str_equal(variable->name, name)) {
			buffer_add(out, variable->value);
			return true;
		}
	return false;
}

bool
provider_expand(struct arena *arena, struct str pattern,
    const struct variable *variables, struct str domain, struct str *text,
    struct str *missing)
{
	struct cursor in = { pattern, 0 };
	struct buffer out = { 0 };
	bool whole = true;

	*missing = STR_NONE;
	while (cursor_peek(&in) != END) {
		buffer_add(&out, cursor_until(&in, STR("%{")));
		if (cursor_accept(&in, '%')) {
			/* "%{i}" is SPF's own, RFC 7208 section 7. */
			buffer_add_byte(&out, '%');
			if (cursor_accept(&in, '{'))
				buffer_add_byte(&out, '{');
		} else if (cursor_accept(&in, '{')) {
			struct str name = cursor_until(&in, STR("}"));

			cursor_accept(&in, '}');
			if (add_variable(&out, variables, domain, name))
				continue;
			if (whole)
				*missing = name;
			whole = false;
		}
	}
	*text = buffer_finish(&out, arena);
	return whole;
}
