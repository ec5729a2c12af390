#include "support.h"

#include <stdio.h>
#include <string.h>

#include "base/data.h"

static void
version_is_three_numbers(void **state)
{
	int major, minor, patch, end = 0;

	(void)state;
	assert_int_equal(sscanf(data_version(), "%d.%d.%d%n", &major, &minor,
	    &patch, &end), 3);
	assert_int_equal(data_version()[end], '\0');
}

/* This very test runs from a build folder. */
static void
templates_lie_in_the_build(void **state)
{
	const char *name = data_folder();
	const char *last = strrchr(name, '/');

	(void)state;
	assert_int_equal(name[0], '/');
	assert_non_null(last);
	assert_string_equal(last, "/templates");
}

static const struct {
	const char *configured;	/* the folder that holds config.status */
	const char *executable;
	const char *templates;	/* NULL: it belongs to no build */
} beside[] = {
	{ ".",		"mailzone",		"templates" },
	{ ".",		"tests/data_test",	"templates" },
	{ "tests",	"tests/data_test",	"tests/templates" },
	{ ".",		"tests/fuzz/zone_fuzz",	NULL },
	{ "tests",	"mailzone",		NULL },
	{ NULL,		"mailzone",		NULL },
	{ NULL,		"tests/data_test",	NULL },
};

static void
build_folder_is_recognised(void **state)
{
	char status[64], executable[256], expected[256], name[256];
	char *scratch;
	size_t i;

	(void)state;
	for (i = 0; i < countof(beside); i++) {
		scratch = scratch_make();
		scratch_folder(scratch, "tests");
		if (beside[i].configured != NULL) {
			snprintf(status, sizeof(status), "%s/config.status",
			    beside[i].configured);
			free(scratch_write(scratch, status, ""));
		}
		snprintf(executable, sizeof(executable), "%s/%s", scratch,
		    beside[i].executable);
		if (beside[i].templates == NULL) {
			assert_false(data_folder_beside(name, sizeof(name),
			    executable));
		} else {
			snprintf(expected, sizeof(expected), "%s/%s", scratch,
			    beside[i].templates);
			assert_true(data_folder_beside(name, sizeof(name),
			    executable));
			assert_string_equal(name, expected);
			assert_false(data_folder_beside(name,
			    strlen(expected), executable));
		}
		scratch_remove(scratch);
	}
}

static void
odd_names_belong_to_no_build(void **state)
{
	char name[64];

	(void)state;
	assert_false(data_folder_beside(name, sizeof(name), ""));
	assert_false(data_folder_beside(name, sizeof(name), "mailzone"));
	assert_false(data_folder_beside(name, sizeof(name), "/"));
}

static void
moved_installation_is_found(void **state)
{
	char executable[256], expected[256], name[256];
	char *scratch = scratch_make();

	(void)state;
	snprintf(executable, sizeof(executable), "%s/bin/mailzone", scratch);
	snprintf(expected, sizeof(expected), "%s/share/mailzone", scratch);
	assert_false(data_folder_moved(name, sizeof(name), executable));
	scratch_folder(scratch, "share");
	scratch_folder(scratch, "share/mailzone");
	assert_true(data_folder_moved(name, sizeof(name), executable));
	assert_string_equal(name, expected);
	assert_false(data_folder_moved(name, strlen(expected), executable));
	assert_false(data_folder_moved(name, sizeof(name), "mailzone"));
	assert_false(data_folder_moved(name, sizeof(name), ""));
	scratch_remove(scratch);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(version_is_three_numbers),
		cmocka_unit_test(templates_lie_in_the_build),
		cmocka_unit_test(build_folder_is_recognised),
		cmocka_unit_test(odd_names_belong_to_no_build),
		cmocka_unit_test(moved_installation_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
