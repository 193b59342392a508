// SPDX-License-Identifier: GPL-2.0-only
/*
 * Schedule files: what is written is read again; what is cut off, changed, foreign
 * or of another version is refused with one line.
 */
#include "search_tests.h"

#include <unistd.h>

#include "search/schedule.h"

static struct schedule out, in;
static char path[] = "/tmp/uringsim-schedule-XXXXXX";
static char err[512];

static int make_file(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	if (fd < 0)
		return -1;
	close(fd);
	return 0;
}

static int remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

static void fill(void)
{
	memset(&out, 0, sizeof(out));
	strcpy(out.subject, "linux-7.3");
	strcpy(out.version, "7.3.4-1");
	memset(out.files[0].sha256, 'a', 64);
	strcpy(out.files[0].path, "fs/fuse/dev_uring.c");
	out.nr_files = 1;
	strcpy(out.scenario, "register-race");
	strcpy(out.config, "cpus=1 entries=2");
	strcpy(out.points, "sync");
	strcpy(out.strategy, "random");
	out.seed = UINT64_MAX;
	out.execution = 17;
	strcpy(out.kind, "progress");
	strcpy(out.summary, "stat never came back: it waits");
	out.stops = true;
	out.trace = 0x0123456789abcdefull;
	out.parked = 5;
	out.nr = 2;
	out.list[0] = (struct task_switch){ SWITCH_START, 3, 0 };
	out.list[1] = (struct task_switch){ 3, 1, 4000000000u };
	strcpy(out.notes[0].from, "-");
	strcpy(out.notes[0].to, "server-a");
	strcpy(out.notes[1].from, "server-a");
	strcpy(out.notes[1].to, "stat");
	strcpy(out.notes[1].place, "before lock fch->lock in f (dev_uring.c:12)");
	out.notes[1].nth = 3;
}

static void put(const char *text, size_t n)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, n, f), n);
	fclose(f);
}

static char *get(size_t *n)
{
	static char text[65536];
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	*n = fread(text, 1, sizeof(text), f);
	fclose(f);
	return text;
}

static void is_refused(const char *why)
{
	err[0] = '\0';
	assert_false(schedule_read(&in, path, err, sizeof(err)));
	if (!err[0] || strchr(err, '\n') || !strstr(err, path))
		fail_msg("not one clear line: \"%s\"", err);
	if (why && !strstr(err, why))
		fail_msg("\"%s\" lacks \"%s\"", err, why);
}

static void what_is_written_is_read_again(void **state)
{
	(void)state;
	fill();
	assert_true(schedule_write(&out, path, err, sizeof(err)));
	assert_true(schedule_read(&in, path, err, sizeof(err)));
	assert_memory_equal(&in, &out, sizeof(in));
}

static void a_file_that_is_cut_off_is_refused_wherever(void **state)
{
	static char whole[65536];
	size_t n;

	(void)state;
	fill();
	assert_true(schedule_write(&out, path, err, sizeof(err)));
	memcpy(whole, get(&n), sizeof(whole));
	for (size_t cut = 0; cut < n; cut++) {
		put(whole, cut);
		is_refused(NULL);
	}
}

static void a_file_with_any_byte_changed_is_refused(void **state)
{
	static char whole[65536];
	size_t n;

	(void)state;
	fill();
	assert_true(schedule_write(&out, path, err, sizeof(err)));
	memcpy(whole, get(&n), sizeof(whole));
	for (size_t i = 0; i < n; i++) {
		whole[i] ^= 1;
		put(whole, n);
		is_refused(NULL);
		whole[i] ^= 1;
	}
}

static void a_foreign_file_is_refused(void **state)
{
	(void)state;
	put("", 0);
	is_refused("is cut off, or empty");
	put("\177ELF\0\0\0", 7);
	is_refused("zero byte");
	put("#include <stdio.h>\n", 19);
	is_refused("is not a schedule of uringsim");
	put("uringsim-schedule 2\nend 0000000000000000\n", 41);
	is_refused("another version");
	unlink(path);
	is_refused("cannot read");
	put("", 0);
}

/* with the right checksum: written by somebody who got it wrong */
static void sealed(const char *text)
{
	static char file[(SWITCHES_MAX + 3) * 24];
	uint64_t h = 0xcbf29ce484222325ull;

	for (const char *c = text; *c; c++)
		h = (h ^ (unsigned char)*c) * 0x100000001b3ull;
	snprintf(file, sizeof(file), "%send %016lx\n", text, (unsigned long)h);
	put(file, strlen(file));
}

static void a_line_that_means_nothing_is_named(void **state)
{
	(void)state;
	sealed("uringsim-schedule 1\nsubject a\ncolour blue\n");
	is_refused("line 3");
	sealed("uringsim-schedule 1\nseed twelve\n");
	is_refused("line 2");
	sealed("uringsim-schedule 1\nswitch 1 2 99\ta\tb\tc\n");
	is_refused("line 2");
	sealed("uringsim-schedule 1\nswitch 1 2 3\ta\tb\n");
	is_refused("line 2");
	sealed("uringsim-schedule 1\nsubject a\n");
	is_refused("lacks its");
}

static void orders_of_locks_are_read_again(void **state)
{
	(void)state;
	fill();
	out.nr_orders = SCHEDULE_ORDERS;
	for (unsigned int i = 0; i < SCHEDULE_ORDERS; i++) {
		struct schedule_order *o = &out.orders[i];

		o->execution = 100 + i;
		strcpy(o->scenario, "abort");
		strcpy(o->task, "server");
		strcpy(o->from, "fc->lock");
		strcpy(o->from_at, "fs/fuse/dev.c:1 (f)");
		strcpy(o->to, "queue->lock");
		strcpy(o->to_at, "fs/fuse/dev.c:2 (g)");
	}
	assert_true(schedule_write(&out, path, err, sizeof(err)));
	assert_true(schedule_read(&in, path, err, sizeof(err)));
	assert_memory_equal(&in, &out, sizeof(in));
	sealed("uringsim-schedule 1\norder 1\ta\tb\tc\td\te\n");
	is_refused("line 2");
	sealed("uringsim-schedule 1\norder x\ta\tb\tc\td\te\tf\n");
	is_refused("line 2");
}

static void more_than_there_is_room_for_is_refused(void **state)
{
	static char text[(SWITCHES_MAX + 2) * 24];
	size_t used = (size_t)sprintf(text, "uringsim-schedule 1\n");

	(void)state;
	for (unsigned int i = 0; i <= SWITCHES_MAX; i++)
		used += (size_t)sprintf(text + used, "switch 1 2 3\ta\tb\t\n");
	sealed(text);
	is_refused("line 16386: this is not a line of a schedule");
	used = (size_t)sprintf(text, "uringsim-schedule 1\n");
	for (unsigned int i = 0; i <= SCHEDULE_ORDERS; i++)
		used += (size_t)sprintf(text + used, "order 1\ta\tb\tc\td\te\tf\n");
	sealed(text);
	is_refused("line 10");
}

static void a_file_of_many_megabytes_is_refused(void **state)
{
	static char text[16 << 20];

	(void)state;
	memset(text, 'a', sizeof(text));
	put(text, sizeof(text));
	is_refused("is too long to be a schedule");
}

/* a file of an earlier version has no count of times */
static void a_switch_without_its_count_is_understood(void **state)
{
	(void)state;
	sealed("uringsim-schedule 1\nsubject a\nscenario b\npoints sync\nkind heap\n"
	       "switch 1 2 3\ta\tb\there\nswitch 65535 0 63\ta\tb\t\n");
	assert_true(schedule_read(&in, path, err, sizeof(err)));
	assert_int_equal(in.nr, 2);
	assert_int_equal(in.notes[0].nth, 0);
	assert_string_equal(in.notes[0].place, "here");
	sealed("uringsim-schedule 1\nswitch 1 2 64\ta\tb\t\n");
	is_refused("line 2");
	sealed("uringsim-schedule 1\nswitch 64 2 3\ta\tb\t\n");
	is_refused("line 2");
	sealed("uringsim-schedule 1\nswitch 1 2\ta\tb\t\n");
	is_refused("line 2");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read_again),
		cmocka_unit_test(a_file_that_is_cut_off_is_refused_wherever),
		cmocka_unit_test(a_file_with_any_byte_changed_is_refused),
		cmocka_unit_test(a_foreign_file_is_refused),
		cmocka_unit_test(a_line_that_means_nothing_is_named),
		cmocka_unit_test(orders_of_locks_are_read_again),
		cmocka_unit_test(more_than_there_is_room_for_is_refused),
		cmocka_unit_test(a_file_of_many_megabytes_is_refused),
		cmocka_unit_test(a_switch_without_its_count_is_understood),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}
