// SPDX-License-Identifier: GPL-2.0-only
/*
 * All scenarios, in the order in which they are listed and run.
 */
#include <string.h>

#include "fuse/scenario/scenario.h"

extern const struct scenario scenario_round_trip;
extern const struct scenario scenario_register_race;
extern const struct scenario scenario_pool_exhaustion;
extern const struct scenario scenario_background;
extern const struct scenario scenario_killed_client;
extern const struct scenario scenario_server_exit;
extern const struct scenario scenario_abort;
extern const struct scenario scenario_umount_idle;
extern const struct scenario scenario_request_timeout;
extern const struct scenario scenario_two_queues;
extern const struct scenario scenario_zero_copy;
extern const struct scenario scenario_fixed_pool;
extern const struct scenario scenario_exit_one_thread;
extern const struct scenario scenario_bad_day;
extern const struct scenario scenario_register_queue;
extern const struct scenario scenario_register_one_iovec;
extern const struct scenario scenario_register_three_iovecs;
extern const struct scenario scenario_register_unreadable;
extern const struct scenario scenario_register_headers;
extern const struct scenario scenario_register_payload;
extern const struct scenario scenario_not_negotiated;
extern const struct scenario scenario_switched_off;
extern const struct scenario scenario_before_init;
extern const struct scenario scenario_register_aborted;
extern const struct scenario scenario_register_unmounted;
extern const struct scenario scenario_small_sqes;
extern const struct scenario scenario_unknown_command;
extern const struct scenario scenario_commit_refused;
extern const struct scenario scenario_commit_elsewhere;
extern const struct scenario scenario_commit_aborted;
extern const struct scenario scenario_reply_refused;
extern const struct scenario scenario_pool_refused;
extern const struct scenario scenario_bufring_refused;
extern const struct scenario scenario_headers;
extern const struct scenario scenario_waits_for_entry;
extern const struct scenario scenario_waits_for_background;
extern const struct scenario scenario_in_order;
extern const struct scenario scenario_waits_for_ring;
extern const struct scenario scenario_interrupted_client;
extern const struct scenario scenario_abort_answer;
extern const struct scenario scenario_abort_register;
extern const struct scenario scenario_abort_exit;
extern const struct scenario scenario_killed_waiting;
extern const struct scenario scenario_unmapped_reply;
extern const struct scenario scenario_wrong_answer;
extern const struct scenario scenario_background_two_queues;
extern const struct scenario scenario_answer_at_timeout;
extern const struct scenario scenario_long_read;
extern const struct scenario scenario_odd_pool;
extern const struct scenario scenario_abort_half;
extern const struct scenario scenario_cancelled_buffer;
extern const struct scenario scenario_behind_a_buffer;
extern const struct scenario scenario_interrupt_reply;
extern const struct scenario scenario_abort_unfetched;
extern const struct scenario scenario_refused_register;

const struct scenario *const scenarios[] = {
	&scenario_round_trip,
	&scenario_register_race,
	&scenario_pool_exhaustion,
	&scenario_background,
	&scenario_killed_client,
	&scenario_server_exit,
	&scenario_abort,
	&scenario_umount_idle,
	&scenario_request_timeout,
	&scenario_two_queues,
	&scenario_zero_copy,
	&scenario_fixed_pool,
	&scenario_exit_one_thread,
	&scenario_bad_day,
	&scenario_register_queue,
	&scenario_register_one_iovec,
	&scenario_register_three_iovecs,
	&scenario_register_unreadable,
	&scenario_register_headers,
	&scenario_register_payload,
	&scenario_not_negotiated,
	&scenario_switched_off,
	&scenario_before_init,
	&scenario_register_aborted,
	&scenario_register_unmounted,
	&scenario_small_sqes,
	&scenario_unknown_command,
	&scenario_commit_refused,
	&scenario_commit_elsewhere,
	&scenario_commit_aborted,
	&scenario_reply_refused,
	&scenario_pool_refused,
	&scenario_bufring_refused,
	&scenario_headers,
	&scenario_waits_for_entry,
	&scenario_waits_for_background,
	&scenario_in_order,
	&scenario_waits_for_ring,
	&scenario_interrupted_client,
	&scenario_abort_answer,
	&scenario_abort_register,
	&scenario_abort_exit,
	&scenario_killed_waiting,
	&scenario_unmapped_reply,
	&scenario_wrong_answer,
	&scenario_background_two_queues,
	&scenario_answer_at_timeout,
	&scenario_long_read,
	&scenario_odd_pool,
	&scenario_abort_half,
};

const unsigned int scenarios_nr = sizeof(scenarios) / sizeof(scenarios[0]);

const struct scenario *const scenarios_named[] = {
	&scenario_cancelled_buffer,
	&scenario_behind_a_buffer,
	&scenario_interrupt_reply,
	&scenario_abort_unfetched,
	&scenario_refused_register,
};

const unsigned int scenarios_named_nr =
	sizeof(scenarios_named) / sizeof(scenarios_named[0]);

static const struct scenario *find(const struct scenario *const *list, unsigned int nr,
				   const char *name)
{
	for (unsigned int i = 0; i < nr; i++)
		if (!strcmp(list[i]->name, name))
			return list[i];
	return NULL;
}

const struct scenario *scenario_find(const char *name)
{
	const struct scenario *s = find(scenarios, scenarios_nr, name);

	return s ? s : find(scenarios_named, scenarios_named_nr, name);
}
