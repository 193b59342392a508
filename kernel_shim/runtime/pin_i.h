/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of pinned user memory share with each other and with page.c.
 */
#ifndef RUNTIME_PIN_I_H
#define RUNTIME_PIN_I_H

#include "shim/pin.h"

/* struct pin_record - where what happened to a frame of user memory last */
struct pin_record {
	const struct sched_site *pinned_at, *unpinned_at, *unmapped_at;
};

/* pin_record() - of a frame of user memory, until the end of the execution */
struct pin_record *pin_record(const struct shim_page *page);

/* stands in sched_touch() for all mappings of user memory by vmap() and their pins */
extern const char pin_state;

unsigned int shim_pin_report_leaks(void);
unsigned int shim_vmap_report_leaks(void);
unsigned int shim_mm_report_leaks(void);
void shim_pin_reset(void);
void shim_vmap_reset(void);
struct checkpoint;
void shim_pin_checkpoint(struct checkpoint *c);
void shim_vmap_checkpoint(struct checkpoint *c);

#endif /* RUNTIME_PIN_I_H */
