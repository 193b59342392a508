/* SPDX-License-Identifier: GPL-2.0-only */
/* Steps of clients. */

static int root_fd, files[NR_FILES];

static void path_of(char *path, size_t size, int ino)
{
	snprintf(path, size, "%s/f%d", mount_point, ino);
}

static long call_stat(const struct step *s)
{
	struct statx st;
	int fd = s->file == 1 ? root_fd : files[s->file];

	return result(statx(fd, "", AT_EMPTY_PATH | AT_STATX_FORCE_SYNC,
			    STATX_BASIC_STATS, &st));
}

static long call_lookup(const struct step *s)
{
	char path[96];
	int fd;

	path_of(path, sizeof(path), s->target);
	fd = open(path, O_PATH | O_CLOEXEC);
	return fd < 0 ? -errno : 0;
}

static long call_open(const struct step *s)
{
	char path[96];
	int fd;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", files[s->file]);
	fd = open(path, O_RDWR | O_CLOEXEC);
	return fd < 0 ? -errno : 0;
}

static long call_read(const struct step *s)
{
	return result(pread(files[s->file], pages(s->n), s->n, (off_t)s->offset));
}

static long call_write(const struct step *s)
{
	return result(pwrite(files[s->file], pages(s->n), s->n, (off_t)s->offset));
}

static long call_fsync(const struct step *s)
{
	return result(fsync(files[s->file]));
}

static long call_umount(const struct step *s)
{
	(void)s;
	umount2(mount_point, MNT_FORCE);
	umount2(mount_point, MNT_DETACH);
	return 0;
}

static long write_control(const char *name, unsigned int n)
{
	char path[96], text[16];
	int fd;

	snprintf(path, sizeof(path), FUSECTL "/%u/%s", shared->connection, name);
	snprintf(text, sizeof(text), "%u", n);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		return -errno;
	close(fd);
	return 0;
}

static long write_abort(const struct step *s)
{
	(void)s;
	return write_control("abort", 1);
}

static long write_max_background(const struct step *s)
{
	return write_control("max_background", s->n);
}

static void prepare(void)
{
	char path[96];

	for (int i = 0; i < NR_STEPS; i++) {
		if (story[i].who != me || story[i].file < 2 || files[story[i].file])
			continue;
		path_of(path, sizeof(path), story[i].file);
		files[story[i].file] = open(path, O_RDWR | O_CLOEXEC);
		if (files[story[i].file] < 0)
			die("%s: %s", path, strerror(errno));
	}
	__atomic_fetch_add(&shared->prepared, 1, __ATOMIC_RELAXED);
}
