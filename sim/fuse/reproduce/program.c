// SPDX-License-Identifier: GPL-2.0-only
/*
 * The files of an exported program: those of program/ in one, with a story in it, and
 * without the steps that it does not have.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuse/reproduce/reproduce.h"

/* parts.S */
extern const char part_reproducer_c[], part_interface_h[], part_ring_h[], part_files_h[],
	part_server_h[], part_client_h[], part_boot_sh[];

static const struct {
	const char *name, *text;
} parts[] = {
	{ "interface.h", part_interface_h }, { "ring.h", part_ring_h },
	{ "files.h", part_files_h },	     { "server.h", part_server_h },
	{ "client.h", part_client_h },
};

#define STEP_FUNCTION "static long "
#define STEP_ARGUMENT "(const struct step *s)"

static bool begins(const char *line, const char *with)
{
	return !strncmp(line, with, strlen(with));
}

static const char *next_line(const char *line)
{
	const char *end = strchr(line, '\n');

	return end ? end + 1 : line + strlen(line);
}

static void print_up_to(FILE *out, const char *from, const char *to)
{
	fwrite(from, 1, (size_t)(to - from), out);
}

/* ---- steps that the story does not have ---- */

/* These two others use, too. */
static bool is_always_there(const char *name, size_t len)
{
	return (len == strlen("drain") && begins(name, "drain")) ||
	       (len == strlen("leave") && begins(name, "leave"));
}

/* Does a step of the program begin in this line, or is announced, that nobody does? */
static bool is_unused_step(const char *line)
{
	const char *name = line + strlen(STEP_FUNCTION), *end;

	if (!begins(line, STEP_FUNCTION))
		return false;
	end = strchr(name, '(');
	return end && begins(end, STEP_ARGUMENT) &&
	       !is_always_there(name, (size_t)(end - name)) &&
	       !story_uses(name, (size_t)(end - name));
}

/* Return: what comes after the function that begins at @line, or its announcement */
static const char *after_function(const char *line)
{
	const char *end = next_line(line);

	if (end[-2] == ';')
		return end;
	while (*end && !begins(end, "}\n"))
		end = next_line(end);
	end = next_line(end);
	return *end == '\n' ? end + 1 : end;
}

/* ---- the parts in one ---- */

static void print_part(FILE *out, const char *text);

/* Return: whether the line is one of the parts, and is there now */
static bool print_include(FILE *out, const char *line)
{
	static const char include[] = "#include \"";

	if (!begins(line, include))
		return false;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (!begins(line + strlen(include), parts[i].name))
			continue;
		/* but for the licence */
		print_part(out, next_line(parts[i].text));
		putc('\n', out);
		return true;
	}
	return false;
}

static void print_part(FILE *out, const char *text)
{
	const char *line = text;

	while (*line) {
		const char *next = next_line(line);

		if (is_unused_step(line)) {
			line = after_function(line);
			continue;
		}
		if (!print_include(out, line))
			print_up_to(out, line, next);
		line = next;
	}
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
	" * needed. It says at its end what came of each step, here and in the "
	"simulator,\n"
	" * and whether all calls came out the same: \"REPRODUCED\" or \"not "
	"reproduced\".\n"
	" *\n"
	" *	boot.sh [BZIMAGE]                        boots a kernel in QEMU with it\n"
	" *	cc -O2 -pthread reproducer.c && ./a.out  as root, here and now\n"
	" *\n"
	" * Exit status: 0 reproduced, 1 not reproduced, 2 this kernel or machine does "
	"not fit.\n"
	" */\n";

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

static void print_story(FILE *out, const struct schedule *s)
{
	char simulated[sizeof(s->subject) + sizeof(s->version) + 8];

	snprintf(simulated, sizeof(simulated), "%s%s%s", s->subject,
		 s->version[0] ? ", " : "", s->version);
	fputs("#define FAILURE ", out);
	c_string(out, s->summary);
	fputs("\n#define SIMULATED ", out);
	c_string(out, simulated);
	putc('\n', out);
	print_warns_in(out, s);
	story_print(out);
}

void program_print(FILE *out, const void *what)
{
	const struct program *p = what;
	const char *begin = strstr(part_reproducer_c, "#define _GNU_SOURCE");
	const char *story = strstr(begin, "/* ---- story: begin ---- */");
	const char *end = strstr(story, "/* ---- story: end ---- */");
	char *text = NULL;
	size_t len = 0;
	FILE *first;

	/* the story first: it says which steps there are */
	first = open_memstream(&text, &len);
	if (!first)
		return;
	print_story(first, p->schedule);
	fclose(first);
	print_head(out, p);
	for (const char *line = begin, *next; line < story; line = next) {
		next = next_line(line);
		if (!is_unused_step(line))
			print_up_to(out, line, next);
	}
	fputs("/* ---- the story ---- */\n\n", out);
	fwrite(text, 1, len, out);
	free(text);
	print_part(out, next_line(end));
}

/* ---- boot.sh ---- */

void program_print_boot(FILE *out, const void *what)
{
	const struct program *p = what;
	const struct step *steps;
	const char *subject = p->schedule->subject;
	bool lost;

	steps_taken(&steps, &lost);
	for (const char *line = part_boot_sh, *next; *line; line = next) {
		next = next_line(line);
		if (begins(line, "cpus="))
			fprintf(out, "cpus=%u\n",
				fuse_config(world_of(steps[0].actor))->cpus);
		else if (begins(line, "version="))
			fprintf(out, "version=%s\n",
				begins(subject, "linux-") ? subject + 6 : "");
		else
			print_up_to(out, line, next);
	}
}
