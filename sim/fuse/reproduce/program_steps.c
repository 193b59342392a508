// SPDX-License-Identifier: GPL-2.0-only
/*
 * The steps of a scenario as C: the tables that an exported program goes through, and
 * the functions that they name.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "fuse/reproduce/reproduce.h"
#include "shim/uring.h"
#include "shim/work.h"
#include "fuse/abi.h"

#define PATIENCE_S 5

/* functions of steps, each in a file of its own: program/step/NAME.h */
#define STEP_FUNCTIONS(step)                                                           \
	step(add_pool) step(add_queue) step(answer) step(call_fsync) step(call_lookup) \
		step(call_open) step(call_read) step(call_stat) step(call_umount)      \
			step(call_write) step(close_dev) step(close_ring) step(        \
				interrupt_client) step(kill_client) step(kill_server)  \
				step(open_files) step(open_ring) step(register_entry)  \
					step(rest) step(serve) step(take)              \
						step(write_abort)                      \
							step(write_max_background)

enum function {
#define NUMBER(name) F_##name,
	STEP_FUNCTIONS(NUMBER)
#undef NUMBER
		F_drain, /* part of every program, as others call it */
	F_leave,	 /* likewise */
	NO_FUNCTION
};

#define DECLARE(name) extern const char program_step_##name##_h[];
STEP_FUNCTIONS(DECLARE)
#undef DECLARE

static const struct {
	const char *name, *text;
} functions[] = {
#define ENTRY(name) [F_##name] = { #name, program_step_##name##_h },
	STEP_FUNCTIONS(ENTRY)
#undef ENTRY
		[F_drain] = { "drain", NULL },
	[F_leave] = { "leave", NULL },
};

/* struct line - a row of the table */
struct line {
	const struct step *step; /* NULL: open_files() */
	enum function function;
	char words[96];
	int taken;
};

static struct line lines[STEPS_MAX + 1];
static unsigned int nr_lines;

/* ---- from steps to lines ---- */

static bool needs_file(const struct call *c)
{
	return c->opcode != OP_LOOKUP && c->opcode != OP_GETATTR;
}

static enum function of_call(const struct call *c, char *words, size_t len)
{
	unsigned long long ino = c->ino;

	switch (c->opcode) {
	case OP_LOOKUP:
		snprintf(words, len, "lookup of %s", c->name);
		return F_call_lookup;
	case OP_GETATTR:
		snprintf(words, len, "stat");
		return F_call_stat;
	case OP_OPEN:
		snprintf(words, len, "open of f%llu", ino);
		return F_call_open;
	case OP_READ:
		snprintf(words, len, "read of %u bytes of f%llu", c->size, ino);
		return F_call_read;
	case OP_WRITE:
		snprintf(words, len, "write of %u bytes to f%llu", c->size, ino);
		return F_call_write;
	default:
		snprintf(words, len, "fsync of f%llu", ino);
		return F_call_fsync;
	}
}

static enum function of_submit(const struct step *s, char *words, size_t len)
{
	const struct submit *c = fuse_step(s)->submit;

	switch (c->cmd_op) {
	case CMD_ADD_QUEUE:
		snprintf(words, len, "ADD_QUEUE of queue %u", c->qid);
		return F_add_queue;
	case CMD_ADD_BUFPOOL:
		snprintf(words, len, "ADD_BUFPOOL of queue %u", c->qid);
		return F_add_pool;
	default:
		snprintf(words, len, "REGISTER of entry %u of queue %u%s", c->ent, c->qid,
			 fuse_step(s)->missing ? ", too short" : "");
		return F_register_entry;
	}
}

/* the line of the step that took the request */
static int line_that_took(const struct delivery *d)
{
	for (unsigned int i = 0; i < nr_lines; i++)
		if (lines[i].step && lines[i].step->kind == STEP_TAKE &&
		    fuse_step(lines[i].step)->delivery == d)
			return (int)i;
	return 0;
}

static enum function of_answer(struct line *l, const struct step *s)
{
	bool odd = !fuse_step(s)->usual;

	l->taken = line_that_took(fuse_step(s)->delivery);
	snprintf(l->words, sizeof(l->words), "%s the request of step %d",
		 odd ? "answer, oddly," : "answer", l->taken + 1);
	return F_answer;
}

static enum function of_kill(const struct step *s, char *words, size_t len)
{
	struct steps_info info;

	steps_info(steps_actor(s->actor), &info);
	if (s->kind == STEP_SIGNAL) {
		snprintf(words, len, "a signal to %s", info.name);
		return F_interrupt_client;
	}
	snprintf(words, len, "SIGKILL to %s", info.server ? "the server" : info.name);
	return info.server ? F_kill_server : F_kill_client;
}

/* Return: the function; NO_FUNCTION: no step of a program */
static enum function describe(struct line *l, const struct step *s)
{
	const size_t len = sizeof(l->words);
	static const struct {
		enum function function;
		const char *words;
	} simple[] = {
		[STEP_UMOUNT] = { F_call_umount, "umount -f" },
		[STEP_ABORT] = { F_write_abort, "abort of the connection" },
		[STEP_OPEN_RING] = { F_open_ring, "io_uring_setup" },
		[STEP_TAKE] = { F_take, "take a request" },
		[STEP_SERVE] = { F_serve, "answer whatever comes" },
		[STEP_DRAIN] = { F_drain, "answer what has arrived" },
		[STEP_CLOSE_RING] = { F_close_ring, "close the ring" },
		[STEP_CLOSE_DEV] = { F_close_dev, "close /dev/fuse" },
		[STEP_EXIT] = { F_leave, "exit" },
	};

	switch (s->kind) {
	case STEP_OWN:
		return NO_FUNCTION;
	case STEP_CALL:
		return of_call(fuse_step(s)->call, l->words, len);
	case STEP_SUBMIT:
		return of_submit(s, l->words, len);
	case STEP_ANSWER:
		return of_answer(l, s);
	case STEP_KILL:
	case STEP_SIGNAL:
		return of_kill(s, l->words, len);
	case STEP_SERVE_N:
		snprintf(l->words, len, "answer %u requests", fuse_step(s)->count);
		return F_serve;
	case STEP_SLEEP:
		snprintf(l->words, len, "sleep %lu seconds", s->sleep / SHIM_HZ);
		return F_rest;
	case STEP_MAX_BACKGROUND:
		snprintf(l->words, len, "max_background becomes %u", fuse_step(s)->limit);
		return F_write_max_background;
	default:
		snprintf(l->words, len, "%s", simple[s->kind].words);
		return simple[s->kind].function;
	}
}

static bool is_setup(const struct step *s)
{
	return s->kind == STEP_OPEN_RING || s->kind == STEP_SUBMIT || s->kind == STEP_OWN;
}

static bool is_used(enum function function)
{
	for (unsigned int i = 0; i < nr_lines; i++)
		if (lines[i].function == function)
			return true;
	return false;
}

/* Files are opened when the ring is there and no request was taken from it yet. */
static void take_lines(void)
{
	const struct step *steps;
	bool lost, wanted = false;
	unsigned int nr = steps_taken(&steps, &lost);

	nr_lines = 0;
	for (unsigned int i = 0; i < nr; i++)
		wanted |= steps[i].kind == STEP_CALL &&
			  needs_file(fuse_step(&steps[i])->call);
	for (unsigned int i = 0; i < nr; i++) {
		struct line *l = &lines[nr_lines];

		if (wanted && !is_setup(&steps[i])) {
			*l++ = (struct line){ .function = F_open_files,
					      .words = "all clients open the files" };
			nr_lines++;
			wanted = false;
		}
		*l = (struct line){ .step = &steps[i] };
		l->function = describe(l, &steps[i]);
		/* the server's threads are killed by one step */
		if (l->function != NO_FUNCTION &&
		    (l->function != F_kill_server || !is_used(F_kill_server)))
			nr_lines++;
	}
}

/* ---- as text ---- */

void c_string(FILE *out, const char *text)
{
	putc('"', out);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			putc('\\', out);
		putc(*text < ' ' || *text > '~' ? '?' : *text, out);
	}
	putc('"', out);
}

/* A_SERVER_0; of several with the same name the later ones with their number */
static void print_name(FILE *out, unsigned int nr)
{
	struct steps_info info, other;
	bool twice = false;

	steps_info(nr, &info);
	for (unsigned int i = 0; i < nr && steps_info(i, &other); i++)
		twice |= !strcmp(info.name, other.name);
	fputs("A_", out);
	for (const char *c = info.name; *c; c++)
		putc(isalnum((unsigned char)*c) ? toupper((unsigned char)*c) : '_', out);
	if (twice)
		fprintf(out, "_%u", nr);
}

static bool acts(unsigned int nr)
{
	for (unsigned int i = 0; i < nr_lines; i++)
		if (lines[i].step && steps_actor(lines[i].step->actor) == nr)
			return true;
	return false;
}

static void print_flags(FILE *out, unsigned int flags)
{
	static const struct {
		unsigned int flag;
		const char *name;
	} names[] = {
		{ URING_SETUP_SUBMIT_ALL, "IORING_SETUP_SUBMIT_ALL" },
		{ URING_SETUP_SINGLE_ISSUER, "IORING_SETUP_SINGLE_ISSUER" },
		{ URING_SETUP_DEFER_TASKRUN, "IORING_SETUP_DEFER_TASKRUN" },
	};
	const char *sep = "";

	for (unsigned int i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!(flags & names[i].flag))
			continue;
		fprintf(out, "%s%s", sep, names[i].name);
		sep = " | ";
	}
	if (!*sep)
		putc('0', out);
}

static void print_actors(FILE *out)
{
	struct steps_info info;

	fputs("enum {\n", out);
	for (unsigned int i = 0; steps_info(i, &info); i++) {
		if (!acts(i))
			continue;
		putc('\t', out);
		print_name(out, i);
		fputs(",\n", out);
	}
	fputs("};\n\nstatic const struct actor actors[] = {\n", out);
	for (unsigned int i = 0; steps_info(i, &info); i++) {
		if (!acts(i))
			continue;
		fputs("\t{ ", out);
		c_string(out, info.name);
		fprintf(out, ", %s, %u, ", info.server ? "SERVER" : "CLIENT", info.cpu);
		print_flags(out, info.server ? info.ring_flags : 0);
		fputs(" },\n", out);
	}
	fputs("};\n", out);
}

static void print_call(FILE *out, const struct step *s)
{
	const struct call *c = fuse_step(s)->call;

	fprintf(out, ", .judged = true");
	if (fuse_step(s)->done && fuse_step(s)->ret)
		fprintf(out, ", .ret = %ld", fuse_step(s)->ret);
	if (c->opcode == OP_LOOKUP)
		fprintf(out, ", .target = %s", c->name + 1);
	else
		fprintf(out, ",\n\t  .file = %llu",
			c->opcode == OP_GETATTR ? 1ull : (unsigned long long)c->ino);
	if (c->opcode == OP_READ || c->opcode == OP_WRITE)
		fprintf(out, ", .offset = %llu, .n = %u", (unsigned long long)c->offset,
			c->size);
}

static void print_answer(FILE *out, const struct line *l)
{
	const struct answer *a = &fuse_step(l->step)->answer;
	const struct delivery *d = fuse_step(l->step)->delivery;

	fprintf(out, ",\n\t  .taken = %d", l->taken);
	if (a->error)
		fprintf(out, ", .error = %d", a->error);
	if (fuse_step(l->step)->usual)
		return;
	if (a->unique != d->unique)
		fprintf(out, ", .unique_xor = %#llx",
			(unsigned long long)(a->unique ^ d->unique));
	if (a->commit_id != d->commit_id)
		fprintf(out, ", .commit_xor = %#llx",
			(unsigned long long)(a->commit_id ^ d->commit_id));
	fprintf(out, ", .has_len = true, .out_len = %u, .payload_sz = %u", a->out_len,
		a->payload_sz);
}

static void print_rest(FILE *out, const struct line *l)
{
	const struct step *s = l->step;

	switch (s->kind) {
	case STEP_CALL:
		print_call(out, s);
		break;
	case STEP_SUBMIT:
		fprintf(out, ", .qid = %u, .ent = %u", fuse_step(s)->submit->qid,
			fuse_step(s)->submit->ent);
		if (fuse_step(s)->missing)
			fprintf(out, ", .n = %zu", fuse_step(s)->missing);
		if (fuse_step(s)->done && fuse_step(s)->ret < 0)
			fprintf(out, ", .ret = %ld", fuse_step(s)->ret);
		break;
	case STEP_ANSWER:
		print_answer(out, l);
		if (fuse_step(s)->done && fuse_step(s)->ret < 0)
			fprintf(out, ", .ret = %ld", fuse_step(s)->ret);
		break;
	case STEP_SERVE_N:
		fprintf(out, ", .n = %u", fuse_step(s)->count);
		break;
	case STEP_MAX_BACKGROUND:
		fprintf(out, ", .n = %u", fuse_step(s)->limit);
		break;
	case STEP_SLEEP:
		fprintf(out, ", .n = %lu", s->sleep / SHIM_HZ);
		break;
	case STEP_SIGNAL:
	case STEP_KILL:
		fputs(", .target = ", out);
		print_name(out, steps_actor(s->actor));
		break;
	default:
		break;
	}
}

static bool returned(const struct step *s)
{
	if (!s)
		return true;
	return s->kind == STEP_CALL || s->kind == STEP_TAKE ? fuse_step(s)->done
							    : s->returned;
}

static void print_line(FILE *out, const struct line *l)
{
	const struct step *s = l->step;

	fputs("\t{ ", out);
	if (!s || s->kind == STEP_KILL || s->kind == STEP_SIGNAL)
		fputs("CONTROLLER", out);
	else
		print_name(out, steps_actor(s->actor));
	fprintf(out, ", %s, ", functions[l->function].name);
	c_string(out, l->words);
	fprintf(out, ",\n\t  .returned = %s", returned(s) ? "true" : "false");
	if (s)
		print_rest(out, l);
	fputs(" },\n", out);
}

static void print_config(FILE *out)
{
	const struct world *w = world_of(lines[nr_lines - 1].step->actor);
	const struct fuse_config *c = fuse_config(w);

	fprintf(out, "#define CPUS %u\n", c->cpus);
	fprintf(out, "#define ENTRIES %u /* of each queue */\n", c->entries);
	fprintf(out,
		"/* of each queue's pool; 0: each entry has a buffer of its own */\n");
	fprintf(out, "#define BUFFERS %u\n",
		c->payload == PAYLOAD_PER_ENTRY ? 0 : c->buffers);
	fprintf(out, "#define MAX_WRITE %u\n#define MAX_PAGES %u\n", c->max_write,
		c->max_pages);
	fprintf(out, "#define BACKGROUND %u\n", c->max_background);
	fprintf(out,
		"/* a step that has not returned after so many seconds never will */\n"
		"#define PATIENCE_S %d\n\n",
		PATIENCE_S);
}

static void print_declarations(FILE *out)
{
	for (enum function f = 0; f < NO_FUNCTION; f++)
		if (is_used(f))
			fprintf(out, "static long %s(const struct step *s);\n",
				functions[f].name);
	putc('\n', out);
}

void program_print_steps(FILE *out)
{
	take_lines();
	print_config(out);
	print_actors(out);
	putc('\n', out);
	print_declarations(out);
	fputs("static const struct step steps[] = {\n", out);
	for (unsigned int i = 0; i < nr_lines; i++)
		print_line(out, &lines[i]);
	fputs("};\n", out);
}

void program_print_functions(FILE *out)
{
	for (enum function f = 0; f < NO_FUNCTION; f++)
		if (functions[f].text && is_used(f))
			fprintf(out, "\n%s", text_of(functions[f].text));
}
