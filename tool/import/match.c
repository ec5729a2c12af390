/* Providers' templates, held against what stands in a zone. */
#include "base/arena.h"
#include "base/pattern.h"
#include "import/import.h"

/* ---- patterns ------------------------------------------------------------ */

/* One that is broken is left out; then nothing is recognised by it. */
static struct pattern *
compile(struct arena *arena, struct str text)
{
	struct str why;
	size_t at;

	return pattern_new(arena, text, &why, &at);
}

static struct pattern **
compile_words(struct arena *arena, const struct words *words)
{
	struct pattern **patterns = ARENA_ARRAY(arena, words->count + 1,
	    struct pattern *);
	size_t count = 0, i;

	for (i = 0; i < words->count; i++) {
		patterns[count] = compile(arena, words->words[i].text);
		count += patterns[count] != NULL;
	}
	return patterns;
}

static struct pattern **
compile_variables(struct arena *arena, const struct provider *provider)
{
	const struct provider_variable *variable;
	struct pattern **patterns;
	size_t count = 0;

	for (variable = provider->variables; variable != NULL;
	    variable = variable->next)
		count++;
	patterns = ARENA_ARRAY(arena, count + 1, struct pattern *);
	count = 0;
	for (variable = provider->variables; variable != NULL;
	    variable = variable->next)
		patterns[count++] = compile(arena, variable->pattern);
	return patterns;
}

struct import_provider *
import_providers(struct arena *arena, struct providers *providers)
{
	struct import_provider *first = NULL, **end = &first, *one;
	const struct provider *provider;

	for (provider = providers == NULL ? NULL :
	    providers_first(providers);
	    provider != NULL; provider = provider->next) {
		one = ARENA_NEW(arena, struct import_provider);
		one->provider = provider;
		one->variables = compile_variables(arena, provider);
		one->spf = compile_words(arena, &provider->recognise_spf);
		one->cname = compile_words(arena,
		    &provider->recognise_cname);
		*end = one;
		end = &one->next;
	}
	return first;
}

static void
free_patterns(struct pattern **patterns, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		pattern_free(patterns[i]);
}

static size_t
count_patterns(struct pattern **patterns)
{
	size_t count = 0;

	while (patterns[count] != NULL)
		count++;
	return count;
}

void
import_providers_free(struct import_provider *one)
{
	const struct provider_variable *variable;
	size_t count;

	for (; one != NULL; one = one->next) {
		count = 0;
		for (variable = one->provider->variables; variable != NULL;
		    variable = variable->next)
			count++;
		free_patterns(one->variables, count);
		free_patterns(one->spf, count_patterns(one->spf));
		free_patterns(one->cname, count_patterns(one->cname));
	}
}

static bool
one_matches(struct pattern **patterns, struct str text)
{
	for (; *patterns != NULL; patterns++)
		if (pattern_matches(*patterns, text))
			return true;
	return false;
}

bool
provider_knows_term(const struct import_provider *one, struct str term)
{
	return one_matches(one->spf, term);
}

bool
provider_knows_target(const struct import_provider *one, struct str target)
{
	return one_matches(one->cname, target);
}

/* ---- one template -------------------------------------------------------- */

/* What is known of the variables so far: a list that only grows in front. */
struct matcher {
	struct arena *arena;
	const struct import_provider *provider;
	const struct import_domain *domain;
	const struct variable *variables;
};

static struct str
with_dashes(struct arena *arena, struct str name)
{
	struct buffer out = { 0 };
	size_t i;

	for (i = 0; i < name.n; i++)
		buffer_add_byte(&out, name.p[i] == '.' ? '-' : name.p[i]);
	return buffer_finish(&out, arena);
}

/* The value that a variable has anyway; STR_NONE when it is open. */
static struct str
value_of(const struct matcher *matcher, struct str name)
{
	const struct variable *variable;

	if (str_is(name, "domain"))
		return matcher->domain->name;
	if (str_is(name, "domain-dashes"))
		return with_dashes(matcher->arena, matcher->domain->name);
	variable = variable_find(matcher->variables, name);
	return variable == NULL ? STR_NONE : variable->value;
}

static bool
may_be(const struct matcher *matcher, struct str name, struct str value)
{
	const struct provider_variable *variable;
	size_t i = 0;

	for (variable = matcher->provider->provider->variables;
	    variable != NULL; variable = variable->next, i++)
		if (str_equal(variable->name, name))
			return matcher->provider->variables[i] != NULL &&
			    pattern_matches(matcher->provider->variables[i],
			    value);
	return false;
}

static void
bind(struct matcher *matcher, struct str name, struct str value)
{
	struct variable *variable = ARENA_NEW(matcher->arena,
	    struct variable);

	variable->name = name;
	variable->value = value;
	variable->next = (struct variable *)(uintptr_t)matcher->variables;
	matcher->variables = variable;
}

/* "{" begins a variable, but not behind "%": that is SPF's own. */
static bool
at_variable(const struct cursor *in)
{
	return cursor_peek(in) == '{' && (in->here == 0 ||
	    in->text.p[in->here - 1] != '%');
}

static bool match_text(struct matcher *, struct cursor, struct str);

/* An open variable takes what lets the rest match, the shortest first. */
static bool
match_open(struct matcher *matcher, struct str name, struct cursor in,
    struct str text)
{
	const struct variable *before = matcher->variables;
	size_t length;

	for (length = 1; length <= text.n; length++) {
		if (!may_be(matcher, name, str_slice(text, 0, length)))
			continue;
		bind(matcher, name, str_slice(text, 0, length));
		if (match_text(matcher, in, str_after(text, length)))
			return true;
		matcher->variables = before;
	}
	return false;
}

static bool
match_text(struct matcher *matcher, struct cursor in, struct str text)
{
	struct str name, value;

	while (cursor_peek(&in) != END && !at_variable(&in)) {
		if (text.n == 0 || byte_lower(cursor_next(&in)) !=
		    byte_lower((unsigned char)text.p[0]))
			return false;
		text = str_after(text, 1);
	}
	if (cursor_peek(&in) == END)
		return text.n == 0;
	cursor_next(&in);
	name = cursor_until(&in, STR("}"));
	cursor_accept(&in, '}');
	value = value_of(matcher, name);
	if (value.p == NULL)
		return match_open(matcher, name, in, text);
	return str_starts_case(text, value) &&
	    match_text(matcher, in, str_after(text, value.n));
}

static bool
matches(struct matcher *matcher, struct str template, struct str text)
{
	const struct variable *before = matcher->variables;
	struct cursor in = { template, 0 };

	if (match_text(matcher, in, text))
		return true;
	matcher->variables = before;
	return false;
}

/* ---- records ------------------------------------------------------------- */

static struct str
without_dot(struct str name)
{
	return name.n > 0 && name.p[name.n - 1] == '.' ?
	    str_slice(name, 0, name.n - 1) : name;
}

static bool
record_matches(struct matcher *matcher, const struct provider_record *wanted,
    const struct import_record *one)
{
	const struct record *record = one->record;
	const struct variable *before = matcher->variables;
	struct str owner = name_relative(record->owner,
	    matcher->domain->name);
	uint16_t type;

	if (!rrtype_parse(wanted->type, &type) || type != record->type)
		return false;
	if (matches(matcher, wanted->owner, owner.n == 0 ? STR("@") : owner) &&
	    (type == RR_TXT ? matches(matcher, wanted->value, one->data) :
	    matches(matcher, without_dot(wanted->value),
	    without_dot(one->data))))
		return true;
	matcher->variables = before;
	return false;
}

/* The records of a provider, one list after the other. */
static const struct provider_record *
next_wanted(const struct provider *provider, size_t number)
{
	const struct provider_record *lists[] = { provider->dkim,
	    provider->return_path }, *record;
	size_t i;

	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		for (record = lists[i]; record != NULL; record = record->next)
			if (record->has_value && number-- == 0)
				return record;
	return NULL;
}

static size_t
count_wanted(const struct provider *provider)
{
	size_t count = 0;

	while (next_wanted(provider, count) != NULL)
		count++;
	return count;
}

/* "{target}", which any name would be. */
static bool
is_all_variable(struct str template)
{
	return template.n > 0 && template.p[0] == '{' &&
	    str_find(template, '}') + 1 == template.n;
}

/*
 * A target has to be known as the provider's, by its pattern or its template.
 */
static bool
may_lead_to(const struct import_provider *provider,
    const struct provider_record *wanted, const struct record *record)
{
	return *provider->cname != NULL ?
	    provider_knows_target(provider, record->target) :
	    !is_all_variable(wanted->value);
}

/* Each record stands for one. */
static bool
is_candidate(const struct matcher *matcher, const struct match *match,
    const struct provider_record *wanted, const struct import_record *one)
{
	size_t i;

	for (i = 0; i < match->count; i++)
		if (match->records[i]->record->position ==
		    one->record->position)
			return false;
	return !one->used && (one->record->type != RR_CNAME ||
	    may_lead_to(matcher->provider, wanted, one->record));
}

static bool
match_records(struct matcher *matcher, struct match *match)
{
	const struct import_domain *domain = matcher->domain;
	struct import_record *lists[] = { domain->records, domain->others },
	    *one;
	const struct variable *before = matcher->variables;
	const struct provider_record *wanted;
	size_t i;

	wanted = next_wanted(matcher->provider->provider, match->count);
	if (wanted == NULL)
		return true;
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		for (one = lists[i]; one != NULL; one = one->next) {
			if (!is_candidate(matcher, match, wanted, one) ||
			    !record_matches(matcher, wanted, one))
				continue;
			match->records[match->count++] = one;
			if (match_records(matcher, match))
				return true;
			match->count--;
			matcher->variables = before;
		}
	return false;
}

/* ---- keys ---------------------------------------------------------------- */

static bool
is_free_key(const struct import_record *one)
{
	return one->key != NULL && !one->used && one->how == IMPORT_SAID;
}

/* The key of a selector that is known; else the only one there is. */
static struct import_record *
find_key(struct matcher *matcher, const struct provider_record *wanted)
{
	const struct variable *before = matcher->variables;
	struct import_record *one, *found = NULL;
	struct str owner;

	for (one = matcher->domain->records; one != NULL; one = one->next) {
		if (!is_free_key(one))
			continue;
		matcher->variables = before;
		owner = name_relative(one->record->owner,
		    matcher->domain->name);
		if (!matches(matcher, wanted->owner, owner))
			continue;
		if (matcher->variables == before)
			return one;
		if (found != NULL)
			return NULL;
		found = one;
	}
	matcher->variables = before;
	return found != NULL && matches(matcher, wanted->owner,
	    name_relative(found->record->owner, matcher->domain->name)) ?
	    found : NULL;
}

static bool
match_keys(struct matcher *matcher, struct match *match)
{
	const struct provider_record *wanted;
	struct import_record *one;

	for (wanted = matcher->provider->provider->dkim; wanted != NULL;
	    wanted = wanted->next) {
		if (wanted->has_value)
			continue;
		one = find_key(matcher, wanted);
		if (one == NULL)
			return false;
		match->records[match->count++] = one;
		match->keys[match->key_count++] = one->key;
	}
	return true;
}

/* ---- all of it ----------------------------------------------------------- */

static bool
match_terms(struct matcher *matcher, const struct spf_term *term)
{
	const struct words *wanted = &matcher->provider->provider->spf_terms;
	size_t i;

	for (i = 0; i < wanted->count; i++, term = term->next)
		if (term == NULL || !matches(matcher, wanted->words[i].text,
		    term->text))
			return false;
	return true;
}

static bool
all_known(const struct matcher *matcher)
{
	const struct provider_variable *variable;

	for (variable = matcher->provider->provider->variables;
	    variable != NULL; variable = variable->next)
		if (variable_find(matcher->variables, variable->name) == NULL)
			return false;
	return true;
}

bool
provider_match(struct arena *arena, const struct import_provider *provider,
    const struct import_domain *domain, struct match *match)
{
	const struct provider *wanted = provider->provider;
	struct matcher matcher = { arena, provider, domain, NULL };
	const struct provider_record *record;
	size_t keys = 0, count = count_wanted(wanted);
	bool at_domain = wanted->spf_terms.count > 0 &&
	    wanted->spf_place == PROVIDER_AT_DOMAIN;

	for (record = wanted->dkim; record != NULL; record = record->next)
		keys += !record->has_value;
	/* Something has to speak for it. */
	if (at_domain != (match->term != NULL) ||
	    (!at_domain && count == 0))
		return false;
	match->records = ARENA_ARRAY(arena, count + keys + 1,
	    struct import_record *);
	match->keys = ARENA_ARRAY(arena, keys + 1, struct import_key *);
	match->count = match->key_count = 0;
	if ((at_domain && !match_terms(&matcher, match->term)) ||
	    !match_records(&matcher, match) ||
	    !match_keys(&matcher, match) || !all_known(&matcher))
		return false;
	match->variables = matcher.variables;
	return true;
}
