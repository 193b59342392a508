/* SPDX-License-Identifier: GPL-2.0-only */
static long call_umount(const struct step *s)
{
	(void)s;
	umount2(mount_point, MNT_FORCE);
	umount2(mount_point, MNT_DETACH);
	return 0;
}
