/*
 * What authorities demand, as data. They contradict each other: whether
 * p=reject suits people who write to mailing lists, whether SPF ends with
 * -all. Hence profiles, and a default one that has no opinion there.
 */
#include "policy/policy.h"

/* FBI, Department of State and NSA on Kimsuky: the gap is p=none. */
static const struct profile_level jcsa_20240502[] = {
	{ "dmarc-missing", "error", "JCSA-20240502-001, mitigations" },
	{ "dmarc-policy-none", "error", "JCSA-20240502-001, mitigations" },
	{ "dmarc-lent-weak", "error", "JCSA-20240502-001, mitigations" },
	{ "dmarc-rua-missing", "warning", "JCSA-20240502-001, mitigations" },
	{ "dmarc-test-mode", "warning", "JCSA-20240502-001, mitigations" },
	{ 0 }
};

static const struct profile_level cisa_bod_18_01[] = {
	{ "spf-missing", "error", "BOD 18-01, email security, within 90 days" },
	{ "dmarc-missing", "error",
	  "BOD 18-01, email security, within 90 days" },
	{ "dmarc-rua-missing", "error",
	  "BOD 18-01, email security, within 90 days" },
	{ "dmarc-rua-profile-address", "error",
	  "BOD 18-01, reports@dmarc.cyber.dhs.gov as a recipient" },
	{ "dmarc-policy-none", "error", "BOD 18-01, p=reject within a year" },
	{ "dmarc-lent-weak", "error", "BOD 18-01, p=reject within a year" },
	{ "dmarc-policy-quarantine", "error",
	  "BOD 18-01, p=reject within a year" },
	{ "dmarc-sp-weaker", "error", "BOD 18-01, implementation guide" },
	{ "dmarc-subdomain-weaker", "error",
	  "BOD 18-01, implementation guide" },
	{ "dmarc-pct-fraction", "error", "BOD 18-01, implementation guide" },
	{ "dmarc-pct-zero-alone", "error", "BOD 18-01, implementation guide" },
	{ "dmarc-t-alone", "error", "BOD 18-01, implementation guide" },
	{ "dmarc-t-pct-conflict", "error", "BOD 18-01, implementation guide" },
	{ "dmarc-test-mode", "error", "BOD 18-01, implementation guide" },
	{ "dmarc-stuck-none", "error", "BOD 18-01, p=reject within a year" },
	{ "spf-nomail-not-empty", "error", "BOD 18-01, implementation guide" },
	{ "dmarc-reject-users", "off", "BOD 18-01, p=reject within a year" },
	{ 0 }
};

static const struct profile_level nist_800_177r1[] = {
	{ "spf-missing", "error", "SP 800-177r1 section 4.4" },
	{ "dmarc-missing", "error", "SP 800-177r1 section 4.6" },
	{ "dmarc-policy-none", "note", "SP 800-177r1 section 4.6.1" },
	{ "dmarc-lent-weak", "note", "SP 800-177r1 section 4.6.1" },
	{ "dkim-rsa-1024", "error", "SP 800-177r1 section 4.5" },
	{ "dkim-key-age", "warning", "SP 800-177r1 section 4.5" },
	{ "dkim-key-shared-domains", "warning", "SP 800-177r1 section 4.5" },
	{ "dkim-missing", "error", "SP 800-177r1 section 4.5" },
	{ 0 }
};

static const struct profile_level uk_gov[] = {
	{ "spf-missing", "error", "gov.uk, set up email services securely" },
	{ "dmarc-missing", "error", "gov.uk, set up email services securely" },
	{ "dmarc-policy-none", "error",
	  "gov.uk, set up email services securely" },
	{ "dmarc-lent-weak", "error",
	  "gov.uk, set up email services securely" },
	{ "dmarc-policy-quarantine", "warning",
	  "gov.uk, set up email services securely" },
	{ "dmarc-rua-missing", "error",
	  "gov.uk, set up email services securely" },
	{ "dmarc-rua-profile-address", "warning",
	  "gov.uk, protect domains that do not send email" },
	{ "dmarc-parked-weak", "error",
	  "gov.uk, protect domains that do not send email" },
	{ "spf-nomail-not-empty", "error",
	  "gov.uk, protect domains that do not send email" },
	{ "mx-nomail-without-null", "error",
	  "gov.uk, protect domains that do not send email" },
	{ "dkim-null-missing", "error",
	  "gov.uk, protect domains that do not send email" },
	{ "dmarc-reject-users", "off",
	  "gov.uk, set up email services securely" },
	{ "dkim-missing", "error", "gov.uk, set up email services securely" },
	{ 0 }
};

static const struct profile_level bsi_tr_03182[] = {
	{ "spf-missing", "error", "TR-03182-P, D-01" },
	{ "spf-all-missing", "error", "TR-03182-P, D-03" },
	{ "spf-all-neutral", "error", "TR-03182-P, D-03" },
	{ "dkim-no-ed25519", "error", "TR-03182-P, F-02" },
	{ "dmarc-missing", "error", "TR-03182-P, H-01" },
	{ "dmarc-policy-none", "error", "TR-03182-P, H-02" },
	{ "dmarc-lent-weak", "error", "TR-03182-P, H-02" },
	{ "dmarc-sp-weaker", "error", "TR-03182-P, H-02" },
	{ "dmarc-rua-missing", "error", "TR-03182-P, H-03" },
	{ "mx-nomail-without-null", "error", "TR-03182-P, L-01 to L-05" },
	{ "spf-nomail-not-empty", "error", "TR-03182-P, L-01 to L-05" },
	{ "dmarc-parked-weak", "error", "TR-03182-P, L-01 to L-05" },
	{ "dkim-missing", "error", "TR-03182-P, F-01" },
	{ "dkim-ed25519-only", "error", "TR-03182-P, F-01" },
	{ "dmarc-subdomain-weaker", "error", "TR-03182-P, H-02" },
	{ "dmarc-test-mode", "error", "TR-03182-P, H-02" },
	{ 0 }
};

/* What a large mailbox provider asks of who writes to it. */
static const struct profile_level google_2024[] = {
	{ "spf-missing", "error", "Gmail sender guidelines, 2024" },
	{ "dmarc-missing", "error", "Gmail sender guidelines, 2024" },
	{ "dmarc-policy-none", "off", "Gmail sender guidelines, 2024" },
	{ "dmarc-lent-weak", "off", "Gmail sender guidelines, 2024" },
	{ "dmarc-rua-missing", "note", "Gmail sender guidelines, 2024" },
	{ "dkim-rsa-1024", "warning", "Gmail sender guidelines, 2024" },
	{ "dkim-missing", "error", "Gmail sender guidelines, 2024" },
	{ 0 }
};

static const struct profile_level yahoo_2024[] = {
	{ "spf-missing", "error", "Yahoo Sender Hub, best practices" },
	{ "dmarc-missing", "error", "Yahoo Sender Hub, best practices" },
	{ "dmarc-policy-none", "off", "Yahoo Sender Hub, best practices" },
	{ "dmarc-lent-weak", "off", "Yahoo Sender Hub, best practices" },
	{ "dmarc-rua-missing", "note", "Yahoo Sender Hub, best practices" },
	{ "dkim-missing", "error", "Yahoo Sender Hub, best practices" },
	{ 0 }
};

static const struct profile_level outlook_2025[] = {
	{ "spf-missing", "error", "Outlook.com, high-volume senders, 2025" },
	{ "dmarc-missing", "error", "Outlook.com, high-volume senders, 2025" },
	{ "dmarc-policy-none", "off",
	  "Outlook.com, high-volume senders, 2025" },
	{ "dmarc-lent-weak", "off",
	  "Outlook.com, high-volume senders, 2025" },
	{ "dmarc-rua-missing", "note",
	  "Outlook.com, high-volume senders, 2025" },
	{ "dkim-missing", "error", "Outlook.com, high-volume senders, 2025" },
	{ 0 }
};

/* Examples in the guidance, not the requirement: nothing is an error. */
static const struct profile_level pci_dss_4_0_1[] = {
	{ "spf-missing", "warning", "PCI DSS 4.0.1, 5.4.1, guidance" },
	{ "spf-all-missing", "warning", "PCI DSS 4.0.1, 5.4.1, guidance" },
	{ "spf-all-neutral", "warning", "PCI DSS 4.0.1, 5.4.1, guidance" },
	{ "dmarc-missing", "warning", "PCI DSS 4.0.1, 5.4.1, guidance" },
	{ "dmarc-policy-none", "warning", "PCI DSS 4.0.1, 5.4.1, guidance" },
	{ "dmarc-lent-weak", "warning", "PCI DSS 4.0.1, 5.4.1, guidance" },
	{ "dkim-missing", "warning", "PCI DSS 4.0.1, 5.4.1, guidance" },
	{ 0 }
};

/* No protocol is named; the set of internet.nl, to inform. */
static const struct profile_level nis2[] = {
	{ "spf-missing", "warning", "Regulation 2024/2690, annex" },
	{ "spf-all-missing", "warning", "Regulation 2024/2690, annex" },
	{ "spf-all-neutral", "warning", "Regulation 2024/2690, annex" },
	{ "dmarc-missing", "warning", "Regulation 2024/2690, annex" },
	{ "dmarc-policy-none", "warning", "Regulation 2024/2690, annex" },
	{ "dmarc-lent-weak", "warning", "Regulation 2024/2690, annex" },
	{ "dmarc-test-mode", "warning", "Regulation 2024/2690, annex" },
	{ "dkim-missing", "warning", "Regulation 2024/2690, annex" },
	{ 0 }
};

static const struct profile_level internet_nl[] = {
	{ "spf-missing", "error", "internet.nl, SPF existence" },
	{ "spf-all-missing", "error", "internet.nl, SPF policy" },
	{ "spf-all-neutral", "error", "internet.nl, SPF policy" },
	{ "spf-all-hardfail-sending", "note", "internet.nl, SPF how-to" },
	{ "dmarc-missing", "error", "internet.nl, DMARC existence" },
	{ "dmarc-policy-none", "error", "internet.nl, DMARC policy" },
	{ "dmarc-lent-weak", "error", "internet.nl, DMARC policy" },
	{ "dmarc-test-mode", "warning", "internet.nl, DMARC policy" },
	{ "dkim-missing", "error", "internet.nl, DKIM existence" },
	{ 0 }
};

static const struct profile_level au_ism[] = {
	{ "spf-missing", "error", "ISM-1183" },
	{ "spf-all-softfail", "error", "ISM-1183" },
	{ "spf-all-neutral", "error", "ISM-1183" },
	{ "spf-all-missing", "error", "ISM-1183" },
	{ "spf-all-hardfail-sending", "off", "ISM-1183" },
	{ "dmarc-missing", "error", "ISM-1540" },
	{ "dmarc-policy-none", "error", "ISM-1540" },
	{ "dmarc-lent-weak", "error", "ISM-1540" },
	{ "dmarc-policy-quarantine", "error", "ISM-1540" },
	{ "dmarc-sp-weaker", "error", "ISM-1540" },
	{ "dmarc-subdomain-weaker", "error", "ISM-1540" },
	{ "dmarc-test-mode", "error", "ISM-1540" },
	{ "dmarc-t-alone", "error", "ISM-1540" },
	{ "dmarc-pct-zero-alone", "error", "ISM-1540" },
	{ "dmarc-pct-fraction", "error", "ISM-1540" },
	{ "dmarc-t-pct-conflict", "error", "ISM-1540" },
	{ "dmarc-reject-users", "off", "ISM-1540" },
	{ "dkim-missing", "error", "ISM-0861" },
	{ 0 }
};

static const struct profile_level nz_sge[] = {
	{ "spf-missing", "error", "SGE framework, SPF" },
	{ "spf-all-softfail", "error", "SGE framework, SPF" },
	{ "spf-all-neutral", "error", "SGE framework, SPF" },
	{ "spf-all-missing", "error", "SGE framework, SPF" },
	{ "spf-all-hardfail-sending", "off", "SGE framework, SPF" },
	{ "dmarc-missing", "error", "SGE framework, DMARC" },
	{ "dmarc-policy-none", "error", "SGE framework, DMARC" },
	{ "dmarc-lent-weak", "error", "SGE framework, DMARC" },
	{ "dmarc-policy-quarantine", "error", "SGE framework, DMARC" },
	{ "dmarc-sp-weaker", "error", "SGE framework, DMARC" },
	{ "dmarc-subdomain-weaker", "error", "SGE framework, DMARC" },
	{ "dmarc-test-mode", "error", "SGE framework, DMARC" },
	{ "dmarc-t-alone", "error", "SGE framework, DMARC" },
	{ "dmarc-pct-zero-alone", "error", "SGE framework, DMARC" },
	{ "dmarc-pct-fraction", "error", "SGE framework, DMARC" },
	{ "dmarc-t-pct-conflict", "error", "SGE framework, DMARC" },
	{ "dmarc-reject-users", "off", "SGE framework, DMARC" },
	{ "dkim-null-missing", "error", "SGE framework, DKIM" },
	{ "mtasts-mode", "error", "SGE framework, MTA-STS" },
	{ "mtasts-without-tlsrpt", "error", "SGE framework, TLS-RPT" },
	{ "dkim-missing", "error", "SGE framework, DKIM" },
	{ "dmarc-alignment-relaxed", "error", "SGE framework, DMARC" },
	{ "dmarc-own-missing", "warning", "SGE framework, DMARC" },
	{ "mtasts-missing", "error", "SGE framework, MTA-STS" },
	{ "tlsrpt-missing", "error", "SGE framework, TLS-RPT" },
	{ "spf-nomail-not-empty", "error", "SGE framework, SPF" },
	{ 0 }
};

static const struct profile_level ca_itsp_40_065[] = {
	{ "spf-missing", "error", "ITSP.40.065, annex A" },
	{ "dmarc-missing", "error", "ITSP.40.065, annex A" },
	{ "dmarc-policy-none", "warning", "ITSP.40.065, annex A" },
	{ "dmarc-lent-weak", "warning", "ITSP.40.065, annex A" },
	{ "dmarc-policy-quarantine", "note", "ITSP.40.065, annex A" },
	{ "dkim-missing", "warning", "ITSP.40.065, annex A" },
	{ 0 }
};

static const struct profile_level m3aawg[] = {
	{ "spf-missing", "error", "M3AAWG, Email Authentication BCP" },
	{ "spf-all-missing", "error", "M3AAWG, Email Authentication BCP" },
	{ "spf-all-neutral", "error", "M3AAWG, Email Authentication BCP" },
	{ "spf-nomail-not-empty", "error", "M3AAWG, Parked Domains BCP" },
	{ "mx-nomail-without-null", "warning", "M3AAWG, Parked Domains BCP" },
	{ "dkim-null-missing", "warning", "M3AAWG, Parked Domains BCP" },
	{ "dmarc-parked-weak", "error", "M3AAWG, Parked Domains BCP" },
	{ "dkim-rsa-1024", "error", "M3AAWG, DKIM Key Rotation BCP" },
	{ "dkim-key-age", "warning", "M3AAWG, DKIM Key Rotation BCP" },
	{ "dmarc-missing", "error", "M3AAWG, Email Authentication BCP" },
	{ "dmarc-policy-none", "warning", "M3AAWG, Email Authentication BCP" },
	{ "dmarc-lent-weak", "warning", "M3AAWG, Email Authentication BCP" },
	{ "dmarc-rua-missing", "error", "M3AAWG, Email Authentication BCP" },
	{ "dkim-missing", "error", "M3AAWG, Email Authentication BCP" },
	{ "spf-all-hardfail-sending", "warning",
	  "M3AAWG, Managing SPF Records" },
	{ 0 }
};

/* What shows a logo: quarantine or reject, of all mail, below too. */
static const struct profile_level bimi[] = {
	{ "bimi-*", "error", "BIMI draft, DMARC requirements" },
	{ "bimi-no-evidence", "warning", "BIMI draft, assertion records" },
	{ "dmarc-missing", "error", "BIMI draft, DMARC requirements" },
	{ "dmarc-policy-none", "error", "BIMI draft, DMARC requirements" },
	{ "dmarc-lent-weak", "error", "BIMI draft, DMARC requirements" },
	{ "dmarc-test-mode", "error", "BIMI draft, DMARC requirements" },
	{ "dmarc-pct-fraction", "error", "BIMI draft, DMARC requirements" },
	{ "dmarc-sp-weaker", "warning", "BIMI draft, DMARC requirements" },
	{ 0 }
};

/* The standard alone, which asks nobody to enforce. */
static const struct profile_level rfc9989[] = {
	{ "dmarc-missing", "warning", "RFC 9989 section 5.1.4" },
	{ "dmarc-policy-none", "note", "RFC 9989 section 5.1" },
	{ "dmarc-lent-weak", "note", "RFC 9989 section 5.1" },
	{ "spf-missing", "warning", "RFC 9989 section 5.1" },
	{ "dmarc-reject-users", "warning", "RFC 9989 section 7.4" },
	{ "dmarc-reject-without-dkim", "error", "RFC 9989 section 8" },
	{ "spf-all-hardfail-sending", "warning", "RFC 9989 section 7.1" },
	{ "dmarc-relaxed-delegation", "warning", "RFC 9989 section 11.8" },
	{ 0 }
};

static const struct profile_level gca[] = {
	{ "dmarc-missing", "error", "GCA DMARC guide" },
	{ "dmarc-policy-none", "warning", "GCA DMARC guide" },
	{ "dmarc-lent-weak", "warning", "GCA DMARC guide" },
	{ "dmarc-policy-quarantine", "note", "GCA DMARC guide" },
	{ 0 }
};

const struct profile profiles[] = {
	{ .name = "default",
	  .title = "what all authorities agree on",
	  .source = "mailzone", .date = "",
	  .allow_test = true },
	{ .name = "jcsa-20240502",
	  .title = "DMARC policy that stops forged mail",
	  .source = "FBI, Department of State, NSA: JCSA-20240502-001",
	  .date = "2024-05-02", .levels = jcsa_20240502,
	  .min_policy = POLICY_QUARANTINE, .require_rua = true },
	{ .name = "cisa-bod-18-01",
	  .title = "federal agencies of the United States",
	  .source = "DHS: Binding Operational Directive 18-01",
	  .date = "2017-10-16", .levels = cisa_bod_18_01,
	  .min_policy = POLICY_REJECT, .min_subdomain = POLICY_REJECT,
	  .require_rua = true,
	  .require_rua_address = "mailto:reports@dmarc.cyber.dhs.gov",
	  .reject_for_users = REJECT_REQUIRED },
	{ .name = "nist-800-177r1",
	  .title = "trustworthy email",
	  .source = "NIST: SP 800-177 revision 1", .date = "2019-02",
	  .levels = nist_800_177r1, .min_policy = POLICY_NONE,
	  .allow_test = true, .require_dkim = true, .min_rsa_bits = 2048,
	  .max_key_age = 730 },
	{ .name = "uk-gov",
	  .title = "public sector of the United Kingdom",
	  .source = "gov.uk and NCSC guidance", .date = "",
	  .levels = uk_gov, .min_policy = POLICY_QUARANTINE,
	  .require_rua = true,
	  .require_rua_address = "mailto:dmarc-rua@dmarc.service.gov.uk",
	  .require_dkim = true, .require_null_records = true,
	  .reject_for_users = REJECT_REQUIRED },
	{ .name = "bsi-tr-03182",
	  .title = "email authentication by the German BSI",
	  .source = "BSI: TR-03182 and test specification P 1.0",
	  .date = "2024-01-24", .levels = bsi_tr_03182, .all = "~-",
	  .min_policy = POLICY_QUARANTINE,
	  .min_subdomain = POLICY_QUARANTINE, .require_rua = true,
	  .require_dkim = true, .require_ed25519 = true,
	  .require_null_records = true },
	{ .name = "google-2024",
	  .title = "who writes to Gmail",
	  .source = "Google: email sender guidelines", .date = "2024-02",
	  .levels = google_2024, .min_policy = POLICY_NONE,
	  .allow_test = true, .require_dkim = true, .min_rsa_bits = 1024 },
	{ .name = "yahoo-2024",
	  .title = "who writes to Yahoo",
	  .source = "Yahoo Sender Hub", .date = "2024-02",
	  .levels = yahoo_2024, .min_policy = POLICY_NONE,
	  .allow_test = true, .require_dkim = true },
	{ .name = "outlook-2025",
	  .title = "who writes to Outlook.com",
	  .source = "Microsoft: requirements for high-volume senders",
	  .date = "2025-05-05", .levels = outlook_2025,
	  .min_policy = POLICY_NONE, .allow_test = true,
	  .require_dkim = true },
	{ .name = "pci-dss-4.0.1",
	  .title = "what assessors of payment card data expect",
	  .source = "PCI SSC: PCI DSS 4.0.1, requirement 5.4.1",
	  .date = "2025-03-31", .levels = pci_dss_4_0_1, .all = "~-",
	  .min_policy = POLICY_QUARANTINE, .require_dkim = true },
	{ .name = "nis2",
	  .title = "modern email standards, to inform",
	  .source = "Directive 2022/2555, Regulation 2024/2690",
	  .date = "2024", .levels = nis2, .all = "~-",
	  .min_policy = POLICY_QUARANTINE },
	{ .name = "internet-nl",
	  .title = "the email test of internet.nl",
	  .source = "internet.nl", .date = "2026-07",
	  .levels = internet_nl, .all = "~-",
	  .min_policy = POLICY_QUARANTINE, .require_dkim = true },
	{ .name = "au-ism",
	  .title = "government of Australia",
	  .source = "ASD: Information Security Manual",
	  .date = "2023-05", .levels = au_ism, .all = "-",
	  .min_policy = POLICY_REJECT, .min_subdomain = POLICY_REJECT,
	  .require_dkim = true, .every_subdomain = true,
	  .reject_for_users = REJECT_REQUIRED },
	{ .name = "nz-sge",
	  .title = "government of New Zealand",
	  .source = "DIA: Secure Government Email", .date = "2025",
	  .levels = nz_sge, .all = "-", .min_policy = POLICY_REJECT,
	  .min_subdomain = POLICY_REJECT, .require_dkim = true,
	  .strict_alignment = true, .require_mta_sts = true,
	  .require_tlsrpt = true, .require_null_records = true,
	  .every_subdomain = true, .reject_for_users = REJECT_REQUIRED },
	{ .name = "ca-itsp-40-065",
	  .title = "government of Canada",
	  .source = "CCCS: ITSP.40.065 1.1", .date = "2021-08",
	  .levels = ca_itsp_40_065, .min_policy = POLICY_QUARANTINE,
	  .require_dkim = true },
	{ .name = "m3aawg",
	  .title = "best practices of the messaging industry",
	  .source = "M3AAWG: Email Authentication, Parked Domains",
	  .date = "2020-09", .levels = m3aawg, .all = "~-",
	  .min_policy = POLICY_QUARANTINE, .require_rua = true,
	  .require_dkim = true, .min_rsa_bits = 2048, .max_key_age = 183,
	  .require_null_records = true },
	{ .name = "bimi",
	  .title = "what receivers that show logos want",
	  .source = "BIMI draft", .date = "2025-11", .levels = bimi,
	  .min_policy = POLICY_QUARANTINE,
	  .min_subdomain = POLICY_QUARANTINE },
	{ .name = "rfc9989",
	  .title = "the standard, and its advice",
	  .source = "RFC 9989", .date = "2026-05", .levels = rfc9989,
	  .allow_test = true, .require_dkim = true,
	  .reject_for_users = REJECT_DISCOURAGED },
	{ .name = "gca",
	  .title = "from none to reject",
	  .source = "Global Cyber Alliance: DMARC guide",
	  .date = "", .levels = gca,
	  .min_policy = POLICY_QUARANTINE },
	{ 0 }
};

const struct profile *
profile_find(struct str name)
{
	const struct profile *profile;

	for (profile = profiles; profile->name != NULL; profile++)
		if (str_is(name, profile->name))
			return profile;
	return NULL;
}
