// SPDX-License-Identifier: GPL-2.0-only
/*
 * The world as a whole: opening, looking, closing, and checks for what must not be left.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "detect/progress.h"
#include "detect/race.h"
#include "detect/report.h"
#include "sched/checkpoint.h"
#include "sched/lines.h"
#include "shim/file.h"
#include "shim/heap.h"
#include "shim/hook.h"
#include "shim/lock.h"
#include "shim/page.h"
#include "shim/shim.h"
#include "shim/user.h"
#include "shim/work.h"
#include "subject/subject.h"
#include "world/world_i.h"

#define DATA_BYTES	(4u << 20)   /* of all calls */
#define DATA_OF_ANYBODY (512u << 10) /* each byte costs ten in tables that look at it */
#define PAGE_BYTES	4096u
#define CONFIG_BYTES	128u /* of a driver's configuration */

static struct world the_world;
static _Alignas(PAGE_BYTES) unsigned char data_pool[DATA_BYTES];

static const char *asked_by;

void world_asked_by(const char *file)
{
	asked_by = file;
}

static void (*give_up_as)(void);
static const char *lacked;

void world_takes_any_scenario(void (*give_up)(void))
{
	give_up_as = give_up;
}

bool world_is_of_anybody(void)
{
	return give_up_as;
}

const char *world_lacked(void)
{
	return lacked;
}

void world_full(const char *what)
{
	if (give_up_as) {
		lacked = what;
		give_up_as();
	}
	if (asked_by) {
		fprintf(stderr, "uringsim: %s asks for more %s than a world has\n",
			asked_by, what);
		exit(2);
	}
	fprintf(stderr, "uringsim: the world has no space for more %s\n", what);
	exit(3);
}

static uint32_t round_up_to_pages(uint32_t size)
{
	return (size + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1);
}

static uint32_t data_bytes(void)
{
	return give_up_as ? DATA_OF_ANYBODY : DATA_BYTES;
}

unsigned char *world_data(struct world *w, uint32_t size)
{
	uint32_t in_page = w->data_used % PAGE_BYTES;
	unsigned char *p;

	/* a request takes so many pages at most: no more of them than the size asks for
	 */
	if (in_page + size > round_up_to_pages(size))
		w->data_used += PAGE_BYTES - in_page;
	if (w->data_used > data_bytes() || size > data_bytes() - w->data_used)
		world_full("data");
	p = data_pool + w->data_used;
	w->data_used += (size + 15) & ~15u;
	return p;
}

uint32_t world_data_left(const struct world *w)
{
	const uint32_t used = round_up_to_pages(w->data_used);
	/* the same when fuzz plays a scenario and when the file it wrote is played */
	const uint32_t all = w->config.may_be_rejected ? DATA_OF_ANYBODY : data_bytes();

	return used < all ? all - used : 0;
}

/* ---- opening ---- */

void run_alone(struct actor *a)
{
	while (sched_run_task(task_of(a), NULL, NULL, 0) == SCHED_AT_POINT)
		;
}

/* of all scenarios, where the linker has put them: none if there are none */
extern char per_play_begin[] __asm__("__start_per_play") __attribute__((weak));
extern char per_play_end[] __asm__("__stop_per_play") __attribute__((weak));

/* Pools are not cleared: only what says how much of them is in use. */
static void forget(struct world *w)
{
	const size_t per_play =
		(size_t)((uintptr_t)per_play_end - (uintptr_t)per_play_begin);

	w->state = NULL;
	w->main = NULL;
	world_plays(w, NULL);
	w->blind = false;
	w->disturbed = DISTURBED_NOT;
	w->checks = w->failed_checks = w->checks_made = 0;
	w->nr_actors = w->nr_jobs = 0;
	w->data_used = 0;
	w->free_jobs = NULL;
	if (per_play)
		memset(per_play_begin, 0, per_play);
}

static void checkpoint_world(struct checkpoint *c, struct world *w)
{
	checkpoint_bytes(c, w, offsetof(struct world, actors));
	checkpoint_bytes(c, w->actors, w->nr_actors * sizeof(w->actors[0]));
	checkpoint_bytes(c, w->jobs, w->nr_jobs * sizeof(w->jobs[0]));
	/* what is behind is written before it is read */
	checkpoint_bytes(c, data_pool, w->data_used);
	checkpoint_bytes(c, per_play_begin,
			 (size_t)((uintptr_t)per_play_end - (uintptr_t)per_play_begin));
	checks_checkpoint(c, w);
}

void world_checkpoint(struct checkpoint *c)
{
	struct world *w = &the_world;

	subject_checkpoint(c, w->subject);
	checkpoint_world(c, w);
	w->driver->checkpoint(c, w);
}

bool world_is_noted(void)
{
	return steps_on || queued_on;
}

struct world *world_of_checkpoint(void)
{
	return &the_world;
}

/* struct opened - a world that was opened, of which nothing was reported by then */
static struct opened {
	const struct driver *driver;
	const struct subject *subject;
	unsigned int loads, hooks;
	bool configured;
	unsigned char config[CONFIG_BYTES];
} opened;

/*
 * One subject opens one world in the same steps each time, and all of them are before
 * what follows: they are watched the first time, and again if there was anything to say.
 * Otherwise what the watchers know afterwards is kept.
 */
static bool opens_as_before(const struct driver *driver, const struct subject *subject,
			    const void *config)
{
	return opened.driver == driver && opened.subject == subject &&
	       opened.loads == subject_loads() && opened.hooks == sched_hooks() &&
	       opened.configured == !!config &&
	       (!config || !memcmp(opened.config, config, driver->config_size));
}

static void remember_opening(const struct world *w, const void *config, bool reported)
{
	opened.driver = NULL;
	if (reported || w->driver->config_size > sizeof(opened.config) ||
	    (config && !w->driver->config_size) || !hook_keep())
		return;
	opened.driver = w->driver;
	opened.subject = w->subject;
	opened.loads = subject_loads();
	opened.hooks = sched_hooks();
	opened.configured = config;
	if (config)
		memcpy(opened.config, config, w->driver->config_size);
}

/* ... by those alone that say what is wrong: others count what they see */
static bool watched_once(void)
{
	return sched_hooks() && !(sched_hooks() & ~(unsigned int)HOOK_DETECTORS);
}

/* of static data: what user mode gave to the kernel */
static bool data_used(unsigned int i, uintptr_t *from, uintptr_t *to)
{
	const struct world *w = &the_world;

	if (i)
		return w->driver->data_used && w->driver->data_used(i - 1, from, to);
	*from = (uintptr_t)data_pool;
	*to = *from + w->data_used;
	return true;
}

/* Return: whether all is there */
static bool open_all(struct world *w, const void *config)
{
	hook_static_used(data_used);
	subject_reset_globals();
	lines_of_subject(w->subject->lines, w->subject->nr_lines);
	if (w->subject->driver->module_init()) {
		report(REPORT_ACCOUNTING, NULL, "the module could not be loaded");
		return false;
	}
	shim_heap_mark();
	if (w->config.seconds)
		shim_time_limit(w->config.seconds * SHIM_HZ);
	w->server_mm = shim_mm_new();
	if (w->config.memlock)
		shim_mm_set_memlock(w->server_mm, w->config.memlock);
	w->main = actor_new(w, "server", 0, w->server_mm);
	return w->driver->open(w, config);
}

struct world *world_open(const struct driver *driver, const struct subject *subject,
			 const void *config)
{
	static const struct world_config defaults;
	struct world *w = &the_world;
	unsigned long races = race_met();
	bool known;

	forget(w);
	lacked = NULL;
	w->driver = driver;
	w->subject = subject;
	w->config = config ? *(const struct world_config *)config : defaults;
	if (!w->config.cpus)
		w->config.cpus = 1;
	shim_reset(w->config.cpus);
	known = watched_once() && opens_as_before(driver, subject, config);
	if (known)
		hook_look_away();
	if (!open_all(w, config))
		return NULL;
	if (known)
		hook_put_back();
	else if (watched_once())
		remember_opening(w, config, race_met() != races || report_count());
	/* the main thread creates the others, and clients open what it has mounted */
	race_quiet();
	world_look_at_rules(w, true);
	steps_world_opens(w);
	queued_world_opens();
	return w;
}

const struct subject *world_subject(const struct world *w)
{
	return w->subject;
}

const struct driver *world_driver(const struct world *w)
{
	return w->driver;
}

bool world_can(const struct world *w, unsigned int caps)
{
	return (w->subject->driver->caps & caps) == caps;
}

void world_disturbed(struct world *w, enum disturbance why)
{
	if (!w->disturbed)
		w->disturbed = why;
}

enum disturbance world_disturbance(const struct world *w)
{
	return w->disturbed;
}

const char *disturbance_words(enum disturbance why)
{
	static const char *const words[DISTURBED_NR] = {
		[DISTURBED_NOT] = "nothing",
		[DISTURBED_SIGNAL] = "a task is killed or interrupted",
		[DISTURBED_LEFT] = "a thread of the server or its ring leaves",
		[DISTURBED_ENDED] = "the file system ends",
		[DISTURBED_NUMBER] = "root or INIT changes numbers",
		[DISTURBED_ANSWER] = "the server answers what it should not",
		[DISTURBED_MEMORY] = "memory of the server changes",
		[DISTURBED_NOTICE] = "the server notifies",
		[DISTURBED_TIME] = "requests may time out",
		[DISTURBED_CHANCE] = "a call of the kernel fails or time passes early",
		[DISTURBED_TOO_BIG] = "more than the server has room for",
		[DISTURBED_OPEN] = "not ended",
		[DISTURBED_BUDGET] = "enough others were",
		[DISTURBED_BROKEN] = "it fails the other way, too",
	};

	return words[why];
}

static bool time_stands_still(void *ctx)
{
	(void)ctx;
	return false;
}

void world_is_set_up(struct world *w)
{
	const struct sched_strategy default_order = { .idle = time_stands_still };

	(void)w;
	if (queued_on)
		queued_note(QUEUED_SET_UP, NULL, STEP_OWN, NULL);
	steps_set_up(true);
	do {
		sched_run(&default_order);
	} while (steps_on && steps_go_on());
	steps_set_up(false);
}

/* ---- looking ---- */

void world_look_at_rules(struct world *w, bool on)
{
	if (w->driver->watch)
		w->driver->watch(w, on);
}

unsigned int world_look_for_stalls(struct world *w)
{
	if (sched_stopped() || sched_tasks_runnable() || !w->driver->stalled_calls)
		return 0;
	return w->driver->stalled_calls(w);
}

unsigned long world_time(const struct world *w)
{
	(void)w;
	return jiffies - SHIM_INITIAL_JIFFIES;
}

void world_lets_time_pass(struct world *w, unsigned int seconds)
{
	unsigned long until = world_time(w) + (unsigned long)seconds * SHIM_HZ;

	shim_time_limit(until);
	sched_run(NULL);
	shim_time_set(until); /* also if nothing happened at its end */
	shim_time_limit(until + 3600ul * SHIM_HZ);
}

/* ---- ending ---- */

unsigned int world_ends(struct world *w)
{
	sched_run(NULL);
	return sched_stopped() ? 0 : w->driver->lost_calls(w);
}

/* A thread of the server leaves and drops its jobs, whatever it waits for. */
static void dismiss(struct actor *a)
{
	if (a->gone)
		return;
	a->exiting = true;
	interrupt_task(a);
}

static void dismiss_all(struct world *w, bool servers)
{
	for (unsigned int i = 0; i < w->nr_actors; i++)
		if (w->actors[i].server == servers)
			dismiss(&w->actors[i]);
	progress_goes_on();
}

/*
 * A thread of the server that a handled signal did not end is killed: some waits of the
 * kernel take no less.
 */
static void kill_servers(struct world *w)
{
	bool any = false;

	for (unsigned int i = 0; i < w->nr_actors; i++) {
		struct actor *a = &w->actors[i];

		if (!a->server || a->task->fiber->state == SCHED_DONE ||
		    a->task->deadlocked)
			continue;
		kill_task(a);
		shim_uring_kill_threads(a->task->tgid); /* they are of its process */
		any = true;
	}
	if (any)
		progress_goes_on();
}

static void look_for_locks(struct world *w)
{
	for (unsigned int i = 0; i < w->nr_actors; i++) {
		const struct actor *a = &w->actors[i];

		if (shim_locks_held(a->task))
			report(REPORT_LOCK, a->task->fiber->blocked_at,
			       "%s still holds %u lock(s)", a->name,
			       shim_locks_held(a->task));
	}
}

static void look_for_commands(struct world *w)
{
	for (unsigned int i = 0; i < w->nr_actors; i++) {
		const struct actor *a = &w->actors[i];

		if (a->ring && !shim_uring_is_freed(a->ring))
			report(REPORT_ACCOUNTING, NULL,
			       "the ring of %s is still there: %u command(s) never "
			       "completed",
			       a->name, shim_uring_inflight(a->ring));
	}
}

static void look_for_sleepers(struct world *w)
{
	for (unsigned int i = 0; i < w->nr_actors; i++) {
		const struct actor *a = &w->actors[i];
		const struct sched_task *t = a->task->fiber;

		if (t->state == SCHED_DONE || a->task->deadlocked)
			continue;
		report(REPORT_PROGRESS, t->blocked_at,
		       "%s never ended: it waits for %s in %s", a->name,
		       t->blocked_why ? t->blocked_why : "its turn",
		       a->task->syscall ? a->task->syscall : "user mode");
		shim_tell_wait(a->task);
	}
}

unsigned int world_close(struct world *w)
{
	bool all_gone;

	if (sched_stopped())
		return (unsigned int)report_count();
	if (steps_on)
		steps_world_closes();
	queued_world_closes();
	/* whatever its story has taken: the end takes its own time */
	shim_time_limit(world_time(w) + 3600ul * SHIM_HZ);
	dismiss_all(w, true);
	kill_servers(w);
	all_gone = w->driver->close(w);
	dismiss_all(w, false);
	if (sched_stopped())
		return (unsigned int)report_count();
	w->driver->lost_calls(w);
	look_for_sleepers(w);
	look_for_commands(w);
	look_for_locks(w);
	if (shim_files_open())
		report(REPORT_HEAP, NULL, "%u file(s) still open", shim_files_open());
	if (all_gone)
		w->subject->driver->module_exit();
	shim_heap_report_leaks();
	shim_page_report_leaks();
	return (unsigned int)report_count();
}
