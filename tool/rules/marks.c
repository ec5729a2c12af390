/*
 * What is seen of a record at a glance: most rules look for something that few
 * records have, and are not asked about the others.
 */
#include "rules/rule.h"

static const struct problem *
first_problem(const struct record *record)
{
	switch (record->auth) {
	case AUTH_SPF:
		return record->spf->problems.first;
	case AUTH_DKIM:
		return record->dkim->problems.first;
	case AUTH_DMARC:
	case AUTH_REPORT:
		return record->dmarc->problems.first;
	case AUTH_MTASTS:
		return record->mtasts->problems.first;
	case AUTH_TLSRPT:
		return record->tlsrpt->problems.first;
	case AUTH_BIMI:
		return record->bimi->problems.first;
	default:
		return NULL;
	}
}

static unsigned
octet_marks(struct str text)
{
	unsigned marks = 0;
	size_t i;
	int octet;

	for (i = 0; i < text.n; i++) {
		octet = (unsigned char)text.p[i];
		if (octet >= 0x80)
			marks |= MARK_FOREIGN;
		else if (octet < ' ' || octet == 0x7f)
			marks |= MARK_CONTROL;
	}
	return marks;
}

static unsigned
text_marks(struct str text)
{
	unsigned marks = str_within(text, ' ', '~') ? 0 : octet_marks(text);

	if (str_has(text, '\\'))
		marks |= MARK_BACKSLASH;
	if (text.n > 0 && (text.p[0] == '\'' || text.p[text.n - 1] == '\''))
		marks |= MARK_APOSTROPHE;
	return marks;
}

unsigned
record_marks(const struct record *record)
{
	unsigned marks = MARK_KIND(record->auth) | text_marks(record->text);

	if (first_problem(record) != NULL)
		marks |= MARK_PROBLEM;
	if (record->comment.source != NULL)
		marks |= MARK_COMMENT;
	if (record->string_count > 1)
		marks |= MARK_STRINGS;
	if (record->zone->escaped_owners && str_has(record->owner, '\\'))
		marks |= MARK_ESCAPED_OWNER;
	return marks;
}
