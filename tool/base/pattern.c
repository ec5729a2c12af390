#define PCRE2_CODE_UNIT_WIDTH 8

#include <stdbool.h>
#include <stdlib.h>

#include <pcre2.h>

#include "base/arena.h"
#include "base/pattern.h"

/* Steps that one match may cost; patterns come from the operator's files. */
enum { MATCH_LIMIT = 100 * 1000, DEPTH_LIMIT = 1000 };

struct pattern {
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *context;
};

struct pattern *
pattern_new(struct arena *arena, struct str expression, struct str *why,
    size_t *at)
{
	struct pattern *pattern;
	PCRE2_UCHAR message[256];
	pcre2_code *code;
	int error;

	code = pcre2_compile((PCRE2_SPTR)expression.p, expression.n,
	    PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_NEVER_BACKSLASH_C,
	    &error, at, NULL);
	if (code == NULL) {
		pcre2_get_error_message(error, message, sizeof(message));
		*why = arena_printf(arena, "%s", (const char *)message);
		return NULL;
	}
	pattern = malloc(sizeof(*pattern));
	if (pattern == NULL)
		abort();
	pattern->code = code;
	pattern->data = pcre2_match_data_create_from_pattern(code, NULL);
	pattern->context = pcre2_match_context_create(NULL);
	if (pattern->data == NULL || pattern->context == NULL)
		abort();
	pcre2_set_match_limit(pattern->context, MATCH_LIMIT);
	pcre2_set_depth_limit(pattern->context, DEPTH_LIMIT);
	return pattern;
}

void
pattern_free(struct pattern *pattern)
{
	if (pattern == NULL)
		return;
	pcre2_match_context_free(pattern->context);
	pcre2_match_data_free(pattern->data);
	pcre2_code_free(pattern->code);
	free(pattern);
}

bool
pattern_matches(const struct pattern *pattern, struct str subject)
{
	const char *p = subject.p == NULL ? "" : subject.p;

	return pcre2_match(pattern->code, (PCRE2_SPTR)p, subject.n, 0, 0,
	    pattern->data, pattern->context) >= 0;
}

/* Octets that stand for themselves, and those that do behind a backslash. */
static const struct str plain = STR_INIT(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:_-=/");
static const struct str escaped = STR_INIT(".-/");

bool
pattern_may_match(struct str expression, struct str subject)
{
	struct cursor in = { expression, 0 }, against = { subject, 0 };
	int octet;

	/* Another half may begin with anything. */
	if (str_has(expression, '|'))
		return true;
	for (;;) {
		octet = cursor_next(&in);
		if (octet == '\\' && str_has(escaped, cursor_peek(&in)))
			octet = cursor_next(&in);
		else if (!str_has(plain, octet))
			return true;
		/* Perhaps it need not stand there. */
		if (str_has(STR("?*{"), cursor_peek(&in)))
			return true;
		if (cursor_next(&against) != octet)
			return false;
	}
}

bool
glob_matches(struct str glob, struct str word)
{
	size_t g = 0, w = 0, star = glob.n, mark = 0;

	while (w < word.n) {
		if (g < glob.n && glob.p[g] == '*') {
			star = g++;
			mark = w;
		} else if (g < glob.n &&
		    (glob.p[g] == '?' || glob.p[g] == word.p[w])) {
			g++;
			w++;
		} else if (star < glob.n) {
			/* The last star takes one byte more. */
			g = star + 1;
			w = ++mark;
		} else
			return false;
	}
	while (g < glob.n && glob.p[g] == '*')
		g++;
	return g == glob.n;
}

bool
glob_list_matches(struct str globs, struct str word)
{
	struct str glob;

	while (str_split(&globs, ',', &glob))
		if (glob_matches(str_trim(glob), word))
			return true;
	return false;
}
