/*
 * Findings as text for people and for programs: one file per format, behind
 * begin, zone, end, so that memory stays one zone's worth.
 */
#ifndef OUTPUT_OUTPUT_H
#define OUTPUT_OUTPUT_H

#include "base/json.h"
#include "lint/lint.h"

/* What is told of a zone beside its findings; many have the same. */
struct zone_facts {
	size_t records;
	struct zone_standing standing;	/* of its apex */
	size_t dkim;			/* keys that are not revoked */
	size_t errors, warnings, notes;	/* not suppressed */
};

bool zone_facts_same(const struct zone_facts *, const struct zone_facts *);
/* Equal for those that are the same, and mostly only for those. */
uint32_t zone_facts_hash(const struct zone_facts *);

/* One zone that was read, as the zone object of JSON tells it. */
struct zone_summary {
	const struct zone *zone;
	const struct zone_facts *facts;
};

/* What a name server answers for one record (mailzone verify). */
struct served_row {
	struct str zone, server;
	const struct record *wanted;
	const char *state;		/* "published", "missing", ... */
	const struct record *found;	/* or the one in its place; NULL */
	struct str rdata;		/* of that one */
};

/* A finding as it is told, with the texts that are made for it. */
struct finding {
	const struct diag *diag;
	struct place start, end;
	struct str message, help;	/* help: STR_NONE */
	struct str fingerprint;
	struct buffer *room;		/* for the texts of its notes */
};

struct run_summary {
	size_t zones, records, errors, warnings, notes, suppressed;
	size_t failed_inputs;
};

enum {
	OUTPUT_RULES = 512,		/* more than there are */
	OUTPUT_FACTS = 64,
	OUTPUT_PARTS = 256
};

struct output {
	struct buffer *out;
	bool color;
	bool show_suppressed;
	size_t max_findings;		/* text only; 0 for all */
	size_t shown, hidden;
	struct place_finder related;	/* of notes */
	struct json json;
	unsigned part;			/* json, sarif: the open list */
	struct str group;		/* the path that a list is open for */
	/* sarif only: the rules that findings name, and the findings. */
	const struct rule *rules[OUTPUT_RULES];
	size_t rule_count;
	/* json, ndjson: parts of findings that others have, too. */
	struct part_text {
		struct part_key {
			const void *one, *other;
			size_t number;
		} key;			/* what it was made from */
		char text[328];
		size_t n;		/* 0: nothing is kept */
	} parts[OUTPUT_PARTS];
	/* ndjson only: what was said of zones. */
	struct facts_text {
		struct zone_facts facts;
		char text[320];
		size_t n;		/* 0: nothing is kept */
	} facts[OUTPUT_FACTS];
};

struct format {
	const char *name;
	const char *help;
	bool worst_first;		/* readers show only the first ones */
	size_t most;			/* findings; 0: any number */
	bool edits;			/* it tells what fixes change */
	bool texts;			/* it shows what stands in files */
	/* A finding is written the same whatever was written before. */
	bool apart;
	void (*begin)(struct output *);
	/* Sorted findings of all zones (suppressed ones are marked). */
	void (*finding)(struct output *, const struct finding *);
	void (*zone)(struct output *, const struct zone_summary *);
	void (*served)(struct output *, const struct served_row *);
	/* An input that could not be read. */
	void (*failure)(struct output *, struct str path, struct str why);
	void (*end)(struct output *, const struct run_summary *);
};

extern const struct format format_text, format_concise, format_json,
    format_ndjson, format_sarif, format_github, format_gitlab, format_junit,
    format_checkstyle, format_rdjsonl, format_markdown;
extern const struct format *const formats[];	/* ends with NULL */
const struct format *format_find(struct str name);	/* NULL: none */

/* path, line, column and message of an input that could not be read. */
void json_failure_fields(struct json *, struct str path, struct str why);

/*
 * For a terminal and for log files: bytes from files are shown, controls,
 * DEL, C1 and bidirectional marks as \xNN or \u202e; UTF-8 is kept.
 */
void write_shown(struct buffer *, struct str);
/* The same in Markdown, on one line: nothing in it is markup. */
void write_markdown(struct buffer *, struct str);
/* The same inside an element or a quoted attribute of XML. */
void write_xml(struct buffer *, struct str);
/*
 * Opens an element with the path as its name, unless it is open already, and
 * closes the one before; STR_NONE only closes.
 */
void write_group(struct output *, const char *element, struct str path);
/* The column of a place in characters, from 1, as SARIF counts. */
size_t place_characters(const struct place *);
/*
 * Words in lines of at most 79 columns, which are indented; the first word
 * stands at column, that is where the line is already.
 */
void write_wrapped(struct buffer *, struct str, size_t column, size_t indent);
/* An excerpt with the span underlined. */
void write_excerpt(struct output *, struct span, const struct place *start,
    int mark);

/*
 * A unified diff with three lines around each change, nothing when the texts
 * are equal; an old text of STR_NONE is a file that is not there yet.
 */
void write_diff(struct buffer *, struct str path, struct str old,
    struct str new);

/* ---- pages for people (page.c) ------------------------------------------- */

struct page {
	struct buffer *out;
	bool html;			/* else Markdown */
};

/* One of a table, which ends with heading NULL. */
struct column {
	const char *heading;		/* plain words */
	bool number;
};

/* Texts come as they are in files: what is markup in them is escaped here. */
void page_begin(const struct page *, struct str title);
void page_end(const struct page *);
/* Level 1 is the title of the page, which page_begin writes. */
void page_heading(const struct page *, unsigned level, struct str);
void page_paragraph(const struct page *, struct str);
/* Up to the first row; rows follow, and page_table_end. */
void page_table(const struct page *, struct str caption,
    const struct column *);
/* A cell for each column; the first one names the row. */
void page_row(const struct page *, const struct column *, const struct str *);
void page_table_end(const struct page *);

/* ---- manual pages (mdoc.c) ----------------------------------------------- */

/* A word, so that it is no macro at the start of a line and no escape. */
void write_mdoc_word(struct buffer *, struct str);
/* Text in short lines; each sentence starts a new one, as mdoc wants. */
void write_mdoc_text(struct buffer *, struct str);
/* A title and literal lines, too long ones cut. */
void write_mdoc_example(struct buffer *, const char *title, struct str text);

#endif
