/*
 * Holds the verdicts on SPF against those of other programs' test suites,
 * which lie as zones in a folder: SUITE/expected.json says what each domain
 * is.
 *
 *	tests/spf_corpus FOLDER
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/path.h"
#include "policy/policy.h"

#define countof(array) (sizeof (array) / sizeof *(array))

static size_t passed, failed;

/* Words of expected.json. */
static const struct {
	const char *verdict, *class;
} classes[] = {
	{ "valid", "valid" },
	{ "none", "none" },
	{ "multiple", "multiple" },
	{ "syntax-permerror", "syntax" },
	{ "limit-permerror", "limit" },
	{ "reference-permerror", "reference" },
};

/*
 * Where the suites are of another mind than RFC 7208, or leave it open.
 */
static const struct {
	const char *suite, *domain, *class, *why;
} exceptions[] = {
	{ "pyspf-pyspf-tests", "e1.example.com", "valid",
	  "default=- is an unknown modifier, section 6: ignored" },
	{ "go-spf-blitirispf-tests", "domain.net", "valid",
	  "a name server that does not answer is no fault of the record" },
};

static const char *
class_of(const struct spf_cost *cost)
{
	switch (cost->root->state) {
	case SPF_NONE:
		return "none";
	case SPF_SEVERAL:
		return "multiple";
	case SPF_BROKEN:
		return "syntax";
	default:
		return cost->broken_reference ? "reference" :
		    cost->over_limit ? "limit" : "valid";
	}
}

static const char *
text(const json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));

	return value == NULL ? "" : value;
}

/* Targets of one label are no domain-spec, section 7.1. */
static bool
has_flag(const json_t *row, const char *flag)
{
	json_t *flags = json_object_get(row, "flags");
	size_t i;

	for (i = 0; i < json_array_size(flags); i++)
		if (strcmp(json_string_value(json_array_get(flags, i)),
		    flag) == 0)
			return true;
	return false;
}

static const char *
expected_class(const json_t *row, const char *suite)
{
	const char *verdict = text(row, "verdict");
	size_t i;

	if (has_flag(row, "single-label-target"))
		return "syntax";
	for (i = 0; i < countof(classes); i++)
		if (strcmp(classes[i].verdict, verdict) == 0)
			return classes[i].class;
	for (i = 0; i < countof(exceptions); i++)
		if (strcmp(exceptions[i].suite, suite) == 0 &&
		    strcmp(exceptions[i].domain, text(row, "domain")) == 0)
			return exceptions[i].class;
	return verdict;
}

static const struct zone *
read_zone(struct arena *arena, struct zones *zones, struct str path)
{
	struct zone_options options = { .name = STR(""),
	    .how = ZONE_BY_OPTION };
	struct source *source = file_read(arena, path);

	if (source == NULL) {
		perror(arena_cstr(arena, path));
		exit(2);
	}
	zones_add(zones, zone_read(arena, source, &options));
	return zones->zones[0];
}

static void
check(const json_t *row, const char *suite, struct str folder)
{
	struct arena *arena = arena_new();
	struct zones zones = { .arena = arena };
	struct world world = { .zones = &zones };
	const char *expected = expected_class(row, suite), *class;
	struct spf_cost *cost;
	struct str name;

	read_zone(arena, &zones, path_join(arena, folder,
	    str_from(text(row, "all"))));
	name_parse(arena, str_from(text(row, "domain")), &name);
	cost = spf_cost(&world, arena, name);
	class = class_of(cost);
	if (strcmp(class, expected) == 0) {
		passed++;
	} else {
		failed++;
		printf("not ok %s %s %s: %s, not %s (%.*s)\n", suite,
		    text(row, "scenario"), text(row, "domain"), class,
		    expected, STR_ARG(cost->permerror_why));
	}
	arena_free(arena);
}

static void
visit(void *context, struct str path)
{
	struct str *folder = context;
	struct arena *arena;
	json_t *document, *domains;
	json_error_t error;
	size_t i;

	if (!str_is(path_name(path), "expected.json"))
		return;
	arena = arena_new();
	document = json_load_file(arena_cstr(arena, path), 0, &error);
	if (document == NULL) {
		fprintf(stderr, "%.*s: %s\n", STR_ARG(path), error.text);
		exit(2);
	}
	domains = json_object_get(document, "domains");
	for (i = 0; i < json_array_size(domains); i++)
		check(json_array_get(domains, i), text(document, "suite"),
		    *folder);
	json_decref(document);
	arena_free(arena);
}

int
main(int argc, char **argv)
{
	struct str folder = str_from(argc == 2 ? argv[1] : "."), broken;
	struct arena *arena = arena_new();

	if (!file_walk(arena, folder, visit, &folder, &broken)) {
		perror(arena_cstr(arena, broken));
		return 2;
	}
	arena_free(arena);
	printf("spf: %zu passed, %zu failed\n", passed, failed);
	return failed > 0;
}
