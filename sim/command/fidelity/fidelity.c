// SPDX-License-Identifier: GPL-2.0-only
/*
 * uringsim fidelity: does a real kernel answer the scenarios' checks as the simulator
 * does? What differs without a reason is a defect of the simulator.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command/command.h"
#include "program/end.h"
#include "command/fidelity/fidelity.h"
#include "program/output.h"

#define REASONS "tests/kernel/differences"
#define RUN	"tests/kernel/run"
#define SKIPPED 77

extern char **environ;

/* struct arguments - the command line */
struct arguments {
	const char *subject, *json, *page, *reasons;
	const char **files;
	unsigned int nr_files;
};

static const struct argp_option options[] = {
	{ "subject", 's', "NAME", 0,
	  "Without a FILE: boot this kernel: linux-X.Y or bufring-linux [linux-7.3]", 0 },
	{ "json", 'j', "FILE", 0, "Write the table to FILE", 0 },
	{ "page", 'p', "FILE", 0, "Write it as a page of the documentation", 0 },
	{ "reasons", 'r', "FILE", 0,
	  "Which differences are known, and why [tests/kernel/differences]", 0 },
	{ 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *args = state->input;

	switch (key) {
	case 's':
		args->subject = arg;
		return 0;
	case 'j':
		args->json = arg;
		return 0;
	case 'p':
		args->page = arg;
		return 0;
	case 'r':
		args->reasons = arg;
		return 0;
	case ARGP_KEY_ARG:
		args->files[args->nr_files++] = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[FILE...]",
	.doc = "Compare the answers of the simulator and of real kernels to the checks "
	       "of "
	       "the scenarios. Each FILE was written by tests/kernel/run --ktap; without "
	       "one, a kernel is booted in QEMU.",
};

/* ---- booting ---- */

/* The script's output goes to stderr: stdout is for the table. */
static int run_kernel(const char *subject, char *ktap)
{
	char run[PATH_MAX], opt_subject[] = "--subject", opt_ktap[] = "--ktap";
	char *name = need(strdup(subject));
	char *const argv[] = { run, opt_subject, name, opt_ktap, ktap, NULL };
	posix_spawn_file_actions_t actions;
	int status = -1;
	pid_t pid;

	program_file(run, RUN);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
	if (posix_spawn(&pid, run, &actions, NULL, argv, environ)) {
		complain("cannot run %s", run);
		exit(STATUS_USAGE);
	}
	waitpid(pid, &status, 0);
	posix_spawn_file_actions_destroy(&actions);
	free(name);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void boot(struct table *table, const char *subject)
{
	char ktap[] = "/tmp/uringsim-ktap.XXXXXX";
	int fd = mkstemp(ktap), status;

	if (fd < 0) {
		complain("cannot write to /tmp");
		exit(STATUS_USAGE);
	}
	close(fd);
	end_remove(ktap);
	status = run_kernel(subject, ktap);
	if (status == 0 || status == 1)
		ktap_read(table, ktap);
	unlink(ktap);
	end_remove(NULL);
	if (status == 0 || status == 1)
		return;
	complain(status == SKIPPED ? "%s cannot be booted here" : "booting %s failed",
		 subject);
	exit(STATUS_USAGE);
}

/* ---- the table ---- */

static void print_table(const struct table *table)
{
	const struct row *row;

	for (size_t i = 0; i < table->nr; i++) {
		row = &table->rows[i];
		printf("%-14s %-20s %-11s %-11s %-11s  %s\n", row->subject, row->scenario,
		       seen_word(row->simulated), seen_word(row->real),
		       verdict_word(row_verdict(row)), row->check);
		if (row->reason)
			printf("%36s%s\n", "", row->reason);
	}
}

/* Return: how many differ without a reason. */
static size_t print_verdict(const struct table *table)
{
	size_t count[NR_VERDICTS] = { 0 };

	for (size_t i = 0; i < table->nr; i++)
		count[row_verdict(&table->rows[i])]++;
	printf("\n%zu checks: %zu the same, %zu not visible from outside, %zu different "
	       "with a reason, %zu without\n",
	       table->nr, count[SAME], count[NOT_VISIBLE], count[EXPLAINED],
	       count[DIFFERS]);
	return count[DIFFERS];
}

/* Every subject that a guest ran is played here, too. */
static void simulate_all(struct table *table)
{
	size_t nr = table->nr;

	for (size_t i = 0; i < nr; i++)
		if (i == 0 ||
		    strcmp(table->rows[i].subject, table->rows[i - 1].subject) != 0)
			simulate(table, table->rows[i].subject);
}

/* a boot takes long */
static bool can_be_written(const struct arguments *args)
{
	return (!args->json || output_check(args->json) == STATUS_OK) &&
	       (!args->page || output_check(args->page) == STATUS_OK);
}

static int write_files(const struct arguments *args, const struct table *table)
{
	int status = STATUS_OK;

	if (args->json)
		status = output_write(args->json, rows_print_json, table);
	if (args->page && status == STATUS_OK)
		status = output_write(args->page, page_print, table);
	return status;
}

int command_fidelity(int argc, char **argv)
{
	char usual_reasons[PATH_MAX];
	struct arguments args = { .reasons = usual_reasons };
	struct table table = { NULL, 0, 0 };
	struct reason *reasons;
	int status;

	program_file(usual_reasons, REASONS);
	args.files = need(calloc((size_t)argc, sizeof(*args.files)));
	read_arguments(&argp, argc, argv, &args);
	if (args.nr_files && args.subject) {
		complain("--subject is for booting; a FILE names its own");
		free(args.files);
		return STATUS_USAGE;
	}
	if (!can_be_written(&args)) {
		free(args.files);
		return STATUS_USAGE;
	}
	for (unsigned int i = 0; i < args.nr_files; i++)
		ktap_read(&table, args.files[i]);
	if (!args.nr_files)
		boot(&table, args.subject ? args.subject : "linux-7.3");
	table_sort(&table); /* each subject once */
	simulate_all(&table);
	table_sort(&table);
	reasons = reasons_read(args.reasons);
	reasons_give(reasons, &table);
	reasons_of_findings(&table);
	print_table(&table);
	status = print_verdict(&table) ? STATUS_FOUND : STATUS_OK;
	if (write_files(&args, &table) != STATUS_OK)
		status = end_unwritten(status);
	reasons_free(reasons);
	table_free(&table);
	free(args.files);
	return status;
}
