#include "support.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/pattern.h"
#include "config/config.h"

static struct arena *arena;
static struct providers *providers;

static int
set_up(void **state)
{
	(void)state;
	arena = arena_new();
	providers = providers_read(arena, STR("templates/providers"),
	    STR_NONE);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static bool
fits(struct str expression, struct str text)
{
	struct pattern *pattern;
	struct str why;
	size_t at;
	bool matches;

	pattern = pattern_new(arena, expression, &why, &at);
	if (pattern == NULL)
		print_message("# %.*s: %.*s\n", STR_ARG(expression),
		    STR_ARG(why));
	assert_non_null(pattern);
	matches = pattern_matches(pattern, text);
	pattern_free(pattern);
	return matches;
}

static bool
fits_one(const struct words *expressions, struct str text)
{
	bool any = false;
	size_t i;

	for (i = 0; i < expressions->count; i++)
		any |= fits(expressions->words[i].text, text);
	return any;
}

/* The examples as an operator would give them. */
static struct variable *
examples_of(const struct provider *provider)
{
	const struct provider_variable *wanted;
	struct variable *first = NULL, **last = &first;

	for (wanted = provider->variables; wanted != NULL;
	    wanted = wanted->next) {
		*last = ARENA_NEW(arena, struct variable);
		(*last)->name = wanted->name;
		(*last)->value = wanted->example;
		last = &(*last)->next;
	}
	return first;
}

static struct str
expand(const struct provider *provider, struct str text)
{
	struct str expanded, missing;
	bool whole = provider_expand(arena, text, examples_of(provider),
	    STR("example.com"), &expanded, &missing);

	if (!whole)
		print_message("# %.*s: no variable %.*s\n",
		    STR_ARG(provider->name), STR_ARG(missing));
	assert_true(whole);
	return expanded;
}

static void
all_can_be_read(void **state)
{
	const struct config_problem *problem;
	struct place place;

	(void)state;
	for (problem = providers_problems(providers)->first; problem != NULL;
	    problem = problem->next) {
		place = source_place(problem->span.source,
		    problem->span.start);
		print_message("# %.*s:%zu:%zu: %.*s\n",
		    STR_ARG(problem->span.source->path), place.line,
		    place.column, STR_ARG(problem->what));
	}
	assert_int_equal(providers_problems(providers)->count, 0);
	assert_true(providers_count(providers) > 70);
}

static void
all_say_where_it_stands(void **state)
{
	const struct provider *provider;
	bool none;
	size_t i;

	(void)state;
	for (provider = providers_first(providers); provider != NULL;
	    provider = provider->next) {
		none = str_is(provider->confidence, "none");
		print_message("# %.*s\n", STR_ARG(provider->name));
		assert_int_equal(provider->sources.count == 0, none);
		assert_true(provider->checked >= 20780);
		for (i = 0; i < provider->sources.count; i++)
			assert_true(str_starts(provider->sources.words[i].text,
			    STR("https://")));
		if (provider->next != NULL)
			assert_true(str_compare(provider->name,
			    provider->next->name) < 0);
	}
}

static bool
mentions(struct str text, struct str variable)
{
	return str_contains(text, arena_printf(arena, "{%.*s}",
	    STR_ARG(variable)));
}

static bool
records_mention(const struct provider_record *record, struct str variable)
{
	for (; record != NULL; record = record->next)
		if (mentions(record->owner, variable) ||
		    (record->has_value && mentions(record->value, variable)))
			return true;
	return false;
}

static void
variables_have_a_use(void **state)
{
	const struct provider *provider;
	const struct provider_variable *variable;
	bool used;
	size_t i;

	(void)state;
	for (provider = providers_first(providers); provider != NULL;
	    provider = provider->next)
		for (variable = provider->variables; variable != NULL;
		    variable = variable->next) {
			print_message("# %.*s, %.*s\n",
			    STR_ARG(provider->name), STR_ARG(variable->name));
			assert_true(fits(variable->pattern,
			    variable->example));
			assert_false(fits(variable->pattern, STR("a b")));
			assert_false(fits(variable->pattern, STR("a;b")));
			assert_false(fits(variable->pattern, STR("")));
			used = records_mention(provider->dkim,
			    variable->name) || records_mention(
			    provider->return_path, variable->name);
			for (i = 0; i < provider->spf_terms.count; i++)
				used |= mentions(provider->spf_terms.words[i]
				    .text, variable->name);
			assert_true(used);
		}
}

static void
terms_are_mechanisms(void **state)
{
	const struct provider *provider;
	const struct spf *spf;
	struct str term;
	size_t i;

	(void)state;
	for (provider = providers_first(providers); provider != NULL;
	    provider = provider->next)
		for (i = 0; i < provider->spf_terms.count; i++) {
			term = expand(provider,
			    provider->spf_terms.words[i].text);
			print_message("# %.*s\n", STR_ARG(term));
			spf = spf_parse(arena, arena_printf(arena,
			    "v=spf1 %.*s", STR_ARG(term)));
			assert_int_equal(spf->problems.count, 0);
			assert_int_equal(spf->count, 1);
			assert_true(spf_is_mechanism(spf->terms->kind));
			/* a and mx say nothing about whose they are. */
			if (term.n > 2 && provider->recognise_spf.count > 0)
				assert_true(fits_one(&provider->recognise_spf,
				    term));
		}
}

static void
check_record(const struct provider *provider,
    const struct provider_record *record)
{
	struct str owner = expand(provider, record->owner), value, name;

	print_message("# %.*s: %.*s\n", STR_ARG(provider->name),
	    STR_ARG(owner));
	assert_true(name_parse(arena, owner, &name));
	assert_true(name_is_host(name, true));
	if (!record->has_value)
		return;
	value = expand(provider, record->value);
	if (str_is(record->type, "MX"))
		value = str_after(value, str_find(value, ' ') + 1);
	assert_true(name_parse(arena, value, &name));
	assert_true(name_is_host(name, true));
	/* A target that is all the operator's tells nothing. */
	if (str_is(record->type, "CNAME") && record->value.p[0] != '{' &&
	    provider->recognise_cname.count > 0)
		assert_true(fits_one(&provider->recognise_cname, name));
}

static void
records_have_names(void **state)
{
	const struct provider *provider;
	const struct provider_record *record;
	struct str mx;
	size_t i;

	(void)state;
	for (provider = providers_first(providers); provider != NULL;
	    provider = provider->next) {
		for (record = provider->dkim; record != NULL;
		    record = record->next) {
			check_record(provider, record);
			assert_true(record->has_value ||
			    str_is(record->type, "TXT"));
			if (!record->has_value)
				assert_true(str_ends(record->owner,
				    STR("._domainkey")));
		}
		for (record = provider->return_path; record != NULL;
		    record = record->next) {
			check_record(provider, record);
			assert_true(record->has_value);
			/* A CNAME and the terms cannot share a name. */
			if (str_is(record->type, "CNAME") &&
			    provider->spf_place == PROVIDER_AT_RETURN_PATH)
				assert_int_equal(provider->spf_terms.count, 0);
		}
		for (i = 0; i < provider->mx.count; i++) {
			mx = expand(provider, provider->mx.words[i].text);
			if (provider->recognise_mx.count > 0)
				assert_true(fits_one(&provider->recognise_mx,
				    mx));
		}
		(void)fits_one(&provider->recognise_mx, STR("x"));
	}
}

/* What one publishes, no other one takes for its own. */
static void
nobody_is_taken_for_another(void **state)
{
	const struct provider *provider, *other;
	const struct provider_record *record;
	struct str text;
	size_t i;

	(void)state;
	for (provider = providers_first(providers); provider != NULL;
	    provider = provider->next)
		for (other = providers_first(providers); other != NULL;
		    other = other->next) {
			if (other == provider)
				continue;
			for (i = 0; provider->recognise_spf.count > 0 &&
			    i < provider->spf_terms.count; i++) {
				text = expand(provider,
				    provider->spf_terms.words[i].text);
				assert_false(fits_one(&other->recognise_spf,
				    text));
			}
			for (record = provider->dkim; record != NULL &&
			    provider->recognise_cname.count > 0;
			    record = record->next)
				if (record->has_value)
					assert_false(fits_one(
					    &other->recognise_cname,
					    expand(provider, record->value)));
		}
}

static const struct {
	const char *pattern, *text, *missing;
} expansions[] = {
	{ "a.{domain}", "a.mail.example.com", NULL },
	{ "{domain-dashes}.x", "mail-example-com.x", NULL },
	{ "{one}{two}", "12", NULL },
	{ "exists:%{i}.{one}.x", "exists:%{i}.1.x", NULL },
	{ "%%{one}", "%%{one}", NULL },
	{ "{three}.{one}.{four}", ".1.", "three" },
	{ "{one", "1", NULL },
	{ "", "", NULL },
};

static void
variables_are_filled_in(void **state)
{
	struct variable two = { NULL, STR_INIT("two"), STR_INIT("2"),
		{ NULL, 0, 0 }, { NULL, 0, 0 } };
	struct variable one = { &two, STR_INIT("one"), STR_INIT("1"),
		{ NULL, 0, 0 }, { NULL, 0, 0 } };
	struct str text, missing;
	size_t i;
	bool whole;

	(void)state;
	for (i = 0; i < countof(expansions); i++) {
		whole = provider_expand(arena, str_from(expansions[i].pattern),
		    &one, STR("mail.example.com"), &text, &missing);
		assert_true(str_is(text, expansions[i].text));
		assert_int_equal(whole, expansions[i].missing == NULL);
		assert_true(str_equal(missing,
		    str_from(expansions[i].missing)));
	}
}

#define PLAIN	"kind: saas\nchecked: 2026-01-01\nconfidence: none\n"

static const struct {
	const char *text;
	size_t line, column;
	const char *what;
} broken[] = {
	{ "name: own\n" PLAIN "spf: {term: x}\n", 5, 7,
	  "unknown key \"term\" in spf" },
	{ "name: other\n" PLAIN, 1, 7, "the file is called \"own.yaml\"" },
	{ "name: own\nkind: misc\nchecked: 2026-01-01\nconfidence: none\n",
	  2, 7, "kind cannot be \"misc\"" },
	{ "name: own\n" PLAIN "dkim: {records: [{type: CNAME, owner: x}]}\n",
	  5, 18, "a CNAME record needs a target" },
	{ "name: own\n" PLAIN "dkim: {records: [{type: TXT}]}\n", 5, 18,
	  "dkim needs \"owner\"" },
	{ "name: own\n" PLAIN "variables: {a: {help: b, example: c}}\n", 5,
	  13, "variables.a needs \"pattern\"" },
	{ "name: [\n", 1, 7, "a value is missing here" },
};

static void
broken_ones_are_told(void **state)
{
	char *scratch = scratch_make();
	struct providers *own;
	const struct config_problem *problem;
	struct place place;
	size_t i;

	(void)state;
	for (i = 0; i < countof(broken); i++) {
		free(scratch_write(scratch, "own.yaml", broken[i].text));
		own = providers_read(arena, STR_NONE, str_from(scratch));
		assert_int_equal(providers_problems(own)->count, 1);
		problem = providers_problems(own)->first;
		place = source_place(problem->span.source,
		    problem->span.start);
		assert_string_equal(problem->what.p, broken[i].what);
		assert_int_equal(place.line, broken[i].line);
		assert_int_equal(place.column, broken[i].column);
	}
	scratch_remove(scratch);
}

static void
own_ones_come_first(void **state)
{
	char *scratch = scratch_make();
	struct providers *both;
	const struct provider *provider;

	(void)state;
	free(scratch_write(scratch, "sendgrid.yaml", "name: sendgrid\n" PLAIN
	    "spf: {terms: mx, lookups: 1, place: domain}\n"));
	free(scratch_write(scratch, "house.yaml", "name: house\n" PLAIN));
	free(scratch_write(scratch, "README", "not a provider\n"));
	both = providers_read(arena, STR("templates/providers"),
	    str_from(scratch));
	assert_int_equal(providers_problems(both)->count, 0);
	assert_int_equal(providers_count(both), providers_count(providers) + 1);
	provider = provider_find(both, STR("sendgrid"));
	assert_int_equal(provider->spf_lookups, 1);
	assert_null(provider->variables);
	assert_non_null(provider_find(both, STR("house")));
	assert_int_equal(provider_find(both, STR("house"))->spf_lookups, -1);
	assert_null(provider_find(both, STR("mouse")));
	scratch_remove(scratch);
}

/* ---- read when somebody asks --------------------------------------------- */

static bool
same_provider(const struct provider *x, const struct provider *y)
{
	return x == NULL || y == NULL ? x == y :
	    str_equal(x->name, y->name) && x->checked == y->checked &&
	    x->spf_lookups == y->spf_lookups &&
	    x->recognise_spf.count == y->recognise_spf.count &&
	    x->caveats.count == y->caveats.count;
}

/* As one that has read all says it, by name and by what is included. */
static void
asked_for_one_by_one(void **state)
{
	struct providers *some = providers_open(arena,
	    STR("templates/providers"), STR_NONE);
	const struct provider *provider, *found;
	size_t i, included = 0;
	struct str term;

	(void)state;
	for (provider = providers_first(providers); provider != NULL;
	    provider = provider->next)
		for (i = 0; i < provider->spf_terms.count; i++) {
			term = provider->spf_terms.words[i].text;
			if (!str_starts(term, STR("include:")))
				continue;
			found = provider_including(some, str_after(term, 8));
			assert_true(same_provider(found, provider_including(
			    providers, str_after(term, 8))));
			included += found != NULL;
		}
	assert_true(included > 10);
	for (provider = providers_first(providers); provider != NULL;
	    provider = provider->next)
		assert_true(same_provider(provider, provider_find(some,
		    provider->name)));
	assert_null(provider_find(some, STR("mouse")));
	assert_int_equal(providers_count(some), providers_count(providers));
	assert_true(same_provider(providers_first(some),
	    providers_first(providers)));
	assert_int_equal(providers_problems(some)->count, 0);
}

static const struct {
	const char *files[2];		/* less what all have to say */
	const char *domain;
	const char *name;		/* NULL: nobody includes it */
} mentioned[] = {
	{ { "spf: {terms: 'include:a.example', lookups: 2}" }, "a.example",
	  "p0" },
	{ { "spf: {terms: 'include:a.example', lookups: 2}" }, "a.exampl",
	  NULL },
	{ { "spf: {terms: 'include:a.example', lookups: 2}" }, "b.example",
	  NULL },
	{ { "spf: {terms: 'include:a.example'}" }, "a.example", NULL },
	{ { "spf: {terms: 'include:a.example', lookups: 0}" }, "a.example",
	  NULL },
	{ { "spf: {terms: ['include:a.example', mx], lookups: 2}" },
	  "a.example", NULL },
	{ { "# include:a.example\nspf: {terms: mx, lookups: 2}" },
	  "a.example", NULL },
	{ { "spf:\n  lookups: 2\n  terms:\n  - InClude:A.Example" },
	  "a.example", "p0" },
	{ { "spf: {terms: 'include:a_b-c.example#d', lookups: 2}" },
	  "a_b-c.example#d", "p0" },
	{ { "spf: {terms: 'include:a_b-c.example#d', lookups: 2}" },
	  "a_b-c.example", NULL },
	/* What is written otherwise than it is shown. */
	{ { "spf: {terms: \"include\\x3aa.example\", lookups: 2}" },
	  "a.example", "p0" },
	{ { "spf:\n  lookups: 2\n  terms: \"include:a.\\\n    example\"" },
	  "a.example", "p0" },
	{ { "caveats: &x 'include:a.example'\n"
	    "spf: {terms: *x, lookups: 2}" }, "a.example", "p0" },
	/* Of two the first. */
	{ { "spf: {terms: 'include:a.example', lookups: 2}",
	    "spf: {terms: 'include:a.example', lookups: 2}" }, "a.example",
	  "p0" },
	{ { "spf: {terms: 'include:b.example', lookups: 2}",
	    "spf: {terms: \"include:\\x61.example\", lookups: 2}" },
	  "a.example", "p1" },
	{ { "spf: {terms: 'include:a.example', lookups: 2}",
	    "spf: {terms: \"include:\\x61.example\", lookups: 2}" },
	  "a.example", "p0" },
	{ { "spf: {terms: 'include:a.example'}",
	    "spf: {terms: 'include:a.example', lookups: 2}" }, "a.example",
	  "p1" },
};

static void
found_by_what_they_include(void **state)
{
	char *scratch = scratch_make(), name[16];
	const struct provider *found;
	struct str domain;
	size_t i, j;

	(void)state;
	for (i = 0; i < countof(mentioned); i++) {
		for (j = 0; j < 2; j++) {
			snprintf(name, sizeof(name), "p%zu.yaml", j);
			free(scratch_write(scratch, name, arena_printf(arena,
			    "name: p%zu\n" PLAIN "%s\n", j,
			    mentioned[i].files[j] == NULL ? "" :
			    mentioned[i].files[j]).p));
		}
		domain = str_from(mentioned[i].domain);
		found = provider_including(providers_open(arena, STR_NONE,
		    str_from(scratch)), domain);
		print_message("# %zu\n", i);
		assert_true(same_provider(found, provider_including(
		    providers_read(arena, STR_NONE, str_from(scratch)),
		    domain)));
		assert_true(str_equal(found == NULL ? STR_NONE : found->name,
		    str_from(mentioned[i].name)));
	}
	scratch_remove(scratch);
}

/* One that is called otherwise than its file is found all the same. */
static void
found_under_another_name(void **state)
{
	char *scratch = scratch_make();
	struct providers *own;

	(void)state;
	free(scratch_write(scratch, "a.yaml", "name: b\n" PLAIN));
	free(scratch_write(scratch, "c.yaml", "name: [\n"));
	own = providers_open(arena, STR_NONE, str_from(scratch));
	assert_null(provider_find(own, STR("a")));
	assert_non_null(provider_find(own, STR("b")));
	assert_int_equal(providers_problems(own)->count, 2);
	scratch_remove(scratch);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_can_be_read),
		cmocka_unit_test(all_say_where_it_stands),
		cmocka_unit_test(variables_have_a_use),
		cmocka_unit_test(terms_are_mechanisms),
		cmocka_unit_test(records_have_names),
		cmocka_unit_test(nobody_is_taken_for_another),
		cmocka_unit_test(variables_are_filled_in),
		cmocka_unit_test(broken_ones_are_told),
		cmocka_unit_test(own_ones_come_first),
		cmocka_unit_test(asked_for_one_by_one),
		cmocka_unit_test(found_by_what_they_include),
		cmocka_unit_test(found_under_another_name),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
