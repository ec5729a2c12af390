/*
 * mailzone generate --dns --refresh-cache: the DNS cache file made anew, with
 * the answers to all that the records and the rules ask for today.
 */
#include "command/inputs.h"
#include "net/net.h"

static const char *const no_file_options[] = { "output", "in-place", "adopt",
	"serial", "target", "txt-style", "at", NULL };

/* It writes that file and nothing else. */
static int
check_usage(struct run *run)
{
	size_t i;

	if (!option_given(run, "dns"))
		return run_usage(run, "--refresh-cache asks name servers: say "
		    "so with --dns");
	for (i = 0; no_file_options[i] != NULL; i++)
		if (option_given(run, no_file_options[i]))
			return run_usage(run, "--refresh-cache writes the DNS "
			    "cache file alone: not with --%s",
			    no_file_options[i]);
	if (run->argument_count > 0)
		return run_usage(run, "--refresh-cache is for all domains at "
		    "once: what one of them needs, others may need, too");
	return 0;
}

static void
pass_over(void *context, const struct diag *diag)
{
	(void)context;
	(void)diag;
}

/* Whatever is looked at asks for what it needs. */
static bool
walk(struct run *run)
{
	const struct made_zones *made = run_make_records(run, run->today);

	return made != NULL && run_judge_generated(run, made, LEVEL_ERROR,
	    pass_over, NULL);
}

static void
say_open(struct run *run, struct str questions, size_t count)
{
	struct str line;

	if (count == 0)
		return;
	run_say(run, "%zu question%s got no answer; what the file says of "
	    "such names stays:", count, count == 1 ? "" : "s");
	while (questions.n > 0 && str_split(&questions, '\n', &line))
		if (line.n > 0)
			run_say(run, "  %.*s", STR_ARG(line));
}

static int
write_cache(struct run *run, struct str path)
{
	bool show = option_given(run, "diff");
	const struct dns_cache *old = run->zones.cache;
	struct buffer text = { 0 }, open = { 0 };
	struct changes changes;
	size_t count;

	changes_start(&changes, run, show || option_given(run, "check"));
	count = resolver_write_cache(run->resolver, old, &text, &open);
	say_open(run, buffer_str(&open), count);
	buffer_free(&open);
	change_renew(&changes, path, old == NULL ? NULL : old->source,
	    buffer_finish(&text, run->arena));
	return changes_finish(&changes, show);
}

int
run_refresh_cache(struct run *run)
{
	struct str path;

	if (check_usage(run) != 0)
		return EXIT_UNABLE;
	if (!run_use_dns(run) || !run_config(run, true))
		return EXIT_UNABLE;
	if (run->config->dns_cache.text.p == NULL)
		return run_usage(run, "%.*s names no file for --refresh-cache: "
		    "say \"dns_cache: dns-cache.txt\"",
		    STR_ARG(run->config->source->path));
	path = config_path(run, run->config->dns_cache.text);
	if (!run_configured_zones(run, true) || run->status == EXIT_UNABLE ||
	    !walk(run))
		return EXIT_UNABLE;
	return run_dns_answered(run) ? write_cache(run, path) : EXIT_UNABLE;
}
