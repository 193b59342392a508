/* SPDX-License-Identifier: GPL-2.0-only */
static long add_queue(const struct step *s)
{
	struct command *command;

	need_ring();
	new_command(ADD_QUEUE, NO_ENTRY, &command);
	command->qid = (uint16_t)s->qid;
	return submit(NO_ENTRY);
}
