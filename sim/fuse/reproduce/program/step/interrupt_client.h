/* SPDX-License-Identifier: GPL-2.0-only */
static long interrupt_client(const struct step *s)
{
	return result(kill(shared->pid[s->target], SIGUSR1));
}
