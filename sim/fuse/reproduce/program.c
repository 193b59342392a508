// SPDX-License-Identifier: GPL-2.0-only
/*
 * The files of an exported program: the parts of program/ one after the other, with the
 * scenario's steps among them, and the script that boots it.
 */
#include <stdio.h>
#include <string.h>

#include "fuse/reproduce/reproduce.h"

extern const char program_types_h[], program_shared_h[], program_interface_h[],
	program_ring_h[], program_files_h[], program_server_h[], program_client_h[],
	program_main_h[], program_boot_sh[];

static const char *next_line(const char *line)
{
	const char *end = strchr(line, '\n');

	return end ? end + 1 : line + strlen(line);
}

const char *text_of(const char *part)
{
	return next_line(part);
}

/* ---- the head ---- */

static void print_comment(FILE *out, const char *text)
{
	for (; *text; text++) {
		bool ends = text[0] == '*' && text[1] == '/';

		putc(ends || *text < ' ' || *text > '~' ? '?' : *text, out);
	}
}

static const char head[] =
	"\n"
	" *\n"
	" * This program does the same steps on a real kernel. Each begins when the one\n"
	" * before has returned or waits and nothing happens any more: no exact timing "
	"is\n"
	" * needed. At its end it prints the result of each step, here and in the\n"
	" * simulator, and whether all calls have the same result: \"REPRODUCED\" or\n"
	" * \"not reproduced\".\n"
	" *\n"
	" *	boot.sh [BZIMAGE]                        boots a kernel in QEMU with it\n"
	" *	cc -O2 -pthread reproducer.c && ./a.out  as root, here and now\n"
	" *\n"
	" * Exit status: 0 reproduced, 1 not reproduced, 2 this kernel or machine does "
	"not fit.\n"
	" */\n\n";

static void print_head(FILE *out, const struct program *p)
{
	const struct schedule *s = p->schedule;

	fputs("// SPDX-License-Identifier: GPL-2.0-only\n/*\n * ", out);
	print_comment(out, s->summary);
	if (s->where[0])
		fprintf(out, "\n * in %s", s->where);
	fprintf(out, "\n *\n * Seen by uringsim " URINGSIM_VERSION ": scenario %s on %s",
		s->scenario, s->subject);
	if (s->version[0])
		fprintf(out, " (%s)", s->version);
	fputs(",\n * ", out);
	print_comment(out, p->file);
	fputs(head, out);
}

/* "fs/fuse/dev_uring.c:653 (...)": "dev_uring.c" */
static void print_warns_in(FILE *out, const struct schedule *s)
{
	char file[sizeof(s->where)];
	const char *base;

	snprintf(file, sizeof(file), "%s", s->where);
	file[strcspn(file, ":")] = '\0';
	base = strrchr(file, '/');
	if (strcmp(s->kind, report_kind_name(REPORT_KERNEL)) != 0)
		base = "";
	else
		base = base ? base + 1 : file;
	fputs("/* source file in which the kernel is to WARN, once after each boot */\n"
	      "#define WARNS_IN ",
	      out);
	c_string(out, base);
	putc('\n', out);
}

static void print_scenario(FILE *out, const struct schedule *s)
{
	char simulated[sizeof(s->subject) + sizeof(s->version) + 8];

	snprintf(simulated, sizeof(simulated), "%s%s%s", s->subject,
		 s->version[0] ? ", " : "", s->version);
	fputs("/* The scenario: its configuration, actors and steps. */\n\n", out);
	fputs("#define FAILURE ", out);
	c_string(out, s->summary);
	fputs("\n#define SIMULATED ", out);
	c_string(out, simulated);
	putc('\n', out);
	print_warns_in(out, s);
	program_print_steps(out);
	putc('\n', out);
}

/* reproducer.c has the same parts in the same order. */
void program_print(FILE *out, const void *what)
{
	static const char *const helpers[] = {
		program_shared_h, program_interface_h, program_ring_h,
		program_files_h,  program_server_h,    program_client_h,
	};
	const struct program *p = what;

	print_head(out, p);
	fprintf(out, "%s\n", text_of(program_types_h));
	print_scenario(out, p->schedule);
	for (size_t i = 0; i < sizeof(helpers) / sizeof(helpers[0]); i++)
		fprintf(out, "%s\n", text_of(helpers[i]));
	fputs("/* The functions of the steps. */\n", out);
	program_print_functions(out);
	fprintf(out, "\n%s", text_of(program_main_h));
}

/* ---- boot.sh ---- */

static bool begins(const char *line, const char *with)
{
	return !strncmp(line, with, strlen(with));
}

void program_print_boot(FILE *out, const void *what)
{
	const struct program *p = what;
	const struct step *steps;
	const char *subject = p->schedule->subject;
	bool lost;

	steps_taken(&steps, &lost);
	for (const char *line = program_boot_sh, *next; *line; line = next) {
		next = next_line(line);
		if (begins(line, "cpus="))
			fprintf(out, "cpus=%u\n",
				fuse_config(world_of(steps[0].actor))->cpus);
		else if (begins(line, "version="))
			fprintf(out, "version=%s\n",
				begins(subject, "linux-") ? subject + 6 : "");
		else
			fwrite(line, 1, (size_t)(next - line), out);
	}
}
