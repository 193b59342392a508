/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The cases of locks.c. Read by kernel code and by the tests: builtin types only.
 */
#ifndef DETECTOR_LOCK_CASES_H
#define DETECTOR_LOCK_CASES_H

/** struct lock_sleeper - something that may sleep; @fn gets the address of user memory */
struct lock_sleeper {
	const char *name;
	void (*fn)(void *user);
};

/* the last one has no name */
extern const struct lock_sleeper lock_sleepers[];

#ifndef __KERNEL__
DECLARE_CASE(locks_begin);
DECLARE_CASE(takes_ab);
DECLARE_CASE(takes_ba);
DECLARE_CASE(takes_bc);
DECLARE_CASE(takes_ca);
DECLARE_CASE(takes_ac);
DECLARE_CASE(tries_ba);
DECLARE_CASE(takes_same_up);
DECLARE_CASE(takes_same_down);
DECLARE_CASE(takes_same_up_by_level);
DECLARE_CASE(takes_same_down_by_level);
DECLARE_CASE(takes_same_by_key);
DECLARE_CASE(takes_twice);
DECLARE_CASE(waits_for_work);
DECLARE_CASE(waits_for_work_without_lock);
DECLARE_CASE(locks_atomic);
DECLARE_CASE(locks_no_longer_atomic);
DECLARE_CASE(allocates_atomically);
DECLARE_CASE(waits_until_ready);
DECLARE_CASE(wakes_too_early);
DECLARE_CASE(wakes_in_time);
DECLARE_CASE(wakes_for_nothing);
DECLARE_CASE(gives_way_1);
DECLARE_CASE(gives_way_2);
DECLARE_CASE(gives_way_at_last_1);
DECLARE_CASE(gives_way_at_last_2);
DECLARE_CASE(spins_until_ready);
DECLARE_CASE(makes_ready);
#endif

#endif /* DETECTOR_LOCK_CASES_H */
