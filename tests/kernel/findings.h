/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The findings of docs/findings.md that need no exact timing, as scenarios for a real
 * kernel. A check that holds shows the defect.
 */
#ifndef TESTS_KERNEL_FINDINGS_H
#define TESTS_KERNEL_FINDINGS_H

#include "fuse/scenario/scenario.h"

extern const struct scenario *const findings[];
extern const unsigned int findings_nr;

#endif /* TESTS_KERNEL_FINDINGS_H */
