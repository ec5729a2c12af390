/*
 * TLS-RPT: where reports on transport security go, RFC 8460 section 3.
 */
#include "auth/auth.h"
#include "base/arena.h"

struct tlsrpt *
tlsrpt_parse(struct arena *arena, struct str text)
{
	struct tlsrpt *tlsrpt = ARENA_NEW(arena, struct tlsrpt);

	tlsrpt->text = text;
	tlsrpt->tags = tags_parse(arena, text);
	fields_check(arena, text, &tlsrpt->tags, "TLSRPTv1",
	    &tlsrpt->problems, TLSRPT_BAD_FIELD, TLSRPT_REPEATED_FIELD);
	tlsrpt->rua = tags_find(&tlsrpt->tags, "rua");
	if (tlsrpt->rua != NULL)
		tlsrpt->uris = report_uris_parse(arena, tlsrpt->rua->value,
		    tlsrpt->rua->value_start);
	if (tlsrpt->uris == NULL && tlsrpt->problems.count == 0)
		problems_add(&tlsrpt->problems, arena, TLSRPT_NO_RUA,
		    tlsrpt->rua == NULL ? 0 : tlsrpt->rua->start,
		    tlsrpt->rua == NULL ? text.n : tlsrpt->rua->end,
		    "\"rua\" is missing or empty, so nobody gets a report");
	return tlsrpt;
}

struct str
tlsrpt_print(struct arena *arena, const struct tlsrpt *tlsrpt)
{
	return auth_version(tlsrpt->text) != AUTH_TLSRPT ? tlsrpt->text :
	    tags_print(arena, tlsrpt->text, &tlsrpt->tags);
}
