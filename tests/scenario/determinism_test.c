// SPDX-License-Identifier: GPL-2.0-only
/*
 * The same story twice: the same trace, byte for byte.
 */
#include <stdio.h>

#include "story.h"

struct telling {
	uint64_t hash;
	char *text;
	size_t len;
};

/* run the story with everything recorded, to the close of its world */
static struct telling told(void (*story_of)(void))
{
	struct telling t = { 0 };
	FILE *out = open_memstream(&t.text, &t.len);

	trace_enable(true, SCHED_MARKED);
	story_of();
	assert_int_equal(world_close(world), 0);
	world = NULL;
	t.hash = trace_hash();
	trace_print(out);
	fclose(out);
	return t;
}

static void is_told_the_same_way_twice(void (*story_of)(void))
{
	struct telling first = told(story_of);
	struct telling second = told(story_of);

	assert_true(first.len > 1000);
	assert_int_equal(first.len, second.len);
	assert_memory_equal(first.text, second.text, first.len);
	assert_true(first.hash == second.hash);
	free(first.text);
	free(second.text);
}

static void round_trips(void)
{
	the_world_is(.cpus = 2, .entries = 2);
	struct actor *server = server_thread(world, "server");
	struct actor *a = client_new(world, "a", 0), *b = client_new(world, "b", 1);

	server_sets_up(server, 0);
	server_sets_up(server, 1);
	server_serves(server);
	client_read(a, 2, 0, 8192);
	client_write(b, 3, 100, 5000);
	client_read_bg(b, 2, 0, 4096);
	run_all();
}

static void two_threads_race(void)
{
	the_world_is(.entries = 2);
	struct actor *a = server_thread(world, "server-a");
	struct actor *b = server_thread(world, "server-b");

	server_registers(a, 0, 0);
	server_registers(b, 0, 1);
	stops_before_lock(a, "fch->lock");
	finishes(b);
	finishes(a);
}

static void a_server_dies(void)
{
	the_world_is(.entries = 2, .request_timeout = 20);
	struct actor *server = a_ready_server();
	struct actor *client = client_new(world, "client", 0);

	client_getattr(client, 2);
	client_read(client_new(world, "reader", 0), 2, 0, 4096);
	server_takes(server);
	run_all();
	server_dies(world);
	run_all();
}

static void serving_is_deterministic(void **state)
{
	(void)state;
	is_told_the_same_way_twice(round_trips);
}

static void a_scripted_race_is_deterministic(void **state)
{
	(void)state;
	is_told_the_same_way_twice(two_threads_race);
}

static void death_and_timeouts_are_deterministic(void **state)
{
	(void)state;
	is_told_the_same_way_twice(a_server_dies);
}

static void another_story_has_another_trace(void **state)
{
	(void)state;
	struct telling a = told(round_trips), b = told(two_threads_race);

	assert_true(a.hash != b.hash);
	free(a.text);
	free(b.text);
}

static void no_address_is_printed(void **state)
{
	(void)state;
	struct telling t = told(round_trips);

	assert_null(strstr(t.text, "0x2000"));
	assert_null(strstr(t.text, "0x7f"));
	assert_null(strstr(t.text, "0x55"));
	free(t.text);
}

STORIES(story(serving_is_deterministic), story(a_scripted_race_is_deterministic),
	story(death_and_timeouts_are_deterministic),
	story(another_story_has_another_trace), story(no_address_is_printed))
