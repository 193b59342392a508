/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A schedule file: what was run, how, and how it failed; enough to replay it.
 *
 * Text, one fact per line, "key value". The first line has the format's name and
 * version, the last one a checksum of everything before it, so that a file that was cut
 * off or changed is recognised.
 */
#ifndef SEARCH_SCHEDULE_H
#define SEARCH_SCHEDULE_H

#include "search/replay.h"

#define SCHEDULE_VERSION 1
#define SCHEDULE_FILES	 32
#define SCHEDULE_ORDERS	 8
#define SCHEDULE_TREE	 1024
#define SCHEDULE_CHANCES 100

/**
 * struct schedule_order - an order of two locks that a failure consists of
 * @task: name of the task that took @from, then @to
 * @scenario, @execution: where that was seen
 * @from, @to: classes of the locks, in words
 * @from_at, @to_at: places at which they were taken, in words
 */
struct schedule_order {
	char task[24], scenario[64];
	uint64_t execution;
	char from[64], from_at[160], to[64], to_at[160];
};

/**
 * struct schedule - one file
 * @subject, @version: the subject's name and the version of its source package
 * @tree: folder of the tree that it was compiled from, if the command line named one;
 *	else ""
 * @files, @nr_files: what it was compiled from, with SHA-256
 * @scenario, @config: what was played, and the configuration of the world, as words
 * @file, @hash: the scenario's file, and hash of its bytes, if it was read from one; else
 *	"" and 0
 * @points: sync, marked or all
 * @detect: the detectors that looked at each memory access
 * @strategy, @seed, @execution: how it was found
 * @kind, @summary, @where: the failure
 * @group: what it has in common with others (struct report); "": not known
 * @stops: the failure ended the execution
 * @trace: trace_hash() of the replay
 * @parked: set of tasks that never run
 * @timers, @faults: how often a timer may fire while tasks can run, and a call fail
 * @ring_flags: flags that every ring had in addition
 * @orders, @nr_orders: a cycle of lock orders: the first one is what this execution
 *	shows, the others are known from other executions
 * @list, @notes, @nr: the switches, as in struct replay_plan
 */
struct schedule {
	char subject[64], version[64], tree[SCHEDULE_TREE];
	struct {
		char sha256[65], path[80];
	} files[SCHEDULE_FILES];
	unsigned int nr_files;
	char scenario[64], config[256];
	char file[SCHEDULE_TREE];
	uint64_t hash;
	char points[16], detect[32], strategy[16];
	uint64_t seed, execution;
	char kind[16], summary[256], where[160], group[320];
	bool stops;
	uint64_t trace;
	uint64_t parked, timers, faults, ring_flags;
	unsigned int nr_orders;
	struct schedule_order orders[SCHEDULE_ORDERS];
	unsigned int nr;
	struct task_switch list[SWITCHES_MAX];
	struct switch_note notes[SWITCHES_MAX];
};

/**
 * schedule_clear() - make @s empty, as one that is zeroed
 *
 * Touches only what was used: the lists are far larger than what most schedules need.
 */
void schedule_clear(struct schedule *s);

/**
 * schedule_write() - write a file
 * @path: is replaced as a whole, or not at all
 * @err, @len: one line of at most @len bytes if it fails
 *
 * Context: not during an execution: it allocates. Return: whether it was written.
 */
bool schedule_write(const struct schedule *s, const char *path, char *err, size_t len);

/**
 * schedule_read() - read a file
 * @s: cleared first; of no use if it fails
 * @err, @len: one line of at most @len bytes if it fails: not readable, not a schedule,
 *	of another version, cut off, changed, or with an unknown line
 *
 * Context: as schedule_write(). Return: whether @s is what the file says.
 */
bool schedule_read(struct schedule *s, const char *path, char *err, size_t len);

#endif /* SEARCH_SCHEDULE_H */
