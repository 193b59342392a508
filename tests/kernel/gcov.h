/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Coverage of dev_uring.c, out of a guest.
 */
#ifndef TESTS_KERNEL_GCOV_H
#define TESTS_KERNEL_GCOV_H

/** gcov_print() - print what the kernel has counted; nothing if it does not count */
void gcov_print(void);

#endif /* TESTS_KERNEL_GCOV_H */
