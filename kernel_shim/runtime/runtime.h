/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the runtime share and nobody else needs.
 */
#ifndef RUNTIME_RUNTIME_H
#define RUNTIME_RUNTIME_H

#include "sched/branch.h"
#include "sched/sched.h"
#include "shim/task.h"

#define current_task() shim_current()

#endif /* RUNTIME_RUNTIME_H */
