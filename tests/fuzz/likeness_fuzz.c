/*
 * What is found in a zone does not depend on whether names that are written
 * alike are judged once or each. The input is a customer's records, with "~"
 * for the customer's label; a line of "~~" begins those of another. Each
 * stands there under two labels, the first once more. The same are zones of
 * their own, too: then they are all that stands in the file.
 */
#include <assert.h>
#include <stdio.h>

#include "../alike.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const char head[] = "$ORIGIN hosting.example.\n$TTL 3600\n"
    "@ SOA ns1 h 1 7200 3600 1209600 3600\n@ NS ns1\nns1 A 192.0.2.53\n"
    "mx1 A 192.0.2.25\nmx1 TXT \"v=spf1 a -all\"\n@ TXT \"v=spf1 -all\"\n"
    "_dmarc TXT \"v=DMARC1; p=reject\"\n" ALIKE_MANY;

static void
add_customer(struct buffer *out, struct str records, const char *label)
{
	struct str part;

	while (str_split(&records, '~', &part)) {
		buffer_add(out, part);
		if (records.p != NULL)
			buffer_add_cstr(out, label);
	}
	buffer_add_cstr(out, "\n$ORIGIN hosting.example.\n");
}

static void
add_zone(struct zones *zones, struct str records, const char *label)
{
	struct buffer text = { 0 };
	struct str part;

	while (str_split(&records, '~', &part)) {
		buffer_add(&text, part);
		if (records.p != NULL)
			buffer_add_cstr(&text, label);
	}
	alike_add(zones, arena_printf(zones->arena, "%s.example", label),
	    buffer_str(&text));
	buffer_free(&text);
}

static void
compare_zones(struct psl *psl, struct str first, struct str second)
{
	struct zones zones = { .arena = arena_new() };
	size_t filled = 0, unread = 0;
	struct str why;

	add_zone(&zones, first, "oak4glass");
	add_zone(&zones, second, "elmstone5");
	add_zone(&zones, first, "river77");
	add_zone(&zones, second, "coastlake81");
	add_zone(&zones, first, "maple3");
	why = alike_difference(&zones, psl, false);
	if (why.p != NULL)
		fprintf(stderr, "%.*s\n", STR_ARG(why));
	assert(why.p == NULL);
	assert(alike_zones_agree(&zones, &filled, &unread));
	arena_free(zones.arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static struct psl *psl;
	static struct arena *forever;
	struct str input = { (const char *)bytes, length }, why, first, second;
	size_t cut = str_find_str(input, STR("~~\n"));
	struct buffer zone = { 0 };
	struct zones zones = { 0 };
	size_t filled = 0;

	if (length > 4096)
		return 0;
	if (psl == NULL) {
		forever = arena_new();
		psl = psl_open(forever, STR_NONE, &why);
	}
	zones.arena = arena_new();
	first = str_slice(input, 0, cut);
	second = str_after(input, cut + 3);
	buffer_add_cstr(&zone, head);
	add_customer(&zone, first, "oak4glass");
	add_customer(&zone, second, "elmstone5");
	add_customer(&zone, first, "river77");
	add_customer(&zone, second, "coastlake81");
	add_customer(&zone, first, "maple3");
	alike_add(&zones, STR("hosting.example"), buffer_str(&zone));
	why = alike_difference(&zones, psl, false);
	if (why.p != NULL)
		fprintf(stderr, "%.*s\n", STR_ARG(why));
	assert(why.p == NULL);
	assert(alike_families_agree(zones.zones[0], &filled));
	compare_zones(psl, first, second);
	buffer_free(&zone);
	arena_free(zones.arena);
	return 0;
}
