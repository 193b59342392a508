/* SPDX-License-Identifier: GPL-2.0-only */
/* The server: entries of the ring, taking and answering requests. */

static struct entry {
	struct slot *slot;
	unsigned char *payload;
	struct iovec iov[2];
	uint64_t unique, commit_id, nodeid;
	uint32_t opcode;
} entries[CPUS * ENTRIES];

static unsigned char *pools[CPUS];

static void *pages(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		       -1, 0);

	if (p == MAP_FAILED)
		die("no memory");
	return p;
}

/* Take over the request that has arrived in an entry. */
static void look(unsigned int nr)
{
	struct entry *e = &entries[nr];

	e->unique = e->slot->in.unique;
	e->opcode = e->slot->in.opcode;
	e->nodeid = e->slot->in.nodeid;
	e->commit_id = e->slot->ent.commit_id;
	if (BUFFERS)
		e->payload = pools[nr / ENTRIES] + e->slot->ent.offset;
}

/* Answer as the file system does, but for what the step says. */
static long commit(unsigned int nr, const struct step *s)
{
	struct entry *e = &entries[nr];
	long len = s->error ? s->error
			    : reply(e->opcode, e->nodeid, e->slot->op_in, e->payload);
	struct command *command;

	e->slot->out.error = len < 0 ? (int)len : 0;
	e->slot->out.unique = e->unique ^ s->unique_xor;
	e->slot->ent.payload_sz = s->has_len ? s->payload_sz
				  : len < 0  ? 0
					     : (uint32_t)len;
	e->slot->out.len =
		s->has_len ? s->out_len
			   : (uint32_t)sizeof(e->slot->out) + e->slot->ent.payload_sz;
	new_command(COMMIT_AND_FETCH, nr, &command);
	command->qid = (uint16_t)(nr / ENTRIES);
	command->commit_id = e->commit_id ^ s->commit_xor;
	return submit(nr);
}

/* Is it a request of a step, or another one that the kernel sends? */
static bool is_expected(uint32_t opcode)
{
	switch (opcode) {
	case LOOKUP:
	case GETATTR:
	case OPEN:
	case READ:
	case WRITE:
	case FSYNC:
		return true;
	default:
		return false;
	}
}

/* Return: whether there was a completion. @res: its result; 0: a request, in @nr */
static bool next_ready(unsigned int *nr, int *res)
{
	static const struct step usual;

	reap(NO_ENTRY);
	while (ring.first != ring.last) {
		*nr = ring.ready[ring.first % READY_MAX].nr;
		*res = ring.ready[ring.first++ % READY_MAX].res;
		if (*res)
			return true;
		look(*nr);
		if (is_expected(entries[*nr].opcode))
			return true;
		commit(*nr, &usual);
	}
	return false;
}

static long drain(const struct step *s)
{
	static const struct step usual;
	unsigned int nr;
	int res;

	(void)s;
	need_ring();
	while (next_ready(&nr, &res))
		if (!res)
			commit(nr, &usual);
	return 0;
}

/* While clients open their files, idle threads of the server answer. */
static void help(void)
{
	if (ring.fd < 0)
		return;
	if (actors[me].ring_flags & IORING_SETUP_DEFER_TASKRUN)
		enter(0, 0, true);
	drain(NULL);
}
