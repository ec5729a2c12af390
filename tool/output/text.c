/* For people: the finding, its place, the line with the part underlined. */
#include <stdio.h>

#include "output/output.h"

static const char *const level_colors[] = {
	[LEVEL_NOTE] = "\033[1;36m",
	[LEVEL_WARNING] = "\033[1;33m",
	[LEVEL_ERROR] = "\033[1;31m",
};

static void
write_arrow(struct output *output, struct span span,
    const struct place *place)
{
	struct span include = source_included(span.source);
	struct place from;

	buffer_add_cstr(output->out, "  --> ");
	write_shown(output->out, span.source->path);
	buffer_printf(output->out, ":%zu:%zu", place->line, place->column);
	if (!span_is_none(include)) {
		from = source_place(include.source, include.start);
		buffer_add_cstr(output->out, ", included from ");
		write_shown(output->out, include.source->path);
		buffer_printf(output->out, ":%zu", from.line);
	}
	buffer_add_byte(output->out, '\n');
}

static void
write_remark(struct output *output, const char *word, struct str text,
    size_t width)
{
	buffer_printf(output->out, " %*s = %s: ", (int)width, "", word);
	write_shown(output->out, text);
	buffer_add_byte(output->out, '\n');
}

static void
write_note(struct output *output, const struct note *note, size_t width,
    struct buffer *room)
{
	struct place place;

	write_remark(output, "note", saying_text(note->text, room), width);
	if (span_is_none(note->span))
		return;
	place = place_near(&output->related, note->span);
	write_arrow(output, note->span, &place);
	write_excerpt(output, note->span, &place, '-');
}

static void
write_zones(struct output *output, const struct diag *diag, size_t width)
{
	const struct diag_rest *rest = diag_rest(diag);
	size_t i, most = rest->zone_count < 5 ? rest->zone_count : 5;

	if (rest->zone_count < 2)
		return;
	buffer_printf(output->out, " %*s = note: the same in %zu zones: ",
	    (int)width, "", rest->zone_count);
	for (i = 0; i < most; i++) {
		if (i > 0)
			buffer_add_cstr(output->out, ", ");
		write_shown(output->out, rest->zones[i]);
	}
	buffer_add_cstr(output->out,
	    most < rest->zone_count ? ", ...\n" : "\n");
}

static void
write_finding(struct output *output, const struct finding *finding)
{
	const struct diag *diag = finding->diag;
	size_t width = (size_t)snprintf(NULL, 0, "%zu", finding->start.line);
	const struct note *note;

	if (output->max_findings != 0 &&
	    output->shown == output->max_findings) {
		output->hidden++;
		return;
	}
	if (output->shown++ > 0)
		buffer_add_byte(output->out, '\n');
	if (output->color)
		buffer_add_cstr(output->out, level_colors[diag->level]);
	buffer_printf(output->out, "%s[%s]", level_name(diag->level),
	    diag->rule->id);
	if (output->color)
		buffer_add_cstr(output->out, "\033[0m");
	if (diag->suppressed)
		buffer_add_cstr(output->out, " (suppressed)");
	buffer_add_cstr(output->out, ": ");
	write_shown(output->out, finding->message);
	buffer_add_byte(output->out, '\n');
	write_arrow(output, diag->span, &finding->start);
	write_excerpt(output, diag->span, &finding->start, '^');
	for (note = diag_rest(diag)->notes; note != NULL; note = note->next)
		write_note(output, note, width, finding->room);
	write_zones(output, diag, width);
	if (finding->help.p != NULL)
		write_remark(output, "help", finding->help, width);
	buffer_printf(output->out, " %*s = see: mailzone explain %s\n",
	    (int)width, "", diag->rule->id);
}

static void
write_end(struct output *output, const struct run_summary *summary)
{
	(void)summary;
	if (output->hidden > 0)
		buffer_printf(output->out,
		    "\n... and %zu more (see --statistics)\n",
		    output->hidden);
}

const struct format format_text = {
	.name = "text",
	.help = "for people: each finding with its line underlined",
	.texts = true,
	.finding = write_finding,
	.end = write_end,
};
