// SPDX-License-Identifier: GPL-2.0-only
/*
 * The world as a whole: opening, looking, closing, and what must not be left.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "detect/report.h"
#include "sched/lines.h"
#include "shim/file.h"
#include "shim/heap.h"
#include "shim/lock.h"
#include "shim/page.h"
#include "shim/param.h"
#include "shim/shim.h"
#include "shim/user.h"
#include "shim/work.h"
#include "world/world_i.h"

static struct world the_world;
static unsigned char data_pool[DATA_BYTES];

/* A bound of the simulator is said, not hidden. */
void world_full(const char *what)
{
	fprintf(stderr, "uringsim: the world has no room for more %s\n", what);
	exit(3);
}

/* memory of clients and of the file system; lives as long as the world */
unsigned char *world_data(struct world *w, uint32_t size)
{
	unsigned char *p = data_pool + w->data_used;

	if (size > DATA_BYTES - w->data_used)
		world_full("data");
	w->data_used += (size + 15) & ~15u;
	return p;
}

/* ---- opening ---- */

static void set_default(uint32_t *field, uint32_t value)
{
	if (!*field)
		*field = value;
}

static uint32_t max_of(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

static void configure(struct world *w, const struct subject_ops *subject,
		      const struct world_config *config)
{
	struct world_config *c = &w->config;

	if (config)
		*c = *config;
	else
		memset(c, 0, sizeof(*c));
	set_default(&c->cpus, 1);
	set_default(&c->entries, 1);
	set_default(&c->buffers, c->entries);
	set_default(&c->max_write, 8192);
	set_default(&c->max_pages, 2);
	set_default(&c->max_background, 12);
	if (c->payload == PAYLOAD_SHARED)
		c->payload = subject->caps & SUBJECT_BUFRING ? PAYLOAD_BUFRING
							     : PAYLOAD_BUFPOOL;
	if (c->cpus > MAX_QUEUES)
		world_full("CPUs");
	if (c->entries > MAX_ENTS)
		world_full("entries of a queue");
	w->max_payload =
		max_of(ABI_MIN_READ_BUFFER, max_of(c->max_write, c->max_pages * 4096));
}

/* Pools are not cleared: only what says how much of them is in use. */
static void forget(struct world *w)
{
	w->fm = NULL;
	w->main = NULL;
	w->dev_fd = -1;
	w->in_calls = 0;
	w->checks = w->failed_checks = w->checks_made = 0;
	w->nr_actors = w->nr_calls = w->nr_commands = 0;
	w->nr_deliveries = w->nr_dev_reads = 0;
	w->nr_jobs = w->nr_writes = 0;
	w->data_used = 0;
	w->free_jobs = NULL;
	for (unsigned int i = 0; i < w->config.cpus; i++)
		memset(&w->queues[i], 0, sizeof(w->queues[i]));
	memset(&w->queues[MAX_QUEUES], 0, sizeof(w->queues[MAX_QUEUES]));
}

/* Run one task, past its yields, until it rests, ends or blocks. */
static void run_alone(struct actor *a)
{
	while (sched_run_task(task_of(a), NULL, NULL, 0) == SCHED_AT_POINT)
		;
}

struct world *world_open(const struct subject_ops *subject,
			 const struct world_config *config)
{
	struct world *w = &the_world;

	configure(w, subject, config);
	forget(w);
	w->subject = subject;
	shim_reset(w->config.cpus);
	subject_reset_globals();
	lines_of_subject(subject->lines, subject->nr_lines);
	if (subject->module_init()) {
		report(REPORT_ACCOUNTING, NULL, "the module could not be loaded");
		return NULL;
	}
	shim_heap_mark();
	shim_param_set("enable_uring", !w->config.no_param);
	if (shim_param_set("bufring_policy", w->config.policy) && w->config.policy)
		report(REPORT_UNMODELLED, NULL,
		       "this subject has no buffer policy to choose");
	if (w->config.seconds)
		shim_time_limit(w->config.seconds * SHIM_HZ);
	w->server_mm = shim_mm_new();
	w->main = actor_new(w, "server", 0, w->server_mm);
	actor_does(w->main, server_mounts, NULL);
	run_alone(w->main);
	if (!w->fm) {
		report(REPORT_ACCOUNTING, NULL, "the file system could not be mounted");
		return NULL;
	}
	steps_world_opens(w);
	return w;
}

const struct world_config *world_config(const struct world *w)
{
	return &w->config;
}

const struct subject_ops *world_subject(const struct world *w)
{
	return w->subject;
}

bool world_can(const struct world *w, unsigned int caps)
{
	return (w->subject->caps & caps) == caps;
}

static bool time_stands_still(void *ctx)
{
	(void)ctx;
	return false;
}

void world_story_begins(struct world *w)
{
	const struct sched_strategy default_order = { .idle = time_stands_still };

	(void)w;
	steps_set_up(true);
	do {
		sched_run(&default_order);
	} while (steps_on && steps_go_on());
	steps_set_up(false);
}

/* ---- looking ---- */

void world_ring(struct world *w, struct ring_view *v)
{
	memset(v, 0, sizeof(*v));
	if (w->fm && w->subject->ring_view)
		w->subject->ring_view(w->fm, v);
}

bool world_queue(struct world *w, unsigned int qid, struct queue_view *v)
{
	return w->fm && w->subject->queue_view && w->subject->queue_view(w->fm, qid, v);
}

unsigned int world_entries_in(struct world *w, unsigned int qid,
			      enum subject_ent_state state)
{
	struct queue_view v;
	unsigned int n = 0;

	if (!world_queue(w, qid, &v))
		return 0;
	for (unsigned int i = 0; i < v.nr_ents; i++)
		n += v.ents[i].state == state;
	return n;
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

static unsigned int lost_calls(struct world *w)
{
	unsigned int lost = 0;

	for (unsigned int i = 0; i < w->nr_calls; i++) {
		const struct call *c = &w->calls[i];

		if (c->started && !c->done) {
			call_report_lost(c);
			lost++;
		}
	}
	return lost;
}

unsigned int world_ends(struct world *w)
{
	sched_run(NULL);
	return sched_stopped() ? 0 : lost_calls(w);
}

/* Whatever a thread of the server waits for: it leaves, and drops its jobs. */
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
	sched_run(NULL);
}

static void unmount(struct world *w)
{
	if (w->fm) {
		client_umounts(actor_new(w, "umount", 0, NULL));
		sched_run(NULL);
	}
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
	if (sched_stopped())
		return (unsigned int)report_count();
	if (steps_on)
		steps_world_closes();
	if (w->config.seconds)
		shim_time_limit(world_time(w) + 3600ul * SHIM_HZ);
	dismiss_all(w, true);
	unmount(w);
	dismiss_all(w, false);
	if (sched_stopped())
		return (unsigned int)report_count();
	lost_calls(w);
	look_for_sleepers(w);
	look_for_commands(w);
	look_for_locks(w);
	if (shim_files_open())
		report(REPORT_HEAP, NULL, "%u file(s) still open", shim_files_open());
	if (!w->fm)
		w->subject->module_exit();
	shim_heap_report_leaks();
	shim_page_report_leaks();
	return (unsigned int)report_count();
}

/* ---- measuring ---- */

unsigned int world_round_trips(struct world *w, unsigned int n)
{
	struct actor *client = client_new(w, "client", 0);
	struct actor *server = server_thread(w, "ring");
	struct call *c;

	for (unsigned int qid = 0; qid < w->config.cpus; qid++)
		server_sets_up(server, qid);
	server_serves(server);
	run_alone(server);
	c = client_getattrs(client, 2, n);
	sched_run(NULL);
	return c->size;
}
