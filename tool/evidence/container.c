/*
 * Where reports are found: gzip, zip, mail, and each in the other. What
 * something is, its first octets say, not its name.
 */

/* zlib reads what it is given. */
#define ZLIB_CONST
#include <zip.h>
#include <zlib.h>

#include "base/arena.h"
#include "evidence/container.h"

void
container_room_free(struct container_room *room)
{
	size_t i;

	for (i = 0; i < CONTAINER_DEPTH; i++)
		buffer_free(&room->levels[i]);
}

/* ---- handing on ---------------------------------------------------------- */

/* Hands on a report; of one that is refused with the part that it is in. */
static void
hand_on(struct opening *opening, struct report *report)
{
	if (report->why.p != NULL && opening->part.n > 0)
		report->why = arena_printf(opening->arena, STR_QUOTE
		    " in it: %.*s", STR_QUOTE_ARG(opening->part),
		    STR_ARG(report->why));
	opening->found = true;
	opening->stopped = !opening->visit(opening->context, report);
}

static void
tell(struct opening *opening, const char *why)
{
	struct report report = { .why = str_from(why) };

	hand_on(opening, &report);
}

struct buffer *
opening_go_down(struct opening *opening)
{
	if (opening->depth == CONTAINER_DEPTH) {
		tell(opening, "it is packed into itself too "
		    "often");
		return NULL;
	}
	buffer_clear(&opening->room->levels[opening->depth]);
	return &opening->room->levels[opening->depth++];
}

/* Why no more is unpacked; NULL: go on. */
static const char *
too_much(const struct opening *opening, size_t packed, size_t unpacked)
{
	if (unpacked > 1024 * 1024 && unpacked / CONTAINER_RATIO > packed)
		return "it unpacks to more than 400 times its size";
	if (opening->unpacked + unpacked > CONTAINER_SIZE)
		return "it unpacks to more than 512 MB";
	return NULL;
}

/* ---- gzip (RFC 1952) ----------------------------------------------------- */

enum { PIECE = 64 * 1024 };

/* All members into the buffer; what is wrong, or NULL. */
static const char *
inflate_into(struct opening *opening, struct str packed, struct buffer *out)
{
	/* 32: the header says whether it is gzip or zlib. */
	const int gzip_or_zlib = 32 + MAX_WBITS;
	z_stream stream = { 0 };
	unsigned char piece[PIECE];
	const char *why = NULL;
	int status;

	if (inflateInit2(&stream, gzip_or_zlib) != Z_OK)
		return "there is no memory to unpack it";
	stream.next_in = (const unsigned char *)packed.p;
	stream.avail_in = (uInt)packed.n;
	do {
		stream.next_out = piece;
		stream.avail_out = sizeof(piece);
		status = inflate(&stream, Z_NO_FLUSH);
		buffer_add(out, (struct str){ (const char *)piece,
		    sizeof(piece) - stream.avail_out });
		why = too_much(opening, packed.n, out->n);
		/* Another member may follow; padding is none. */
		if (status == Z_STREAM_END && stream.avail_in > 1 &&
		    stream.next_in[0] == 0x1f && stream.next_in[1] == 0x8b)
			status = inflateReset(&stream);
	} while (why == NULL && status == Z_OK);
	inflateEnd(&stream);
	if (why != NULL || status == Z_STREAM_END)
		return why;
	return status == Z_BUF_ERROR ? "its gzip data is cut off" :
	    "its gzip data is damaged";
}

static void
open_gzip(struct opening *opening, struct str packed)
{
	struct buffer *out = opening_go_down(opening);
	const char *why;

	if (out == NULL)
		return;
	why = packed.n > UINT32_MAX ? "it is longer than 4 GB" :
	    inflate_into(opening, packed, out);
	opening->unpacked += out->n;
	if (why != NULL)
		tell(opening, why);
	else if (!opening_read(opening, buffer_str(out)))
		tell(opening, "what it unpacks to is no report");
	opening->depth--;
}

/* ---- zip ----------------------------------------------------------------- */

/* One entry into the buffer; what is wrong, or NULL. */
static const char *
unzip_into(struct opening *opening, zip_t *archive, zip_uint64_t index,
    size_t packed, struct buffer *out)
{
	zip_file_t *entry = zip_fopen_index(archive, index, 0);
	unsigned char piece[PIECE];
	const char *why = NULL;
	zip_int64_t got = 0;

	if (entry == NULL)
		return zip_error_code_zip(zip_get_error(archive)) ==
		    ZIP_ER_NOPASSWD ? "it is encrypted" :
		    "its zip entry cannot be unpacked";
	while (why == NULL &&
	    (got = zip_fread(entry, piece, sizeof(piece))) > 0) {
		buffer_add(out, (struct str){ (const char *)piece,
		    (size_t)got });
		why = too_much(opening, packed, out->n);
	}
	/* Only closing compares the checksum of a damaged entry. */
	if (zip_fclose(entry) != 0 || got < 0)
		return why != NULL ? why : "its zip entry is damaged";
	return why;
}

static bool
is_no_file(const char *name)
{
	struct str text = str_from(name);

	/* Some reporters leave the name empty. */
	return str_ends(text, STR("/")) ||
	    str_starts(text, STR("__MACOSX/"));
}

static void
open_entry(struct opening *opening, zip_t *archive, zip_uint64_t index,
    size_t packed)
{
	const char *name = zip_get_name(archive, index, ZIP_FL_ENC_RAW);
	struct str outer = opening->part;
	struct buffer *out;
	const char *why;

	if (name == NULL || is_no_file(name) ||
	    (out = opening_go_down(opening)) == NULL)
		return;
	opening->part = str_from(name);
	why = unzip_into(opening, archive, index, packed, out);
	opening->unpacked += out->n;
	if (why != NULL)
		tell(opening, why);
	else if (!opening_read(opening, buffer_str(out)))
		tell(opening, "it is no report");
	opening->part = outer;
	opening->depth--;
}

static void
open_zip(struct opening *opening, struct str packed)
{
	zip_source_t *source;
	zip_t *archive = NULL;
	zip_int64_t count, i;
	bool found = opening->found;

	source = zip_source_buffer_create(packed.p, packed.n, 0, NULL);
	if (source != NULL)
		archive = zip_open_from_source(source, ZIP_RDONLY, NULL);
	if (archive == NULL) {
		zip_source_free(source);
		tell(opening, "its zip data is cut off or "
		    "damaged");
		return;
	}
	count = zip_get_num_entries(archive, 0);
	opening->found = false;
	for (i = 0; i < count && !opening->stopped; i++)
		open_entry(opening, archive, (zip_uint64_t)i, packed.n);
	zip_discard(archive);
	if (!opening->found)
		tell(opening, "the zip file is empty");
	opening->found |= found;
}

/* ---- what is it? --------------------------------------------------------- */

static void
open_report(struct opening *opening, struct str xml)
{
	struct report report;

	report_read(opening->arena, xml, &report);
	report.xml = xml;
	hand_on(opening, &report);
}

/* Behind blanks and a byte order mark; UTF-16 as well. */
static bool
is_xml(struct str octets)
{
	if (str_starts(octets, STR("\xef\xbb\xbf")))
		octets = str_after(octets, 3);
	else if (str_starts(octets, STR("\xff\xfe<")) ||
	    str_starts(octets, (struct str){ "\xfe\xff\0<", 4 }) ||
	    str_starts(octets, (struct str){ "\0<", 2 }))
		return true;
	while (octets.n > 0 && (byte_is_blank(octets.p[0]) ||
	    octets.p[0] == '\r' || octets.p[0] == '\n'))
		octets = str_after(octets, 1);
	return octets.n > 1 && octets.p[0] == '<';
}

bool
opening_read(struct opening *opening, struct str octets)
{
	if (str_starts(octets, STR("\x1f\x8b")))
		open_gzip(opening, octets);
	else if (str_starts(octets, STR("PK\3\4")) ||
	    str_starts(octets, STR("PK\5\6")))
		open_zip(opening, octets);
	else if (is_xml(octets))
		open_report(opening, octets);
	else if (str_starts(octets, STR("From ")))
		return mbox_read(opening, octets);
	else
		return mail_read(opening, octets);
	return true;
}

bool
container_read(struct arena *arena, struct container_room *room,
    struct str octets, report_visit *visit, void *context)
{
	struct opening opening = { .arena = arena, .room = room,
	    .visit = visit, .context = context };

	return opening_read(&opening, octets);
}
