/* SPDX-License-Identifier: GPL-2.0-only */
static long kill_client(const struct step *s)
{
	return result(kill(shared->pid[s->target], SIGKILL));
}
