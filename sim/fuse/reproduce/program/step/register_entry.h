/* SPDX-License-Identifier: GPL-2.0-only */
static long register_entry(const struct step *s)
{
	unsigned int nr = s->qid * ENTRIES + s->ent;
	struct entry *e = &entries[nr];
	struct io_uring_sqe *sqe;
	struct command *command;

	need_ring();
	e->slot = pages(4096);
	e->iov[0] = (struct iovec){ e->slot, sizeof(*e->slot) };
	if (!BUFFERS) {
		e->payload = pages(MAX_PAYLOAD);
		e->iov[1] = (struct iovec){ e->payload, MAX_PAYLOAD - s->n };
	}
	sqe = new_command(REGISTER, nr, &command);
	sqe->addr = (uintptr_t)e->iov;
	sqe->len = 2;
	command->qid = (uint16_t)s->qid;
	return submit(nr);
}
