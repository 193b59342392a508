// SPDX-License-Identifier: GPL-2.0-only
/*
 * The first and only program of a booted kernel: plays each scenario in a process and
 * a mount of its own, prints in KTAP on the console which checks hold, and powers off.
 *
 * From the kernel's command line: uringsim.subject=NAME, this kernel's name;
 * uringsim.only=NAME,NAME: only these scenarios; uringsim.findings: instead of them
 * what Linux is known to get wrong; uringsim.measure: what a round trip costs. If there
 * are files FOLDER/N.scenario, N from 0: instead of all these what they say.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "detect/report.h"
#include "findings.h"
#include "gcov.h"
#include "measure.h"
#include "real/real.h"
#include "fuse/scenario/scenario.h"
#include "text/text.h"

#define FOLDER	"/scenarios"
#define FILES	64
#define LIMIT_S 240 /* of the guest's time, for one scenario */

extern unsigned char shared_begin[], shared_end[];

static char subject[64] = "real", only[512];
static bool want_findings, want_measures;

/* ---- one scenario ---- */

static const char *const results[] = { "ok", "not ok", "ok" };

static void print_checks(const struct world *w)
{
	const struct check *c;
	unsigned int i;
	char name[256];

	for (i = 0; (c = world_check_nr(w, i)); i++) {
		world_check_name(w, i, name, sizeof(name));
		printf("    %s %u %s%s\n", results[c->result], i + 1, name,
		       c->result == CHECK_NOT_VISIBLE ? " # SKIP not visible from outside"
						      : "");
	}
}

static void print_reports(size_t from)
{
	for (; from < report_count(); from++)
		printf("    # %s\n", report_get(from)->summary);
}

static void name_who_hangs(void)
{
	for (unsigned int i = 0; i < real.nr_tasks; i++) {
		const struct real_task *t = &real.tasks[i];

		if (t->fiber.state != SCHED_DONE && t->in_call && !t->fiber.idle)
			printf("    # %s is in %s: %s\n", t->task.comm,
			       t->task.syscall ? t->task.syscall : "open",
			       t->fiber.blocked_why ? t->fiber.blocked_why : "?");
	}
}

/* Return: whether all checks hold. */
static bool play(const struct scenario *s, unsigned int caps)
{
	const struct subject *ops = real_subject(subject, caps);
	struct world *w;

	report_reset();
	if (s->text)
		text_read_rest(s->text);
	printf("    KTAP version 1\n    # Subtest: %s\n", s->name);
	w = world_open(&fuse_driver, ops, s->config);
	if (!w) {
		print_reports(0);
		return false;
	}
	if (s->text)
		text_play(w, s->text);
	else
		s->play(w);
	if (sched_run(NULL) == SCHED_IS_BLOCKED)
		name_who_hangs();
	if (s->text)
		text_check(w, s->text);
	else if (s->check)
		s->check(w);
	world_close(w);
	world_expect_ended(w);
	print_checks(w);
	printf("    1..%u\n", world_checks_made(w));
	print_reports(0);
	return !report_count();
}

/* ---- in a process of its own ---- */

static void clean_up(void)
{
	real_kill_all();
	while (umount2(MOUNT_POINT, MNT_FORCE | MNT_DETACH) == 0)
		;
}

/* Wait for @pid, at most LIMIT_S. Return: its exit status, or -1 */
static int wait_for(pid_t pid)
{
	int status;

	for (unsigned int i = 0; i < LIMIT_S * 20; i++) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
		usleep(50000);
	}
	printf("    # no end after %d seconds\n", LIMIT_S);
	name_who_hangs();
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	return -1;
}

static int apart(int (*run)(const void *arg), const void *arg)
{
	pid_t pid;
	int status;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		status = run(arg);
		fflush(stdout);
		_exit(status);
	}
	status = wait_for(pid);
	clean_up();
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	return status;
}

/* ---- capabilities of this kernel ---- */

static struct submit *probed;

static int probe(const void *arg)
{
	const struct fuse_config *config = arg;
	struct world *w = fuse_open(real_subject(subject, 0), config);
	struct actor *t;
	struct reg r;

	if (!w)
		return 0;
	t = server_thread(w, "probe");
	if (config->payload == PAYLOAD_BUFRING) {
		register_default(w, 0, 0, &r);
		r.queue_depth = 0; /* refused only by a kernel with buffer rings */
		probed = server_registers_raw(t, &r);
	} else {
		probed = server_adds_queue(t, 0);
	}
	sched_run(NULL);
	if (config->payload == PAYLOAD_BUFRING)
		return probed->completed && probed->res < 0;
	return probed->completed && !probed->res;
}

static bool has_sync_init(void)
{
	int fd = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	bool has = fd >= 0 && !ioctl(fd, 0xe503 /* FUSE_DEV_IOC_SYNC_INIT */, 0);

	close(fd);
	return has;
}

static unsigned int find_caps(void)
{
	struct fuse_config pool = { .payload = PAYLOAD_BUFPOOL };
	struct fuse_config copy = { .payload = PAYLOAD_BUFPOOL, .zero_copy = true };
	struct fuse_config ring = { .payload = PAYLOAD_BUFRING };
	unsigned int caps = 0;

	if (apart(probe, &pool) == 1)
		caps |= FUSE_CAN_BUFPOOL | FUSE_CAN_SHARED;
	if (caps && apart(probe, &copy) == 1)
		caps |= FUSE_CAN_ZERO_COPY;
	if (!caps && apart(probe, &ring) == 1)
		caps |= FUSE_CAN_BUFRING | FUSE_CAN_SHARED;
	if (has_sync_init())
		caps |= FUSE_CAN_SYNC_INIT;
	if (!access("/proc/sys/fs/fuse/max_request_timeout", W_OK))
		caps |= FUSE_CAN_SYSCTLS | FUSE_CAN_TIMEOUT;
	return caps | FUSE_CAN_NOTIFY;
}

/* ---- all of them ---- */

static unsigned int caps;

static int run_one(const void *arg)
{
	return !play(arg, caps);
}

static bool is_possible(const struct scenario *s)
{
	const struct world_config *config = s->config;

	/* entries without memory: a client could not even open its files */
	if (!strcmp(s->name, "failed-copy-timeout"))
		return false;
	return (config && config->cpus ? config->cpus : 1) ==
		       sysconf(_SC_NPROCESSORS_CONF) &&
	       !(s->needs & ~caps);
}

static bool is_named(const struct scenario *s)
{
	size_t len = strlen(s->name);
	const char *at;

	for (at = only; (at = strstr(at, s->name)); at += len)
		if ((at == only || at[-1] == ',') && (!at[len] || at[len] == ','))
			return true;
	return false;
}

static bool is_wanted(const struct scenario *s)
{
	return is_possible(s) && (!*only || is_named(s));
}

static void play_all(const struct scenario *const *all, unsigned int all_nr)
{
	unsigned int nr = 0, wanted = 0;
	int status;

	for (unsigned int i = 0; i < all_nr; i++)
		wanted += is_wanted(all[i]);
	printf("KTAP version 1\n# subject %s\n1..%u\n", subject, wanted);
	for (unsigned int i = 0; i < all_nr; i++) {
		if (!is_wanted(all[i]))
			continue;
		/* it would hang, or need an order that does not come by itself */
		if (all[i]->finding && !is_named(all[i])) {
			printf("ok %u %s # SKIP finding %u, played if it is named\n",
			       ++nr, all[i]->name, all[i]->finding);
			continue;
		}
		status = apart(run_one, all[i]);
		printf("%s %u %s\n", status ? "not ok" : "ok", ++nr, all[i]->name);
		fflush(stdout);
	}
}

/* ---- scenario files ---- */

/* what a file's actors note of each other, as they are processes */
static void *shared_memory(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

/* Return: whether there are any */
static bool play_files(void)
{
	static const struct scenario *files[FILES];
	char path[64], err[512];
	unsigned int nr;

	for (nr = 0; nr < FILES; nr++) {
		const struct text *t;

		snprintf(path, sizeof(path), FOLDER "/%u.scenario", nr);
		if (access(path, R_OK))
			break;
		t = text_read(path, &fuse_driver, err, sizeof(err));
		if (!t) {
			printf("not ok 1 %s\n", err);
			return true;
		}
		files[nr] = text_scenario(t);
	}
	if (nr)
		play_all(files, nr);
	return nr;
}

/* ---- the machine ---- */

/* The program's variables become memory that its children share. */
static void share_variables(void)
{
	size_t size = (size_t)(shared_end - shared_begin);
	void *copy = malloc(size);

	if ((unsigned char *)&real < shared_begin || (unsigned char *)&real >= shared_end)
		world_full("shared memory: shared.ld has missed our variables");
	memcpy(copy, shared_begin, size);
	if (mmap(shared_begin, size, PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
		world_full("shared memory");
	memcpy(shared_begin, copy, size);
	free(copy);
}

static void option(const char *line, const char *name, char *value, size_t size)
{
	const char *at = strstr(line, name);

	if (at)
		snprintf(value, size, "%.*s", (int)strcspn(at + strlen(name), " \n"),
			 at + strlen(name));
}

static void read_options(void)
{
	char line[2048] = "";
	FILE *f = fopen("/proc/cmdline", "re");

	if (f && fgets(line, sizeof(line), f)) {
		option(line, "uringsim.subject=", subject, sizeof(subject));
		option(line, "uringsim.only=", only, sizeof(only));
		want_measures = strstr(line, "uringsim.measure") != NULL;
		want_findings = strstr(line, "uringsim.findings") != NULL;
	}
	if (f)
		fclose(f);
}

/* The second serial line, if there is one, is ours alone. */
static void choose_output(void)
{
	int fd = open("/dev/ttyS1", O_WRONLY | O_NOCTTY | O_CLOEXEC);

	if (fd >= 0 && write(fd, "", 0) == 0) {
		dup2(fd, STDOUT_FILENO);
		dup2(fd, STDERR_FILENO);
	}
}

static void mount_all(void)
{
	mkdir("/proc", 0755);
	mkdir("/sys", 0755);
	mkdir("/dev", 0755);
	mount("proc", "/proc", "proc", 0, "");
	mount("sysfs", "/sys", "sysfs", 0, "");
	mount("devtmpfs", "/dev", "devtmpfs", 0, "");
	mount("debugfs", "/sys/kernel/debug", "debugfs", 0, "");
	mount("fusectl", FUSECTL, "fusectl", 0, "");
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], REAL_NOTHING))
		return 0;
	mount_all();
	choose_output();
	share_variables();
	real_map_hot();
	read_options();
	text_memory = shared_memory;
	fuse_scenarios_load();
	caps = find_caps();
	if (want_measures) {
		measure_all(subject, caps, apart);
	} else if (!play_files()) {
		if (want_findings)
			play_all(findings, findings_nr);
		else
			play_all(fuse_scenarios, FUSE_SCENARIOS);
	}
	gcov_print();
	printf("# the end\n");
	fflush(stdout);
	tcdrain(STDOUT_FILENO); /* no sync(): a file system without its server would hang
				   it */
	reboot(RB_AUTOBOOT);
	return 0;
}
