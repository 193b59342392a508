/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel says: pr_*, WARN, BUG, and functions that are not modelled.
 * All captured: into the trace, and where tests can look. Read by kernel code.
 */
#ifndef SHIM_LOG_H
#define SHIM_LOG_H

#include "sched/site.h"

/**
 * shim_printk() - [printk]: capture one line
 * @level: 0..7 as KERN_EMERG..KERN_DEBUG
 *
 * %p prints the object's name, never an address (the kernel hashes it).
 * Nothing is formatted unless somebody listens (shim_log_listen()).
 */
void shim_printk(int level, const struct sched_site *site, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/** shim_warn() - [WARN]: reported (kernel). Returns */
void shim_warn(const struct sched_site *site, const char *fmt, ...)
	__attribute__((format(printf, 2, 3), cold));

/** shim_bug() - [BUG]: reported (kernel), ends the execution */
void shim_bug(const struct sched_site *site) __attribute__((noreturn, cold));

/**
 * shim_unmodelled() - the subject reached something that the shim does not have
 * @name: the kernel function or macro
 *
 * Reported (unmodelled) with @name and the caller's place; ends the execution;
 * the program exits with status 3.
 */
void shim_unmodelled(const char *name, const struct sched_site *site)
	__attribute__((noreturn, cold));

/** shim_note_text() - a text for a %SCHED_NOTE record, as shim_printk() formats it */
const char *shim_note_text(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/** shim_log_listen() - capture lines from now on; off by default (speed) */
void shim_log_listen(int on);
unsigned int shim_log_count(void);
const char *shim_log_line(unsigned int i);
/** shim_log_contains() - whether a captured line has @text in it */
int shim_log_contains(const char *text);
void shim_log_reset(void);

/** shim_log_checkpoint() - what the kernel has said are state of an execution */
struct checkpoint;
void shim_log_checkpoint(struct checkpoint *c);

#endif /* SHIM_LOG_H */
