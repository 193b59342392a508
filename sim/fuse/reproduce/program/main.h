/* SPDX-License-Identifier: GPL-2.0-only */
/* Running the steps, and the verdict. */

/* ------------------------------------------------- all actors */

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

static long leave(const struct step *s)
{
	(void)s;
	return 0; /* act() does it */
}

static bool has_step_after(int i)
{
	while (++i < NR_STEPS)
		if (steps[i].actor == me)
			return true;
	return false;
}

static void *act(void *arg)
{
	me = (int)(intptr_t)arg;
	prctl(PR_SET_NAME, actors[me].name);
	for (int i = 0; i < NR_STEPS; i++) {
		if (steps[i].actor != me)
			continue;
		wait_for_turn(i);
		shared->step[i].ret = steps[i].run(&steps[i]);
		shared->step[i].has_returned = true;
		shared->happened++;
		if (steps[i].run == leave)
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

/* ------------------------------------------------- the controlling process */

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

static void run_step(int i)
{
	if (steps[i].actor == CONTROLLER) {
		shared->step[i].ret = steps[i].run(&steps[i]);
		shared->step[i].has_returned = true;
	}
	shared->step[i].may_begin = true;
	for (unsigned int ms = 0; steps[i].returned && ms < LIMIT_MS; ms += 2) {
		if (shared->step[i].has_returned)
			break;
		nap(2);
	}
	wait_for_quiet();
}

/* ------------------------------------------------- the verdict */

static bool killed[NR_ACTORS];

/* An actor killed in a system call counts as returned from it with -EINTR. */
static void note_killed(void)
{
	for (int i = 0; i < NR_ACTORS; i++)
		if (actors[i].role == CLIENT &&
		    waitpid(shared->pid[i], NULL, WNOHANG) > 0)
			killed[i] = true;
	for (int i = 0; i < NR_STEPS; i++) {
		int actor = steps[i].actor;

		if (actor < 0 || !killed[actor] || shared->step[i].has_returned)
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
	return shared->step[i].has_returned == steps[i].returned &&
	       (!steps[i].returned || shared->step[i].ret == steps[i].ret);
}

/* Return: the first judged step with another result, or -1 */
static int compare(void)
{
	char here[32], there[32];
	int differs = -1;

	printf("     %-14s %-42s %-14s %s\n", "task", "what", "this kernel", "simulator");
	for (int i = 0; i < NR_STEPS; i++) {
		const struct step *s = &steps[i];
		bool bad = s->judged && !as_simulated(i);

		printf("%3d%s %-14s %-42s %-14s %s\n", i + 1, bad ? " !" : "  ",
		       s->actor < 0 ? "-" : actors[s->actor].name, s->words,
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

	note_killed();
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
		run_step(i);
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
	nap(500);	     /* for the console */
	reboot(RB_AUTOBOOT); /* QEMU is told not to */
	return 2;
}
