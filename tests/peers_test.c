/*
 * Records that other programs test themselves with, and what they make of
 * them: tests/peers/records. Where we differ, the file says why.
 */
#include "support.h"

#include <stdio.h>

#include "auth/auth.h"
#include "base/arena.h"
#include "base/buffer.h"
#include "base/file.h"
#include "base/place.h"

enum { KIND, WHOSE, THEIRS, OURS, WHY, RECORD, FIELDS };

/* "\x41" stands for an octet; nothing else is escaped. */
static struct str
unescape(struct arena *arena, struct str text)
{
	struct cursor in = { text, 0 };
	struct buffer out = { 0 };
	char digits[3] = "";
	int byte;

	while ((byte = cursor_next(&in)) != END) {
		if (byte == '\\' && cursor_accept(&in, 'x')) {
			digits[0] = (char)cursor_next(&in);
			digits[1] = (char)cursor_next(&in);
			byte = (int)strtoul(digits, NULL, 16);
		}
		buffer_add_byte(&out, byte);
	}
	return buffer_finish(&out, arena);
}

static const char *
judge_spf(struct arena *arena, struct str text)
{
	const struct spf *spf = spf_parse(arena, text);

	return !spf->selected ? "none" : spf->permerror ? "error" : "ok";
}

static const char *
judge_dmarc(struct arena *arena, struct str text)
{
	const struct dmarc *dmarc = dmarc_parse(arena, text);
	const struct report_uri *uri;

	if (!dmarc->selected)
		return "none";
	for (uri = dmarc->rua_list; uri != NULL; uri = uri->next)
		if (uri->problem != URI_FINE)
			return "error";
	return dmarc->problems.count > 0 ? "error" : "ok";
}

static const char *
judge_dkim(struct arena *arena, struct str text)
{
	const struct dkim *dkim = dkim_parse(arena, text);

	return dkim->problems.count > 0 ? "error" :
	    dkim->revoked ? "revoked" : "ok";
}

static const struct {
	const char *kind;
	const char *(*judge)(struct arena *, struct str);
} judges[] = {
	{ "spf",	judge_spf },
	{ "dmarc",	judge_dmarc },
	{ "dkim",	judge_dkim },
};

static void
judge_line(struct arena *arena, struct str line)
{
	struct str fields[FIELDS];
	const char *verdict = NULL;
	size_t i;

	for (i = 0; i < FIELDS; i++)
		assert_true(str_split(&line, '\t', &fields[i]));
	for (i = 0; i < countof(judges); i++)
		if (str_is(fields[KIND], judges[i].kind))
			verdict = judges[i].judge(arena, unescape(arena,
			    fields[RECORD]));
	if (!str_is(fields[OURS], verdict))
		fail_msg("%s: %.*s", verdict, STR_ARG(fields[RECORD]));
	/* A reason if and only if one is needed. */
	if (str_equal(fields[OURS], fields[THEIRS]) !=
	    str_is(fields[WHY], "-"))
		fail_msg("reason: %.*s", STR_ARG(fields[RECORD]));
}

static void
peers_agree_or_the_file_says_why(void **state)
{
	struct arena *arena = arena_new();
	struct source *source = file_read(arena, STR("tests/peers/records"));
	struct str rest, line;
	size_t count = 0;

	(void)state;
	assert_non_null(source);
	rest = source->text;
	while (str_split(&rest, '\n', &line)) {
		if (line.n == 0 || line.p[0] == '#')
			continue;
		judge_line(arena, line);
		count++;
	}
	assert_true(count > 90);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(peers_agree_or_the_file_says_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
