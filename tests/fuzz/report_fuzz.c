/* One report; the short way through it says what the long one says. */
#include <assert.h>

#include "base/arena.h"
#include "evidence/reading.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check_row(const struct report_row *a, const struct report_row *b)
{
	assert(memcmp(&a->address, &b->address, sizeof(a->address)) == 0);
	assert(a->count == b->count && a->disposition == b->disposition);
	assert(a->dkim_aligned == b->dkim_aligned);
	assert(a->spf_aligned == b->spf_aligned);
	assert(str_equal(a->header_from, b->header_from));
	assert(str_equal(a->dkim_domain, b->dkim_domain));
	assert(str_equal(a->dkim_selector, b->dkim_selector));
	assert(a->dkim_result == b->dkim_result);
	assert(str_equal(a->spf_domain, b->spf_domain));
	assert(a->spf_result == b->spf_result);
}

static void
check_same(const struct report *a, const struct report *b)
{
	const struct report_row *left = a->rows, *right = b->rows;

	assert(a->why.p == NULL && b->why.p == NULL);
	assert(str_equal(a->reporter, b->reporter) && str_equal(a->id, b->id));
	assert(str_equal(a->domain, b->domain));
	assert(str_equal(a->p, b->p) && str_equal(a->sp, b->sp) &&
	    str_equal(a->np, b->np) && str_equal(a->pct, b->pct) &&
	    str_equal(a->t, b->t) && str_equal(a->discovery, b->discovery));
	assert(a->row_count == b->row_count);
	for (; left != NULL; left = left->next, right = right->next)
		check_row(left, right);
	assert(right == NULL);
}

static void
check_ways(struct arena *arena, struct str xml)
{
	struct reading plain_reading, reading;
	struct report plain, report;

	if (!report_parse_plain(arena, xml, &plain_reading, &plain))
		return;
	report_parse_xml(arena, xml, &reading, &report);
	check_same(&plain, &report);
	assert(str_equal(plain_reading.begin, reading.begin));
	assert(str_equal(plain_reading.ends, reading.ends));
	assert(str_equal(plain_reading.email, reading.email));
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const struct str xml = { (const char *)bytes, size };
	struct arena *arena = arena_new();
	const struct report_row *row;
	struct report report;
	size_t count = 0;

	report_read(arena, xml, &report);
	if (report.why.p == NULL) {
		assert(report.domain.n > 0 && report.id.n > 0);
		assert(report.begin >= 0 && report.end >= report.begin);
		assert(report_last_day(&report) >= report_first_day(&report));
		for (row = report.rows; row != NULL; row = row->next) {
			assert(row->count > 0);
			count++;
		}
		assert(count == report.row_count);
	}
	check_ways(arena, xml);
	arena_free(arena);
	return 0;
}
