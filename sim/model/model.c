// SPDX-License-Identifier: GPL-2.0-only
/*
 * Models by name, and what all of them have in common: a kernel that consists of
 * the scheduler, locks, the heap and the tasks.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/model_i.h"
#include "shim/shim.h"

static const struct model_family *const families[] = {
	&model_ring,	     &model_qrace,
	&model_lost_update,  &model_lost_update_fixed,
	&model_deadlock,     &model_deadlock_fixed,
	&model_lock_order,   &model_lock_order_fixed,
	&model_lost_wakeup,  &model_lost_wakeup_fixed,
	&model_plain_update,
};

#define NR_FAMILIES (sizeof(families) / sizeof(families[0]))

static const char *const usual[] = { "ring-2", "ring-3", "qrace-2", "qrace-3" };

const char *model_usual(unsigned int i)
{
	return i < sizeof(usual) / sizeof(usual[0]) ? usual[i] : NULL;
}

const char *model_forms(void)
{
	return "ring-T, ring-TxR, ring-TxRxB, qrace-T, lost-update-T, deadlock-T, "
	       "lock-order, lost-wakeup, and the last four with -fixed; plain-update-T";
}

/* "3x2x2" into at most @max numbers; 0: that is not what stands there */
static unsigned int read_numbers(const char *text, unsigned int *numbers,
				 unsigned int max)
{
	unsigned int nr = 0;
	char *end;

	while (*text >= '1' && *text <= '9' && nr < max) {
		unsigned long n = strtoul(text, &end, 10);

		if (n > MODEL_MAX_TASKS)
			return 0;
		numbers[nr++] = (unsigned int)n;
		if (!*end)
			return nr;
		if (*end != 'x')
			return 0;
		text = end + 1;
	}
	return 0;
}

static bool fits(const struct model_family *f, const char *name, struct model *m)
{
	unsigned int numbers[3] = { f->fixed_tasks, 2, 2 };
	size_t len = strlen(f->name);

	if (strncmp(name, f->name, len) != 0)
		return false;
	if (!f->numbers) {
		if (name[len])
			return false;
	} else if (name[len] != '-' ||
		   !read_numbers(name + len + 1, numbers, f->numbers)) {
		return false;
	}
	*m = (struct model){
		.family = f,
		.tasks = numbers[0],
		.rounds = numbers[1],
		.buffers = numbers[2],
	};
	snprintf(m->name, sizeof(m->name), "%s", name);
	return true;
}

bool model_find(const char *name, struct model *m)
{
	for (unsigned int i = 0; i < NR_FAMILIES; i++)
		if (fits(families[i], name, m))
			return true;
	return false;
}

bool model_hooked(void)
{
	return model_has_hooks;
}

void model_open(const struct model *m)
{
	static const char *const names[MODEL_MAX_TASKS] = {
		"task-1", "task-2", "task-3", "task-4",
		"task-5", "task-6", "task-7", "task-8",
	};

	shim_reset(1);
	m->family->reset(m);
	for (unsigned int i = 0; i < m->tasks; i++)
		shim_task_new(names[i], 0, NULL, SHIM_PF_KTHREAD, m->family->body,
			      (void *)(uintptr_t)i);
}

static void check_ends(void)
{
	for (unsigned int i = 0; i < sched_task_count(); i++) {
		const struct sched_task *t = sched_task_nr(i);

		const struct task_struct *task = t->data;

		if (t->state == SCHED_DONE || t->idle || task->deadlocked)
			continue;
		report(REPORT_PROGRESS, t->blocked_at, "%s never ended: it waits for %s",
		       t->name, t->blocked_why ? t->blocked_why : "its turn");
		shim_tell_wait(task);
	}
}

void model_check(const struct model *m)
{
	check_ends();
	if (m->family->check && !report_count())
		m->family->check(m);
}
