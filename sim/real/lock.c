// SPDX-License-Identifier: GPL-2.0-only
/*
 * The big lock, and sleeping and waking with it.
 */
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "real/floor.h"

#define WAITERS 0x80000000u

struct floor ground;
__thread struct floor_task *self;

static long futex(unsigned int *word, int op, unsigned int value, unsigned int ms)
{
	const struct timespec t = { ms / 1000, (long)(ms % 1000) * 1000000 };

	return syscall(SYS_futex, word, op, value, ms ? &t : NULL, NULL, 0);
}

void floor_lock(void)
{
	unsigned int mine = (unsigned int)syscall(SYS_gettid);
	unsigned int seen = 0;

	while (!__atomic_compare_exchange_n(&ground.lock, &seen, mine, false,
					    __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
		mine |= WAITERS; /* others may sleep as well */
		if (!seen)
			continue;
		if (!(seen & WAITERS) &&
		    !__atomic_compare_exchange_n(&ground.lock, &seen, seen | WAITERS,
						 false, __ATOMIC_RELAXED,
						 __ATOMIC_RELAXED)) {
			seen = 0;
			continue;
		}
		futex(&ground.lock, FUTEX_WAIT, seen | WAITERS, 5);
		if (!self)
			floor_break_lock();
		seen = 0;
	}
}

pid_t floor_owner(void)
{
	return (pid_t)(__atomic_load_n(&ground.lock, __ATOMIC_RELAXED) & ~WAITERS);
}

void floor_unlock(void)
{
	if (__atomic_exchange_n(&ground.lock, 0, __ATOMIC_RELEASE) & WAITERS)
		futex(&ground.lock, FUTEX_WAKE, 1, 0);
}

void floor_wake_all(void)
{
	ground.wakes++;
	futex(&ground.wakes, FUTEX_WAKE, 1000, 0);
}

/* Without the lock, until somebody calls floor_wake_all() or @ms have passed. */
void floor_sleep(unsigned int seen, unsigned int ms)
{
	floor_unlock();
	futex(&ground.wakes, FUTEX_WAIT, seen, ms);
	floor_lock();
}

void call_begins(void)
{
	if (self) {
		self->in_call = true;
		if (self->uid != self->task.uid) { /* of this thread alone */
			syscall(SYS_setresgid, self->task.gid, self->task.gid,
				self->task.gid);
			syscall(SYS_setresuid, self->task.uid, self->task.uid,
				self->task.uid);
			self->uid = self->task.uid;
		}
	}
	ground.activity++;
	floor_unlock();
}

void call_ends_now(void)
{
	floor_lock();
	ground.activity++;
	if (self)
		self->in_call = false;
}

unsigned long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (unsigned long)t.tv_sec * 1000 + (unsigned long)t.tv_nsec / 1000000;
}
