/*
 * Commands: what each takes, and what a run shares.
 *
 * Options are rows of tables: the parser, help, the manual's test and the
 * completions walk them.
 */
#ifndef COMMAND_COMMAND_H
#define COMMAND_COMMAND_H

#include "generate/generate.h"
#include "output/output.h"

struct run;

/* What the shell sees. 2 wins over 1. */
enum { EXIT_CLEAN = 0, EXIT_FINDINGS = 1, EXIT_UNABLE = 2 };

struct option_row {
	const char *name;		/* "fail-on"; NULL ends a table */
	char letter;			/* 'f' or 0 */
	/* NULL: a switch. "FILE", "N": takes a value. */
	const char *value;
	/* "=@ADDR": the value may be left out (--dns). */
	bool optional;
	bool repeatable;
	const char *const *choices;	/* or NULL */
	const char *fallback;		/* the default, as users read it */
	const char *help;
};

/* What was given on the command line. */
struct given {
	const struct option_row *row;
	struct str value;		/* STR_NONE for a switch */
};

struct command {
	const char *name;
	const char *arguments;		/* "[PATH...|-]" */
	const char *summary;		/* one line for the list */
	const char *help;		/* a paragraph */
	const struct option_row *options;	/* or NULL */
	/* Tables that several commands have in common; up to NULL. */
	const struct option_row *shared[3];
	int (*run)(struct run *);
	bool full_syntax;		/* --syntax=full when nothing is said */
	/* Names are judged rather than printed, see fold_from. */
	bool judges_names;
};

extern const struct command *const commands[];	/* ends with NULL */
extern const struct option_row global_options[];

struct run {
	struct arena *arena;
	const struct command *command;
	struct given *given;
	size_t given_count;
	struct str *arguments;
	size_t argument_count;
	size_t shown;			/* findings on standard error */
	/* Global options, decided. */
	bool quiet, very_quiet, verbose, color_out, color_err;
	unsigned jobs;
	day today;
	uint64_t now;			/* seconds since 1970, of that day */
	bool no_config;
	/* The folder of templates/: providers, rollouts, starters. */
	struct str templates;
	/* Made on demand. */
	struct config *config;
	struct providers *providers, *shipped;
	struct ladders *ladders;
	struct zones zones;
	/* Small zones are read when somebody asks for what they hold. */
	bool reads_later;
	bool mends;			/* asks run_may_change */
	struct world world;
	struct inputs *inputs;		/* inputs.c */
	struct evidence *evidence;	/* proof.c: what the plans go by */
	struct proof *proof;		/* the same by domain; may be NULL */
	struct str unsure;		/* what of it cannot be read */
	bool lost_answers;		/* some of the DNS cache cannot, too */
	struct survey *survey;		/* ground.c: of today */
	struct state *state;		/* state.c */
	struct resolver *resolver;	/* dns.c */
	struct buffer out;		/* standard output, see run_flush */
	bool out_failed;
	int status;			/* raised by run_fail */
};

/* The last value given, STR_NONE when none was. */
struct str option_value(const struct run *, const char *name);
bool option_given(const struct run *, const char *name);
/* Every value in turn; starts with *position 0; STR_NONE after the last. */
struct str option_next(const struct run *, const char *name,
    size_t *position);
/* A whole number of at most max; false after saying what is wrong. */
bool option_number(struct run *, const char *name, uint64_t max,
    uint64_t *value);

/* "mailzone: PATH: reason" on standard error; the status becomes 2. */
void run_fail(struct run *, struct str path, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same with errno's words. */
void run_fail_errno(struct run *, struct str path);
/* "mailzone: ..." and how to get help; returns EXIT_UNABLE. */
int run_usage(struct run *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* A line on standard error unless -q. */
void run_say(struct run *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* What was found, as a line on standard error unless -qq. */
void run_tell(struct run *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Writes what stands in out; an error makes the status 2, told once. */
void run_flush(struct run *);
/* main.c: reads the command line, runs the command, returns the status. */
int run_command_line(int argc, char **argv);
/* Fills given and arguments; 0, or the status after saying what is wrong. */
int option_read(struct run *, int argc, char **argv);
/* Help for one command, or the list of all (NULL). */
void help_write(struct buffer *, const struct command *);
/*
 * The same for the manual: the options that are "global", of "zone-files" or
 * of "findings"; "" for all commands with their own options.
 */
void help_write_mdoc(struct buffer *, struct str what);
/* All of them in turn; NULL after the last. */
const struct option_row *option_at(const struct command *, size_t number);

/*
 * Reads a configuration, whatever is wrong with it, and its templates; false
 * after telling that it cannot be read. run_config does it on its own.
 */
bool run_read_config(struct run *, struct str path);
/* The same with a text that is there already. */
void run_take_config(struct run *, struct source *);

/* The one that is found here or above; STR_NONE without any. */
struct str run_find_config(struct run *);
/* Says that there is none, and what to do about it; returns EXIT_UNABLE. */
int run_lacks_config(struct run *);
/*
 * The configuration: --config, or found upwards; none with --no-config. When
 * it has problems and the command needs it right, they are shown on standard
 * error and false is returned with the status raised.
 */
bool run_config(struct run *, bool needed);
/* The same, whatever problems it has; none is no reason for false. */
bool run_config_as_is(struct run *);

/* Shows problems of the configuration as findings; returns how many. */
size_t run_show_config_problems(struct run *);

/* ---- zone files, as several commands read them (inputs.c) ---------------- */

/*
 * (input_parts.c) Is a finding at this source to be told? When its path was
 * given, or it is part of a zone whose file was given.
 */
bool run_is_given(const struct run *, const struct source *,
    const struct zone *);
/*
 * (input_parts.c) May fixes change this file? Those that were named, or lie in
 * a named folder; without any, those of the configured zones.
 */
bool run_may_change(struct run *, const struct source *);
/* (input_parts.c) Paths were named that are parts of zones which were not. */
bool run_has_parts(const struct run *);
size_t run_failed_inputs(const struct run *);
/* Hands each input that could not be read to the format. */
void run_tell_failures(const struct run *, const struct format *,
    struct output *);

/*
 * Collects the paths of the command line (folders are walked), --files-from,
 * or the configuration's zones; decides which file is which zone; reads them
 * into run->zones, context included; sets up run->world. False when nothing
 * could be read (said on standard error).
 */
bool run_zones(struct run *);
/* For what tells of inputs that failed: true also when all did. */
bool run_zones_or_failures(struct run *);
/*
 * For commands that make records: only the configuration's zones, as context;
 * what cannot be read is left out, with a word when they are wanted for more
 * than to know senders, and files that are not there yet without one. Sets up
 * run->world.
 */
bool run_configured_zones(struct run *, bool wanted);
/* (input_read.c) How the files of this run are read. */
struct zone_options run_zone_options(const struct run *);
/* The options that run_zones understands, for command tables. */
extern const struct option_row input_options[];

/* ---- plans and earlier runs (proof.c, ground.c, state.c) ----------------- */

/*
 * (proof.c) The plans, as the reports that the configuration and --evidence
 * name let them go on; after run_configured_zones. The world has them as well.
 */
const struct schedules *run_schedules(struct run *);
/*
 * Could the reports and the state be read that the plans go by? If not, says
 * what is left undone: without reports an earlier stage takes back what is
 * published, without the state a later one begins too soon.
 */
bool run_knows_stages(struct run *, const char *otherwise);
/* (inputs.c) The same of the DNS cache, where senders are flattened from it. */
bool run_knows_addresses(struct run *, const char *otherwise);
/*
 * (ground.c) The plans of the world, as reports and the state let them go on,
 * and as what is seen here and now holds back what is not published yet
 * (rollout/gate.c); after the zones were read. Looks at all domains, or only
 * at those whose zones are loaded.
 */
void run_hold(struct run *, bool loaded);
/*
 * What is seen of the domains of plans, when their zones have the records of a
 * day; each on demand, after run_hold. The records are those of the plans that
 * nothing holds back but reports: so that of a step that is due is in its zone.
 */
struct survey *survey_at(struct run *, day at);
const struct ground *survey_of(struct survey *, const struct schedule *);
/*
 * (state.c) What earlier runs saw: --state, --against, or the configuration's
 * file. False after saying why it cannot be had.
 */
bool run_open_state(struct run *);
/* The state of the configuration's file, for plans alone; NULL without one. */
const struct state *run_peek_state(struct run *);
/* Writes the state with --update-state; a failure makes the status 2. */
void run_close_state(struct run *);

/* ---- judging and reporting (findings.c) ---------------------------------- */

/* Judges run->zones, prints; the status. */
int run_report(struct run *);
/*
 * (generated.c) Judges the configuration, and what was generated from it
 * (NULL: nothing), with what else the run knows around it; prints; the status.
 */
int run_report_config(struct run *, const struct made_zones *);
extern const struct option_row finding_options[];
/* The same with --fix or --diff (mend.c): what can be mended is, first. */
int run_mend(struct run *);

/* ---- making records (generate.c) ----------------------------------------- */

/* The day of --at, today without it; false after saying what is wrong. */
bool run_take_day(struct run *, day *);
/*
 * The records of a day, for the domains that are named (all when none is);
 * NULL after telling that one is not ours.
 */
struct made_zones *run_make_records(struct run *, day);

/* ---- judging what was generated (generated.c) ---------------------------- */

/*
 * Judges the generated zones of a day, with what else the run knows around
 * them, and shows what is wrong and the remarks on standard error; how many
 * errors.
 */
size_t run_show_generated(struct run *, const struct made_zones *, day at);
/*
 * The same, but hands each finding from a level on to somebody; the places of
 * those in the configuration are resolved.
 */
bool run_judge_generated(struct run *, const struct made_zones *, enum level,
    void (*visit)(void *, const struct diag *), void *);
/*
 * The world as it will be on a day: generated zones in place of the real ones,
 * or with what these keep besides (real; may be NULL). Returns as
 * records_read_back.
 */
const struct made *run_read_back(struct run *, const struct made_zones *,
    day at, const struct zones *real, struct world *, struct zones *);
/*
 * Findings of level error in a zone of that world, but not what the real zone
 * suppresses; and how many are about a domain and the names below it that do
 * not follow a plan of their own, but not about one owner (STR_NONE: all), and
 * the first of these.
 */
const struct diags *run_errors(struct run *, const struct world *,
    struct str zone_name);
size_t run_count_errors(const struct run *, const struct diags *,
    const struct config_domain *, struct str but, const struct diag **first);

/* A finding that only a command can have, on standard error. */
void run_show_finding(struct run *, const char *rule, struct span,
    struct str message);

/* ---- asking name servers (dns.c) ----------------------------------------- */

struct resolver;

#define DNS_OPTION { \
	.name = "dns", .value = "@ADDR[:PORT]", .optional = true, \
	.help = "ask name servers where the zones and the cache file do not " \
	    "know: this one, or those of the system" }

/*
 * Who answers with --dns: the servers that it names, or those of the system.
 * NULL after saying what is wrong.
 */
struct resolver *run_open_dns(struct run *);
/*
 * With --dns, names outside of the zones are asked for from now on; false
 * after saying what is wrong with it.
 */
bool run_use_dns(struct run *);
/* Did anybody answer, where somebody was asked? False after saying why not. */
bool run_dns_answered(struct run *);
/* (refresh.c) generate --dns --refresh-cache; the status. */
int run_refresh_cache(struct run *);

/* ---- mailzone key new (key_new.c) ---------------------------------------- */

/*
 * Makes a pair of keys, writes both files, prints the record and the entry for
 * mailzone.yaml; the status. A selector that is in use is refused.
 */
int run_key_new(struct run *, struct str domain);

/* ---- files that change (change.c, snippet.c, inplace.c) ------------------ */

/* What would be written, and whether it may be. */
struct changes {
	struct run *run;
	struct change *first, **end;
	bool show_only;
	bool refused;			/* then nothing is written at all */
	struct table told;		/* why, each once */
	bool kept_serial;		/* of a zone that changes */
};

/* Nothing yet; with show_only nothing will be written. */
void changes_start(struct changes *, struct run *, bool show_only);
/* A file as it was read (NULL: new) gets the text (STR_NONE: is removed). */
void change_add(struct changes *, struct str path, const struct source *old,
    struct str new);
/* So that one whose lines end with "\r\n" goes on doing so. */
void change_renew(struct changes *, struct str path, const struct source *old,
    struct str new);
/* What a file holds now; NULL when it is not there, or, told, not readable. */
struct source *change_read(struct changes *, struct str path);
/* The environment does not allow it, status 2; a finding forbids it, 1. */
void change_fail(struct changes *, struct str path, struct str why);
void change_refuse(struct changes *, const char *rule, struct span,
    struct str why);
/*
 * What a patch calls a file that was given by this path: the real one, because
 * a patch for a symbolic link would replace the link. Below the current folder
 * as git names it.
 */
struct str patch_path(struct run *, struct str path, struct str real);
/* Shows what would change or writes it; the status. */
int changes_finish(struct changes *, bool show);

/* ZONE.inc in the folder for each zone; what is ours and not wanted goes. */
void snippets_plan(struct changes *, const struct made_zones *,
    struct str folder);
/* What is there already: a record may have to stay that no zone shows. */
void snippets_read(struct run *, struct str folder);
/* What snippets in a folder call the configuration. */
struct str snippet_config(const struct run *, struct str folder);
/*
 * MTA-STS policies: where the configuration says, else into the folder (may
 * be STR_NONE: nowhere).
 */
void policies_plan(struct changes *, const struct made_zones *,
    struct str folder);
/* The marked block in the file of each zone. */
void blocks_plan(struct changes *, const struct made_zones *);
/* (generate.c) How blocks are written that the command line asks for. */
struct block_style run_block_style(struct run *);

#endif
