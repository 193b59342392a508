/* SPDX-License-Identifier: GPL-2.0-only */
static long call_stat(const struct step *s)
{
	struct statx st;
	int fd = s->file == 1 ? root_fd : files[s->file];

	return result(statx(fd, "", AT_EMPTY_PATH | AT_STATX_FORCE_SYNC,
			    STATX_BASIC_STATS, &st));
}
