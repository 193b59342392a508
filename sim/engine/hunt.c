// SPDX-License-Identifier: GPL-2.0-only
/*
 * Searching for failures. Several processes each make their share of the
 * executions; what they find lies in memory that they share with their parent,
 * which puts it in an order that does not depend on which was faster.
 */
#include "engine/hunt.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "detect/race.h"
#include "program/end.h"
#include "program/program.h"
#include "sched/hash.h"
#include "search/replay.h"
#include "shim/oops.h"

#define LOOK_EVERY     32 /* executions between two looks at the clock */
#define ENDLESS_ENOUGH 6  /* executions that end in an endless loop, which takes long */

/* struct shared - what the processes have in common */
struct shared {
	volatile sig_atomic_t stop;
	bool timed_out;
	double until; /* 0: no end */
	struct hunt_result part[];
};

static struct shared *shared;

/*
 * CPU time is that of the thread, of which there is one: while shim_endless_watch() has
 * that of the process watched, its clock goes on with the kernel's ticks alone.
 */
static double clock_s(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- one process ---- */

static struct found *find(struct hunt_result *c, const struct report *r)
{
	for (unsigned int i = 0; i < c->nr; i++)
		if (!strcmp(c->found[i].report.group, r->group))
			return &c->found[i];
	return NULL;
}

static void count_words(struct found *f, uint64_t hash)
{
	for (unsigned int i = 0; i < f->nr_words; i++)
		if (f->words[i] == hash)
			return;
	if (f->nr_words < FOUND_WORDS)
		f->words[f->nr_words++] = hash;
}

/* the one with fewer switches, which is shorter to explain; then the earlier one */
static bool explains_less(const struct found *f, bool lost, unsigned int nr,
			  uint64_t execution)
{
	if (f->lost != lost)
		return f->lost;
	if (f->nr != nr)
		return nr < f->nr;
	return execution < f->execution;
}

static void keep_execution(struct found *f, const struct report *r,
			   const struct switches *s)
{
	f->report = *r;
	f->execution = search_index();
	f->stops = sched_stopped();
	f->lost = s->lost;
	f->nr = s->nr;
	memcpy(f->list, s->list, s->nr * sizeof(s->list[0]));
}

static void keep(struct hunt_result *c, const struct report *r)
{
	const struct switches *s = search_switches();
	struct found *f = find(c, r);

	if (!f && c->nr == FOUND_MAX) {
		c->dropped++;
		return;
	}
	if (!f) {
		f = &c->found[c->nr++];
		keep_execution(f, r, s);
	} else if (explains_less(f, s->lost, s->nr, search_index())) {
		keep_execution(f, r, s);
	}
	f->reports++;
	count_words(f, hash_text(HASH_START, r->summary));
}

static void show(const struct hunt_options *o, const struct hunt_result *parts,
		 unsigned int nr)
{
	if (o->show)
		o->show(o->show_arg, parts, nr);
}

static void look_at_clock(void)
{
	if (shared->until > 0 && clock_s(CLOCK_MONOTONIC) >= shared->until) {
		shared->timed_out = true;
		shared->stop = 1;
	}
}

static void one_execution(struct hunt_result *c, const struct player *p)
{
	player_play(p, search_strategy());
	if (search_ended() != SEARCH_COUNTS)
		return;
	orders_keep(&c->orders, player_scenario(p));
	if (!report_count())
		return;
	c->failures++;
	for (size_t i = 0; i < report_count(); i++)
		keep(c, report_get(i));
}

static void publish(struct hunt_result *c)
{
	const struct search_tally *t = search_tally();

	c->executions = t->executions;
	c->redundant = t->redundant;
	c->depth = t->depth;
}

static void work(struct hunt_result *c, const struct player *p,
		 const struct hunt_options *o, bool shows)
{
	double start = clock_s(CLOCK_THREAD_CPUTIME_ID);
	unsigned long loops = shim_endless_loops();
	unsigned int since = 0;
	struct rusage usage;

	shim_endless_watch();
	suppress_uncount();
	orders_begin(&c->orders);
	difference_begin();
	search_begin(&o->search);
	while (!shared->stop && search_next()) {
		one_execution(c, p);
		if (o->first && c->failures)
			shared->stop = 1;
		c->cut_endless = shim_endless_loops() - loops >= ENDLESS_ENOUGH;
		if (c->cut_endless)
			break;
		if (++since < LOOK_EVERY && !sched_stopped())
			continue;
		since = 0;
		publish(c);
		look_at_clock();
		if (shows)
			show(o, c, 1);
	}
	publish(c);
	c->complete = search_tally()->complete && !c->cut_endless;
	c->cut_preemptions = search_tally()->cut_preemptions;
	c->cut_length = search_tally()->cut_length;
	difference_end();
	c->difference = *difference_tally();
	memcpy(c->suppressed, suppress_counts(), sizeof(c->suppressed));
	c->cpu_s = clock_s(CLOCK_THREAD_CPUTIME_ID) - start;
	race_give_back(); /* the next scenario's data is elsewhere */
	getrusage(RUSAGE_SELF, &usage);
	c->peak_rss_kb = usage.ru_maxrss;
}

/* ---- several ---- */

static void start_jobs(pid_t *pids, const struct player *p, const struct hunt_options *o)
{
	fflush(stdout);
	for (unsigned int j = 0; j < o->jobs; j++) {
		struct hunt_options mine = *o;

		mine.search.shard = o->search.shard * o->jobs + j;
		mine.search.shards = o->search.shards * o->jobs;
		pids[j] = fork();
		if (pids[j] < 0) {
			complain("fork: %s", strerror(errno));
			exit(STATUS_SIMULATOR);
		}
		if (pids[j])
			continue;
		/* do not search on after the parent was killed */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		/* the terminal's Ctrl-C reaches all processes; the parent stops them */
		signal(SIGINT, SIG_IGN);
		signal(SIGTERM, SIG_DFL);
		work(&shared->part[j], p, &mine, false);
		end_child(0);
	}
}

static bool end_of(pid_t pid, int *failed)
{
	int status;
	pid_t got = waitpid(pid, &status, WNOHANG);

	if (got == 0 || (got < 0 && errno == EINTR))
		return false;
	if (got < 0 || !WIFEXITED(status) || WEXITSTATUS(status))
		*failed = 1;
	return true;
}

static void wait_for_jobs(pid_t *pids, const struct hunt_options *o)
{
	const struct timespec pause = { .tv_nsec = 10000000 };
	unsigned int jobs = o->jobs, left = jobs;
	int failed = 0;

	while (left) {
		nanosleep(&pause, NULL);
		for (unsigned int j = 0; j < jobs; j++) {
			if (!pids[j] || !end_of(pids[j], &failed))
				continue;
			pids[j] = 0;
			left--;
			if (failed)
				shared->stop = 1;
		}
		show(o, shared->part, jobs);
	}
	if (!failed)
		return;
	complain("a process of the search failed; --jobs 1 shows where");
	exit(STATUS_SIMULATOR);
}

/* only the switches that are in use: most of the list is never touched */
static void copy_found(struct found *to, const struct found *f)
{
	memcpy(to, f, offsetof(struct found, list));
	memcpy(to->list, f->list, f->nr * sizeof(f->list[0]));
	to->nr_orders = f->nr_orders;
	memcpy(to->orders, f->orders, f->nr_orders * sizeof(f->orders[0]));
}

/* @to is the better explanation, and stands for @f, too */
static void add_members(struct found *to, const struct found *f)
{
	to->reports += f->reports;
	for (unsigned int i = 0; i < f->nr_words; i++)
		count_words(to, f->words[i]);
}

static void merge_found(struct hunt_result *sum, const struct found *f)
{
	static struct found members; /* what the sum knows so far; its list is not used */
	struct found *known = find(sum, &f->report);

	if (!known && sum->nr == FOUND_MAX) {
		sum->dropped++;
	} else if (!known) {
		copy_found(&sum->found[sum->nr++], f);
	} else if (explains_less(known, f->lost, f->nr, f->execution)) {
		memcpy(&members, known, offsetof(struct found, list));
		copy_found(known, f);
		add_members(known, &members);
	} else {
		add_members(known, f);
	}
}

static int by_execution(const void *a, const void *b)
{
	const struct found *x = *(const struct found *const *)a;
	const struct found *y = *(const struct found *const *)b;

	if (x->execution != y->execution)
		return x->execution < y->execution ? -1 : 1;
	if (x->report.kind != y->report.kind)
		return x->report.kind < y->report.kind ? -1 : 1;
	return strcmp(x->report.summary, y->report.summary);
}

static void add_cycle(struct hunt_result *sum, const struct order_failure *cycle)
{
	struct found *f = &sum->found[sum->nr];

	if (sum->failures < sum->executions)
		sum->failures++;
	if (sum->nr == FOUND_MAX) {
		sum->dropped++;
		return;
	}
	sum->nr++;
	f->report = cycle->report;
	f->reports = 1;
	f->nr_words = 0;
	count_words(f, hash_text(HASH_START, f->report.summary));
	f->execution = cycle->execution;
	f->stops = false;
	f->lost = !cycle->list;
	f->nr = cycle->list ? cycle->nr_switches : 0;
	if (cycle->list)
		memcpy(f->list, cycle->list, f->nr * sizeof(f->list[0]));
	f->nr_orders = cycle->nr;
	memcpy(f->orders, cycle->edges, cycle->nr * sizeof(f->orders[0]));
}

/* Lock orders that contradict each other: no single process can see them. */
static void add_cycles(struct hunt_result *sum, const struct hunt_result *parts,
		       unsigned int nr)
{
	const struct order_failure *cycles;
	unsigned int n;

	suppress_uncount();
	n = orders_judge(&parts->orders, sizeof(*parts), nr, &cycles);
	for (unsigned int i = 0; i < n; i++)
		add_cycle(sum, &cycles[i]);
	for (unsigned int k = 0; k < SUPPRESS_MAX; k++)
		sum->suppressed[k] += suppress_counts()[k];
}

static void merge(struct hunt_result *sum, const struct hunt_result *parts,
		  unsigned int nr)
{
	sum->complete = true;
	for (unsigned int i = 0; i < nr; i++) {
		const struct hunt_result *c = &parts[i];

		sum->executions += c->executions;
		sum->redundant += c->redundant;
		sum->failures += c->failures;
		sum->depth = c->depth > sum->depth ? c->depth : sum->depth;
		sum->complete &= c->complete;
		sum->cut_preemptions |= c->cut_preemptions;
		sum->cut_length |= c->cut_length;
		sum->cut_endless |= c->cut_endless;
		sum->cpu_s += c->cpu_s;
		if (c->peak_rss_kb > sum->peak_rss_kb)
			sum->peak_rss_kb = c->peak_rss_kb;
		sum->dropped += c->dropped;
		difference_add(&sum->difference, &c->difference);
		for (unsigned int k = 0; k < SUPPRESS_MAX; k++)
			sum->suppressed[k] += c->suppressed[k];
		for (unsigned int k = 0; k < c->nr; k++)
			merge_found(sum, &c->found[k]);
	}
	add_cycles(sum, parts, nr);
	for (unsigned int i = 0; i < sum->nr; i++)
		sum->order[i] = &sum->found[i];
	qsort(sum->order, sum->nr, sizeof(sum->order[0]), by_execution);
}

/* ---- Ctrl-C ---- */

static volatile sig_atomic_t signalled, catching;

static void stop_searching(int sig)
{
	(void)sig;
	signalled = 1;
	if (shared)
		shared->stop = 1;
}

/* the second Ctrl-C ends the program */
static void catch_signal(int sig, struct sigaction *old)
{
	struct sigaction stop = { .sa_handler = stop_searching,
				  .sa_flags = SA_ONSTACK | (int)SA_RESETHAND };

	sigaction(sig, &stop, old);
}

static struct sigaction old_int, old_term;

void hunt_catch_signals(void)
{
	catching = 1;
	catch_signal(SIGINT, &old_int);
	catch_signal(SIGTERM, &old_term);
}

void hunt_let_signals(void)
{
	sigaction(SIGINT, &old_int, NULL);
	sigaction(SIGTERM, &old_term, NULL);
	catching = 0;
}

bool hunt_signalled(void)
{
	return signalled;
}

static void *map_shared(unsigned int jobs, size_t *size)
{
	void *p;

	/* one part for each process, one for the sum */
	*size = sizeof(struct shared) + (jobs + 1) * sizeof(struct hunt_result);
	p = mmap(NULL, *size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED) {
		complain("mmap: %s", strerror(errno));
		exit(STATUS_SIMULATOR);
	}
	return p;
}

static void search_in_jobs(const struct player *p, const struct hunt_options *o)
{
	pid_t pids[HUNT_MAX_JOBS];

	if (o->jobs == 1) {
		work(&shared->part[0], p, o, true);
		return;
	}
	start_jobs(pids, p, o);
	wait_for_jobs(pids, o);
}

const struct hunt_result *hunt(const struct player *p, const struct hunt_options *o)
{
	static size_t size;
	struct sigaction old;
	double start = clock_s(CLOCK_MONOTONIC);
	struct hunt_result *sum;

	if (shared)
		munmap(shared, size);
	shared = map_shared(o->jobs, &size);
	sum = &shared->part[o->jobs];
	if (o->seconds > 0)
		shared->until = start + o->seconds;
	if (!catching) {
		signalled = 0;
		catch_signal(SIGINT, &old);
	}
	if (signalled) /* before there was something to stop */
		shared->stop = 1;
	search_in_jobs(p, o);
	if (!catching)
		sigaction(SIGINT, &old, NULL);
	merge(sum, shared->part, o->jobs);
	sum->wall_s = clock_s(CLOCK_MONOTONIC) - start;
	sum->signalled = signalled;
	sum->interrupted = signalled || shared->timed_out;
	return sum;
}

uint64_t hunt_steps(const struct player *p, unsigned int mask)
{
	const struct replay_plan plan = { .mask = mask };

	replay_begin(&plan);
	player_play(p, replay_strategy());
	return replay_switches()->choices;
}
