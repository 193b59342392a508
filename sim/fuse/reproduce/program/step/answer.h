/* SPDX-License-Identifier: GPL-2.0-only */
static long answer(const struct step *s)
{
	return commit(shared->step[s->taken].entry, s);
}
