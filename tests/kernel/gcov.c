// SPDX-License-Identifier: GPL-2.0-only
/*
 * The counters of a kernel with GCOV for dev_uring.c, printed in hexadecimal, because the
 * guest has only a serial line. tests/kernel/run makes a file of them again.
 */
#define _GNU_SOURCE
#include <ftw.h>
#include <stdio.h>
#include <string.h>

#include "gcov.h"

#define PER_LINE 48

static void print_hex(const char *path)
{
	unsigned char bytes[PER_LINE];
	FILE *f = fopen(path, "re");
	size_t n;

	while (f && (n = fread(bytes, 1, sizeof(bytes), f)) > 0) {
		printf("# gcda ");
		for (size_t i = 0; i < n; i++)
			printf("%02x", bytes[i]);
		printf("\n");
	}
	if (f)
		fclose(f);
}

static int look(const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st;
	if (type == FTW_F && strcmp(path + where->base, "dev_uring.gcda") == 0)
		print_hex(path);
	return 0;
}

void gcov_print(void)
{
	nftw("/sys/kernel/debug/gcov", look, 8, FTW_PHYS);
}
