/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A schedule file: what was run, how, and what came of it; enough to do it again.
 *
 * Text, one fact per line, "key value". The first line says what it is and which
 * version; the last one is a checksum over everything before it, so that a file
 * that was cut off or changed is not mistaken for one that says something else.
 */
#ifndef SEARCH_SCHEDULE_H
#define SEARCH_SCHEDULE_H

#include "search/replay.h"

#define SCHEDULE_VERSION 1
#define SCHEDULE_FILES	 32
#define SCHEDULE_ORDERS	 8

/**
 * struct schedule_order - an order of two locks that a failure consists of: who took
 * @from, then @to, and where; in words
 */
struct schedule_order {
	char task[24], scenario[64];
	uint64_t execution;
	char from[64], from_at[160], to[64], to_at[160];
};

/**
 * struct schedule - one file
 * @subject, @version: its name and that of the source package
 * @files, @nr_files: what it was compiled from, with SHA-256
 * @scenario, @config: what was played, and the world it played in, as words
 * @points: sync, marked or all
 * @detect: which detectors looked at each memory access
 * @strategy, @seed, @execution: how it was found
 * @kind, @summary, @where: the failure
 * @stops: the failure ended the execution
 * @trace: hash of the trace of the replay
 * @parked: tasks that are not to run
 * @orders, @nr_orders: a cycle of lock orders: the first one is what this execution
 *	shows, the others are known from other executions
 */
struct schedule {
	char subject[64], version[64];
	struct {
		char sha256[65], path[80];
	} files[SCHEDULE_FILES];
	unsigned int nr_files;
	char scenario[64], config[256];
	char points[16], detect[32], strategy[16];
	uint64_t seed, execution;
	char kind[16], summary[256], where[160];
	bool stops;
	uint64_t trace;
	uint64_t parked;
	unsigned int nr_orders;
	struct schedule_order orders[SCHEDULE_ORDERS];
	unsigned int nr;
	struct task_switch list[SWITCHES_MAX];
	struct switch_note notes[SWITCHES_MAX];
};

/**
 * schedule_clear() - forget all; a static one is empty at first
 *
 * Touches what was used: the lists are far larger than what most schedules need.
 */
void schedule_clear(struct schedule *s);

/** schedule_write() - all or nothing. Return: false with one line in @err */
bool schedule_write(const struct schedule *s, const char *path, char *err, size_t len);

/** schedule_read() - Return: false with one line in @err */
bool schedule_read(struct schedule *s, const char *path, char *err, size_t len);

#endif /* SEARCH_SCHEDULE_H */
