/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Small pieces of kernel code, each with a mistake or nearly with one: bodies of
 * tasks. Read by kernel code and by the tests: builtin types only.
 */
#ifndef DETECTOR_CASES_H
#define DETECTOR_CASES_H

#define CASE(name)                                                   \
	void __attribute__((visibility("default"))) name(void *arg); \
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
DECLARE_CASE(makes_heads_behind);
DECLARE_CASE(makes_heads);
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
/* builtins.c */
DECLARE_CASE(uses_builtin_atomics);
DECLARE_CASE(counts_in_freed);
DECLARE_CASE(counts);
DECLARE_CASE(uses_string_functions);
DECLARE_CASE(wrong_results);
/* escapes.c, hooked.c */
DECLARE_CASE(accesses_without_hooks);
DECLARE_CASE(accesses_with_hooks);
/* user.c */
DECLARE_CASE(dereferences_user);
DECLARE_CASE(writes_user);
DECLARE_CASE(copies_from_user);
DECLARE_CASE(fetches_length_twice);
DECLARE_CASE(fetches_neighbours);
DECLARE_CASE(fetches_in_a_loop);
DECLARE_CASE(reads_sqe_twice);
DECLARE_CASE(reads_sqe_once);
DECLARE_CASE(uses_pinned_page);
DECLARE_CASE(uses_address_after_unmapping);

/* pin.c */
DECLARE_CASE(uses_mapping);
DECLARE_CASE(keeps_mapping);
DECLARE_CASE(uses_kept_mapping);
DECLARE_CASE(uses_mapping_after_vunmap);
DECLARE_CASE(uses_mapping_after_unpin);
DECLARE_CASE(writes_behind_mapping);
DECLARE_CASE(writes_all_of_mapping);
DECLARE_CASE(uses_pinned_without_mapping);
DECLARE_CASE(reads_header_of_mapping_twice);
DECLARE_CASE(gives_hole_to_mapping);
DECLARE_CASE(maps_for_others);
DECLARE_CASE(writes_mapping_under_lock);
DECLARE_CASE(writes_mapping);
DECLARE_CASE(writes_mapping_elsewhere);
DECLARE_CASE(ends_mapping);
DECLARE_CASE(maps_again_and_ends_that);
DECLARE_CASE(maps_for_two_purposes);
DECLARE_CASE(pins_for_others);
DECLARE_CASE(maps_and_ends_that);
DECLARE_CASE(unmaps_under_spinlock);
DECLARE_CASE(unpins_dirty_under_spinlock);
DECLARE_CASE(unpins_under_spinlock);
DECLARE_CASE(accounts_under_spinlock);
DECLARE_CASE(accounts);
DECLARE_CASE(copies_to_iterator);
DECLARE_CASE(copies_from_iterator);
DECLARE_CASE(walks_pinned_pages);
/* race.c */
DECLARE_CASE(race_box_init);
DECLARE_CASE(writes);
DECLARE_CASE(reads);
DECLARE_CASE(writes_once);
DECLARE_CASE(reads_once);
DECLARE_CASE(reads_and_does_not_care);
DECLARE_CASE(writes_one_half);
DECLARE_CASE(writes_other_half);
DECLARE_CASE(writes_under_spinlock);
DECLARE_CASE(reads_under_spinlock);
DECLARE_CASE(writes_under_mutex);
DECLARE_CASE(reads_under_mutex);
DECLARE_CASE(reads_under_trylock);
DECLARE_CASE(publishes);
DECLARE_CASE(publishes_too_early);
DECLARE_CASE(publishes_once);
DECLARE_CASE(publishes_by_barrier);
DECLARE_CASE(consumes);
DECLARE_CASE(consumes_once);
DECLARE_CASE(consumes_by_barrier);
DECLARE_CASE(publishes_pointer);
DECLARE_CASE(publishes_pointer_once);
DECLARE_CASE(follows_pointer);
DECLARE_CASE(writes_then_inc);
DECLARE_CASE(writes_then_inc_return);
DECLARE_CASE(writes_then_inc_with_barrier);
DECLARE_CASE(asks_count);
DECLARE_CASE(asks_count_with_barrier);
DECLARE_CASE(incs_return_then_reads);
DECLARE_CASE(incs_then_reads);
DECLARE_CASE(swaps_then_reads);
DECLARE_CASE(fails_to_swap_then_reads);
DECLARE_CASE(xchg_relaxed_then_reads);
DECLARE_CASE(writes_then_sets_bit);
DECLARE_CASE(writes_then_tests_and_sets_bit);
DECLARE_CASE(tests_bit_then_reads);
DECLARE_CASE(tests_and_clears_bit_then_reads);
DECLARE_CASE(writes_under_bit_lock);
DECLARE_CASE(writes_under_bit_lock_cleared);
DECLARE_CASE(drops_reference);
DECLARE_CASE(drops_last_reference);
DECLARE_CASE(takes_reference);
DECLARE_CASE(asks_references);
DECLARE_CASE(completes);
DECLARE_CASE(awaits_completion);
DECLARE_CASE(asks_completion);
DECLARE_CASE(awaits_wake_up);
DECLARE_CASE(wakes_up);
DECLARE_CASE(wakes_up_too_early);
DECLARE_CASE(sleeps_and_reads);
DECLARE_CASE(queues_work);
DECLARE_CASE(queues_work_too_early);
DECLARE_CASE(stops_work_and_writes);
DECLARE_CASE(publishes_heads);
DECLARE_CASE(publishes_heads_too_early);
DECLARE_CASE(publishes_heads_without_order);
DECLARE_CASE(publishes_heads_and_marks_them);
DECLARE_CASE(publishes_heads_later);
DECLARE_CASE(looks_at_head);
DECLARE_CASE(clears_heads);
DECLARE_CASE(splices_empty_heads);
DECLARE_CASE(reads_next_of_head);
DECLARE_CASE(writes_next_of_head);
DECLARE_CASE(splices_lists);
DECLARE_CASE(frees_heads);
DECLARE_CASE(reads_and_frees_heads);
DECLARE_CASE(looks_at_head_and_frees_heads);
DECLARE_CASE(makes_and_frees_heads);
DECLARE_CASE(makes_heads_again);
DECLARE_CASE(acquires_and_frees_heads);
DECLARE_CASE(looks_at_later_head);
DECLARE_CASE(makes_and_frees_many_heads);
DECLARE_CASE(publishes_zeroes_without_order);
DECLARE_CASE(takes_all_memory_of_heads);
DECLARE_CASE(reads_head);
#endif

#endif /* DETECTOR_CASES_H */
