/* SPDX-License-Identifier: GPL-2.0-only */
static long open_ring(const struct step *s)
{
	(void)s;
	need_ring();
	return 0;
}
