// SPDX-License-Identifier: GPL-2.0-only
/*
 * COMMIT_AND_FETCH that names the wrong thing: the command is refused, the request goes
 * on waiting for the right one.
 */
#include <errno.h>

#include "fuse/scenario/scenario.h"

static PER_PLAY struct submit *unknown_id, *beyond_last, *right, *again;
static PER_PLAY struct delivery *first, *second;
static PER_PLAY struct call *calls[2];

/* ---- a wrong id, a wrong queue, twice ---- */

static void job_commits(struct actor *t, void *arg)
{
	struct answer a;

	(void)arg;
	answer_default(world_of(t), first, &a);
	a.commit_id += 2;
	unknown_id = server_answers_raw(t, first, &a);
	a.commit_id -= 2;
	a.qid = 7;
	beyond_last = server_answers_raw(t, first, &a);
	a.qid = 0;
	right = server_answers_raw(t, first, &a);
	again = server_answers_raw(t, first, &a);
	second = server_takes(t);
	server_serves(t);
}

static void play(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");

	server_sets_up(server, 0);
	first = server_takes(server);
	actor_does(server, job_commits, NULL);
	calls[0] = client_getattr(client_new(w, "stat", 0), 2);
}

static void check(struct world *w)
{
	expect(w, first->arrived);
	expect_eq(w, unknown_id->res, -ENOENT);
	expect_eq(w, unknown_id->cqes, 1);
	expect_eq(w, beyond_last->res, -EINVAL);
	expect_eq(w, beyond_last->cqes, 1);
	expect(w, !right->completed);
	expect_eq(w, again->res, -ENOENT);
	expect_eq(w, again->cqes, 1);
	expect(w, !second->arrived);
	expect_eq(w, calls[0]->ret, 0);
	expect_eq(w, calls[0]->times_ended, 1);
	expect_eq(w, calls[0]->attr_size, FILE_SIZE);
}

const struct scenario scenario_commit_refused = {
	.name = "commit-refused",
	.summary = "commits of an unknown id, to a queue that is not there, and twice",
	.play = play,
	.check = check,
};

/* ---- to the other queue ---- */

static PER_PLAY struct submit *other_queue;

static void job_commits_elsewhere(struct actor *t, void *arg)
{
	struct answer a;

	(void)arg;
	answer_default(world_of(t), first, &a);
	a.qid = 1;
	other_queue = server_answers_raw(t, first, &a);
	a.qid = 0;
	right = server_answers_raw(t, first, &a);
	server_serves(t);
}

static void play_elsewhere(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");

	server_sets_up(server, 0);
	server_sets_up(server, 1);
	first = server_takes(server);
	actor_does(server, job_commits_elsewhere, NULL);
	calls[0] = client_getattr(client_new(w, "stat", 0), 2);
}

static void check_elsewhere(struct world *w)
{
	expect_eq(w, first->qid, 0);
	expect_eq(w, other_queue->res, -ENOENT);
	expect(w, !right->completed);
	expect_eq(w, calls[0]->ret, 0);
	expect_eq(w, calls[0]->times_ended, 1);
}

const struct scenario scenario_commit_elsewhere = {
	.name = "commit-elsewhere",
	.summary = "2 CPUs: an id is not found in the queue of the other one",
	.config = FUSE_CONFIG(.cpus = 2),
	.play = play_elsewhere,
	.check = check_elsewhere,
};

/* ---- after an abort ---- */

static PER_PLAY struct actor *admin;

static void job_commits_late(struct actor *a, void *server)
{
	struct answer answer;

	answer_default(world_of(a), first, &answer);
	right = server_answers_raw(server, first, &answer);
}

static void job_has_it_aborted(struct actor *t, void *arg)
{
	(void)arg;
	client_aborts_connection(admin);
	actor_does(admin, job_commits_late, t);
}

static void play_late(struct world *w)
{
	struct actor *server = server_thread(w, "server-0");

	server_sets_up(server, 0);
	first = server_takes(server);
	actor_does(server, job_has_it_aborted, NULL);
	calls[0] = client_getattr(client_new(w, "stat", 0), 2);
	admin = client_new(w, "admin", 0);
}

static void check_late(struct world *w)
{
	expect(w, first->arrived);
	expect_eq(w, calls[0]->ret, -ECONNABORTED);
	expect_eq(w, calls[0]->times_ended, 1);
	expect(w, right->completed);
	expect_eq(w, right->res, -ECONNABORTED);
}

const struct scenario scenario_commit_aborted = {
	.name = "commit-aborted",
	.summary = "a commit after the connection was aborted",
	.play = play_late,
	.check = check_late,
};
