// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checks that a scenario makes. One that fails is a report like any other, so that
 * "explore" writes its schedule.
 */
#include <stdio.h>
#include <string.h>

#include "detect/report.h"
#include "sched/checkpoint.h"
#include "shim/chance.h"
#include "world/world_i.h"

static struct check checks[CHECKS_MAX];
static bool inside; /* the next one looks into the kernel */

static void note(struct world *w, enum check_result result, const struct sched_site *site)
{
	if (w->checks_made < CHECKS_MAX)
		checks[w->checks_made] = (struct check){ site, result, inside };
	w->checks_made++;
	inside = false;
}

void checks_checkpoint(struct checkpoint *c, const struct world *w)
{
	checkpoint_value(c, inside);
	checkpoint_bytes(c, checks, world_checks_made(w) * sizeof(checks[0]));
}

const struct check *world_check_nr(const struct world *w, unsigned int nr)
{
	return nr < w->checks_made && nr < CHECKS_MAX ? &checks[nr] : NULL;
}

unsigned int world_checks_made(const struct world *w)
{
	return w->checks_made < CHECKS_MAX ? w->checks_made : CHECKS_MAX;
}

void world_check_name(const struct world *w, unsigned int nr, char *name, size_t size)
{
	const struct check *c = world_check_nr(w, nr);
	unsigned int before = 0;

	for (unsigned int i = 0; i < nr; i++)
		before += !strcmp(checks[i].site->expr, c->site->expr);
	if (before)
		snprintf(name, size, "%s (%u)", c->site->expr, before + 1);
	else
		snprintf(name, size, "%s", c->site->expr);
}

bool world_expect_inside(struct world *w, const struct sched_site *site)
{
	inside = true;
	if (!w->blind)
		return true;
	note(w, CHECK_NOT_VISIBLE, site);
	return false;
}

void world_plays(struct world *w, const char *scenario)
{
	w->scenario = scenario;
	report_scenario(scenario);
}

static void say_object(struct world *w, const struct sched_site *site)
{
	char object[REPORT_OBJECT];

	snprintf(object, sizeof(object), "%s%s%s", w->scenario ? w->scenario : "",
		 w->scenario ? ":" : "", site->expr);
	report_about("expected", object, NULL);
}

/* after a timer that fired early, or a call that failed, results may be others */
static bool not_to_be_expected(struct world *w, const struct sched_site *site)
{
	note(w, CHECK_NOT_VISIBLE, site);
	return false;
}

bool world_expect(struct world *w, bool ok, const struct sched_site *site)
{
	return world_expect_told(w, ok, site, "");
}

bool world_expect_told(struct world *w, bool ok, const struct sched_site *site,
		       const char *instead)
{
	if (!ok && chances_taken())
		return not_to_be_expected(w, site);
	w->checks++;
	note(w, ok ? CHECK_PASSED : CHECK_FAILED, site);
	if (!ok) {
		say_object(w, site);
		w->failed_checks += report(REPORT_ACCOUNTING, site, "expected: %s%s%s",
					   site->expr, *instead ? ", but " : "", instead);
	}
	return ok;
}

bool world_expect_eq(struct world *w, long long a, long long b,
		     const struct sched_site *site)
{
	if (a != b && chances_taken())
		return not_to_be_expected(w, site);
	w->checks++;
	note(w, a == b ? CHECK_PASSED : CHECK_FAILED, site);
	if (a != b) {
		say_object(w, site);
		w->failed_checks +=
			report(REPORT_ACCOUNTING, site,
			       "expected: %s, but %lld is not %lld", site->expr, a, b);
	}
	return a == b;
}

bool world_expect_ended(struct world *w)
{
	return world_expect_eq(w, (long long)report_count() - w->failed_checks, 0,
			       SCHED_SITE("world_close(w) == 0"));
}

unsigned int world_checks(const struct world *w)
{
	return w->checks;
}

unsigned int world_failed_checks(const struct world *w)
{
	return w->failed_checks;
}
