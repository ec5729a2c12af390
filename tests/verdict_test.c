/*
 * Zones that take more than one file or line to be judged right: what is told
 * of example.com above a note, and nothing else.
 */
#include "support.h"

#include "base/buffer.h"
#include "judge.h"
#include "rules/example.h"

/* Another zone of the run; what it lacks is not judged. */
#define OTHER(records) \
	"; zone: example.net\n$TTL 3600\n" \
	"@ SOA ns hostmaster 1 3600 900 604800 3600\n@ NS ns\n" \
	"ns A 198.51.100.53\n" records

/* A domain that takes no mail. */
#define SILENT \
	QUIET_SOA RR("@ MX 0 .") \
	TXT("_dmarc", "v=DMARC1; p=reject; rua=mailto:d@example.org")

/* A policy for who points at it. */
#define LENT \
	TXT("_dmarc.hosted", "v=DMARC1; p=reject; " \
	"rua=mailto:d@example.net,mailto:e@example.net")
/* One without a policy. */
#define BARE	QUIET_SOA QUIET_MX QUIET_SPF

/* One that sends no mail, either. */
#define IDLE	QUIET_SOA RR("@ MX 0 .") TXT("@", "v=spf1 -all")

#define PARKED(tags) \
	IDLE TXT("_dmarc", "v=DMARC1; " tags "; rua=mailto:d@example.org")

#define IS_PARKED(label) \
	"; config:\nversion: 1\ndomains:\n" \
	"  example.com: {subdomains: {" label ": {parked: true}}}\n"

static const struct {
	const char *zone;
	/* Rules, in the order of the file; ":warning" of what is an error. */
	const char *told;
} rows[] = {
	/* An alias of a name that lets everybody send. */
	{ QUIET RR("news CNAME open.example.net.")
	    OTHER(TXT("open", "v=spf1 ip4:198.51.100.25 +all")),
	    "spf-weak-sibling" },
	{ QUIET RR("*.news CNAME open.example.net.")
	    OTHER(TXT("*", "v=spf1 ip6:::/0 ip4:0.0.0.0/0 -all")),
	    "spf-weak-sibling zone-wildcard-cname-mail" },
	{ QUIET RR("news CNAME open.example.net.")
	    OTHER(TXT("open", "v=spf1 ip4:198.51.100.25 ?all")), "" },
	{ QUIET_SOA QUIET_MX QUIET_SPF RR("news CNAME open.example.net.")
	    TXT("_dmarc", "v=DMARC1; p=reject; aspf=s; "
	    "rua=mailto:d@example.com")
	    OTHER(TXT("open", "v=spf1 +all")), "" },
	{ QUIET RR("_news CNAME open.example.net.")
	    OTHER(TXT("open", "v=spf1 +all")), "" },
	/* It is told where the record is the organization's own. */
	{ QUIET RR("news CNAME open") TXT("open", "v=spf1 +all"),
	    "spf-weak-sibling spf-all-pass" },
	{ QUIET RR("news CNAME _open") TXT("_open", "v=spf1 +all"),
	    "spf-weak-sibling spf-all-pass" },
	/* A wildcard answers for what it includes, when nothing is there. */
	{ QUIET TXT("*", "v=spf1 include:_spf.example.com ~all")
	    TXT("mail", "v=spf1 a -all") TXT("ns", "v=spf1 -all"),
	    "spf-include-loop" },
	{ QUIET TXT("*", "v=spf1 include:_spf.example.com ~all")
	    TXT("mail", "v=spf1 a -all") TXT("ns", "v=spf1 -all")
	    TXT("_spf", "v=spf1 ip4:198.51.100.25 ~all"), "" },
	/* From private networks no mail comes, however large they are. */
	{ QUIET TXT("news", "v=spf1 ip4:10.0.0.0/8 ip4:172.16.0.0/12 -all"),
	    "spf-special-address spf-special-address" },
	{ QUIET TXT("news", "v=spf1 ip4:10.0.0.0/7 -all"),
	    "spf-weak-sibling spf-cidr-broad" },
	{ QUIET TXT("news", "v=spf1 ip4:126.0.0.0/7 -all"),
	    "spf-weak-sibling spf-cidr-broad" },
	{ QUIET TXT("news", "v=spf1 ip4:0.0.0.0/7 -all"),
	    "spf-weak-sibling spf-cidr-broad" },
	{ QUIET TXT("news", "v=spf1 ip4:11.0.0.0/9 -all"), "spf-cidr-broad" },
	/* Does the record that counts let anybody send? */
	{ SILENT TXT("@", "v=spf1 redirect=none.example.net")
	    OTHER(TXT("none", "v=spf1 -all")), "" },
	{ SILENT TXT("@", "v=spf1 redirect=none.example.net -all"),
	    "spf-redirect-with-all" },
	{ SILENT TXT("@", "v=spf1 redirect=none.example.net")
	    OTHER(TXT("none", "v=spf1 ~all")), "mx-null-sending" },
	{ SILENT TXT("@", "v=spf1 redirect=some.example.net")
	    OTHER(TXT("some", "v=spf1 ip4:198.51.100.25 -all")),
	    "mx-null-sending" },
	{ SILENT TXT("@", "v=spf1 redirect=none.example.org"),
	    "mx-null-sending" },
	/* A policy that is misplaced is not said to be missing, too. */
	{ BARE TXT("_dmrac", "v=DMARC1; p=reject; rua=mailto:d@example.com"),
	    "zone-owner-typo" },
	{ BARE TXT("_dmarc.example.com", "v=DMARC1; p=reject"),
	    "zone-owner-missing-dot" },
	{ BARE RR("_DMARK TXT \"v=DMARC1; p=reject\" "
	    "; mailzone: ignore[zone-owner-typo] -- a copy"),
	    "dmarc-missing" },
	{ BARE TXT("_dmrac", "v=DMARC1; p=reject")
	    "; config:\nversion: 1\n"
	    "rules: {zone-owner-typo: warning}\n",
	    "dmarc-missing zone-owner-typo:warning" },
	{ BARE TXT("_dmrac", "v=DMARC1; p=reject")
	    "; config:\nversion: 1\n"
	    "rules: {ignore: [{rule: \"zone-*\", reason: a copy}]}\n",
	    "dmarc-missing" },
	{ BARE TXT("_dmrac.mail", "v=DMARC1; p=reject"),
	    "dmarc-missing zone-record-wrong-place" },
	{ BARE TXT("@", "v=DMARC1; p=reject"),
	    "dmarc-missing zone-record-wrong-place" },
	/* Reports are about the alias, and go to who has agreed to that. */
	{ BARE RR("_dmarc CNAME _dmarc.hosted.example.net.")
	    OTHER(LENT), "dmarc-external-unauthorised" },
	{ BARE RR("_dmarc CNAME _dmarc.hosted.example.net.")
	    OTHER(LENT TXT("example.com._report._dmarc", "v=DMARC1;")), "" },
	{ QUIET RR("_dmarc.news CNAME _dmarc.hosted.example.net.")
	    OTHER(LENT TXT("example.com._report._dmarc", "v=DMARC1;")),
	    "dmarc-external-unauthorised" },
	{ QUIET RR("_dmarc.news CNAME _dmarc")
	    OTHER(LENT), "" },
	{ BARE RR("_dmarc CNAME _dmarc.hosted.example.org.")
	    OTHER(LENT), "" },
	/* A policy that is somebody else's, and what it is for this domain. */
	{ BARE RR("_dmarc CNAME _dmarc.hosted.example.net.")
	    OTHER(TXT("_dmarc.hosted", "v=DMARC1; p=none")),
	    "dmarc-lent-weak" },
	{ QUIET RR("_dmarc.news CNAME _dmarc.hosted.example.net.")
	    OTHER(TXT("_dmarc.hosted", "v=DMARC1; p=none")),
	    "dmarc-lent-weak:warning" },
	{ BARE RR("_dmarc CNAME _dmarc.mail")
	    TXT("_dmarc.mail", "v=DMARC1; p=none; rua=mailto:d@example.com"),
	    "dmarc-policy-none" },
	{ IDLE RR("_dmarc CNAME hosted.example.net.")
	    OTHER(TXT("hosted", "v=DMARC1; p=quarantine")),
	    "dmarc-parked-weak dmarc-rua-missing" },
	{ IDLE RR("_dmarc CNAME hosted.example.net.")
	    OTHER(TXT("hosted", "v=DMARC1; p=reject; t=y")),
	    "dmarc-parked-weak dmarc-rua-missing" },
	{ IDLE RR("_dmarc CNAME hosted.example.net.")
	    OTHER(TXT("hosted", "v=DMARC1; p=reject; pct=50")),
	    "dmarc-parked-weak dmarc-rua-missing" },
	{ IDLE RR("_dmarc CNAME hosted.example.net.")
	    OTHER(TXT("hosted", "v=DMARC1; p=none")),
	    "dmarc-lent-weak dmarc-rua-missing" },
	{ IDLE RR("_dmarc CNAME hosted.example.net.")
	    OTHER(TXT("hosted", "v=DMARC1; p=reject")), "dmarc-rua-missing" },
	{ IDLE RR("_dmarc CNAME hosted.example.net.") OTHER(), "dmarc-cname" },
	/* Half a test of it is as bad as where it stands at _dmarc. */
	{ BARE RR("_dmarc CNAME hosted.example.net.")
	    OTHER(TXT("hosted", "v=DMARC1; p=quarantine; t=y")),
	    "dmarc-lent-weak:warning dmarc-rua-missing" },
	{ BARE RR("_dmarc CNAME hosted.example.net.")
	    OTHER(TXT("hosted", "v=DMARC1; p=quarantine; pct=50")),
	    "dmarc-lent-weak:warning dmarc-rua-missing" },
	{ BARE RR("_dmarc CNAME hosted.example.net.")
	    OTHER(TXT("hosted", "v=DMARC1; p=quarantine; t=y; pct=0")),
	    "dmarc-lent-weak dmarc-rua-missing" },
	{ BARE RR("_dmarc CNAME hosted.example.net.")
	    OTHER(TXT("hosted", "v=DMARC1; p=reject; np=x")),
	    "dmarc-lent-weak dmarc-rua-missing" },
	/* What is lent to the domain counts more than what is below. */
	{ BARE RR("_dmarc CNAME _dmarc.mail")
	    TXT("_dmarc.mail", "v=DMARC1; p=none; sp=reject; "
	    "rua=mailto:d@example.com"), "dmarc-policy-none" },
	{ BARE TXT("*", "v=DMARC1; p=none; sp=reject"), "dmarc-lent-weak" },
	/* Nobody knows what the domain above asks for. */
	{ BARE RR("_dmarc CNAME policy.example.org.")
	    RR("_dmarc.a CNAME broken") TXT("broken", "v=DMARC1; p=rejct"),
	    "dmarc-lent-weak:warning dmarc-rua-missing" },
	{ BARE RR("_dmarc CNAME policy.example.org.")
	    RR("* TXT \"v=DMARC1\""), "dmarc-lent-weak:warning" },
	{ BARE RR("_dmarc CNAME policy.example.org.")
	    RR("_dmarc.a CNAME good") TXT("good", "v=DMARC1; p=reject; "
	    "rua=mailto:d@example.com"), "" },
	/* Where no rule looks at the record, what is amiss is told of aliases. */
	{ BARE RR("_dmarc CNAME hosted.example.net.")
	    OTHER(TXT("hosted", "v=DMARC1; p=reject; t=y; pct=0; "
	    "rua=mailto:d@example.com")), "dmarc-lent-weak:warning" },
	{ BARE RR("_dmarc CNAME hosted.example.net.")
	    OTHER(TXT("hosted", "v=DMARC1; p=reject; pct=0; "
	    "rua=mailto:d@example.com")), "dmarc-lent-weak:warning" },
	{ BARE RR("_dmarc CNAME hosted.example.net.")
	    OTHER(TXT("hosted", "v=DMARC1; p=reject; rau=mailto:d@example.com")),
	    "dmarc-rua-missing" },
	{ BARE RR("_dmarc CNAME hosted.example.net.")
	    OTHER(TXT("hosted", "v=DMARC1; p=reject; psd=y; "
	    "rua=mailto:d@example.com")), "dmarc-psd-y-on-org" },
	{ BARE RR("_dmarc CNAME _dmarc.hosted.example.net.")
	    OTHER(TXT("_dmarc.hosted", "v=DMARC1; p=reject; t=y; psd=y")), "" },
	/* Nobody has anything to test there. */
	{ PARKED("p=reject; t=y; pct=0"), "dmarc-parked-weak" },
	{ PARKED("p=reject; sp=none; t=y; pct=0"),
	    "dmarc-parked-weak dmarc-parked-weak" },
	{ PARKED("p=quarantine; t=y; pct=0"),
	    "dmarc-parked-weak dmarc-test-mode" },
	{ PARKED("p=reject; t=y"), "dmarc-t-alone" },
	{ PARKED("p=reject; pct=0"), "dmarc-pct-zero-alone" },
	{ PARKED("p=reject; t=y; pct=100"), "dmarc-t-pct-conflict" },
	/* Nobody asks for what stands below an asterisk. */
	{ QUIET RR("*.u TXT x") TXT("_dmarc.*.u", "v=DMARC1; p=none")
	    TXT("mail.*.u", "v=spf1 +all") RR("mail.*.u MX 10 nowhere"), "" },
	/* How it ends is no matter when all of it has to go. */
	{ QUIET TXT("p", "v=spf1 ~all") IS_PARKED("p"),
	    "spf-nomail-not-empty" },
	{ QUIET TXT("p", "v=spf1 ?all") IS_PARKED("p"),
	    "spf-nomail-not-empty" },
	{ QUIET TXT("p", "v=spf1") IS_PARKED("p"), "spf-nomail-not-empty" },
	{ QUIET TXT("p", "v=spf1 ?all") IS_PARKED("p")
	    "rules: {spf-nomail-not-empty: note}\n", "spf-all-neutral" },
	/* Whatever is no "-all" counts as a sender. */
	{ SILENT TXT("@", "v=spf1 ~all"), "mx-null-sending" },
};

/* "rule rule:warning", of what is above a note. */
static struct str
rules_told(struct judged *judged)
{
	struct buffer out = { 0 };
	const struct diag *diag;

	for (diag = judged->diags.first; diag != NULL; diag = diag->next)
		if (diag->level > LEVEL_NOTE && !diag->suppressed)
			buffer_printf(&out, "%s%s%s", out.n > 0 ? " " : "",
			    diag->rule->id, diag->level < diag->rule->level ?
			    ":warning" : "");
	return buffer_finish(&out, judged->arena);
}

static void
zones_are_judged(void **state)
{
	struct judged judged;
	struct str told;
	size_t i;

	(void)state;
	for (i = 0; i < countof(rows); i++) {
		judged = judge_example(rows[i].zone, false, STR_NONE);
		told = rules_told(&judged);
		if (!str_is(told, rows[i].told))
			print_error("%zu: %s: told is `%.*s'\n", i,
			    rows[i].told, STR_ARG(told));
		assert_true(str_is(told, rows[i].told));
		judge_free(&judged);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zones_are_judged),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	judge_close();
	return failed;
}
