/* SPDX-License-Identifier: GPL-2.0-only */
static long add_pool(const struct step *s)
{
	struct command *command;

	need_ring();
	pools[s->qid] = pages((BUFFERS + 1) * (size_t)MAX_PAYLOAD);
	new_command(ADD_BUFPOOL, NO_ENTRY, &command);
	command->qid = (uint16_t)s->qid;
	command->pool = (uintptr_t)pools[s->qid];
	command->pool_len = BUFFERS * MAX_PAYLOAD;
	return submit(NO_ENTRY);
}
