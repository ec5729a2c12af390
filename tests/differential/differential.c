/*
 * Writes zone files that no human would, and asks both named-compilezone and
 * mailzone records what they hold: is the file refused for its syntax, and if
 * it is not, which records come out?
 *
 *	differential [-k] MAILZONE FOLDER SEED COUNT
 *
 * Each file is made from a seed of its own, so a disagreement can be made
 * again with COUNT 1 and -k, which keeps the files. What both must not agree
 * on stands in the table of reasons.
 */
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "differential.h"

extern char **environ;

enum verdict { ACCEPTED, SEMANTIC, SYNTAX, BROKEN };

static const char *const verdict_words[] = {
	"accepted", "refused for what it means", "refused for its syntax",
	"no verdict"
};

/* ---- running programs ---------------------------------------------------- */

struct output {
	char *text;
	size_t n;
	int status;
};

static char *
read_file(const char *path, size_t *n)
{
	FILE *file = fopen(path, "rb");
	char *text = malloc(1);
	size_t room = 1, got;

	*n = 0;
	if (text == NULL)
		exit(2);
	while (file != NULL) {
		if (room - *n < 4096) {
			room += 65536;
			text = realloc(text, room);
			if (text == NULL)
				exit(2);
		}
		got = fread(text + *n, 1, room - *n - 1, file);
		if (got == 0)
			break;
		*n += got;
	}
	if (file != NULL)
		fclose(file);
	text[*n] = '\0';
	return text;
}

/* Both standard output and errors go to a file; both are read back. */
static struct output
run(const char *const *arguments, const char *path)
{
	posix_spawn_file_actions_t actions;
	struct output output = { NULL, 0, -1 };
	pid_t child;
	int status;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, path,
	    O_WRONLY | O_CREAT | O_TRUNC, 0600);
	posix_spawn_file_actions_adddup2(&actions, 1, 2);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY,
	    0);
	if (posix_spawnp(&child, arguments[0], &actions, NULL,
	    (char *const *)(uintptr_t)arguments, environ) == 0 &&
	    waitpid(child, &status, 0) == child)
		output.status = WIFEXITED(status) ? WEXITSTATUS(status) :
		    128 + WTERMSIG(status);
	posix_spawn_file_actions_destroy(&actions);
	output.text = read_file(path, &output.n);
	return output;
}

/* ---- what they say ------------------------------------------------------- */

/* Lines of named-compilezone that are no objection to the syntax. */
static const char *const warnings[] = {
	": ignoring out-of-zone data", "; using SOA MINTTL instead",
	": using RFC1035 TTL semantics", ": TTL set to prior TTL",
	": record with inherited owner", ": file does not end with newline",
	": signature has expired", ": old style DNSSEC", "> MAXTTL",
	"an non-terminal wildcard", " has no NS records", " has 0 SOA records",
	" SOA records", ": CNAME and other data",
	": multiple RRs of singleton type", " not loaded due to errors",
	": SOA record not at top of zone", " record at top of zone",
	" has no address records", ": file not found",
	" loading from master file ", ": loaded serial ", " is a CNAME",
	": not at top of zone", "is below a DNAME", "dump zone to ",
	" both SPF and TXT", "found type SPF", "has mx records but",
	": warning: ", "is not a valid", "SOA has "
};

static bool
contains(const char *line, size_t n, const char *part)
{
	size_t length = strlen(part), i;

	for (i = 0; i + length <= n; i++)
		if (memcmp(line + i, part, length) == 0)
			return true;
	return false;
}

static bool
is_warning(const char *line, size_t n)
{
	size_t i;

	for (i = 0; i < sizeof(warnings) / sizeof(warnings[0]); i++)
		if (contains(line, n, warnings[i]))
			return true;
	return n == 0 || (n == 2 && memcmp(line, "OK", 2) == 0);
}

/* Why loading failed, in the summary; some errors are told nowhere else. */
static const char *const meanings[] = {
	"file not found", "CNAME and other data", "at top of zone",
	"multiple RRs of singleton type"
};

static bool
is_meaning(const char *line, size_t n)
{
	size_t i;

	if (!contains(line, n, " failed: "))
		return true;
	for (i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (contains(line, n, meanings[i]))
			return true;
	return false;
}

static enum verdict
verdict_of_named(const struct output *output, char *why, size_t room)
{
	const char *line = output->text, *end;
	size_t n;

	why[0] = '\0';
	if (output->status == 0)
		return ACCEPTED;
	if (output->status != 1)
		return BROKEN;
	for (; *line != '\0'; line = *end == '\0' ? end : end + 1) {
		end = line + strcspn(line, "\n");
		n = (size_t)(end - line);
		if (!is_warning(line, n) || !is_meaning(line, n)) {
			snprintf(why, room, "%.*s", (int)n, line);
			return SYNTAX;
		}
	}
	return SEMANTIC;
}

static enum verdict
verdict_of_mailzone(const struct output *output)
{
	return output->status == 0 ? ACCEPTED :
	    output->status == 1 ? SYNTAX : BROKEN;
}

/* ---- what comes out ------------------------------------------------------ */

struct lines {
	char **list;
	size_t count;
};

static int
compare_lines(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/*
 * Records, one a line, the owner in lower case, blanks and comments gone.
 * Where a set stands in several places, the case of its owner is anyone's.
 */
static struct lines
sort_lines(char *text)
{
	struct lines lines = { NULL, 0 };
	char *line, *end, *p;
	size_t room = 0;

	for (line = text; *line != '\0'; line = end) {
		end = line + strcspn(line, "\n");
		if (*end != '\0')
			*end++ = '\0';
		if (*line == '\0' || *line == ';')
			continue;
		for (p = line; *p != '\0' && *p != ' ' && *p != '\t'; p++)
			if (*p >= 'A' && *p <= 'Z')
				*p = (char)(*p - 'A' + 'a');
		if (lines.count == room) {
			room = room * 2 + 64;
			lines.list = realloc(lines.list,
			    room * sizeof(*lines.list));
			if (lines.list == NULL)
				exit(2);
		}
		lines.list[lines.count++] = line;
	}
	if (lines.count > 0)
		qsort(lines.list, lines.count, sizeof(*lines.list),
		    compare_lines);
	return lines;
}

/* Tells the first line that only one of them has. */
static bool
same_lines(char *named, char *mailzone, char *why, size_t room)
{
	struct lines a = sort_lines(named), b = sort_lines(mailzone);
	size_t i = 0;
	bool same;

	while (i < a.count && i < b.count &&
	    strcmp(a.list[i], b.list[i]) == 0)
		i++;
	same = i == a.count && i == b.count;
	if (!same)
		snprintf(why, room, "named: %.200s | mailzone: %.200s",
		    i < a.count ? a.list[i] : "(no more)",
		    i < b.count ? b.list[i] : "(no more)");
	free(a.list);
	free(b.list);
	return same;
}

/* ---- one file ------------------------------------------------------------ */

static const char *const named_switches[] = {
	"named-compilezone", "-i", "none", "-k", "ignore", "-m", "ignore",
	"-n", "ignore", "-M", "ignore", "-S", "ignore", "-T", "ignore", "-W",
	"ignore", "-r", "ignore", "-o", "named.out", "example.com",
	"case.zone", NULL
};

struct counts {
	unsigned long files, accepted, semantic, syntax, aborted;
	unsigned long excused, wrong;
};

static void
report(uint64_t seed, const char *what, const char *why)
{
	printf("seed %llu: %s: %s\n", (unsigned long long)seed, what, why);
}

static void
compare(const char *mailzone, uint64_t seed, struct counts *counts)
{
	const char *arguments[] = { mailzone, "records", "--no-config",
	    "--syntax=full", "--origin", "example.com", "-qq", "case.zone",
	    NULL };
	struct output theirs, ours;
	enum verdict named, own;
	char why[1024], what[128], *dump;
	const char *reason;
	size_t n;

	theirs = run(named_switches, "named.log");
	ours = run(arguments, "mailzone.out");
	named = verdict_of_named(&theirs, why, sizeof(why));
	own = verdict_of_mailzone(&ours);
	counts->files++;
	counts->accepted += named == ACCEPTED;
	counts->semantic += named == SEMANTIC;
	counts->syntax += named == SYNTAX;
	counts->aborted += named == BROKEN;
	what[0] = '\0';
	/* Where named aborts there is nothing to be learned. */
	if (own == BROKEN || (named != BROKEN &&
	    (named == SYNTAX) != (own == SYNTAX)))
		snprintf(what, sizeof(what), "named: %s, mailzone: %s",
		    verdict_words[named], verdict_words[own]);
	else if (named == ACCEPTED) {
		dump = read_file("named.out", &n);
		if (!same_lines(dump, ours.text, why, sizeof(why)))
			snprintf(what, sizeof(what), "other records");
		free(dump);
	}
	if (what[0] != '\0') {
		reason = excuse(theirs.text);
		counts->excused += reason != NULL;
		counts->wrong += reason == NULL;
		if (reason == NULL)
			report(seed, what, why);
	}
	free(theirs.text);
	free(ours.text);
}

int
main(int argc, char **argv)
{
	struct counts counts = { 0 };
	bool keep = argc > 1 && strcmp(argv[1], "-k") == 0;
	unsigned long i, count;
	uint64_t seed;

	argv += keep;
	argc -= keep;
	if (argc != 5) {
		fputs("usage: differential [-k] MAILZONE FOLDER SEED COUNT\n",
		    stderr);
		return 2;
	}
	seed = strtoull(argv[3], NULL, 10);
	count = strtoul(argv[4], NULL, 10);
	if (chdir(argv[2]) != 0) {
		perror(argv[2]);
		return 2;
	}
	for (i = 0; i < count; i++) {
		write_case(seed + i);
		compare(argv[1], seed + i, &counts);
		if (!keep)
			remove_case();
	}
	printf("%lu files: named accepts %lu, refuses %lu for their meaning "
	    "and %lu for their syntax, and aborts on %lu; %lu disagreements, "
	    "%lu of them with a reason\n", counts.files, counts.accepted,
	    counts.semantic, counts.syntax, counts.aborted,
	    counts.wrong + counts.excused, counts.excused);
	return counts.wrong > 0;
}
