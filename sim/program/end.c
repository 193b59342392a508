// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signals and lost output.
 */
#include "program/end.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "program/program.h"

static const char *volatile unfinished_file;
static const char *volatile doing;
static bool (*on_crash)(const void *info, void *context);

/* The signal may arrive on a fiber's small stack, hence one of its own. */
static unsigned char signal_stack[64 * 1024];

static void say(const char *text)
{
	ssize_t ignored = write(STDERR_FILENO, text, strlen(text));

	(void)ignored;
}

static void interrupted(int sig)
{
	const char *file = unfinished_file;

	if (file)
		unlink(file);
	say("uringsim: interrupted\n");
	/* end by the signal, so that the caller's shell and make see it */
	signal(sig, SIG_DFL);
	raise(sig);
}

#ifndef __SANITIZE_ADDRESS__
static void crashed(int sig, siginfo_t *info, void *context)
{
	const char *what = doing;

	/* SIGABRT is the simulator's own */
	if (sig != SIGABRT && on_crash(info, context))
		return;
	say("uringsim: crashed (");
	say(sig == SIGSEGV  ? "SIGSEGV"
	    : sig == SIGBUS ? "SIGBUS"
	    : sig == SIGFPE ? "SIGFPE"
	    : sig == SIGILL ? "SIGILL"
			    : "SIGABRT");
	say(")");
	if (what) {
		say(" in scenario ");
		say(what);
	}
	say("; run it under gdb to see where\n");
	_exit(STATUS_SIMULATOR);
}
#endif

#ifndef __SANITIZE_ADDRESS__
/* Not once only: each of several executions may end with it. */
static void handle_crash(int sig)
{
	struct sigaction sa = { .sa_sigaction = crashed,
				.sa_flags = SA_ONSTACK | SA_NODEFER | SA_SIGINFO };

	sigemptyset(&sa.sa_mask);
	sigaction(sig, &sa, NULL);
}
#endif

static void handle(int sig, void (*handler)(int))
{
	struct sigaction sa = { .sa_handler = handler, .sa_flags = SA_ONSTACK };

	/* deferred until raise() has done its work */
	sigemptyset(&sa.sa_mask);
	if (handler != SIG_IGN)
		sa.sa_flags |= SA_NODEFER | (int)SA_RESETHAND;
	sigaction(sig, &sa, NULL);
}

void end_prepare(bool (*crash)(const void *info, void *context))
{
	const stack_t own = { .ss_sp = signal_stack, .ss_size = sizeof(signal_stack) };

	/* else the next file to be opened would become standard output */
	if (fcntl(STDOUT_FILENO, F_GETFD) < 0) {
		complain("standard output is closed");
		exit(STATUS_USAGE);
	}
	on_crash = crash;
	sigaltstack(&own, NULL);
	handle(SIGPIPE, SIG_IGN);
	/* a limit on the size of files is an error of the write, like any other */
	handle(SIGXFSZ, SIG_IGN);
	handle(SIGINT, interrupted);
	handle(SIGTERM, interrupted);
#ifndef __SANITIZE_ADDRESS__
	/* AddressSanitizer explains these better */
	handle_crash(SIGSEGV);
	handle_crash(SIGBUS);
	handle_crash(SIGFPE);
	handle_crash(SIGILL);
	handle_crash(SIGABRT);
#endif
}

void end_remove(const char *path)
{
	unfinished_file = path;
}

void end_doing(const char *what)
{
	doing = what;
}

/* of a build that counts [gcov] */
extern void __gcov_dump(void) __attribute__((weak));

static void (*write_counts)(void);

static void count(void)
{
	if (write_counts)
		write_counts();
	if (__gcov_dump)
		__gcov_dump();
}

/* Who reads has what it wanted: "| head -1". It ends as any program does then. */
static void end_if_nobody_reads(void)
{
	struct pollfd out = { .fd = STDOUT_FILENO, .events = POLLOUT };

	if (poll(&out, 1, 0) != 1 || !(out.revents & POLLERR))
		return;
	count();
	signal(SIGPIPE, SIG_DFL);
	raise(SIGPIPE);
}

int end_unwritten(int status)
{
	return status == STATUS_OK || status == STATUS_CUT ? STATUS_USAGE : status;
}

int end_with(int status)
{
	int lost;

	errno = 0;
	lost = fflush(stdout) || ferror(stdout);
	if (!lost)
		return status;
	end_if_nobody_reads();
	if (errno)
		complain("cannot write to standard output: %s", strerror(errno));
	else
		complain("cannot write to standard output");
	return end_unwritten(status);
}

void end_counts(void (*write)(void))
{
	write_counts = write;
}

void end_child(int status)
{
	count();
	_exit(status);
}
