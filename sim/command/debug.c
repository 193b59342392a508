// SPDX-License-Identifier: GPL-2.0-only
/*
 * A replay in gdb, with the commands of tools/gdb.
 */
#include "command/debug.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command/command.h"

/* struct words - a command line that grows */
struct words {
	const char *word[40 + 2 * SUPPRESSIONS_FILES];
	unsigned int nr;
};

static void say(struct words *w, const char *first, const char *second)
{
	w->word[w->nr++] = first;
	if (second)
		w->word[w->nr++] = second;
}

/* this program, which plays once: a second time would stop there again */
static void say_program(struct words *gdb, const struct debug_target *t, const char *self)
{
	say(gdb, "--args", self);
	say(gdb, "replay", "--once");
	if (t->by_count)
		say(gdb, "--by-count", NULL);
	if (t->subject)
		say(gdb, "--subject", t->subject);
	if (t->tree)
		say(gdb, "--tree", t->tree);
	if (t->suppressions->not_the_drivers)
		say(gdb, "--suppress", "none");
	for (unsigned int i = 0; i < t->suppressions->nr; i++)
		say(gdb, "--suppress", t->suppressions->file[i]);
	say(gdb, t->file, NULL);
}

/* found when no task could run: the interesting stacks are of blocked tasks */
static bool is_stall(const struct report *r)
{
	return r->stuck && (r->kind == REPORT_PROGRESS || !strcmp(r->task, "-"));
}

/* The status says that the failure came, whatever the user does in gdb. */
static int run_gdb(const struct words *gdb)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, old;
	int status = 0;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		execvp("gdb", (char *const *)(uintptr_t)gdb->word);
		complain("gdb: %s", strerror(errno));
		_exit(STATUS_USAGE);
	}
	/* Ctrl-C is for gdb, which has a handler of its own */
	sigaction(SIGINT, &ignore, &old);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	sigaction(SIGINT, &old, NULL);
	if (pid < 0)
		complain("fork: %s", strerror(errno));
	else if (WIFEXITED(status) && !WEXITSTATUS(status))
		return STATUS_FOUND;
	return STATUS_USAGE;
}

int debug_in_gdb(const struct debug_target *target, const struct report *report,
		 int number)
{
	char self[4096], until[64], gdb_commands[PATH_MAX];
	struct words gdb = { { "gdb", "-q" }, 2 };
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	bool stuck = is_stall(report);

	if (n < 0) {
		complain("/proc/self/exe: %s", strerror(errno));
		return STATUS_USAGE;
	}
	self[n] = '\0';
	if (stuck)
		snprintf(until, sizeof(until), "uringsim until standstill %u",
			 report->stuck);
	else
		snprintf(until, sizeof(until), "uringsim until report %d", number);
	if (!isatty(STDIN_FILENO))
		say(&gdb, "-batch", NULL);
	say(&gdb, "-ex", "set confirm off");
	program_file(gdb_commands, "tools/gdb/uringsim.py");
	say(&gdb, "-x", gdb_commands);
	say(&gdb, "-ex", until);
	if (!stuck)
		say(&gdb, "-ex", "backtrace");
	say_program(&gdb, target, self);
	if (stuck)
		printf("failure   %-10s  %s\n", report_kind_name(report->kind),
		       report->summary);
	return run_gdb(&gdb);
}
