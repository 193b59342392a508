// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the simulator is told of the toy device.
 */
#include <linux/types.h>

#include "shim/subject.h"
#include "toy.h"

extern const struct subject_driver subject_driver;

const struct subject_driver subject_driver = {
	.name = "toy",
	.module_init = toy_init,
	.module_exit = toy_exit,
};
