// SPDX-License-Identifier: GPL-2.0-only
/*
 * The big lock, and sleeping and waking with it.
 */
#include <linux/capability.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "real/real.h"

#define WAITERS 0x80000000u

struct real_state real;
__thread struct real_task *self;

static long futex(unsigned int *word, int op, unsigned int value, unsigned int ms)
{
	const struct timespec t = { ms / 1000, (long)(ms % 1000) * 1000000 };

	return syscall(SYS_futex, word, op, value, ms ? &t : NULL, NULL, 0);
}

void real_lock(void)
{
	unsigned int mine = (unsigned int)syscall(SYS_gettid);
	unsigned int seen = 0;

	while (!__atomic_compare_exchange_n(&real.lock, &seen, mine, false,
					    __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
		mine |= WAITERS; /* others may sleep as well */
		if (!seen)
			continue;
		if (!(seen & WAITERS) &&
		    !__atomic_compare_exchange_n(&real.lock, &seen, seen | WAITERS, false,
						 __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
			seen = 0;
			continue;
		}
		futex(&real.lock, FUTEX_WAIT, seen | WAITERS, 5);
		if (!self)
			real_break_lock();
		seen = 0;
	}
}

pid_t real_owner(void)
{
	return (pid_t)(__atomic_load_n(&real.lock, __ATOMIC_RELAXED) & ~WAITERS);
}

void real_unlock(void)
{
	if (__atomic_exchange_n(&real.lock, 0, __ATOMIC_RELEASE) & WAITERS)
		futex(&real.lock, FUTEX_WAKE, 1, 0);
}

void real_wake_all(void)
{
	real.wakes++;
	futex(&real.wakes, FUTEX_WAKE, 1000, 0);
}

/* Without the lock, until real_wake_all() is called or @ms have passed. */
void real_sleep(unsigned int seen, unsigned int ms)
{
	real_unlock();
	futex(&real.wakes, FUTEX_WAIT, seen, ms);
	real_lock();
}

/* of this thread alone */
static void drop_capabilities(unsigned long which)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &head, data))
		return;
	for (unsigned int i = 0; i < 2; i++) {
		const uint32_t kept = ~(uint32_t)(which >> 32 * i);

		data[i].effective &= kept;
		data[i].permitted &= kept;
		data[i].inheritable &= kept;
	}
	syscall(SYS_capset, &head, data);
}

void call_begins(void)
{
	if (self) {
		if (self->lacks != self->task.lacks) {
			drop_capabilities(self->task.lacks);
			self->lacks = self->task.lacks;
		}
		self->in_call = true;
		if (self->uid != self->task.uid) { /* of this thread alone */
			syscall(SYS_setresgid, self->task.gid, self->task.gid,
				self->task.gid);
			syscall(SYS_setresuid, self->task.uid, self->task.uid,
				self->task.uid);
			self->uid = self->task.uid;
		}
	}
	real.activity++;
	real_unlock();
}

void call_ends_now(void)
{
	real_lock();
	real.activity++;
	if (self)
		self->in_call = false;
}

unsigned long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (unsigned long)t.tv_sec * 1000 + (unsigned long)t.tv_nsec / 1000000;
}
