/* SPDX-License-Identifier: GPL-2.0-only */
static long take(const struct step *s)
{
	unsigned int nr;
	int res;

	need_ring();
	while (!next_ready(&nr, &res))
		enter(0, 1, true);
	shared->step[s - steps].entry = nr;
	return res;
}
