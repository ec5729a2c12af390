/*
 * Which record is it: by its place in the tree of names, and by its text.
 */
#include "auth/auth.h"
#include "base/name.h"

static const struct kind {
	const char *name;
	/* The version tag, and a mistaken one without its digits. */
	struct str version, stem;
	bool blanks;			/* may stand around "=" */
	bool leading;			/* blanks before the tag, too */
	bool any_case;			/* of the "v" */
	struct str tag;			/* one that no other record has */
} kinds[AUTH_KINDS] = {
	[AUTH_NONE] =	{ .name = "none" },
	[AUTH_SPF] =	{ "SPF", STR_INIT("spf1"), STR_INIT("spf"),
			  false, false, true, STR_INIT("") },
	[AUTH_DKIM] =	{ "DKIM", STR_INIT("DKIM1"), STR_INIT("DKIM"),
			  true, true, false, STR_INIT("") },
	[AUTH_DMARC] =	{ "DMARC", STR_INIT("DMARC1"), STR_INIT("DMARC"),
			  true, false, true, STR_INIT("") },
	[AUTH_REPORT] =	{ .name = "DMARC report authorisation" },
	[AUTH_MTASTS] =	{ "MTA-STS", STR_INIT("STSv1"), STR_INIT("STS"),
			  false, false, false, STR_INIT("id") },
	[AUTH_TLSRPT] =	{ "TLS-RPT", STR_INIT("TLSRPTv1"), STR_INIT("TLSRPT"),
			  false, false, false, STR_INIT("rua") },
	[AUTH_BIMI] =	{ "BIMI", STR_INIT("BIMI1"), STR_INIT("BIMI"),
			  true, true, false, STR_INIT("l") },
};

static const struct str blank = STR_INIT(" \t");

const char *
auth_name(enum auth kind)
{
	return kinds[kind].name;
}

/* ---- by place ------------------------------------------------------------ */

/* Labels below which a record of this kind stands. */
static const struct place_of {
	struct str first, second;	/* "_smtp", "_tls"; or only one */
	enum auth kind;
	bool label;			/* something must stand before them */
} places[] = {
	{ STR_INIT("_dmarc"), STR_INIT(""), AUTH_DMARC, false },
	{ STR_INIT("_mta-sts"), STR_INIT(""), AUTH_MTASTS, false },
	{ STR_INIT("_smtp"), STR_INIT("_tls"), AUTH_TLSRPT, false },
	{ STR_INIT("_domainkey"), STR_INIT(""), AUTH_DKIM, true },
	{ STR_INIT("_report"), STR_INIT("_dmarc"), AUTH_REPORT, true },
	{ STR_INIT("_bimi"), STR_INIT(""), AUTH_BIMI, true },
};

enum { PLACES = sizeof(places) / sizeof(places[0]) };

/* Is this the left-most label? Then it is taken off. */
static bool
take_label(struct str *name, struct str label)
{
	if (!str_starts(*name, label) || (name->n > label.n &&
	    name->p[label.n] != '.'))
		return false;
	*name = str_after(*name, label.n + 1);
	return true;
}

/* The place that begins here, and what follows it. */
static const struct place_of *
find_place(struct str name, bool label, struct str *domain)
{
	unsigned i;

	for (i = 0; i < PLACES; i++) {
		*domain = name;
		if (places[i].label == label &&
		    take_label(domain, places[i].first) &&
		    (places[i].second.n == 0 ||
		    take_label(domain, places[i].second)))
			return &places[i];
	}
	return NULL;
}

enum auth
auth_place(struct str owner, struct str *domain, struct str *label)
{
	const struct place_of *place = NULL;
	struct str rest = owner, below = owner;

	if (!str_has(owner, '_'))
		rest = STR("");
	for (; rest.n > 0; rest = name_parent(rest)) {
		if (rest.p[0] == '_')
			place = find_place(rest, rest.n < owner.n, &below);
		if (place != NULL)
			break;
	}
	if (domain != NULL)
		*domain = place == NULL ? owner : below;
	if (label != NULL)
		*label = place == NULL ? STR("") : name_relative(owner, rest);
	return place == NULL ? AUTH_SPF : place->kind;
}

/* ---- by text ------------------------------------------------------------- */

/* How a text begins: "v", "=", and what follows them. */
struct claim {
	bool leading, blanks, upper;	/* see struct kind */
	struct str version;		/* and all behind it */
};

static bool
read_claim(struct str text, struct claim *claim)
{
	struct cursor in = { text, 0 };

	while (byte_is_blank(cursor_peek(&in)))
		cursor_next(&in);
	claim->leading = in.here > 0;
	claim->upper = cursor_accept(&in, 'V');
	if (!claim->upper && !cursor_accept(&in, 'v'))
		return false;
	claim->blanks = byte_is_blank(cursor_peek(&in));
	while (byte_is_blank(cursor_peek(&in)))
		cursor_next(&in);
	if (!cursor_accept(&in, '='))
		return false;
	claim->blanks |= byte_is_blank(cursor_peek(&in));
	while (byte_is_blank(cursor_peek(&in)))
		cursor_next(&in);
	claim->version = cursor_rest(&in);
	return true;
}

/* The version and its end. */
static bool
claims(const struct claim *claim, const struct kind *kind)
{
	struct cursor in = { claim->version, 0 };

	if (cursor_peek(&in) != kind->version.p[0] ||
	    !cursor_accept_str(&in, kind->version))
		return false;
	while (byte_is_blank(cursor_peek(&in)))
		cursor_next(&in);
	return (cursor_peek(&in) == ';' || cursor_peek(&in) == END) &&
	    claim->leading <= kind->leading && claim->blanks <= kind->blanks &&
	    claim->upper <= kind->any_case;
}

static bool
claims_spf(struct str text)
{
	static const struct str version = STR_INIT("v=spf1");

	return (text.n == version.n || (text.n > version.n &&
	    text.p[version.n] == ' ')) && str_starts_case(text, version);
}

enum auth
auth_version(struct str text)
{
	struct claim claim;
	unsigned kind;

	if (!read_claim(text, &claim))
		return AUTH_NONE;
	if (claims_spf(text))
		return AUTH_SPF;
	for (kind = AUTH_DKIM; kind < AUTH_KINDS; kind++)
		if (kinds[kind].version.n > 0 && claims(&claim, &kinds[kind]))
			return (enum auth)kind;
	return AUTH_NONE;
}

/* What editors, web forms and dig put before a record. */
static const struct str junk[] = {
	STR_INIT(" "), STR_INIT("\t"), STR_INIT("\r"), STR_INIT("\n"),
	STR_INIT("\""), STR_INIT("'"), STR_INIT("`"), STR_INIT("\\"),
	STR_INIT("("), STR_INIT("\xc2\xa0"),		/* no-break space */
	STR_INIT("\xef\xbb\xbf"),			/* byte order mark */
	STR_INIT("\xe2\x80\x8b"),			/* zero width space */
	STR_INIT("\xe2\x80\x98"), STR_INIT("\xe2\x80\x99"),
	STR_INIT("\xe2\x80\x9c"), STR_INIT("\xe2\x80\x9d"),
	STR_INIT("\xe2\x80\x9e"), STR_INIT("\xc2\xab"),
};

enum { JUNK = sizeof(junk) / sizeof(junk[0]) };

static void
skip_junk(struct cursor *in)
{
	unsigned i = 0;

	while (i < JUNK)
		i = cursor_accept_str(in, junk[i]) ? 0 : i + 1;
}

static bool
is_alphanumeric(int byte)
{
	return byte_is_letter(byte) || byte_is_digit(byte);
}

/* Letters and digits from here on. */
static struct str
read_word(struct cursor *in)
{
	size_t start = in->here;

	while (is_alphanumeric(cursor_peek(in)))
		cursor_next(in);
	return str_slice(in->text, start, in->here);
}

/* Is the rest of a word only digits? "spf" is, "spf10", not "spfx". */
static bool
is_versioned(struct str word, struct str stem)
{
	struct cursor in = { word, stem.n };

	if (!str_starts_case(word, stem))
		return false;
	cursor_while(&in, STR("0123456789"));
	return cursor_peek(&in) == END;
}

/* The same letters, but for two neighbours that changed places: "sfp1". */
static bool
is_swapped(struct str word, struct str version)
{
	size_t i = 0;

	if (word.n != version.n)
		return false;
	while (i < word.n && byte_lower((unsigned char)word.p[i]) ==
	    byte_lower((unsigned char)version.p[i]))
		i++;
	return i + 1 < word.n && str_distance(word, version, 1) <= 1 &&
	    byte_lower((unsigned char)word.p[i]) ==
	    byte_lower((unsigned char)version.p[i + 1]) &&
	    byte_lower((unsigned char)word.p[i + 1]) ==
	    byte_lower((unsigned char)version.p[i]);
}

/*
 * A word behind "v=" that was meant as a version: "spf", "dmarc1", "DMARCl",
 * "sfp1", "spf1include".
 */
static bool
resembles(struct str word, const struct kind *kind)
{
	return is_versioned(word, kind->stem) ||
	    str_starts_case(word, kind->version) ||
	    (kind->stem.n > 3 && str_distance(word, kind->version, 1) <= 1) ||
	    is_swapped(word, kind->version);
}

/* A policy whose version got lost: its first tag is a "p" with a policy. */
static bool
begins_with_policy(struct str text)
{
	struct cursor in = { text, 0 };

	cursor_while(&in, blank);
	if (!cursor_accept(&in, 'p'))
		return false;
	cursor_while(&in, blank);
	if (!cursor_accept(&in, '='))
		return false;
	cursor_while(&in, blank);
	return policy_parse(read_word(&in)) != POLICY_INVALID;
}

/* Reads "v" and what stands for "="; back at the start when it is none. */
static bool
skip_version_tag(struct cursor *in)
{
	struct cursor at = *in;

	if (!cursor_accept(&at, 'v') && !cursor_accept(&at, 'V'))
		return false;
	cursor_while(&at, STR(" \t\\"));
	if (cursor_while(&at, STR("=:-")).n == 0)
		return false;
	skip_junk(&at);
	*in = at;
	return true;
}

/*
 * Most texts are none, and begin with a letter with which neither "v=", nor any
 * version, nor a policy does.
 */
static bool
begins_otherwise(struct str text)
{
	return text.n > 0 && is_alphanumeric((unsigned char)text.p[0]) &&
	    !str_has(STR("vVpPsSdDtTbB"), text.p[0]);
}

enum auth
auth_near_version(struct str text)
{
	struct cursor in = { text, 0 };
	struct str word;
	unsigned kind;
	bool tag;

	if (begins_otherwise(text) || auth_version(text) != AUTH_NONE)
		return AUTH_NONE;
	skip_junk(&in);
	tag = skip_version_tag(&in);
	word = read_word(&in);
	for (kind = AUTH_SPF; kind < AUTH_KINDS; kind++) {
		if (kinds[kind].version.n == 0)
			continue;
		/* Sender ID has no "v=", so it is never taken for SPF. */
		if (tag ? resembles(word, &kinds[kind]) :
		    str_equal_case(word, kinds[kind].version) &&
		    (cursor_peek(&in) == END ||
		    str_has(STR(" \t;,"), cursor_peek(&in))))
			return (enum auth)kind;
	}
	return begins_with_policy(text) ? AUTH_DMARC : AUTH_NONE;
}

bool
auth_lost_version(struct str text, enum auth kind)
{
	struct cursor in = { text, 0 };
	struct str name, value;

	if (auth_version(text) != AUTH_NONE)
		return false;
	if (auth_near_version(text) == kind)
		return true;
	do {
		name = str_trim(cursor_until(&in, STR("=;")));
		value = STR("");
		if (cursor_accept(&in, '='))
			value = str_trim(cursor_until(&in, STR(";")));
		if (value.n > 0 && (str_equal(name, kinds[kind].tag) ||
		    (str_is(name, "v") &&
		    str_equal(value, kinds[kind].version))))
			return true;
	} while (cursor_accept(&in, ';'));
	return false;
}
