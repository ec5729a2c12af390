/*
 * Owners and targets: does a record stand where receivers look for it?
 */
#include "base/arena.h"
#include "base/pattern.h"
#include "rules/check.h"

static bool
is_txt(const struct record *record)
{
	return record->type == RR_TXT;
}

/* ---- final dots ---------------------------------------------------------- */

/* Would the record harm one that stands where this one belongs? */
static bool
is_in_the_way(struct lint *lint, const struct record *record)
{
	struct str right = str_slice(record->owner, 0, record->owner.n -
	    lint->zone->name.n - 1);
	const struct node *node = zone_find(lint->zone, right);
	enum auth kind;

	if (node == NULL)
		return false;
	if (record->type == RR_CNAME || (node->types & HAS_CNAME) != 0)
		return true;
	kind = record->type == RR_TXT ? auth_version(record->text) : AUTH_NONE;
	return kind != AUTH_NONE && place_is_taken(lint, right, kind, record);
}

static void
complain_doubled(struct lint *lint, const struct record *record)
{
	struct span span = record->owner_span;
	struct str written = span_text(span);
	struct diag *diag;

	if (written.n == 0)
		return;
	diag = complain(lint, span, "nobody looks at %.*s, where this record "
	    "stands", STR_ARG(record->owner));
	diag_record(lint, diag, record);
	if (!str_ends_case(written, lint->zone->name)) {
		diag_help(lint, diag, "a name without a final dot gets the "
		    "origin behind it: is a dot missing here, or at the end "
		    "of $ORIGIN?");
		return;
	}
	if (is_in_the_way(lint, record)) {
		diag_help(lint, diag, "%.*s has its record already: remove "
		    "this one, or that", STR_ARG(written));
		return;
	}
	diag_help(lint, diag, "end the name with a dot: \"%.*s.\"",
	    STR_ARG(written));
	span.start = span.end;
	if (!record->generated)
		diag_fix(lint, diag, FIX_UNSAFE, span, STR("."));
}

/* All names that end with the zone's twice: a.example.com.example.com. */
static void
check_owner_missing_dot(struct lint *lint)
{
	struct str apex = lint->zone->name;
	const struct node *top, *node;
	const struct record **records;
	size_t count, i;

	if (name_labels(apex) < 2)
		return;
	top = zone_find(lint->zone, name_join(lint->arena, apex, apex));
	for (node = top; node != NULL;
	    node = node_next(lint->zone, top, node)) {
		count = lint_records(lint, node, ~(unsigned)HAS_OTHER,
		    &records);
		for (i = 0; i < count; i++)
			complain_doubled(lint, records[i]);
	}
}

static const struct rule owner_missing_dot = {
	.id = "zone-owner-missing-dot",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_ZONE,
	.fix = FIX_UNSAFE,
	.summary = "owner ends with the name of the zone twice",
	.rationale = "A name without a final dot gets the origin appended: "
	    "_dmarc.example.com becomes _dmarc.example.com.example.com. Name "
	    "servers load it without a word, and no receiver ever asks for "
	    "it.",
	.citation = "RFC 1035 section 5.1",
	.bad = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    RR("www.example.com A 198.51.100.30"),
	.good = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    RR("www.example.com. A 198.51.100.30"),
	.check = check_owner_missing_dot,
};

/* The word that names the target, when it is one without a final dot. */
static const struct token *
relative_target(const struct record *record)
{
	const struct token *token;

	if ((record->type != RR_CNAME && record->type != RR_MX &&
	    record->type != RR_NS) || record->generated ||
	    record->token_count != (record->type == RR_MX ? 2 : 1))
		return NULL;
	token = &record->tokens[record->token_count - 1];
	return str_ends(token->raw, STR(".")) || !str_has(token->raw, '.') ?
	    NULL : token;
}

static const char *
consequence(uint16_t type)
{
	return type == RR_MX ? "mail goes nowhere" :
	    type == RR_NS ? "the zone is delegated to nobody" :
	    "the name leads nowhere";
}

/*
 * Names below "foo" may be meant, where the zone has such: foo, dev and many
 * other words are public suffixes. In the zone of a suffix itself everybody
 * has names of all sorts.
 */
static bool
is_own_branch(const struct zone *zone, struct str target, struct str written)
{
	size_t labels = name_labels(target) - name_labels(written) + 1;

	return zone_find(zone, name_last(target, labels)) != NULL;
}

bool
target_lacks_dot(struct lint *lint, const struct record *record)
{
	const struct token *token = relative_target(record);
	enum answer_kind answer;
	struct str name;

	if (token == NULL || !name_parse(lint->arena, token->raw, &name) ||
	    !psl_lists(lint->world->psl, name_last(name, 1)) ||
	    psl_lists(lint->world->psl, record->zone->name) ||
	    is_own_branch(record->zone, record->target, name))
		return false;
	answer = zones_exists(lint->world->zones, lint->arena,
	    record->target);
	return answer != ANSWER_DATA && answer != ANSWER_NODATA;
}

static void
check_target_missing_dot(struct lint *lint, const struct record *record)
{
	const struct token *token;
	struct span span;
	struct diag *diag;

	if (!target_lacks_dot(lint, record))
		return;
	token = relative_target(record);
	span = token->span;
	diag = complain(lint, span, STR_QUOTE " without a final dot means "
	    "%.*s, so %s", STR_QUOTE_ARG(token->raw),
	    STR_ARG(record->target), consequence(record->type));
	diag_help(lint, diag, "end the name with a dot: \"%.*s.\"",
	    STR_ARG(token->raw));
	span.start = span.end;
	diag_fix(lint, diag, FIX_UNSAFE, span, STR("."));
}

static const struct rule target_missing_dot = {
	.id = "zone-target-missing-dot",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_RECORD,
	.types = HAS_CNAME | HAS_MX | HAS_NS,
	.fix = FIX_UNSAFE,
	.summary = "target of CNAME, MX or NS lacks its final dot",
	.rationale = "A target that ends in a public suffix is meant to be a "
	    "whole name. Without a final dot it gets the origin appended and "
	    "leads to a name that does not exist: mail is not delivered, a "
	    "hosted key or policy is not found.",
	.citation = "RFC 1035 section 5.1",
	.bad = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    RR("s1._domainkey CNAME s1.domainkey.mail.example.net"),
	.good = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    RR("s1._domainkey CNAME s1.domainkey.mail.example.net."),
	.record = check_target_missing_dot,
};

/* ---- the right text at another name -------------------------------------- */

/* The labels under which receivers look, and where others like them stand. */
static const struct home {
	enum auth kind;
	const char *labels;		/* of the right name */
	size_t count;
	const char *wrong;		/* compared: the same, or one label */
	size_t wrong_count;
	bool selector;			/* something stands before them */
} homes[] = {
	{ AUTH_DMARC,	"_dmarc",	1, "_dmarc",	 1, false },
	{ AUTH_MTASTS,	"_mta-sts",	1, "_mta-sts",	 1, false },
	{ AUTH_TLSRPT,	"_smtp._tls",	2, "_smtp._tls", 2, false },
	{ AUTH_TLSRPT,	"_smtp._tls",	2, "_smtp_tls",	 1, false },
	{ AUTH_TLSRPT,	"_smtp._tls",	2, "_tls",	 1, false },
	{ AUTH_DKIM,	"_domainkey",	1, "_domainkey", 1, true },
	{ AUTH_BIMI,	"_bimi",	1, "_bimi",	 1, true },
};

enum { HOMES = sizeof(homes) / sizeof(homes[0]) };

/* The name without its first labels, and those. */
static struct str
first_labels(struct str name, size_t count, struct str *rest)
{
	for (*rest = name; count > 0; count--)
		*rest = name_parent(*rest);
	return str_slice(name, 0, name.n - rest->n - (rest->n > 0));
}

/* The zone's own name, or one with MX or SPF. */
static bool
is_mail_name(struct lint *lint, struct str name)
{
	const struct node *node;

	if (str_equal(name, lint->zone->name))
		return true;
	node = zone_find(lint->zone, name);
	return node != NULL &&
	    ((node->types & HAS_MX) != 0 ||
	    node_has_record(lint, node, AUTH_SPF));
}

/*
 * A name that somebody mistook for the place of this kind; *right is then the
 * name that was meant.
 */
static bool
is_misspelt(struct lint *lint, struct str owner, enum auth kind,
    struct str *right)
{
	struct str name, labels, rest, before;
	const struct home *home;
	size_t i;

	/* How the label is spelt decides. */
	lint_unlike(lint);
	for (i = 0; i < HOMES; i++) {
		home = &homes[i];
		if (home->kind != kind)
			continue;
		for (name = home->selector ? name_parent(owner) : owner;
		    name.n > 0 && name_within(name, lint->zone->name);
		    name = home->selector ? name_parent(name) : STR("")) {
			labels = first_labels(name, home->wrong_count, &rest);
			if (str_distance(labels, str_from(home->wrong), 2) >
			    2 || !is_mail_name(lint, rest))
				continue;
			before = name_relative(owner, name);
			*right = name_join(lint->arena, before, name_join(
			    lint->arena, str_from(home->labels), rest));
			return true;
		}
	}
	return false;
}

/*
 * The protocol whose version the text has, when receivers of it do not look
 * here; AUTH_NONE otherwise.
 */
static enum auth
strayed(const struct record *record)
{
	enum auth kind = auth_version(record->text), place;

	if (!is_txt(record) || kind == AUTH_NONE)
		return AUTH_NONE;
	place = auth_place(record->owner, NULL, NULL);
	return place == kind || place == AUTH_REPORT ||
	    name_is_wildcard(record->owner) ? AUTH_NONE : kind;
}

static void
check_owner_typo(struct lint *lint, const struct record *record)
{
	enum auth kind = strayed(record);
	struct str right;
	struct diag *diag;

	if (kind == AUTH_NONE || kind == AUTH_SPF ||
	    !is_misspelt(lint, record->owner, kind, &right) ||
	    name_is_aliased(lint, record->owner))
		return;
	diag = complain(lint, record_owner_span(record),
	    "no receiver looks for this %s record at %.*s", auth_name(kind),
	    STR_ARG(record->owner));
	diag_help(lint, diag, "its place is %.*s", STR_ARG(right));
	if (span_text(record->owner_span).n > 0 && !record->generated &&
	    !place_is_taken(lint, right, kind, record) &&
	    !place_is_taken(lint, record->owner, kind, record))
		diag_fix(lint, diag, FIX_UNSAFE, record->owner_span,
		    arena_printf(lint->arena, "%.*s.", STR_ARG(right)));
}

static const struct rule owner_typo = {
	.id = "zone-owner-typo",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_TXT,
	.fix = FIX_UNSAFE,
	.marks = MARK_NO_KIND,
	.summary = "owner of a record is misspelt",
	.rationale = "Receivers look for policies and keys at fixed names. A "
	    "record at dmarc or _dmark is never found, so forged mail is "
	    "delivered, or signed mail fails.",
	.citation = "RFC 9989 section 4.7, RFC 6376 section 3.6.2.1",
	.bad = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    TXT("_smtp._tsl", "v=TLSRPTv1; rua=mailto:tls@example.com"),
	.good = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    TXT("_smtp._tls", "v=TLSRPTv1; rua=mailto:tls@example.com"),
	.record = check_owner_typo,
};

/* Is a finding about it perhaps not wanted? */
static bool
may_be_suppressed(const struct lint *lint, const struct record *record,
    const struct rule *rule)
{
	const struct zone_suppression *comment;
	const struct config_ignore *ignore;

	for (comment = lint->zone->contents->suppressions; comment != NULL;
	    comment = comment->next)
		/* One for a file covers no entry. */
		if (comment->covers.source == NULL ||
		    (comment->covers.source == record->span.source &&
		    comment->covers.start < record->span.end &&
		    record->span.start < comment->covers.end))
			return true;
	for (ignore = lint->config->ignores.first; ignore != NULL;
	    ignore = ignore->next)
		if (glob_matches(ignore->rule.text, str_from(rule->id)))
			return true;
	return false;
}

/* _dmarc.example.com.example.com */
static bool
lacks_dot(const struct record *record, struct str place)
{
	struct str apex = record->zone->name;

	return record->owner.n == place.n + 1 + apex.n &&
	    str_starts(record->owner, place) &&
	    name_below(record->owner, apex);
}

/* Was the record meant to be the policy at this place? */
static bool
is_mislaid(struct lint *lint, const struct record *record, struct str place)
{
	struct str right;

	if (lacks_dot(record, place))
		return is_txt(record) && record->auth == AUTH_DMARC;
	return strayed(record) == AUTH_DMARC && is_misspelt(lint,
	    record->owner, AUTH_DMARC, &right) && str_equal(right, place);
}

static const struct record *
mislaid_at(struct lint *lint, const struct node *node, struct str place)
{
	const struct record **records;
	size_t i, count = lint_records(lint, node, HAS_TXT, &records);

	for (i = 0; i < count; i++)
		if (is_mislaid(lint, records[i], place))
			return records[i];
	return NULL;
}

/* As loudly as the current rule would speak. */
static bool
is_told_of_owner(struct lint *lint, const struct record *record,
    struct str place)
{
	const struct rule *rule = lacks_dot(record, place) ?
	    &owner_missing_dot : &owner_typo;

	return rule_level(rule, lint->selection, lint->config) >= lint->level &&
	    !may_be_suppressed(lint, record, rule) &&
	    !name_is_aliased(lint, record->owner);
}

bool
dmarc_is_mislaid(struct lint *lint, struct str domain)
{
	const struct record *record = NULL;
	const struct node *node;
	struct arena_mark mark;
	struct zone_walk walk = { 0 };
	struct str name, place;

	place = name_join(lint->arena, STR("_dmarc"), domain);
	while (record == NULL &&
	    (node = zone_each(lint->zone, &walk)) != NULL) {
		if ((node->types & HAS_TXT) == 0 || node->occluded)
			continue;
		mark = arena_mark(lint->arena);
		name = node_name(lint->zone, node, lint->arena);
		if (str_equal(name_parent(name), domain) ||
		    str_starts(name, place))
			record = mislaid_at(lint, node, place);
		if (record == NULL)
			arena_release(lint->arena, mark);
	}
	return record != NULL && is_told_of_owner(lint, record, place);
}

static const char *
place_of(enum auth kind)
{
	switch (kind) {
	case AUTH_SPF:
		return "at the domain itself";
	case AUTH_DKIM:
		return "at SELECTOR._domainkey of the domain";
	case AUTH_BIMI:
		return "at SELECTOR._bimi of the domain";
	case AUTH_MTASTS:
		return "at _mta-sts of the domain";
	case AUTH_TLSRPT:
		return "at _smtp._tls of the domain";
	default:
		return "at _dmarc of the domain";
	}
}

/* Where it belongs, if that is one name; STR_NONE for a key and the like. */
static struct str
only_place(struct lint *lint, const struct record *record, enum auth kind)
{
	struct str label = kind == AUTH_DMARC ? STR("_dmarc") :
	    kind == AUTH_MTASTS ? STR("_mta-sts") :
	    kind == AUTH_TLSRPT ? STR("_smtp._tls") : STR_NONE;

	return label.p == NULL || str_has(record->owner, '_') ? STR_NONE :
	    name_join(lint->arena, label, record->owner);
}

/*
 * Where the place is still free. What stands alone at a name may be there for
 * aliases that are not loaded. Says whether there is a fix.
 */
static bool
fix_place(struct lint *lint, struct diag *diag, const struct record *record,
    enum auth kind, struct str place)
{
	if (place.p == NULL || record->generated ||
	    span_text(record->owner_span).n == 0 ||
	    (zone_find(record->zone, record->owner)->types &
	    (HAS_A | HAS_AAAA | HAS_MX)) == 0 ||
	    place_is_taken(lint, record->owner, kind, record) ||
	    !lint_is_absent(lint, place, RR_TXT))
		return false;
	diag_fix(lint, diag, FIX_UNSAFE, record->owner_span,
	    arena_printf(lint->arena, "%.*s.", STR_ARG(place)));
	return true;
}

static void
check_wrong_place(struct lint *lint, const struct record *record)
{
	enum auth kind = strayed(record);
	struct str right, place;
	struct diag *diag;

	if (kind == AUTH_NONE ||
	    (kind != AUTH_SPF && is_misspelt(lint, record->owner, kind,
	    &right)) || name_is_aliased(lint, record->owner))
		return;
	diag = complain(lint, record_owner_span(record),
	    "receivers ignore this %s record, because %.*s is not its place",
	    auth_name(kind),
	    STR_ARG(record->owner));
	place = only_place(lint, record, kind);
	if (fix_place(lint, diag, record, kind, place))
		diag_help(lint, diag, "it belongs at %.*s.", STR_ARG(place));
	else if (place.p != NULL && place_is_taken(lint, place, kind, record))
		diag_help(lint, diag, "%.*s has its record already: remove "
		    "this one, unless an alias leads here", STR_ARG(place));
	else
		diag_help(lint, diag, "it belongs %s", place_of(kind));
}

static const struct rule wrong_place = {
	.id = "zone-record-wrong-place",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_TXT,
	.fix = FIX_UNSAFE,
	.marks = MARK_NO_KIND,
	.summary = "record stands where receivers do not look for it",
	.rationale = "A DMARC policy is looked for at _dmarc, a key at "
	    "SELECTOR._domainkey, SPF at the domain itself. Anywhere else "
	    "the record does nothing, though it looks as if it did.",
	.citation = "RFC 9989 section 4.7, RFC 7208 section 4.4",
	.bad = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    TXT("mail", "v=DMARC1; p=reject; rua=mailto:d@example.com"),
	.good = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC,
	.record = check_wrong_place,
};

/* ---- the right name with a text that is not quite it --------------------- */

/*
 * The version with its separator; what receivers of each kind want, for all
 * kinds that a version is told from.
 */
static const char *
version_of(enum auth kind)
{
	static const char *const versions[AUTH_KINDS] = {
		[AUTH_SPF] = "v=spf1 ", [AUTH_DKIM] = "v=DKIM1;",
		[AUTH_DMARC] = "v=DMARC1;", [AUTH_REPORT] = "v=DMARC1;",
		[AUTH_MTASTS] = "v=STSv1;", [AUTH_TLSRPT] = "v=TLSRPTv1;",
		[AUTH_BIMI] = "v=BIMI1;"
	};

	return versions[kind];
}

/* "v=DMARC2", "v = STSv1", "DMARC1": up to where the rest begins. */
static size_t
version_end(struct str text)
{
	struct str blank = STR(" \t");
	struct cursor in = { text, 0 }, tag;

	cursor_while(&in, blank);
	tag = in;
	if (byte_lower(cursor_next(&tag)) == 'v') {
		cursor_while(&tag, blank);
		if (cursor_while(&tag, STR("=:-")).n > 0) {
			cursor_while(&tag, blank);
			in = tag;
		}
	}
	cursor_until(&in, STR(" \t;,"));
	return in.here == 0 ? text.n : in.here;
}

enum auth
version_typo(struct lint *lint, const struct record *record)
{
	enum auth kind, place;
	struct str text = record->text;

	if (!is_txt(record) || record->auth != AUTH_NONE)
		return AUTH_NONE;
	kind = auth_near_version(text);
	if (kind == AUTH_NONE)
		return AUTH_NONE;
	place = auth_place(record->owner, NULL, NULL);
	/* Blanks before it, and what ends it, have rules of their own. */
	if (place != kind || auth_version(str_trim(text)) == kind ||
	    (kind == AUTH_SPF && str_starts_case(text, STR("v=spf1"))) ||
	    (kind == AUTH_DMARC && (str_starts_case(text, STR("p")) ||
	    str_starts(text, STR("v=DMARC1 ")) ||
	    str_starts(text, STR("v=DMARC1,")))))
		return AUTH_NONE;
	return text_is_explained(lint, record, 0, version_end(text)) ?
	    AUTH_NONE : kind;
}

/*
 * Where the version ends that is to be replaced: before a tag that is glued to
 * it, as in "v=DMARC1p=reject", which is not to be lost. 0 when that cannot be
 * told.
 */
static size_t
wrong_end(struct str text, size_t end, struct str version)
{
	struct cursor in = { str_slice(text, 0, end), 0 };
	struct str name = str_slice(version, 2, version.n - 1), word;

	cursor_while(&in, STR(" \tvV\\\"'=:-"));
	word = str_slice(text, in.here, end);
	/* ".0", a second digit, a mark: what is longer is something else. */
	if (!str_has(word, '='))
		return word.n <= name.n + 2 ? end : 0;
	return str_starts_case(word, name) &&
	    byte_is_letter((unsigned char)word.p[name.n]) ?
	    in.here + name.n : 0;
}

/*
 * What ends the version may be there, missing, or a comma. A quotation mark
 * before it goes together with the one at the end, and with no other.
 */
void
diag_fix_version(struct lint *lint, struct diag *diag,
    const struct record *record, enum auth kind)
{
	struct str text = record->text, version = str_from(version_of(kind));
	size_t end = wrong_end(text, version_end(text), version), mark;
	struct cursor next = { text, end };

	if (end == 0)
		return;
	mark = end + str_find(str_after(text, end), '"');
	if (text.p[0] == '"' && mark + 1 < text.n)
		return;
	if (cursor_peek(&next) == version.p[version.n - 1])
		version.n--;
	else if (cursor_peek(&next) == ',')
		end++;
	diag_fix_text(lint, diag, FIX_UNSAFE, record, 0, end, version);
	if (text.p[0] == '"' && mark < text.n)
		diag_fix_text(lint, diag, FIX_UNSAFE, record, mark, mark + 1,
		    STR(""));
}

static void
check_version_typo(struct lint *lint, const struct record *record)
{
	enum auth kind = version_typo(lint, record);
	size_t end;
	struct diag *diag;

	if (kind == AUTH_NONE)
		return;
	end = version_end(record->text);
	diag = complain_text(lint, record, 0, end, "receivers do not take "
	    "this for %s, because it begins with " STR_QUOTE, auth_name(kind),
	    STR_QUOTE_ARG(str_slice(record->text, 0, end)));
	diag_help(lint, diag, "begin it with \"%s\", letter by letter",
	    version_of(kind));
	if (!place_is_taken(lint, record->owner, kind, record))
		diag_fix_version(lint, diag, record, kind);
}

static const struct rule version_typo_rule = {
	.id = "zone-txt-version-typo",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_TXT,
	.fix = FIX_UNSAFE,
	.marks = MARK_NO_KIND,
	.summary = "version at the start of a record is misspelt",
	.rationale = "Receivers choose records by their version, letter by "
	    "letter. One that begins with anything else does not exist for "
	    "them.",
	.citation = "RFC 9989 section 4.7, RFC 7208 section 4.5",
	.bad = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    TXT("_smtp._tls", "v=TLSRPT1; rua=mailto:tls@example.com"),
	.good = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    TXT("_smtp._tls", "v=TLSRPTv1; rua=mailto:tls@example.com"),
	.record = check_version_typo,
};

/* ---- type 99 ------------------------------------------------------------- */

/* Does a TXT record of the same name say the same, or at least be SPF? */
static bool
has_twin(struct lint *lint, const struct record *record)
{
	const struct node *node = zone_find(lint->zone, record->owner);

	return node != NULL && node_has_record(lint, node, AUTH_SPF);
}

static void
check_type99(struct lint *lint, const struct record *record)
{
	struct diag *diag;

	if (record->type != RR_SPF || !has_twin(lint, record))
		return;
	diag = complain(lint, record->type_span, "no receiver asks for the "
	    "type SPF any more: only the TXT record counts");
	diag_help(lint, diag, "remove it");
	diag_fix_remove_record(lint, diag, FIX_UNSAFE, record);
}

static const struct rule type99 = {
	.id = "zone-spf-type99",
	.level = LEVEL_WARNING,
	.subject = SUBJECT_TXT,
	.types = HAS_SPF,
	.fix = FIX_UNSAFE,
	.summary = "record of the discontinued type SPF",
	.rationale = "The type SPF (99) was given up. The record does "
	    "nothing, but it goes stale beside the TXT record and misleads "
	    "whoever reads the zone.",
	.citation = "RFC 7208 section 3.1",
	.bad = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC
	    RR("@ SPF \"v=spf1 ip4:198.51.100.25 ~all\""),
	.good = QUIET_SOA QUIET_MX QUIET_SPF QUIET_DMARC,
	.record = check_type99,
};

static void
check_type99_only(struct lint *lint, const struct record *record)
{
	struct diag *diag;

	if (record->type != RR_SPF || has_twin(lint, record))
		return;
	diag = complain(lint, record->type_span, "receivers find no SPF for "
	    "%.*s, because they ask only for TXT",
	    STR_ARG(name_show(record->owner)));
	diag_help(lint, diag, "write TXT instead of SPF");
	if (!record->generated && !place_is_taken(lint, record->owner,
	    AUTH_SPF, record))
		diag_fix(lint, diag, FIX_UNSAFE, record->type_span,
		    STR("TXT"));
}

static const struct rule type99_only = {
	.id = "zone-spf-type99-only",
	.level = LEVEL_ERROR,
	.subject = SUBJECT_TXT,
	.types = HAS_SPF,
	.fix = FIX_UNSAFE,
	.summary = "SPF stands only in the discontinued type SPF",
	.rationale = "The type SPF (99) was given up, and no verifier asks "
	    "for it. A name with SPF only there has no SPF.",
	.citation = "RFC 7208 section 3.1",
	.bad = QUIET_SOA QUIET_SPF QUIET_MX QUIET_DMARC
	    RR("news SPF \"v=spf1 ip4:198.51.100.25 ~all\""),
	.good = QUIET_SOA QUIET_SPF QUIET_MX QUIET_DMARC
	    RR("news TXT \"v=spf1 ip4:198.51.100.25 ~all\""),
	.record = check_type99_only,
};

const struct rule *const zone_name_rules[] = {
	&owner_missing_dot,
	&owner_typo,
	&target_missing_dot,
	&type99,
	&type99_only,
	&version_typo_rule,
	&wrong_place,
	NULL
};
