/* SPDX-License-Identifier: GPL-2.0-only */
/* A thread's io_uring. */

#define RING_ENTRIES 32
#define NO_ENTRY     (~0ull) /* user_data of ADD_QUEUE and ADD_BUFPOOL */
#define READY_MAX    256

static __thread struct {
	int fd;
	struct io_uring_params p;
	unsigned char *rings, *sqes;
	size_t size;
	unsigned int outstanding;
	struct {
		unsigned int nr;
		int res;
	} ready[READY_MAX]; /* completed, and not looked at */
	unsigned int first, last;
} ring = { .fd = -1 };

static unsigned int *word(unsigned int offset)
{
	return (unsigned int *)(void *)(ring.rings + offset);
}

static void need_ring(void)
{
	unsigned int flags = actors[me].ring_flags | IORING_SETUP_SQE128;
	size_t sq, cq;

	if (ring.fd >= 0)
		return;
	memset(&ring, 0, sizeof(ring));
	ring.p.flags = flags;
	ring.fd = (int)syscall(SYS_io_uring_setup, RING_ENTRIES, &ring.p);
	if (ring.fd < 0)
		die("io_uring_setup: %s", strerror(errno));
	sq = ring.p.sq_off.array + ring.p.sq_entries * sizeof(unsigned int);
	cq = ring.p.cq_off.cqes + ring.p.cq_entries * sizeof(struct io_uring_cqe);
	ring.size = sq > cq ? sq : cq;
	ring.rings = mmap(NULL, ring.size, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_POPULATE, ring.fd, IORING_OFF_SQ_RING);
	ring.sqes = mmap(NULL, ring.p.sq_entries * 128, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_POPULATE, ring.fd, IORING_OFF_SQES);
	if (ring.rings == MAP_FAILED || ring.sqes == MAP_FAILED)
		die("mapping a ring: %s", strerror(errno));
}

static long enter(unsigned int submit, unsigned int wait, bool events)
{
	unsigned int flags = wait || events ? IORING_ENTER_GETEVENTS : 0;

	return result(syscall(SYS_io_uring_enter, ring.fd, submit, wait, flags, NULL, 0));
}

static struct io_uring_sqe *new_command(unsigned int op, uint64_t user_data,
					struct command **command)
{
	unsigned int tail = *word(ring.p.sq_off.tail);
	unsigned int slot = tail & (ring.p.sq_entries - 1);
	struct io_uring_sqe *sqe = (void *)(ring.sqes + (size_t)slot * 128);

	memset(sqe, 0, 128);
	sqe->opcode = URING_CMD;
	sqe->fd = dev_fuse;
	sqe->off = op; /* cmd_op */
	sqe->user_data = user_data;
	*command = (void *)((unsigned char *)sqe + 48);
	word(ring.p.sq_off.array)[slot] = slot;
	__atomic_store_n(word(ring.p.sq_off.tail), tail + 1, __ATOMIC_RELEASE);
	ring.outstanding++;
	return sqe;
}

/* See what has completed. Return: the result of @own, if it failed, which is not kept */
static int reap(uint64_t own)
{
	const struct io_uring_cqe *cqes = (void *)(ring.rings + ring.p.cq_off.cqes);
	unsigned int *head = word(ring.p.cq_off.head);
	int ret = 0;

	while (*head != __atomic_load_n(word(ring.p.cq_off.tail), __ATOMIC_ACQUIRE)) {
		struct io_uring_cqe cqe = cqes[*head & (ring.p.cq_entries - 1)];

		__atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
		ring.outstanding--;
		shared->happened++;
		if (cqe.user_data == own && cqe.res < 0) {
			ret = cqe.res;
		} else if (cqe.user_data != NO_ENTRY) {
			ring.ready[ring.last % READY_MAX].nr =
				(unsigned int)cqe.user_data;
			ring.ready[ring.last++ % READY_MAX].res = cqe.res;
		}
	}
	return ret;
}

static long submit(uint64_t own)
{
	long ret = enter(1, 0, false);
	int error = reap(own);

	return ret < 0 ? ret : error;
}
