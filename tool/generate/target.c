/* The targets that records are written for. */
#include "generate/target.h"

const struct target *const targets[] = {
	&target_zone,
	&target_json,
	&target_nsupdate,
	&target_octodns,
	&target_dnscontrol,
	&target_terraform,
	&target_cloudflare,
	&target_route53,
	&target_paste,
	&target_opendkim,
	&target_rspamd,
	NULL
};

/* In the same order. */
const char *const target_names[] = {
	"zone",
	"json",
	"nsupdate",
	"octodns",
	"dnscontrol",
	"terraform",
	"terraform-cloudflare",
	"route53",
	"paste",
	"opendkim",
	"rspamd",
	NULL
};

const struct target *
target_find(struct str name)
{
	size_t i;

	for (i = 0; targets[i] != NULL; i++)
		if (str_is(name, targets[i]->name))
			return targets[i];
	return NULL;
}

struct str *
made_strings(struct arena *arena, const struct made *made, size_t *count)
{
	if (!made->kept)
		return text_split(arena, made->text, made->auth, count);
	*count = made->record->string_count;
	return made->record->strings;
}
