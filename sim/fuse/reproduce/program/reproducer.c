// SPDX-License-Identifier: GPL-2.0-only
/*
 * What uringsim export-reproducer makes its programs from: everything but the story,
 * which is a round trip here.
 */
/* ---- story: the program ---- */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * Who takes part: processes that call the file system, and threads of one process
 * that serves it. DIRECTOR is main(), which lets one step happen after the other.
 */
enum role { CLIENT, SERVER };
#define DIRECTOR (-1)

struct actor {
	const char *name;
	enum role role;
	unsigned int cpu;	 /* of a client */
	unsigned int ring_flags; /* IORING_SETUP_*, of a server's thread */
};

/*
 * A step begins when the one before has returned or waits, and nothing happens any
 * more. What the simulator saw of it: that it returned @ret, or that it did not.
 * A step that is @judged has to come out the same way for the failure to be there.
 */
struct step {
	int who;
	long (*run)(const struct step *s);
	const char *words;
	bool judged, returned;
	long ret;
	unsigned int qid, ent;		 /* commands of the ring */
	int taken;			 /* an answer: the step that took the request */
	int error;			 /* an answer: in place of data */
	uint64_t unique_xor, commit_xor; /* an answer: bits that are wrong in it */
	bool has_len;			 /* an answer: with these lengths: */
	unsigned int out_len, payload_sz;
	int file;	/* inode; 1: the root, which needs not be opened */
	int target;	/* the actor that something is done to; inode of a lookup */
	unsigned int n; /* seconds, requests, bytes; REGISTER: that are missing */
	uint64_t offset;
};

/* What steps can be. */
static long add_queue(const struct step *s);
static long add_pool(const struct step *s);
static long register_entry(const struct step *s);
static long open_ring(const struct step *s);
static long close_ring(const struct step *s);
static long take(const struct step *s);
static long answer(const struct step *s);
static long serve(const struct step *s);
static long drain(const struct step *s);
static long leave(const struct step *s);
static long rest(const struct step *s);
static long call_stat(const struct step *s);
static long call_lookup(const struct step *s);
static long call_open(const struct step *s);
static long call_read(const struct step *s);
static long call_write(const struct step *s);
static long call_fsync(const struct step *s);
static long call_umount(const struct step *s);
static long write_abort(const struct step *s);
static long write_max_background(const struct step *s);
static long kill_client(const struct step *s);
static long interrupt_client(const struct step *s);
static long kill_server(const struct step *s);
static long close_dev(const struct step *s);
static long open_files(const struct step *s);

/* ---- story: begin ---- */
#define FAILURE	   "the client gets no answer"
#define SIMULATED  "no kernel"
#define CPUS	   1
#define ENTRIES	   1 /* of each queue */
#define BUFFERS	   0 /* of each queue's pool; 0: each entry has a buffer of its own */
#define MAX_WRITE  8192
#define MAX_PAGES  2
#define BACKGROUND 12
#define WARNS_IN   "" /* source file in which the kernel is to WARN */
#define PATIENCE_S 1  /* after that long, what has not returned will not */

enum { A_SERVER, A_CLIENT };

static const struct actor actors[] = {
	{ "server-0", SERVER, 0, 0 },
	{ "client", CLIENT, 0, 0 },
};

static const struct step story[] = {
	{ A_SERVER, register_entry, "REGISTER of entry 0 of queue 0", .returned = true },
	{ DIRECTOR, open_files, "everybody opens the files", .returned = true },
	{ A_SERVER, serve, "answer whatever comes", .returned = false },
	{ A_CLIENT, call_stat, "stat", .judged = true, .returned = true, .file = 1 },
	{ A_CLIENT, call_lookup, "lookup of f3", .judged = true, .returned = true,
	  .target = 3 },
	{ A_CLIENT, call_read, "read", .judged = true, .returned = true, .ret = 4096,
	  .file = 2, .n = 4096 },
	{ A_CLIENT, call_write, "write", .judged = true, .returned = true, .ret = 4096,
	  .file = 2, .n = 4096 },
	{ A_CLIENT, call_fsync, "fsync", .judged = true, .returned = true, .file = 2 },
};
/* ---- story: end ---- */

#define NR_ACTORS   ((int)(sizeof(actors) / sizeof(actors[0])))
#define NR_STEPS    ((int)(sizeof(story) / sizeof(story[0])))
#define QUIET_MS    300	  /* nothing has happened for so long: nothing will */
#define LIMIT_MS    10000 /* for a step that returned in the simulator */
#define MAX_PAYLOAD ((MAX_PAGES)*4096 > (MAX_WRITE) ? (MAX_PAGES)*4096 : (MAX_WRITE))
#define NR_FILES    64
#define FUSECTL	    "/sys/fs/fuse/connections"

/* What all processes share. */
static struct {
	volatile struct {
		bool may_begin, has_returned;
		long ret;
		unsigned int entry; /* of a request that was taken */
	} step[NR_STEPS];
	volatile unsigned long happened; /* changes with everything that does */
	volatile bool preparing;
	volatile int prepared; /* clients that have their files */
	volatile int mounted;  /* 1: yes, less than 0: -errno */
	volatile pid_t pid[NR_ACTORS];
	volatile unsigned int connection;
} * shared;

static bool is_init; /* the first process of a booted kernel */
static char mount_point[64] = "/mnt";
static pid_t server_pid;
static int dev_fuse = -1;
static __thread int me = DIRECTOR;

static void __attribute__((noreturn, format(printf, 1, 2))) die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\ncannot tell: this kernel or machine does not fit\n");
	exit(2);
}

static void nap(unsigned int ms)
{
	usleep(ms * 1000);
}

static long result(long ret)
{
	return ret < 0 ? -errno : ret;
}

#include "interface.h"
#include "ring.h"
#include "files.h"
#include "server.h"
#include "client.h"

/* ------------------------------------------------- everybody */

static long rest(const struct step *s)
{
	sleep(s->n);
	return 0;
}

static void wait_for_turn(int i)
{
	bool prepared = false;

	while (!shared->step[i].may_begin) {
		if (shared->preparing && actors[me].role == SERVER)
			help();
		if (shared->preparing && actors[me].role == CLIENT && !prepared) {
			prepare();
			prepared = true;
		}
		nap(2);
	}
}

static bool has_step_after(int i)
{
	while (++i < NR_STEPS)
		if (story[i].who == me)
			return true;
	return false;
}

static void *act(void *arg)
{
	me = (int)(intptr_t)arg;
	prctl(PR_SET_NAME, actors[me].name);
	for (int i = 0; i < NR_STEPS; i++) {
		if (story[i].who != me)
			continue;
		wait_for_turn(i);
		shared->step[i].ret = story[i].run(&story[i]);
		shared->step[i].has_returned = true;
		shared->happened++;
		if (story[i].run == leave)
			pthread_exit(NULL);
		if (!has_step_after(i))
			break;
	}
	for (;;) {
		if (shared->preparing && actors[me].role == SERVER)
			help();
		nap(2);
	}
	return NULL;
}

static long leave(const struct step *s)
{
	(void)s;
	return 0; /* act() does it */
}

/* ------------------------------------------------- the server's process */

#define ASYNC_READ	(1u << 0)
#define ASYNC_DIO	(1u << 15)
#define PARALLEL_LOOKUP (1u << 18)
#define ABORT_ERROR	(1u << 21)
#define SETS_MAX_PAGES	(1u << 22)
#define INIT_EXT	(1u << 30)
#define OVER_IO_URING	(1u << (41 - 32)) /* in flags2 */

static long answer_init(void)
{
	static unsigned char request[1 << 17];
	const struct in_header *in = (void *)request;
	const struct init_in *init = (void *)(in + 1);
	struct {
		struct out_header header;
		struct init_out init;
	} out = { 0 };

	if (read(dev_fuse, request, sizeof(request)) < 0)
		return -errno;
	if (in->opcode != INIT || !(init->flags2 & OVER_IO_URING))
		return -EOPNOTSUPP;
	out.header.len = sizeof(out);
	out.header.unique = in->unique;
	out.init.major = init->major;
	out.init.minor = init->minor;
	out.init.flags = ASYNC_READ | ASYNC_DIO | PARALLEL_LOOKUP | ABORT_ERROR |
			 SETS_MAX_PAGES | INIT_EXT;
	out.init.flags2 = OVER_IO_URING;
	out.init.max_background = BACKGROUND;
	out.init.max_write = MAX_WRITE;
	out.init.max_pages = MAX_PAGES;
	out.init.time_gran = 1;
	return result(write(dev_fuse, &out, sizeof(out)));
}

static long mount_it(void)
{
	char options[96];

	dev_fuse = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	if (dev_fuse < 0)
		return -errno;
	snprintf(options, sizeof(options),
		 "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other", dev_fuse);
	if (mount("reproducer", mount_point, "fuse", MS_NOSUID | MS_NODEV, options))
		return -errno;
	return answer_init();
}

static void serve_process(void)
{
	pthread_t thread;
	long ret = mount_it();

	shared->mounted = ret < 0 ? (int)ret : 1;
	for (int i = 0; ret >= 0 && i < NR_ACTORS; i++)
		if (actors[i].role == SERVER)
			pthread_create(&thread, NULL, act, (void *)(intptr_t)i);
	pthread_exit(NULL);
}

/* ------------------------------------------------- the director */

static void woken(int sig)
{
	(void)sig;
}

static void start_client(int i)
{
	struct sigaction sa = { .sa_handler = woken };
	cpu_set_t cpus;
	pid_t pid = fork();

	if (pid < 0)
		die("fork: %s", strerror(errno));
	shared->pid[i] = pid;
	if (pid)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigaction(SIGUSR1, &sa, NULL);
	CPU_ZERO(&cpus);
	CPU_SET(actors[i].cpu, &cpus);
	sched_setaffinity(0, sizeof(cpus), &cpus);
	root_fd = open(mount_point, O_PATH | O_CLOEXEC);
	act((void *)(intptr_t)i);
}

static void start(void)
{
	struct statx st;

	server_pid = fork();
	if (server_pid < 0)
		die("fork: %s", strerror(errno));
	if (!server_pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		serve_process();
	}
	while (!shared->mounted)
		nap(5);
	if (shared->mounted < 0)
		die("mounting with FUSE over io_uring: %s", strerror(-shared->mounted));
	if (statx(AT_FDCWD, mount_point, AT_STATX_DONT_SYNC, STATX_INO, &st))
		die("%s: %s", mount_point, strerror(errno));
	shared->connection = st.stx_dev_minor;
	for (int i = 0; i < NR_ACTORS; i++)
		if (actors[i].role == CLIENT)
			start_client(i);
}

/* Nothing happens any more. */
static void wait_for_quiet(void)
{
	unsigned long seen = shared->happened - 1;

	while (seen != shared->happened) {
		seen = shared->happened;
		nap(QUIET_MS);
	}
}

static long open_files(const struct step *s)
{
	int clients = 0;

	(void)s;
	for (int i = 0; i < NR_ACTORS; i++)
		clients += actors[i].role == CLIENT;
	shared->preparing = true;
	for (unsigned int ms = 0; shared->prepared < clients; ms += 10) {
		if (ms > LIMIT_MS)
			die("the clients cannot open their files");
		nap(10);
	}
	wait_for_quiet();
	shared->preparing = false;
	return 0;
}

static long kill_client(const struct step *s)
{
	return result(kill(shared->pid[s->target], SIGKILL));
}

static long interrupt_client(const struct step *s)
{
	return result(kill(shared->pid[s->target], SIGUSR1));
}

static long kill_server(const struct step *s)
{
	(void)s;
	return result(kill(server_pid, SIGKILL));
}

static void let_it_happen(int i)
{
	if (story[i].who == DIRECTOR) {
		shared->step[i].ret = story[i].run(&story[i]);
		shared->step[i].has_returned = true;
	}
	shared->step[i].may_begin = true;
	for (unsigned int ms = 0; story[i].returned && ms < LIMIT_MS; ms += 2) {
		if (shared->step[i].has_returned)
			break;
		nap(2);
	}
	wait_for_quiet();
}

/* ------------------------------------------------- the verdict */

static bool killed[NR_ACTORS];

/* Who was killed in a system call has left it with -EINTR, as far as one can tell. */
static void look_for_the_dead(void)
{
	for (int i = 0; i < NR_ACTORS; i++)
		if (actors[i].role == CLIENT &&
		    waitpid(shared->pid[i], NULL, WNOHANG) > 0)
			killed[i] = true;
	for (int i = 0; i < NR_STEPS; i++) {
		int who = story[i].who;

		if (who < 0 || !killed[who] || shared->step[i].has_returned)
			continue;
		shared->step[i].has_returned = true;
		shared->step[i].ret = -EINTR;
	}
}

static const char *outcome(char *buf, size_t size, bool returned, long ret)
{
	if (!returned)
		return "waits";
	if (!ret)
		return "done";
	if (ret > 0)
		snprintf(buf, size, "%ld", ret);
	else
		snprintf(buf, size, "%s", strerrorname_np((int)-ret));
	return buf;
}

static bool as_simulated(int i)
{
	return shared->step[i].has_returned == story[i].returned &&
	       (!story[i].returned || shared->step[i].ret == story[i].ret);
}

/* Return: the first judged step that came out otherwise, or -1 */
static int compare(void)
{
	char here[32], there[32];
	int differs = -1;

	printf("     %-14s %-42s %-14s %s\n", "who", "what", "this kernel", "simulator");
	for (int i = 0; i < NR_STEPS; i++) {
		const struct step *s = &story[i];
		bool bad = s->judged && !as_simulated(i);

		printf("%3d%s %-14s %-42s %-14s %s\n", i + 1, bad ? " !" : "  ",
		       s->who < 0 ? "-" : actors[s->who].name, s->words,
		       outcome(here, sizeof(here), shared->step[i].has_returned,
			       shared->step[i].ret),
		       outcome(there, sizeof(there), s->returned, s->ret));
		if (bad && differs < 0)
			differs = i;
	}
	return differs;
}

/* how often the kernel has warned there, as far as its log goes back */
static unsigned int warnings(void)
{
	int size = klogctl(10, NULL, 0); /* SYSLOG_ACTION_SIZE_BUFFER */
	char *log = size > 0 ? calloc(1, (size_t)size + 1) : NULL;
	unsigned int nr = 0;

	if (log && *WARNS_IN && klogctl(3, log, size) > 0) /* SYSLOG_ACTION_READ_ALL */
		for (char *at = log; (at = strstr(at, "WARNING: ")); at++) {
			size_t len = strcspn(at, "\n");

			nr += memmem(at, len, WARNS_IN, strlen(WARNS_IN)) != NULL;
		}
	free(log);
	return nr;
}

static int judge(unsigned int warned_before)
{
	bool warned = warnings() > warned_before;
	int differs;

	look_for_the_dead();
	differs = compare();
	if (*WARNS_IN)
		printf("     the kernel has %swarned in %s\n", warned ? "" : "not ",
		       WARNS_IN);
	if (differs < 0 && (warned || !*WARNS_IN)) {
		printf("REPRODUCED: %s\n", FAILURE);
		return 0;
	}
	if (differs >= 0)
		printf("not reproduced: step %d came out otherwise than in the "
		       "simulator\n",
		       differs + 1);
	else
		printf("not reproduced: every step came out the same, and there is no "
		       "warning\n");
	return 1;
}

/* ------------------------------------------------- the machine */

static void mount_system(void)
{
	static const char *const needed[][2] = {
		{ "proc", "/proc" },
		{ "sysfs", "/sys" },
		{ "devtmpfs", "/dev" },
	};

	for (unsigned int i = 0; i < 3; i++) {
		mkdir(needed[i][1], 0755);
		mount(needed[i][0], needed[i][1], needed[i][0], 0, "");
	}
	mkdir(mount_point, 0755);
}

static void prepare_machine(void)
{
	int fd;

	if (is_init) {
		mount_system();
	} else {
		strcpy(mount_point, "/tmp/reproducer.XXXXXX");
		if (!mkdtemp(mount_point))
			die("/tmp: %s", strerror(errno));
	}
	mount("fusectl", FUSECTL, "fusectl", 0, ""); /* if it is not there already */
	fd = open("/sys/module/fuse/parameters/enable_uring", O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, "Y", 1) != 1)
		die("this kernel has no FUSE over io_uring, or you are not root");
	close(fd);
	if (sysconf(_SC_NPROCESSORS_CONF) != CPUS)
		die("a machine with %d possible CPU(s) is needed: boot.sh has one", CPUS);
}

static void clean_up(void)
{
	write_control("abort", 1);
	kill(server_pid, SIGKILL);
	for (int i = 0; i < NR_ACTORS; i++)
		if (shared->pid[i] && !killed[i])
			kill(shared->pid[i], SIGKILL);
	umount2(mount_point, MNT_FORCE);
	umount2(mount_point, MNT_DETACH);
	if (!is_init)
		rmdir(mount_point);
}

static int reproduce(void)
{
	unsigned int warned;
	int status;

	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("simulated on: %s\n", SIMULATED);
	prepare_machine();
	warned = warnings();
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		die("no memory");
	start();
	for (int i = 0; i < NR_STEPS; i++)
		let_it_happen(i);
	sleep(PATIENCE_S);
	status = judge(warned);
	clean_up();
	return status;
}

int main(void)
{
	pid_t child;

	is_init = getpid() == 1;
	child = is_init ? fork() : 0;
	if (child <= 0)
		return reproduce();
	while (wait(NULL) != child)
		;
	nap(500); /* for the console */
	reboot(RB_AUTOBOOT); /* QEMU is told not to */
	return 2;
}
