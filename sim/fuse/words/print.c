// SPDX-License-Identifier: GPL-2.0-only
/*
 * FUSE's jobs as the lines of a scenario file that queue the same.
 */
#include "fuse/fuse_i.h"
#include "fuse/words/words.h"

/* what the file system would have answered, when an answer with other fields was queued
 */
static struct answer by_default[QUEUED_MAX];

void fuse_words_note(const struct queued *q)
{
	const struct fuse_command *c = q->arg;

	if (q->what == QUEUED_JOB && q->kind == STEP_ANSWER && c->has_answer)
		answer_default(q->actor->w, c->delivery, &by_default[q->nr]);
}

/* ---- records ---- */

/* a command has a name only if it is needed */
static bool is_cancelled(const void *command)
{
	const struct queued *q;

	for (unsigned int i = 0; (q = queued_nr(i)); i++)
		if (q->what == QUEUED_JOB && q->kind == STEP_CANCEL &&
		    ((const struct fuse_command *)q->arg)->target == command)
			return true;
	return false;
}

const void *fuse_words_record(const struct queued *q, unsigned int *kind)
{
	if (q->what != QUEUED_JOB)
		return NULL;
	switch (q->kind) {
	case STEP_CALL:
	case STEP_MOUNT:
		*kind = A_CALL;
		return q->arg;
	case STEP_TAKE:
		*kind = A_TAKE;
		return q->arg;
	case STEP_SUBMIT:
	case STEP_ANSWER:
		*kind = A_COMMAND;
		return is_cancelled(q->arg) ? q->arg : NULL;
	case STEP_DEV:
		*kind = A_DEV_READ;
		return q->arg;
	case STEP_NOTIFY:
		*kind = A_NOTICE;
		return q->arg;
	case STEP_DEV_CONTROL:
		*kind = A_CONTROL;
		return q->arg;
	default:
		return NULL;
	}
}

static const struct delivery *delivery_at(const struct world *w, const void *addr)
{
	const struct fuse *f = fuse_of(w);

	for (unsigned int i = 0; i < f->nr_deliveries; i++)
		if (f->deliveries[i].arrived && (f->deliveries[i].headers == addr ||
						 f->deliveries[i].payload == addr))
			return &f->deliveries[i];
	return NULL;
}

const void *fuse_words_uses(const struct queued *q)
{
	switch (q->kind) {
	case STEP_ANSWER:
	case STEP_COPY:
	case STEP_LINKED:
		return ((const struct fuse_command *)q->arg)->delivery;
	case STEP_DEV_ANSWER:
		return ((const struct dev_read *)q->arg)->of;
	case STEP_OVER_DEV:
		return ((const struct dev_read *)q->arg)->taken;
	case STEP_OVER_RING:
		return ((const struct fuse_command *)q->arg)->read;
	case STEP_CANCEL:
		return ((const struct fuse_command *)q->arg)->target;
	case STEP_REWRITE:
		return ((const struct rewrite *)q->arg)->delivery;
	case STEP_PAGE:
		return ((const struct page_change *)q->arg)->delivery;
	case STEP_UNMAP:
		return delivery_at(q->actor->w, q->arg);
	default:
		return NULL;
	}
}

/* ---- calls ---- */

/* struct printed - a word, and which arguments follow it, by their letters below */
static const struct printed {
	const char *word, *args;
} printed[OP_NR] = {
	[OP_LOOKUP] = { "lookup", "n" },
	[OP_GETATTR] = { "getattr", "i" },
	[OP_SETATTR] = { "truncate", "il" },
	[OP_READLINK] = { "readlink", "i" },
	[OP_SYMLINK] = { "symlink", "nt" },
	[OP_UNLINK] = { "unlink", "n" },
	[OP_OPEN] = { "open", "if" },
	[OP_READ] = { "read", "iosb" },
	[OP_WRITE] = { "write", "iosb" },
	[OP_STATFS] = { "statfs", "" },
	[OP_RELEASE] = { "release", "i" },
	[OP_FSYNC] = { "fsync", "i" },
	[OP_SETXATTR] = { "setxattr", "ias" },
	[OP_GETXATTR] = { "getxattr", "ias" },
	[OP_LISTXATTR] = { "listxattr", "is" },
	[OP_FLUSH] = { "flush", "i" },
	[OP_READDIR] = { "readdir", "os" },
	[OP_CREATE] = { "create", "nf" },
	[OP_IOCTL] = { "ioctl", "is" },
	[OP_POLL] = { "poll", "ie" },
	[OP_READDIRPLUS] = { "readdirplus", "os" },
	[OP_RENAME] = { "rename", "nt" },
	[OP_RENAME2] = { "rename", "ntf" },
	[OP_LSEEK] = { "lseek", "iow" },
	[OP_COPY_FILE_RANGE_64] = { "copy-range", "iocs" },
};

static void print_argument(FILE *out, const struct call *c, char letter)
{
	const unsigned long long ino = c->req.nodeid, offset = c->offset;
	const bool opens = c->opcode == OP_OPEN || c->opcode == OP_CREATE;

	switch (letter) {
	case 'n':
		fprintf(out, " %s", c->name);
		break;
	case 't':
		fprintf(out, " to %s", c->to);
		break;
	case 'a':
		fprintf(out, " name %s", c->name);
		break;
	case 'i':
		fprintf(out, " ino %llu", ino);
		break;
	case 'o':
		fprintf(out, " offset %llu", offset);
		break;
	case 'l':
		fprintf(out, " size %llu", offset);
		break;
	case 's':
		fprintf(out, " size %u", c->size);
		break;
	case 'b':
		fputs(c->background ? " background" : "", out);
		break;
	case 'f':
		if (c->number != (opens ? 2 : 0)) /* O_RDWR */
			fprintf(out, " flags %u", c->number);
		break;
	case 'e':
		fprintf(out, " events %u", c->number);
		break;
	case 'w':
		fprintf(out, " whence %u", c->number);
		break;
	default:
		fprintf(out, " to-ino %llu to-offset %llu", (unsigned long long)c->to_ino,
			(unsigned long long)c->to_offset);
		break;
	}
}

static bool print_call(FILE *out, const struct call *c)
{
	const struct printed *p = &printed[c->opcode < OP_NR ? c->opcode : 0];

	if (!p->word)
		return false;
	fputs(p->word, out);
	for (const char *letter = p->args; *letter; letter++)
		print_argument(out, c, *letter);
	return true;
}

static bool print_forget(FILE *out, const struct call *c)
{
	fprintf(out, "forget ino %llu nlookup %llu", (unsigned long long)c->ino,
		(unsigned long long)c->offset);
	return true;
}

/* ---- commands ---- */

static void get_default(struct world *w, uint32_t op, unsigned int qid, unsigned int ent,
			struct reg *r)
{
	if (op == CMD_ADD_QUEUE)
		add_queue_default(w, qid, r);
	else if (op == CMD_ADD_BUFPOOL)
		add_bufpool_default(w, qid, r);
	else
		register_default(w, qid, ent, r);
}

/* what has no field in a file */
static bool same_addresses(const struct reg *x, const struct reg *y)
{
	return x->headers == y->headers && x->pool_addr == y->pool_addr &&
	       x->fd == y->fd &&
	       (x->payload == y->payload || !y->payload ||
		(uintptr_t)x->payload < 4096) &&
	       (uintptr_t)x->iov < 4096 &&
	       (x->payload == y->payload || (uintptr_t)x->payload < 4096);
}

/* The queue and entry whose memory a command names; @r: as they have it by default. */
static bool find_default(struct world *w, const struct reg *reg, struct reg *r)
{
	const struct fuse *f = fuse_of(w);

	for (unsigned int qid = 0; qid < f->config.cpus; qid++) {
		for (unsigned int ent = 0; ent < MAX_ENTS; ent++) {
			bool itself = reg->ent == ent;

			if (!itself || (reg->cmd_op != CMD_ADD_QUEUE &&
					reg->cmd_op != CMD_ADD_BUFPOOL &&
					!f->queues[qid].ents[ent].iov))
				continue;
			if (reg->cmd_op == CMD_ADD_QUEUE && reg->qid < f->config.cpus &&
			    reg->qid != qid)
				continue;
			get_default(w, reg->cmd_op, qid, ent, r);
			if (same_addresses(reg, r))
				return true;
		}
	}
	return false;
}

static void print_fields(FILE *out, const struct reg *reg, const struct reg *r)
{
	for (unsigned int i = REG_FLAGS; i < REG_ARGS; i++)
		if (reg_field(reg, i) != reg_field(r, i))
			fprintf(out, " %s %lld", fuse_reg_args[i].word,
				reg_field(reg, i));
}

static bool print_submit(FILE *out, struct world *w, const struct fuse_command *c)
{
	struct reg r;

	if (!find_default(w, &c->reg, &r))
		return false;
	if (c->reg.cmd_op == CMD_ADD_QUEUE)
		fprintf(out, "add-queue queue %u", r.qid);
	else if (c->reg.cmd_op == CMD_ADD_BUFPOOL)
		fprintf(out, "add-bufpool queue %u", r.qid);
	else
		fprintf(out, "register queue %u entry %u", r.qid, r.ent);
	if (c->pub.needed)
		fputs(" needed", out);
	print_fields(out, &c->reg, &r);
	return true;
}

static void print_change(FILE *out, const char *word, uint64_t is, uint64_t usual)
{
	if (!is)
		fprintf(out, " %s 0", word);
	else
		fprintf(out, " %s %+lld", word, (long long)(is - usual));
}

static void print_error(FILE *out, int error)
{
	if (text_error_word(error))
		fprintf(out, " error %s", text_error_word(error));
	else
		fprintf(out, " error %d", error);
}

static void print_changes(FILE *out, const struct answer *a, const struct answer *usual)
{
	const struct {
		unsigned int arg;
		uint64_t is, usual;
	} fields[] = {
		{ ANSWER_UNIQUE, a->unique, usual->unique },
		{ ANSWER_COMMIT_ID, a->commit_id, usual->commit_id },
		{ ANSWER_OUT_LEN, a->out_len, usual->out_len },
		{ ANSWER_PAYLOAD_SIZE, a->payload_sz, usual->payload_sz },
		{ ANSWER_QUEUE, a->qid, usual->qid },
		{ ANSWER_BUF_INDEX, a->buf_index, usual->buf_index },
		{ ANSWER_URING_FLAGS, a->uring_cmd_flags, usual->uring_cmd_flags },
		{ ANSWER_SQE_FLAGS, a->sqe_flags, usual->sqe_flags },
	};
	bool changed = false;

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (fields[i].is == fields[i].usual)
			continue;
		print_change(out, fuse_answer_words[fields[i].arg], fields[i].is,
			     fields[i].usual);
		changed = true;
	}
	/* an error alone would take the payload away */
	if (!changed && a->error != usual->error)
		print_change(out, fuse_answer_words[ANSWER_PAYLOAD_SIZE], a->payload_sz,
			     usual->payload_sz);
}

/* as the scenario file says it: what it comes to depends on the request */
static void print_words(FILE *out, const struct text_value *v)
{
	if (v[ANSWER_ERROR].given)
		print_error(out, (int)v[ANSWER_ERROR].number);
	for (unsigned int i = ANSWER_UNIQUE; i < ANSWER_ARGS; i++)
		if (v[i].given)
			fprintf(out, v[i].relative ? " %s %+lld" : " %s %lld",
				fuse_answer_words[i], v[i].number);
}

static bool print_answer(FILE *out, const struct queued *q, const char *of)
{
	const struct fuse_command *c = q->arg;
	const struct answer *usual = &by_default[q->nr], *a = &c->answer;

	const struct text_value *v = answer_changes(c);

	if (!of || (c->change && !v) || (c->has_answer && a->data))
		return false;
	fprintf(out, "answer %s", of);
	if (v) {
		print_words(out, v);
		return true;
	}
	if (!c->has_answer) {
		if (c->error)
			print_error(out, c->error);
		return true;
	}
	if (a->error != usual->error)
		print_error(out, a->error);
	print_changes(out, a, usual);
	return true;
}

static bool print_dev_answer(FILE *out, const struct dev_read *d, const char *of)
{
	if (!of)
		return false;
	fprintf(out, "answer-dev %s", of);
	if (d->error)
		print_error(out, d->error);
	if (d->unique_more)
		fprintf(out, " unique %+lld", (long long)d->unique_more);
	if (d->len_more)
		fprintf(out, " len %+d", d->len_more);
	return true;
}

/* what it does to /dev/fuse without an answer */
static bool print_dev(FILE *out, const struct queued *q)
{
	const struct dev_control *c = q->arg;
	const struct dev_read *d = q->arg;

	if (q->kind == STEP_DEV_CONTROL && c->poll)
		return fputs("poll-dev", out) >= 0;
	if (q->kind == STEP_DEV_CONTROL)
		return fprintf(out, "ioctl-dev %u", c->command) > 0;
	fputs("read-dev", out);
	if (d->room != UINT32_MAX)
		fprintf(out, " size %u", d->room);
	return true;
}

static bool print_other_way(FILE *out, const struct queued *q, const char *of)
{
	const struct fuse_command *c = q->arg;
	const struct dev_read *d = q->arg;

	if (!of)
		return false;
	if (q->kind == STEP_OVER_RING)
		return fprintf(out, "answer-over-ring %s queue %u", of, c->pub.qid) > 0;
	fprintf(out, "answer-over-dev %s", of);
	if (d->error)
		print_error(out, d->error);
	return true;
}

static bool print_unmap(FILE *out, const struct queued *q, const char *of)
{
	const struct delivery *d = delivery_at(q->actor->w, q->arg);

	if (!of || !d)
		return false;
	fprintf(out, "unmap %s%s", of, d->headers == q->arg ? "" : " payload");
	return true;
}

/* ---- all of them ---- */

/* a job that registers the table has no argument, nor has one that takes it away */
static const char *plain_word(unsigned int kind)
{
	switch (kind) {
	case STEP_UMOUNT:
		return "umount";
	case STEP_ABORT:
		return "abort";
	case STEP_TABLE:
		return "register-buffers";
	case STEP_TABLE_GONE:
		return "unregister-buffers";
	case STEP_SERVE:
		return "serve";
	case STEP_DRAIN:
		return "drain";
	case STEP_CLOSE_DEV:
		return "close-dev";
	case STEP_MOUNT:
		return "mount";
	case STEP_UMOUNT_LAZY:
		return "umount lazy";
	default:
		return NULL;
	}
}

static bool print_init(FILE *out, const struct init_answer *how)
{
	fputs("answer-init", out);
	if (!how)
		return true;
	if (how->error)
		print_error(out, how->error);
	if (how->major)
		fprintf(out, " major %u", how->major);
	if (how->minor)
		fprintf(out, " minor %u", how->minor);
	if (how->no_io_uring)
		fputs(" no-io-uring", out);
	return true;
}

static bool print_take(FILE *out, const struct delivery *d)
{
	fputs("take", out);
	if (d->within)
		fprintf(out, " within %u%s", d->within, d->absolute ? " absolute" : "");
	return true;
}

static bool print_knob(FILE *out, const void *arg)
{
	static const char *const words[] = {
		[KNOB_CONGESTION] = "congestion-threshold",
		[KNOB_DEFAULT_TIMEOUT] = "default-timeout",
		[KNOB_MAX_TIMEOUT] = "max-timeout",
		[KNOB_ENABLE_URING] = "enable-uring",
	};

	return fprintf(out, "%s %u", words[(uintptr_t)arg >> 32],
		       (unsigned int)(uintptr_t)arg) > 0;
}

bool fuse_words_print(FILE *out, const struct queued *q, const char *of)
{
	unsigned int number = (unsigned int)(uintptr_t)q->arg;

	switch (q->kind) {
	case STEP_CALL:
		return print_call(out, q->arg);
	case STEP_FORGET:
		return print_forget(out, q->arg);
	case STEP_MAX_BACKGROUND:
		return fprintf(out, "max-background %u", number) > 0;
	case STEP_INIT:
		return print_init(out, q->arg);
	case STEP_CPU:
		return fprintf(out, "cpu %u", number) > 0;
	case STEP_KNOB:
		return print_knob(out, q->arg);
	case STEP_CANCEL:
		if (((const struct fuse_command *)q->arg)->target && !of)
			return false;
		print_cancel(out, q->arg, of);
		return true;
	case STEP_TAKE:
		return print_take(out, q->arg);
	case STEP_SERVE_N:
		return fprintf(out, "serve %u", number) > 0;
	case STEP_SUBMIT:
		return print_submit(out, q->actor->w, q->arg);
	case STEP_ANSWER:
		return print_answer(out, q, of);
	case STEP_OVER_DEV:
	case STEP_OVER_RING:
		return print_other_way(out, q, of);
	case STEP_DEV:
	case STEP_DEV_CONTROL:
		return print_dev(out, q);
	case STEP_DEV_ANSWER:
		return print_dev_answer(out, q->arg, of);
	case STEP_NOTIFY:
		return print_notice(out, q->arg);
	case STEP_REWRITE:
		return print_rewrite(out, q->arg, of);
	case STEP_PAGE:
		return print_page_change(out, q->arg, of);
	case STEP_COPY:
	case STEP_LINKED:
		return print_copy(out, q->arg, of);
	case STEP_UNMAP:
		return print_unmap(out, q, of);
	default:
		if (print_ring(out, q->kind, q->arg))
			return true;
		return plain_word(q->kind) && fputs(plain_word(q->kind), out) >= 0;
	}
}
