/* SPDX-License-Identifier: GPL-2.0-only */
static long close_dev(const struct step *s)
{
	(void)s;
	return result(close(dev_fuse));
}
