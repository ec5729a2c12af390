/* mailzone key new: a key pair in two files, and what to publish of it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/path.h"
#include "command/command.h"

/* In the order of the choices of --algorithm. */
static const struct {
	const char *name;
	enum dkim_algorithm algorithm;
	unsigned bits;
} algorithms[] = {
	{ "rsa2048", DKIM_RSA, 2048 },
	{ "rsa3072", DKIM_RSA, 3072 },
	{ "rsa4096", DKIM_RSA, 4096 },
	{ "ed25519", DKIM_ED25519, 256 },
};

struct new_key {
	struct str domain, selector;
	struct str private_path, public_path;
	struct key_pair pair;
};

/* One label or several, of letters, digits and "-" (RFC 6376 section 3.1). */
static bool
read_selector(struct run *run, struct new_key *new)
{
	struct str given = option_value(run, "selector");
	int year;
	unsigned month, dom;

	if (given.p == NULL) {
		date_split(run->today, &year, &month, &dom);
		new->selector = arena_printf(run->arena, "%04d%02u%02u", year,
		    month, dom);
		return true;
	}
	if (name_parse(run->arena, given, &new->selector) &&
	    new->selector.n > 0 && name_is_host(new->selector, false))
		return true;
	run_usage(run, "a selector has letters, digits and \"-\", not \"%.*s\"",
	    STR_ARG(given));
	return false;
}

static bool
read_domain(struct run *run, struct new_key *new, struct str domain)
{
	struct str owner;

	if (!name_typed(run->arena, domain, &new->domain) ||
	    new->domain.n == 0 || !name_is_host(new->domain, true)) {
		run_usage(run, "\"%.*s\" is no domain", STR_ARG(domain));
		return false;
	}
	owner = arena_printf(run->arena, "%.*s._domainkey.%.*s",
	    STR_ARG(new->selector), STR_ARG(new->domain));
	if (name_wire_length(owner) <= NAME_MAX_WIRE)
		return true;
	run_usage(run, "\"%.*s\" is too long for a name", STR_ARG(owner));
	return false;
}

/*
 * RFC 6376 section 3.1: a selector that meant another key once would let old
 * signatures fail, or new ones pass by an old answer.
 */
static bool
selector_is_free(struct run *run, const struct new_key *new)
{
	const struct config_domain *domain;
	const struct config_key *key;
	size_t i;

	domain = config_domain(run->config, new->domain);
	for (i = 0; domain != NULL && i < domain->key_count; i++) {
		key = domain->keys[i];
		/* One without its file is the one that is made now. */
		if (!str_equal(key->selector.text, new->selector) ||
		    (key->path.p != NULL && !file_exists(key->path)))
			continue;
		run_show_finding(run, "config-value", key->selector.span,
		    arena_printf(run->arena, "\"%.*s\" is the selector of "
		    "another key of %.*s: nothing is made",
		    STR_ARG(new->selector), STR_ARG(new->domain)));
		return false;
	}
	return true;
}

/* ---- files --------------------------------------------------------------- */

static bool
write_whole(int fd, struct str text)
{
	ssize_t n;

	for (; text.n > 0; text = str_after(text, (size_t)n)) {
		n = write(fd, text.p, text.n);
		if (n < 0 && errno == EINTR)
			n = 0;
		if (n < 0)
			return false;
	}
	return fsync(fd) == 0;
}

/* A file that is there already may be somebody's only copy of a key. */
static int
write_new(struct run *run, struct str path, struct str text, mode_t mode)
{
	const char *name = arena_cstr(run->arena, path);
	int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW |
	    O_CLOEXEC, mode), error;
	bool whole;

	if (fd == -1 && errno == EEXIST) {
		fprintf(stderr, "mailzone: %s: there is one already, and it "
		    "is left as it is\n", name);
		return EXIT_FINDINGS;
	}
	if (fd == -1) {
		run_fail_errno(run, path);
		return EXIT_UNABLE;
	}
	whole = write_whole(fd, text);
	error = errno;
	if (close(fd) != 0 && whole) {
		whole = false;
		error = errno;
	}
	if (whole)
		return EXIT_CLEAN;
	unlink(name);
	errno = error;
	run_fail_errno(run, path);
	return EXIT_UNABLE;
}

/* Both files, or none. */
static int
write_pair(struct run *run, const struct new_key *new)
{
	int status = write_new(run, new->private_path, new->pair.private_pem,
	    S_IRUSR | S_IWUSR);

	if (status != EXIT_CLEAN)
		return status;
	status = write_new(run, new->public_path, new->pair.public_pem,
	    S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH);
	if (status != EXIT_CLEAN)
		unlink(arena_cstr(run->arena, new->private_path));
	return status;
}

static bool
choose_paths(struct run *run, struct new_key *new)
{
	struct str folder = option_value(run, "output");

	if (folder.p == NULL)
		folder = STR(".");
	else if (mkdir(arena_cstr(run->arena, folder), S_IRWXU) != 0 &&
	    errno != EEXIST) {
		run_fail_errno(run, folder);
		return false;
	}
	new->private_path = path_join(run->arena, folder, arena_printf(
	    run->arena, "%.*s.pem", STR_ARG(new->selector)));
	new->public_path = path_join(run->arena, folder, arena_printf(
	    run->arena, "%.*s.pub.pem", STR_ARG(new->selector)));
	return true;
}

/* ---- what to do with it -------------------------------------------------- */

/* As the configuration has to name it: from its own folder. */
static struct str
path_in_config(struct run *run, struct str path)
{
	struct str folder, real;

	if (run->config->source == NULL || str_is(run->config->folder, "."))
		return path;
	folder = path_real(run->arena, run->config->folder);
	real = path_real(run->arena, path);
	if (folder.p == NULL || real.p == NULL)
		return path;
	folder = arena_printf(run->arena, "%.*s/", STR_ARG(folder));
	return str_starts(real, folder) ? str_after(real, folder.n) : real;
}

static void
print_record(struct run *run, const struct new_key *new)
{
	const struct config_domain *domain = config_domain(run->config,
	    new->domain);
	const struct block_style style = { .txt = TXT_TERMS };
	struct made made = { .type = RR_TXT, .auth = AUTH_DKIM };
	struct made_zone zone = { .name = new->domain, .records = &made,
	    .count = 1 };

	made.ttl = domain != NULL ? domain->ttl :
	    run->config->defaults != NULL && run->config->defaults->ttl > 0 ?
	    run->config->defaults->ttl : 3600;
	made.owner = arena_printf(run->arena, "%.*s._domainkey.%.*s",
	    STR_ARG(new->selector), STR_ARG(new->domain));
	made_add(&made, run->arena, key_record(run->arena, &new->pair.key,
	    false, false, STR_NONE), STR_NONE, made.from);
	made_finish(&made, run->arena);
	buffer_printf(&run->out, "; The record of the key:\n");
	records_write(&run->out, run->arena, &zone, &style);
}

static void
print_yaml(struct run *run, const struct new_key *new)
{
	struct str path = path_in_config(run, new->public_path);
	struct arena *arena = run->arena;

	buffer_printf(&run->out, "\n# For mailzone.yaml; name the key in "
	    "\"keys\" of a sender or of the domain,\n# and set its state to "
	    "active when signers use it:\nkeys:\n"
	    "  %.*s-%.*s: {selector: %.*s, public: %.*s, state: next}\n",
	    STR_ARG(new->domain), STR_ARG(new->selector),
	    STR_ARG(yaml_scalar(arena, new->selector)),
	    STR_ARG(yaml_scalar(arena, path)));
}

static size_t
chosen_algorithm(const struct run *run)
{
	struct str name = option_value(run, "algorithm");
	size_t i;

	for (i = 0; i < sizeof(algorithms) / sizeof(algorithms[0]); i++)
		if (str_is(name, algorithms[i].name))
			return i;
	return 0;
}

int
run_key_new(struct run *run, struct str domain)
{
	size_t algorithm = chosen_algorithm(run);
	struct new_key new = { 0 };
	int status;

	/* The configuration may name the file that is yet to be made. */
	if (!read_selector(run, &new) || !read_domain(run, &new, domain) ||
	    !run_config_as_is(run))
		return EXIT_UNABLE;
	if (!selector_is_free(run, &new))
		return EXIT_FINDINGS;
	if (!choose_paths(run, &new))
		return EXIT_UNABLE;
	if (!key_make(run->arena, algorithms[algorithm].algorithm,
	    algorithms[algorithm].bits, &new.pair)) {
		run_fail(run, new.private_path, "OpenSSL makes no such key");
		key_forget(new.pair.private_pem);
		return EXIT_UNABLE;
	}
	status = write_pair(run, &new);
	key_forget(new.pair.private_pem);
	if (status != EXIT_CLEAN)
		return status;
	run_say(run, "%.*s: the private key, for the signer and nobody else",
	    STR_ARG(new.private_path));
	print_record(run, &new);
	print_yaml(run, &new);
	return EXIT_CLEAN;
}
