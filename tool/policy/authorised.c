/* Who takes reports of whose mail. */
#include "policy/policy.h"

/* Does a kind of receivers take both for one organization, for certain? */
static bool
is_one_organization(const struct world *world, struct arena *arena,
    struct str one, struct str other, enum model model)
{
	bool one_known = true, other_known = true;

	if (str_equal(one, other))
		return true;
	return str_equal(organizational_domain(world, arena, one, model,
	    &one_known), organizational_domain(world, arena, other, model,
	    &other_known)) && one_known && other_known;
}

/* "example.com._report._dmarc.HOST", RFC 9990 section 4. */
static struct str
report_name(struct arena *arena, struct str policy_domain, struct str host)
{
	return name_join(arena, policy_domain, name_join(arena,
	    STR("_report._dmarc"), host));
}

enum authorised
report_authorised(const struct world *world, struct arena *arena,
    struct str policy_domain, struct str host, struct str *record_name)
{
	struct answer answer;
	int model;
	size_t i;

	*record_name = report_name(arena, policy_domain, host);
	for (model = 0; model < MODELS; model++)
		if (is_one_organization(world, arena, policy_domain, host,
		    (enum model)model))
			return AUTHORISED_SAME;
	if (name_wire_length(*record_name) > NAME_MAX_WIRE)
		return AUTHORISED_TOO_LONG;
	answer = zones_ask(world->zones, arena, *record_name, RR_TXT);
	for (i = 0; i < answer.count; i++)
		if (auth_version(answer.records[i]->text) == AUTH_DMARC)
			return AUTHORISED_YES;
	return answer.kind == ANSWER_UNKNOWN ? AUTHORISED_UNKNOWN :
	    AUTHORISED_NO;
}
