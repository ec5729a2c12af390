/*
 * Pages for people: headings, paragraphs and tables, as Markdown or as one
 * self-contained HTML file. Whatever comes from files is text in them, never
 * markup.
 */

#include "output/output.h"

/* System colors follow light and dark; nothing is loaded from anywhere. */
static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, "
    "initial-scale=1\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
    "'none'; style-src 'unsafe-inline'; img-src data:\">\n"
    "<link rel=\"icon\" href=\"data:,\">\n<style>\n"
    ":root { color-scheme: light dark }\n"
    "body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; "
    "max-width: 80rem; padding: 1rem; color: CanvasText; "
    "background: Canvas }\n"
    "table { border-collapse: collapse; margin: 1rem 0; width: 100% }\n"
    "caption { text-align: left; font-weight: bold; padding: .25rem 0 }\n"
    "th, td { border: 1px solid GrayText; padding: .25rem .5rem; "
    "text-align: left; vertical-align: top; overflow-wrap: anywhere; "
    "min-width: 6rem }\n"
    "tbody th { min-width: 9rem }\n"
    ".n { text-align: right; font-variant-numeric: tabular-nums; "
    "white-space: nowrap; min-width: 0 }\n"
    "</style>\n<title>";

/* Markdown has no end of characters that mean something. */
void
write_markdown(struct buffer *out, struct str text)
{
	struct buffer shown = { 0 };
	struct cursor in;
	int byte;

	write_shown(&shown, text);
	in = (struct cursor){ buffer_str(&shown), 0 };
	while ((byte = cursor_next(&in)) != END) {
		if (str_has(STR("\\`*_[]<>|#&!~"), byte))
			buffer_add_byte(out, '\\');
		buffer_add_byte(out, byte == '\n' ? ' ' : byte);
	}
	buffer_free(&shown);
}

static void
write_text(const struct page *page, struct str text)
{
	if (page->html)
		write_xml(page->out, text);
	else
		write_markdown(page->out, text);
}

void
page_begin(const struct page *page, struct str title)
{
	if (page->html) {
		buffer_add_cstr(page->out, head);
		write_text(page, title);
		buffer_add_cstr(page->out, "</title>\n</head>\n"
		    "<body>\n<main>\n");
	}
	page_heading(page, 1, title);
}

void
page_end(const struct page *page)
{
	if (page->html)
		buffer_add_cstr(page->out, "</main>\n</body>\n</html>\n");
}

void
page_heading(const struct page *page, unsigned level, struct str text)
{
	if (page->html)
		buffer_printf(page->out, "<h%u>", level);
	else {
		if (level > 1)
			buffer_add_byte(page->out, '\n');
		buffer_add_repeated(page->out, '#', level);
		buffer_add_byte(page->out, ' ');
	}
	write_text(page, text);
	if (page->html)
		buffer_printf(page->out, "</h%u>", level);
	buffer_add_byte(page->out, '\n');
}

void
page_paragraph(const struct page *page, struct str text)
{
	buffer_add_cstr(page->out, page->html ? "<p>" : "\n");
	write_text(page, text);
	buffer_add_cstr(page->out, page->html ? "</p>\n" : "\n");
}

/* ---- tables -------------------------------------------------------------- */

void
page_table(const struct page *page, struct str caption,
    const struct column *columns)
{
	const struct column *column;

	if (!page->html) {
		page_paragraph(page, caption);
		buffer_add_cstr(page->out, "\n|");
		for (column = columns; column->heading != NULL; column++)
			buffer_printf(page->out, " %s |", column->heading);
		buffer_add_cstr(page->out, "\n|");
		for (column = columns; column->heading != NULL; column++)
			buffer_add_cstr(page->out, column->number ?
			    " ---: |" : " --- |");
		buffer_add_byte(page->out, '\n');
		return;
	}
	buffer_add_cstr(page->out, "<table>\n<caption>");
	write_text(page, caption);
	buffer_add_cstr(page->out, "</caption>\n<thead>\n<tr>");
	for (column = columns; column->heading != NULL; column++)
		buffer_printf(page->out, "<th scope=\"col\"%s>%s</th>",
		    column->number ? " class=\"n\"" : "", column->heading);
	buffer_add_cstr(page->out, "</tr>\n</thead>\n<tbody>\n");
}

/* The first cell names the row. */
void
page_row(const struct page *page, const struct column *columns,
    const struct str *cells)
{
	const char *element = "th scope=\"row\"", *end = "th";
	size_t i;

	buffer_add_cstr(page->out, page->html ? "<tr>" : "|");
	for (i = 0; columns[i].heading != NULL; i++) {
		if (page->html)
			buffer_printf(page->out, "<%s%s>", element,
			    columns[i].number ? " class=\"n\"" : "");
		else
			buffer_add_byte(page->out, ' ');
		write_text(page, cells[i]);
		if (page->html)
			buffer_printf(page->out, "</%s>", end);
		else
			buffer_add_cstr(page->out, " |");
		element = end = "td";
	}
	buffer_add_cstr(page->out, page->html ? "</tr>\n" : "\n");
}

void
page_table_end(const struct page *page)
{
	if (page->html)
		buffer_add_cstr(page->out, "</tbody>\n</table>\n");
}
