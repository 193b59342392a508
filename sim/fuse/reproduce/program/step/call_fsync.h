/* SPDX-License-Identifier: GPL-2.0-only */
static long call_fsync(const struct step *s)
{
	return result(fsync(files[s->file]));
}
