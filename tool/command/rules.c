/* mailzone rules: the catalogue. */
#include "base/arena.h"
#include "base/pattern.h"
#include "command/command.h"

static const char *const formats_of_rules[] = { "text", "json", "mdoc", NULL };

static const struct option_row options[] = {
	{ .name = "format", .letter = 'f', .value = "FORMAT",
	  .choices = formats_of_rules, .fallback = "text",
	  .help = "how the catalogue is written" },
	{ .name = "profile", .value = "NAME",
	  .help = "the levels of this profile" },
	{ .name = "select", .value = "GLOB,..", .help = "only these rules" },
	{ 0 }
};

static const char *const fix_words[] = {
	[FIX_NONE] = "none", [FIX_SAFE] = "safe", [FIX_UNSAFE] = "unsafe",
};

static void
write_text(struct buffer *out, const struct rule *rule, enum level level)
{
	buffer_printf(out, "%-32s %-8s %-7s %s\n", rule->id,
	    level_name(level), rule->fix == FIX_NONE ? "" :
	    fix_words[rule->fix], rule->summary);
}

static void
write_json(struct json *json, const struct rule *rule, enum level level)
{
	json_begin_object(json, NULL);
	json_cstr(json, "id", rule->id);
	json_cstr(json, "level", level_name(level));
	json_cstr(json, "summary", rule->summary);
	json_cstr(json, "rationale", rule->rationale);
	json_cstr(json, "citation", rule->citation);
	json_cstr(json, "fix", fix_words[rule->fix]);
	json_bool(json, "state", rule->state);
	json_cstr(json, "bad", rule->bad);
	json_cstr(json, "good", rule->good);
	json_end_object(json);
}

/* ---- mailzone-rules(7) --------------------------------------------------- */

static void
write_mdoc(struct buffer *out, const struct rule *rule, enum level level)
{
	buffer_printf(out, ".It Sy %s Pq %s\n", rule->id, level_name(level));
	write_mdoc_text(out, str_from(rule->summary));
	buffer_add_cstr(out, ".Pp\n");
	write_mdoc_text(out, str_from(rule->rationale));
	buffer_add_cstr(out, ".Pp\nSee ");
	write_mdoc_word(out, str_from(rule->citation));
	buffer_printf(out, ".\nFix: %s.\n", fix_words[rule->fix]);
	write_mdoc_example(out, "Bad:", str_from(rule->bad));
	write_mdoc_example(out, "Good:", str_from(rule->good));
}

static void
write_mdoc_frame(struct run *run, bool start)
{
	static const char *const months[] = { "January", "February", "March",
	    "April", "May", "June", "July", "August", "September", "October",
	    "November", "December" };
	unsigned month, dom;
	int year;

	if (!start) {
		buffer_add_cstr(&run->out, ".El\n.Sh SEE ALSO\n"
		    ".Xr mailzone 1 ,\n.Xr mailzone.yaml 5\n");
		return;
	}
	date_split(run->today, &year, &month, &dom);
	buffer_printf(&run->out, ".Dd %s %u, %d\n.Dt MAILZONE-RULES 7\n.Os\n"
	    ".Sh NAME\n.Nm mailzone-rules\n"
	    ".Nd what mailzone objects to\n.Sh DESCRIPTION\n"
	    "These are the rules by which\n.Xr mailzone 1\n"
	    "judges zone files and its configuration, with their level in the "
	    "default\nprofile.\n.Bl -tag -width Ds\n", months[month - 1], dom,
	    year);
}

static int
run_rules(struct run *run)
{
	struct str format = option_value(run, "format");
	struct str select = option_value(run, "select");
	struct str name = option_value(run, "profile");
	const struct profile *profile = NULL;
	struct selection selection = { .select = select };
	struct json json = { .out = &run->out, .indent = 2 };
	const struct rule *rule;
	enum level level;
	size_t i;

	if (name.p != NULL) {
		profile = profile_find(name);
		if (profile == NULL)
			return run_usage(run, "there is no profile \"%.*s\"",
			    STR_ARG(name));
		selection.profiles = &profile;
		selection.profile_count = 1;
	}
	run->config = config_none(run->arena);
	if (str_is(format, "json"))
		json_begin_array(&json, NULL);
	if (str_is(format, "mdoc"))
		write_mdoc_frame(run, true);
	for (i = 0; (rule = rule_number(i)) != NULL; i++) {
		if (select.p != NULL && !glob_list_matches(select,
		    str_from(rule->id)))
			continue;
		level = rule_level(rule, &selection, run->config);
		if (str_is(format, "json"))
			write_json(&json, rule, level);
		else if (str_is(format, "mdoc"))
			write_mdoc(&run->out, rule, level);
		else
			write_text(&run->out, rule, level);
	}
	if (str_is(format, "json")) {
		json_end_array(&json);
		buffer_add_byte(&run->out, '\n');
	}
	if (str_is(format, "mdoc"))
		write_mdoc_frame(run, false);
	return EXIT_CLEAN;
}

const struct command command_rules = {
	.name = "rules",
	.arguments = "",
	.summary = "list the rules",
	.help = "Lists every rule with its level, whether it can be fixed, "
	    "and what it says.",
	.options = options,
	.run = run_rules,
};
