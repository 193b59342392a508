// SPDX-License-Identifier: GPL-2.0-only
/*
 * Clients: what a system call on a FUSE file asks the transport for, with the
 * arguments that dir.c and file.c of a kernel send, and its result.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "detect/report.h"
#include "detect/race.h"
#include "fuse/client/client_i.h"

const char *syscall_of(const struct call *c)
{
	const struct shape *s = shape_of(c->opcode);

	if (!s)
		return "call";
	return c->background ? s->background : s->syscall;
}

static struct call *call_new(struct actor *c, uint32_t opcode, uint64_t ino)
{
	struct world *w = c->w;
	struct call *call;

	if (fuse_of(w)->nr_calls == MAX_CALLS)
		world_full("calls");
	call = &fuse_of(w)->calls[fuse_of(w)->nr_calls++];
	memset(call, 0, sizeof(*call));
	call->actor = c;
	call->opcode = opcode;
	call->ino = ino;
	call->req.opcode = opcode;
	call->req.nodeid = ino;
	call->req.owner = call;
	return call;
}

void call_ends(struct call *c, long ret)
{
	c->times_ended++;
	if (fuse_of(c->actor->w)->config.request_timeout && world_time(c->actor->w))
		world_disturbed(c->actor->w, DISTURBED_TIME);
	c->calm = !c->actor->w->disturbed;
	c->done = true;
	c->ret = ret;
	/* a length is a result, if the reply has one; else what is not 0 is an error */
	c->error = ret < 0 || !c->req.out_argvar ? (int)ret : 0;
	if (ret >= 0 && shape_of(c->opcode))
		call_takes_result(c);
	fs_check(c);
	if (c->times_ended > 1)
		report(REPORT_ACCOUNTING, NULL, "%s by %s ended %u times", syscall_of(c),
		       c->actor->name, c->times_ended);
}

/*
 * Calls begin and end in any order; only umount needs their number: calls that begin
 * later find no file system. umount is ordered after all callers [the references of
 * struct mount].
 */
void leave_call(struct world *w)
{
	struct fuse_mount *detached;

	race_release(&fuse_of(w)->in_calls);
	sched_touch(w, fuse_of(w)->detached != NULL);
	if (--fuse_of(w)->in_calls)
		return;
	sched_wake_on(&fuse_of(w)->in_calls);
	if (!fuse_of(w)->detached)
		return;
	detached = fuse_of(w)->detached;
	fuse_of(w)->detached = NULL;
	race_acquire(&fuse_of(w)->in_calls);
	fuse_of(w)->ops->umount(detached);
}

void enter_call(struct call *c, const char *syscall)
{
	struct world *w = c->actor->w;

	sched_touch(w, false);
	c->started = true;
	c->since = fuse_of(w)->nr_writes;
	fuse_of(w)->on_ring &= ~(1u << steps_actor(c->actor));
	fuse_of(w)->in_calls++;
	shim_syscall_enter(syscall);
	race_acquire(&fuse_of(w)->fm); /* it is after the mount */
}

/* ---- READ and WRITE of more than a request may have [fuse_direct_io] ---- */

/* bytes of one request */
static uint32_t most_at_once(const struct fuse *f, const struct call *c)
{
	uint32_t pages = f->config.max_pages * 4096u - (uint32_t)(c->offset % 4096);
	/* [process_init_reply] whatever the server says */
	uint32_t most = f->config.max_write < 4096 ? 4096 : f->config.max_write;

	return c->opcode == OP_WRITE && most < pages ? most : pages;
}

static bool is_too_large(const struct fuse *f, const struct call *c)
{
	return (c->opcode == OP_READ || c->opcode == OP_WRITE) && !c->background &&
	       f->config.max_pages && f->config.max_write && c->size > most_at_once(f, c);
}

static void shape_again(struct call *c)
{
	c->req = (struct fs_request){ .opcode = c->opcode, .nodeid = c->req.nodeid };
	c->req.owner = c;
	call_takes_shape(c);
}

/* Return: 0, and @moved, or the request's error */
static long move_piece(struct fuse *f, struct fuse_mount *fm, struct call *c,
		       uint32_t *moved)
{
	long ret;

	shape_again(c);
	c->since = f->nr_writes;
	ret = f->ops->request(fm, &c->req);
	c->error = ret < 0 ? (int)ret : 0;
	fs_check(c);
	if (ret < 0)
		return ret;
	*moved = c->opcode == OP_READ
			 ? c->req.out_len
			 : ((const struct abi_write_out *)(void *)c->out)->size;
	return 0;
}

/*
 * One after the other, until one moved less than was asked for. Each is compared with the
 * file system by itself: what others wrote meanwhile may be in a part of them. Who is in
 * a call has the mount, though it may be unmounted by the next piece.
 */
static long move_pieces(struct fuse *f, struct call *c)
{
	struct fuse_mount *fm = f->fm;
	const struct call whole = *c;
	uint32_t done = 0, moved = 0;
	long ret;

	c->in_pieces = true;
	do {
		c->offset = whole.offset + done;
		c->data = whole.data + done;
		c->size = whole.size - done;
		if (c->size > most_at_once(f, c))
			c->size = most_at_once(f, c);
		c->data_size = c->size;
		ret = move_piece(f, fm, c, &moved);
		if (ret < 0)
			break;
		done += moved;
	} while (moved == c->size && done < whole.size);
	c->offset = whole.offset;
	c->data = whole.data;
	c->size = c->data_size = whole.size;
	shape_again(c);
	c->since = whole.since;
	c->otherwise = true;
	if (!done && ret < 0)
		return ret;
	c->req.out_len = done;
	if (c->opcode == OP_WRITE)
		((struct abi_write_out *)(void *)c->out)->size = done;
	return c->opcode == OP_READ ? (long)done : 0;
}

static void job_call(struct actor *a, void *arg)
{
	struct world *w = a->w;
	struct call *c = arg;
	long ret = -ENOTCONN;

	enter_call(c, syscall_of(c));
	if (fuse_of(w)->fm && !w->blind && is_too_large(fuse_of(w), c))
		ret = move_pieces(fuse_of(w), c);
	else if (fuse_of(w)->fm)
		ret = fuse_of(w)->ops->request(fuse_of(w)->fm, &c->req);
	else
		world_disturbed(w, DISTURBED_ENDED);
	call_ends(c, ret);
	shim_syscall_exit(ret);
	leave_call(w);
}

static void bg_ended(struct fs_request *req)
{
	struct call *c = req->owner;

	call_ends(c, req->error);
}

static void job_call_bg(struct actor *a, void *arg)
{
	struct world *w = a->w;
	struct call *c = arg;
	long ret = -ENOTCONN;

	enter_call(c, syscall_of(c));
	if (fuse_of(w)->fm)
		ret = fuse_of(w)->ops->request_bg(fuse_of(w)->fm, &c->req);
	else
		world_disturbed(w, DISTURBED_ENDED);
	if (ret)
		call_ends(c, ret);
	shim_syscall_exit(ret);
	leave_call(w);
}

static struct call *call_queue(struct call *c)
{
	actor_steps(c->actor, STEP_CALL, c->background ? job_call_bg : job_call, c);
	return c;
}

struct actor *client_new(struct world *w, const char *name, unsigned int cpu)
{
	return actor_new(w, name, cpu, NULL);
}

/* no two writes look alike, nor like the file before them */
static unsigned char written_byte(unsigned int nr, uint64_t pos)
{
	return (unsigned char)(0x5a ^ (nr * 29) ^ (pos * 7));
}

void call_data_sent(const struct call *c, unsigned char *to)
{
	for (uint32_t i = 0; i < c->size; i++)
		to[i] = written_byte(c->data_nr, c->offset + i);
}

/* memory for the data that is sent, or comes */
static void take_data(struct call *c, const struct shape *s)
{
	const unsigned int in = SHAPE_DATA_IN | SHAPE_PAGES_IN;

	if (!(s->has & (in | SHAPE_DATA_OUT | SHAPE_PAGES_OUT)))
		return;
	if (c->size > FILE_SIZE)
		world_full("bytes of a call");
	c->data_size = c->size;
	/* [fuse_do_ioctl], [fuse_readdir_uncached], [fuse_readlink_folio]: a page at
	 * least */
	if (s->has & SHAPE_PAGES_OUT && !(s->has & SHAPE_IN_PAGE) && c->size < 4096)
		c->data_size = c->opcode == OP_READLINK ? 4095 : 4096;
	c->data = world_data(c->actor->w, c->data_size);
	if (!(s->has & in)) {
		memset(c->data, 0xee, c->data_size);
		return;
	}
	c->data_nr = fuse_of(c->actor->w)->nr_calls;
	call_data_sent(c, c->data);
	memset(c->data + c->size, 0, c->data_size - c->size);
}

static void copy_name(char *to, const char *from)
{
	if (from)
		snprintf(to, FS_NAME, "%s", from);
}

struct call *client_calls(struct actor *a, const struct call_args *args)
{
	const struct shape *s = shape_of(args->opcode);
	struct call *c = call_new(a, args->opcode, args->ino);

	copy_name(c->name, args->name);
	copy_name(c->to, args->to);
	c->offset = args->offset;
	c->size = args->size;
	c->number = args->number;
	c->to_ino = args->to_ino;
	c->to_offset = args->to_offset;
	if (args->opcode == OP_READDIR || args->opcode == OP_READDIRPLUS)
		c->size = c->size < 4096 ? 4096 : c->size;
	take_data(c, s);
	call_takes_shape(c);
	if (args->background) {
		c->background = true;
		c->req.end = bg_ended;
	}
	return call_queue(c);
}

struct call *client_lookup(struct actor *a, const char *name)
{
	return client_calls(
		a, &(struct call_args){ .opcode = OP_LOOKUP, .ino = 1, .name = name });
}

struct call *client_getattr(struct actor *a, uint64_t ino)
{
	return client_calls(a, &(struct call_args){ .opcode = OP_GETATTR, .ino = ino });
}

struct call *client_open(struct actor *a, uint64_t ino)
{
	return client_calls(a, &(struct call_args){ .opcode = OP_OPEN,
						    .ino = ino,
						    .number = 2 /* O_RDWR */ });
}

struct call *client_fsync(struct actor *a, uint64_t ino)
{
	return client_calls(a, &(struct call_args){ .opcode = OP_FSYNC, .ino = ino });
}

static struct call *transfer(struct actor *a, uint32_t opcode, uint64_t ino, uint64_t off,
			     uint32_t size, bool background)
{
	return client_calls(a, &(struct call_args){ .opcode = opcode,
						    .ino = ino,
						    .offset = off,
						    .size = size,
						    .background = background });
}

struct call *client_read(struct actor *a, uint64_t ino, uint64_t off, uint32_t size)
{
	return transfer(a, OP_READ, ino, off, size, false);
}

struct call *client_write(struct actor *a, uint64_t ino, uint64_t off, uint32_t size)
{
	return transfer(a, OP_WRITE, ino, off, size, false);
}

struct call *client_read_bg(struct actor *a, uint64_t ino, uint64_t off, uint32_t size)
{
	return transfer(a, OP_READ, ino, off, size, true);
}

struct call *client_write_bg(struct actor *a, uint64_t ino, uint64_t off, uint32_t size)
{
	return transfer(a, OP_WRITE, ino, off, size, true);
}

static void job_mount(struct actor *a, void *arg)
{
	const struct fuse *f = fuse_of(a->w);
	struct call *c = arg;

	sched_touch(a->w, true);
	c->started = true;
	call_ends(c, f->fm ? -EBUSY : f->dev_mounted ? -EINVAL : sys_mount(a->w));
}

struct call *client_mounts(struct actor *a)
{
	struct call *c = call_new(a, OP_INIT, 0);

	actor_steps(a, STEP_MOUNT, job_mount, c);
	return c;
}

static void job_forget(struct actor *a, void *arg)
{
	struct call *c = arg;
	struct world *w = a->w;

	enter_call(c, "forget");
	if (fuse_of(w)->fm)
		fuse_of(w)->ops->forget(fuse_of(w)->fm, c->ino, c->offset);
	call_ends(c, 0);
	shim_syscall_exit(0);
	leave_call(w);
}

static void job_getattrs(struct actor *a, void *arg)
{
	struct world *w = a->w;
	struct call *c = arg;

	for (c->size = 0; !c->ret && c->size < c->offset; c->size += !c->ret) {
		enter_call(c, syscall_of(c));
		c->ret = fuse_of(w)->fm
				 ? fuse_of(w)->ops->request(fuse_of(w)->fm, &c->req)
				 : -ENOTCONN;
		shim_syscall_exit(c->ret);
		leave_call(w);
	}
	c->done = true;
}

struct call *client_getattrs(struct actor *a, uint64_t ino, unsigned int n)
{
	struct call *c = client_getattr(a, ino);

	a->first->run = job_getattrs;
	c->offset = n;
	return c;
}

void client_forget(struct actor *a, uint64_t ino, uint64_t nlookup)
{
	struct call *c = call_new(a, OP_FORGET, ino);

	c->offset = nlookup;
	actor_steps(a, STEP_FORGET, job_forget, c);
}

bool call_has_file_data(const struct call *c)
{
	static unsigned char expected[FILE_SIZE];

	if (!c->done || c->ret != (long)c->size)
		return false;
	fs_read(c->actor->w, c->ino, c->offset, expected, c->size);
	return !memcmp(c->data, expected, c->size);
}

bool file_has_call_data(const struct call *c)
{
	return call_has_file_data(c);
}

void call_report_lost(const struct call *c)
{
	const struct sched_task *t = c->actor->task->fiber;

	/* root has asked for none of them to be sent */
	if (c->background && fuse_of(c->actor->w)->no_background)
		return;
	if (c->background) {
		report(REPORT_PROGRESS, NULL,
		       "%s of inode %llu by %s in the background was never answered",
		       syscall_of(c), (unsigned long long)c->ino, c->actor->name);
		return;
	}
	report(REPORT_PROGRESS, t->blocked_at,
	       "%s of inode %llu by %s never came back: it waits for %s", syscall_of(c),
	       (unsigned long long)c->ino, c->actor->name,
	       t->blocked_why ? t->blocked_why : "something unknown");
	shim_tell_wait(c->actor->task);
}
