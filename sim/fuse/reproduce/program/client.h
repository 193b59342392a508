/* SPDX-License-Identifier: GPL-2.0-only */
/* What the steps of clients share. */

static int root_fd, files[NR_FILES];

static void path_of(char *path, size_t size, int ino)
{
	snprintf(path, size, "%s/f%d", mount_point, ino);
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

static void prepare(void)
{
	char path[96];

	for (int i = 0; i < NR_STEPS; i++) {
		if (steps[i].actor != me || steps[i].file < 2 || files[steps[i].file])
			continue;
		path_of(path, sizeof(path), steps[i].file);
		files[steps[i].file] = open(path, O_RDWR | O_CLOEXEC);
		if (files[steps[i].file] < 0)
			die("%s: %s", path, strerror(errno));
	}
	__atomic_fetch_add(&shared->prepared, 1, __ATOMIC_RELAXED);
}
