// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checks that a story makes of itself. One that fails is a report like any
 * other, so that "explore" writes its schedule.
 */
#include "detect/report.h"
#include "world/world_i.h"

bool world_expect(struct world *w, bool ok, const struct sched_site *site)
{
	w->checks++;
	if (!ok) {
		w->failed_checks++;
		report(REPORT_ACCOUNTING, site, "expected: %s", site->expr);
	}
	return ok;
}

bool world_expect_eq(struct world *w, long long a, long long b,
		     const struct sched_site *site)
{
	w->checks++;
	if (a != b) {
		w->failed_checks++;
		report(REPORT_ACCOUNTING, site, "expected: %s, but %lld is not %lld",
		       site->expr, a, b);
	}
	return a == b;
}

unsigned int world_checks(const struct world *w)
{
	return w->checks;
}

unsigned int world_failed_checks(const struct world *w)
{
	return w->failed_checks;
}
