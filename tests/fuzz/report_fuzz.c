#include <assert.h>

#include "base/arena.h"
#include "evidence/evidence.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct arena *arena = arena_new();
	const struct report_row *row;
	struct report report;
	size_t count = 0;

	report_read(arena, (struct str){ (const char *)bytes, size },
	    &report);
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
	arena_free(arena);
	return 0;
}
