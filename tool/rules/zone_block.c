/* The blocks that generate keeps in zone files. */
#include "rules/check.h"

typedef void block_check(struct lint *, const struct source *,
    const struct block *);

/* Calls for every block in the files of the zone. */
static void
for_each_block(struct lint *lint, block_check *check)
{
	const struct zone_contents *contents = lint->zone->contents;
	const struct source *source;
	struct block block;
	size_t i, offset;

	/* Comments next to mistakes have not been read. */
	if (!contents->marked && contents->problem_count == 0)
		return;
	for (i = 0; i < contents->source_count; i++) {
		source = contents->sources[i];
		offset = 0;
		while (block_next(lint->arena, source->text, &offset, &block))
			check(lint, source, &block);
	}
}

/* The line of the mark. */
static struct span
mark_of(const struct source *source, const struct block *block)
{
	struct str line = str_after(source->text, block->start);

	line.n = str_find(line, '\n');
	if (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	return (struct span){ source, block->start, block->start + line.n };
}

/* ---- edited -------------------------------------------------------------- */

static void
tell_edited(struct lint *lint, const struct source *source,
    const struct block *block)
{
	struct diag *diag;

	if (block->state == BLOCK_OPEN)
		diag = complain(lint, mark_of(source, block), "the generated "
		    "block of %.*s has no end, so mailzone does not touch "
		    "it", STR_ARG(block->name));
	else if (block->state == BLOCK_EDITED)
		diag = complain(lint, mark_of(source, block), "the generated "
		    "block of %.*s was edited by hand, and the edit would be "
		    "lost", STR_ARG(block->name));
	else
		return;
	diag_about(lint, diag, block->name);
	diag_help(lint, diag, "take the edit into the configuration, remove "
	    "the block, and run mailzone generate again");
}

static void
check_edited(struct lint *lint)
{
	for_each_block(lint, tell_edited);
}

#define BLOCK(hash) \
	"; BEGIN mailzone example.com sha256:" hash "\n" \
	"@ 3600 IN TXT \"v=spf1 ip4:198.51.100.25 ~all\"\n" \
	"; END mailzone example.com\n"

static const struct rule edited = {
	.id = "zone-block-edited",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_ZONE,
	.summary = "generated block was edited by hand",
	.rationale = "What stands between the marks is made from the "
	    "configuration, and the mark holds a digest of it. With another "
	    "digest somebody has edited the text: mailzone does not overwrite "
	    "it, so that the zone and the configuration say different things "
	    "until a person decides.",
	.citation = "mailzone(1), generate --in-place",
	.bad = QUIET_SOA QUIET_MX QUIET_DMARC BLOCK("0000000000000000"),
	.good = QUIET_SOA QUIET_MX QUIET_DMARC BLOCK("b73fa85f2d402afd"),
	.check = check_edited,
};

/* ---- in each other's way ------------------------------------------------- */

static void
tell_second(struct lint *lint, const struct source *source,
    const struct block *block)
{
	size_t offset = 0;
	struct block first;
	struct diag *diag;

	/* The first of this name may be this one. */
	while (block_next(lint->arena, source->text, &offset, &first) &&
	    first.start < block->start)
		if (str_equal(first.name, block->name)) {
			diag = complain(lint, mark_of(source, block), "this "
			    "is the second block of %.*s: only the first is "
			    "renewed, and what this one says contradicts it "
			    "one day", STR_ARG(block->name));
			diag_note(lint, diag, mark_of(source, &first),
			    "the first one");
			diag_about(lint, diag, block->name);
			return;
		}
}

static void
check_conflict(struct lint *lint)
{
	for_each_block(lint, tell_second);
}

static const struct rule conflict = {
	.id = "zone-block-conflict",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_ZONE,
	.summary = "records beside a generated block contradict it",
	.rationale = "Two SPF records, or a CNAME beside a policy, are read "
	    "by nobody. Where a record outside of the block stands in the "
	    "way of a generated one, generate names it and writes nothing; "
	    "a block that was copied is such a case. One whose domain left "
	    "the configuration stays, and nobody renews its records.",
	.citation = "mailzone(1), generate --in-place",
	.bad = QUIET_SOA QUIET_MX QUIET_DMARC BLOCK("b73fa85f2d402afd")
	    BLOCK("b73fa85f2d402afd"),
	.good = QUIET_SOA QUIET_MX QUIET_DMARC BLOCK("b73fa85f2d402afd"),
	.check = check_conflict,
};

const struct rule *const zone_block_rules[] = {
	&edited, &conflict, NULL
};
