// SPDX-License-Identifier: GPL-2.0-only
/*
 * All scenarios, in the order in which they are listed and run.
 */
#include <string.h>

#include "scenario/scenario.h"

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
};

const unsigned int scenarios_nr = sizeof(scenarios) / sizeof(scenarios[0]);

const struct scenario *scenario_find(const char *name)
{
	for (unsigned int i = 0; i < scenarios_nr; i++)
		if (!strcmp(scenarios[i]->name, name))
			return scenarios[i];
	return NULL;
}
