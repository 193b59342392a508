/* SPDX-License-Identifier: GPL-2.0-only */
/* What all processes share, and small helpers. */

#define NR_ACTORS   ((int)(sizeof(actors) / sizeof(actors[0])))
#define NR_STEPS    ((int)(sizeof(steps) / sizeof(steps[0])))
#define QUIET_MS    300	  /* when nothing has happened for so long, nothing will */
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
	volatile unsigned long happened; /* changes whenever something happens */
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
static __thread int me = CONTROLLER;

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

/* Wait until nothing happens any more. */
static void wait_for_quiet(void)
{
	unsigned long seen = shared->happened - 1;

	while (seen != shared->happened) {
		seen = shared->happened;
		nap(QUIET_MS);
	}
}
