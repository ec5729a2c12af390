/* mailzone tree as a picture (SVG) and as a graph (for Graphviz's dot). */
#include "base/arena.h"
#include "command/tree.h"

enum { ROW_HEIGHT = 24, INDENT = 24, LEFT = 16, WIDTH = 900 };

/* ---- words in dot -------------------------------------------------------- */

/* Inside double quotes, where a backslash escapes. */
static void
add_dot(struct buffer *out, struct str text)
{
	struct buffer shown = { 0 };
	struct str safe;
	size_t i;

	write_shown(&shown, text);
	safe = buffer_str(&shown);
	for (i = 0; i < safe.n; i++) {
		if (safe.p[i] == '"' || safe.p[i] == '\\')
			buffer_add_byte(out, '\\');
		buffer_add_byte(out, (unsigned char)safe.p[i]);
	}
	buffer_free(&shown);
}

static struct str
cost_words(struct arena *arena, const struct tree *tree,
    const struct tree_row *row)
{
	if (row->edge == NULL)
		return arena_printf(arena, "%.*s; %.*s",
		    STR_ARG(tree_lookups(arena, tree)),
		    STR_ARG(tree_voids(arena, tree)));
	return arena_printf(arena, "+%u, %u of %d%s%s%.*s", row->lookups,
	    row->total, SPF_MAX_LOOKUPS, row->repeated ? ", as above" : "",
	    row->remark.p != NULL ? ", " : "", STR_ARG(row->remark));
}

/* ---- svg ----------------------------------------------------------------- */

/* Both schemes have a contrast of more than 4.5 to 1. */
static const char style[] =
    "<style>text{font:14px monospace;fill:#1b1b1b}"
    ".cost{fill:#4a4a4a}.over{fill:#a40000;font-weight:bold}"
    "path{stroke:#6b6b6b;fill:none}rect{fill:#ffffff}"
    "@media (prefers-color-scheme:dark){text{fill:#f0f0f0}"
    ".cost{fill:#c8c8c8}.over{fill:#ff9d94}path{stroke:#a0a0a0}"
    "rect{fill:#161616}}</style>\n";

static unsigned
middle(size_t row)
{
	return (unsigned)row * ROW_HEIGHT + ROW_HEIGHT / 2 + LEFT;
}

static void
draw_row(struct buffer *out, struct arena *arena, const struct tree *tree,
    size_t i)
{
	const struct tree_row *row = &tree->rows[i];
	unsigned x = LEFT + row->depth * INDENT, y = middle(i);

	if (row->edge != NULL)
		buffer_printf(out, "<path d=\"M%u %uV%uH%u\"/>",
		    x - INDENT + 6, middle(row->parent) + 8, y, x - 4);
	buffer_printf(out, "<text x=\"%u\" y=\"%u\">", x, y + 5);
	write_xml(out, tree_label(tree, row));
	buffer_printf(out, " <tspan class=\"%s\">",
	    row->total > SPF_MAX_LOOKUPS ||
	    (row->edge == NULL && tree->cost->permerror) ? "over" : "cost");
	write_xml(out, cost_words(arena, tree, row));
	buffer_add_cstr(out, "</tspan></text>\n");
}

void
tree_write_svg(struct buffer *out, struct arena *arena,
    const struct tree *tree)
{
	unsigned height = (unsigned)tree->count * ROW_HEIGHT + 2 * LEFT;
	size_t i;

	buffer_printf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" "
	    "role=\"img\" aria-labelledby=\"title desc\" width=\"%d\" "
	    "height=\"%u\" viewBox=\"0 0 %d %u\">\n<title id=\"title\">SPF of ",
	    WIDTH, height, WIDTH, height);
	write_xml(out, name_show(tree->domain));
	buffer_add_cstr(out, "</title>\n<desc id=\"desc\">");
	write_xml(out, tree_lookups(arena, tree));
	buffer_add_cstr(out, "; ");
	write_xml(out, tree_voids(arena, tree));
	if (tree->cost->permerror) {
		buffer_add_cstr(out, "; receivers give up: ");
		write_xml(out, tree->cost->permerror_why);
	}
	buffer_add_cstr(out, "</desc>\n");
	buffer_add_cstr(out, style);
	buffer_add_cstr(out, "<rect width=\"100%\" height=\"100%\"/>\n");
	for (i = 0; i < tree->count; i++)
		draw_row(out, arena, tree, i);
	buffer_add_cstr(out, "</svg>\n");
}

/* ---- dot ----------------------------------------------------------------- */

void
tree_write_dot(struct buffer *out, struct arena *arena,
    const struct tree *tree)
{
	const struct tree_row *row;
	size_t i;

	buffer_add_cstr(out, "digraph spf {\n\tnode [shape=box];\n"
	    "\trankdir=LR;\n");
	for (i = 0; i < tree->count; i++) {
		row = &tree->rows[i];
		buffer_printf(out, "\tn%zu [label=\"", i);
		add_dot(out, tree_label(tree, row));
		buffer_add_cstr(out, "\\n");
		add_dot(out, cost_words(arena, tree, row));
		buffer_add_cstr(out, "\"];\n");
		if (row->edge != NULL)
			buffer_printf(out, "\tn%zu -> n%zu;\n", row->parent,
			    i);
	}
	buffer_add_cstr(out, "}\n");
}
