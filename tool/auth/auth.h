/*
 * Records of mail authentication as data: SPF (RFC 7208), DKIM keys
 * (RFC 6376), DMARC (RFC 9989 and 7489), MTA-STS (RFC 8461), TLS-RPT
 * (RFC 8460), BIMI (draft).
 *
 * X_parse is total: it never returns NULL; what it does not understand it
 * keeps, what is amiss it adds to problems. Offsets count bytes of the text
 * that was parsed. X_print gives the canonical text; printing what was parsed
 * and parsing that again gives the same struct, nothing unknown is lost.
 */
#ifndef AUTH_AUTH_H
#define AUTH_AUTH_H

#include <stdint.h>

#include "base/place.h"
#include "base/str.h"

struct arena;

/* ---- which record is it? ------------------------------------------------- */

/* Kinds of records; what a name is asked for, and what a text claims. */
enum auth {
	AUTH_NONE,
	AUTH_SPF,
	AUTH_DKIM,
	AUTH_DMARC,		/* a policy, at _dmarc.NAME */
	AUTH_REPORT,		/* an authorisation, below _report._dmarc */
	AUTH_MTASTS,
	AUTH_TLSRPT,
	AUTH_BIMI,
	AUTH_KINDS
};

/* "SPF", "DKIM", ... for messages. */
const char *auth_name(enum auth);

/*
 * What receivers look for at this owner (canonical name, see base/name.h):
 * _dmarc.x, *._report._dmarc.x, s._domainkey.x, _mta-sts.x, _smtp._tls.x,
 * s._bimi.x; AUTH_SPF for every other name. Then *domain (may be NULL) is the
 * name x that the record speaks for, and *label (may be NULL) what stands
 * before: the selector, or the authorised domain of a report record.
 */
enum auth auth_place(struct str owner, struct str *domain, struct str *label);

/*
 * What the text claims to be, by its version tag, exactly as receivers select
 * records: "v=spf1" in any case and then a space or the end; first tag v with
 * the exact value DMARC1, DKIM1, STSv1, TLSRPTv1, BIMI1. AUTH_NONE otherwise.
 * AUTH_DMARC also for report authorisations. A DKIM key may lack its version:
 * there the place decides, not the text.
 */
enum auth auth_version(struct str text);

/*
 * A text that was meant to be a record but is not selected: "v=DMARC",
 * "v=dmarc1", "DMARC1;", "v=spf", "v=spf1;", "v=DKIM", leading blanks, curly
 * quotes. AUTH_NONE when it is a fine record or nothing of the kind.
 */
enum auth auth_near_version(struct str text);

/*
 * Where records of this kind belong: a text that was meant to be one, as
 * auth_near_version tells, or by a tag that only they have, or by a version
 * that stands behind other tags.
 */
bool auth_lost_version(struct str text, enum auth kind);

/* ---- tag=value; lists (RFC 6376 section 3.2, RFC 9989 section 4.8) ------- */

struct tag {
	struct tag *next;
	struct str name, value;		/* white space around them cut off */
	size_t start, end;		/* the tag without its separator */
	size_t value_start, value_end;
	bool equals;			/* false: a segment without "=" */
	bool repeated;			/* the name stood before */
};

struct tags {
	struct tag *first;
	size_t count;
	size_t empty;			/* ";;" seen, but for the final one */
	size_t empty_start;		/* where the first of these stands */
};

/* Splits at ";" and "="; names keep their case. */
struct tags tags_parse(struct arena *, struct str text);
const struct tag *tags_find(const struct tags *, const char *name);
/* As tags_find without regard to ASCII case. */
const struct tag *tags_find_case(const struct tags *, const char *name);
/* ALPHA *( ALPHA / DIGIT / "_" ), of DKIM and BIMI. */
bool tag_name_is_valid(struct str name);
/* The tags as they are written, "; " between them, no empty ones. */
struct str tags_print(struct arena *, struct str text, const struct tags *);

/* ---- SPF ----------------------------------------------------------------- */

enum {
	SPF_MAX_LOOKUPS = 10,		/* RFC 7208 section 4.6.4 */
	SPF_MAX_VOIDS = 2,
	SPF_MAX_MX = 10
};

enum spf_kind {
	SPF_ALL, SPF_INCLUDE, SPF_A, SPF_MX, SPF_PTR, SPF_IP4, SPF_IP6,
	SPF_EXISTS,			/* mechanisms up to here */
	SPF_REDIRECT, SPF_EXP, SPF_MODIFIER,	/* any other name=value */
	SPF_UNKNOWN			/* no term of RFC 7208 */
};

/* Every kind is a permanent error at receivers but for those marked. */
enum spf_problem {
	SPF_BAD_TERM,			/* anything without a kind of its own */
	SPF_BAD_CHARACTER,		/* tab, control or non-ASCII octet */
	SPF_UNKNOWN_MECHANISM,
	SPF_MODIFIER_AS_MECHANISM,	/* redirect:x, exp:x */
	SPF_QUALIFIER_ON_MODIFIER,
	SPF_BAD_IP4,
	SPF_BAD_IP6,
	SPF_BAD_CIDR,			/* of a and mx; of ip4, ip6 see above */
	SPF_UNEXPECTED_CIDR,		/* include:x/24, all/8 */
	SPF_UNEXPECTED_VALUE,		/* all:x, all. */
	SPF_IP_AS_NAME,			/* a:192.0.2.1 */
	SPF_SINGLE_LABEL,		/* include:localhost, section 7.1 */
	SPF_EMPTY_TARGET,
	SPF_BAD_TARGET,			/* no domain-spec for another reason */
	SPF_BAD_MACRO,
	SPF_REPEATED_MODIFIER,		/* redirect or exp twice */
	/* Not errors for a receiver, unless the term is broken: */
	SPF_MECHANISM_AS_MODIFIER,	/* include=x: silently ignored */
	SPF_NAME_LABELS			/* labels empty, above 63, or odd */
};

struct spf_term {
	struct spf_term *next;
	enum spf_kind kind;
	char qualifier;			/* + - ~ ?; + when none is written */
	bool qualified;			/* a qualifier is written */
	bool broken;			/* has a problem that is an error */
	size_t start, end;		/* the whole term, in the text */
	struct str text;		/* the whole term, as written */
	struct str name;		/* "include", "ip4", "redirect" */
	/* What stands behind : or =, without the prefix length. */
	bool has_target;
	struct str target;
	size_t target_start, target_end;
	bool macro;			/* the target has a macro-expand */
	int cidr4, cidr6;		/* -1 when not written */
	size_t cidr_start;		/* where the "/" stands, or end */
	unsigned char address[16];	/* ip4: the first four; network order */
};

struct spf {
	struct str text;
	bool selected;			/* starts as auth_version wants it */
	struct spf_term *terms;		/* in the order written */
	size_t count;
	struct problems problems;	/* kind is enum spf_problem */
	bool permerror;			/* a receiver gives up on the grammar */
	const struct spf_term *all;	/* the first "all", or NULL; these */
	const struct spf_term *redirect;	/* may be broken */
};

/* RFC 7208 section 12. */
struct spf *spf_parse(struct arena *, struct str text);
/* The first term that a receiver gives up on, as written; STR_NONE for none. */
struct str spf_broken(const struct spf *);
/*
 * "v=spf1" and the terms; a text that is not selected is printed as it is.
 * Equal up to places, the case of names and a "+" that says nothing.
 */
struct str spf_print(struct arena *, const struct spf *);
/* One term by itself; offset is added to all places. */
struct spf_term *spf_term_parse(struct arena *, struct str term,
    size_t offset, struct problems *);
struct str spf_term_print(struct arena *, const struct spf_term *);
bool spf_is_mechanism(enum spf_kind);
/* A mechanism behind "all", which receivers never get to: section 5.1. */
bool spf_is_behind_all(const struct spf *, const struct spf_term *);
/* include, a, mx, ptr, exists, redirect (RFC 7208 section 4.6.4). */
bool spf_costs_lookup(enum spf_kind);
const char *spf_kind_name(enum spf_kind);
/* The mechanism or modifier nearest to a misspelt one, or NULL. */
const char *spf_name_near(struct str name);
/*
 * The target for a record at this name: the name itself when none is written
 * (a, mx, ptr); canonical lower case without final dot. STR_NONE when there
 * is a macro other than %{d} in it, or it is broken.
 */
struct str spf_target(struct arena *, const struct spf_term *,
    struct str domain);

/* A macro-expand in a macro-string, RFC 7208 section 7.1. */
struct spf_macro {
	size_t start, end;
	bool valid;
	char letter;			/* lower case; or one of % _ - */
	bool escape;			/* in upper case: URL escaping */
	size_t digits;			/* 0 when not written */
	bool reverse;
	struct str delimiters;
};

/* The next from the cursor on; false when there is none. */
bool spf_macro_next(struct cursor *, struct spf_macro *);

/* ---- DKIM keys ----------------------------------------------------------- */

enum dkim_algorithm { DKIM_RSA, DKIM_ED25519, DKIM_OTHER };

enum dkim_problem {
	DKIM_BAD_TAG,			/* no tag list: no "=", bad name */
	DKIM_REPEATED_TAG,		/* the whole list is void, 3.2 */
	DKIM_BAD_VERSION,		/* v not first, or not DKIM1 */
	DKIM_NO_KEY,			/* no p */
	DKIM_BAD_BASE64,
	DKIM_PEM,			/* -----BEGIN */
	DKIM_PRIVATE_KEY,		/* the DER is a private key */
	DKIM_NOT_A_KEY,			/* neither SPKI nor PKCS#1 */
	DKIM_MISMATCH,			/* k says one thing, the key another */
	DKIM_ED25519_LENGTH		/* k=ed25519 without 32 octets */
};

struct dkim {
	struct str text;
	struct tags tags;
	const struct tag *v, *k, *p, *h, *s, *t, *n, *g;
	enum dkim_algorithm algorithm;	/* by k; rsa when absent */
	bool revoked;			/* p is there and empty */
	bool testing, strict;		/* t=y, t=s */
	bool sha1, sha256;		/* h allows them; both when absent */
	bool email;			/* s allows mail */
	/* The key, when it could be read: bits 0 otherwise. */
	enum dkim_algorithm key_algorithm;
	bool pkcs1;			/* RSAPublicKey, not SPKI */
	unsigned bits;			/* RSA: of the modulus; Ed25519: 256 */
	struct str modulus;		/* big-endian, no leading zero */
	uint64_t exponent;		/* 0 when above 64 bits */
	struct str der;			/* what p decodes to */
	struct problems problems;	/* kind is enum dkim_problem */
};

/* RFC 6376 section 3.6.1, and the key in p. */
struct dkim *dkim_parse(struct arena *, struct str text);
/* Has it a key, or what was meant to be one, that is not revoked? */
bool dkim_is_live(const struct dkim *);
/* Tags in the order written, no empty ones, no white space in the key. */
struct str dkim_print(struct arena *, const struct dkim *);

/*
 * Standard base64 with its padding, white space inside allowed; false when it
 * is none, then *fault (may be NULL) is where: n when the end comes too early.
 */
bool base64_decode(struct arena *, struct str, struct str *octets);
bool base64_decode_at(struct arena *, struct str, struct str *octets,
    size_t *fault);
struct str base64_encode(struct arena *, struct str octets);

/* What octets are, when they are an ASN.1 key in DER. */
enum der_form {
	DER_NOTHING,			/* none of these */
	DER_TRUNCATED,			/* its end is missing */
	DER_TRAILING,			/* octets follow what could be one */
	DER_SPKI,			/* SubjectPublicKeyInfo, RFC 5280 */
	DER_PKCS1,			/* RSAPublicKey, RFC 8017 */
	DER_PRIVATE			/* PKCS#1, PKCS#8 or SEC 1 */
};

struct der_key {
	enum der_form form;
	enum dkim_algorithm algorithm;	/* of public keys; so are these: */
	unsigned bits;			/* 0 for DKIM_OTHER */
	struct str modulus;		/* without leading zeros */
	uint64_t exponent;		/* 0 when above 64 bits */
	struct str raw;			/* Ed25519: the 32 octets */
};

/* The key, or what else it is, that stands in these octets (X.690). */
struct der_key der_read_key(struct str octets);

/* ---- DMARC --------------------------------------------------------------- */

enum policy {
	POLICY_ABSENT, POLICY_NONE, POLICY_QUARANTINE, POLICY_REJECT,
	POLICY_INVALID
};

const char *policy_name(enum policy);	/* "none", "quarantine", "reject" */
enum policy policy_parse(struct str);	/* any case; POLICY_INVALID if none */
/* Does it ask for more than reports? */
bool policy_enforces(enum policy);

enum dmarc_problem {
	DMARC_BAD_VERSION,		/* v not first or not exactly DMARC1 */
	DMARC_BAD_SEPARATOR,		/* "," blank or "|" for ";", no "=";
					   spans what stands for it */
	DMARC_EMPTY_TAG,		/* ";;" */
	DMARC_REPEATED_TAG,
	DMARC_BAD_TAG_NAME,		/* not letters */
	DMARC_EMPTY_VALUE,
	DMARC_BAD_VALUE,		/* adkim, aspf, fo, t, psd, ri, rf */
	DMARC_BAD_PCT,
	DMARC_BAD_POLICY,		/* of p, sp or np; spans the value */
	DMARC_BAD_CHARACTER,
	DMARC_LOST_URI			/* rua=mailto:a;mailto:b */
};

enum uri_problem {
	URI_FINE,
	URI_NO_SCHEME,			/* a bare address */
	URI_NOT_A_URI,
	URI_SCHEME,			/* fine, but not mailto (or https) */
	URI_ENCODING,			/* raw comma, "!", blank inside */
	URI_NON_ASCII,
	URI_EMPTY,			/* spans the comma too many */
	URI_MISSING_COMMA		/* mailto:a@x mailto:b@y */
};

struct report_uri {
	struct report_uri *next;
	size_t start, end;
	struct str text;		/* as written, with the size */
	struct str scheme;
	struct str address;		/* mailto: decoded, without "?..." */
	struct str host;		/* lower case, no final dot */
	struct str size;		/* behind "!", obsolete; STR_NONE */
	enum uri_problem problem;
};

struct dmarc {
	struct str text;
	struct tags tags;
	bool selected;			/* first tag is v=DMARC1 */
	/* The first of each name; NULL when absent. */
	const struct tag *v, *p, *sp, *np, *adkim, *aspf, *rua, *ruf, *fo,
	    *psd, *t, *pct, *ri, *rf;
	enum policy policy, subdomain_policy, nonexistent_policy;
	bool strict_dkim, strict_spf;	/* default relaxed */
	bool psd_yes, psd_no;		/* else "u" */
	bool test;			/* t=y */
	bool unknown;			/* some tag has no known name */
	unsigned percent;		/* 100 when absent or invalid */
	struct report_uri *rua_list, *ruf_list;
	struct problems problems;	/* kind is enum dmarc_problem */
};

/* RFC 9989 section 4.8. */
struct dmarc *dmarc_parse(struct arena *, struct str text);
/* Asked for below the domain, and at names that do not exist: RFC 9989, 4.7. */
enum policy dmarc_subdomain_policy(const struct dmarc *);
enum policy dmarc_nonexistent_policy(const struct dmarc *);
/*
 * Tags in the order written, keywords in lower case, no empty tags; a text
 * that is not selected is printed as it is.
 */
struct str dmarc_print(struct arena *, const struct dmarc *);
/* A list of URIs as DMARC and TLS-RPT write it; offset is added to places. */
struct report_uri *report_uris_parse(struct arena *, struct str list,
    size_t offset);
/* Is it a name that RFC 9989 section 9.3 or RFC 7489 knows? */
bool dmarc_tag_is_known(struct str name);
/* The known tag nearest to a misspelt one, or NULL (distance 1). */
const char *dmarc_tag_near(struct str name);

/* ---- MTA-STS, TLS-RPT, BIMI ---------------------------------------------- */

/*
 * Notes what breaks the grammar that MTA-STS and TLS-RPT share, in a list
 * that begins with this version: problems of the kinds bad and repeated.
 */
void fields_check(struct arena *, struct str text, const struct tags *,
    const char *version, struct problems *, int bad, int repeated);

enum mtasts_problem {
	MTASTS_BAD_FIELD, MTASTS_NO_ID, MTASTS_BAD_ID,
	MTASTS_DELIMITER,		/* "v=STSv1 ;": spans the blanks */
	MTASTS_REPEATED_FIELD,
	MTASTS_MISSING_FIELD		/* of a policy; spans nothing */
};

struct mtasts {
	struct str text;
	struct tags tags;
	struct str id;			/* STR_NONE when absent */
	struct problems problems;
};

/* RFC 8461 section 3.1. */
struct mtasts *mtasts_parse(struct arena *, struct str text);
struct str mtasts_print(struct arena *, const struct mtasts *);

/* The policy file behind https, RFC 8461 section 3.2. */
enum mtasts_mode { MTASTS_NONE, MTASTS_TESTING, MTASTS_ENFORCE,
	MTASTS_INVALID };

struct mtasts_mx {
	struct mtasts_mx *next;
	struct str pattern;		/* lower case; "*.x" matches a label */
	size_t start, end;
};

struct mtasts_policy {
	struct str text;
	bool version;			/* it says STSv1 */
	enum mtasts_mode mode;
	uint32_t max_age;		/* seconds */
	bool has_max_age;
	/* Where the values stand in the text. */
	size_t mode_start, mode_end, max_age_start, max_age_end;
	struct mtasts_mx *mx;
	struct problems problems;
};

/* The file that a web server gives out: RFC 8461 section 3.2. */
struct mtasts_policy *mtasts_policy_parse(struct arena *, struct str text);
/* "*." stands for exactly one label; in any case, final dot or not. */
bool mtasts_mx_matches(struct str pattern, struct str host);

enum tlsrpt_problem { TLSRPT_BAD_FIELD, TLSRPT_NO_RUA, TLSRPT_REPEATED_FIELD };

struct tlsrpt {
	struct str text;
	struct tags tags;
	const struct tag *rua;
	struct report_uri *uris;
	struct problems problems;
};

/* RFC 8460 section 3. */
struct tlsrpt *tlsrpt_parse(struct arena *, struct str text);
struct str tlsrpt_print(struct arena *, const struct tlsrpt *);

enum bimi_problem {
	BIMI_BAD_TAG,			/* also a version out of place */
	BIMI_NO_LOCATION, BIMI_REPEATED_TAG
};

struct bimi {
	struct str text;
	struct tags tags;
	const struct tag *l, *a;	/* location, evidence */
	bool declined;			/* l is empty, a too or absent */
	struct problems problems;
};

/* Internet-Draft of November 2025, section 4.2. */
struct bimi *bimi_parse(struct arena *, struct str text);
struct str bimi_print(struct arena *, const struct bimi *);

/* ---- keys that come from the operator (OpenSSL) -------------------------- */

struct key {
	enum dkim_algorithm algorithm;
	unsigned bits;
	bool is_private;
	struct str public_key;		/* octets for p: SPKI, or 32 raw */
	struct str error;		/* words; STR_NONE when it was read */
	size_t error_at;		/* offset in the text */
};

/*
 * Reads what operators have: PEM (SPKI, PKCS#1, private PKCS#1 or PKCS#8),
 * opendkim-genkey's .txt (a zone file entry), bare base64 of an SPKI, a
 * PKCS#1 key or 32 raw octets, or DER. Everything goes through OpenSSL;
 * what it refuses is told in error.
 */
struct key key_read(struct arena *, struct str text);
/* "v=DKIM1; k=rsa; p=..." with flags (t=) and notes when there are any. */
struct str key_record(struct arena *, const struct key *, bool testing,
    bool strict, struct str notes);

/* A key that was made here, as files hold it. */
struct key_pair {
	struct key key;			/* what is published of it */
	struct str private_pem;		/* PKCS#8; a secret, see key_forget */
	struct str public_pem;		/* SPKI */
};

/* bits count for RSA alone; false when OpenSSL cannot make it. */
bool key_make(struct arena *, enum dkim_algorithm, unsigned bits,
    struct key_pair *);
/* Overwrites a secret, wherever in our memory it stands. */
void key_forget(struct str secret);

#endif
