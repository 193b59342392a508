/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for sched/mm.h: references to an address space. Model: shim/pin.h. That of a
 * user of its memory, mmget(), is not modelled.
 */
#ifndef SHIM_LINUX_SCHED_MM_H
#define SHIM_LINUX_SCHED_MM_H

#include <linux/mm_types.h>
#include <linux/sched.h>

#define mmgrab(mm) shim_mm_grab(mm, SCHED_SITE(#mm))
#define mmdrop(mm) shim_mm_drop(mm, SCHED_SITE(#mm))

#define mmget(mm)	   SHIM_UNMODELLED(void, "mmget", mm)
#define mmget_not_zero(mm) SHIM_UNMODELLED(bool, "mmget_not_zero", mm)
#define mmput(mm)	   SHIM_UNMODELLED(void, "mmput", mm)

#endif /* SHIM_LINUX_SCHED_MM_H */
