// SPDX-License-Identifier: GPL-2.0-only
/*
 * The same scenario twice: the same trace, byte for byte. Nothing in it is an address.
 */
#include <ctype.h>
#include <stdio.h>

#include "shim/arena.h"
#include "scenario_test.h"

struct telling {
	uint64_t hash;
	char *text;
	size_t len;
};

/* run the scenario with everything recorded, to the close of its world */
static struct telling told(void (*scenario_of)(void))
{
	struct telling t = { 0 };
	FILE *out = open_memstream(&t.text, &t.len);

	trace_enable(true, SCHED_MARKED);
	scenario_of();
	assert_int_equal(world_close(world), 0);
	world = NULL;
	t.hash = trace_hash();
	trace_print(out);
	fclose(out);
	return t;
}

static void is_told_the_same_way_twice(void (*scenario_of)(void))
{
	struct telling first = told(scenario_of);
	struct telling second = told(scenario_of);

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

/* ---- addresses ---- */

/* memory that is mapped in this process: program, heap, stacks, arenas, libraries */
static struct range {
	unsigned long from, to;
} ranges[4096];
static size_t nr_ranges;

static void look_what_is_mapped(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	char line[4096];

	assert_non_null(maps);
	for (nr_ranges = 0; fgets(line, sizeof(line), maps); nr_ranges++) {
		struct range *r = &ranges[nr_ranges];

		assert_true(nr_ranges < sizeof(ranges) / sizeof(ranges[0]));
		assert_int_equal(sscanf(line, "%lx-%lx ", &r->from, &r->to), 2);
	}
	fclose(maps);
	assert_true(nr_ranges > 5);
}

static bool is_mapped(unsigned long value)
{
	for (size_t i = 0; i < nr_ranges; i++)
		if (value >= ranges[i].from && value < ranges[i].to)
			return true;
	return false;
}

/* Counts, sizes and offsets are shorter than any address; what has 0x may be short. */
#define SHORTEST_ADDRESS 6

/* is the word at @p, which ends at @end, a number that is an address? */
static bool is_address(const char *p, const char *end)
{
	bool prefix = end - p > 2 && p[0] == '0' && p[1] == 'x';
	char *stop;

	if (!prefix && end - p < SHORTEST_ADDRESS)
		return false;
	if (is_mapped(strtoul(p, &stop, 16)) && stop == end)
		return true;
	return !prefix && is_mapped(strtoul(p, &stop, 10)) && stop == end;
}

/* the first address in @text, or NULL */
static const char *address_in(const char *text)
{
	const char *p = text, *end;

	look_what_is_mapped();
	while (*p) {
		for (end = p; isalnum((unsigned char)*end) || *end == '_'; end++)
			;
		if (end > p && is_address(p, end))
			return p;
		p = end > p ? end : p + 1;
	}
	return NULL;
}

static void there_is_no_address_in(void (*scenario_of)(void))
{
	struct telling t = told(scenario_of);
	const char *address = address_in(t.text);

	assert_true(t.len > 1000);
	if (address)
		fail_msg("an address is printed: %.60s", address);
	free(t.text);
}

static void no_address_is_printed(void **state)
{
	(void)state;
	there_is_no_address_in(round_trips);
	there_is_no_address_in(two_threads_race);
	there_is_no_address_in(a_server_dies);
}

static void is_seen(const char *format, const void *address)
{
	char text[100];

	snprintf(text, sizeof(text), format, (uintptr_t)address);
	assert_non_null(address_in(text));
}

/* what no_address_is_printed relies on: addresses of each kind are seen in each form */
static void an_address_that_is_printed_is_seen(void **state)
{
	static const char *const forms[] = {
		"0x%lx",	"%lx",	  "%016lx", "%lu", "entry 1 [0x%lx] waits",
		"at %lx: free", "r=%lu,",
	};
	int local;
	void *heap = malloc(1);

	(void)state;
	the_world_is(.entries = 2);
	struct actor *server = a_ready_server();
	const void *const addresses[] = {
		(const void *)(uintptr_t)is_seen, /* the program's code, */
		&ranges,			  /* and data */
		heap,
		&local,			      /* the stack */
		stdout,			      /* a library */
		subject,		      /* the subject */
		task_of(server),	      /* the scheduler, */
		task_of(server)->fiber.stack, /* a task's stack */
		(void *)ARENA_HEAP,
		(void *)ARENA_PAGES,
		(void *)(ARENA_USER + 4711),
	};

	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++)
		for (size_t k = 0; k < sizeof(forms) / sizeof(forms[0]); k++)
			is_seen(forms[k], addresses[i]);
	assert_null(address_in(
		"user+0x1000, 8192 of 131072 bytes, entry 17, -107, page#3+0x10"));
	assert_null(address_in("nodeid 2 fs/fuse/dev_uring.c:1234 (ent_fetch) 0x0 ffff"));
	free(heap);
}

SCENARIO_TESTS(scenario_test(serving_is_deterministic),
	       scenario_test(a_scripted_race_is_deterministic),
	       scenario_test(death_and_timeouts_are_deterministic),
	       scenario_test(another_story_has_another_trace),
	       scenario_test(no_address_is_printed),
	       scenario_test(an_address_that_is_printed_is_seen))
