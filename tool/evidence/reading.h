/*
 * One report while it is read: what its elements mean (report.c) does not
 * depend on who takes the document apart, expat (report_xml.c) or the short
 * way (report_plain.c).
 */
#ifndef EVIDENCE_READING_H
#define EVIDENCE_READING_H

#include "evidence/evidence.h"

/* Where the reader stands. What report.c does not list is passed over. */
enum element {
	OUTSIDE, FEEDBACK, METADATA, DATE_RANGE, POLICY, RECORD, ROW,
	EVALUATED, IDENTIFIERS, AUTH_RESULTS, DKIM, SPF,
	UNKNOWN,
	FIELDS,			/* from here on: text that is kept */
	ORG_NAME = FIELDS, EMAIL, REPORT_ID, BEGIN, ENDS, DOMAIN, P, SP, NP,
	PCT, TESTING, DISCOVERY, SOURCE_IP, COUNT, DISPOSITION, DKIM_ALIGNED,
	SPF_ALIGNED, HEADER_FROM, ENVELOPE_FROM, DKIM_DOMAIN, DKIM_SELECTOR,
	DKIM_RESULT, SPF_DOMAIN, SPF_RESULT, ELEMENTS
};

/* A DKIM signature or a check of SPF, as one element says it. */
struct identity {
	struct str domain, selector;
	enum auth_result result;
};

struct reading {
	struct arena *arena;
	struct report *report;
	/* The element that is open at each depth. */
	enum element open[REPORT_DEPTH];
	unsigned depth;
	struct str email, begin, ends;
	/* The record that is open. */
	struct report_row row;
	struct report_row **last;
	/* What the receiver made of alignment; 0 when it does not say. */
	enum said { SAID_NOTHING, SAID_PASS, SAID_FAIL } dkim_said, spf_said;
	struct str envelope_from;
	struct identity dkim, spf;	/* of the element that is open */
	unsigned dkim_rank, spf_rank;	/* of what the row holds */
	/* Strings of the row before: mostly the next one has the same. */
	struct str known[ELEMENTS];
};

/* Makes the report an empty one. */
void reading_start(struct reading *, struct arena *, struct report *);
/*
 * An element begins, of this name with or without the prefix of a name space;
 * and the one that is open ends, whose text, since its last tag, this is. The
 * text of elements below FIELDS may be left out. False: report->why.
 */
bool reading_open(struct reading *, struct str name);
bool reading_close(struct reading *, struct str text);
/* Always false; the first reason stays. */
bool reading_refuse(struct reading *, struct str why);

/* The innermost element that is open; OUTSIDE of the root. */
static inline enum element
reading_element(const struct reading *reading)
{
	return reading->depth == 0 ? OUTSIDE :
	    reading->open[reading->depth - 1];
}

/*
 * The whole document, up to the end of its root; what stands behind it is none
 * of the report's. The long way tells why it is refused, and mends what is
 * nearly XML; the short way is false when the document is not that plain, and
 * then nothing is known about it. Of what both can read they say the same.
 */
void report_parse_xml(struct arena *, struct str xml, struct reading *,
    struct report *);
bool report_parse_plain(struct arena *, struct str xml, struct reading *,
    struct report *);

#endif
