/*
 * What libopendmarc makes of DMARC records: lines of hexadecimal digits become
 * "none", "bad", or "ok" with p, sp, adkim, aspf and pct. Built by the script
 * tests/oracle/dmarc, where the library is there.
 */
#include <sys/types.h>
#include <netinet/in.h>

#include <opendmarc/dmarc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *
policy(int letter)
{
	switch (letter) {
	case DMARC_RECORD_P_NONE:
		return "none";
	case DMARC_RECORD_P_QUARANTINE:
		return "quarantine";
	case DMARC_RECORD_P_REJECT:
		return "reject";
	default:
		return "unspecified";
	}
}

static void
print_policy(DMARC_POLICY_T *context)
{
	int p = 0, sp = 0, dkim = 0, spf = 0, pct = 0;

	opendmarc_policy_fetch_p(context, &p);
	opendmarc_policy_fetch_sp(context, &sp);
	opendmarc_policy_fetch_adkim(context, &dkim);
	opendmarc_policy_fetch_aspf(context, &spf);
	opendmarc_policy_fetch_pct(context, &pct);
	printf("ok %s %s %c %c %d\n", policy(p), policy(sp == 0 ? p : sp),
	    dkim == DMARC_RECORD_A_STRICT ? 's' : 'r',
	    spf == DMARC_RECORD_A_STRICT ? 's' : 'r', pct);
}

static void
judge(char *text)
{
	unsigned char ip[] = "192.0.2.1", domain[] = "example.com";
	DMARC_POLICY_T *context = opendmarc_policy_connect_init(ip, 0);

	switch (opendmarc_policy_parse_dmarc(context, domain,
	    (unsigned char *)text)) {
	case DMARC_PARSE_OKAY:
		print_policy(context);
		break;
	case DMARC_PARSE_ERROR_BAD_VERSION:
	case DMARC_PARSE_ERROR_EMPTY:
		puts("none");
		break;
	default:
		puts("bad");
	}
	opendmarc_policy_connect_shutdown(context);
}

int
main(void)
{
	static char line[8192];
	char pair[3] = "";
	size_t length, i;

	while (fgets(line, sizeof(line), stdin) != NULL) {
		length = strcspn(line, "\n") / 2;
		for (i = 0; i < length; i++) {
			memcpy(pair, line + 2 * i, 2);
			line[i] = (char)strtoul(pair, NULL, 16);
		}
		line[length] = '\0';
		judge(line);
	}
	return 0;
}
