/*
 * What is refused is to be written otherwise: what a field cannot say is kept,
 * and what cannot be kept, either, is left.
 */
#include "import/writer.h"

/* Two things that are wrong with it are one step: who knows what else is. */
static bool
refuse_record(struct import_record *one)
{
	if (one != NULL && one->refused)
		return true;
	if (one == NULL || one->how == IMPORT_LEFT)
		return false;
	one->refused = true;
	one->why = one->how == IMPORT_KEPT ? "it cannot be kept, either" :
	    "no field says it";
	one->how = one->how == IMPORT_KEPT ? IMPORT_LEFT : IMPORT_KEPT;
	return true;
}

static bool
refuse_said(struct import_record *one)
{
	return one != NULL && one->how == IMPORT_SAID && refuse_record(one);
}

/* Whatever it said, at every domain. */
static bool
refuse_sender(struct import *import, const struct import_sender *sender)
{
	struct import_domain *domain;
	const struct import_link *link;
	struct import_record *one;
	bool changed = false;

	for (domain = import->domains; domain != NULL; domain = domain->next) {
		link = domain->senders;
		while (link != NULL && link->sender != sender)
			link = link->next;
		if (link == NULL)
			continue;
		changed |= refuse_said(domain->spf);
		for (one = domain->records; one != NULL; one = one->next)
			if (one->used)
				changed |= refuse_said(one);
	}
	return changed;
}

static bool
refuse_key(struct import *import, const struct import_key *key)
{
	struct import_domain *domain;
	struct import_record *one;
	bool changed = false;

	for (domain = import->domains; domain != NULL; domain = domain->next)
		for (one = domain->records; one != NULL; one = one->next)
			if (one->key == key)
				changed |= refuse_said(one);
	return changed;
}

static bool
refuse_records(struct import_domain *domain, enum import_how how,
    const char *why)
{
	struct import_record *one;
	bool changed = false;

	for (one = domain->records; one != NULL; one = one->next)
		if (one->how < how) {
			one->how = how;
			one->why = why;
			changed = true;
		}
	return changed;
}

/*
 * A domain that cannot be as it is: fields say nothing of it any more, next
 * its apex keeps its records, and last of all nobody does.
 */
static bool
refuse_domain(struct import_domain *domain)
{
	struct import_domain *below;
	bool changed;

	if (domain->parked) {
		domain->parked_refused = true;
		return true;
	}
	if (refuse_records(domain, IMPORT_KEPT, "no field says it"))
		return true;
	if (domain->refused)
		return false;
	domain->refused = true;
	if (domain->apex != domain)
		return true;
	changed = refuse_records(domain, IMPORT_LEFT, "the domain cannot be "
	    "in a configuration");
	for (below = domain->below; below != NULL; below = below->sibling)
		changed |= refuse_records(below, IMPORT_LEFT, "the domain "
		    "above cannot be in a configuration");
	return changed;
}

bool
import_refuse(struct import *import, size_t start, size_t end)
{
	const struct import_piece *piece;

	for (piece = import->pieces; piece != NULL; piece = piece->next) {
		if (start < piece->start || end > piece->end)
			continue;
		if (piece->record != NULL && refuse_record(piece->record))
			return true;
		if (piece->sender != NULL &&
		    refuse_sender(import, piece->sender))
			return true;
		if (piece->key != NULL && refuse_key(import, piece->key))
			return true;
		if (piece->domain != NULL && refuse_domain(piece->domain))
			return true;
	}
	return false;
}
