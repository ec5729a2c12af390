/* DKIM: what stands around the key. RFC 6376 sections 3.2 and 3.6.1. */
#include "rules/check.h"

/* RFC 5617's, long gone; dkim-legacy-domainkeys speaks of it. */
static bool
is_legacy(const struct record *record)
{
	return str_is(name_label(record->owner), "_adsp");
}

static struct str
problem_text(const struct record *record, const struct problem *problem)
{
	return str_slice(record->text, problem->start, problem->end);
}

static void
check_syntax(struct lint *lint, const struct record *record)
{
	const struct dkim *dkim = record->dkim;
	const struct problem *problem;
	struct diag *diag;

	if (dkim->problems.first == NULL || is_legacy(record))
		return;
	problem = problems_find(&dkim->problems, DKIM_BAD_TAG);
	if (problem == NULL || text_is_explained(lint, record, problem->start,
	    problem->end))
		return;
	diag = complain_problem(lint, record, problem);
	/* Most verifiers forgive an empty tag. */
	if (str_is(problem_text(record, problem), ";"))
		diag_level(diag, LEVEL_WARNING);
	diag_help(lint, diag, "write tag=value pairs with \";\" between them, "
	    "as in \"v=DKIM1; k=rsa; p=...\"");
}

static const struct rule syntax = {
	.id = "dkim-syntax",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_DKIM,
	.summary = "DKIM key record is not a list of tags",
	.rationale = "Verifiers ignore a key record that is not a list of "
	    "tag=value pairs separated by semicolons. Every signature with "
	    "this selector then fails, and mail that relies on it fails "
	    "DMARC.",
	.citation = "RFC 6376 sections 3.2 and 6.1.2",
	.bad = QUIET TXT("s._domainkey", "v=DKIM1; k=rsa; t; p=" KEY_2048),
	.good = QUIET QUIET_DKIM,
	.record = check_syntax,
};

static void
check_duplicate_tag(struct lint *lint, const struct record *record)
{
	const struct problem *problem;
	const struct tag *tag;
	struct diag *diag;

	problem = problems_find(&record->dkim->problems, DKIM_REPEATED_TAG);
	if (problem == NULL)
		return;
	for (tag = record->dkim->tags.first; tag != NULL; tag = tag->next) {
		if (!tag->repeated)
			continue;
		diag = complain_text(lint, record, tag->start, tag->end,
		    "verifiers ignore this record, because the tag "
		    STR_QUOTE " stands in it more than once",
		    STR_QUOTE_ARG(tag->name));
		diag_help(lint, diag, "leave only one of them; two keys need "
		    "two selectors");
	}
}

static const struct rule duplicate_tag = {
	.id = "dkim-duplicate-tag",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_DKIM,
	.marks = MARK_PROBLEM,
	.summary = "DKIM key record has a tag twice",
	.rationale = "A tag that is repeated makes the whole list invalid, so "
	    "no signature with this selector verifies.",
	.citation = "RFC 6376 section 3.2",
	.bad = QUIET
	    TXT("s._domainkey", "v=DKIM1; k=rsa; k=rsa; p=" KEY_2048),
	.good = QUIET QUIET_DKIM,
	.record = check_duplicate_tag,
};

static void
check_version(struct lint *lint, const struct record *record)
{
	const struct dkim *dkim = record->dkim;
	const struct problem *problem;
	struct diag *diag;

	problem = problems_find(&dkim->problems, DKIM_BAD_VERSION);
	if (problem == NULL || is_legacy(record))
		return;
	if (text_has_foreign(record, problem->start, problem->end))
		return;
	if (dkim->v == NULL || !str_is(dkim->v->value, "DKIM1")) {
		diag = complain_text(lint, record, problem->start,
		    problem->end, "verifiers discard this record, because "
		    STR_QUOTE " is not \"DKIM1\"",
		    STR_QUOTE_ARG(problem_text(record, problem)));
		diag_help(lint, diag, "begin the record with \"v=DKIM1;\"");
		return;
	}
	diag = complain_text(lint, record, dkim->v->start, dkim->v->end,
	    "verifiers discard this record, because its version does not "
	    "come first");
	diag_help(lint, diag, "begin the record with \"v=DKIM1;\"");
	diag_fix_move_tag(lint, diag, FIX_UNSAFE, record, dkim->v, 0,
	    STR("v=DKIM1; "));
}

static const struct rule version = {
	.id = "dkim-version",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_DKIM,
	.fix = FIX_UNSAFE,
	.marks = MARK_PROBLEM,
	.summary = "DKIM version is not \"v=DKIM1\", or does not come first",
	.rationale = "The version may be left out; but when it stands in the "
	    "record it must be the first tag, and must be DKIM1 letter by "
	    "letter. Verifiers discard any other record, so no signature "
	    "with this selector verifies.",
	.citation = "RFC 6376 section 3.6.1",
	.bad = QUIET TXT("s._domainkey", "v=DKIM1.0; k=rsa; p=" KEY_2048)
	    TXT("e._domainkey", "k=ed25519; v=DKIM1; p=" KEY_ED25519),
	.good = QUIET QUIET_DKIM,
	.record = check_version,
};

static void
check_version_missing(struct lint *lint, const struct record *record)
{
	const struct dkim *dkim = record->dkim;
	struct diag *diag;

	if (dkim->v != NULL || dkim->p == NULL ||
	    dkim->problems.first != NULL)
		return;
	diag = complain_text(lint, record, dkim->tags.first->start,
	    dkim->tags.first->end, "this key does not say that it is one, "
	    "though verifiers take it for DKIM1");
	diag_help(lint, diag, "begin the record with \"v=DKIM1;\"");
	/* To verifiers that do not mind the case, "V" is one already. */
	if (tags_find_case(&dkim->tags, "v") == NULL)
		diag_fix_text(lint, diag, FIX_SAFE, record, 0, 0,
		    STR("v=DKIM1; "));
}

static const struct rule version_missing = {
	.id = "dkim-version-missing",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_DKIM,
	.fix = FIX_SAFE,
	.summary = "DKIM key record without a version",
	.rationale = "The version is recommended. Verifiers accept a key "
	    "without it; other programs, and people, do not recognise the "
	    "record as a key.",
	.citation = "RFC 6376 section 3.6.1",
	.bad = QUIET TXT("s._domainkey", "k=rsa; p=" KEY_2048),
	.good = QUIET QUIET_DKIM,
	.record = check_version_missing,
};

static bool
has_second(struct lint *lint, const struct record *record)
{
	const struct node *node = zone_find(lint->zone, record->owner);

	return node != NULL &&
	    record_second(lint, node, AUTH_DKIM, NULL) != NULL;
}

/* "s=email p=...": the key went into a tag that another rule objects to. */
static bool
is_swallowed(const struct dkim *dkim)
{
	return (dkim->h != NULL && !dkim->sha256 &&
	    str_contains(dkim->h->value, STR("p="))) ||
	    (dkim->s != NULL && !dkim->email &&
	    str_contains(dkim->s->value, STR("p=")));
}

static void
check_p_missing(struct lint *lint, const struct record *record)
{
	const struct dkim *dkim = record->dkim;
	struct diag *diag;

	/* What could not be read, or stands in a second record, may be p. */
	if (dkim->problems.first == NULL || record_lost_comment(record) ||
	    problems_find(&dkim->problems, DKIM_NO_KEY) == NULL ||
	    problems_find(&dkim->problems, DKIM_BAD_TAG) != NULL ||
	    problems_find(&dkim->problems, DKIM_BAD_VERSION) != NULL ||
	    problems_find(&dkim->problems, DKIM_PEM) != NULL ||
	    is_legacy(record) || has_second(lint, record) ||
	    is_swallowed(dkim))
		return;
	diag = complain_text(lint, record, 0, record->text.n,
	    "signatures with this selector fail, because the record holds "
	    "no key");
	diag_help(lint, diag, "add \"p=\" with the public key");
}

static const struct rule p_missing = {
	.id = "dkim-p-missing",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_DKIM,
	.marks = MARK_PROBLEM,
	.summary = "DKIM key record without a key",
	.rationale = "The tag p is required. Without it every signature with "
	    "this selector fails permanently. Often the text was not put in "
	    "quotes, and the name server took the rest for a comment.",
	.citation = "RFC 6376 section 3.6.1",
	.bad = QUIET TXT("s._domainkey", "v=DKIM1; k=rsa"),
	.good = QUIET QUIET_DKIM,
	.record = check_p_missing,
};

/* ---- the other tags ------------------------------------------------------ */

static void
check_hash_sha1_only(struct lint *lint, const struct record *record)
{
	const struct tag *h = record->dkim->h;
	struct diag *diag;

	if (h == NULL || record->dkim->sha256 ||
	    text_has_foreign(record, h->value_start, h->value_end))
		return;
	diag = complain_text(lint, record, h->value_start, h->value_end,
	    "signatures with this selector fail, because the key forbids "
	    "SHA-256 and verifiers no longer accept anything else");
	diag_help(lint, diag, "write \"h=sha256\", or leave the tag out");
	diag_fix_text(lint, diag, FIX_UNSAFE, record, h->value_start,
	    h->value_end, STR("sha256"));
}

static const struct rule hash_sha1_only = {
	.id = "dkim-hash-sha1-only",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_DKIM,
	.fix = FIX_UNSAFE,
	.marks = MARK_FLAGS,
	.summary = "DKIM key does not allow SHA-256",
	.rationale = "Signers must use rsa-sha256 and verifiers must not "
	    "accept rsa-sha1. A key whose h tag leaves out sha256 verifies "
	    "nothing.",
	.citation = "RFC 8301 section 3.1",
	.bad = QUIET
	    TXT("s._domainkey", "v=DKIM1; k=rsa; h=sha1; p=" KEY_2048),
	.good = QUIET
	    TXT("s._domainkey", "v=DKIM1; k=rsa; h=sha256; p=" KEY_2048),
	.record = check_hash_sha1_only,
};

static void
check_hash_sha1_listed(struct lint *lint, const struct record *record)
{
	const struct tag *h = record->dkim->h;
	struct diag *diag;

	if (h == NULL || !record->dkim->sha1 || !record->dkim->sha256)
		return;
	diag = complain_text(lint, record, h->value_start, h->value_end,
	    "verifiers that are out of date accept SHA-1 signatures with "
	    "this key");
	diag_help(lint, diag, "write \"h=sha256\", or leave the tag out");
	diag_fix_text(lint, diag, FIX_UNSAFE, record, h->value_start,
	    h->value_end, STR("sha256"));
}

static const struct rule hash_sha1_listed = {
	.id = "dkim-hash-sha1-listed",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_DKIM,
	.fix = FIX_UNSAFE,
	.marks = MARK_FLAGS,
	.summary = "DKIM key allows SHA-1",
	.rationale = "SHA-1 must not be used to sign or to verify. Current "
	    "verifiers refuse it whatever the key says; old ones still take "
	    "forged signatures that collisions make possible.",
	.citation = "RFC 8301 section 3.1",
	.bad = QUIET
	    TXT("s._domainkey", "v=DKIM1; h=sha1:sha256; p=" KEY_2048),
	.good = QUIET
	    TXT("s._domainkey", "v=DKIM1; k=rsa; h=sha256; p=" KEY_2048),
	.record = check_hash_sha1_listed,
};

static void
check_service(struct lint *lint, const struct record *record)
{
	const struct tag *s = record->dkim->s;
	struct diag *diag;

	if (s == NULL || record->dkim->email ||
	    text_has_foreign(record, s->value_start, s->value_end))
		return;
	diag = complain_text(lint, record, s->value_start, s->value_end,
	    "signatures of mail with this selector fail, because the key is "
	    "for " STR_QUOTE " only", STR_QUOTE_ARG(s->value));
	diag_help(lint, diag, "leave the tag out, or write \"s=email\"");
	/* RFC 8460 section 3: a key for reports about TLS alone is fine. */
	if (str_is(s->value, "tlsrpt"))
		diag_level(diag, LEVEL_NOTE);
}

static const struct rule service = {
	.id = "dkim-service",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_DKIM,
	.marks = MARK_FLAGS,
	.summary = "DKIM key is not for mail",
	.rationale = "Verifiers of mail ignore a key whose s tag names "
	    "neither * nor email.",
	.citation = "RFC 6376 section 3.6.1",
	.bad = QUIET
	    TXT("s._domainkey", "v=DKIM1; k=rsa; s=web; p=" KEY_2048),
	.good = QUIET
	    TXT("s._domainkey", "v=DKIM1; k=rsa; s=email; p=" KEY_2048),
	.record = check_service,
};

static void
check_testing(struct lint *lint, const struct record *record)
{
	const struct tag *t = record->dkim->t;
	struct diag *diag;

	if (t == NULL || !record->dkim->testing || record->dkim->revoked)
		return;
	diag = complain_text(lint, record, t->value_start, t->value_end,
	    "some receivers treat mail signed with this key as unsigned, "
	    "because the key says that it is only being tested");
	diag_help(lint, diag, "take \"y\" out of the tag \"t\" when signing "
	    "works");
	if (str_is_case(t->value, "y"))
		diag_fix_remove_tag(lint, diag, FIX_UNSAFE, record, t);
	else if (str_is_case(t->value, "y:s") || str_is_case(t->value, "s:y"))
		diag_fix_text(lint, diag, FIX_UNSAFE, record, t->value_start,
		    t->value_end, STR("s"));
}

static const struct rule testing = {
	.id = "dkim-testing",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_DKIM,
	.fix = FIX_UNSAFE,
	.marks = MARK_FLAGS,
	.summary = "DKIM key is in test mode",
	.rationale = "With t=y verifiers must not treat signed mail "
	    "differently from unsigned mail, so receivers may disregard the "
	    "signature. The flag is for the first days of a signer; it tends "
	    "to be forgotten.",
	.citation = "RFC 6376 section 3.6.1",
	.bad = QUIET TXT("s._domainkey", "v=DKIM1; k=rsa; t=y; p=" KEY_2048),
	.good = QUIET TXT("s._domainkey", "v=DKIM1; k=rsa; t=s; p=" KEY_2048),
	.record = check_testing,
};

static void
check_g_tag(struct lint *lint, const struct record *record)
{
	const struct tag *g = record->dkim->g;
	struct diag *diag;

	if (g == NULL)
		return;
	diag = complain_text(lint, record, g->start, g->end,
	    "verifiers ignore " STR_QUOTE ", so the key is good for every "
	    "address", STR_QUOTE_ARG(str_slice(record->text, g->start,
	    g->end)));
	diag_help(lint, diag, "take the tag out");
	/* To verifiers of RFC 4871 another value restricts the key. */
	diag_fix_remove_tag(lint, diag, str_is(g->value, "*") ? FIX_SAFE :
	    FIX_UNSAFE, record, g);
}

static const struct rule g_tag = {
	.id = "dkim-g-tag",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_DKIM,
	.fix = FIX_SAFE,
	.marks = MARK_FLAGS,
	.summary = "DKIM key has the tag g, which was removed",
	.rationale = "The granularity of RFC 4871 was removed in 2011; "
	    "verifiers ignore the tag. It no longer keeps anybody from "
	    "signing as another address of the domain.",
	.citation = "RFC 6376 appendix C.1",
	.bad = QUIET TXT("s._domainkey", "v=DKIM1; k=rsa; g=*; p=" KEY_2048),
	.good = QUIET QUIET_DKIM,
	.record = check_g_tag,
};

/* k is a hyphenated-word; anything else comes from a slip of the hand. */
static bool
is_word(struct str text)
{
	size_t i;

	if (text.n == 0 || !byte_is_letter((unsigned char)text.p[0]))
		return false;
	for (i = 1; i < text.n; i++)
		if (!byte_is_letter((unsigned char)text.p[i]) &&
		    !byte_is_digit((unsigned char)text.p[i]) &&
		    text.p[i] != '-')
			return false;
	return true;
}

static void
check_unknown_k(struct lint *lint, const struct record *record)
{
	const struct tag *k = record->dkim->k;
	const char *near;
	struct diag *diag;

	if (k == NULL || record->dkim->algorithm != DKIM_OTHER ||
	    !is_word(k->value))
		return;
	diag = complain_text(lint, record, k->value_start, k->value_end,
	    "verifiers that do not know the key type " STR_QUOTE
	    " ignore this key", STR_QUOTE_ARG(k->value));
	/* The values of tags keep their case: RFC 6376 section 3.2. */
	near = str_is_case(k->value, "rsa") ? "rsa" :
	    str_is_case(k->value, "ed25519") ? "ed25519" : NULL;
	if (near == NULL) {
		diag_help(lint, diag, "publish an RSA key under another "
		    "selector beside it");
		return;
	}
	diag_help(lint, diag, "write it in lower case: \"k=%s\"", near);
	diag_fix_text(lint, diag, FIX_UNSAFE, record, k->value_start,
	    k->value_end, str_from(near));
}

static const struct rule unknown_k = {
	.id = "dkim-unknown-k",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_DKIM,
	.fix = FIX_UNSAFE,
	.summary = "DKIM key of a type that no standard defines",
	.rationale = "RFC 6376 and RFC 8463 define rsa and ed25519. Verifiers "
	    "ignore keys of other types; such a key may belong to an "
	    "experiment, or be misspelt.",
	.citation = "RFC 6376 section 3.6.1",
	.bad = QUIET QUIET_DKIM
	    TXT("x._domainkey", "v=DKIM1; k=Ed25519; p=" KEY_ED25519),
	.good = QUIET QUIET_DKIM,
	.record = check_unknown_k,
};

static void
check_legacy(struct lint *lint, const struct record *record)
{
	struct str label = name_label(record->owner);
	struct str text = str_trim(record->text);
	struct diag *diag;

	if (label.n == 0 || label.p[0] != '_')
		return;
	if (!(str_is(label, "_domainkey") && (str_starts(text, STR("o=")) ||
	    str_starts(text, STR("t=")))) &&
	    !(str_is(label, "_adsp") && str_is(name_label(
	    name_parent(record->owner)), "_domainkey")))
		return;
	diag = complain_text(lint, record, 0, record->text.n,
	    "no receiver reads this record any more");
	diag_fix_remove_record(lint, diag, FIX_UNSAFE, record);
	diag_help(lint, diag, "remove it; a DMARC record says what to do "
	    "with mail that is not signed");
}

static const struct rule legacy = {
	.id = "dkim-legacy-domainkeys",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_TXT,
	.in_sight = true,
	.fix = FIX_UNSAFE,
	.marks = MARK_NO_KIND | MARK_KIND(AUTH_DKIM),
	.summary = "policy record of DomainKeys or ADSP",
	.rationale = "DomainKeys (o=~ at _domainkey) and ADSP (dkim=all at "
	    "_adsp._domainkey) are historic. The records have no effect, and "
	    "readers may take them for protection.",
	.citation = "RFC 4870; RFC 5617, made historic in 2013",
	.bad = QUIET QUIET_DKIM TXT("_adsp._domainkey", "dkim=all"),
	.good = QUIET QUIET_DKIM,
	.record = check_legacy,
};

const struct rule *const dkim_rules[] = {
	&syntax, &duplicate_tag, &version, &version_missing, &p_missing,
	&hash_sha1_only, &hash_sha1_listed, &service, &testing, &g_tag,
	&unknown_k, &legacy, NULL
};
