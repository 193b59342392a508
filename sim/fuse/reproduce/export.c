// SPDX-License-Identifier: GPL-2.0-only
/*
 * uringsim export-reproducer: the command line of it. From the schedule of a failure to
 * a program that shows it on a real kernel, if it needs no exact timing.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "program/program.h"
#include "program/end.h"
#include "program/output.h"
#include "command/choose/recorded.h"
#include "fuse/reproduce/export.h"
#include "fuse/reproduce/reproduce.h"
#include "shim/chance.h"
#include "engine/shrink.h"

/* struct arguments - the command line */
struct arguments {
	const char *file, *out, *subject, *tree;
};

static struct schedule schedule;

static const struct argp_option options[] = {
	{ "output", 'o', "DIR", 0,
	  "Where to: a folder that is not there yet [FILE without .schedule, and "
	  "-reproducer]",
	  0 },
	{ "subject", 's', "NAME", 0, "Play it on another subject", 0 },
	{ "tree", 't', "DIR", 0, "Play it on fs/fuse of that Linux tree, or of REPO@REV",
	  0 },
	{ 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *args = state->input;

	switch (key) {
	case 'o':
		args->out = arg;
		return 0;
	case 's':
		args->subject = arg;
		return 0;
	case 't':
		args->tree = arg;
		return 0;
	default:
		return take_schedule(key, arg, &args->file, "export");
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "FILE",
	.doc = "From the schedule of a failure make a C program that shows it on a real "
	       "kernel, and a script that boots one with it in QEMU: DIR/reproducer.c "
	       "and "
	       "DIR/boot.sh. Exit status 1, and nothing is written, if the failure needs "
	       "exact timing or cannot be caused or seen from outside of the kernel.",
};

/* ---- why not ---- */

/* The first switch that is left and preempts a task; else the first one. */
static unsigned int exact_switch(void)
{
	for (unsigned int i = 0; i < schedule.nr; i++)
		if (!strncmp(schedule.notes[i].place, "before ", 7))
			return i;
	return 0;
}

static int needs_timing(const struct arguments *args, const struct player *p, bool all)
{
	const struct switch_note *note;
	struct shrunk result;
	unsigned int i;

	steps_watch(false);
	if (!shrink_schedule(p, &schedule, &result) || !schedule.nr) {
		complain("%s needs exact timing", args->file);
		return STATUS_FOUND;
	}
	i = exact_switch();
	note = &schedule.notes[i];
	complain("%s needs exact timing: switch %u of %u that it needs, from %s to "
		 "%s%s%s%s",
		 args->file, i + 1, schedule.nr, note->from, note->to,
		 note->place[0] ? ", " : " where it waits", note->place,
		 all ? "" : " (not every order of the steps was tried)");
	return STATUS_FOUND;
}

static int refuse(const struct arguments *args, const char *why)
{
	complain("%s: %s", args->file, why);
	return STATUS_FOUND;
}

/* ---- writing: both files, or nothing ---- */

static char unfinished[PATH_MAX];

static void path_in(char path[PATH_MAX], const char *dir, const char *name)
{
	snprintf(path, PATH_MAX, "%.*s/%s", PATH_MAX - 32, dir, name);
}

static void give_up(void)
{
	char path[PATH_MAX];

	path_in(path, unfinished, "reproducer.c");
	unlink(path);
	path_in(path, unfinished, "boot.sh");
	unlink(path);
	rmdir(unfinished);
}

static bool write_both(const struct program *program)
{
	char path[PATH_MAX];

	path_in(path, unfinished, "reproducer.c");
	if (output_write(path, program_print, program) != STATUS_OK)
		return false;
	path_in(path, unfinished, "boot.sh");
	return output_write(path, program_print_boot, program) == STATUS_OK &&
	       !chmod(path, 0755);
}

/* before all orders are tried, which may take long */
static int check_folder(const char *dir)
{
	struct stat st;

	if (stat(dir, &st))
		return output_check(dir);
	complain("%s is there already", dir);
	return STATUS_USAGE;
}

static int write_program(const struct program *program, const char *dir)
{
	snprintf(unfinished, sizeof(unfinished), "%.*s.%d.tmp", PATH_MAX - 32, dir,
		 getpid());
	if (mkdir(unfinished, 0777)) {
		complain("cannot write %s: %s", dir, strerror(errno));
		return STATUS_USAGE;
	}
	if (!write_both(program)) {
		give_up();
		return STATUS_USAGE;
	}
	if (rename(unfinished, dir)) {
		complain("cannot write %s: %s", dir, strerror(errno));
		give_up();
		return STATUS_USAGE;
	}
	printf("program   %s/reproducer.c\nboot      %s/boot.sh [BZIMAGE]\n", dir, dir);
	return STATUS_OK;
}

static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void choose_folder(const struct arguments *args, char dir[PATH_MAX])
{
	static const char ending[] = ".schedule";
	size_t len = strlen(args->out ? args->out : args->file);

	if (args->out) {
		while (len > 1 && args->out[len - 1] == '/')
			len--;
		snprintf(dir, PATH_MAX, "%.*s", (int)len, args->out);
		return;
	}
	if (len > strlen(ending) && !strcmp(args->file + len - strlen(ending), ending))
		len -= strlen(ending);
	snprintf(dir, PATH_MAX, "%.*s-reproducer", (int)len, args->file);
}

/* ---- the command ---- */

static void print_order(void)
{
	const struct step *steps;
	bool lost;
	unsigned int nr = steps_taken(&steps, &lost);

	printf("order     %u steps, each after the one before has returned or waits\n",
	       nr);
}

static int export(const struct arguments *args, const struct player *p, const char *dir,
		  bool elsewhere)
{
	const struct program program = { .file = base_of(args->file),
					 .schedule = &schedule };
	char words[256];
	const char *why;
	bool all;

	if (!follow_recorded(p, &schedule, elsewhere) || !keep_settle(p, &schedule)) {
		complain("%s: its failure does not come again", args->file);
		return STATUS_USAGE;
	}
	keep_subject(&schedule, p);
	if (chances_taken()) {
		chances_words(0, words, sizeof(words));
		complain("%s needs what a program cannot bring about: %s", args->file,
			 words);
		return STATUS_FOUND;
	}
	if (!order_find(p, &schedule, &all))
		return needs_timing(args, p, all);
	why = program_refuses(&schedule, p->scenario);
	if (why)
		return refuse(args, why);
	print_order();
	return write_program(&program, dir);
}

int command_export_reproducer(int argc, char **argv)
{
	struct arguments args = { 0 };
	char err[512], dir[PATH_MAX];
	struct player p;
	bool elsewhere;
	int status;

	read_arguments(&argp, argc, argv, &args);
	choose_folder(&args, dir);
	if (!schedule_read(&schedule, args.file, err, sizeof(err))) {
		complain("%s", err);
		return STATUS_USAGE;
	}
	if (check_folder(dir) != STATUS_OK)
		return STATUS_USAGE;
	elsewhere = choose_recorded(&schedule, args.subject, args.tree, &p);
	if (!p.subject) {
		complain("%s: a model is no kernel", args.file);
		return STATUS_FOUND;
	}
	end_doing(schedule.scenario);
	status = export(&args, &p, dir, elsewhere);
	end_doing(NULL);
	return status;
}
