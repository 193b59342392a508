// SPDX-License-Identifier: GPL-2.0-only
/*
 * The io_uring of a server's thread, by raw system calls. Requests that are not the
 * scenario's (extra.c) are answered here: the world never sees them.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/io_uring.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "real/real.h"
#include "shim/work.h"

#define MAX_RINGS 24
#define MAX_CQES  512
#define MIXED	  (1u << 19) /* IORING_SETUP_SQE_MIXED */
#define ABS_TIMER (1u << 5)  /* IORING_ENTER_ABS_TIMER */
#define COPYING	  (~0ull)    /* user_data of uring_fixed_copy() */

/* of an sq thread: it has to be woken whenever clients take their time */
#define SQ_IDLE_MS 50
#define SQ_NAP_US  1000

/**
 * struct shim_uring - an instance and its mappings in the server's process
 * @t: the thread
 * @sqes: as the world fills them in, 128 bytes each; @staged of them
 * @early: SQEs of the world that were submitted before it asked for that
 * @slot: bytes of an SQE in the kernel's array
 * @cqes: what the kernel completed and the world has not seen
 */
struct shim_uring {
	struct real_task *t;
	pid_t process;
	int fd;
	unsigned int flags, entries, slot;
	unsigned char *sq, *cq, *slots;
	struct io_uring_params p;
	struct uring_sqe sqes[RING_ENTRIES];
	unsigned int staged, early;
	unsigned int untold; /* mixed SQEs: entries that no call has submitted */
	struct uring_cqe cqes[MAX_CQES];
	unsigned int cqe_head, cqe_tail;
	long copied;
	int event; /* eventfd, plus 1; 0: there is none yet */
	bool polled, closed;
};

static struct shim_uring rings[MAX_RINGS];
static unsigned int nr_rings;

static unsigned int *word(unsigned char *base, unsigned int offset)
{
	return (void *)(base + offset);
}

static bool map_ring(struct shim_uring *r)
{
	unsigned long sq = r->p.sq_off.array + r->p.sq_entries * sizeof(unsigned int);
	unsigned long cq = r->p.cq_off.cqes + r->p.cq_entries * sizeof(struct uring_cqe);
	int prot = PROT_READ | PROT_WRITE, flags = MAP_SHARED | MAP_POPULATE;

	r->sq = mmap(NULL, sq, prot, flags, r->fd, IORING_OFF_SQ_RING);
	r->cq = mmap(NULL, cq, prot, flags, r->fd, IORING_OFF_CQ_RING);
	r->slots = mmap(NULL, (unsigned long)r->p.sq_entries * r->slot, prot, flags,
			r->fd, IORING_OFF_SQES);
	return r->sq != MAP_FAILED && r->cq != MAP_FAILED && r->slots != MAP_FAILED;
}

struct shim_uring *sys_io_uring_setup(unsigned int entries, unsigned int flags)
{
	struct shim_uring *r = &rings[nr_rings];

	if (nr_rings == MAX_RINGS || entries > RING_ENTRIES)
		world_full("io_uring instances");
	nr_rings++;
	memset(r, 0, sizeof(*r));
	r->t = self;
	r->process = real.server;
	r->flags = flags;
	r->entries = entries;
	r->slot = flags & IORING_SETUP_SQE128 ? 128 : 64;
	r->p.flags = flags;
	r->p.sq_thread_idle = SQ_IDLE_MS;
	call_begins();
	r->fd = (int)syscall(SYS_io_uring_setup, flags & MIXED ? 2 * entries : entries,
			     &r->p);
	call_ends_now();
	if (r->fd < 0 || !map_ring(r))
		return NULL;
	return r;
}

struct uring_sqe *uring_get_sqe(struct shim_uring *r)
{
	struct uring_sqe *sqe;

	if (r->staged == r->entries)
		return NULL;
	sqe = &r->sqes[r->staged++];
	memset(sqe, 0, sizeof(*sqe));
	return sqe;
}

/* What is not published yet is not the kernel's to read. */
struct uring_sqe *uring_last_sqe(struct shim_uring *r)
{
	unsigned int tail = r->closed ? 0 : *word(r->sq, r->p.sq_off.tail);

	if (r->staged)
		return &r->sqes[r->staged - 1];
	return tail ? (void *)(r->slots + ((tail - (r->flags & MIXED ? 2 : 1)) &
					   (r->p.sq_entries - 1)) *
						  r->slot)
		    : NULL;
}

/* ---- an sq thread ---- */

static unsigned int sq_untaken(struct shim_uring *r)
{
	return *word(r->sq, r->p.sq_off.tail) -
	       __atomic_load_n(word(r->sq, r->p.sq_off.head), __ATOMIC_ACQUIRE);
}

static bool sq_sleeps(struct shim_uring *r)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return __atomic_load_n(word(r->sq, r->p.sq_off.flags), __ATOMIC_RELAXED) &
	       IORING_SQ_NEED_WAKEUP;
}

/* Return: whether it takes SQEs at all */
static bool sq_wake(struct shim_uring *r)
{
	return !sq_sleeps(r) || syscall(SYS_io_uring_enter, r->fd, 0, 0,
					IORING_ENTER_SQ_WAKEUP, NULL, 0) >= 0;
}

/* until it has taken all but @left */
static void sq_wait(struct shim_uring *r, unsigned int left)
{
	while (!r->closed && !self->task.sigkill && sq_untaken(r) > left && sq_wake(r)) {
		call_begins();
		usleep(SQ_NAP_US);
		call_ends_now();
	}
}

/* Put what is staged into the kernel's array. */
static void publish(struct shim_uring *r)
{
	unsigned int tail = *word(r->sq, r->p.sq_off.tail);
	unsigned int mask = r->p.sq_entries - 1;

	if (r->staged && r->flags & IORING_SETUP_SQPOLL)
		sq_wait(r, r->p.sq_entries - r->staged);

	for (unsigned int i = 0; i < r->staged; i++, tail++) {
		unsigned int size = r->slot;

		/* a large SQE is two entries; the ring has an even number of them */
		if (r->sqes[i].opcode == URING_OP_URING_CMD128)
			size = sizeof(r->sqes[i]);
		memcpy(r->slots + (tail & mask) * r->slot, &r->sqes[i], size);
		word(r->sq, r->p.sq_off.array)[tail & mask] = tail & mask;
		r->untold++;
		if (size == r->slot)
			continue;
		tail++;
		word(r->sq, r->p.sq_off.array)[tail & mask] = tail & mask;
		r->untold++;
	}
	__atomic_store_n(word(r->sq, r->p.sq_off.tail), tail, __ATOMIC_RELEASE);
	r->staged = 0;
}

/*
 * What the world has staged goes first, with the next SQE of ours. When the world asks
 * for it, it is not to be asked for again: a call that finds fewer SQEs than it was told
 * returns at once, and does not wait.
 */
static void submit_early(struct shim_uring *r)
{
	r->early += r->staged;
	publish(r);
}

/* struct io_uring_getevents_arg with a time */
static int enter_ext(struct shim_uring *r, unsigned int n, unsigned int min,
		     unsigned int flags, const struct uring_wait *how)
{
	struct timespec ts = { 0 };
	struct io_uring_getevents_arg arg = { .ts = (uintptr_t)&ts };
	unsigned int told;
	long ret;

	memory_protect();
	publish(r);
	if (r->flags & IORING_SETUP_SQPOLL && sq_sleeps(r))
		flags |= IORING_ENTER_SQ_WAKEUP;
	call_begins();
	if (how) {
		flags |= IORING_ENTER_EXT_ARG | (how->absolute ? ABS_TIMER : 0);
		ts.tv_sec = (time_t)(how->timeout / SHIM_HZ);
		ts.tv_nsec = (long)(how->timeout % SHIM_HZ) * (1000000000l / SHIM_HZ);
	}
	told = r->flags & MIXED && n && n != ~0u ? r->untold : n;
	ret = syscall(SYS_io_uring_enter, r->fd, told, min, flags, how ? &arg : NULL,
		      how ? sizeof(arg) : 0);
	call_ends_now();
	if (ret > 0)
		r->untold -= (unsigned int)ret;
	if (ret > 0 && r->flags & MIXED)
		ret = r->untold ? ret / 2 : n;
	return ret < 0 ? -errno : (int)ret;
}

static int enter(struct shim_uring *r, unsigned int n, unsigned int min,
		 unsigned int flags)
{
	return enter_ext(r, n, min, flags, NULL);
}

/* ---- completions ---- */

static struct world *world_here(const struct shim_uring *r)
{
	return r->t->actor->w;
}

/* Answer a request that is not the scenario's. Return: whether it was one. */
static bool answered_extra(struct shim_uring *r, const struct uring_cqe *cqe)
{
	struct world *w = world_here(r);
	struct fuse_command *c = (void *)(uintptr_t)cqe->user_data;
	struct uring_sqe sqe;

	if (cqe->res ||
	    (c->pub.cmd_op != CMD_REGISTER && c->pub.cmd_op != CMD_COMMIT_AND_FETCH))
		return false;
	memset(&sqe, 0, sizeof(sqe));
	if (!extra_answer(w, c, &sqe))
		return false;
	sqe.user_data = cqe->user_data;
	if (r->flags & MIXED)
		sqe.opcode = URING_OP_URING_CMD128;
	submit_early(r);
	r->sqes[r->staged++] = sqe;
	enter(r, ~0u, 0, 0);
	return true;
}

/* Take over what the kernel has completed, but for the extras. */
static void collect(struct shim_uring *r)
{
	unsigned int *head = word(r->cq, r->p.cq_off.head);
	unsigned int *tail = word(r->cq, r->p.cq_off.tail);
	const struct uring_cqe *cqes = (void *)(r->cq + r->p.cq_off.cqes);

	while (*head != __atomic_load_n(tail, __ATOMIC_ACQUIRE)) {
		struct uring_cqe cqe = cqes[*head & (r->p.cq_entries - 1)];

		__atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
		if (cqe.user_data == COPYING)
			r->copied = cqe.res;
		else if (!answered_extra(r, &cqe))
			r->cqes[r->cqe_tail++ % MAX_CQES] = cqe;
	}
}

void rings_forget(void)
{
	nr_rings = 0;
}

void ring_helps(struct real_task *t)
{
	struct shim_uring *r = t->actor->ring;

	if (!t->server || !r || r->closed || clients_are_ready())
		return;
	if (r->flags & IORING_SETUP_DEFER_TASKRUN)
		enter(r, 0, 0, IORING_ENTER_GETEVENTS);
	collect(r);
}

void uring_wait_for(struct uring_wait *how, unsigned int seconds, int absolute)
{
	*how = (struct uring_wait){
		.timeout = (seconds + (absolute ? now_ms() / 1000 + 1 : 0)) * SHIM_HZ,
		.absolute = absolute != 0,
	};
}

int sys_io_uring_enter(struct shim_uring *r, unsigned int to_submit, unsigned int min,
		       unsigned int flags)
{
	return sys_io_uring_enter_ext(r, to_submit, min, flags, NULL);
}

int sys_io_uring_enter_ext(struct shim_uring *r, unsigned int to_submit, unsigned int min,
			   unsigned int flags, const struct uring_wait *how)
{
	int ret, submitted = (int)r->early;

	if (r->closed || (r->process != getpid() && !self->forked))
		return -EBADF;
	to_submit -= r->early;
	r->early = 0;
	for (;;) {
		ret = enter_ext(r, to_submit, min, flags, how);
		if (ret > 0) {
			submitted += ret;
			to_submit -= (unsigned int)ret;
		}
		collect(r);
		if (!min || ret < 0 || r->cqe_head != r->cqe_tail ||
		    self->task.sigpending)
			break;
	}
	return submitted ? submitted : ret;
}

const struct uring_cqe *uring_peek_cqe(struct shim_uring *r)
{
	if (!r || r->closed)
		return NULL;
	collect(r);
	return r->cqe_head == r->cqe_tail ? NULL : &r->cqes[r->cqe_head % MAX_CQES];
}

void uring_seen_cqe(struct shim_uring *r)
{
	r->cqe_head++;
}

int uring_sq_flush(struct shim_uring *r)
{
	if (!(r->flags & IORING_SETUP_SQPOLL) || r->closed)
		return 1;
	memory_protect();
	publish(r);
	return sq_sleeps(r);
}

void uring_sq_settle(struct shim_uring *r)
{
	if (r->flags & IORING_SETUP_SQPOLL)
		sq_wait(r, 0);
}

/* the process's own end takes them along */
void shim_uring_kill_threads(int tgid)
{
	(void)tgid;
}

void shim_uring_threads_end(int tgid)
{
	(void)tgid;
}

/* ---- registered buffers ---- */

static int do_register(struct shim_uring *r, unsigned int op, const void *arg,
		       unsigned int nr)
{
	long ret;

	call_begins();
	ret = syscall(SYS_io_uring_register, r->fd, op, arg, nr);
	call_ends_now();
	return ret < 0 ? -errno : (int)ret;
}

int sys_io_uring_register_buffers(struct shim_uring *r, const struct uring_iovec *iov,
				  unsigned int nr)
{
	_Static_assert(sizeof(*iov) == sizeof(struct iovec), "struct iovec");
	return do_register(r, IORING_REGISTER_BUFFERS, iov, nr);
}

int sys_io_uring_unregister_buffers(struct shim_uring *r)
{
	return do_register(r, IORING_UNREGISTER_BUFFERS, NULL, 0);
}

int sys_io_uring_sync_cancel(struct shim_uring *r, const struct uring_cancel *how)
{
	const struct {
		uint64_t addr;
		int32_t fd;
		uint32_t flags;
		int64_t sec, nsec;
		uint8_t opcode, pad[7];
		uint64_t pad2[3];
	} reg = {
		.addr = how->user_data,
		.fd = how->fd,
		.flags = how->flags,
		.sec = how->timeout ? (int64_t)(how->timeout / SHIM_HZ) : -1,
		.nsec = how->timeout ? 0 : -1,
		.opcode = how->opcode,
	};

	return do_register(r, 24 /* IORING_REGISTER_SYNC_CANCEL */, &reg, 1);
}

/* no client's data is compared there */
int uring_has_buffer(const struct shim_uring *r, unsigned int index)
{
	(void)r;
	(void)index;
	return 1;
}

int uring_has_slot(const struct shim_uring *r, unsigned int index)
{
	return uring_has_buffer(r, index);
}

int sys_io_uring_clone_buffers(struct shim_uring *r, struct shim_uring *from)
{
	const struct {
		unsigned int src_fd, flags, src_off, dst_off, nr, pad[3];
	} clone = { .src_fd = (unsigned int)from->fd };

	return do_register(r, 30 /* IORING_REGISTER_CLONE_BUFFERS */, &clone, 1);
}

int sys_io_uring_register_file(struct shim_uring *r, int fd)
{
	return do_register(r, IORING_REGISTER_FILES, &fd, 1);
}

int sys_io_uring_unregister_files(struct shim_uring *r)
{
	return do_register(r, IORING_UNREGISTER_FILES, NULL, 0);
}

/* ---- the event ---- */

static int event_of(struct shim_uring *r)
{
	if (!r->event)
		r->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK | EFD_SEMAPHORE) + 1;
	return r->event - 1;
}

/* One event ends one poll: what ended the one before is taken away. */
void uring_prep_poll(struct shim_uring *r, struct uring_sqe *sqe)
{
	uint64_t one;

	if (r->polled && read(event_of(r), &one, sizeof(one)) < 0 && errno != EAGAIN)
		perror("eventfd");
	r->polled = true;
	sqe->opcode = IORING_OP_POLL_ADD;
	sqe->fd = event_of(r);
	sqe->uring_cmd_flags = POLLIN; /* poll32_events */
}

void uring_event_signal(struct shim_uring *r)
{
	const uint64_t one = 1;

	if (write(event_of(r), &one, sizeof(one)) < 0)
		perror("eventfd");
}

/* ---- files of the server's own ---- */

/* An O_DIRECT file is not at hand: the bytes move at once. */
void uring_prep_fixed(struct shim_uring *r, struct uring_sqe *sqe, unsigned int index,
		      unsigned long offset, void *mem, unsigned int len, int to_buffer,
		      int direct)
{
	int file = memfd_create("fixed", MFD_CLOEXEC);

	(void)r;
	(void)direct;
	if (file < 0 || ftruncate(file, (off_t)len) ||
	    (to_buffer && pwrite(file, mem, len, 0) != (ssize_t)len))
		perror("memfd");
	sqe->opcode = to_buffer ? IORING_OP_READ_FIXED : IORING_OP_WRITE_FIXED;
	sqe->fd = file;
	sqe->addr = offset;
	sqe->len = len;
	sqe->buf_index = (unsigned short)index;
}

/* Through a file: read into the registered buffer, or write it to the file. */
long uring_fixed_copy(struct shim_uring *r, unsigned int index, unsigned long offset,
		      void *buf, unsigned long len, int to_buffer)
{
	int file = memfd_create("fixed", MFD_CLOEXEC);
	struct uring_sqe *sqe;

	if (file < 0 || ftruncate(file, (off_t)len))
		return -EFAULT;
	if (to_buffer && pwrite(file, buf, len, 0) != (ssize_t)len)
		return -EFAULT;
	submit_early(r);
	sqe = uring_get_sqe(r);
	sqe->opcode = to_buffer ? IORING_OP_READ_FIXED : IORING_OP_WRITE_FIXED;
	sqe->fd = file;
	sqe->addr = offset;
	sqe->len = (unsigned int)len;
	sqe->user_data = COPYING;
	sqe->buf_index = (unsigned short)index;
	r->copied = -EINPROGRESS;
	enter(r, ~0u, 0, 0);
	for (collect(r); r->copied == -EINPROGRESS; collect(r))
		enter(r, 0, 1, IORING_ENTER_GETEVENTS);
	if (!to_buffer && r->copied > 0 && pread(file, buf, len, 0) < 0)
		r->copied = -EFAULT;
	close(file);
	return r->copied;
}

/* ---- the end ---- */

void sys_uring_close(struct shim_uring *r)
{
	if (r->closed)
		return;
	r->closed = true;
	call_begins();
	/* the last mapping would keep it */
	munmap(r->sq, r->p.sq_off.array + r->p.sq_entries * sizeof(unsigned int));
	munmap(r->cq, r->p.cq_off.cqes + r->p.cq_entries * sizeof(struct uring_cqe));
	munmap(r->slots, (unsigned long)r->p.sq_entries * r->slot);
	close(r->fd);
	call_ends_now();
}

void sys_uring_close_fd(struct shim_uring *r)
{
	if (r->closed)
		return;
	r->closed = true;
	call_begins();
	close(r->fd);
	call_ends_now();
}

int shim_uring_fd(const struct shim_uring *r)
{
	return r->fd;
}

/* What the kernel still has of it cannot be seen from outside. */
int shim_uring_is_freed(const struct shim_uring *r)
{
	return r->closed || r->process != real.server;
}

unsigned int shim_uring_inflight(const struct shim_uring *r)
{
	return r->t->actor->outstanding;
}
