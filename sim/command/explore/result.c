// SPDX-License-Identifier: GPL-2.0-only
/*
 * The JSON of one scenario's search.
 */
#include <json-c/json.h>
#include <stdio.h>

#include "command/explore/explore.h"
#include "command/verdict/result.h"

static struct json_object *shard_json(const struct search_options *o)
{
	char text[32];

	if (o->shards <= 1)
		return NULL;
	snprintf(text, sizeof(text), "%u/%u", o->shard + 1, o->shards);
	return json_object_new_string(text);
}

void add_result(struct json_object *results, const struct player *p,
		const struct arguments *args, const struct hunt_options *h,
		const struct hunt_result *c, const char *state,
		struct json_object *failures)
{
	const struct result r = {
		.player = p,
		.difference = &c->difference,
		.state = state,
		.strategy = args->automatic ? "auto"
					    : search_kind_name(args->hunt.search.kind),
		.points = args->automatic ? "auto" : args->points,
		.seed = args->automatic || search_samples(args->hunt.search.kind)
				? args->hunt.search.seed
				: 0, /* as a schedule of it has */
		.executions = c->executions,
		.complete = c->complete,
		.cpu_s = c->cpu_s,
		.wall_s = c->wall_s,
		.peak_rss_kb = c->peak_rss_kb,
	};
	const char *cut = what_cut(c, h);
	int bound = args->hunt.search.preemptions;
	struct json_object *o = result_json(&r, failures);

	json_object_object_add(o, "shard", shard_json(&args->hunt.search));
	json_object_object_add(o, "preemptions",
			       bound == SEARCH_NO_BOUND ? NULL
							: json_object_new_int(bound));
	json_object_object_add(o, "timers", json_object_new_int((int)p->chances.timers));
	json_object_object_add(o, "faults", json_object_new_int((int)p->chances.faults));
	if (!args->automatic && args->hunt.search.kind == SEARCH_DELAY)
		json_object_object_add(o, "delays",
				       json_object_new_int(args->hunt.search.delays));
	if (args->automatic) {
		json_object_object_add(o, "budget",
				       json_object_new_string(budget_name(args->budget)));
		json_object_object_add(o, "phases", phases_json(h, c));
	}
	json_object_object_add(o, "cut", cut ? json_object_new_string(cut) : NULL);
	json_object_object_add(o, "dropped", json_object_new_int((int)c->dropped));
	json_object_object_add(o, "interrupted", json_object_new_boolean(c->signalled));
	json_object_object_add(o, "suppressed", suppressions_json(c->suppressed));
	json_object_array_add(results, o);
}
