/*
 * Who speaks for whom: aligned identifiers, and who takes reports.
 */
#include "base/arena.h"
#include "policy/policy.h"

bool
names_align(const struct world *world, struct arena *arena,
    struct str author, struct str identifier, bool strict, enum model model,
    bool *known)
{
	bool known_author = true, known_identifier = true, same;

	same = str_equal(author, identifier);
	if (!same && !strict)
		same = str_equal(organizational_domain(world, arena, author,
		    model, &known_author), organizational_domain(world,
		    arena, identifier, model, &known_identifier));
	if (known != NULL)
		*known = known_author && known_identifier;
	return same && known_author && known_identifier;
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
		if (names_align(world, arena, policy_domain, host, false,
		    (enum model)model, NULL))
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
