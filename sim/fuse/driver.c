// SPDX-License-Identifier: GPL-2.0-only
/*
 * The FUSE driver's table, and the connection that its scenarios use: opening, looking,
 * closing.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "detect/progress.h"
#include "detect/report.h"
#include "fuse/fuse_i.h"
#include "fuse/scenario/scenario.h"
#include "fuse/words/words.h"
#include "sched/checkpoint.h"
#include "shim/param.h"

static struct fuse the_connection;

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

static void configure(struct fuse *f, const struct subject *subject,
		      const struct fuse_config *config)
{
	struct fuse_config *c = &f->config;

	if (config)
		*c = *config;
	else
		memset(c, 0, sizeof(*c));
	set_default(&c->cpus, 1);
	set_default(&c->entries, 1);
	set_default(&c->buffers, c->entries);
	set_default(&c->classes, 1);
	set_default(&c->max_write, 8192);
	set_default(&c->max_pages, 2);
	set_default(&c->max_background, 12);
	if (c->payload == PAYLOAD_SHARED)
		c->payload = subject->driver->caps & FUSE_CAN_BUFRING ? PAYLOAD_BUFRING
								      : PAYLOAD_BUFPOOL;
	if (c->cpus > MAX_QUEUES)
		world_full("CPUs");
	if (c->entries > MAX_ENTS)
		world_full("entries of a queue");
	if (c->classes > MAX_CLASSES)
		world_full("sizes of buffers");
	f->max_payload =
		max_of(ABI_MIN_READ_BUFFER, max_of(c->max_write, c->max_pages * 4096));
}

/* Pools are not cleared: only what says how much of them is in use. */
static void forget(struct fuse *f)
{
	f->fm = f->detached = NULL;
	f->dev_fd = -1;
	f->dev_closed = f->dev_mounted = f->dev_serves = false;
	f->no_background = f->limit_set = false;
	memset(f->dev_bufs, 0, sizeof(f->dev_bufs));
	f->in_calls = f->limit_writers = 0;
	f->serving = f->on_ring = f->in_exec = 0;
	f->nr_calls = f->nr_commands = f->nr_deliveries = 0;
	f->nr_dev_reads = f->nr_writes = 0;
	server_forgets();
	f->otherwise = f->same_number = f->answers_changed = false;
	f->nr_answered = 0;
	f->again = NULL;
	f->nr_notices = f->nr_rewrites = f->nr_page_changes = 0;
	/* all: a server may name a queue that no CPU has */
	memset(f->queues, 0, sizeof(f->queues));
}

static void set_parameters(const struct fuse_config *c)
{
	shim_param_set("enable_uring", !c->no_param);
	if (shim_param_set("bufring_policy", c->policy) && c->policy)
		report(REPORT_UNMODELLED, NULL,
		       "this subject has no buffer policy to choose");
}

static bool open_connection(struct world *w, const void *config)
{
	struct fuse *f = &the_connection;

	configure(f, w->subject, config);
	forget(f);
	f->ops = fuse_ops_of(w->subject);
	w->state = f;
	w->blind = !f->ops->ring_view;
	set_parameters(&f->config);
	actor_does(w->main, server_mounts, NULL);
	run_alone(w->main);
	if (f->fm || f->config.sync_init)
		return true;
	report(REPORT_ACCOUNTING, NULL, "the file system could not be mounted");
	return false;
}

struct world *fuse_open(const struct subject *subject, const struct fuse_config *config)
{
	return world_open(&fuse_driver, subject, config);
}

const struct fuse_config *fuse_config(const struct world *w)
{
	return &fuse_of(w)->config;
}

static bool data_used(unsigned int i, uintptr_t *from, uintptr_t *to)
{
	const struct fuse *f = &the_connection;

	*from = (uintptr_t)f->calls;
	*to = (uintptr_t)(f->calls + f->nr_calls);
	return !i;
}

static void checkpoint(struct checkpoint *c, struct world *w)
{
	struct fuse *f = &the_connection;

	(void)w;
	checkpoint_bytes(c, f, offsetof(struct fuse, calls));
	checkpoint_bytes(c, f->calls, f->nr_calls * sizeof(f->calls[0]));
	checkpoint_bytes(c, f->answered, f->nr_answered * sizeof(f->answered[0]));
	checkpoint_bytes(c, f->commands, f->nr_commands * sizeof(f->commands[0]));
	checkpoint_bytes(c, f->deliveries, f->nr_deliveries * sizeof(f->deliveries[0]));
	checkpoint_bytes(c, f->usual, f->nr_deliveries * sizeof(f->usual[0]));
	checkpoint_bytes(c, f->dev_reads, f->nr_dev_reads * sizeof(f->dev_reads[0]));
	checkpoint_bytes(c, f->notices, f->nr_notices * sizeof(f->notices[0]));
	checkpoint_bytes(c, f->rewrites, f->nr_rewrites * sizeof(f->rewrites[0]));
	checkpoint_bytes(c, f->page_changes,
			 f->nr_page_changes * sizeof(f->page_changes[0]));
	checkpoint_value(c, f->queues);
	checkpoint_bytes(c, f->writes, f->nr_writes * sizeof(f->writes[0]));
	server_checkpoint(c);
	rules_checkpoint(c);
}

/* ---- looking ---- */

void fuse_ring(struct world *w, struct ring_view *v)
{
	struct fuse *f = fuse_of(w);

	memset(v, 0, sizeof(*v));
	if (f->fm && f->ops->ring_view)
		f->ops->ring_view(f->fm, v);
}

bool fuse_queue(struct world *w, unsigned int qid, struct queue_view *v)
{
	struct fuse *f = fuse_of(w);

	return f->fm && f->ops->queue_view && f->ops->queue_view(f->fm, qid, v);
}

unsigned int fuse_entries_in(struct world *w, unsigned int qid,
			     enum subject_ent_state state)
{
	struct queue_view v;
	unsigned int n = 0;

	if (!fuse_queue(w, qid, &v))
		return 0;
	for (unsigned int i = 0; i < v.nr_ents; i++)
		n += v.ents[i].state == state;
	return n;
}

/* ---- ending ---- */

static unsigned int lost_calls(struct world *w)
{
	struct fuse *f = fuse_of(w);
	unsigned int lost = 0;

	for (unsigned int i = 0; i < f->nr_calls; i++) {
		const struct call *c = &f->calls[i];

		if (c->started && !c->done) {
			call_report_lost(c);
			lost++;
		}
	}
	return lost;
}

/* Nobody answers FUSE_INIT any more; who mounts waits for that until it is killed. */
static void kill_mounters(struct world *w)
{
	const struct fuse *f = fuse_of(w);
	bool any = false;

	for (unsigned int i = 0; i < f->nr_calls; i++) {
		const struct call *c = &f->calls[i];

		if (c->opcode != OP_INIT || !c->started || c->done)
			continue;
		kill_task(c->actor);
		any = true;
	}
	if (any)
		progress_goes_on();
}

/*
 * Root wanted no request in the background, and a higher limit does not wake all that
 * wait in all trees: on a dead connection the others wait until they are killed.
 */
static void kill_unwanted(struct world *w)
{
	const struct fuse *f = fuse_of(w);
	bool any = false;

	for (unsigned int i = 0; i < f->nr_calls && f->limit_set; i++) {
		const struct call *c = &f->calls[i];

		if (!c->background || !c->started || c->done)
			continue;
		kill_task(c->actor);
		any = true;
	}
	if (any)
		progress_goes_on();
}

static bool unmount(struct world *w)
{
	struct fuse *f = fuse_of(w);

	kill_mounters(w);
	if (f->fm) {
		struct actor *root = actor_new(w, "umount", 0, NULL);

		/* it wakes as many as may be under way then: all that wait */
		if (f->no_background)
			client_sets_max_background(root, MAX_CALLS);
		client_umounts(root);
		progress_goes_on();
	}
	/* a client's own umount may wait for them, too */
	kill_unwanted(w);
	return !f->fm && !f->detached;
}

/* ---- measuring ---- */

unsigned int fuse_round_trips(struct world *w, unsigned int n)
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

/* ---- the driver ---- */

static const struct driver_cap caps[] = {
	{ FUSE_CAN_BUFPOOL, "bufpool" },
	{ FUSE_CAN_ZERO_COPY, "zero-copy" },
	{ FUSE_CAN_BUFRING, "bufring" },
	{ FUSE_CAN_SHARED, "shared buffers" },
	{ FUSE_CAN_SYNC_INIT, "sync-init" },
	{ FUSE_CAN_SYSCTLS, "sysctls" },
	{ FUSE_CAN_NOTIFY, "notifications" },
	{ FUSE_CAN_TIMEOUT, "timeouts" },
	{ FUSE_CAN_EPOCH, "inc-epoch" },
	{ FUSE_CAN_PRUNE, "prune" },
	{ 0, NULL },
};

static const char *config_words(const void *config, char *buf, size_t len)
{
	static const struct fuse_config defaults;
	const struct fuse_config *c = config ? config : &defaults;

	snprintf(buf, len,
		 "cpus=%u entries=%u payload=%d buffers=%u max_write=%u max_pages=%u "
		 "max_background=%u request_timeout=%u seconds=%u zero_copy=%d "
		 "no_io_uring=%d policy=%u ring_flags=%#x init_unanswered=%d "
		 "no_param=%d%s%s%s%s",
		 c->cpus, c->entries, (int)c->payload, c->buffers, c->max_write,
		 c->max_pages, c->max_background, c->request_timeout, c->seconds,
		 c->zero_copy, c->no_io_uring, c->policy, c->ring_flags,
		 c->init_unanswered, c->no_param, c->sync_init ? " sync_init=1" : "",
		 c->may_be_rejected ? " may_be_rejected=1" : "", c->inc ? " inc=1" : "",
		 c->pinned ? " pinned=1" : "");
	len -= strlen(buf);
	if (c->classes || c->memlock)
		snprintf(buf + strlen(buf), len, " classes=%u memlock=%u", c->classes,
			 c->memlock);
	return buf;
}

/* ---- a configuration, to be read ---- */

/* struct words - what a scenario says of its world, and what is the default */
struct words {
	char said[256], not_said[256];
};

__attribute__((format(printf, 3, 4))) static void word(struct words *w, bool said,
						       const char *fmt, ...)
{
	char *list = said ? w->said : w->not_said;
	size_t n = strlen(list);
	va_list args;

	if (n)
		n += (size_t)snprintf(list + n, sizeof(w->said) - n, ", ");
	va_start(args, fmt);
	vsnprintf(list + n, sizeof(w->said) - n, fmt, args);
	va_end(args);
}

static void number(struct words *w, uint32_t value, uint32_t by_default, const char *fmt)
{
	char text[64];

	snprintf(text, sizeof(text), fmt, value ? value : by_default);
	word(w, value, "%s", text);
}

static const char *payload_words(enum payload_mode payload)
{
	static const char *const names[] = {
		[PAYLOAD_PER_ENTRY] = "a buffer of its own for each entry",
		[PAYLOAD_BUFPOOL] = "a pool of buffers",
		[PAYLOAD_BUFPOOL_FIXED] = "a pool of buffers, registered with io_uring",
		[PAYLOAD_BUFRING] = "a ring of buffers",
		[PAYLOAD_SHARED] = "buffers that entries share",
	};

	return names[payload];
}

static void special(struct words *w, const struct fuse_config *c)
{
	const struct {
		bool is;
		const char *words;
	} list[] = {
		{ c->zero_copy, "zero copy" },
		{ c->no_io_uring, "FUSE_INIT without io_uring" },
		{ c->policy, "buffers last in, first out" },
		{ c->inc, "requests share buffers" },
		{ c->pinned, "pinned memory" },
		{ c->init_unanswered, "FUSE_INIT is answered later" },
		{ c->sync_init, "FUSE_INIT is synchronous" },
		{ c->no_param, "module parameter enable_uring off" },
		{ c->may_be_rejected, "commands of the set-up may be rejected" },
	};

	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		if (list[i].is)
			word(w, true, "%s", list[i].words);
	if (c->classes > 1)
		word(w, true, "buffers of %u sizes", c->classes);
	if (c->memlock)
		word(w, true, "at most %u pages locked", c->memlock);
	if (c->ring_flags)
		word(w, true, "rings with flags %#x", c->ring_flags);
	if (c->seconds)
		word(w, true, "at most %u seconds of virtual time", c->seconds);
}

static const char *config_told(const void *config, char *buf, size_t len)
{
	static const struct fuse_config defaults;
	const struct fuse_config *c = config ? config : &defaults;
	struct words w = { "", "" };

	number(&w, c->cpus, 1, "CPUs and queues: %u");
	number(&w, c->entries, 1, "entries of a queue: %u");
	word(&w, c->payload, "payload: %s", payload_words(c->payload));
	if (c->payload)
		number(&w, c->buffers, c->entries ? c->entries : 1, "buffers: %u");
	number(&w, c->max_write, 8192, "max_write %u");
	number(&w, c->max_pages, 2, "max_pages %u");
	number(&w, c->max_background, 12, "max_background %u");
	if (c->request_timeout)
		number(&w, c->request_timeout, 0, "request time-out %u seconds");
	else
		word(&w, false, "no request time-out");
	special(&w, c);
	snprintf(buf, len, "%s%sby default %s", w.said, w.said[0] ? "; " : "",
		 w.not_said);
	return buf;
}

const struct driver fuse_driver = {
	.name = "fuse",
	.summary = "FUSE over io_uring (fs/fuse/dev_uring.c)",
	.subject = "bufring",
	.known = "sim/fuse/known",
	.config_size = sizeof(struct fuse_config),
	.caps = caps,
	.scenarios = fuse_scenarios,
	.nr_scenarios = FUSE_SCENARIOS,
	.open = open_connection,
	.close = unmount,
	.lost_calls = lost_calls,
	.stalled_calls = fuse_stalled_calls,
	.watch = fuse_watch,
	.checkpoint = checkpoint,
	.data_used = data_used,
	.config_words = config_words,
	.config_told = config_told,
	.step_begins = fuse_step_begins,
	.step_ends = fuse_step_ends,
	.words = &fuse_words,
	.disturbs = fuse_disturbs,
	.difference = &fuse_difference,
	.soak = &fuse_soak,
};
