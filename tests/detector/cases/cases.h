/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Small pieces of kernel code, each with a mistake or nearly with one: bodies of
 * tasks. Read by kernel code and by the tests: builtin types only.
 */
#ifndef DETECTOR_CASES_H
#define DETECTOR_CASES_H

#define CASE(name)                                                                       \
	void __attribute__((visibility("default"))) name(void *arg);                     \
	void name(void *arg)
#define DECLARE_CASE(name) void name(void *arg)

#ifndef __KERNEL__
/* heap.c; what needs user memory gets its address as @arg */
DECLARE_CASE(reads_freed);
DECLARE_CASE(reads_before_free);
DECLARE_CASE(writes_freed);
DECLARE_CASE(copies_freed);
DECLARE_CASE(locks_freed);
DECLARE_CASE(reads_behind);
DECLARE_CASE(reads_last);
DECLARE_CASE(writes_behind);
DECLARE_CASE(writes_before);
DECLARE_CASE(clears_too_much);
DECLARE_CASE(clears_all);
DECLARE_CASE(compares_too_much);
DECLARE_CASE(copies_structure_behind);
DECLARE_CASE(copies_structure);
DECLARE_CASE(follows_freed_pointer);
DECLARE_CASE(follows_null);
DECLARE_CASE(follows_error);
DECLARE_CASE(uses_freed_page);
DECLARE_CASE(uses_page);
DECLARE_CASE(gives_away_hole);
DECLARE_CASE(gives_away_written);
DECLARE_CASE(gives_away_zeroed);
DECLARE_CASE(gives_away_copy_of_hole);
DECLARE_CASE(gives_away_copied_structure);
DECLARE_CASE(gives_away_page);
DECLARE_CASE(gives_away_written_page);
/* user.c */
DECLARE_CASE(dereferences_user);
DECLARE_CASE(writes_user);
DECLARE_CASE(copies_from_user);
DECLARE_CASE(uses_pinned_page);
DECLARE_CASE(uses_address_after_unmapping);
#endif

#endif /* DETECTOR_CASES_H */
