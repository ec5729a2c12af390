/*
 * What checks see, what they say, and what several of them share. For the files
 * that hold rules.
 */
#ifndef RULES_CHECK_H
#define RULES_CHECK_H

#include <stdarg.h>

#include "alike/alike.h"
#include "rules/diag.h"
#include "rules/example.h"

/* What checks see. */
struct lint {
	const struct world *world;
	const struct zone *zone;	/* NULL for the configuration */
	const struct config *config;	/* never NULL */
	const struct config_domain *domain;	/* of the current name */
	const struct rule *rule;	/* the one being checked */
	enum level level;		/* it has here */
	const struct selection *selection;
	struct str owner;		/* of the current record or node */
	uint16_t type;
	struct span entry;
	/*
	 * Forgotten after the current record; after the zone; diags live in
	 * keep.
	 */
	struct arena *arena, *memory, *keep;
	struct arena_texts kept;	/* in keep: of the last findings */
	struct seen_keys *keys;		/* of the zone, see dkim_keys.c */
	bool has_pairs;			/* they have been compared */
	const struct same_keys *pairs;
	struct diags *diags;
	/* Of which types the current name may have more than one record. */
	unsigned several;
	const struct node *small;	/* its answer is, see zone_answer.c */
	/* Of the current record; made when first asked. */
	struct spf_cost *spf_cost;
	struct spf_reach *spf_reach;
	/* Of the end of its owner that has so many octets; 0: nobody asked. */
	struct above {
		size_t length;
		struct str organization;
		bool known;
	} above[MODELS];
	struct answers *answers;	/* to what is asked often; ask.c */
	/* NULL: nothing is remembered. */
	struct likeness *likeness;	/* lint/ only */
	struct unlike *unlike;
	const struct speakers *only;	/* no others are asked; NULL: all are */
	struct speakers *speakers;	/* takes note of them; may be NULL */
};

/* The families, each in files of its own; lists end with NULL. */
extern const struct rule *const bimi_rules[], *const config_rules[],
    *const demand_rules[], *const dkim_key_rules[], *const dkim_keys_rules[],
    *const dkim_place_rules[], *const dkim_rules[], *const dkim_sender_rules[],
    *const dkim_state_rules[], *const dmarc_external_rules[],
    *const dmarc_lent_rules[], *const dmarc_place_rules[],
    *const dmarc_policy_rules[], *const dmarc_report_rules[],
    *const dmarc_rules[], *const dmarc_sender_rules[],
    *const dmarc_state_rules[], *const dmarc_suffix_rules[],
    *const dmarc_testing_rules[], *const mtasts_rules[], *const mx_rules[],
    *const plan_rules[], *const spf_all_rules[], *const spf_graph_rules[],
    *const spf_lookup_rules[], *const spf_network_rules[],
    *const spf_place_rules[], *const spf_reach_rules[], *const spf_rules[],
    *const spf_sender_rules[], *const spf_term_rules[],
    *const suppression_rules[], *const tlsrpt_rules[], *const verify_rules[],
    *const zone_answer_rules[], *const zone_block_rules[],
    *const zone_character_rules[], *const zone_name_rules[],
    *const zone_quote_rules[], *const zone_rules[], *const zone_serial_rules[],
    *const zone_string_rules[], *const zone_tree_rules[];

/* ---- objecting (complain.c) ---------------------------------------------- */

/* Formats are constants: one without conversions is not copied. */
struct diag *complain(struct lint *, struct span, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
struct diag *complain_args(struct lint *, struct span, const char *format,
    va_list) __attribute__((format(printf, 3, 0)));
/* About a part of record->text. */
struct diag *complain_text(struct lint *, const struct record *, size_t start,
    size_t end, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
struct diag *complain_text_args(struct lint *, const struct record *,
    size_t start, size_t end, const char *format, va_list)
    __attribute__((format(printf, 5, 0)));
/* About the whole zone: points at the SOA, else at line 1, column 1. */
struct diag *complain_zone(struct lint *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The token of a finding, when it is not what stands there. */
void diag_about(struct lint *, struct diag *, struct str token);
/* What to do. */
void diag_help(struct lint *, struct diag *, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* A second place that explains it, and how. */
void diag_note(struct lint *, struct diag *, struct span, const char *format,
    ...) __attribute__((format(printf, 4, 5)));
/* What a parser saw amiss, in its words. */
struct diag *complain_problem(struct lint *, const struct record *,
    const struct problem *);
/* A finding in a rule about names or zones is about this record after all. */
void diag_record(struct lint *, struct diag *, const struct record *);

/* For messages: the name that an SPF record is about. */
#define NAME_ARG(record)	STR_ARG(name_show((record)->owner))

/* ---- mending (edits.c) --------------------------------------------------- */

/* Offers to replace a span; unsafe when any receiver reads it differently. */
void diag_fix(struct lint *, struct diag *, enum fix_kind, struct span,
    struct str replacement);
/*
 * The same for a part of record->text, in as many edits as there are strings;
 * where it cannot be done, the finding has no fix at all: half of one would do
 * harm. Nothing is replaced when start is end: then it is put there.
 */
void diag_fix_text(struct lint *, struct diag *, enum fix_kind,
    const struct record *, size_t start, size_t end, struct str replacement);
/* Does another tag of the record have its name? That makes it undefined. */
bool tag_has_twin(const struct record *, const struct tag *);
/*
 * Offers to take a tag out, with the separator before or behind it; not as a
 * safe fix when it has a twin, or keeps another one from its place.
 */
void diag_fix_remove_tag(struct lint *, struct diag *, enum fix_kind,
    const struct record *, const struct tag *);
/*
 * Offers to take the lines of a record out, when it has them for itself and no
 * entry behind it takes its owner or TTL from there.
 */
void diag_fix_remove_record(struct lint *, struct diag *, enum fix_kind,
    const struct record *);
/*
 * Does another record at a name count as one of this kind, or nearly so? Then
 * nobody offers to make one of this: two of them are worse than none.
 */
bool place_is_taken(struct lint *, struct str owner, enum auth,
    const struct record *but);
/*
 * Offers a new record: in the lines behind an entry, or at the end of the
 * zone's file when the entry is the SOA. The owner is relative to the zone
 * where the file says no other origin, so that all zones of a file agree.
 */
void diag_fix_add_record(struct lint *, struct diag *, struct span entry,
    struct str owner, const char *type_and_data);
/* The same in another zone of the run. */
void diag_fix_add_record_to(struct lint *, struct diag *,
    const struct zone *, struct span entry, struct str owner,
    const char *type_and_data);
/* Offers another TTL: in place of the one that is written, or as a new one. */
void diag_fix_ttl(struct lint *, struct diag *, enum fix_kind,
    const struct record *, uint32_t ttl);
/*
 * Offers to begin the text with the version of this kind (zone_names.c), when
 * it can be told what stands for it now, or does nothing.
 */
void diag_fix_version(struct lint *, struct diag *, const struct record *,
    enum auth kind);
/* Offers to take a tag out and put it elsewhere, or does nothing. */
void diag_fix_move_tag(struct lint *, struct diag *, enum fix_kind,
    const struct record *, const struct tag *, size_t at, struct str text);

/* ---- records, names and domains (common.c) ------------------------------- */

/* The name that a record of mail authentication speaks for: x of _dmarc.x. */
struct str record_domain(const struct record *);
/* No stranger can send in it: below arpa, local, internal, ... */
bool name_needs_no_policy(struct str);
/* A name that people write mail from, and whose records are its own. */
bool node_is_mail_name(const struct node *, struct str name);
/* Of a DKIM record; empty for one at another place. */
struct str record_selector(const struct record *);
/* Did an unquoted text lose what stands behind its first ";"? */
bool record_lost_comment(const struct record *);
/* Where an owner stands, or the type when the entry leaves it out. */
struct span record_owner_span(const struct record *);
/* The plan is being followed: what it publishes today is no surprise. */
bool domain_in_rollout(const struct lint *, struct str domain);
/* The first of a kind; NULL when there is none. */
const struct problem *problems_find(const struct problems *, int kind);
/* Is there a record of a kind at the name? Not what a wildcard lends. */
bool node_has_record(struct lint *, const struct node *, enum auth);
/*
 * Does one stand beside an alias, against which zone-cname-and-other objects?
 * Then it is not told where the alias leads: that is what has to go.
 */
bool is_beside_record(struct lint *, const struct record *alias, enum auth);
/*
 * The second record of a kind at a name, exact copies not counted, and in
 * *first (may be NULL) the first one; NULL when there are no two.
 */
const struct record *record_second(struct lint *, const struct node *,
    enum auth, const struct record **first);
/* Objects to several records of a kind at a name, when they count as none. */
void complain_several(struct lint *, const struct node *, struct str name,
    enum auth, const char *consequence);
/*
 * Is it a CNAME where records of this kind belong, of MTA-STS, TLS-RPT or BIMI,
 * that is seen to lead to none, to several, or to one that cannot be read?
 */
bool is_vain_alias(struct lint *, const struct record *, enum auth);
/* Objects to that. */
void complain_alias(struct lint *, const struct record *, enum auth,
    const char *consequence);
/*
 * Is it a text where a record of this kind belongs, that nobody selects for
 * what its version looks like? Not when another rule says so.
 */
bool record_is_passed_over(struct lint *, const struct record *, enum auth);
/* Objects to that, of MTA-STS or TLS-RPT, which senders of mail read. */
void complain_passed_over(struct lint *, const struct record *, enum auth,
    const char *version);
/*
 * Is it one of several, or SPF with a syntax error? Another rule says that it
 * counts for nothing then; what it would achieve is of no interest.
 */
bool record_is_void(struct lint *, const struct record *);
/*
 * Does the zone hold an entry that name servers refuse, but that was to be
 * this record? What they refuse is told; that it is missing follows from it.
 */
bool is_refused_entry(struct lint *, struct str name, enum auth);
/*
 * The day on which earlier runs last saw a record of a kind in the zone;
 * DAY_NONE for never.
 */
day lint_last_run(struct lint *, enum seen_kind);
/* Does an owner belong to this zone, and to no loaded one below it? */
bool lint_is_in_zone(struct lint *, struct str owner);
/*
 * The profiles in force, those of this run or those configured: *number starts
 * at 0; NULL after the last.
 */
const struct profile *lint_next_profile(const struct lint *, size_t *number);
/* Starts as { 0 }. */
struct domain_walk {
	const struct config_domain *const *domains;
	size_t count, here;
	bool begun;
};

/*
 * The domains and subdomains of the configuration that are for this zone to
 * publish, in the order of names; NULL after the last.
 */
const struct config_domain *lint_next_domain(struct lint *,
    struct domain_walk *);

/* ---- questions that come again and again (ask.c) ------------------------- */

/* As zones_records, of a name in the zone; they live in the arena. */
size_t lint_records(struct lint *, const struct node *, unsigned types,
    const struct record ***records);
/* Does the name send mail, as mail_role says? */
enum mail_role lint_role(struct lint *, struct str name);
/* Does mail to it get nowhere, as mail_gets_nowhere says? */
bool lint_is_unreachable(struct lint *, struct str name);
/* As mail_is_none_despite_key, of a name in the zone. */
bool lint_is_none_despite_key(struct lint *, struct str name);
/* The MX that makes it a name of mail; a null MX does not. NULL for none. */
const struct record *lint_mx(struct lint *, const struct node *);
/*
 * How a question ends, as zones_kind says, and how many CNAME and DNAME records
 * lead there (links may be NULL).
 */
enum answer_kind lint_ask(struct lint *, struct str name, uint16_t type,
    unsigned *links);
/* The loaded zones say that there is no such record. */
bool lint_is_absent(struct lint *, struct str name, uint16_t type);
/* As organizational_domain; known may be NULL. */
struct str lint_organization(struct lint *, struct str name, enum model,
    bool *known);
/*
 * Is a name directly below this one perhaps an organizational domain of RFC
 * 7489? Says no for nearly all names in a zone, and at once when asked again.
 */
bool lint_may_have_organizations(struct lint *, struct str name);
/* Answers are the same for all zones of a run, whoever asks. */
struct answers *answers_new(struct arena *);
/* They hold no more: other zones are loaded. */
void answers_forget(struct answers *);
/*
 * From now on an answer about a name of this family is looked for again, so
 * that it is seen where it comes from; STR_NONE: about none.
 */
void answers_again(struct answers *, struct str family);
/* The one policy at a name; NULL for none, several, or when none is seen. */
const struct record *dmarc_only_record(struct lint *, struct str domain);
/*
 * The policy to which an alias at _dmarc of *domain leads, when it stands where
 * no rule about policies looks at it; else NULL.
 */
const struct record *dmarc_lent_by(struct lint *, const struct record *alias,
    struct str *domain);
/* There is no policy at a name, and that is certain. */
bool dmarc_is_lacking(struct lint *, struct str domain);

/* ---- names that are alike ------------------------------------------------ */

/*
 * Names that are written alike are judged once (lint/likeness.c): in another
 * one the same rules speak, and no others. It rests on this: a verdict on a
 * name depends on what the name and those that are read for it hold, on what
 * they refer to, and on the names above, not on how the name itself is spelt,
 * nor on who else refers to it. A rule whose verdict does depend on such a
 * thing says so here, also when an answer is within lint_slack() of a limit.
 */
void lint_unlike(const struct lint *);
/*
 * In so many octets, LIKE_SLACK at most, what stands at the name that is judged
 * may differ.
 */
size_t lint_slack(const struct lint *);

/* What rules say of that, for who judges names. */
struct unlike {
	bool name, zone;		/* what is judged is like nothing */
	size_t slack;
	/*
	 * Somebody asked whether a name sends mail, in one of these ways, or
	 * gets any. What was read for that, and not before, matters no more.
	 */
	void (*note_sending)(struct lint *, struct str name, enum sending,
	    unsigned answer, uint32_t before);
};

/* The answer, of which nobody takes note. */
unsigned lint_sending(struct lint *, struct str name, enum sending);

/* ---- what one family tells the others ------------------------------------ */

/* The MARK_... of a record (marks.c). */
unsigned record_marks(const struct record *);
/*
 * A text where a policy belongs which is not selected, though it was meant to
 * be one. NULL for a policy, and for what has strayed there (dmarc.c).
 */
const struct dmarc *dmarc_passed_over(struct lint *, const struct record *);
/*
 * Does a policy that was meant for the domain stand at a name that is misspelt,
 * or lacks its final dot? Then that is told (zone_names.c).
 */
bool dmarc_is_mislaid(struct lint *, struct str domain);
/* A name below that exists and has no policy of its own; STR_NONE if none. */
struct str dmarc_uncovered_name(struct lint *, struct str domain);
/* The tag that is meant by a misspelt one, or NULL (dmarc.c). */
const char *dmarc_meant_tag(const struct dmarc *, const struct tag *);
/* Is there a policy above, or may there be, that speaks for the name as well? */
bool dmarc_has_one_above(struct lint *, struct str domain);
/* Does nobody take the sp and np of a policy, as one above speaks for others? */
bool dmarc_is_only_for_itself(struct lint *, const struct record *);
/* Is p=reject only tested where no mail comes from? dmarc-parked-weak tells. */
bool dmarc_is_idle_test(struct lint *, const struct record *);
/* Is a policy below another one weaker than what that would give? */
bool dmarc_is_weaker_than_above(struct lint *, struct str domain,
    const struct dmarc *);
/*
 * Does spf-nomail-not-empty say that the record has to read "v=spf1 -all"? Then
 * it does not matter how it ends.
 */
bool spf_is_to_be_empty(const struct lint *, const struct record *);
/* Does a configured sender have its SPF at the name that is judged? */
bool spf_is_wanted(struct lint *);
struct schedule;
struct step;
/*
 * Is it weaker than what a step of a plan publishes (plan.c): does p, sp or np
 * come to less, in RFC 7489 or in RFC 9989? Not when it is a later step's.
 */
bool dmarc_is_behind(struct lint *, const struct dmarc *,
    const struct schedule *, const struct step *);
/*
 * Offers to encode the comma, "!" and blank in a URI, or does nothing when they
 * stand in the domain of an address (dmarc_report.c).
 */
void diag_fix_encode_uri(struct lint *, struct diag *, const struct record *,
    const struct report_uri *);
/*
 * One fault is told once. Did the text lose something on its way into the
 * zone (quotes, a part behind ";", a second escaping), so that whatever else
 * might be said about the record depends on how that gets mended? The rules
 * about texts tell it, those about kinds of records are not run. The marks are
 * those of the record.
 */
bool text_is_spoiled(const struct record *, unsigned marks);
/*
 * Is that so, or does a rule about texts (strings that meet without a space,
 * characters that no record knows) speak of this part?
 */
bool text_is_explained(struct lint *, const struct record *, size_t start,
    size_t end);
/*
 * Does an octet stand in this part, not in an address, that no record knows and
 * zone-txt-non-ascii, zone-idn-not-alabel or zone-txt-control-char objects to?
 */
bool text_has_foreign(const struct record *, size_t start, size_t end);
/* The kind of record whose version is misspelt here; AUTH_NONE if none. */
enum auth version_typo(struct lint *, const struct record *);
/* Does a target that leads nowhere only want its final dot? */
bool target_lacks_dot(struct lint *, const struct record *);
/*
 * Who refers to a name, over all zones of the run (reference.c): is it the
 * target of a CNAME, or of an include or redirect in SPF? Of a CNAME at a place
 * such as _dmarc, where receivers ask?
 */
bool name_is_aliased(const struct lint *, struct str name);
bool name_is_included(const struct lint *, struct str name);
bool name_is_lent(const struct lint *, struct str name);
/*
 * The graph below the current record, once for all rules; NULL when it asks
 * for nothing, or receivers cannot read it.
 */
const struct spf_cost *lint_spf_cost(struct lint *, const struct record *);
/*
 * The same where something may be called missing. In a fragment, a file
 * without SOA, nothing is: the rest of the zone stands elsewhere.
 */
const struct spf_cost *lint_whole_spf_cost(struct lint *,
    const struct record *);
/*
 * The term at which receivers give up because too many lookups were in vain,
 * which spf-void-lookups tells; NULL when they do not.
 */
const struct spf_edge *spf_last_void(const struct spf_cost *);
/*
 * About a term of an SPF record, perhaps of another reading of it: it stands
 * where this one does.
 */
struct diag *complain_term(struct lint *, const struct record *,
    const struct spf_term *, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/*
 * A network from which no mail on the Internet comes: spf-special-address
 * tells that. Not those of examples, of which it may say nothing.
 */
bool spf_term_is_special(const struct spf_term *);
/* "a:example.net-all": does an "all" stand at the end of another term? */
bool spf_term_has_glued_all(const struct spf_term *);
/* Offers to take a term out of an SPF record. */
void diag_fix_remove_term(struct lint *, struct diag *, enum fix_kind,
    const struct record *, const struct spf_term *);

#endif
