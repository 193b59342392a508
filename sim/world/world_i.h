/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the world and of drivers share: its state, in static pools that an
 * execution uses from the start and that are not cleared (records are initialised when
 * they are handed out), and the helpers of actors.
 */
#ifndef WORLD_WORLD_I_H
#define WORLD_WORLD_I_H

#include "shim/task.h"
#include "shim/uring.h"
#include "world/driver.h"
#include "world/queued.h"
#include "world/steps.h"
#include "world/world.h"

#define MAX_ACTORS   24
#define MAX_JOBS     512
#define CHECKS_MAX   512 /* of which each result is kept */
#define RING_ENTRIES 32	 /* a page of SQEs */

struct job {
	void (*run)(struct actor *a, void *arg);
	unsigned int kind; /* enum step_kind, or the driver's */
	void *arg;
	struct job *next;
};

/**
 * struct actor - see world.h
 * @first: jobs, oldest first
 * @resting: no job, blocked until there is one
 * @exiting: told to exit
 * @gone: its task has left its function
 * @begun: has done something
 * @forked: in a process of its own; @unforked: which is not there yet
 * @released: may begin its next job, if steps happen one at a time
 * @table_registered: its ring has a table of buffers, or a job that registers one is
 * queued
 * @file_in_table: descriptor whose file its ring has registered; 0: none
 * @ring: io_uring instance of a server thread
 * @ring_nr: how many it has had
 * @shares: another thread, whose instance it uses; NULL: none
 * @outstanding: commands issued on it and not completed
 * @ready: completed commands that were not taken yet, oldest first
 */
struct actor {
	struct world *w;
	const char *name;
	struct task_struct *task;
	struct job *first, *last;
	bool server, begun, resting, exiting, gone, released;
	bool forked, unforked;
	bool table_registered;
	int file_in_table;
	unsigned int ring_flags;
	struct shim_uring *ring;
	unsigned int ring_nr;
	struct actor *shares;
	bool shared; /* others use its instance */
	unsigned int outstanding;
	struct command *ready, *ready_last;
};

/**
 * struct world - the state of an execution
 * @state: the driver's own
 * @main: main thread of the server's process
 * @scenario: name of what is played, or NULL
 * @blind: the kernel's memory is not visible: expect_inside() is not evaluated
 * @disturbed: the first thing that changes what calls get
 * @data_used: bytes of world_data() that were handed out
 */
struct world {
	const struct driver *driver;
	const struct subject *subject;
	struct world_config config;
	const char *scenario;
	void *state;
	struct actor *main;
	struct shim_mm *server_mm;
	bool blind;
	enum disturbance disturbed;
	unsigned int checks, failed_checks, checks_made;
	unsigned int nr_actors, nr_jobs;
	uint32_t data_used;
	struct job *free_jobs;
	struct actor actors[MAX_ACTORS];
	struct job jobs[MAX_JOBS];
};

/* ring.c: the thread whose instance it uses: itself, as a rule */
static inline struct actor *ring_holder(struct actor *t)
{
	while (t->shares)
		t = t->shares;
	return t;
}

/* world.c: run one task, past its yields, until it rests, ends or blocks */
void run_alone(struct actor *a);

/* actor.c */
struct actor *actor_new(struct world *w, const char *name, unsigned int cpu,
			struct shim_mm *mm);
bool actor_leaves(const struct actor *a);
/* actor_does(), for a step that a program on a real kernel can do, too */
void actor_steps(struct actor *a, unsigned int kind,
		 void (*run)(struct actor *a, void *arg), void *arg);
void actor_wake(struct actor *a);

/* expect.c */
struct checkpoint;
void checks_checkpoint(struct checkpoint *c, const struct world *w);

/* steps.c: while steps_on */
extern bool steps_on;
bool steps_hold_back(const struct actor *a);
struct step *steps_begin(struct actor *a, unsigned int kind, void *arg);
void steps_end(struct step *step);
void steps_note(struct actor *a, unsigned int kind);
void steps_world_opens(struct world *w);
void steps_set_up(bool on);
void steps_world_closes(void);

/* queued.c: while queued_on */
extern bool queued_on;
void queued_note(enum queued_what what, struct actor *a, unsigned int kind, void *arg);
void queued_begins(const struct actor *a, unsigned int kind);
void queued_ends(void);
void queued_world_opens(void);
void queued_world_closes(void);

#endif /* WORLD_WORLD_I_H */
