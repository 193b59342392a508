// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a repetition of an execution looks for: task, place and bytes of the earlier
 * access of each race. The last such access before the race is the one that is shown.
 */
#include "detect/race/earlier.h"

#include "detect/race/moved.h"
#include "detect/report.h"
#include "sched/checkpoint.h"
#include "symbols/stacks.h"

static struct wanted {
	race_place place;
	uintptr_t object;
	uint8_t task;
} wanted[STACKS_EARLIER];
static unsigned int nr_wanted, nr_found;
static bool repeat_next;

bool race_earlier_on;

bool race_repeat(void)
{
	repeat_next = nr_wanted && !race_earlier_on;
	return repeat_next;
}

static void mark_places(void)
{
	for (unsigned int i = 0; i < nr_wanted; i++) {
		const unsigned int nr = race_new_number(wanted[i].place);

		if ((race_places[nr] & ~RACE_PLACE_MARKS) == wanted[i].place)
			race_places[nr] |= RACE_PLACE_STACK;
	}
}

void race_earlier_reset(void)
{
	nr_found = 0;
	if (race_earlier_on)
		race_forget_places();
	race_earlier_on = repeat_next;
	repeat_next = false;
	if (race_earlier_on)
		mark_places();
	else
		nr_wanted = 0;
}

void race_earlier_access(uintptr_t addr, size_t len, race_place place)
{
	for (unsigned int i = 0; i < nr_wanted; i++)
		if (wanted[i].place == place && wanted[i].object - addr < len &&
		    wanted[i].task == sched_current()->id)
			stacks_take_earlier(i);
}

void race_earlier_found(const void *object, const struct race_side *before)
{
	const unsigned int nr = nr_found++;

	if (nr >= STACKS_EARLIER)
		return;
	if (race_earlier_on) {
		stacks_use_earlier(report_last(), nr);
		return;
	}
	wanted[nr] = (struct wanted){ before->place, (uintptr_t)object, before->task };
	nr_wanted = nr + 1;
}

void race_earlier_checkpoint(struct checkpoint *c)
{
	checkpoint_value(c, nr_wanted);
	checkpoint_value(c, nr_found);
	checkpoint_value(c, wanted);
}
