/* Which keys rspamd signs with: local.d/dkim_signing.conf. */
#include "generate/target.h"

/* All keys of one domain; returns the next domain's first. */
static const struct signing *
write_domain(struct buffer *out, const struct signing *signing)
{
	struct str domain = signing->domain;
	bool open = false;

	for (; signing != NULL && str_equal(signing->domain, domain);
	    signing = signing->next) {
		if (signing->path.p == NULL)
			continue;
		if (!open)
			buffer_printf(out, "  \"%.*s\" {\n    selectors [\n",
			    STR_ARG(domain));
		open = true;
		buffer_printf(out, "      { selector = \"%.*s\"; "
		    "path = \"%.*s\"; },\n",
		    STR_ARG(signing->key->selector.text),
		    STR_ARG(signing->path));
	}
	if (open)
		buffer_add_cstr(out, "    ]\n  }\n");
	return signing;
}

/* Tried with rspamd 3.4: it passes over the key and signs with the others. */
static void
write_hint(struct buffer *out, const struct signing *signing)
{
	while (signing != NULL && (signing->path.p == NULL ||
	    signing->key->key.algorithm != DKIM_ED25519))
		signing = signing->next;
	if (signing != NULL)
		buffer_add_cstr(out, "# Of Ed25519 keys rspamd wants the "
		    "base64 of 64 octets, not PEM: see mailzone(1).\n");
}

static size_t
write_all(struct buffer *out, struct arena *arena,
    const struct target_input *input)
{
	const struct signing *signing = signings_find(arena, input);

	signing_write_unknown(out, signing);
	buffer_add_cstr(out, "# For local.d/dkim_signing.conf; paths are "
	    "those of mailzone.yaml.\n"
	    "# A subdomain signs as itself, not as the domain above it.\n");
	write_hint(out, signing);
	buffer_add_cstr(out, "use_esld = false;\ndomain {\n");
	while (signing != NULL)
		signing = write_domain(out, signing);
	buffer_add_cstr(out, "}\n");
	return 0;
}

const struct target target_rspamd = {
	.name = "rspamd",
	.summary = "the domains and active keys that rspamd signs with",
	.write = write_all,
};
