/* How findings are told, in the order in which they are listed. */
#include "base/arena.h"
#include "base/file.h"
#include "base/worker.h"
#include "command/judgement.h"

enum {
	FLUSH_BYTES = 1 << 20,
	LEVELS = LEVEL_ERROR + 1,
	PIECE = 256,			/* findings that a thread writes */
	PIECES = 32			/* which wait for each other */
};

/* ---- one finding --------------------------------------------------------- */

static bool
is_written(const struct output *output, const struct diag *diag)
{
	return !diag->suppressed || output->show_suppressed;
}

/* What one finding after the other is told with. */
struct teller {
	const struct format *format;
	struct output *output;
	struct place_finder starts, ends;
	struct buffer message, help, note;
};

/*
 * An end mostly stands in the line of its start; else near it, or ahead of it
 * where the last one ended.
 */
static struct place
end_of(struct place_finder *ends, const struct place_finder *starts,
    const struct place *start, struct span span)
{
	struct str text = span_text(span);
	struct place end = *start;

	if (text.p != NULL && span.end >= span.start &&
	    !str_has(text, '\n')) {
		end.column += text.n;
		return end;
	}
	if (ends->source != starts->source || ends->start < starts->start)
		*ends = *starts;
	return place_find(ends, span.end);
}

static void
tell(struct teller *teller, const struct diag *diag)
{
	char fingerprint[FINGERPRINT_MAX];
	struct finding finding;

	finding.diag = diag;
	finding.room = &teller->note;
	finding.message = saying_text(diag->message, &teller->message);
	finding.help = saying_text(diag->help, &teller->help);
	finding.fingerprint = diag_fingerprint(diag, fingerprint);
	finding.start = place_near(&teller->starts, diag->span);
	finding.end = end_of(&teller->ends, &teller->starts, &finding.start,
	    diag->span);
	teller->format->finding(teller->output, &finding);
}

static void
free_teller(struct teller *teller)
{
	buffer_free(&teller->message);
	buffer_free(&teller->help);
	buffer_free(&teller->note);
}

/* ---- one after the other ------------------------------------------------- */

/* How many findings of each level a format takes: of too many the worst. */
static void
share_out(const struct judgement *judgement, struct output *output,
    size_t most, size_t quota[LEVELS])
{
	size_t left = most == 0 ? SIZE_MAX : most;
	const struct diag *diag;
	int level;

	for (diag = judgement->diags.first; diag != NULL; diag = diag->next)
		quota[diag->level] += is_written(output, diag);
	for (level = LEVEL_ERROR; level >= LEVEL_OFF; level--) {
		if (quota[level] > left) {
			output->hidden += quota[level] - left;
			quota[level] = left;
		}
		left -= quota[level];
	}
}

static void
write_quota(struct judgement *judgement, const struct format *format,
    struct output *output, size_t quota[LEVELS], struct run *flush)
{
	struct teller teller = { .format = format, .output = output };
	const struct diag *diag;

	for (diag = judgement->diags.first; diag != NULL; diag = diag->next) {
		if (!is_written(output, diag) || quota[diag->level] == 0)
			continue;
		quota[diag->level]--;
		tell(&teller, diag);
		if (flush != NULL && output->out->n > FLUSH_BYTES)
			run_flush(flush);
	}
	free_teller(&teller);
}

/* ---- several at once ----------------------------------------------------- */

/* Some that follow each other. */
struct piece {
	const struct diag *first;
	size_t count;
	/*
	 * Where each finding is. Of so many of them the lines are counted from
	 * that of the first one, and how many lie before the next piece is
	 * counted, too: that is done by all pieces at once.
	 */
	struct place_finder places[PIECE];
	size_t counted, lines;
	bool starts;			/* from the start of the source */
	struct buffer text;
};

/* Pieces that are written at the same time. */
struct pieces {
	const struct format *format;
	struct output *outputs;		/* of each thread */
	struct piece list[PIECES];
	size_t count;
	/* Where the last piece begins; in which line the next one does. */
	struct span last;
	size_t line;
};

static bool
follows(struct span here, struct span before)
{
	return here.source == before.source && here.start >= before.start;
}

/* Returns what follows it. */
static const struct diag *
cut_piece(struct pieces *pieces, const struct diag *diag)
{
	struct piece *piece = &pieces->list[pieces->count++];

	piece->starts = !follows(diag->span, pieces->last);
	pieces->last = diag->span;
	piece->first = diag;
	piece->counted = piece->lines = 0;
	for (piece->count = 0; diag != NULL && piece->count < PIECE;
	    diag = diag->next)
		piece->count++;
	return diag;
}

static void
find_places(void *context, unsigned worker, size_t job)
{
	struct piece *piece = &((struct pieces *)context)->list[job];
	const struct span first = piece->first->span;
	const struct diag *diag = piece->first;
	struct place_finder finder = { .source = first.source };
	struct str before;
	size_t i, end;

	(void)worker;
	if (!piece->starts) {
		before = str_slice(first.source->text, 0, first.start);
		end = str_find_last(before, '\n');
		finder.start = end == before.n ? 0 : end + 1;
	}
	for (i = 0; i < piece->count; i++, diag = diag->next) {
		piece->counted += diag->span.source == first.source &&
		    piece->counted == i;
		place_near(&finder, diag->span);
		piece->places[i] = finder;
	}
	if (diag == NULL || !follows(diag->span, first))
		return;
	if (piece->counted < piece->count)
		finder = piece->places[0];
	place_near(&finder, diag->span);
	piece->lines = finder.line;
}

static void
number_lines(struct pieces *pieces)
{
	struct piece *piece;
	size_t i, k;

	for (i = 0; i < pieces->count; i++) {
		piece = &pieces->list[i];
		if (piece->starts)
			pieces->line = 0;
		for (k = 0; k < piece->counted; k++)
			piece->places[k].line += pieces->line;
		pieces->line += piece->lines;
	}
}

static void
write_piece(void *context, unsigned worker, size_t job)
{
	struct pieces *pieces = context;
	struct piece *piece = &pieces->list[job];
	struct teller teller = { .format = pieces->format,
	    .output = &pieces->outputs[worker] };
	const struct diag *diag = piece->first;
	size_t i;

	teller.output->out = &piece->text;
	for (i = 0; i < piece->count; i++, diag = diag->next) {
		teller.starts = piece->places[i];
		if (is_written(teller.output, diag))
			tell(&teller, diag);
	}
	free_teller(&teller);
}

/* In their order; their room is used again. */
static void
flush_pieces(struct pieces *pieces, struct run *run)
{
	struct buffer written;
	size_t i;

	for (i = 0; i < pieces->count; i++) {
		run_flush(run);
		written = run->out;
		run->out = pieces->list[i].text;
		pieces->list[i].text = written;
	}
	run_flush(run);
}

static void
write_pieces(const struct judgement *judgement, const struct format *format,
    const struct output *output, struct run *run)
{
	struct arena *arena = arena_new();
	struct pieces *pieces = ARENA_NEW(arena, struct pieces);
	const struct diag *diag = judgement->diags.first;
	size_t i;

	pieces->format = format;
	pieces->outputs = ARENA_ARRAY(arena, run->jobs, struct output);
	for (i = 0; i < run->jobs; i++)
		pieces->outputs[i] = *output;
	while (diag != NULL) {
		for (pieces->count = 0; pieces->count < PIECES &&
		    diag != NULL;)
			diag = cut_piece(pieces, diag);
		workers_run(run->jobs, pieces->count, find_places, pieces);
		number_lines(pieces);
		workers_run(run->jobs, pieces->count, write_piece, pieces);
		flush_pieces(pieces, run);
	}
	for (i = 0; i < PIECES; i++)
		buffer_free(&pieces->list[i].text);
	arena_free(arena);
}

/* ---- all ----------------------------------------------------------------- */

void
judgement_write(struct judgement *judgement, const struct format *format,
    struct output *output, struct run *flush)
{
	size_t quota[LEVELS] = { 0 }, one[LEVELS] = { 0 };
	int level;

	if (format->apart && flush != NULL && flush->jobs > 1 &&
	    judgement->diags.count > PIECE) {
		write_pieces(judgement, format, output, flush);
		return;
	}
	share_out(judgement, output, format->most, quota);
	if (!format->worst_first) {
		write_quota(judgement, format, output, quota, flush);
		return;
	}
	for (level = LEVEL_ERROR; level > LEVEL_OFF; level--) {
		one[level] = quota[level];
		write_quota(judgement, format, output, one, flush);
	}
}

void
judgement_report(struct judgement *judgement, const struct format *format,
    struct output *output, struct run *flush)
{
	size_t i;

	if (format->begin != NULL)
		format->begin(output);
	judgement_write(judgement, format, output, flush);
	for (i = 0; format->zone != NULL && i < judgement->zone_count; i++) {
		format->zone(output, &judgement->zones[i]);
		if (flush != NULL && output->out->n > FLUSH_BYTES)
			run_flush(flush);
	}
	if (format->failure != NULL)
		run_tell_failures(judgement->run, format, output);
	for (i = 0; format->served != NULL && i < judgement->answer_count;
	    i++)
		format->served(output, &judgement->answers[i]);
	if (format->end != NULL)
		format->end(output, &judgement->summary);
}

/* --report FORMAT:PATH */
void
judgement_report_to(struct judgement *judgement, struct str report)
{
	struct run *run = judgement->run;
	size_t colon = str_find(report, ':');
	const struct format *format = format_find(str_slice(report, 0, colon));
	struct str path = str_after(report, colon + 1);
	struct buffer out = { 0 };
	struct output output = { .out = &out };

	if (format == NULL || path.n == 0) {
		run_usage(run, "--report takes FORMAT:PATH, not \"%.*s\"",
		    STR_ARG(report));
		return;
	}
	output.show_suppressed = option_given(run, "show-suppressed");
	judgement_report(judgement, format, &output, NULL);
	if (!file_write(path, buffer_str(&out), 0644))
		run_fail_errno(run, path);
	buffer_free(&out);
}
