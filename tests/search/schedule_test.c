// SPDX-License-Identifier: GPL-2.0-only
/*
 * Schedule files: what is written is read again; what is cut off, changed, foreign
 * or of another version is refused with one line.
 */
#include "search_tests.h"

#include <signal.h>
#include <sys/resource.h>
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

/* ---- every fact ---- */

/* as long as each may be: one sign less than its room */
static void fill_up(void)
{
	fill();
#define FILL(field) \
	(memset(field, 'f', sizeof(field) - 1), field[sizeof(field) - 1] = '\0')
	FILL(out.subject);
	FILL(out.version);
	FILL(out.scenario);
	FILL(out.config);
	FILL(out.points);
	FILL(out.detect);
	FILL(out.strategy);
	FILL(out.kind);
	FILL(out.summary);
	FILL(out.where);
	out.seed = out.execution = out.trace = out.parked = UINT64_MAX;
	out.nr_files = SCHEDULE_FILES;
	for (unsigned int i = 0; i < SCHEDULE_FILES; i++) {
		FILL(out.files[i].sha256);
		FILL(out.files[i].path);
		out.files[i].path[0] = (char)('A' + i);
	}
	out.nr = 3;
	for (unsigned int i = 0; i < out.nr; i++) {
		out.list[i] = (struct task_switch){ SCHED_MAX_TASKS - 1,
						    SCHED_MAX_TASKS - 1, UINT32_MAX - i };
		FILL(out.notes[i].from);
		FILL(out.notes[i].to);
		FILL(out.notes[i].place);
		out.notes[i].nth = UINT32_MAX;
	}
	out.nr_orders = SCHEDULE_ORDERS;
	for (unsigned int i = 0; i < SCHEDULE_ORDERS; i++) {
		struct schedule_order *o = &out.orders[i];

		o->execution = UINT64_MAX - i;
		FILL(o->scenario);
		FILL(o->task);
		FILL(o->from);
		FILL(o->from_at);
		FILL(o->to);
		FILL(o->to_at);
	}
}

static void the_longest_facts_are_read_again(void **state)
{
	(void)state;
	fill_up();
	assert_true(schedule_write(&out, path, err, sizeof(err)));
	/* nothing of an earlier file is left */
	memset(in.notes, 'x', sizeof(in.notes[0]) * 10);
	memset(in.list, 'x', sizeof(in.list[0]) * 10);
	in.nr = 10;
	if (!schedule_read(&in, path, err, sizeof(err)))
		fail_msg("%s", err);
	assert_memory_equal(&in, &out, sizeof(in));
	schedule_clear(&in);
	memset(&out, 0, sizeof(out));
	assert_memory_equal(&in, &out, sizeof(in));
}

#define BEFORE "uringsim-schedule 1\nsubject a\nscenario b\npoints sync\nkind heap\n"

static void is_read(const char *text)
{
	sealed(text);
	if (!schedule_read(&in, path, err, sizeof(err)))
		fail_msg("%s: %s", text, err);
}

static void is_wrong(const char *line)
{
	char text[2048];

	snprintf(text, sizeof(text), BEFORE "%s\n", line);
	sealed(text);
	is_refused("line 6: this is not a line of a schedule");
}

static void a_fact_that_is_too_long_is_refused(void **state)
{
	static const struct {
		const char *key;
		size_t room;
	} facts[] = {
		{ "subject", sizeof(in.subject) },
		{ "version", sizeof(in.version) },
		{ "scenario", sizeof(in.scenario) },
		{ "config", sizeof(in.config) },
		{ "points", sizeof(in.points) },
		{ "detect", sizeof(in.detect) },
		{ "strategy", sizeof(in.strategy) },
		{ "kind", sizeof(in.kind) },
		{ "summary", sizeof(in.summary) },
		{ "where", sizeof(in.where) },
		{ "switch 1 2 3\t", 24 },
		{ "switch 1 2 3\ta\t", 24 },
		{ "switch 1 2 3\ta\tb\t", 160 },
		{ "order 1\t", 64 },
		{ "order 1\ta\t", 24 },
		{ "order 1\ta\tb\t", 64 },
		{ "order 1\ta\tb\tc\t", 160 },
		{ "order 1\ta\tb\tc\td\t", 64 },
		{ "order 1\ta\tb\tc\td\te\t", 160 },
	};
	char line[700], longest[300];

	(void)state;
	memset(longest, 'y', sizeof(longest));
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		const char *key = facts[i].key, *sep = strchr(key, '\t') ? "" : " ";
		/* what has to come behind it */
		const char *rest = !strcmp(key, "switch 1 2 3\t")      ? "\tb\tc"
				   : !strcmp(key, "switch 1 2 3\ta\t") ? "\tc"
				   : !strcmp(key, "order 1\t")	       ? "\tb\tc\td\te\tf"
				   : !strcmp(key, "order 1\ta\t")      ? "\tc\td\te\tf"
				   : !strcmp(key, "order 1\ta\tb\t")   ? "\td\te\tf"
				   : !strcmp(key, "order 1\ta\tb\tc\t")	   ? "\te\tf"
				   : !strcmp(key, "order 1\ta\tb\tc\td\t") ? "\tf"
									   : "";
		char text[1024];

		snprintf(line, sizeof(line), "%s%s%.*s%s", key, sep,
			 (int)facts[i].room - 1, longest, rest);
		snprintf(text, sizeof(text), BEFORE "%s\n", line);
		is_read(text);
		snprintf(line, sizeof(line), "%s%s%.*s%s", key, sep, (int)facts[i].room,
			 longest, rest);
		is_wrong(line);
	}
}

static void a_number_is_a_number_and_nothing_else(void **state)
{
	static const char *const keys[] = { "seed", "execution", "trace", "parked" };
	char text[200];

	(void)state;
	for (unsigned int i = 0; i < 4; i++) {
		static const char *const wrong[] = { "", "x", "12x", "1 2",
						     "123456789012345678901234567890" };

		for (unsigned int k = 0; k < 5; k++) {
			snprintf(text, sizeof(text), "%s %s", keys[i], wrong[k]);
			is_wrong(text);
		}
	}
	is_read(BEFORE "seed 10\nexecution 11\ntrace 12\nparked 1f\nstops yes\n");
	assert_int_equal(in.seed, 10);
	assert_int_equal(in.execution, 11);
	assert_int_equal(in.trace, 0x12);
	assert_int_equal(in.parked, 0x1f);
	assert_true(in.stops);
	is_read(BEFORE "stops no\n");
	assert_false(in.stops);
	assert_int_equal(in.seed | in.execution | in.trace | in.parked, 0);
	is_wrong("stops");
	is_wrong("stops y");
	is_wrong("stops noo");
	is_wrong("seed");
	is_wrong("");
}

static void a_switch_has_all_its_parts(void **state)
{
	static const char *const wrong[] = {
		"switch",
		"switch 1",
		"switch 1 2\ta\tb\tc",
		"switch 1 2 3",
		"switch 1 2 3\ta",
		"switch 1 2 3\ta\tb",
		"switch a 2 3\ta\tb\tc",
		"switch 1 2 3\ta\tb\tc\td",
		"switch 1 2 64\ta\tb\tc",
		"switch 64 2 3\ta\tb\tc",
		"switch 65534 2 3\ta\tb\tc",
		"switch 65536 2 3\ta\tb\tc",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		is_wrong(wrong[i]);
	is_read(BEFORE "switch 63 2 63 4\ta\tb\tc\nswitch 65535 7 0\td\te\t\n");
	assert_int_equal(in.nr, 2);
	assert_int_equal(in.list[0].from, 63);
	assert_int_equal(in.list[0].at, 2);
	assert_int_equal(in.list[0].to, 63);
	assert_int_equal(in.notes[0].nth, 4);
	assert_string_equal(in.notes[0].from, "a");
	assert_string_equal(in.notes[0].to, "b");
	assert_string_equal(in.notes[0].place, "c");
	assert_int_equal(in.list[1].from, SWITCH_START);
	assert_int_equal(in.notes[1].nth, 0);
	assert_string_equal(in.notes[1].place, "");
}

static void an_order_has_all_its_parts(void **state)
{
	(void)state;
	is_wrong("order");
	is_wrong("order 1");
	is_wrong("order 1\ta\tb\tc\td\te");
	is_wrong("order 1\ta\tb\tc\td\te\tf\tg");
	is_wrong("order \ta\tb\tc\td\te\tf");
	is_read(BEFORE "order 7\ta\tb\tc\td\te\tf\n");
	assert_int_equal(in.nr_orders, 1);
	assert_int_equal(in.orders[0].execution, 7);
	assert_string_equal(in.orders[0].scenario, "a");
	assert_string_equal(in.orders[0].task, "b");
	assert_string_equal(in.orders[0].from, "c");
	assert_string_equal(in.orders[0].from_at, "d");
	assert_string_equal(in.orders[0].to, "e");
	assert_string_equal(in.orders[0].to_at, "f");
}

static void a_file_of_the_subject_has_sum_and_path(void **state)
{
	char text[4096] = BEFORE;

	(void)state;
	is_wrong("file");
	is_wrong("file aa");
	is_read(BEFORE "file aa b.c\nfile bb d.c\n");
	assert_int_equal(in.nr_files, 2);
	assert_string_equal(in.files[1].sha256, "bb");
	assert_string_equal(in.files[1].path, "d.c");
	for (unsigned int i = 0; i < SCHEDULE_FILES; i++)
		strcat(text, "file aa b.c\n");
	is_read(text);
	assert_int_equal(in.nr_files, SCHEDULE_FILES);
	strcat(text, "file aa b.c\n");
	sealed(text);
	is_refused("line 38");
}

static void a_schedule_without_what_it_is_of_is_refused(void **state)
{
	static const char *const facts[] = { "subject a", "scenario b", "points sync",
					     "kind heap" };

	(void)state;
	for (unsigned int without = 0; without <= 4; without++) {
		char text[200] = "uringsim-schedule 1\n";

		for (unsigned int i = 0; i < 4; i++)
			if (i != without) {
				strcat(text, facts[i]);
				strcat(text, "\n");
			}
		if (without == 4) {
			is_read(text);
			continue;
		}
		sealed(text);
		is_refused("lacks its subject, scenario, points or kind of failure");
		assert_null(strstr(err, "line"));
	}
}

static void a_number_of_the_version_is_read_as_a_whole(void **state)
{
	(void)state;
	sealed("uringsim-schedule 11\nsubject a\nscenario b\npoints sync\nkind heap\n");
	is_refused("is a schedule of another version");
	sealed("uringsim-schedule 0\nsubject a\n");
	is_refused("is a schedule of another version");
	put("uringsim-schedule 1\n", 20);
	is_refused("is cut off");
	put("uringsim-schedul", 16);
	is_refused("is cut off, or empty");
	put("uringsim-schedulx", 17);
	is_refused("is not a schedule of uringsim");
}

/* ---- writing ---- */

static void a_file_that_cannot_be_written_leaves_nothing(void **state)
{
	struct rlimit before;
	char long_path[64];
	size_t n;

	(void)state;
	fill();
	assert_true(schedule_write(&out, path, err, sizeof(err)));
	out.seed = 3;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(
		setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 100, before.rlim_max }), 0);
	assert_false(schedule_write(&out, path, err, sizeof(err)));
	setrlimit(RLIMIT_FSIZE, &before);
	signal(SIGXFSZ, SIG_DFL);
	assert_non_null(strstr(err, "cannot write "));
	assert_non_null(strstr(err, "File too large"));
	/* the old one is as it was, and the new one's beginning is gone */
	assert_true(schedule_read(&in, path, err, sizeof(err)));
	assert_int_equal(in.seed, UINT64_MAX);
	snprintf(long_path, sizeof(long_path), "%s.%d.tmp", path, getpid());
	assert_int_equal(access(long_path, F_OK), -1);
	get(&n);
	assert_true(n > 100);
	assert_false(schedule_write(&out, "/nowhere/at/all", err, sizeof(err)));
	assert_string_equal(err,
			    "cannot write /nowhere/at/all: No such file or directory");
	/* a folder cannot be replaced */
	assert_false(schedule_write(&out, "/tmp", err, sizeof(err)));
	snprintf(long_path, sizeof(long_path), "/tmp.%d.tmp", getpid());
	assert_int_equal(access(long_path, F_OK), -1);
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
		cmocka_unit_test(the_longest_facts_are_read_again),
		cmocka_unit_test(a_fact_that_is_too_long_is_refused),
		cmocka_unit_test(a_number_is_a_number_and_nothing_else),
		cmocka_unit_test(a_switch_has_all_its_parts),
		cmocka_unit_test(an_order_has_all_its_parts),
		cmocka_unit_test(a_file_of_the_subject_has_sum_and_path),
		cmocka_unit_test(a_schedule_without_what_it_is_of_is_refused),
		cmocka_unit_test(a_number_of_the_version_is_read_as_a_whole),
		cmocka_unit_test(a_file_that_cannot_be_written_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}
