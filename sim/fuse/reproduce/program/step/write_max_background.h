/* SPDX-License-Identifier: GPL-2.0-only */
static long write_max_background(const struct step *s)
{
	return write_control("max_background", s->n);
}
