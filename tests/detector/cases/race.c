// SPDX-License-Identifier: GPL-2.0-only
/*
 * What orders two tasks, and what does not: those that write first and those that read
 * what they wrote, in all the ways in which kernel code tells one from the other.
 */
#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/completion.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "cases.h"

static struct box {
	u64 value; /* what is raced for */
	u32 flag;
	u8 half[2];
	u64 *pointer;
	unsigned long bits;
	atomic_t count;
	refcount_t refs;
	spinlock_t lock;
	struct mutex mutex;
	struct completion done;
	wait_queue_head_t wq;
	struct work_struct work;
} box;

static volatile u64 sink;

static void work_reads(struct work_struct *work)
{
	sink = box.value;
}

/* before the tasks: by nobody */
CASE(race_box_init)
{
	const void **where = arg;

	box.value = 0;
	box.flag = 0;
	box.pointer = NULL;
	box.bits = 0;
	atomic_set(&box.count, 0);
	refcount_set(&box.refs, 2);
	spin_lock_init(&box.lock);
	mutex_init(&box.mutex);
	init_completion(&box.done);
	init_waitqueue_head(&box.wq);
	INIT_WORK(&box.work, work_reads);
	where[0] = &box;
	where[1] = &box + 1;
}

/* ---- locks ---- */

CASE(writes)
{
	box.value = 1;
}

CASE(reads)
{
	sink = box.value;
}

CASE(writes_once)
{
	WRITE_ONCE(box.value, 1);
}

CASE(reads_once)
{
	sink = READ_ONCE(box.value);
}

CASE(reads_and_does_not_care)
{
	sink = data_race(box.value);
}

CASE(writes_one_half)
{
	box.half[0] = 1;
}

CASE(writes_other_half)
{
	box.half[1] = 1;
}

CASE(writes_under_spinlock)
{
	spin_lock(&box.lock);
	box.value = 1;
	spin_unlock(&box.lock);
}

CASE(reads_under_spinlock)
{
	spin_lock(&box.lock);
	sink = box.value;
	spin_unlock(&box.lock);
}

CASE(writes_under_mutex)
{
	mutex_lock(&box.mutex);
	box.value = 1;
	mutex_unlock(&box.mutex);
}

CASE(reads_under_mutex)
{
	mutex_lock(&box.mutex);
	sink = box.value;
	mutex_unlock(&box.mutex);
}

CASE(reads_under_trylock)
{
	if (!spin_trylock(&box.lock))
		return;
	sink = box.value;
	spin_unlock(&box.lock);
}

/* ---- publishing ---- */

CASE(publishes)
{
	box.value = 1;
	smp_store_release(&box.flag, 1);
}

CASE(publishes_too_early)
{
	smp_store_release(&box.flag, 1);
	box.value = 1;
}

CASE(publishes_once)
{
	box.value = 1;
	WRITE_ONCE(box.flag, 1);
}

CASE(publishes_by_barrier)
{
	box.value = 1;
	smp_wmb();
	WRITE_ONCE(box.flag, 1);
}

CASE(consumes)
{
	if (smp_load_acquire(&box.flag))
		sink = box.value;
}

CASE(consumes_once)
{
	if (READ_ONCE(box.flag))
		sink = box.value;
}

CASE(consumes_by_barrier)
{
	u32 flag = READ_ONCE(box.flag);

	smp_rmb();
	if (flag)
		sink = box.value;
}

CASE(publishes_pointer)
{
	box.value = 1;
	rcu_assign_pointer(box.pointer, &box.value);
}

CASE(publishes_pointer_once)
{
	box.value = 1;
	WRITE_ONCE(box.pointer, &box.value);
}

CASE(follows_pointer)
{
	u64 *p = READ_ONCE(box.pointer);

	if (p)
		sink = *p;
}

/* ---- atomics ---- */

CASE(writes_then_inc)
{
	box.value = 1;
	atomic_inc(&box.count);
}

CASE(writes_then_inc_return)
{
	box.value = 1;
	sink = atomic_inc_return(&box.count);
}

CASE(writes_then_inc_with_barrier)
{
	box.value = 1;
	smp_mb__before_atomic();
	atomic_inc(&box.count);
}

CASE(asks_count)
{
	if (atomic_read(&box.count))
		sink = box.value;
}

CASE(asks_count_with_barrier)
{
	if (!atomic_read(&box.count))
		return;
	smp_mb__after_atomic();
	sink = box.value;
}

CASE(incs_return_then_reads)
{
	if (atomic_inc_return(&box.count) == 2)
		sink = box.value;
}

CASE(incs_then_reads)
{
	atomic_inc(&box.count);
	sink = box.value;
}

CASE(swaps_then_reads)
{
	if (cmpxchg(&box.count.counter, 1, 5) == 1)
		sink = box.value;
}

CASE(fails_to_swap_then_reads)
{
	if (cmpxchg(&box.count.counter, 7, 5) == 1)
		sink = box.value;
}

CASE(xchg_relaxed_then_reads)
{
	if (xchg_relaxed(&box.count.counter, 5) == 1)
		sink = box.value;
}

CASE(writes_then_sets_bit)
{
	box.value = 1;
	set_bit(3, &box.bits);
}

CASE(writes_then_tests_and_sets_bit)
{
	box.value = 1;
	test_and_set_bit(3, &box.bits);
}

CASE(tests_bit_then_reads)
{
	if (test_bit(3, &box.bits))
		sink = box.value;
}

CASE(tests_and_clears_bit_then_reads)
{
	if (test_and_clear_bit(3, &box.bits))
		sink = box.value;
}

CASE(writes_under_bit_lock)
{
	while (test_and_set_bit_lock(0, &box.bits))
		;
	box.value = 1;
	clear_bit_unlock(0, &box.bits);
}

CASE(writes_under_bit_lock_cleared)
{
	while (test_and_set_bit_lock(0, &box.bits))
		;
	box.value = 1;
	clear_bit(0, &box.bits);
}

CASE(drops_reference)
{
	box.value = 1;
	refcount_dec(&box.refs);
}

CASE(drops_last_reference)
{
	if (refcount_dec_and_test(&box.refs))
		sink = box.value;
}

CASE(takes_reference)
{
	box.value = 1;
	refcount_inc(&box.refs);
}

CASE(asks_references)
{
	if (refcount_read(&box.refs) == 1)
		sink = box.value;
}

/* ---- sleeping ---- */

CASE(completes)
{
	box.value = 1;
	complete(&box.done);
}

CASE(awaits_completion)
{
	wait_for_completion(&box.done);
	sink = box.value;
}

CASE(asks_completion)
{
	if (READ_ONCE(box.done.done))
		sink = box.value;
}

CASE(awaits_wake_up)
{
	wait_event(box.wq, READ_ONCE(box.flag));
	sink = box.value;
}

CASE(wakes_up)
{
	box.value = 1;
	WRITE_ONCE(box.flag, 1);
	wake_up(&box.wq);
}

CASE(wakes_up_too_early)
{
	WRITE_ONCE(box.flag, 1);
	wake_up(&box.wq);
	box.value = 1;
}

CASE(sleeps_and_reads)
{
	wait_event_timeout(box.wq, READ_ONCE(box.flag), 10);
	sink = box.value;
}

/* ---- work ---- */

CASE(queues_work)
{
	box.value = 1;
	schedule_work(&box.work);
}

CASE(queues_work_too_early)
{
	schedule_work(&box.work);
	box.value = 1;
}

CASE(stops_work_and_writes)
{
	cancel_work_sync(&box.work);
	box.value = 1;
}

/* ---- list heads in a row ---- */

#define HEADS 8

static struct list_head *new_heads(void)
{
	struct list_head *heads = kmalloc_array(HEADS, sizeof(*heads), GFP_KERNEL);

	for (unsigned int i = 0; i < HEADS; i++)
		INIT_LIST_HEAD(&heads[i]);
	return heads;
}

CASE(publishes_heads)
{
	rcu_assign_pointer(box.pointer, (u64 *)new_heads());
}

CASE(publishes_heads_too_early)
{
	struct list_head *heads = new_heads();

	rcu_assign_pointer(box.pointer, (u64 *)heads);
	for (unsigned int i = 0; i < HEADS; i++)
		INIT_LIST_HEAD(&heads[i]);
}

/* the fifth one's second pointer */
CASE(reads_head)
{
	sink = READ_ONCE(box.pointer)[9];
}

CASE(publishes_heads_without_order)
{
	WRITE_ONCE(box.pointer, (u64 *)new_heads());
}

/* of each, so that none is in fresh memory alone */
CASE(publishes_heads_and_marks_them)
{
	struct list_head *heads = kmalloc_array(HEADS, sizeof(*heads), GFP_KERNEL);

	for (unsigned int i = 0; i < HEADS; i++) {
		heads[i].prev = NULL;
		INIT_LIST_HEAD(&heads[i]);
	}
	WRITE_ONCE(box.pointer, (u64 *)heads);
}

CASE(looks_at_head)
{
	sink = READ_ONCE(READ_ONCE(box.pointer)[9]);
}

CASE(clears_heads)
{
	memset(READ_ONCE(box.pointer), 0, HEADS * sizeof(struct list_head));
}

/* an empty list is looked at, marked, and stays as it is */
CASE(splices_empty_heads)
{
	struct list_head *heads = (struct list_head *)READ_ONCE(box.pointer);
	LIST_HEAD(all);

	list_splice(&heads[4], &all);
	list_splice_tail(&heads[4], &all);
	list_splice_init(&heads[4], &all);
	list_splice_tail_init(&heads[4], &all);
}

CASE(reads_next_of_head)
{
	sink = READ_ONCE(box.pointer)[8];
}

CASE(writes_next_of_head)
{
	READ_ONCE(box.pointer)[8] = 0;
}

CASE(splices_lists)
{
	LIST_HEAD(from);
	LIST_HEAD(to);
	LIST_HEAD(first);
	LIST_HEAD(last);

	list_add(&last, &to);
	list_add(&first, &from);
	list_splice_init(&from, &to);
	WARN_ON(!list_empty(&from) || to.next != &first || first.next != &last);
	list_del(&first);
	list_add(&first, &from);
	list_splice_tail_init(&from, &to);
	WARN_ON(!list_empty(&from) || to.next != &last || last.next != &first);
	WARN_ON(to.prev != &first);
}

CASE(frees_heads)
{
	kfree(READ_ONCE(box.pointer));
}

CASE(reads_and_frees_heads)
{
	u64 *heads = READ_ONCE(box.pointer);

	sink = heads[9];
	kfree(heads);
}

CASE(looks_at_head_and_frees_heads)
{
	u64 *heads = READ_ONCE(box.pointer);

	sink = READ_ONCE(heads[9]);
	kfree(heads);
}

/* what the first one does to the memory is over when it is freed */
CASE(makes_and_frees_heads)
{
	kfree(new_heads());
}

CASE(makes_heads_again)
{
	struct list_head *heads[64];

	for (unsigned int i = 0; i < 64; i++)
		heads[i] = new_heads();
	for (unsigned int i = 0; i < 64; i++)
		kfree(heads[i]);
}

/* what was freed is handed out again among it */
CASE(takes_all_memory_of_heads)
{
	for (unsigned int i = 0; i < 512; i++) {
		u64 *p = kmalloc_array(HEADS, sizeof(struct list_head), GFP_KERNEL);

		memset(p, 0, HEADS * sizeof(struct list_head));
		kfree(p);
	}
}

CASE(makes_and_frees_many_heads)
{
	for (unsigned int i = 0; i < 64; i++)
		kfree(new_heads());
	smp_store_release(&box.flag, 1);
}

/* which is after those many */
CASE(acquires_and_frees_heads)
{
	if (smp_load_acquire(&box.flag))
		kfree(READ_ONCE(box.pointer));
}

/* the seventh one's second pointer */
CASE(looks_at_later_head)
{
	sink = READ_ONCE(READ_ONCE(box.pointer)[13]);
}

/* where heads were */
CASE(publishes_zeroes_without_order)
{
	u64 *p = kmalloc_array(HEADS, sizeof(struct list_head), GFP_KERNEL);

	memset(p, 0, HEADS * sizeof(struct list_head));
	WRITE_ONCE(box.pointer, p);
}

/* in memory that is not fresh any more: the seventh was written in another way */
CASE(publishes_heads_later)
{
	struct list_head *heads = kmalloc_array(HEADS, sizeof(*heads), GFP_KERNEL);

	heads[6].prev = NULL;
	for (unsigned int i = 0; i < HEADS; i++)
		INIT_LIST_HEAD(&heads[i]);
	WRITE_ONCE(box.pointer, (u64 *)heads);
}
