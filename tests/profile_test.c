/* Profiles name rules, levels and sources; roles of names. */
#include "support.h"

#include <string.h>

#include "world.h"

static const char *const levels[] = { "off", "note", "warning", "error" };

static void
test_profiles(void **state)
{
	const struct profile *profile, *other;
	const struct profile_level *level;
	size_t i;

	(void)state;
	for (profile = profiles; profile->name != NULL; profile++) {
		print_message("%s\n", profile->name);
		assert_non_null(profile->title);
		assert_non_null(profile->source);
		assert_non_null(profile->date);
		assert_ptr_equal(profile_find(str_from(profile->name)),
		    profile);
		for (other = profiles; other < profile; other++)
			assert_string_not_equal(other->name, profile->name);
		for (level = profile->levels; level != NULL &&
		    level->rule != NULL; level++) {
			for (i = 0; i < countof(levels); i++)
				if (strcmp(levels[i], level->level) == 0)
					break;
			assert_int_not_equal(i, countof(levels));
			assert_true(strlen(level->citation) > 3);
		}
	}
	assert_non_null(profile_find(STR("default")));
	assert_null(profile_find(STR("no-such")));
}

/* What a profile makes of a rule, NULL when it says nothing. */
static const char *
level_of(const struct profile *profile, const char *rule)
{
	const struct profile_level *level = profile->levels;

	for (; level != NULL && level->rule != NULL; level++)
		if (strcmp(level->rule, rule) == 0)
			return strcmp(level->level, "off") == 0 ? NULL :
			    level->level;
	return NULL;
}

static void
assert_demands(const struct profile *profile, bool demands, const char *rule)
{
	if (demands && level_of(profile, rule) == NULL)
		fail_msg("%s demands something, but %s is off",
		    profile->name, rule);
}

/* A test that makes less of p=reject is an error where that is demanded. */
static void
assert_no_tests(const struct profile *profile)
{
	static const char *const rules[] = { "dmarc-test-mode",
		"dmarc-t-alone", "dmarc-pct-zero-alone",
		"dmarc-pct-fraction", "dmarc-t-pct-conflict" };
	const char *level;
	size_t i;

	for (i = 0; i < countof(rules); i++) {
		level = level_of(profile, rules[i]);
		if (level == NULL || strcmp(level, "error") != 0)
			fail_msg("%s demands p=reject, but %s is no error",
			    profile->name, rules[i]);
	}
}

/* What a profile demands, its rules look after. */
static void
test_demands(void **state)
{
	const struct profile *profile;

	(void)state;
	for (profile = profiles; profile->name != NULL; profile++) {
		if (profile->levels == NULL)
			continue;
		assert_demands(profile, profile->require_dkim &&
		    strcmp(profile->name, "rfc9989") != 0, "dkim-missing");
		assert_demands(profile, profile->require_ed25519,
		    "dkim-no-ed25519");
		assert_demands(profile, profile->strict_alignment,
		    "dmarc-alignment-relaxed");
		assert_demands(profile, profile->require_mta_sts,
		    "mtasts-missing");
		assert_demands(profile, profile->require_tlsrpt,
		    "tlsrpt-missing");
		assert_demands(profile, profile->require_rua,
		    "dmarc-rua-missing");
		assert_demands(profile, profile->require_rua_address != NULL,
		    "dmarc-rua-profile-address");
		assert_demands(profile, profile->min_policy == POLICY_REJECT,
		    "dmarc-policy-quarantine");
		if (profile->min_policy == POLICY_REJECT)
			assert_no_tests(profile);
		assert_demands(profile,
		    profile->min_policy == POLICY_QUARANTINE,
		    "dmarc-policy-none");
		assert_demands(profile,
		    profile->min_subdomain == POLICY_REJECT ||
		    profile->min_subdomain == POLICY_QUARANTINE,
		    "dmarc-sp-weaker");
		assert_demands(profile, profile->min_rsa_bits > 1024,
		    "dkim-rsa-1024");
		assert_demands(profile, profile->max_key_age > 0,
		    "dkim-key-age");
		assert_demands(profile, profile->every_subdomain,
		    "spf-missing");
		assert_demands(profile, profile->require_null_records &&
		    level_of(profile, "mx-nomail-without-null") == NULL,
		    "dkim-null-missing");
		assert_demands(profile, profile->all != NULL &&
		    strcmp(profile->all, "-") == 0, "spf-all-softfail");
		assert_demands(profile, profile->all != NULL,
		    "spf-all-neutral");
		assert_demands(profile, profile->all != NULL,
		    "spf-all-missing");
	}
}

#define KEY	"TXT 'v=DKIM1; p=MCowBQ=='\n"

static const struct {
	const char *zone, *name;
	enum mail_role role;
} roles[] = {
	{ "@ MX 0 .", "example.com", MAIL_NONE },
	{ "@ MX 0 .\n@ TXT 'v=spf1 mx -all'", "example.com", MAIL_NONE },
	{ "@ MX 0 .\n@ MX 10 mail", "example.com", MAIL_UNKNOWN },
	{ "@ TXT 'v=spf1 -all'", "example.com", MAIL_NONE },
	{ "@ TXT 'V=SPF1  -ALL '", "example.com", MAIL_NONE },
	{ "@ TXT 'v=spf1 ~all'", "example.com", MAIL_SENDING },
	{ "@ TXT 'v=spf1 mx -all'", "example.com", MAIL_SENDING },
	{ "@ TXT 'v=spf1 -all'\n@ MX 10 mail", "example.com", MAIL_UNKNOWN },
	{ "@ TXT 'v=spf1 -all'\ns._domainkey " KEY, "example.com",
	  MAIL_UNKNOWN },
	{ "@ TXT 'v=spf1 -all'\na.s._domainkey " KEY, "example.com",
	  MAIL_UNKNOWN },
	{ "@ TXT 'v=spf1 -all'\ns._domainkey CNAME k.example.net.",
	  "example.com", MAIL_UNKNOWN },
	{ "@ TXT 'v=spf1 -all'\n*._domainkey TXT 'v=DKIM1; p='",
	  "example.com", MAIL_NONE },
	{ "@ TXT 'v=spf1 -all'\n_domainkey NS a.b.", "example.com",
	  MAIL_UNKNOWN },
	{ "@ TXT 'v=spf1 -all'\ns._domainkey.x " KEY, "example.com",
	  MAIL_NONE },
	{ "@ TXT 'v=spf1 -all'\n@ TXT 'v=spf1 mx -all'", "example.com",
	  MAIL_UNKNOWN },
	{ "@ A 192.0.2.1", "example.com", MAIL_UNKNOWN },
	{ "* TXT 'v=spf1 -all'", "x.example.com", MAIL_NONE },
	{ "$INCLUDE missing\n@ TXT 'v=spf1 -all'", "example.com",
	  MAIL_UNKNOWN },
	{ "@ A 192.0.2.1", "example.net", MAIL_UNKNOWN },
};

static void
test_roles(void **state)
{
	struct arena *arena = arena_new();
	size_t i;

	(void)state;
	for (i = 0; i < countof(roles); i++) {
		print_message("%s\n", roles[i].zone);
		assert_int_equal(mail_role(world_from(arena, NULL,
		    roles[i].zone), arena, str_from(roles[i].name)),
		    roles[i].role);
		arena_reset(arena);
	}
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_profiles),
		cmocka_unit_test(test_demands),
		cmocka_unit_test(test_roles),
	};

	return cmocka_run_group_tests_name("profile", tests, NULL, NULL);
}
