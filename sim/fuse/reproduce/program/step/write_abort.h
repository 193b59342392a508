/* SPDX-License-Identifier: GPL-2.0-only */
static long write_abort(const struct step *s)
{
	(void)s;
	return write_control("abort", 1);
}
