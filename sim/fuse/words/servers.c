// SPDX-License-Identifier: GPL-2.0-only
/*
 * FUSE in scenario files: what servers do beside serving: rings of others, memory that
 * another thread changes, /dev/fuse.
 */
#include "fuse/fuse_i.h"
#include "fuse/words/servers.h"

void *queue_share_ring(struct actor *a, const struct text_value *v)
{
	server_uses_ring_of(a, *v[0].actor);
	return NULL;
}

void *queue_serve_dev(struct actor *a, const struct text_value *v)
{
	(void)v;
	server_serves_dev(a);
	return NULL;
}

void *queue_poll_dev(struct actor *a, const struct text_value *v)
{
	(void)v;
	return server_controls_dev(a, &(struct dev_control){ .poll = true });
}

void *queue_ioctl_dev(struct actor *a, const struct text_value *v)
{
	const struct dev_control c = { .command = (uint32_t)v[0].number };

	return server_controls_dev(a, &c);
}

void *queue_over_dev(struct actor *a, const struct text_value *v)
{
	return server_answers_over_dev(a, v[0].record, (int)v[1].number);
}

void *queue_over_ring(struct actor *a, const struct text_value *v)
{
	return server_answers_over_ring(a, v[0].record, (unsigned int)v[1].number);
}

void *queue_fork(struct actor *a, const struct text_value *v)
{
	server_forks_off(a, *v[0].actor);
	return NULL;
}

void *queue_exec(struct actor *a, const struct text_value *v)
{
	(void)v;
	server_execs(a);
	return NULL;
}

void *queue_dup_ring(struct actor *a, const struct text_value *v)
{
	(void)v;
	server_dups_ring(a);
	return NULL;
}

void *queue_dup_dev(struct actor *a, const struct text_value *v)
{
	(void)v;
	server_dups_dev(a);
	return NULL;
}

void *queue_close_ring_fd(struct actor *a, const struct text_value *v)
{
	(void)v;
	server_closes_ring_fd(a);
	return NULL;
}

void *queue_clone_buffers(struct actor *a, const struct text_value *v)
{
	server_clones_buffers(a, *v[0].actor);
	return NULL;
}

void *queue_poll_event(struct actor *a, const struct text_value *v)
{
	(void)v;
	return server_polls_event(a);
}

void *queue_signal_event(struct actor *a, const struct text_value *v)
{
	server_signals_event(a, *v[0].actor);
	return NULL;
}

/* by the command's user_data, unless it is by descriptor alone, or any */
void *queue_sync_cancel(struct actor *a, const struct text_value *v)
{
	const struct submit *c = v[0].given ? v[0].record : NULL;
	unsigned int flags = (v[1].given ? URING_CANCEL_FD : 0) |
			     (v[2].given ? URING_CANCEL_ANY : 0) |
			     (v[3].given ? URING_CANCEL_ALL : 0) |
			     (v[0].given && v[1].given ? URING_CANCEL_USERDATA : 0);

	return server_cancels(a, c, flags, (unsigned int)v[4].number);
}

static enum copied how_copied(const struct text_value *v)
{
	return v[2].given ? COPY_BY_DEVICE : v[1].given ? COPY_BY_WORKER : COPY_AT_ONCE;
}

void *queue_copy(struct actor *a, const struct text_value *v)
{
	return server_copies(a, v[0].record, how_copied(v));
}

void *queue_answer_linked(struct actor *a, const struct text_value *v)
{
	return server_answers_linked(a, v[0].record, how_copied(v));
}

/* ---- memory ---- */

static void take_changes(struct rewrite *r, const struct text_value *v)
{
	for (unsigned int i = 0; i < REWRITE_FIELDS; i++)
		if (v[REWRITE_ARG(i)].given)
			r->changes[r->nr++] =
				(struct change){ i, v[REWRITE_ARG(i)].relative,
						 v[REWRITE_ARG(i)].number };
}

void *queue_rewrite(struct actor *a, const struct text_value *v)
{
	struct rewrite r = { .delivery = v[0].record };

	take_changes(&r, v);
	server_rewrites(a, &r);
	return NULL;
}

void *queue_rewrite_sqe(struct actor *a, const struct text_value *v)
{
	struct rewrite r = { .ring_of = *v[0].actor };

	take_changes(&r, v);
	server_rewrites(a, &r);
	return NULL;
}

void *queue_rewrite_iovecs(struct actor *a, const struct text_value *v)
{
	struct rewrite r = { .qid = (unsigned int)v[REG_QUEUE].number,
			     .ent = (unsigned int)v[REG_ENTRY].number };

	take_changes(&r, v);
	server_rewrites(a, &r);
	return NULL;
}

void *queue_protect(struct actor *a, const struct text_value *v)
{
	server_changes_page(a, &(struct page_change){ .delivery = v[0].record,
						      .payload = v[1].given,
						      .how = PAGE_READ_ONLY });
	return NULL;
}

void *queue_remap(struct actor *a, const struct text_value *v)
{
	server_changes_page(a, &(struct page_change){ .delivery = v[0].record,
						      .payload = v[1].given,
						      .how = PAGE_FRESH });
	return NULL;
}

/* ---- printing ---- */

bool print_copy(FILE *out, const struct fuse_command *c, const char *of)
{
	const struct fuse_command *copy = c->linked ? c->linked : c;

	if (!of)
		return false;
	fprintf(out, "%s %s%s", c->linked ? "answer-linked" : "copy", of,
		copy->copied == COPY_BY_WORKER	 ? " async"
		: copy->copied == COPY_BY_DEVICE ? " direct"
						 : "");
	return true;
}

void print_cancel(FILE *out, const struct fuse_command *c, const char *of)
{
	fputs("sync-cancel", out);
	if (of)
		fprintf(out, " command %s", of);
	fprintf(out, "%s%s%s", c->cancel_flags & URING_CANCEL_FD ? " device" : "",
		c->cancel_flags & URING_CANCEL_ANY ? " any" : "",
		c->cancel_flags & URING_CANCEL_ALL ? " all" : "");
	if (c->seconds)
		fprintf(out, " within %u", c->seconds);
}

/* with the name of another actor, or alone; NULL: none of these */
static const char *ring_word(unsigned int kind, bool *actor)
{
	*actor = true;
	switch (kind) {
	case STEP_SHARE_RING:
		return "share-ring";
	case STEP_FORK:
		return "fork";
	case STEP_CLONE:
		return "clone-buffers";
	case STEP_EVENT:
		return "signal-event";
	default:
		break;
	}
	*actor = false;
	return kind == STEP_EXEC	    ? "exec"
	       : kind == STEP_DUP_RING	    ? "dup-ring"
	       : kind == STEP_DUP_DEV	    ? "dup-dev"
	       : kind == STEP_CLOSE_RING_FD ? "close-ring-fd"
	       : kind == STEP_POLL	    ? "poll-event"
	       : kind == STEP_SERVE_DEV	    ? "serve-dev"
					    : NULL;
}

bool print_ring(FILE *out, unsigned int kind, const void *arg)
{
	bool actor;
	const char *word = ring_word(kind, &actor);

	if (!word)
		return false;
	fputs(word, out);
	if (actor)
		fprintf(out, " %s", actor_name((struct actor *)(uintptr_t)arg));
	return true;
}

static const char *const fields[REWRITE_FIELDS] = {
	[REWRITE_ERROR] = "error",
	[REWRITE_UNIQUE] = "unique",
	[REWRITE_OUT_LEN] = "out-len",
	[REWRITE_PAYLOAD_SIZE] = "payload-size",
	[REWRITE_PAYLOAD] = "payload",
	[REWRITE_QUEUE] = "queue",
	[REWRITE_COMMIT_ID] = "commit-id",
	[REWRITE_FLAGS] = "flags",
	[REWRITE_BUF_INDEX] = "buf-index",
	[REWRITE_ZERO_COPY_INDEX] = "zero-copy-index",
	[REWRITE_IOVECS] = "iovecs",
	[REWRITE_HEADERS_LEN] = "headers-len",
	[REWRITE_PAYLOAD_LEN] = "payload-len",
};

bool print_rewrite(FILE *out, const struct rewrite *r, const char *of)
{
	if (r->delivery && !of)
		return false;
	if (r->delivery)
		fprintf(out, "rewrite %s", of);
	else if (r->ring_of)
		fprintf(out, "rewrite-sqe %s", actor_name(r->ring_of));
	else
		fprintf(out, "rewrite-iovecs queue %u entry %u", r->qid, r->ent);
	for (unsigned int i = 0; i < r->nr; i++)
		fprintf(out, r->changes[i].relative ? " %s %+lld" : " %s %lld",
			fields[r->changes[i].field], (long long)r->changes[i].value);
	return true;
}

bool print_page_change(FILE *out, const struct page_change *p, const char *of)
{
	if (!of)
		return false;
	fprintf(out, "%s %s%s", p->how == PAGE_READ_ONLY ? "protect" : "remap", of,
		p->payload ? " payload" : "");
	return true;
}
