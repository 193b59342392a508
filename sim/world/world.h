/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The world that a scenario plays in, whatever the driver: tasks that do jobs, the
 * server's process with its io_uring instances, and what a scenario expects.
 *
 * Nothing here names a structure of the kernel or steers a schedule (that is
 * sched/script.h), so the same scenario runs on a booted kernel, too, with real
 * processes and a real ring (sim/real).
 */
#ifndef WORLD_WORLD_H
#define WORLD_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sched/sched.h"
#include "shim/subject.h"

struct actor;
struct driver;
struct shim_uring;
struct uring_sqe;
struct uring_wait;
struct world;

/* ---------------------------------------------------------------- world */

/**
 * struct world_config - what every driver's configuration begins with; zero means the
 * default in brackets
 * @cpus: possible CPUs [1]
 * @seconds: of virtual time that a scenario may take, at most [an hour]
 * @ring_flags: URING_SETUP_* of the server's rings besides SQE128, and WORLD_RING_*
 * @memlock: pages that the server may lock: its RLIMIT_MEMLOCK, which counts, as then it
 *	has no CAP_IPC_LOCK [no limit]
 * @may_be_rejected: a command of the set-up that the kernel rejects is no failure: nobody
 *	wrote the scenario so that it is not
 */
struct world_config {
	unsigned int cpus;
	uint32_t seconds;
	unsigned int ring_flags;
	unsigned int memlock;
	bool may_be_rejected;
};

/**
 * world_open() - reset the simulator, load the subject's module, let the driver open what
 * a scenario needs: a device, a mount, a server's main thread
 * @driver: of the subject
 * @subject: which kernel code
 * @config: the driver's, which begins with a struct world_config; copied; NULL: defaults
 *
 * There is one world at a time.
 *
 * Return: the world; NULL with a report that says why it could not be opened.
 */
struct world *world_open(const struct driver *driver, const struct subject *subject,
			 const void *config);

/** world_checkpoint() - the open world, its driver and subject are state of an execution
 */
struct checkpoint;
void world_checkpoint(struct checkpoint *c);

/** world_of_checkpoint() - the world, after a checkpoint was put back */
struct world *world_of_checkpoint(void);

/** world_is_noted() - somebody takes notes of what happens, from the beginning on */
bool world_is_noted(void);

/**
 * world_is_set_up() - all that was queued so far is set-up: do it now, in the default
 * order and without time passing; the choices of a search begin after it
 *
 * Called by a scenario's play(). What is queued later is what the scenario is about.
 */
void world_is_set_up(struct world *w);

/**
 * world_ends() - let all tasks run until none can go on, without telling any to
 * stop: a call that has not returned by now never will
 *
 * Return: calls that have not returned; each one is reported (progress).
 */
unsigned int world_ends(struct world *w);

/**
 * world_close() - let the server exit, let the driver close what it opened, and look for
 * what is left
 *
 * Runs all tasks until none can go on, then reports what is left: a call that did not
 * return (progress), a request or a command that did not end exactly once (accounting),
 * memory, pages, files, locks (heap, lock).
 *
 * Return: reports of this execution (report_count()).
 */
unsigned int world_close(struct world *w);

const struct subject *world_subject(const struct world *w);
const struct driver *world_driver(const struct world *w);
bool world_can(const struct world *w, unsigned int caps);

/**
 * world_look_at_rules() - whether the driver's rules are looked at, as they are from
 * world_open() on; each one that is broken is reported once of each object
 */
void world_look_at_rules(struct world *w, bool on);

/**
 * world_look_for_stalls() - nothing more happens: report calls that have not returned
 * although a server waits to answer them (progress)
 *
 * After sched_run(); what a server keeps on purpose, or cannot answer, is no failure.
 *
 * Return: how many.
 */
unsigned int world_look_for_stalls(struct world *w);

/**
 * world_looks_at_completions() - before what came of commands is looked at: as threads
 * do that poll a completion queue
 */
void world_looks_at_completions(struct world *w);

/** world_time() - jiffies since the start */
unsigned long world_time(const struct world *w);
/** world_lets_time_pass() - run all tasks for that many seconds of virtual time */
void world_lets_time_pass(struct world *w, unsigned int seconds);

/**
 * world_data() - memory of clients and servers that lives as long as the world
 * @size: in bytes; it is in no more pages than that needs
 */
unsigned char *world_data(struct world *w, uint32_t size);
/** world_data_left() - how much there still is of it */
uint32_t world_data_left(const struct world *w);

/**
 * world_asked_by() - the scenario file that the executions that follow are of; NULL:
 * none. A limit of the simulator is its mistake then.
 */
void world_asked_by(const char *file);

/**
 * world_takes_any_scenario() - nobody wrote the scenarios that follow: one that asks for
 * more than a world has ends its execution alone, and one whose set-up the kernel rejects
 * is no failure
 * @give_up: ends the execution [shim_give_up()]; NULL: somebody wrote them
 */
void world_takes_any_scenario(void (*give_up)(void));

/** world_is_of_anybody() - world_takes_any_scenario() */
bool world_is_of_anybody(void);

/** world_lacked() - what the last execution asked more of than there is; NULL: nothing */
const char *world_lacked(void);

/**
 * world_full() - a limit of the simulator was reached: ends the program with a line, or
 * the execution
 */
void world_full(const char *what) __attribute__((noreturn));

/* ---------------------------------------------------------------- expectations */

/** world_plays() - name of the scenario: checks that fail are reported as its */
void world_plays(struct world *w, const char *scenario);

/**
 * expect() - a check of the scenario; one that fails is reported
 * (accounting, rule "expected") with both values and the place
 *
 * Its words identify the failure - "SCENARIO:WORDS" is the object of a known report -,
 * the numbers do not: what may fail for different reasons is to be several checks.
 */
#define expect(w, cond) world_expect(w, (cond), SCHED_SITE(#cond))
#define expect_eq(w, a, b) \
	world_expect_eq(w, (long long)(a), (long long)(b), SCHED_SITE(#a " == " #b))
bool world_expect(struct world *w, bool ok, const struct sched_site *site);
bool world_expect_eq(struct world *w, long long a, long long b,
		     const struct sched_site *site);
/* @instead: what is the case, if it fails: the rest of "..., but" */
bool world_expect_told(struct world *w, bool ok, const struct sched_site *site,
		       const char *instead);

/**
 * expect_inside() - the same for what only the kernel's memory shows:
 * world_ring(), world_queue(), world_entries_in()
 *
 * That of a booted kernel is not visible: there the check is counted as not visible, and
 * neither passes nor fails; its condition is not evaluated.
 */
#define expect_inside(w, cond)                                   \
	do {                                                     \
		if (world_expect_inside((w), SCHED_SITE(#cond))) \
			expect(w, cond);                         \
	} while (0)
#define expect_inside_eq(w, a, b)                                       \
	do {                                                            \
		if (world_expect_inside((w), SCHED_SITE(#a " == " #b))) \
			expect_eq(w, a, b);                             \
	} while (0)
bool world_expect_inside(struct world *w, const struct sched_site *site);

/**
 * world_expect_ended() - the last check of a scenario, when its world is closed: it
 * ended, nothing is left and nothing was reported but the checks that failed
 */
bool world_expect_ended(struct world *w);

enum check_result { CHECK_PASSED, CHECK_FAILED, CHECK_NOT_VISIBLE };

/**
 * struct check - one check that was made
 * @site: has its text
 * @inside: it looked into the kernel's memory
 */
struct check {
	const struct sched_site *site;
	enum check_result result;
	bool inside;
};

/** world_check_nr() - the check made as number @nr, from 0; NULL: no more (or
 *  beyond the first 512, which alone are kept)
 */
const struct check *world_check_nr(const struct world *w, unsigned int nr);
unsigned int world_checks_made(const struct world *w);
/** world_check_name() - its text; if it comes again, with "(2)", "(3)", ... */
void world_check_name(const struct world *w, unsigned int nr, char *name, size_t size);

unsigned int world_checks(const struct world *w);
/** world_failed_checks() - those that failed and are not known (detect/suppress.h) */
unsigned int world_failed_checks(const struct world *w);

/* ---------------------------------------------------------------- actors */

/**
 * An actor is a task that does jobs, one after the other, and rests between
 * them: a client or a thread of the server. Jobs are queued by calls such as
 * actor_sleeps() or a driver's own; they are done when the actor runs.
 */
struct sched_task *task_of(struct actor *a);
const char *actor_name(const struct actor *a);

/** actor_does() - queue a job: any function, run in the actor's task */
void actor_does(struct actor *a, void (*job)(struct actor *a, void *arg), void *arg);

/** actor_sleeps() - queue: nothing, for that many seconds of virtual time */
void actor_sleeps(struct actor *a, unsigned int seconds);

/** actor_resting() - all its jobs are done */
bool actor_resting(const struct actor *a);

/** actor_gone() - its task has exited */
bool actor_gone(const struct actor *a);

/** kill_task() - SIGKILL; interrupt_task() - a signal that may be handled */
void kill_task(struct actor *a);
void interrupt_task(struct actor *a);

/** actor_exits() - queue its exit: returns from main, or pthread_exit() */
void actor_exits(struct actor *a);

/** actor_loses_privileges() - it is an ordinary user from now on, not root */
void actor_loses_privileges(struct actor *a);

struct world *world_of(const struct actor *a);

/* ---------------------------------------------------------------- servers and rings */

/**
 * server_main() - the main thread of the server's process, which the driver opened
 * everything with
 */
struct actor *server_main(struct world *w);

/**
 * server_thread() - a thread of the server process, with an io_uring instance of
 * its own from its first job on that needs one
 */
struct actor *server_thread(struct world *w, const char *name);

/**
 * server_is_forked() - @child, a thread of the server, is the first thread of another
 * process, and does nothing before server_forks()
 * Return: false: a task asks for it, and @child has done something by then
 *
 * server_forks() - inside a job of @t: fork(2): @child goes on with descriptors and
 * memory as @t has them now
 */
bool server_is_forked(struct actor *child);
void server_forks(struct actor *t, struct actor *child);

/**
 * server_mmap() - memory of the server, in each process that it has by now; those that
 * are forked later have it from the one that forks
 * @size: in bytes
 * @prot: SHIM_PROT_...
 * Return: NULL: there is no more
 */
void *server_mmap(struct world *w, __SIZE_TYPE__ size, unsigned int prot);

/** server_dies() - SIGKILL to every thread of the server's first process */
void server_dies(struct world *w);

/** server_ring() - its instance, or NULL before it has one */
struct shim_uring *server_ring(struct actor *t);
/** server_opens_ring() - queue: its instance, which else its first command makes */
void server_opens_ring(struct actor *t);
/**
 * server_shares_ring() - it uses the instance of @other, in all its jobs: what it submits
 * there is its own, task work included; a completion is taken by the first that looks.
 * Nothing happens if a task asks for it, and @t has done something by then
 */
void server_shares_ring(struct actor *t, struct actor *other);
/** server_closes_ring() - queue: close(2) of its instance */
void server_closes_ring(struct actor *t);
/* a flag of a ring that is no flag of io_uring_setup(2): commands name a registered file
 */
#define WORLD_RING_FIXED_FILE (1u << 31)

/**
 * world_adds_ring_flags() - every ring of every scenario that is played from now on has
 * these flags, too
 */
void world_adds_ring_flags(unsigned int flags);
unsigned int world_added_ring_flags(void);

/** actor_ring_flags() - all URING_SETUP_* of its ring, before a job needs one */
void actor_ring_flags(struct actor *a, unsigned int flags);

/**
 * struct command - one IORING_OP_URING_CMD, and its result
 * @actor: thread that submits it
 * @cmd_op: of the SQE
 * @issued: the system call that submits it was made
 * @completed: its CQE was seen
 * @cqes: how many were: never more than one
 * @res: of the CQE
 * @parks: the kernel keeps it until something happens: its completion is kept for
 *	ring_pop_ready()
 * @submitting: its thread has not looked at the completions yet since it was submitted
 * @needed: the scenario is about something else and relies on it: that the kernel
 *	rejects its arguments is a failure where it happens
 * @ring_of, @ring_nr: which ring it was issued on: whose, and which of that thread's
 * @next_ready: next of those that are kept
 *
 * A driver's own record of a command begins with it.
 */
struct command {
	struct actor *actor;
	uint32_t cmd_op;
	bool issued, completed, parks, submitting, needed;
	unsigned int cqes;
	int res;
	const struct actor *ring_of;
	unsigned int ring_nr;
	struct command *next_ready;
};

/*
 * Inside a job of a server thread @t:
 */

/** ring_of() - its instance, set up now if it has none yet */
struct shim_uring *ring_of(struct actor *t);

/**
 * ring_sqe() - the next SQE of its queue, filled in as a URING_CMD on @fd
 * @c: is found by its completion; the driver fills in the rest of the SQE
 */
struct uring_sqe *ring_sqe(struct actor *t, struct command *c, int fd);

/** command_issue() - from here on a completion of @c must come */
void command_issue(struct actor *t, struct command *c);

/** command_can_complete() - its thread still has the ring on which @c was issued */
bool command_can_complete(const struct command *c);

/** command_is_kept() - a thread has seen its completion, and none has taken it yet */
bool command_is_kept(const struct command *c);

/** ring_submit() - @n SQEs, and again what there was no memory for, as liburing's users
 * do */
void ring_submit(struct actor *t, unsigned int n);

/**
 * ring_submit_one() - the one SQE that was filled in, which is @c's, and reap its
 * completion if it is there at once
 */
void ring_submit_one(struct actor *t, struct command *c);

/**
 * ring_reap() - see every completion that is there
 * @own: is being submitted: an error of it is for its submitter and not kept
 */
void ring_reap(struct actor *t, const struct command *own);

/** ring_pop_ready() - the oldest completion of a parked command that was not taken yet */
struct command *ring_pop_ready(struct actor *t);

/**
 * ring_wait() - submit and wait for a completion; a signal may end it without one
 *
 * Return: how many of @to_submit are left to submit; -EBADF: the ring is gone;
 * -EOWNERDEAD: its sq thread is.
 */
int ring_wait(struct actor *t, unsigned int to_submit);

/** ring_wait_within() - likewise, without submitting; -ETIME: nothing came in time */
int ring_wait_within(struct actor *t, const struct uring_wait *how);

#endif /* WORLD_WORLD_H */
