/*
 * For each provider a domain that uses it, with the examples of its variables:
 * the zone that comes of it is read back as it was made, and no rule finds an
 * error in it. With GOLDEN=FILE in the environment the configuration is left
 * there, for those who try other readers on it.
 */
#include "made.h"

#include <stdio.h>

#include "lint/lint.h"

/* 2,048 bits, of which nobody has the other half any more. */
#define PUBLIC	"MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAxpeDSJevC2F9bjL2" \
	"+nX2b3ya41YzKtjmDsYdUe3ziiuouQdVX2I5Xzvj3mRDHq0it9uyfOpCFV/rtTziFV+" \
	"gzMpG+rQgWFXztD3WRyiGLj1r+ab70EIMDNbt0J4lQkg+Pvml0/JzBVjO7dg7BW1o1e" \
	"XMA0qBiZkBUgMwd7pjmL8XwhmM66kMVeMpMMDu9Id7g5JnMIEYvvMgWm7I5L6m4UhU6" \
	"+99fdd/t/11i5a4RtbQ1vFn9a3Iyei2DbW0rri+PrNYqXJYJbxTWRhAGGikKg1XYBTD" \
	"EukrLUSfamZ/K9LsfzftHMwbJi+wHrAkmZPa9LXnJY2BdTIh5yvpxnex5QIDAQAB"

static struct variable *
examples_of(struct arena *arena, const struct provider *provider)
{
	const struct provider_variable *wanted;
	struct variable *first = NULL, **end = &first, *variable;

	for (wanted = provider->variables; wanted != NULL;
	    wanted = wanted->next) {
		variable = ARENA_NEW(arena, struct variable);
		variable->name = wanted->name;
		variable->value = wanted->example;
		*end = variable;
		end = &variable->next;
	}
	return first;
}

static bool
wants_key(const struct provider_record *record)
{
	return !record->has_value && str_is_case(record->type, "TXT");
}

/* The keys that a provider shows and the operator publishes. */
static void
write_keys(struct buffer *out, struct arena *arena,
    const struct provider *provider)
{
	const struct provider_record *record;
	struct str owner, missing;

	for (record = provider->dkim; record != NULL; record = record->next) {
		if (!wants_key(record))
			continue;
		assert_true(provider_expand(arena, record->owner,
		    examples_of(arena, provider), STR("example.com"), &owner,
		    &missing));
		owner.n = str_find_str(owner, STR("._domainkey"));
		buffer_printf(out, "  %.*s-%.*s: {selector: %.*s, "
		    "public: %s}\n", STR_ARG(provider->name), STR_ARG(owner),
		    STR_ARG(yaml_scalar(arena, owner)), PUBLIC);
	}
}

static void
write_sender(struct buffer *out, struct arena *arena,
    const struct provider *provider)
{
	const struct provider_variable *variable;
	const struct provider_record *record;
	struct str owner, missing;
	const char *before = "{";

	buffer_printf(out, "  %.*s: {provider: %.*s", STR_ARG(provider->name),
	    STR_ARG(provider->name));
	if (provider->variables != NULL)
		buffer_add_cstr(out, ", with: ");
	for (variable = provider->variables; variable != NULL;
	    variable = variable->next, before = ", ")
		buffer_printf(out, "%s%.*s: %.*s", before,
		    STR_ARG(variable->name), STR_ARG(yaml_scalar(arena,
		    variable->example)));
	buffer_add_cstr(out, provider->variables == NULL ? "" : "}");
	before = ", keys: [";
	for (record = provider->dkim; record != NULL; record = record->next) {
		if (!wants_key(record))
			continue;
		assert_true(provider_expand(arena, record->owner,
		    examples_of(arena, provider), STR("example.com"), &owner,
		    &missing));
		owner.n = str_find_str(owner, STR("._domainkey"));
		buffer_printf(out, "%s%.*s-%.*s", before,
		    STR_ARG(provider->name), STR_ARG(owner));
		before = ", ";
	}
	buffer_add_cstr(out, *before == ',' && before[2] == '\0' ? "]}\n" :
	    "}\n");
}

/* Services without DKIM of one's own sign nothing: no policy asks for it. */
static struct str
configuration(struct arena *arena)
{
	const struct provider *provider;
	struct buffer out = { 0 };

	buffer_add_cstr(&out, "rules: {dkim-key-shared-*: off}\n"
	    "defaults: {dmarc: {p: quarantine, "
	    "rua: [mailto:dmarc@reports.example]}}\nkeys:\n");
	for (provider = providers_first(shelf.providers); provider != NULL;
	    provider = provider->next)
		write_keys(&out, arena, provider);
	buffer_add_cstr(&out, "senders:\n");
	for (provider = providers_first(shelf.providers); provider != NULL;
	    provider = provider->next)
		write_sender(&out, arena, provider);
	buffer_add_cstr(&out, "domains:\n  reports.example: {spf: "
	    "{all: fail}}\n");
	for (provider = providers_first(shelf.providers); provider != NULL;
	    provider = provider->next)
		buffer_printf(&out, "  %.*s.example: {senders: [%.*s]}\n",
		    STR_ARG(provider->name), STR_ARG(provider->name));
	buffer_add_byte(&out, '\0');
	return buffer_finish(&out, arena);
}

static void
leave_behind(struct str yaml)
{
	const char *path = getenv("GOLDEN");
	struct arena *arena;

	if (path == NULL)
		return;
	arena = arena_new();
	yaml = arena_printf(arena, "version: 1\n%s", yaml.p);
	assert_true(file_write(str_from(path), yaml, 0644));
	arena_free(arena);
}

static size_t
count_errors(struct bench *bench, const struct zones *zones,
    const struct zone *zone)
{
	struct world world = bench->world;
	struct selection selection = { .min_level = LEVEL_ERROR };
	struct diags diags = { 0 };
	const struct diag *diag;

	world.zones = zones;
	lint_zone(&world, &selection, zone, bench->arena, &diags);
	for (diag = diags.first; diag != NULL; diag = diag->next)
		print_error("%.*s: %s: %.*s\n", STR_ARG(zone->name),
		    diag->rule->id, STR_ARG(saying_print(diag->message,
		    bench->arena)));
	return diags.count;
}

static void
each_provider_makes_a_zone(void **state)
{
	const struct block_style style = { .config = STR("mailzone.yaml") };
	struct arena *arena = arena_new();
	const struct config_problem *problem;
	const struct made *other;
	struct bench bench;
	struct zones zones;
	struct str yaml;
	size_t errors = 0, i;

	(void)state;
	shelf_fill();
	assert_true(providers_count(shelf.providers) > 70);
	yaml = configuration(arena);
	leave_behind(yaml);
	bench_make(&bench, yaml.p, "2026-11-24", "2026-11-24");
	for (problem = bench.world.config->problems.first; problem != NULL;
	    problem = problem->next)
		print_error("%.*s\n", STR_ARG(problem->what));
	assert_int_equal(bench.world.config->problems.count, 0);
	assert_int_equal(bench.made->count,
	    providers_count(shelf.providers) + 1);
	zones = (struct zones){ .arena = bench.arena };
	other = records_read_back(bench.arena, bench.made, &style, NULL,
	    &zones, NULL);
	if (other != NULL)
		print_error("%.*s %.*s\n", STR_ARG(other->owner),
		    STR_ARG(other->value));
	assert_null(other);
	for (i = 0; i < zones.count; i++)
		errors += count_errors(&bench, &zones, zones.zones[i]);
	assert_int_equal(errors, 0);
	bench_free(&bench);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_provider_makes_a_zone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
