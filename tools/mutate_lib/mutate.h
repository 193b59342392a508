/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * In each file that tools/mutate has written: which of its mistakes is made.
 * MUTATE_ACTIVE=N in the environment makes number N, MUTATE_REACHED=FILE notes each that
 * is reached as a byte of FILE, also of a program that is killed.
 *
 * It comes before the file's own includes and what they depend on, so it has none.
 */
#ifndef MUTATE_H
#define MUTATE_H

#ifdef __KERNEL__
/* a subject may use nothing of libc, and has none of our files but headers */
static inline __attribute__((unused)) int mutate_is(int number)
{
	(void)number;
	return 0;
}
#else
#define MUTATE_WEAK __attribute__((weak, visibility("default")))

/* by names that no file has for anything else */
char *mutate_getenv(const char *name) __asm__("getenv");
int mutate_atoi(const char *text) __asm__("atoi");
int mutate_open(const char *path, int flags, ...) __asm__("open");
int mutate_close(int fd) __asm__("close");
long mutate_lseek(int fd, long offset, int whence) __asm__("lseek");
void *mutate_mmap(void *at, unsigned long size, int prot, int flags, int fd,
		  long offset) __asm__("mmap");

MUTATE_WEAK int mutate_active;
MUTATE_WEAK unsigned char *mutate_reached;
MUTATE_WEAK int mutate_started;

/* there is one such function in a program, called for every file that has it */
MUTATE_WEAK __attribute__((constructor(101), no_sanitize("address", "undefined"))) void
mutate_start(void);
MUTATE_WEAK void mutate_start(void)
{
	const char *active = mutate_getenv("MUTATE_ACTIVE"),
		   *path = mutate_getenv("MUTATE_REACHED");
	int fd;

	if (mutate_started)
		return;
	mutate_started = 1;
	if (active)
		mutate_active = mutate_atoi(active);
	if (!path)
		return;
	fd = mutate_open(path, 2 /* O_RDWR */);
	if (fd < 0)
		return;
	mutate_reached = (unsigned char *)mutate_mmap(
		(void *)0, (unsigned long)mutate_lseek(fd, 0, 2 /* END */),
		3 /* READ, WRITE */, 1 /* SHARED */, fd, 0);
	mutate_close(fd);
}

static inline __attribute__((unused)) int mutate_is(int number)
{
	if (__builtin_expect(mutate_reached != (unsigned char *)0, 0))
		mutate_reached[number] = 1;
	return mutate_active == number;
}

#endif /* __KERNEL__ */

#endif /* MUTATE_H */
