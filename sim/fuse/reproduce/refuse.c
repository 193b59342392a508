// SPDX-License-Identifier: GPL-2.0-only
/*
 * What cannot be done, or not be seen, from outside of the kernel.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "fuse/reproduce/reproduce.h"
#include "fuse/abi.h"
#include "fuse/words/words.h"

static char why[256];

/* ---- what is seen ---- */

static bool a_call_is_lost(void)
{
	const struct step *steps;
	bool lost;
	unsigned int nr = steps_taken(&steps, &lost);

	for (unsigned int i = 0; i < nr; i++)
		if (steps[i].kind == STEP_CALL && !fuse_step(&steps[i])->done)
			return true;
	return false;
}

/* "a->started && !a->done"; in a file "a not ended" */
static bool expects_to_wait(const struct text *t, const struct sched_site *site)
{
	const char *not = strchr(site->expr, '!');
	const struct text_property *p;
	bool negated;

	if (!t)
		return !strstr(site->expr, "||") && not &&strstr(not, "->done");
	p = text_expected(t, site, &negated);
	return p && p->kind == A_CALL && negated && !strcmp(p->word, "ended");
}

/* Does a check expect a call to wait? */
static bool waiting_is_right(const struct world *w, const struct text *t)
{
	const struct check *c;

	for (unsigned int i = 0; (c = world_check_nr(w, i)); i++)
		if (c->result == CHECK_PASSED && expects_to_wait(t, c->site))
			return true;
	return false;
}

static size_t word_len(const char *text)
{
	size_t n = 0;

	while (isalnum((unsigned char)text[n]) || text[n] == '_')
		n++;
	return n;
}

static bool is_outcome(const char *member, size_t len)
{
	static const char *const outcomes[] = { "done", "ret", "started" };

	for (unsigned int i = 0; i < sizeof(outcomes) / sizeof(outcomes[0]); i++)
		if (strlen(outcomes[i]) == len && !strncmp(outcomes[i], member, len))
			return true;
	return false;
}

/* Does it check results of calls only? A program compares nothing else. */
static bool is_about_calls(const char *expr)
{
	bool asks = false;

	for (const char *c = expr; *c;) {
		bool member = c > expr && (c[-1] == '>' || c[-1] == '.');
		size_t len = word_len(c);

		if (len && c[len] == '(')
			return false;
		if (len && member && !is_outcome(c, len))
			return false;
		asks |= len && member;
		c += len ? len : 1;
	}
	return asks;
}

static bool is_about_a_call(const struct text *t, const struct sched_site *site)
{
	const struct text_property *p;
	bool negated;

	if (!t)
		return is_about_calls(site->expr);
	p = text_expected(t, site, &negated);
	return p && p->kind == A_CALL &&
	       (!strcmp(p->word, "ended") || !strcmp(p->word, "started") ||
		!strcmp(p->word, "result"));
}

static bool a_check_of_calls_fails(const struct world *w, const struct text *t)
{
	const struct check *c;

	for (unsigned int i = 0; (c = world_check_nr(w, i)); i++)
		if (c->result == CHECK_FAILED && !c->inside &&
		    is_about_a_call(t, c->site))
			return true;
	return false;
}

static bool is_kind(const struct schedule *s, enum report_kind kind)
{
	return !strcmp(s->kind, report_kind_name(kind));
}

static const char *cannot_be_seen(const struct schedule *s, const struct world *w,
				  const struct text *t)
{
	if (!is_kind(s, REPORT_KERNEL) && !is_kind(s, REPORT_PROGRESS) &&
	    !is_kind(s, REPORT_ACCOUNTING)) {
		snprintf(why, sizeof(why),
			 "a failure of the kind %s cannot be seen from outside", s->kind);
		return why;
	}
	if ((size_t)keep_find(s) >= steps_reports())
		return "it shows only when the server ends and the file system goes";
	if (is_kind(s, REPORT_KERNEL))
		return s->where[0] && !strncmp(s->summary, "WARN", 4)
			       ? NULL
			       : "what the kernel says is no WARN of a known place";
	if ((a_call_is_lost() && !waiting_is_right(w, t)) || a_check_of_calls_fails(w, t))
		return NULL;
	return "it does not show in what calls return, nor by one that hangs";
}

/* ---- what is done ---- */

static const char *not_of(const struct fuse_config *c)
{
	if (c->payload != PAYLOAD_PER_ENTRY && c->payload != PAYLOAD_BUFPOOL)
		return c->payload == PAYLOAD_BUFRING ? "its buffer rings"
						     : "its registered pool";
	if (c->zero_copy)
		return "zero copy";
	if (c->request_timeout)
		return "its request time-out";
	if (c->no_io_uring || c->no_param || c->init_unanswered)
		return "a connection without a ring";
	return NULL;
}

static const char *not_of_call(const struct call *c)
{
	if (c->background)
		return "a call in the background";
	switch (c->opcode) {
	case OP_LOOKUP:
		return c->name[0] == 'f' ? NULL : "a lookup of that name";
	case OP_GETATTR:
	case OP_OPEN:
	case OP_READ:
	case OP_WRITE:
	case OP_FSYNC:
		return NULL;
	default:
		return "a call of that kind";
	}
}

static bool is_plain_answer(const struct step *s)
{
	const struct answer *a = &fuse_step(s)->answer;

	return fuse_step(s)->usual ||
	       (!a->data && !a->buf_index && !a->uring_cmd_flags && !a->sqe_flags &&
		a->qid == fuse_step(s)->delivery->qid);
}

static const char *not_of_step(const struct step *s, const struct steps_info *info)
{
	if (info->server &&
	    info->ring_flags & (URING_SETUP_SQPOLL | URING_SETUP_SQE_MIXED))
		return "on a ring with an sq thread or mixed SQEs";
	switch (s->kind) {
	case STEP_TAKE:
		return fuse_step(s)->delivery->within ? "a wait with a time-out" : NULL;
	case STEP_CANCEL:
		return "a cancellation";
	case STEP_CALL:
		return not_of_call(fuse_step(s)->call);
	case STEP_SUBMIT:
		return fuse_step(s)->usual ? NULL : "a REGISTER with fields of its own";
	case STEP_ANSWER:
		return is_plain_answer(s) ? NULL : "an answer with fields of its own";
	case STEP_SIGNAL:
		return info->server ? "a signal to a thread of the server" : NULL;
	case STEP_FORGET:
		return "FORGET, which comes at any time";
	case STEP_INIT:
		return "FUSE_INIT, which is answered before the scenario begins";
	case STEP_TABLE:
	case STEP_TABLE_GONE:
		return "registered buffers";
	case STEP_DEV:
	case STEP_DEV_ANSWER:
	case STEP_DEV_OPEN:
	case STEP_DEV_CONTROL:
		return "a system call on /dev/fuse itself";
	case STEP_MOUNT:
		return "a mount(2) in between";
	case STEP_UMOUNT_LAZY:
		return "a lazy umount";
	case STEP_KNOB:
		return "a number that root writes";
	case STEP_CPU:
		return "a client that goes to another CPU";
	case STEP_UNMAP:
	case STEP_PAGE:
		return "an munmap in between";
	case STEP_NOTIFY:
		return "a notification";
	case STEP_REWRITE:
		return "memory that a thread rewrites while the kernel reads it";
	case STEP_SERVE_DEV:
	case STEP_OVER_DEV:
	case STEP_OVER_RING:
		return "a system call on /dev/fuse itself";
	case STEP_FORK:
	case STEP_EXEC:
		return "a fork or an exec of the server";
	case STEP_COPY:
	case STEP_LINKED:
		return "a READ_FIXED or WRITE_FIXED";
	case STEP_DUP_RING:
	case STEP_DUP_DEV:
	case STEP_CLOSE_RING_FD:
	case STEP_CLONE:
	case STEP_POLL:
	case STEP_EVENT:
		return "a call on a ring that programs do not have yet";
	case STEP_SHARE_RING:
		return "a ring that several threads use";
	default:
		return NULL;
	}
}

/* Threads of the server are killed together, by one step after the other. */
static bool kills_the_whole_server(const struct step *steps, unsigned int nr,
				   unsigned int at)
{
	uint32_t killed = 0, servers = 0;
	struct steps_info info;

	for (unsigned int i = 0; steps_info(i, &info); i++)
		if (info.server)
			servers |= 1u << i;
	while (at && steps[at - 1].kind == STEP_KILL)
		at--;
	for (; at < nr && steps[at].kind == STEP_KILL; at++)
		killed |= 1u << steps_actor(steps[at].actor);
	return (killed & servers) == servers;
}

static const char *cannot_be_done(const struct fuse_config *config)
{
	const struct step *steps;
	struct steps_info info;
	bool lost;
	unsigned int nr = steps_taken(&steps, &lost);
	const char *what = not_of(config);

	if (lost)
		return "it has too many steps";
	for (unsigned int i = 0; !what && i < nr; i++) {
		steps_info(steps_actor(steps[i].actor), &info);
		what = not_of_step(&steps[i], &info);
		if (!what && steps[i].kind == STEP_KILL && info.server &&
		    !kills_the_whole_server(steps, nr, i))
			what = "a thread of the server that is killed alone";
		if (!what)
			continue;
		snprintf(why, sizeof(why), "step %u, by %s, is %s", i + 1, info.name,
			 what);
		return why;
	}
	if (!what)
		return NULL;
	snprintf(why, sizeof(why), "no program can have %s", what);
	return why;
}

const char *program_refuses(const struct schedule *s, const struct scenario *scenario)
{
	const struct step *steps;
	const struct world *w;
	const char *no;
	bool lost;

	if (!steps_taken(&steps, &lost))
		return "it has no steps";
	w = world_of(steps[0].actor);
	no = cannot_be_done(fuse_config(w));
	return no ? no : cannot_be_seen(s, w, scenario->text);
}
