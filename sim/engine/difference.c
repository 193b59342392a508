// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compares what came of calls with what comes of them the other way. Each is looked up by
 * what it follows from; the other way is played, in a process of its own, when there is
 * one that is not known yet, and before anything is reported: a kernel with a mistake may
 * give what follows from something else, as from memory that nobody wrote. A replay,
 * which knows nothing, would find that it is the same.
 */
#include "engine/difference.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "detect/report.h"
#include "detect/suppress.h"
#include "engine/detectors.h"
#include "program/end.h"
#include "program/program.h"
#include "sched/clear.h"
#include "shim/oops.h"

#define KNOWN_MAX  512u /* a power of two */
#define LOOK_AT	   8u	/* places of a key */
#define FREE_LOOKS 32u	/* worlds of a search ... */
#define EXECUTIONS 16u	/* ... and one more for so many executions */
#define CONFIRMED  512u /* worlds of a search before something is reported */
#define SECONDS	   2u	/* CPU time of one of them, at most */

/* struct other_way - what a process of its own found */
struct other_way {
	bool done;
	struct outcome list[DIFFERENCE_CALLS];
};

static struct {
	bool bounded, noted, learns;
	uint64_t executions;
	unsigned int confirmed;
	unsigned int nr;
	struct outcome list[DIFFERENCE_CALLS];
	struct other_way *other;
	pid_t owner; /* of @other: those of several jobs must not be one */
	struct difference_tally tally;
	struct outcome known[KNOWN_MAX]; /* @key 0: none */
} d;

/* ---- a search ---- */

void difference_begin(void)
{
	d.bounded = true;
	d.executions = 0;
	d.confirmed = 0;
	memset(&d.tally, 0, sizeof(d.tally));
	/* what a search finds does not depend on those before it */
	clear_used(d.known, sizeof(d.known));
}

void difference_end(void)
{
	d.bounded = false;
}

void difference_look_freely(bool freely)
{
	d.bounded = !freely;
}

void difference_learns(bool learns)
{
	d.learns = learns;
}

const struct difference_tally *difference_tally(void)
{
	return &d.tally;
}

void difference_add(struct difference_tally *sum, const struct difference_tally *more)
{
	sum->calls += more->calls;
	sum->compared += more->compared;
	sum->worlds += more->worlds;
	for (unsigned int i = 0; i < DISTURBED_NR; i++)
		sum->left_out[i] += more->left_out[i];
}

/* ---- what is known ---- */

static struct outcome *known_at(uint64_t key, unsigned int i)
{
	return &d.known[(key + i) & (KNOWN_MAX - 1)];
}

static const struct outcome *find(uint64_t key)
{
	for (unsigned int i = 0; i < LOOK_AT; i++)
		if (known_at(key, i)->key == key)
			return known_at(key, i);
	return NULL;
}

/* where all places are taken, the first one is used again */
static void keep(uint64_t key, const struct outcome *o)
{
	struct outcome *to = known_at(key, 0);

	for (unsigned int i = LOOK_AT; i--;)
		if (!known_at(key, i)->key)
			to = known_at(key, i);
	*to = *o;
	to->key = key;
}

/* ---- the other way ---- */

static void play_other_way(void *arg)
{
	const struct player *p = arg;
	const struct driver_difference *diff = p->driver->difference;
	struct world *w = world_open(p->driver, p->subject, diff->config());

	if (!w)
		return;
	diff->play(w);
	if (sched_stopped() || report_count())
		return;
	diff->look(w, d.other->list);
	d.other->done = true;
}

static void child(const struct player *p)
{
	const struct rlimit cpu = { SECONDS, SECONDS };

	setrlimit(RLIMIT_CPU, &cpu);
	detectors_look_away();
	/* what goes wrong there is no answer, although it was told already */
	suppress_no_groups();
	shim_guard(play_other_way, (void *)(uintptr_t)p);
	end_child(0);
}

static void map_other(void)
{
	if (d.other && d.owner == getpid())
		return;
	if (d.other)
		munmap(d.other, sizeof(*d.other));
	d.owner = getpid();
	d.other = mmap(NULL, sizeof(*d.other), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (d.other != MAP_FAILED)
		return;
	complain("mmap: %s", strerror(errno));
	exit(STATUS_SIMULATOR);
}

static void look_other_way(const struct player *p)
{
	pid_t pid;
	int status;

	map_other();
	d.other->done = false;
	d.tally.worlds++;
	fflush(stdout);
	pid = fork();
	if (pid < 0) {
		complain("fork: %s", strerror(errno));
		exit(STATUS_SIMULATOR);
	}
	if (!pid)
		child(p);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	for (unsigned int i = 0; i < d.nr; i++) {
		struct outcome *o = &d.other->list[i];

		if (!d.other->done)
			*o = (struct outcome){ .why = DISTURBED_BROKEN };
		if (!find(d.list[i].key))
			keep(d.list[i].key, o);
	}
}

/* ---- comparing ---- */

static bool may_look(void)
{
	return !d.bounded || d.tally.worlds < FREE_LOOKS + d.executions / EXECUTIONS;
}

static bool may_confirm(void)
{
	return !d.bounded || d.confirmed++ < CONFIRMED + d.executions / EXECUTIONS;
}

static bool all_known(void)
{
	for (unsigned int i = 0; i < d.nr; i++)
		if (!d.list[i].why && !find(d.list[i].key))
			return false;
	return true;
}

static bool same_reply(const struct outcome *x, const struct outcome *y)
{
	return x->ended == y->ended && x->error == y->error && x->ret == y->ret &&
	       x->len == y->len && x->reply == y->reply;
}

static bool same_request(const struct outcome *x, const struct outcome *y)
{
	return !x->request || !y->request || x->request == y->request;
}

static const char *told(const struct outcome *o, char *buf, size_t len)
{
	if (!o->ended)
		snprintf(buf, len, "never ends");
	else if (o->error)
		snprintf(buf, len, "ends with error %d", o->error);
	else
		snprintf(buf, len, "ends with %ld, %u bytes of data, reply %016llx",
			 o->ret, o->len, (unsigned long long)o->reply);
	return buf;
}

static void differs(const struct player *p, unsigned int i, const char *rule,
		    const char *what, const struct outcome *other)
{
	const struct driver_difference *diff = p->driver->difference;
	const char *object, *words = diff->words(i, &object);
	char here[96], there[96];

	report_about(rule, object, NULL);
	report(REPORT_DIFFERENCE, NULL, "%s: the %s than %s", words, what, diff->ways[1]);
	report_detail("%-16s it %s", diff->ways[0], told(&d.list[i], here, sizeof(here)));
	report_detail("%-16s it %s", diff->ways[1], told(other, there, sizeof(there)));
	if (!same_request(&d.list[i], other))
		report_detail("the server saw   %016llx and %016llx",
			      (unsigned long long)d.list[i].request,
			      (unsigned long long)other->request);
}

static bool is_different(const struct outcome *o, const struct outcome *other)
{
	return !o->why && other && !other->why &&
	       (!same_request(o, other) || !same_reply(o, other));
}

/* @looked: the other way was played just now */
static void compare(const struct player *p, unsigned int i, bool looked)
{
	const struct outcome *o = &d.list[i], *other = looked ? &d.other->list[i] : NULL;
	enum disturbance why = o->why;

	if (!looked && !why)
		other = find(o->key);
	if (!why)
		why = other ? other->why : DISTURBED_BUDGET;
	if (why) {
		d.tally.left_out[why]++;
		return;
	}
	if (!looked && is_different(o, other)) {
		d.tally.left_out[DISTURBED_BUDGET]++; /* it might be the same now */
		return;
	}
	d.tally.compared++;
	if (!same_request(o, other))
		differs(p, i, "request-differs", "server sees another request", other);
	else if (!same_reply(o, other))
		differs(p, i, "answer-differs", "client gets something else", other);
}

void difference_note(const struct player *p, struct world *w)
{
	if (!detectors_compare() || !p->driver->difference || d.learns)
		return;
	d.executions++;
	d.nr = p->driver->difference->note(w, d.list);
	d.noted = true;
}

static bool some_differ(void)
{
	for (unsigned int i = 0; i < d.nr; i++)
		if (!d.list[i].why && is_different(&d.list[i], find(d.list[i].key)))
			return true;
	return false;
}

void difference_judge(const struct player *p)
{
	bool looked;

	if (!d.noted)
		return;
	d.noted = false;
	if (sched_stopped())
		return;
	d.tally.calls += d.nr;
	looked = (!all_known() && may_look()) || (some_differ() && may_confirm());
	if (looked)
		look_other_way(p);
	for (unsigned int i = 0; i < d.nr; i++)
		compare(p, i, looked);
}
