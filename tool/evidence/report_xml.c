/*
 * The long way through a document, by expat: all encodings, whatever XML
 * allows, and what is nearly XML.
 */
#include <string.h>

#include <expat.h>

#include "base/arena.h"
#include "evidence/reading.h"

/* ---- what expat calls ---------------------------------------------------- */

struct document {
	struct reading *reading;
	XML_Parser parser;
	bool ended;			/* the root was closed */
	/* Text of the field that is open. */
	char text[REPORT_FIELD];
	size_t length;
};

/* Nothing more is of interest. */
static void
stop(struct document *document)
{
	XML_StopParser(document->parser, XML_FALSE);
}

static bool
is_refused(const struct document *document)
{
	return document->reading->report->why.p != NULL;
}

static void XMLCALL
on_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
	struct document *document = context;

	(void)attributes;
	document->length = 0;
	if (!is_refused(document) &&
	    !reading_open(document->reading, str_from(name)))
		stop(document);
}

static void XMLCALL
on_end(void *context, const XML_Char *name)
{
	struct document *document = context;

	(void)name;
	/* An element without content ends in the same breath. */
	if (is_refused(document))
		return;
	document->ended = reading_close(document->reading, (struct str){
	    document->text, document->length }) &&
	    document->reading->depth == 0;
	if (document->ended || is_refused(document))
		stop(document);
}

static void XMLCALL
on_text(void *context, const XML_Char *text, int length)
{
	struct document *document = context;

	if (is_refused(document) ||
	    reading_element(document->reading) < FIELDS)
		return;
	if ((size_t)length > sizeof(document->text) - document->length) {
		reading_refuse(document->reading, arena_printf(
		    document->reading->arena, "a field is longer than %d "
		    "octets", REPORT_FIELD));
		stop(document);
		return;
	}
	memcpy(document->text + document->length, text, (size_t)length);
	document->length += (size_t)length;
}

/* A report needs none, and entities are how XML blows up. */
static void XMLCALL
on_doctype(void *context, const XML_Char *name, const XML_Char *system_id,
    const XML_Char *public_id, int has_internal)
{
	struct document *document = context;

	(void)name;
	(void)system_id;
	(void)public_id;
	(void)has_internal;
	reading_refuse(document->reading, STR("it has a document type "
	    "(DOCTYPE), which no report needs and which could hold harm"));
	stop(document);
}

/* ---- encodings ----------------------------------------------------------- */

/* The octets that follow the first one of a sequence; false: there is none. */
static bool
ends_sequence(struct cursor *in, int first)
{
	int second = cursor_peek(in);
	unsigned more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;

	if (first < 0xc2 || first > 0xf4 ||
	    (first == 0xe0 && second < 0xa0) ||
	    (first == 0xed && second > 0x9f) ||
	    (first == 0xf0 && second < 0x90) ||
	    (first == 0xf4 && second > 0x8f))
		return false;
	while (more-- > 0)
		if ((cursor_next(in) & 0xc0) != 0x80)
			return false;
	return true;
}

static bool
is_utf8(struct str text)
{
	struct cursor in = { text, 0 };
	uint64_t word;
	int byte;

	for (;;) {
		/* Most of it is ASCII, eight octets at a time. */
		while (in.text.n - in.here >= sizeof(word)) {
			memcpy(&word, in.text.p + in.here, sizeof(word));
			if ((word & UINT64_C(0x8080808080808080)) != 0)
				break;
			in.here += sizeof(word);
		}
		byte = cursor_next(&in);
		if (byte == END)
			return true;
		if (byte >= 0x80 && !ends_sequence(&in, byte))
			return false;
	}
}

/* UTF-16 tells itself; for others the octets are believed, not the label. */
static const char *
encoding_of(struct str xml)
{
	if (str_starts(xml, STR("\xff\xfe")) ||
	    str_starts(xml, STR("\xfe\xff")) ||
	    str_starts(xml, (struct str){ "<\0", 2 }) ||
	    str_starts(xml, (struct str){ "\0<", 2 }))
		return NULL;
	return is_utf8(xml) ? "UTF-8" : "ISO-8859-1";
}

/* ---- what is nearly XML -------------------------------------------------- */

/* "&amp;", "&#38;": a reference, and not an ampersand that nobody escaped. */
static bool
is_reference(struct str text)
{
	struct cursor in = { text, 1 };
	bool any = false;
	int byte;

	cursor_accept(&in, '#');
	while (byte_is_letter(byte = cursor_peek(&in)) || byte_is_digit(byte)) {
		cursor_next(&in);
		any = true;
	}
	return any && byte == ';';
}

/* Ampersands become references, controls blanks; false: there are none. */
static bool
mend(struct str xml, struct buffer *out)
{
	size_t start = 0, i;
	bool ampersand, control;

	for (i = 0; i < xml.n; i++) {
		control = (unsigned char)xml.p[i] < ' ' &&
		    !str_has(STR("\t\r\n"), xml.p[i]);
		ampersand = xml.p[i] == '&' &&
		    !is_reference(str_slice(xml, i, i + 16));
		if (!control && !ampersand)
			continue;
		buffer_add(out, str_slice(xml, start, i));
		buffer_add_cstr(out, ampersand ? "&amp;" : " ");
		start = i + 1;
	}
	buffer_add(out, str_after(xml, start));
	return start > 0 && out->n <= INT32_MAX;
}

/* ---- the whole of it ----------------------------------------------------- */

static void
tell_error(const struct document *document, struct str xml)
{
	enum XML_Error error = XML_GetErrorCode(document->parser);
	struct arena *arena = document->reading->arena;

	if (error == XML_ERROR_NO_MEMORY)
		arena_array(arena, SIZE_MAX, 2);
	if (error == XML_ERROR_NO_ELEMENTS ||
	    error == XML_ERROR_UNCLOSED_TOKEN ||
	    error == XML_ERROR_PARTIAL_CHAR)
		reading_refuse(document->reading, arena_printf(arena,
		    "it is cut off after %zu octets", xml.n));
	else
		reading_refuse(document->reading, arena_printf(arena,
		    "line %lu: it is no XML: %s", (unsigned long)
		    XML_GetCurrentLineNumber(document->parser),
		    XML_ErrorString(error)));
}

/* False when it is not even well-formed, which the report tells. */
static bool
parse(struct str xml, const char *encoding, struct reading *reading)
{
	XML_Parser parser = XML_ParserCreate(encoding);
	struct document document = { .reading = reading, .parser = parser };
	bool well_formed;

	if (parser == NULL)
		arena_array(reading->arena, SIZE_MAX, 2);
	XML_SetUserData(parser, &document);
	XML_SetElementHandler(parser, on_start, on_end);
	XML_SetCharacterDataHandler(parser, on_text);
	XML_SetStartDoctypeDeclHandler(parser, on_doctype);
	well_formed = XML_Parse(parser, xml.p, (int)xml.n, XML_TRUE) !=
	    XML_STATUS_ERROR || document.ended || is_refused(&document);
	if (!well_formed)
		tell_error(&document, xml);
	XML_ParserFree(parser);
	return well_formed;
}

void
report_parse_xml(struct arena *arena, struct str xml,
    struct reading *reading, struct report *report)
{
	struct buffer mended = { 0 };
	const char *encoding;

	reading_start(reading, arena, report);
	if (xml.n > INT32_MAX) {
		reading_refuse(reading, STR("it is longer than 2 GB"));
		return;
	}
	encoding = encoding_of(xml);
	if (!parse(xml, encoding, reading) && encoding != NULL &&
	    mend(xml, &mended)) {
		reading_start(reading, arena, report);
		parse(buffer_str(&mended), encoding, reading);
	}
	buffer_free(&mended);
}
