/* DKIM: the key itself. RFC 6376 section 3.6.1, RFC 8301, RFC 8463. */
#include <stdio.h>

#include "base/arena.h"
#include "rules/check.h"

/* ---- keys for the examples ----------------------------------------------- */

#define KEY_512 \
	"MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALt11sXuqGw7Yq3yCoERn2pe" \
	"82EY0SEBgDmssB4hs7SAzkIag6PkqGZA1UzdPJCiq/1y91AW2f/84NDX" \
	"EsS4qtECAwEAAQ=="
#define KEY_3072 \
	"MIIBojANBgkqhkiG9w0BAQEFAAOCAY8AMIIBigKCAYEAtssC5zjhi42Z" \
	"S6mC1VK08nLnVmQyEmA67wVA5sA+s+9rnnt00P6KOMOPClJ5RoSMjXZA" \
	"EewH0A2iHsP7tLn8VkTF9dSZ5kREmQ/NdyFDcr1hHZMNi42X7/NoVP3S" \
	"wkqHKUotxaunPZ79DUTKFO+iXuLAlRiaiUJTRGECnIdV2/5U/l6iYJ7n" "\" \"" \
	"emJsh9A/Gayf2PrWMuhPPYrjRp1eAXEiWyWZCbKgyuHhc2/x1kPnyJ2n" \
	"Zjk6UpREno+NQ7sLW2qNeN44XcS+tD0ceCQ3zt2TTizngyaQYll1obSw" \
	"K5JPkUZsXIEQsnFglxOr2vEq2KrV5ZyWHmESEbsiFjZgLZIlEsa95x4C" \
	"Amw+UhXQHOKPvXpnBWBWD6r5NHCxzX9YcIR4FDfk6UxGZaCQiPDOkSrw" \
	"eMfTKLKpNg9L6bf1tiTI6vkXNnZP" "\" \"" \
	"Pta3TefaCLRnp2OSjH1hnj6wPnjxgWivggdO2k7pPgc9V0GtZ0xwZimW" \
	"nSUjix29HQV5NR//P+BBHLszAgMBAAE="
#define KEY_EXPONENT \
	"MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA3cyOAz+tgHZa" \
	"SHHw1o00oAI9nQzXXAMhp935DDsQdvwVpfl/KSR8rwSs7OWtuWLrgIqe" \
	"uqfkTXBpWMTiIeDhTJx3X13HCRMsrEwSh0RSpzRz+OoT8v9e5e19fIS9" \
	"I65pR2ay0U2HorApfjHoekRKse6QlRNwznQY9+qye91wUtRzZw+/axTI" "\" \"" \
	"KH7Hsw8t48LttBRT9Zjg8ZSSIRwJjYrCpJZkyYfHuG+tiiURRGb4A+Qg" \
	"hX4kM23o4TCz+L3bfHNbxut7eOhFGmDSU2ab24yOT/ZO8A0O+/jJkgQ3" \
	"AvWXfLGP+VWdOFAqEac0GdoWh3slG8SZZaFTx/YhKdiSZ5MEEQIDAQAF"
#define KEY_WEAK \
	"MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA3cyOAz+tgHZa" \
	"SHHw1o00oAI9nQzXXAMhp935DDsQdvwVpfl/KSR8rwSs7OWtuWLrgIqe" \
	"uqfkTXBpWMTiIeDhTJx3X13HCRMsrEwSh0RSpzRz+OoT8v9e5e19fIS9" \
	"I65pR2ay0U2HorApfjHoekRKse6QlRNwznQY9+qye91wUtRzZw+/axTI" "\" \"" \
	"KH7Hsw8t48LttBRT9Zjg8ZSSIRwJjYrCpJZkyYfHuG+tiiURRGb4A+Qg" \
	"hX4kM23o4TCz+L3bfHNbxut7eOhFGmDSU2ab24yOT/ZO8A0O+/jJkgQ3" \
	"AvWXfLGP+VWdOFAqEac0GdoWh3slG8SZZaFTx/YhKdiSZ5MEEwIDAQAB"
#define KEY_PRIVATE \
	"MIIBOQIBAAJBALt11sXuqGw7Yq3yCoERn2pe82EY0SEBgDmssB4hs7SA" \
	"zkIag6PkqGZA1UzdPJCiq/1y91AW2f/84NDXEsS4qtECAwEAAQJAI6Jw" \
	"40tMxNY9GefKy2I4NZY7GZgIGQgaAdyr1e5+JK+Li/nLe/tLoHUjpNXt" \
	"ePJEnOl+js4PURj/lcLP+U2KYQIhAPkhvddZflG86V3FITpuwjS+ifI6" "\" \"" \
	"x9m+NAMlx2rEl/IlAiEAwKDZIQ4NPvP1xlDWDuVYPBTS1njLXH+W9XLK" \
	"KjJmmD0CIDRShdBol0MLbeensybWhCsXqVkaR0bPz5Sppowh5deRAiAS" \
	"x1uDinAmI/hg1f6YQyl/6fPH7sy8fr/Du+YTiQhRbQIgMewcjaq3kwA8" \
	"uBx79cC51EnVJ9dfWxqHOAnCUZw3A+M="
#define KEY_ED25519_SPKI \
	"MCowBQYDK2VwAyEA4snZNpsL9+OHpLeZNBGxH7gDa+XUONTmZ+wuyHpd" \
	"Nno="
#define KEY_4104 \
	"MIICIzANBgkqhkiG9w0BAQEFAAOCAhAAMIICCwKCAgIArO30vlcuUIZ2" \
	"jDAH+5xj+dfJvgYzamP98dqIbxqv6SK3wcGbdgdVog6LQX8opjIgbVnB" \
	"+5bEIzz/MBXDjUSKjV8MJCkqujDmPbCpKbxQeRB+AdWC07+CxbbBJfjP" \
	"zt8TdJ54tWJ9Hv/S3ckeb0DPanKC/oV2L1VCKRlxalVni27/PXgvydzt" "\" \"" \
	"cY5ulLvL/K1hs48LUkdBlUqKsyM75D+z7SchGbafeEMrplJyV6H0f7uD" \
	"UjudbvMtdkIsX9p3OVI81ErlMAQz6/PBRlirdSq25VcxALI/s7DmFDlI" \
	"9Z7i25BUknipLYxhbPiJT+DA10H7gkWT73Nidk6L82f91PpZIFtt0cvx" \
	"aItq0Onb4VlOlLfMHPMWdsNtXIQ/0HgrrB4miVWLZYaGpa8hz3WVLkCR" \
	"4efcCfVxsK/9AxvQu9i9F7KrX5YC" "\" \"" \
	"SqNy1fG/H7fTWKmHnixUkkRSnPYfyPYom4y5m7y3yJrVdpxZVNzBWkml" \
	"RWEpLcnNW2UcYxcGBe4G6gR0MFd5UfZxQIlR9soZxcj8/8IvEP6sjbmP" \
	"LufqMogWMKCnjiAG6qKqMAovPXjaWmi8c3jcArh+MPkQhb9qCQWE5lIc" \
	"Rv3/8dINyKjkCaBR7ulrHRsnqy+B0TC2cAsCkkz4M+r8gGXEs0U9hEw3" \
	"ujxDeeGNdUBcCLjFl9Gp9ea0CIrP" "\" \"" \
	"AgMBAAE="

/* ---- what p holds -------------------------------------------------------- */

static const struct problem *
key_problem(const struct record *record, enum dkim_problem kind)
{
	if (record->dkim->problems.first == NULL)
		return NULL;
	return problems_find(&record->dkim->problems, (int)kind);
}

static void
check_base64(struct lint *lint, const struct record *record)
{
	const struct problem *problem;
	struct diag *diag;

	problem = key_problem(record, DKIM_BAD_BASE64);
	if (problem == NULL || text_is_explained(lint, record, problem->start,
	    problem->end))
		return;
	diag = complain_problem(lint, record, problem);
	if (problem->end >= record->dkim->p->value_end)
		diag_help(lint, diag, "paste the whole key again; one that "
		    "is longer than 255 octets needs several strings in one "
		    "record");
	else
		diag_help(lint, diag, "paste the key again: letters, digits, "
		    "\"+\", \"/\" and \"=\" at the end, without quotes or "
		    "backslashes inside");
}

static const struct rule p_base64 = {
	.id = "dkim-p-base64",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_DKIM,
	.marks = MARK_PROBLEM,
	.summary = "DKIM key is not base64",
	.rationale = "The key is written in base64. One octet that does not "
	    "belong there, or a missing end, makes it unusable: every "
	    "signature with this selector fails.",
	.citation = "RFC 6376 section 3.6.1",
	.bad = QUIET TXT("s._domainkey", "v=DKIM1; k=rsa; p=MIIB><fqqdws0"),
	.good = QUIET QUIET_DKIM,
	.record = check_base64,
};

/* How much of the text, from a place on, is armour: a line, or its end. */
static size_t
armor_length(struct str text, size_t at)
{
	struct str dashes = STR("-----"), rest = str_after(text, at);

	if (str_starts(rest, dashes))
		return dashes.n + str_find_str(str_after(rest, dashes.n),
		    dashes) + dashes.n;
	if (rest.p[0] == '\\')
		return 2;
	return byte_is_blank((unsigned char)rest.p[0]);
}

/* The key without its armour and the line ends that stayed with it. */
static struct str
without_armor(struct arena *arena, struct str text)
{
	char *out = arena_alloc(arena, text.n + 1);
	size_t n = 0, i = 0, length;

	while (i < text.n) {
		length = armor_length(text, i);
		i += length;
		if (length == 0)
			out[n++] = text.p[i++];
	}
	return (struct str){ out, n };
}

static void
fix_armor(struct lint *lint, struct diag *diag, const struct record *record,
    const struct tag *p)
{
	size_t i, end, length;

	for (i = 0; i < p->value.n; i++) {
		end = i;
		while (end < p->value.n &&
		    (length = armor_length(p->value, end)) > 0)
			end += length;
		if (end > p->value.n)
			end = p->value.n;
		if (end == i)
			continue;
		diag_fix_text(lint, diag, FIX_UNSAFE, record,
		    p->value_start + i, p->value_start + end, STR(""));
		i = end;
	}
}

static void
check_armor(struct lint *lint, const struct record *record)
{
	const struct problem *problem = key_problem(record, DKIM_PEM);
	const struct tag *p = record->dkim->p;
	struct str key, octets;
	struct diag *diag;

	if (problem == NULL)
		return;
	diag = complain_problem(lint, record, problem);
	diag_help(lint, diag, "leave out \"-----BEGIN PUBLIC KEY-----\" and "
	    "\"-----END PUBLIC KEY-----\"");
	if (p == NULL)
		return;
	key = without_armor(lint->arena, p->value);
	if (key.n > 0 && base64_decode(lint->arena, key, &octets))
		fix_armor(lint, diag, record, p);
}

static const struct rule p_pem_armor = {
	.id = "dkim-p-pem-armor",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_DKIM,
	.fix = FIX_UNSAFE,
	.marks = MARK_PROBLEM,
	.summary = "DKIM key with the BEGIN and END lines of its file",
	.rationale = "A key file wraps the base64 in lines of dashes. They "
	    "do not belong into DNS: verifiers cannot decode the key, so "
	    "every signature with this selector fails.",
	.citation = "RFC 6376 section 3.6.1",
	.bad = QUIET TXT("s._domainkey",
	    "v=DKIM1; k=rsa; p=-----BEGIN PUBLIC KEY-----\" \"" KEY_2048
	    "-----END PUBLIC KEY-----"),
	.good = QUIET QUIET_DKIM,
	.record = check_armor,
};

static void
check_private(struct lint *lint, const struct record *record)
{
	const struct problem *problem;
	struct str domain;
	struct diag *diag;

	problem = key_problem(record, DKIM_PRIVATE_KEY);
	if (problem == NULL)
		return;
	domain = record_domain(record);
	diag = complain_text(lint, record, problem->start, problem->end,
	    "anybody can sign as %.*s, because this is the private key",
	    STR_ARG(name_show(domain)));
	diag_help(lint, diag, "make a new key under a new selector, publish "
	    "its public half, and never use this one again");
	/* Not even a fingerprint shall be made of it. */
	diag_about(lint, diag, STR_NONE);
}

static const struct rule p_private_key = {
	.id = "dkim-p-private-key",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_DKIM,
	.marks = MARK_PROBLEM,
	.summary = "private key published as DKIM key",
	.rationale = "Whoever reads the record can sign mail as the domain. "
	    "Taking it out of DNS does not help: the key is known, so it "
	    "must be replaced and the selector abandoned.",
	.citation = "RFC 6376 section 8.3",
	.bad = QUIET TXT("s._domainkey", "v=DKIM1; k=rsa; p=" KEY_PRIVATE),
	.good = QUIET QUIET_DKIM,
	.record = check_private,
};

static void
check_not_key(struct lint *lint, const struct record *record)
{
	const struct problem *problem;
	struct diag *diag;

	problem = key_problem(record, DKIM_NOT_A_KEY);
	if (problem == NULL)
		return;
	diag = complain_problem(lint, record, problem);
	diag_help(lint, diag, "paste the whole key again; one that is longer "
	    "than 255 octets needs several strings in one record");
}

static const struct rule p_not_key = {
	.id = "dkim-p-not-key",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_DKIM,
	.marks = MARK_PROBLEM,
	.summary = "DKIM key cannot be read as a public key",
	.rationale = "The text decodes, but to no SubjectPublicKeyInfo and no "
	    "RSAPublicKey. Forms that cut a text at 255 characters leave "
	    "such keys behind. Every signature with this selector fails.",
	.citation = "RFC 6376 sections 3.6.1 and 6.1.2",
	.bad = QUIET TXT("s._domainkey", "v=DKIM1; k=rsa; p=" KEY_2048_1),
	.good = QUIET QUIET_DKIM,
	.record = check_not_key,
};

static void
check_k_mismatch(struct lint *lint, const struct record *record)
{
	const struct problem *problem;
	struct diag *diag;

	problem = key_problem(record, DKIM_MISMATCH);
	if (problem == NULL)
		return;
	diag = complain_problem(lint, record, problem);
	if (record->dkim->der.n == 32)
		diag_help(lint, diag, "write \"k=ed25519;\" before the key, "
		    "if it is the right one");
	else if (record->dkim->key_algorithm == DKIM_ED25519)
		diag_help(lint, diag, "write \"k=ed25519;\", and the bare 32 "
		    "octets of the key in base64");
	else
		diag_help(lint, diag, "write \"k=rsa;\", if the key is the "
		    "right one");
}

static const struct rule k_mismatch = {
	.id = "dkim-k-mismatch",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_DKIM,
	.marks = MARK_PROBLEM,
	.summary = "DKIM key is of another type than k says",
	.rationale = "Verifiers take the type of a key from k, rsa when it is "
	    "left out. When p holds a key of another type, every signature "
	    "with this selector fails permanently.",
	.citation = "RFC 6376 section 6.1.2 step 8",
	.bad = QUIET TXT("s._domainkey", "v=DKIM1; k=rsa; p=" KEY_ED25519),
	.good = QUIET QUIET_DKIM,
	.record = check_k_mismatch,
};

static void
check_ed25519_length(struct lint *lint, const struct record *record)
{
	const struct dkim *dkim = record->dkim;
	const struct problem *problem;
	struct diag *diag;

	problem = key_problem(record, DKIM_ED25519_LENGTH);
	if (problem == NULL)
		return;
	diag = complain_problem(lint, record, problem);
	diag_help(lint, diag, "publish only the 32 octets of the key, which "
	    "are 44 characters of base64");
	/* SubjectPublicKeyInfo: twelve octets say what is known already. */
	if (dkim->key_algorithm == DKIM_ED25519 && dkim->der.n == 44)
		diag_fix_text(lint, diag, FIX_UNSAFE, record,
		    dkim->p->value_start, dkim->p->value_end,
		    base64_encode(lint->arena, str_after(dkim->der, 12)));
}

static const struct rule ed25519_length = {
	.id = "dkim-ed25519-length",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_DKIM,
	.fix = FIX_UNSAFE,
	.marks = MARK_PROBLEM,
	.summary = "Ed25519 key is not 32 octets long",
	.rationale = "For Ed25519 the record holds the bare 32 octets, not "
	    "the SubjectPublicKeyInfo that openssl prints. Verifiers do not "
	    "accept anything else, so every signature with this selector "
	    "fails.",
	.citation = "RFC 8463 section 4.2",
	.bad = QUIET QUIET_DKIM
	    TXT("e._domainkey", "v=DKIM1; k=ed25519; p=" KEY_ED25519_SPKI),
	.good = QUIET QUIET_DKIM
	    TXT("e._domainkey", "v=DKIM1; k=ed25519; p=" KEY_ED25519),
	.record = check_ed25519_length,
};

/* ---- RSA ----------------------------------------------------------------- */

/* One that verifiers can use: with a wrong k, they see none. */
static bool
is_rsa(const struct dkim *dkim)
{
	return dkim->bits > 0 && dkim->key_algorithm == DKIM_RSA &&
	    problems_find(&dkim->problems, DKIM_MISMATCH) == NULL;
}

static struct diag *
complain_key(struct lint *lint, const struct record *record,
    const char *consequence)
{
	const struct dkim *dkim = record->dkim;

	return complain_text(lint, record, dkim->p->value_start,
	    dkim->p->value_end, "%s, because the key has %u bits",
	    consequence, dkim->bits);
}

static void
check_rsa_short(struct lint *lint, const struct record *record)
{
	struct diag *diag;

	if (!is_rsa(record->dkim) || record->dkim->bits >= 1024)
		return;
	diag = complain_key(lint, record, "signatures with this selector "
	    "fail and anybody can forge them");
	diag_help(lint, diag, "make a key of 2048 bits under a new selector");
}

static const struct rule rsa_short = {
	.id = "dkim-rsa-short",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_DKIM,
	.marks = MARK_RSA,
	.summary = "RSA key of less than 1024 bits",
	.rationale = "Keys of 512 bits are factored in hours for the price of "
	    "a lunch; who has done it signs as the domain. Verifiers must "
	    "not accept such signatures; those that still do are fooled.",
	.citation = "RFC 8301 section 3.2",
	.bad = QUIET TXT("s._domainkey", "v=DKIM1; k=rsa; p=" KEY_512),
	.good = QUIET QUIET_DKIM,
	.record = check_rsa_short,
};

static void
check_rsa_1024(struct lint *lint, const struct record *record)
{
	const struct dkim *dkim = record->dkim;
	struct diag *diag;

	if (!is_rsa(dkim) || dkim->bits < 1024 || dkim->bits >= 2048)
		return;
	lint_unlike(lint);
	/*
	 * Who can compute a key needs not break it: dkim-key-shared-prime,
	 * dkim-rsa-known-weak.
	 */
	if (census_prime_partner(lint->world->census, dkim->modulus) != NULL ||
	    rsa_weak_factor(dkim->modulus) != 0)
		return;
	diag = complain_key(lint, record, "signatures with this selector can "
	    "be forged by whoever can afford it");
	diag_help(lint, diag, "make a key of 2048 bits under a new selector");
}

static const struct rule rsa_1024 = {
	.id = "dkim-rsa-1024",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_DKIM,
	.marks = MARK_RSA,
	.summary = "RSA key of less than 2048 bits",
	.rationale = "Signers should use at least 2048 bits. 1024 bits are "
	    "within reach of rich attackers, and large receivers announce "
	    "that they will stop accepting them.",
	.citation = "RFC 8301 section 3.2",
	.bad = QUIET TXT("s._domainkey", "v=DKIM1; k=rsa; p=" KEY_1024),
	.good = QUIET QUIET_DKIM,
	.record = check_rsa_1024,
};

static void
check_rsa_odd_size(struct lint *lint, const struct record *record)
{
	const struct dkim *dkim = record->dkim;
	struct diag *diag;

	if (!is_rsa(dkim) || dkim->bits <= 2048 || dkim->bits > 4096 ||
	    rsa_weak_factor(dkim->modulus) != 0)
		return;
	diag = complain_key(lint, record, "some verifiers do not accept "
	    "signatures with this selector");
	diag_help(lint, diag, "2048 bits are accepted everywhere and strong "
	    "enough");
}

static const struct rule rsa_odd_size = {
	.id = "dkim-rsa-odd-size",
	.level = LEVEL_NOTE,
	.subject = SUBJECT_DKIM,
	.marks = MARK_RSA,
	.summary = "RSA key of more than 2048 bits",
	.rationale = "Verifiers must handle 1024 to 4096 bits, but some stop "
	    "at 2048, and the answer of the name server may not fit into one "
	    "packet.",
	.citation = "RFC 8301 section 3.2",
	.bad = QUIET TXT("s._domainkey", "v=DKIM1; k=rsa; p=" KEY_3072),
	.good = QUIET QUIET_DKIM,
	.record = check_rsa_odd_size,
};

static void
check_rsa_too_long(struct lint *lint, const struct record *record)
{
	struct diag *diag;

	if (!is_rsa(record->dkim) || record->dkim->bits <= 4096)
		return;
	diag = complain_key(lint, record, "many verifiers do not accept "
	    "signatures with this selector");
	diag_help(lint, diag, "make a key of 2048 bits under a new selector");
}

static const struct rule rsa_too_long = {
	.id = "dkim-rsa-too-long",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_DKIM,
	.marks = MARK_RSA,
	.summary = "RSA key of more than 4096 bits",
	.rationale = "Verifiers need not handle more than 4096 bits. Where "
	    "they do not, every signature with this selector fails.",
	.citation = "RFC 8301 section 3.2",
	.bad = QUIET TXT("s._domainkey", "v=DKIM1; k=rsa; p=" KEY_4104),
	.good = QUIET QUIET_DKIM,
	.record = check_rsa_too_long,
};

static void
check_rsa_exponent(struct lint *lint, const struct record *record)
{
	const struct dkim *dkim = record->dkim;
	char digits[24];
	struct diag *diag;

	if (!is_rsa(dkim) || dkim->exponent == 65537 || dkim->exponent == 3 ||
	    dkim->exponent == 17)
		return;
	snprintf(digits, sizeof(digits), "%ju", (uintmax_t)dkim->exponent);
	diag = complain_text(lint, record, dkim->p->value_start,
	    dkim->p->value_end, (dkim->exponent % 2 == 0 &&
	    dkim->exponent > 0) || dkim->exponent == 1 ?
	    "signatures with this selector prove nothing, because no RSA key "
	    "can have the exponent %s" :
	    "some verifiers do not accept signatures with this selector, "
	    "because the exponent of the key is %s, not 65537",
	    dkim->exponent == 0 ? "above 2^64" : digits);
	diag_help(lint, diag, "make a new key with the exponent 65537, which "
	    "is what every tool does by itself");
}

static const struct rule rsa_exponent = {
	.id = "dkim-rsa-exponent",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_DKIM,
	.marks = MARK_RSA,
	.summary = "RSA key with an unusual exponent",
	.rationale = "An even exponent or 1 makes no RSA key at all. Others "
	    "than 3, 17 and 65537 are refused by some libraries.",
	.citation = "RFC 8017 section 3.1",
	.bad = QUIET TXT("s._domainkey", "v=DKIM1; k=rsa; p=" KEY_EXPONENT),
	.good = QUIET QUIET_DKIM,
	.record = check_rsa_exponent,
};

static void
check_known_weak(struct lint *lint, const struct record *record)
{
	const struct dkim *dkim = record->dkim;
	struct str why;
	struct diag *diag;
	unsigned factor;

	if (!is_rsa(dkim))
		return;
	if (census_knows_primes(lint->world->census))
		lint_unlike(lint);
	factor = rsa_weak_factor(dkim->modulus);
	if (factor == RSA_ROCA)
		why = STR("it was made by the library of ROCA, whose keys "
		    "can be computed");
	else if (factor > 1)
		why = arena_printf(lint->arena, "the modulus of the key is "
		    "divisible by %u", factor);
	else if (census_has_near_primes(lint->world->census, dkim->modulus))
		why = STR("the two primes of the key are near each other");
	else
		return;
	diag = complain_text(lint, record, dkim->p->value_start,
	    dkim->p->value_end, "anybody can forge signatures with this "
	    "selector, because %.*s", STR_ARG(why));
	diag_help(lint, diag, factor > RSA_ROCA ? "paste the key again; when "
	    "it is what your signer uses, make a new one under a new selector" :
	    "make a new key elsewhere, under a new selector, and revoke this "
	    "one");
}

static const struct rule rsa_known_weak = {
	.id = "dkim-rsa-known-weak",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_DKIM,
	.marks = MARK_RSA,
	.summary = "RSA key that is easy to factor",
	.rationale = "The modulus of an RSA key is the product of two large "
	    "primes. One that has a small factor was damaged on its way, or "
	    "made by a broken generator: the first makes all signatures "
	    "fail, the second lets anybody sign. Keys of Infineon's chips "
	    "(ROCA) are known by their residues modulo small primes, and can "
	    "be computed. lint --shared-primes also finds primes that are "
	    "near each other, by a few steps of Fermat's method. Keys that "
	    "Debian's OpenSSL made from 2006 to 2008 are not seen: there "
	    "are only lists of them, and none comes with this program.",
	.citation = "RFC 8017 section 3.1; CVE-2017-15361",
	.bad = QUIET TXT("s._domainkey", "v=DKIM1; k=rsa; p=" KEY_WEAK),
	.good = QUIET QUIET_DKIM,
	.record = check_known_weak,
};

/* ---- what a weak key does to the domain above ---------------------------- */

/* The policy at an organizational domain asks for action, and is relaxed. */
static const struct record *
relaxed_policy(struct lint *lint, struct str organization)
{
	const struct record *record = dmarc_only_record(lint, organization);

	if (record == NULL || record->dmarc->strict_dkim ||
	    (record->dmarc->policy != POLICY_QUARANTINE &&
	    record->dmarc->policy != POLICY_REJECT))
		return NULL;
	return record;
}

static void
check_weak_sibling(struct lint *lint, const struct record *record)
{
	const struct dkim *dkim = record->dkim;
	struct str domain, organization;
	const struct record *policy;
	struct diag *diag;

	if (!is_rsa(dkim))
		return;
	domain = record_domain(record);
	/* Nearly all keys stand at the apex: spare them the arithmetic. */
	if (dkim->bits >= 1024 && (str_equal(domain, lint->zone->name) ||
	    rsa_weak_factor(dkim->modulus) == 0))
		return;
	organization = lint_organization(lint, domain, MODEL_7489, NULL);
	if (str_equal(domain, organization))
		return;
	policy = relaxed_policy(lint, organization);
	if (policy == NULL)
		return;
	diag = complain(lint, record_owner_span(record),
	    "who breaks this key can send as %.*s, whatever its own keys are",
	    STR_ARG(organization));
	diag_help(lint, diag, "remove the key, or publish \"adkim=s\" for "
	    "%.*s", STR_ARG(organization));
	diag_note(lint, diag, policy->span, "relaxed alignment accepts "
	    "signatures of every name below");
}

static const struct rule weak_sibling = {
	.id = "dkim-weak-sibling",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_DKIM,
	.marks = MARK_RSA,
	.summary = "weak DKIM key below an organizational domain that "
	    "enforces DMARC",
	.rationale = "With relaxed alignment a signature of any name below "
	    "the organizational domain counts for all of it. One forgotten "
	    "weak key lets forged mail pass as the domain itself, in spite "
	    "of p=reject.",
	.citation = "RFC 9989 section 11.8",
	.bad = QUIET TXT("s._domainkey.old", "v=DKIM1; k=rsa; p=" KEY_512),
	.good = QUIET TXT("s._domainkey.old", "v=DKIM1; k=rsa; p=" KEY_2048),
	.record = check_weak_sibling,
};

const struct rule *const dkim_key_rules[] = {
	&p_base64, &p_pem_armor, &p_private_key, &p_not_key, &k_mismatch,
	&ed25519_length, &rsa_short, &rsa_1024, &rsa_odd_size, &rsa_too_long,
	&rsa_exponent, &rsa_known_weak, &weak_sibling, NULL
};
