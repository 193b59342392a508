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
#include "fuse/fuse_i.h"

static const char *syscall_of(const struct call *c)
{
	switch (c->opcode) {
	case OP_LOOKUP:
		return "lookup";
	case OP_GETATTR:
		return "stat";
	case OP_OPEN:
		return "open";
	case OP_READ:
		return c->background ? "readahead" : "read";
	case OP_WRITE:
		return c->background ? "writeback" : "write";
	case OP_FSYNC:
		return "fsync";
	default:
		return "call";
	}
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

static void call_in(struct call *c, uint32_t size)
{
	c->req.in[c->req.in_nr] = c->in;
	c->req.in_size[c->req.in_nr++] = size;
}

static void call_out(struct call *c, uint32_t size)
{
	c->req.out[c->req.out_nr] = c->out;
	c->req.out_size[c->req.out_nr++] = size;
}

/* The result of the system call for a good reply. */
static void call_result(struct call *c)
{
	const struct abi_entry_out *entry = (const void *)c->out;
	const struct abi_attr_out *attr = (const void *)c->out;
	const struct abi_open_out *open = (const void *)c->out;
	const struct abi_write_out *written = (const void *)c->out;

	switch (c->opcode) {
	case OP_LOOKUP:
		c->ino = entry->nodeid;
		c->attr_size = entry->attr.size;
		break;
	case OP_GETATTR:
		c->attr_size = attr->attr.size;
		break;
	case OP_OPEN:
		c->fh = open->fh;
		break;
	case OP_READ:
		c->ret = c->req.out_len;
		break;
	case OP_WRITE:
		c->ret = written->size;
		break;
	default:
		break;
	}
}

static void call_ends(struct call *c, long ret)
{
	c->times_ended++;
	c->done = true;
	c->ret = ret;
	if (ret >= 0)
		call_result(c);
	if (c->times_ended > 1)
		report(REPORT_ACCOUNTING, NULL, "%s by %s ended %u times", syscall_of(c),
		       c->actor->name, c->times_ended);
}

/*
 * Calls begin and end in any order; only umount needs their number: calls that begin
 * later find no file system. umount is ordered after all callers [the references of
 * struct mount].
 */
static void leave_call(struct world *w)
{
	race_release(&fuse_of(w)->in_calls);
	sched_touch(w, false);
	if (!--fuse_of(w)->in_calls)
		sched_wake_on(&fuse_of(w)->in_calls);
}

static void enter_call(struct call *c, const char *syscall)
{
	struct world *w = c->actor->w;

	sched_touch(w, false);
	c->started = true;
	fuse_of(w)->on_ring &= ~(1u << steps_actor(c->actor));
	fuse_of(w)->in_calls++;
	shim_syscall_enter(syscall);
	race_acquire(&fuse_of(w)->fm); /* it is after the mount */
}

static void job_call(struct actor *a, void *arg)
{
	struct world *w = a->w;
	struct call *c = arg;
	long ret = -ENOTCONN;

	enter_call(c, syscall_of(c));
	if (fuse_of(w)->fm)
		ret = fuse_of(w)->ops->request(fuse_of(w)->fm, &c->req);
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

struct call *client_lookup(struct actor *a, const char *name)
{
	struct call *c = call_new(a, OP_LOOKUP, 1);

	snprintf(c->name, sizeof(c->name), "%s", name);
	c->req.in_nr = 1; /* the operation has no header */
	c->req.in[1] = c->name;
	c->req.in_size[1] = (uint32_t)strlen(c->name);
	c->req.in[2] = "";
	c->req.in_size[2] = 1;
	c->req.in_nr = 3;
	call_out(c, sizeof(struct abi_entry_out));
	return call_queue(c);
}

struct call *client_getattr(struct actor *a, uint64_t ino)
{
	struct call *c = call_new(a, OP_GETATTR, ino);

	call_in(c, sizeof(struct abi_getattr_in));
	call_out(c, sizeof(struct abi_attr_out));
	return call_queue(c);
}

struct call *client_open(struct actor *a, uint64_t ino)
{
	struct call *c = call_new(a, OP_OPEN, ino);
	struct abi_open_in *in = (void *)c->in;

	in->flags = 2; /* O_RDWR */
	call_in(c, sizeof(*in));
	call_out(c, sizeof(struct abi_open_out));
	return call_queue(c);
}

struct call *client_fsync(struct actor *a, uint64_t ino)
{
	struct call *c = call_new(a, OP_FSYNC, ino);

	call_in(c, sizeof(struct abi_fsync_in));
	return call_queue(c);
}

static struct call *io_new(struct actor *a, uint32_t op, uint64_t ino, uint64_t off,
			   uint32_t size)
{
	struct call *c = call_new(a, op, ino);

	if (size > FILE_SIZE)
		world_full("bytes of a call");
	c->offset = off;
	c->size = size;
	c->data = world_data(a->w, size);
	c->req.pages = c->data;
	c->req.pages_size = size;
	c->req.pages_offset = (uint32_t)(off % 4096);
	c->req.zero_copy = fuse_of(a->w)->config.zero_copy;
	return c;
}

static struct call *read_new(struct actor *a, uint64_t ino, uint64_t off, uint32_t size)
{
	struct call *c = io_new(a, OP_READ, ino, off, size);
	struct abi_read_in *in = (void *)c->in;

	in->offset = off;
	in->size = size;
	call_in(c, sizeof(*in));
	c->req.pages_out = true;
	c->req.page_zeroing = true;
	c->req.out_argvar = true;
	memset(c->data, 0xee, size);
	return c;
}

/* no two writes look alike, nor like the file before them */
static unsigned char written_byte(unsigned int nr, uint64_t pos)
{
	return (unsigned char)(0x5a ^ (nr * 29) ^ (pos * 7));
}

static struct call *write_new(struct actor *a, uint64_t ino, uint64_t off, uint32_t size)
{
	struct call *c = io_new(a, OP_WRITE, ino, off, size);
	struct abi_write_in *in = (void *)c->in;

	in->offset = off;
	in->size = size;
	call_in(c, sizeof(*in));
	call_out(c, sizeof(struct abi_write_out));
	c->req.pages_in = true;
	for (uint32_t i = 0; i < size; i++)
		c->data[i] = written_byte(fuse_of(a->w)->nr_calls, off + i);
	return c;
}

struct call *client_read(struct actor *a, uint64_t ino, uint64_t off, uint32_t size)
{
	return call_queue(read_new(a, ino, off, size));
}

struct call *client_write(struct actor *a, uint64_t ino, uint64_t off, uint32_t size)
{
	return call_queue(write_new(a, ino, off, size));
}

static struct call *in_background(struct call *c)
{
	c->background = true;
	c->req.end = bg_ended;
	return call_queue(c);
}

struct call *client_read_bg(struct actor *a, uint64_t ino, uint64_t off, uint32_t size)
{
	return in_background(read_new(a, ino, off, size));
}

struct call *client_write_bg(struct actor *a, uint64_t ino, uint64_t off, uint32_t size)
{
	return in_background(write_new(a, ino, off, size));
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

/*
 * umount -f: abort what is under way [fuse_umount_begin], and once the last
 * caller has left, tear the connection down [fuse_conn_destroy].
 */
static void job_umount(struct actor *a, void *arg)
{
	struct world *w = a->w;
	struct fuse_mount *fm = fuse_of(w)->fm;

	(void)arg;
	sched_touch(w, true);
	if (!fm)
		return;
	shim_syscall_enter("umount");
	race_acquire(&fuse_of(w)->fm); /* it is after the mount */
	fuse_of(w)->fm = NULL;
	if (fuse_of(w)->in_calls)
		fuse_of(w)->ops->abort(fm, false);
	while (sched_touch(w, true), fuse_of(w)->in_calls)
		sched_block(&fuse_of(w)->in_calls, "callers to leave the file system",
			    SCHED_SITE(NULL));
	race_acquire(&fuse_of(w)->in_calls);
	fuse_of(w)->ops->umount(fm);
	shim_syscall_exit(0);
}

void client_umounts(struct actor *a)
{
	actor_steps(a, STEP_UMOUNT, job_umount, NULL);
}

static void job_abort(struct actor *a, void *arg)
{
	struct world *w = a->w;

	(void)arg;
	sched_touch(w, false);
	shim_syscall_enter("write abort");
	race_acquire(&fuse_of(w)->fm); /* it is after the mount */
	if (fuse_of(w)->fm) {
		fuse_of(w)->in_calls++;
		fuse_of(w)->ops->abort(fuse_of(w)->fm, true);
		leave_call(w);
	}
	shim_syscall_exit(0);
}

void client_aborts_connection(struct actor *a)
{
	actor_steps(a, STEP_ABORT, job_abort, NULL);
}

static void job_set_max_background(struct actor *a, void *arg)
{
	struct world *w = a->w;

	sched_touch(w, false);
	shim_syscall_enter("write max_background");
	race_acquire(&fuse_of(w)->fm); /* it is after the mount */
	if (fuse_of(w)->fm) {
		/* [fuse_ctl_file_conn_get()]: it stays until this is done */
		fuse_of(w)->in_calls++;
		fuse_of(w)->ops->set_max_background(fuse_of(w)->fm,
						    (unsigned int)(uintptr_t)arg);
		leave_call(w);
	} else {
		race_release(&fuse_of(w)->in_calls);
	}
	shim_syscall_exit(0);
}

void client_sets_max_background(struct actor *a, unsigned int n)
{
	actor_steps(a, STEP_MAX_BACKGROUND, job_set_max_background, (void *)(uintptr_t)n);
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
