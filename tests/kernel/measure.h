/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a round trip costs on the booted kernel.
 */
#ifndef TESTS_KERNEL_MEASURE_H
#define TESTS_KERNEL_MEASURE_H

/**
 * measure_all() - play requests over each kind of payload, and print what one took
 * @subject, @caps: the booted kernel, and what it can do
 * @apart: runs a function in a process and a mount of its own
 */
void measure_all(const char *subject, unsigned int caps,
		 int (*apart)(int (*run)(const void *arg), const void *arg));

#endif /* TESTS_KERNEL_MEASURE_H */
