/*
 * What libopendmarc makes of the served zones, which it asks for itself. Built
 * by the script tests/oracle/served, where the library is there.
 *
 *	served PORT
 */
#include <sys/types.h>
#include <arpa/inet.h>
#include <netinet/in.h>

#include <opendmarc/dmarc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *from, *domain;
	int spf, dkim;
	int wanted;
} cases[] = {
	{ "example.com", "example.com", DMARC_POLICY_SPF_OUTCOME_PASS,
	  DMARC_POLICY_DKIM_OUTCOME_NONE, DMARC_POLICY_PASS },
	{ "example.com", "example.com", DMARC_POLICY_SPF_OUTCOME_FAIL,
	  DMARC_POLICY_DKIM_OUTCOME_PASS, DMARC_POLICY_PASS },
	{ "example.com", "example.com", DMARC_POLICY_SPF_OUTCOME_FAIL,
	  DMARC_POLICY_DKIM_OUTCOME_NONE, DMARC_POLICY_REJECT },
	{ "example.com", "example.org", DMARC_POLICY_SPF_OUTCOME_PASS,
	  DMARC_POLICY_DKIM_OUTCOME_FAIL, DMARC_POLICY_REJECT },
	{ "x.example.com", "example.org", DMARC_POLICY_SPF_OUTCOME_PASS,
	  DMARC_POLICY_DKIM_OUTCOME_NONE, DMARC_POLICY_REJECT },
	{ "example.net", "example.net", DMARC_POLICY_SPF_OUTCOME_FAIL,
	  DMARC_POLICY_DKIM_OUTCOME_NONE, DMARC_POLICY_REJECT },
};

static unsigned char *
octets(const char *text)
{
	return (unsigned char *)strdup(text);
}

static int
judge(size_t i)
{
	DMARC_POLICY_T *context = opendmarc_policy_connect_init(
	    octets("203.0.113.9"), 0);
	int found;

	opendmarc_policy_store_from_domain(context, octets(cases[i].from));
	opendmarc_policy_store_spf(context, octets(cases[i].domain),
	    cases[i].spf, DMARC_POLICY_SPF_ORIGIN_MAILFROM, NULL);
	opendmarc_policy_store_dkim(context, octets(cases[i].from),
	    octets("s1"), cases[i].dkim, NULL);
	opendmarc_policy_query_dmarc(context, octets(cases[i].from));
	found = opendmarc_get_policy_to_enforce(context);
	opendmarc_policy_connect_shutdown(context);
	return found;
}

int
main(int argc, char **argv)
{
	static OPENDMARC_LIB_T library;
	int status = 0, found;
	size_t i;

	if (argc != 2)
		return 2;
	library.tld_type = OPENDMARC_TLD_TYPE_MOZILLA;
	strcpy((char *)library.tld_source_file,
	    "/usr/share/publicsuffix/public_suffix_list.dat");
	library.nscount = 1;
	library.nsaddr_list[0].sin_family = AF_INET;
	library.nsaddr_list[0].sin_port = htons((unsigned short)atoi(argv[1]));
	library.nsaddr_list[0].sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (opendmarc_policy_library_init(&library) != DMARC_PARSE_OKAY)
		return 2;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		found = judge(i);
		printf("%s libopendmarc: From: %s, SPF %s for %s, DKIM %s\n",
		    found == cases[i].wanted ? "ok" : "not ok", cases[i].from,
		    cases[i].spf == DMARC_POLICY_SPF_OUTCOME_PASS ? "pass" :
		    "fail", cases[i].domain, cases[i].dkim ==
		    DMARC_POLICY_DKIM_OUTCOME_PASS ? "pass" : "none");
		status |= found != cases[i].wanted;
	}
	return status;
}
