/*
 * Which zone a file holds, when nobody says so.
 */
#include <string.h>

#include "base/arena.h"
#include "base/path.h"
#include "zone/read.h"

enum { NAME_PLAIN = 253 };		/* octets, with the final dot */

static struct str
take_origin(struct arena *arena, struct scan *scan, struct wire *origin,
    bool *absolute, struct str first)
{
	struct lexeme word;
	struct wire wire;

	if (scan_next(scan, 0, &word) != LEXEME_WORD)
		return first;
	if (word.text.p[word.text.n - 1] == '.')
		*absolute = true;
	if (wire_parse(word.text, origin, &wire) != WIRE_FINE)
		return first;
	*origin = wire;
	if (first.p == NULL && *absolute && wire.length > 1)
		return wire_canonical(arena, &wire);
	return first;
}

/* ---- as most files begin ------------------------------------------------- */

/* Behind empty lines and comments, at the start of a line; "" for others. */
static const char *
pass_comments(const char *here)
{
	while (*here == ';' || *here == '\n') {
		while (*here != '\n' && *here != '\r' && *here != '\0')
			here++;
		if (*here++ != '\n')
			return "";
	}
	return here;
}

/* Behind the word, and the blanks that must follow; NULL when it is another. */
static const char *
pass_word(const char *here, struct str word)
{
	if (strncmp(here, word.p, word.n) != 0 ||
	    !byte_is_blank(here[word.n]))
		return NULL;
	for (here += word.n; byte_is_blank(*here);)
		here++;
	return here;
}

/* Behind small letters, digits, hyphens, and dots that end labels. */
static const char *
pass_name(const char *here)
{
	const char *label = here;

	for (;; here++)
		if (*here >= 'a' && *here <= 'z') {
			continue;
		} else if (*here == '.') {
			if (here == label || here - label > NAME_MAX_LABEL)
				return NULL;
			label = here + 1;
		} else if (!byte_is_digit((unsigned char)*here) &&
		    *here != '-')
			return here == label ? here : NULL;
}

/* Behind a line of a TTL without a unit, if there is one. */
static const char *
pass_ttl(const char *here)
{
	const char *start = pass_word(here, STR("$TTL")), *end = start;

	while (end != NULL && byte_is_digit((unsigned char)*end))
		end++;
	return start == NULL || end == start || *end != '\n' ? here : end;
}

/* "$ORIGIN example.com.", perhaps "$TTL 3600", "@ IN SOA": that name. */
static struct str
plain_name(struct str text)
{
	const char *start, *end, *here;

	start = pass_word(pass_comments(text.p), STR("$ORIGIN"));
	end = start == NULL ? NULL : pass_name(start);
	if (end == NULL || end - start < 2 || end - start > NAME_PLAIN ||
	    *end != '\n')
		return STR_NONE;
	here = pass_comments(pass_ttl(pass_comments(end)));
	here = pass_word(here, STR("@"));
	if (here != NULL && *here == 'I')
		here = pass_word(here, STR("IN"));
	if (here == NULL || pass_word(here, STR("SOA")) == NULL)
		return STR_NONE;
	return (struct str){ start, (size_t)(end - start) - 1 };
}

/* ---- as any may begin ---------------------------------------------------- */

/* The SOA may stand anywhere, but nothing behind it is of interest. */
struct str
name_in_text(struct arena *arena, struct str text, enum zone_how *how)
{
	struct scan scan = { .text = text, .line_start = true };
	struct wire origin = wire_root, owner;
	struct complaint complaint;
	struct str first = plain_name(text);
	enum entry_kind kind;
	struct entry entry;
	bool absolute = false, dot;

	*how = ZONE_BY_SOA;
	if (first.p != NULL)
		return arena_copy(arena, first);
	*how = ZONE_BY_ORIGIN;
	while ((kind = entry_read(&scan, &entry, &complaint)) != ENTRY_END) {
		if (kind == ENTRY_DIRECTIVE &&
		    str_is_case(entry.owner.text, "$ORIGIN"))
			first = take_origin(arena, &scan, &origin, &absolute,
			    first);
		if (kind == ENTRY_RECORD && entry.type == RR_SOA &&
		    entry.owned) {
			dot = entry.owner.text.n > 0 && entry.owner.text.p[
			    entry.owner.text.n - 1] == '.';
			if ((!absolute && !dot) || wire_parse(entry.owner.text,
			    &origin, &owner) != WIRE_FINE)
				return first;
			*how = ZONE_BY_SOA;
			return wire_canonical(arena, &owner);
		}
		if (!(scan.line_start && scan.depth == 0))
			scan_rest(&scan);
	}
	return first;
}

static const struct str prefixes[] = {
	STR_INIT("db."), STR_INIT("named."), STR_INIT("pri."),
	STR_INIT("master."), STR_INIT("primary."), STR_INIT("zone.")
};
static const struct str suffixes[] = {
	STR_INIT(".zone"), STR_INIT(".db"), STR_INIT(".dns"),
	STR_INIT(".hosts"), STR_INIT(".bind"), STR_INIT(".signed"),
	STR_INIT(".txt"), STR_INIT(".zonefile"), STR_INIT(".master")
};

/* "_domainkey.example.com" is a zone, "etc__db.net" a way to write a path. */
static bool
could_be_zone(struct str name)
{
	struct str label;

	for (; name.n > 0; name = name_parent(name)) {
		label = name_label(name);
		if (label.p[0] == '_')
			label = str_after(label, 1);
		if (!name_is_host(label, false))
			return false;
	}
	return true;
}

struct str
zone_name_of_path(struct arena *arena, struct str path)
{
	struct str text = path_name(path), name;
	size_t i;

	for (i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (str_starts_case(text, prefixes[i])) {
			text = str_after(text, prefixes[i].n);
			break;
		}
	for (i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]);)
		if (str_ends_case(text, suffixes[i])) {
			text.n -= suffixes[i].n;
			i = 0;
		} else
			i++;
	return name_parse(arena, text, &name) && name_labels(name) > 1 &&
	    could_be_zone(name) ? name : STR_NONE;
}
