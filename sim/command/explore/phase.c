// SPDX-License-Identifier: GPL-2.0-only
/*
 * What explore says of a search in phases: of each, and how far all of them went.
 */
#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>

#include "command/explore/explore.h"

struct hunt_phase phase_of(const struct player *p, const struct arguments *args,
			   const struct hunt_options *o, unsigned int nr)
{
	if (o->nr_phases)
		return o->phases[nr];
	return (struct hunt_phase){ o->search, args->points, p->chances, 0 };
}

int phases_complete(const struct hunt_options *o, const struct hunt_result *c)
{
	int most = -1;

	for (unsigned int i = 0; i < o->nr_phases; i++)
		if (c->phase[i].complete && o->phases[i].search.preemptions > most)
			most = o->phases[i].search.preemptions;
	return most;
}

void phases_print(const struct hunt_options *o, const struct hunt_result *c)
{
	char words[128];

	for (unsigned int i = 0; i < o->nr_phases; i++)
		if (c->phase[i].mine)
			printf("          %8" PRIu64 " %s%s\n", c->phase[i].executions,
			       portfolio_words(&o->phases[i], words, sizeof(words)),
			       c->phase[i].complete ? ", complete" : "");
}

static struct json_object *one_json(const struct hunt_phase *phase,
				    const struct hunt_phase_result *r)
{
	const struct search_options *s = &phase->search;
	struct json_object *o = json_object_new_object();
	int bound = s->preemptions;

	json_object_object_add(o, "strategy",
			       json_object_new_string(search_kind_name(s->kind)));
	json_object_object_add(o, "points", json_object_new_string(phase->points));
	json_object_object_add(o, "preemptions",
			       bound == SEARCH_NO_BOUND ? NULL
							: json_object_new_int(bound));
	json_object_object_add(o, "timers",
			       json_object_new_int((int)phase->chances.timers));
	json_object_object_add(o, "faults",
			       json_object_new_int((int)phase->chances.faults));
	json_object_object_add(o, "executions", json_object_new_uint64(r->executions));
	json_object_object_add(o, "complete", json_object_new_boolean(r->complete));
	return o;
}

struct json_object *phases_json(const struct hunt_options *o, const struct hunt_result *c)
{
	struct json_object *all = json_object_new_array();

	for (unsigned int i = 0; i < o->nr_phases; i++)
		if (c->phase[i].mine)
			json_object_array_add(all, one_json(&o->phases[i], &c->phase[i]));
	return all;
}

/* ---- all scenarios ---- */

#define BOUNDS 4

static struct {
	unsigned int scenarios, complete, sampled;
	unsigned int within[BOUNDS];
	uint64_t executions;
} all;

void phases_count(const struct hunt_options *o, const struct hunt_result *c)
{
	int bound = phases_complete(o, c);

	all.scenarios++;
	all.executions += c->executions;
	if (c->complete)
		all.complete++;
	else if (bound < 0 || bound >= BOUNDS)
		all.sampled++;
	else
		all.within[bound]++;
}

void phases_left_out(enum budget budget)
{
	const char *comma = "";

	if (!all.scenarios)
		return;
	printf("searched  %" PRIu64 " executions; of %u scenario%s", all.executions,
	       all.scenarios, all.scenarios == 1 ? "" : "s");
	if (all.complete) {
		printf(" %u in all orders", all.complete);
		comma = ",";
	}
	for (unsigned int i = BOUNDS; i-- > 0;) {
		if (!all.within[i])
			continue;
		printf("%s %u in all with %u preemption%s", comma, all.within[i], i,
		       i == 1 ? "" : "s");
		comma = ",";
	}
	if (all.sampled)
		printf("%s %u by samples alone", comma, all.sampled);
	printf("\nleft out  orders beyond that, but for samples%s; more than one timer "
	       "and "
	       "one failing call%s\n",
	       budget == BUDGET_QUICK ? "; plain accesses as points" : "",
	       budget == BUDGET_THOROUGH ? "" : " (--budget thorough samples more)");
}
