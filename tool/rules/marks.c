/*
 * What is seen of a record at a glance: most rules look for something that few
 * records have, and are not asked about the others.
 */
#include "rules/check.h"

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

static unsigned
spf_marks(const struct spf *spf)
{
	const struct spf_term *term;
	unsigned marks = 0;

	for (term = spf->terms; term != NULL; term = term->next)
		marks |= MARK_TERM(term->kind) |
		    (term->macro ? (unsigned)MARK_MACRO : 0);
	return marks;
}

/* A mark where there is something. */
static unsigned
mark_if(bool there, unsigned mark)
{
	return there ? mark : 0;
}

static unsigned
dkim_marks(const struct dkim *dkim)
{
	return mark_if(dkim->bits > 0 && dkim->key_algorithm == DKIM_RSA,
	    MARK_RSA) |
	    mark_if(dkim->revoked, MARK_REVOKED) |
	    mark_if(dkim->h != NULL || dkim->s != NULL || dkim->t != NULL ||
	    dkim->g != NULL, MARK_FLAGS);
}

static bool
is_plain_list(const struct report_uri *uri)
{
	while (uri != NULL && uri->problem == URI_FINE && uri->size.p == NULL)
		uri = uri->next;
	return uri == NULL;
}

static unsigned
dmarc_marks(const struct dmarc *dmarc)
{
	return mark_if(dmarc->pct != NULL, MARK_PCT) |
	    mark_if(dmarc->t != NULL, MARK_TEST) |
	    mark_if(dmarc->sp != NULL, MARK_SP) |
	    mark_if(dmarc->np != NULL, MARK_NP) |
	    mark_if(dmarc->psd != NULL, MARK_PSD) |
	    mark_if(dmarc->ruf != NULL, MARK_RUF) |
	    mark_if(dmarc->fo != NULL, MARK_FO) |
	    mark_if(dmarc->ri != NULL || dmarc->rf != NULL, MARK_HISTORIC) |
	    mark_if(dmarc->unknown, MARK_UNKNOWN_TAG) |
	    mark_if(!is_plain_list(dmarc->rua_list) ||
	    !is_plain_list(dmarc->ruf_list), MARK_URI);
}

static unsigned
kind_marks(const struct record *record)
{
	switch (record->auth) {
	case AUTH_SPF:
		return spf_marks(record->spf);
	case AUTH_DKIM:
		return dkim_marks(record->dkim);
	case AUTH_DMARC:
		return dmarc_marks(record->dmarc);
	default:
		return 0;
	}
}

unsigned
record_marks(const struct record *record)
{
	unsigned marks = MARK_KIND(record->auth) | text_marks(record->text) |
	    kind_marks(record);

	if (first_problem(record) != NULL)
		marks |= MARK_PROBLEM;
	if (record->comment.source != NULL)
		marks |= MARK_COMMENT;
	if (record->string_count > 1)
		marks |= MARK_STRINGS;
	if (record->zone->contents->escaped_owners &&
	    str_has(record->owner, '\\'))
		marks |= MARK_ESCAPED_OWNER;
	return marks;
}
