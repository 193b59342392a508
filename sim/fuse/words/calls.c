// SPDX-License-Identifier: GPL-2.0-only
/*
 * FUSE in scenario files: calls of clients and servers, and what each has an actor do.
 */
#include "fuse/fuse_i.h"
#include "fuse/words/words.h"

/* ---- calls of clients ---- */

static void *queue_lookup(struct actor *a, const struct text_value *v)
{
	return client_lookup(a, v[0].name);
}

static void *queue_getattr(struct actor *a, const struct text_value *v)
{
	return client_getattr(a, (uint64_t)v[0].number);
}

static void *queue_open(struct actor *a, const struct text_value *v)
{
	return client_open(a, (uint64_t)v[0].number);
}

static void *queue_fsync(struct actor *a, const struct text_value *v)
{
	return client_fsync(a, (uint64_t)v[0].number);
}

static void *queue_read(struct actor *a, const struct text_value *v)
{
	return (v[3].given ? client_read_bg : client_read)(
		a, (uint64_t)v[0].number, (uint64_t)v[1].number, (uint32_t)v[2].number);
}

static void *queue_write(struct actor *a, const struct text_value *v)
{
	return (v[3].given ? client_write_bg : client_write)(
		a, (uint64_t)v[0].number, (uint64_t)v[1].number, (uint32_t)v[2].number);
}

static void *queue_forget(struct actor *a, const struct text_value *v)
{
	client_forget(a, (uint64_t)v[0].number, v[1].given ? (uint64_t)v[1].number : 1);
	return NULL;
}

static void *queue_umount(struct actor *a, const struct text_value *v)
{
	(void)v;
	client_umounts(a);
	return NULL;
}

static void *queue_abort(struct actor *a, const struct text_value *v)
{
	(void)v;
	client_aborts_connection(a);
	return NULL;
}

static void *queue_max_background(struct actor *a, const struct text_value *v)
{
	client_sets_max_background(a, (unsigned int)v[0].number);
	return NULL;
}

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

	ring_needs_table(a);
	register_default(a->w, qid, ent, &r);
	change_reg(&r, v);
	return submitted(server_registers_raw(a, &r), v);
}

static void *queue_add_queue(struct actor *a, const struct text_value *v)
{
	struct reg r;

	add_queue_default(a->w, (unsigned int)v[REG_QUEUE].number, &r);
	change_reg(&r, v);
	return submitted(server_registers_raw(a, &r), v);
}

static void *queue_add_bufpool(struct actor *a, const struct text_value *v)
{
	struct reg r;

	ring_needs_table(a);
	add_bufpool_default(a->w, (unsigned int)v[REG_QUEUE].number, &r);
	change_reg(&r, v);
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

static void *queue_answer_init(struct actor *a, const struct text_value *v)
{
	(void)v;
	server_answers_init(a);
	return NULL;
}

static void *queue_take(struct actor *a, const struct text_value *v)
{
	(void)v;
	return server_takes(a);
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
#undef CHANGE
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
	(void)v;
	return server_reads_dev(a);
}

static void *queue_answer_dev(struct actor *a, const struct text_value *v)
{
	return server_answers_read(a, v[0].record, (int)v[1].number);
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

#define MOST ((1ll << 62) - 1)
#define INO                                                                     \
	{                                                                       \
		.word = "ino", .type = TEXT_NUMBER, .needed = true, .max = MOST \
	}
#define FIELD(name)                                            \
	{                                                      \
		.word = name, .type = TEXT_CHANGE, .max = MOST \
	}

#define QUEUE                                                                      \
	[REG_QUEUE] = {                                                            \
		.word = "queue", .type = TEXT_NUMBER, .needed = true, .max = 65535 \
	}
#define REG_FIELDS                                                                     \
	[REG_NEEDED] = { .word = "needed", .type = TEXT_FLAG },                        \
	[REG_FLAGS] = FIELD("flags"), [REG_HEADERS_LEN] = FIELD("headers-len"),        \
	[REG_PAYLOAD_LEN] = FIELD("payload-len"), [REG_PAYLOAD] = FIELD("payload-at"), \
	[REG_IOVECS] = FIELD("iovecs"), [REG_IOVEC] = FIELD("iovecs-at"),              \
	[REG_BUF_INDEX] = FIELD("buf-index"),                                          \
	[REG_URING_FLAGS] = FIELD("uring-cmd-flags"),                                  \
	[REG_ZERO_COPY_INDEX] = FIELD("zero-copy-index"),                              \
	[REG_DEPTH] = FIELD("queue-depth"), [REG_BUF_SIZE] = FIELD("buf-size"),        \
	[REG_POOL_LEN] = FIELD("pool-len"), [REG_RESERVED] = FIELD("reserved"),        \
	[REG_OP] = FIELD("op"), [REG_SQE_FLAGS] = FIELD("sqe-flags"),                  \
	[REG_FIELD_QUEUE] = FIELD("sent-queue")

#define UNIQUE	       "unique"
#define COMMIT_ID      "commit-id"
#define OUT_LEN	       "out-len"
#define PAYLOAD_SIZE   "payload-size"
#define ANSWERED_QUEUE "queue"

const char *const fuse_answer_words[ANSWER_ARGS] = {
	[ANSWER_UNIQUE] = UNIQUE,	 [ANSWER_COMMIT_ID] = COMMIT_ID,
	[ANSWER_OUT_LEN] = OUT_LEN,	 [ANSWER_PAYLOAD_SIZE] = PAYLOAD_SIZE,
	[ANSWER_QUEUE] = ANSWERED_QUEUE,
};

const struct text_arg fuse_reg_args[TEXT_ARGS] = { QUEUE, REG_FIELDS };

#define IO_ARGS                                                 \
	{                                                       \
		INO,                                            \
			{ .word = "offset",                     \
			  .type = TEXT_NUMBER,                  \
			  .needed = true,                       \
			  .max = MOST },                        \
			{ .word = "size",                       \
			  .type = TEXT_NUMBER,                  \
			  .needed = true,                       \
			  .max = FILE_SIZE },                   \
		{                                               \
			.word = "background", .type = TEXT_FLAG \
		}                                               \
	}
#define OF_TAKE                                                     \
	{                                                           \
		.type = TEXT_RECORD, .needed = true, .kind = A_TAKE \
	}

const struct text_call fuse_calls[] = {
	{ "lookup",
	  CLIENTS,
	  A_CALL,
	  { { .type = TEXT_NAME, .needed = true } },
	  queue_lookup },
	{ "getattr", CLIENTS, A_CALL, { INO }, queue_getattr },
	{ "open", CLIENTS, A_CALL, { INO }, queue_open },
	{ "read", CLIENTS, A_CALL, IO_ARGS, queue_read },
	{ "write", CLIENTS, A_CALL, IO_ARGS, queue_write },
	{ "fsync", CLIENTS, A_CALL, { INO }, queue_fsync },
	{ "forget",
	  CLIENTS,
	  0,
	  { INO, { .word = "nlookup", .type = TEXT_NUMBER, .max = MOST } },
	  queue_forget },
	{ "umount", CLIENTS, 0, { { 0 } }, queue_umount },
	{ "abort", CLIENTS, 0, { { 0 } }, queue_abort },
	{ "max-background",
	  CLIENTS,
	  0,
	  { { .type = TEXT_NUMBER, .needed = true, .max = 65535 } },
	  queue_max_background },
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
	{ "answer-init", SERVERS, 0, { { 0 } }, queue_answer_init },
	{ "take", SERVERS, A_TAKE, { { 0 } }, queue_take },
	{ "answer",
	  SERVERS,
	  A_COMMAND,
	  { [ANSWER_TAKE] = OF_TAKE,
	    [ANSWER_ERROR] = { .word = "error", .type = TEXT_ERROR },
	    [ANSWER_UNIQUE] = FIELD(UNIQUE),
	    [ANSWER_COMMIT_ID] = FIELD(COMMIT_ID),
	    [ANSWER_OUT_LEN] = FIELD(OUT_LEN),
	    [ANSWER_PAYLOAD_SIZE] = FIELD(PAYLOAD_SIZE),
	    [ANSWER_QUEUE] = FIELD(ANSWERED_QUEUE) },
	  queue_answer },
	{ "serve", SERVERS, 0, { { .type = TEXT_NUMBER, .max = 100000 } }, queue_serve },
	{ "drain", SERVERS, 0, { { 0 } }, queue_drain },
	{ "read-dev", SERVERS, A_DEV_READ, { { 0 } }, queue_read_dev },
	{ "answer-dev",
	  SERVERS,
	  A_DEV_READ,
	  { { .type = TEXT_RECORD, .needed = true, .kind = A_DEV_READ },
	    { .word = "error", .type = TEXT_ERROR } },
	  queue_answer_dev },
	{ "close-dev", SERVERS, 0, { { 0 } }, queue_close_dev },
	{ "unmap",
	  SERVERS,
	  0,
	  { OF_TAKE, { .word = "payload", .type = TEXT_FLAG } },
	  queue_unmap },
	{ .word = NULL },
};
