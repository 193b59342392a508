// SPDX-License-Identifier: GPL-2.0-only
/*
 * FUSE in scenario files: what servers do, and the table of all calls.
 */
#include "fuse/fuse_i.h"
#include "fuse/words/client_calls.h"
#include "fuse/words/notify.h"
#include "fuse/words/servers.h"
#include "fuse/words/words.h"

/* ---- what servers do ---- */

static void set_field(struct reg *r, unsigned int arg, long long value)
{
	switch (arg) {
	case REG_FLAGS:
		r->flags = (uint64_t)value;
		break;
	case REG_HEADERS_LEN:
		r->headers_len = (size_t)value;
		break;
	case REG_PAYLOAD_LEN:
		r->payload_len = (size_t)value;
		break;
	case REG_PAYLOAD:
		r->payload = (void *)(uintptr_t)value;
		break;
	case REG_IOVECS:
		r->iov_nr = (unsigned int)value;
		break;
	case REG_IOVEC:
		r->iov = (void *)(uintptr_t)value;
		break;
	case REG_BUF_INDEX:
		r->buf_index = (uint16_t)value;
		break;
	case REG_URING_FLAGS:
		r->uring_cmd_flags = (uint32_t)value;
		break;
	case REG_ZERO_COPY_INDEX:
		r->zero_copy_index = (uint16_t)value;
		break;
	case REG_DEPTH:
		r->queue_depth = (uint16_t)value;
		break;
	case REG_BUF_SIZE:
		r->buf_size = (uint32_t)value;
		break;
	case REG_CLASSES_LEN:
		r->classes_len = (size_t)value;
		break;
	case REG_CLASS_SIZE:
		r->classes[0].size = (uint32_t)value;
		break;
	case REG_CLASS_NUMBER:
		r->classes[0].number = (uint32_t)value;
		break;
	case REG_POOL_LEN:
		r->pool_len = (uint32_t)value;
		break;
	case REG_RESERVED:
		r->pool_reserved = (uint32_t)value;
		break;
	case REG_OP:
		r->cmd_op = (uint32_t)value;
		break;
	case REG_SQE_FLAGS:
		r->sqe_flags = (uint8_t)value;
		break;
	case REG_FIELD_QUEUE:
		r->qid = (uint16_t)value; /* as it is sent */
		break;
	default:
		break;
	}
}

long long reg_field(const struct reg *r, unsigned int arg)
{
	switch (arg) {
	case REG_FLAGS:
		return (long long)r->flags;
	case REG_HEADERS_LEN:
		return (long long)r->headers_len;
	case REG_PAYLOAD_LEN:
		return (long long)r->payload_len;
	case REG_PAYLOAD:
		return (long long)(uintptr_t)r->payload;
	case REG_IOVECS:
		return r->iov_nr;
	case REG_IOVEC:
		return (long long)(uintptr_t)r->iov;
	case REG_BUF_INDEX:
		return r->buf_index;
	case REG_URING_FLAGS:
		return r->uring_cmd_flags;
	case REG_ZERO_COPY_INDEX:
		return r->zero_copy_index;
	case REG_DEPTH:
		return r->queue_depth;
	case REG_BUF_SIZE:
		return r->buf_size;
	case REG_CLASSES_LEN:
		return (long long)r->classes_len;
	case REG_CLASS_SIZE:
		return r->classes[0].size;
	case REG_CLASS_NUMBER:
		return r->classes[0].number;
	case REG_POOL_LEN:
		return r->pool_len;
	case REG_RESERVED:
		return r->pool_reserved;
	case REG_OP:
		return r->cmd_op;
	case REG_SQE_FLAGS:
		return r->sqe_flags;
	case REG_FIELD_QUEUE:
		return r->qid;
	default:
		return 0;
	}
}

/* Return: whether a field is given */
static bool change_reg(struct reg *r, const struct text_value *v)
{
	bool changed = false;

	for (unsigned int i = REG_FLAGS; i < REG_ARGS; i++) {
		if (!v[i].given)
			continue;
		changed = true;
		set_field(r, i, v[i].number + (v[i].relative ? reg_field(r, i) : 0));
	}
	return changed;
}

static void *submitted(struct submit *s, const struct text_value *v)
{
	s->needed = v[REG_NEEDED].given;
	return s;
}

static void *queue_register(struct actor *a, const struct text_value *v)
{
	unsigned int qid = (unsigned int)v[REG_QUEUE].number;
	unsigned int ent = (unsigned int)v[REG_ENTRY].number;
	struct reg r;

	register_default(a->w, qid, ent, &r);
	if (!change_reg(&r, v))
		return submitted(server_registers(a, qid, ent), v);
	ring_needs_table(a);
	return submitted(server_registers_raw(a, &r), v);
}

static void *queue_add_queue(struct actor *a, const struct text_value *v)
{
	struct reg r;

	add_queue_default(a->w, (unsigned int)v[REG_QUEUE].number, &r);
	if (!change_reg(&r, v))
		return submitted(server_adds_queue(a, (unsigned int)v[REG_QUEUE].number),
				 v);
	return submitted(server_registers_raw(a, &r), v);
}

static void *queue_add_bufpool(struct actor *a, const struct text_value *v)
{
	struct reg r;

	add_bufpool_default(a->w, (unsigned int)v[REG_QUEUE].number, &r);
	if (!change_reg(&r, v))
		return submitted(
			server_adds_bufpool(a, (unsigned int)v[REG_QUEUE].number), v);
	ring_needs_table(a);
	return submitted(server_registers_raw(a, &r), v);
}

static void *queue_prepare(struct actor *a, const struct text_value *v)
{
	server_sets_up(a, (unsigned int)v[0].number);
	return NULL;
}

static void *queue_register_buffers(struct actor *a, const struct text_value *v)
{
	(void)v;
	server_registers_buffers(a);
	return NULL;
}

static void *queue_unregister_buffers(struct actor *a, const struct text_value *v)
{
	(void)v;
	server_unregisters_buffers(a);
	return NULL;
}

/* how it is answered lives as long as the world */
static void *queue_answer_init(struct actor *a, const struct text_value *v)
{
	struct init_answer *how;

	for (unsigned int i = 0; i < 4; i++) {
		if (!v[i].given)
			continue;
		how = (void *)world_data(a->w, sizeof(*how));
		*how = (struct init_answer){ .error = (int)v[0].number,
					     .major = (uint32_t)v[1].number,
					     .minor = (uint32_t)v[2].number,
					     .no_io_uring = v[3].given };
		server_answers_init_so(a, how);
		return NULL;
	}
	server_answers_init(a);
	return NULL;
}

static void *queue_take(struct actor *a, const struct text_value *v)
{
	return v[0].given ? server_takes_within(a, (unsigned int)v[0].number, v[1].given)
			  : server_takes(a);
}

static void change_answer(struct answer *a, const void *how)
{
	const struct text_value *v = how;

	if (v[ANSWER_ERROR].given)
		a->error = (int32_t)v[ANSWER_ERROR].number;
#define CHANGE(arg, field)                                                              \
	if (v[arg].given)                                                               \
	a->field = (__typeof__(a->field))((v[arg].relative ? (long long)a->field : 0) + \
					  v[arg].number)
	CHANGE(ANSWER_UNIQUE, unique);
	CHANGE(ANSWER_COMMIT_ID, commit_id);
	CHANGE(ANSWER_OUT_LEN, out_len);
	CHANGE(ANSWER_PAYLOAD_SIZE, payload_sz);
	CHANGE(ANSWER_QUEUE, qid);
	CHANGE(ANSWER_BUF_INDEX, buf_index);
	CHANGE(ANSWER_URING_FLAGS, uring_cmd_flags);
	CHANGE(ANSWER_SQE_FLAGS, sqe_flags);
#undef CHANGE
}

const struct text_value *answer_changes(const struct fuse_command *c)
{
	return c->change == change_answer ? c->how : NULL;
}

static void *queue_answer(struct actor *a, const struct text_value *v)
{
	struct delivery *d = v[ANSWER_TAKE].record;

	for (unsigned int i = ANSWER_UNIQUE; i < ANSWER_ARGS; i++)
		if (v[i].given)
			return server_answers_changed(a, d, change_answer, v);
	return server_answers_error(a, d, (int)v[ANSWER_ERROR].number);
}

static void *queue_serve(struct actor *a, const struct text_value *v)
{
	if (v[0].given)
		server_serves_n(a, (unsigned int)v[0].number);
	else
		server_serves(a);
	return NULL;
}

static void *queue_drain(struct actor *a, const struct text_value *v)
{
	(void)v;
	server_drains(a);
	return NULL;
}

static void *queue_read_dev(struct actor *a, const struct text_value *v)
{
	return v[0].given ? server_reads_dev_into(a, (uint32_t)v[0].number)
			  : server_reads_dev(a);
}

static void *queue_answer_dev(struct actor *a, const struct text_value *v)
{
	struct dev_read *answer = server_answers_read(a, v[0].record, (int)v[1].number);

	answer->unique_more = v[2].number;
	answer->len_more = (int32_t)v[3].number;
	return answer;
}

static void *queue_close_dev(struct actor *a, const struct text_value *v)
{
	(void)v;
	server_closes_dev(a);
	return NULL;
}

static void job_unmap(struct actor *a, void *arg)
{
	const struct text_value *v = arg;
	const struct delivery *d = v[0].record;
	unsigned char *addr = v[1].given ? d->payload : d->headers;

	if (d->arrived && !d->cqe_res && addr)
		server_unmaps(a->w, addr, 1);
}

static void *queue_unmap(struct actor *a, const struct text_value *v)
{
	actor_does(a, job_unmap, (void *)(uintptr_t)v);
	return NULL;
}

/* ---- their arguments ---- */

#define FIELD(name)                                            \
	{                                                      \
		.word = name, .type = TEXT_CHANGE, .max = MOST \
	}

#define QUEUE                                                                      \
	[REG_QUEUE] = {                                                            \
		.word = "queue", .type = TEXT_NUMBER, .needed = true, .max = 65535 \
	}
#define REG_FIELDS                                                                      \
	[REG_NEEDED] = { .word = "needed", .type = TEXT_FLAG },                         \
	[REG_FLAGS] = FIELD("flags"), [REG_HEADERS_LEN] = FIELD("headers-len"),         \
	[REG_PAYLOAD_LEN] = FIELD("payload-len"), [REG_PAYLOAD] = FIELD("payload-at"),  \
	[REG_IOVECS] = FIELD("iovecs"), [REG_IOVEC] = FIELD("iovecs-at"),               \
	[REG_BUF_INDEX] = FIELD("buf-index"),                                           \
	[REG_URING_FLAGS] = FIELD("uring-cmd-flags"),                                   \
	[REG_ZERO_COPY_INDEX] = FIELD("zero-copy-index"),                               \
	[REG_DEPTH] = FIELD("queue-depth"), [REG_BUF_SIZE] = FIELD("buf-size"),         \
	[REG_CLASSES_LEN] = FIELD("classes-len"),                                       \
	[REG_CLASS_SIZE] = FIELD("class-size"),                                         \
	[REG_CLASS_NUMBER] = FIELD("class-number"), [REG_POOL_LEN] = FIELD("pool-len"), \
	[REG_RESERVED] = FIELD("reserved"), [REG_OP] = FIELD("op"),                     \
	[REG_SQE_FLAGS] = FIELD("sqe-flags"), [REG_FIELD_QUEUE] = FIELD("sent-queue")

#define UNIQUE	       "unique"
#define COMMIT_ID      "commit-id"
#define OUT_LEN	       "out-len"
#define PAYLOAD_SIZE   "payload-size"
#define ANSWERED_QUEUE "queue"

const char *const fuse_answer_words[ANSWER_ARGS] = {
	[ANSWER_UNIQUE] = UNIQUE,
	[ANSWER_COMMIT_ID] = COMMIT_ID,
	[ANSWER_OUT_LEN] = OUT_LEN,
	[ANSWER_PAYLOAD_SIZE] = PAYLOAD_SIZE,
	[ANSWER_QUEUE] = ANSWERED_QUEUE,
	[ANSWER_BUF_INDEX] = "buf-index",
	[ANSWER_URING_FLAGS] = "uring-cmd-flags",
	[ANSWER_SQE_FLAGS] = "sqe-flags",
};

const struct text_arg fuse_reg_args[TEXT_ARGS] = { QUEUE, REG_FIELDS };

#define OF_TAKE                                                     \
	{                                                           \
		.type = TEXT_RECORD, .needed = true, .kind = A_TAKE \
	}

const struct text_call fuse_calls[] = {
#include "fuse/words/client_rows.h"
	{ "prepare",
	  SERVERS,
	  0,
	  { { .word = "queue", .type = TEXT_NUMBER, .needed = true, .max = 65535 } },
	  queue_prepare },
	{ "register",
	  SERVERS,
	  A_COMMAND,
	  { QUEUE,
	    [REG_ENTRY] = { .word = "entry",
			    .type = TEXT_NUMBER,
			    .needed = true,
			    .max = MAX_ENTS - 1 },
	    REG_FIELDS },
	  queue_register },
	{ "add-queue", SERVERS, A_COMMAND, { QUEUE, REG_FIELDS }, queue_add_queue },
	{ "add-bufpool", SERVERS, A_COMMAND, { QUEUE, REG_FIELDS }, queue_add_bufpool },
	{ "register-buffers", SERVERS, 0, { { 0 } }, queue_register_buffers },
	{ "unregister-buffers", SERVERS, 0, { { 0 } }, queue_unregister_buffers },
	{ "answer-init",
	  SERVERS,
	  0,
	  { { .word = "error", .type = TEXT_ERROR },
	    { .word = "major", .type = TEXT_NUMBER, .max = 65535 },
	    { .word = "minor", .type = TEXT_NUMBER, .max = 65535 },
	    { .word = "no-io-uring", .type = TEXT_FLAG } },
	  queue_answer_init },
	{ "take",
	  SERVERS,
	  A_TAKE,
	  { { .word = "within", .type = TEXT_NUMBER, .max = 3600 },
	    { .word = "absolute", .type = TEXT_FLAG } },
	  queue_take },
	{ "answer",
	  SERVERS,
	  A_COMMAND,
	  { [ANSWER_TAKE] = OF_TAKE,
	    [ANSWER_ERROR] = { .word = "error", .type = TEXT_ERROR },
	    [ANSWER_UNIQUE] = FIELD(UNIQUE),
	    [ANSWER_COMMIT_ID] = FIELD(COMMIT_ID),
	    [ANSWER_OUT_LEN] = FIELD(OUT_LEN),
	    [ANSWER_PAYLOAD_SIZE] = FIELD(PAYLOAD_SIZE),
	    [ANSWER_QUEUE] = FIELD(ANSWERED_QUEUE),
	    [ANSWER_BUF_INDEX] = FIELD("buf-index"),
	    [ANSWER_URING_FLAGS] = FIELD("uring-cmd-flags"),
	    [ANSWER_SQE_FLAGS] = FIELD("sqe-flags") },
	  queue_answer },
	{ "serve", SERVERS, 0, { { .type = TEXT_NUMBER, .max = 100000 } }, queue_serve },
	{ "drain", SERVERS, 0, { { 0 } }, queue_drain },
	{ "read-dev",
	  SERVERS,
	  A_DEV_READ,
	  { { .word = "size", .type = TEXT_NUMBER, .max = 1 << 20 } },
	  queue_read_dev },
	{ "answer-dev",
	  SERVERS,
	  A_DEV_READ,
	  { { .type = TEXT_RECORD, .needed = true, .kind = A_DEV_READ },
	    { .word = "error", .type = TEXT_ERROR },
	    FIELD(UNIQUE),
	    { .word = "len", .type = TEXT_CHANGE, .max = 1 << 20 } },
	  queue_answer_dev },
	{ "close-dev", SERVERS, 0, { { 0 } }, queue_close_dev },
	{ "unmap",
	  SERVERS,
	  0,
	  { OF_TAKE, { .word = "payload", .type = TEXT_FLAG } },
	  queue_unmap },
	SERVER_ROWS,
	NOTIFY_ROWS,
	{ .word = NULL },
};
