// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is kept of an address space without its memory: references, and the account of
 * RLIMIT_MEMLOCK [kernel/fork.c: mmgrab(), mmdrop(); mm/util.c: account_locked_vm()].
 * Kind: model. The users of a space are the tasks that have it; they are looked for when
 * somebody asks.
 */
#include <errno.h>
#include <stdbool.h>

#include "detect/race.h"
#include "detect/report.h"
#include "mm_i.h"
#include "pin_i.h"
#include "runtime.h"
#include "sched/lines.h"
#include "shim/fault.h"
#include "shim/lock.h"
#include "shim/user.h"

static bool has_users(const struct shim_mm *mm)
{
	for (unsigned int i = 0; i < sched_task_count(); i++) {
		const struct task_struct *t = sched_task_nr(i)->data;

		if (t && t->mm == mm && !t->exited)
			return true;
	}
	return false;
}

/* Return: whether it is still there; else that is reported, and the execution ends */
static bool is_there(const struct shim_mm *mm, const char *call,
		     const struct sched_site *site)
{
	if (mm->grabs || has_users(mm))
		return true;
	report_about("use-after-free", "an address space", NULL);
	report(REPORT_HEAP, site, "use after free: %s of an address space that is gone",
	       call);
	if (mm->dropped_at)
		report_detail("its last reference was dropped in %s:%d (%s)",
			      mm->dropped_at->file, site_line(mm->dropped_at),
			      mm->dropped_at->func);
	else
		report_detail("its last task has gone, and mmgrab() took no reference");
	sched_stop();
	return false;
}

/* ------------------------------------------------------------------ references */

void shim_mm_grab(struct shim_mm *mm, const struct sched_site *site)
{
	sched_point(SCHED_ATOMIC, &mm->grabs, site);
	if (!is_there(mm, "mmgrab", site))
		return;
	mm->grabs++;
	mm->grabbed_at = site;
}

static unsigned int report_locked(const struct shim_mm *mm, const struct sched_site *site)
{
	if (!mm->locked)
		return 0;
	report_about("leak", "the account of locked memory", NULL);
	report(REPORT_HEAP, site,
	       "account leaked: %lu page%s of locked memory %s not given back "
	       "(account_locked_vm)",
	       mm->locked, mm->locked == 1 ? "" : "s", mm->locked == 1 ? "is" : "are");
	return 1;
}

void shim_mm_drop(struct shim_mm *mm, const struct sched_site *site)
{
	sched_point(SCHED_ATOMIC, &mm->grabs, site);
	if (!is_there(mm, "mmdrop", site))
		return;
	if (!mm->grabs) {
		report(REPORT_KERNEL, site,
		       "mmdrop of a reference that mmgrab did not take");
		return;
	}
	race_atomic(&mm->grabs, RACE_FULL);
	mm->dropped_at = site;
	if (--mm->grabs || has_users(mm))
		return;
	report_locked(mm, site);
	mm->locked = 0; /* told once */
}

/* ------------------------------------------------------------------ RLIMIT_MEMLOCK */

void shim_mm_set_memlock(struct shim_mm *mm, unsigned long pages)
{
	mm->memlock = pages;
}

unsigned long shim_mm_locked(const struct shim_mm *mm)
{
	return mm->locked;
}

static int account(struct shim_mm *mm, unsigned long pages, int exempt,
		   const struct sched_site *site)
{
	if (fault_hit(FAULT_PIN)) {
		sched_trace(SCHED_FAULT, mm, (int64_t)pages, site);
		return -ENOMEM;
	}
	if (!exempt && (pages > mm->memlock || mm->locked > mm->memlock - pages))
		return -ENOMEM;
	mm->locked += pages;
	mm->accounted_at = site;
	return 0;
}

int shim_account_locked_vm(struct shim_mm *mm, unsigned long pages, int inc, int exempt,
			   const struct sched_site *site)
{
	if (!pages || !mm)
		return 0;
	sched_point(SCHED_ATOMIC, &mm->locked, site);
	shim_might_sleep(site);
	if (!is_there(mm, "account_locked_vm", site))
		return 0;
	if (inc)
		return account(mm, pages, exempt, site);
	if (pages <= mm->locked) {
		mm->locked -= pages;
		return 0;
	}
	report(REPORT_KERNEL, site,
	       "account_locked_vm gives %lu pages back where %lu are accounted", pages,
	       mm->locked);
	mm->locked = 0;
	return 0;
}

/* ------------------------------------------------------------------ the end */

unsigned int shim_mm_report_leaks(void)
{
	unsigned int leaks = 0;
	const struct shim_mm *mm;

	for (unsigned int i = 0; (mm = shim_mm_number(i)) != NULL; i++) {
		leaks += report_locked(mm, mm->accounted_at);
		if (!mm->grabs)
			continue;
		report_about("leak", "an address space", NULL);
		report(REPORT_HEAP, mm->grabbed_at,
		       "address space leaked: %d reference%s of mmgrab left", mm->grabs,
		       mm->grabs == 1 ? "" : "s");
		leaks++;
	}
	return leaks;
}
