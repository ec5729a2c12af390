/*
 * What the readers of containers share. They call each other as long as
 * something is packed.
 */
#ifndef EVIDENCE_CONTAINER_H
#define EVIDENCE_CONTAINER_H

#include "evidence/evidence.h"

/* A file that is being opened. */
struct opening {
	struct arena *arena;
	struct container_room *room;
	report_visit *visit;
	void *context;
	unsigned depth;			/* containers that are open */
	size_t unpacked;		/* octets so far, of all of them */
	struct str part;		/* entry of a zip that is open */
	bool found;			/* something was visited */
	bool stopped;			/* the visitor wants no more */
};

/* Whatever it is; false when it is nothing that could hold a report. */
bool opening_read(struct opening *, struct str octets);

/* (mail.c) False when it is no mail, or one without a report. */
bool mail_read(struct opening *, struct str octets);
bool mbox_read(struct opening *, struct str octets);
/* The room for one level more; NULL after telling that there are too many. */
struct buffer *opening_go_down(struct opening *);

#endif
