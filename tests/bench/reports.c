/*
 * Writes aggregate reports to measure with. The bytes depend on the arguments
 * only.
 *
 *	reports FILES ROWS FOLDER
 *
 * Of a hundred messages sixty are of a configured sender, twenty of a service,
 * ten were forwarded, and ten are of strangers; every tenth report has the
 * name space of RFC 9990.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chance.h"

enum { REPORTERS = 33, DAYS = 120, DAY = 86400, FIRST_DAY = 1767225600 };

static const struct kind {
	unsigned percent;		/* up to here */
	const char *network, *dkim, *spf, *disposition;
} kinds[] = {
	{ 60, "192.0.2", "pass", "pass", "none" },
	{ 80, "198.51.100", "pass", "fail", "none" },
	{ 90, "100.64.7", "pass", "fail", "none" },
	{ 100, "203.0.113", "fail", "fail", "quarantine" },
};

static void
write_record(FILE *file)
{
	const struct kind *kind = kinds;
	unsigned percent = below(100);

	while (percent >= kind->percent)
		kind++;
	fprintf(file, "<record><row><source_ip>%s.%u</source_ip>"
	    "<count>%u</count><policy_evaluated><disposition>%s</disposition>"
	    "<dkim>%s</dkim><spf>%s</spf></policy_evaluated></row>"
	    "<identifiers><header_from>example.com</header_from>"
	    "</identifiers><auth_results><dkim><domain>example.com</domain>"
	    "<selector>s1</selector><result>%s</result></dkim><spf><domain>"
	    "example.com</domain><result>%s</result></spf></auth_results>"
	    "</record>", kind->network, below(256), 1 + below(49),
	    kind->disposition, kind->dkim, kind->spf, kind->dkim, kind->spf);
}

static void
write_report(FILE *file, unsigned number, unsigned rows)
{
	unsigned begin = FIRST_DAY + number % DAYS * DAY;

	fprintf(file, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<feedback%s><report_metadata><org_name>receiver%u.test"
	    "</org_name><email>dmarc@receiver%u.test</email><report_id>%u"
	    "</report_id><date_range><begin>%u</begin><end>%u</end>"
	    "</date_range></report_metadata><policy_published><domain>"
	    "example.com</domain><adkim>r</adkim><aspf>r</aspf><p>none</p>"
	    "<sp>none</sp></policy_published>", number % 10 == 9 ?
	    " xmlns=\"urn:ietf:params:xml:ns:dmarc-2.0\"" : "",
	    number % REPORTERS, number % REPORTERS, number, begin,
	    begin + DAY - 1);
	while (rows-- > 0)
		write_record(file);
	fputs("</feedback>\n", file);
}

int
main(int argc, char **argv)
{
	unsigned long files = argc == 4 ? strtoul(argv[1], NULL, 10) : 0;
	unsigned long rows = argc == 4 ? strtoul(argv[2], NULL, 10) : 0;
	char path[4096];
	unsigned i;
	FILE *file;

	if (files == 0 || rows == 0) {
		fputs("usage: reports FILES ROWS FOLDER\n", stderr);
		return 2;
	}
	for (i = 0; i < files; i++) {
		/* The name that RFC 9990 asks for, and dmarc-cat, too. */
		snprintf(path, sizeof path, "%s/receiver%u.test!example.com!"
		    "%u!%u!%u.xml", argv[3], i % REPORTERS,
		    FIRST_DAY + i % DAYS * DAY,
		    FIRST_DAY + i % DAYS * DAY + DAY - 1, i);
		file = fopen(path, "w");
		if (file != NULL)
			write_report(file, i, (unsigned)rows);
		if (file == NULL || fclose(file) == EOF) {
			fprintf(stderr, "reports: %s: %s\n", path,
			    strerror(errno));
			return 2;
		}
	}
	return 0;
}
