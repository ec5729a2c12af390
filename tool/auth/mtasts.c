/*
 * MTA-STS: the record, RFC 8461 section 3.1, and the policy that senders
 * fetch by https, section 3.2.
 */
#include "auth/auth.h"
#include "base/arena.h"
#include "base/buffer.h"
#include "base/name.h"

enum { LONGEST_ID = 32, LONGEST_AGE = 10 };

/* ---- the record ---------------------------------------------------------- */

static bool
is_id(struct str text)
{
	struct cursor in = { text, 0 };
	int byte;

	while ((byte = cursor_next(&in)) != END)
		if (!byte_is_letter(byte) && !byte_is_digit(byte))
			return false;
	return text.n > 0 && text.n <= LONGEST_ID;
}

static void
check_id(struct mtasts *mtasts, struct arena *arena, const struct tag *id)
{
	/* A field that is none may have been the id. */
	if (id == NULL && mtasts->problems.count == 0)
		problems_add(&mtasts->problems, arena, MTASTS_NO_ID, 0,
		    mtasts->text.n, "\"id\" is missing, so senders ignore "
		    "the record");
	else if (id != NULL && !is_id(id->value))
		problems_add(&mtasts->problems, arena, MTASTS_BAD_ID,
		    id->value.n > 0 ? id->value_start : id->start,
		    id->value_end, STR_QUOTE " is not 1 to 32 letters and "
		    "digits, so senders ignore the record",
		    STR_QUOTE_ARG(id->value));
}

/* The grammar allows a blank here, what selects records does not. */
static void
check_delimiter(struct mtasts *mtasts, struct arena *arena)
{
	size_t start = mtasts->tags.first == NULL ? 0 :
	    mtasts->tags.first->end;
	size_t end = start + str_find(str_after(mtasts->text, start), ';');

	if (end > start && auth_version(mtasts->text) == AUTH_MTASTS)
		problems_add(&mtasts->problems, arena, MTASTS_DELIMITER,
		    start, end, "a blank stands behind \"v=STSv1\", so "
		    "senders that look for \"v=STSv1;\" pass the record "
		    "over");
}

struct mtasts *
mtasts_parse(struct arena *arena, struct str text)
{
	struct mtasts *mtasts = ARENA_NEW(arena, struct mtasts);
	const struct tag *id;

	mtasts->text = text;
	mtasts->tags = tags_parse(arena, text);
	fields_check(arena, text, &mtasts->tags, "STSv1", &mtasts->problems,
	    MTASTS_BAD_FIELD, MTASTS_REPEATED_FIELD);
	id = tags_find(&mtasts->tags, "id");
	if (id != NULL)
		mtasts->id = id->value;
	check_id(mtasts, arena, id);
	check_delimiter(mtasts, arena);
	return mtasts;
}

struct str
mtasts_print(struct arena *arena, const struct mtasts *mtasts)
{
	struct buffer out = { 0 };

	if (auth_version(mtasts->text) != AUTH_MTASTS)
		return mtasts->text;
	buffer_add(&out, tags_print(arena, mtasts->text, &mtasts->tags));
	buffer_add_byte(&out, ';');
	return buffer_finish(&out, arena);
}

/* ---- the policy ---------------------------------------------------------- */

struct reader {
	struct arena *arena;
	struct mtasts_policy *policy;
	struct mtasts_mx **last;
	/* Where the line being read starts, and its value. */
	size_t start, value_start, value_end;
	unsigned seen;			/* a bit for each row of fields */
};

static struct str
value(const struct reader *r)
{
	return str_slice(r->policy->text, r->value_start, r->value_end);
}

static void
object(struct reader *r, const char *why)
{
	bool empty = r->value_start == r->value_end;

	problems_add(&r->policy->problems, r->arena, MTASTS_BAD_FIELD,
	    empty ? r->start : r->value_start, r->value_end,
	    STR_QUOTE " %s", STR_QUOTE_ARG(value(r)), why);
}

static void
read_version(struct reader *r)
{
	r->policy->version = str_is(value(r), "STSv1");
	if (!r->policy->version)
		object(r, "is not \"STSv1\", so senders ignore the policy");
}

static void
read_mode(struct reader *r)
{
	static const struct {
		const char *word;
		enum mtasts_mode mode;
	} modes[] = {
		{ "none", MTASTS_NONE },
		{ "testing", MTASTS_TESTING },
		{ "enforce", MTASTS_ENFORCE },
	};
	unsigned i;

	r->policy->mode_start = r->value_start;
	r->policy->mode_end = r->value_end;
	for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (str_is(value(r), modes[i].word))
			r->policy->mode = modes[i].mode;
	if (r->policy->mode == MTASTS_INVALID)
		object(r, "is neither \"enforce\", \"testing\" nor \"none\", "
		    "so senders ignore the policy");
}

static void
read_max_age(struct reader *r)
{
	uint64_t age;

	r->policy->max_age_start = r->value_start;
	r->policy->max_age_end = r->value_end;
	if (value(r).n > LONGEST_AGE ||
	    !str_number(value(r), UINT64_MAX, &age)) {
		object(r, "is no number of seconds, so senders ignore the "
		    "policy");
		return;
	}
	r->policy->max_age = age > UINT32_MAX ? UINT32_MAX : (uint32_t)age;
	r->policy->has_max_age = true;
}

static void
read_mx(struct reader *r)
{
	struct mtasts_mx *mx = ARENA_NEW(r->arena, struct mtasts_mx);
	struct str host = value(r), name;
	bool wildcard = str_starts(host, STR("*."));

	if (!name_parse(r->arena, str_after(host, wildcard ? 2 : 0), &name) ||
	    !name_is_host(name, false) || str_ends(host, STR("."))) {
		object(r, "is neither a host nor \"*.\" and a domain, so it "
		    "matches no mail server");
		return;
	}
	mx->pattern = arena_printf(r->arena, "%s%.*s", wildcard ? "*." : "",
	    STR_ARG(name));
	mx->start = r->value_start;
	mx->end = r->value_end;
	*r->last = mx;
	r->last = &mx->next;
}

static const struct field {
	const char *name;
	void (*read)(struct reader *);
} fields[] = {
	{ "version",	read_version },
	{ "mode",	read_mode },
	{ "max_age",	read_max_age },
	{ "mx",		read_mx },
};

enum { MX = 3, FIELDS = sizeof(fields) / sizeof(fields[0]) };

/* The first of each counts, but for mx. */
static void
read_field(struct reader *r, struct str name)
{
	unsigned i;

	for (i = 0; i < FIELDS; i++) {
		if (!str_is(name, fields[i].name))
			continue;
		if (i == MX || (r->seen & 1U << i) == 0)
			fields[i].read(r);
		else
			problems_add(&r->policy->problems, r->arena,
			    MTASTS_REPEATED_FIELD, r->start, r->value_end,
			    "a second \"%s\" counts for nothing",
			    fields[i].name);
		r->seen |= 1U << i;
	}
}

static void
read_line(struct reader *r, size_t start, size_t end)
{
	struct str text = r->policy->text, line;
	size_t colon;

	if (end > start && text.p[end - 1] == '\r')
		end--;
	while (end > start && byte_is_blank((unsigned char)text.p[end - 1]))
		end--;
	line = str_slice(text, start, end);
	colon = start + str_find(line, ':');
	r->start = start;
	r->value_start = colon + 1;
	r->value_end = end;
	while (r->value_start < end &&
	    byte_is_blank((unsigned char)text.p[r->value_start]))
		r->value_start++;
	if (colon < end)
		read_field(r, str_slice(text, start, colon));
	else if (line.n > 0)
		problems_add(&r->policy->problems, r->arena,
		    MTASTS_BAD_FIELD, start, end, STR_QUOTE " has no \":\", "
		    "so senders may ignore the policy", STR_QUOTE_ARG(line));
}

/* Only mode none needs no mx. */
static void
check_missing(struct reader *r)
{
	unsigned i;

	for (i = 0; i < FIELDS; i++) {
		if ((r->seen & 1U << i) != 0 ||
		    (i == MX && r->policy->mode == MTASTS_NONE))
			continue;
		problems_add(&r->policy->problems, r->arena,
		    MTASTS_MISSING_FIELD, 0, 0, "the policy has no \"%s\", "
		    "so senders ignore it", fields[i].name);
		return;
	}
}

struct mtasts_policy *
mtasts_policy_parse(struct arena *arena, struct str text)
{
	struct mtasts_policy *policy = ARENA_NEW(arena, struct mtasts_policy);
	struct reader reader = { .arena = arena, .policy = policy,
		.last = &policy->mx };
	size_t start, end;

	policy->text = text;
	policy->mode = MTASTS_INVALID;
	for (start = 0; start < text.n; start = end + 1) {
		end = start + str_find(str_after(text, start), '\n');
		read_line(&reader, start, end);
	}
	check_missing(&reader);
	return policy;
}

static struct str
cut_dot(struct str name)
{
	return str_ends(name, STR(".")) ? str_slice(name, 0, name.n - 1) :
	    name;
}

bool
mtasts_mx_matches(struct str pattern, struct str host)
{
	host = cut_dot(host);
	pattern = cut_dot(pattern);
	if (!str_starts(pattern, STR("*.")))
		return host.n > 0 && str_equal_case(pattern, host);
	return str_find(host, '.') > 0 && str_equal_case(str_after(pattern,
	    1), str_after(host, str_find(host, '.')));
}
