/* KeyTable and SigningTable of OpenDKIM: opendkim.conf(5). */
#include "generate/target.h"

/*
 * OpenDKIM 2.11 defers all mail of a domain for which it cannot load one of
 * the keys, and it knows RSA alone.
 */
static bool
can_sign(const struct signing *signing)
{
	return signing->path.p != NULL &&
	    signing->key->key.algorithm == DKIM_RSA;
}

static void
write_others(struct buffer *out, const struct signing *signing)
{
	for (; signing != NULL; signing = signing->next)
		if (signing->path.p != NULL && !can_sign(signing))
			buffer_printf(out, "# %.*s: OpenDKIM does not sign "
			    "with Ed25519, so the key \"%.*s\" is left "
			    "out\n", STR_ARG(signing->domain),
			    STR_ARG(signing->key->name));
}

/* What does not begin with one of these is taken for a key itself. */
static bool
is_seen_as_path(struct str path)
{
	return str_starts(path, STR("/")) || str_starts(path, STR("./")) ||
	    str_starts(path, STR("../"));
}

/* "NAME DOMAIN:SELECTOR:PATH"; the name is the key's in DNS. */
static void
write_keys(struct buffer *out, const struct signing *signing)
{
	buffer_add_cstr(out, "# KeyTable; paths are those of "
	    "mailzone.yaml\n");
	for (; signing != NULL; signing = signing->next)
		if (can_sign(signing))
			buffer_printf(out, "%.*s._domainkey.%.*s "
			    "%.*s:%.*s:%s%.*s\n",
			    STR_ARG(signing->key->selector.text),
			    STR_ARG(signing->domain),
			    STR_ARG(signing->domain),
			    STR_ARG(signing->key->selector.text),
			    is_seen_as_path(signing->path) ? "" : "./",
			    STR_ARG(signing->path));
}

/* Every line that matches counts only with MultipleSignatures. */
static void
write_senders(struct buffer *out, const struct signing *signing)
{
	buffer_add_cstr(out, "\n# SigningTable, as refile:; where a domain "
	    "has two keys say \"MultipleSignatures yes\"\n");
	for (; signing != NULL; signing = signing->next)
		if (can_sign(signing))
			buffer_printf(out, "*@%.*s %.*s._domainkey.%.*s\n",
			    STR_ARG(signing->domain),
			    STR_ARG(signing->key->selector.text),
			    STR_ARG(signing->domain));
}

static size_t
write_all(struct buffer *out, struct arena *arena,
    const struct target_input *input)
{
	const struct signing *first = signings_find(arena, input);

	signing_write_unknown(out, first);
	write_others(out, first);
	write_keys(out, first);
	write_senders(out, first);
	return 0;
}

const struct target target_opendkim = {
	.name = "opendkim",
	.summary = "KeyTable and SigningTable for the active keys",
	.write = write_all,
};
