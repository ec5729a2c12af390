/* KeyTable and SigningTable of OpenDKIM: opendkim.conf(5). */
#include "generate/target.h"

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
		if (signing->path.p != NULL)
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
		if (signing->path.p != NULL)
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
	write_keys(out, first);
	write_senders(out, first);
	return 0;
}

const struct target target_opendkim = {
	.name = "opendkim",
	.summary = "KeyTable and SigningTable for the active keys",
	.write = write_all,
};
