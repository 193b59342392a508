// SPDX-License-Identifier: GPL-2.0-only
/*
 * The report as text, at most 100 columns wide: for a mail.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "command/report/timeline.h"

#define WIDTH	  100
#define INDENT	  12
#define CHOICE	  33 /* where the places of switches begin */
#define MAX_LANES 12

/* the text, from column @indent on, wrapped at words where there are any */
static void wrap(FILE *out, int indent, const char *text)
{
	size_t width = (size_t)(WIDTH - indent);

	while (strlen(text) > width) {
		size_t n = width;

		/* there are more bytes than that, as strlen() said */
		/* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult) */
		while (n && text[n] != ' ')
			n--;
		n = n ? n : width;
		fprintf(out, "%.*s\n%*s", (int)n, text, indent, "");
		text += n + (text[n] == ' ');
	}
	fprintf(out, "%s\n", text);
}

/* "label       text" */
static void fact(FILE *out, const char *label, const char *text)
{
	fprintf(out, "%-*s", INDENT, label);
	wrap(out, INDENT, text);
}

__attribute__((format(printf, 3, 4))) static void factf(FILE *out, const char *label,
							const char *fmt, ...)
{
	char text[1024];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	fact(out, label, text);
}

static void print_detail(FILE *out, const struct timeline_failure *f)
{
	char line[REPORT_DETAIL];

	for (const char *at = f->detail; *at; at += *at == '\n') {
		size_t n = strcspn(at, "\n");

		snprintf(line, sizeof(line), "%.*s", (int)n, at);
		fact(out, "", line);
		at += n;
	}
}

static void print_failure(FILE *out, const struct timeline *t)
{
	const struct timeline_failure *f = &t->failure;

	char sentence[2048];

	fact(out, "failure", timeline_sentence(t, sentence, sizeof(sentence)));
	if (f->where[0])
		factf(out, "where", "%s, task %s", f->where, f->task);
	print_detail(out, f);
	if (t->came)
		factf(out, "replay",
		      "it came again, noticed after step %lu; the trace is %s", f->step,
		      t->same_trace ? "the one that was recorded"
				    : "another one than was recorded");
	else
		fact(out, "replay",
		     "IT DID NOT COME AGAIN: what follows is another execution");
	if (t->diverged[0])
		fact(out, "diverged", t->diverged);
}

/* of the same execution; they are often of the same cause */
static void print_besides(FILE *out, const struct timeline *t)
{
	if (t->nr_others)
		fputs("\nBesides, in the same execution\n", out);
	for (unsigned int i = 0; i < t->nr_others; i++) {
		factf(out, "", "%s: %s (step %lu)", t->others[i].kind,
		      t->others[i].summary, t->others[i].step);
		print_detail(out, &t->others[i]);
	}
}

static void print_subject(FILE *out, const struct timeline *t)
{
	const struct schedule *s = t->schedule;
	const struct subject *ops = t->player->subject;

	char subject[PATH_MAX + 256];

	fact(out, "subject", timeline_subject(t, subject, sizeof(subject)));
	factf(out, "scenario", "%s%s%s", player_scenario(t->player), ops ? ": " : "",
	      ops ? t->player->scenario->summary : "");
	if (ops)
		fact(out, "world", t->differs);
	factf(out, "found by",
	      "%s, seed %" PRIu64 ", execution %" PRIu64
	      ", %s points, detectors %s; trace %016" PRIx64,
	      s->strategy, s->seed, s->execution, s->points,
	      s->detect[0] ? s->detect : "all", s->trace);
}

static void print_files(FILE *out, const struct timeline *t)
{
	const struct schedule *s = t->schedule;

	if (!s->nr_files)
		return;
	fputs("\nCompiled from (SHA-256)\n", out);
	for (unsigned int i = 0; i < s->nr_files; i++)
		fprintf(out, "  %.64s %.31s%s\n", s->files[i].sha256, s->files[i].path,
			timeline_same_file(t, i) ? "" : " *");
	for (unsigned int i = 0; i < s->nr_files; i++) {
		if (timeline_same_file(t, i))
			continue;
		fputs("  * it was another file when this was replayed\n", out);
		break;
	}
}

/* "1  a to b    before lock &a->lock in f (file:line)" */
static void print_choices(FILE *out, const struct timeline *t)
{
	const struct schedule *s = t->schedule;
	char tasks[64];

	fprintf(out, "\nChoices: %u switch%s away from the default order%s\n", s->nr,
		s->nr == 1 ? "" : "es", s->parked ? "; parked tasks do not run" : "");
	for (unsigned int i = 0; i < s->nr; i++) {
		const char *place =
			s->notes[i].place[0] ? s->notes[i].place : "at its end";

		snprintf(tasks, sizeof(tasks), "%s to %s", s->notes[i].from,
			 s->notes[i].to);
		fprintf(out, "%5u  %-*s", i + 1, CHOICE - 7, tasks);
		if (strlen(tasks) >= CHOICE - 7)
			fprintf(out, "\n%*s", CHOICE, "");
		wrap(out, CHOICE, place);
	}
	for (int i = 0; i < t->nr_lanes; i++)
		if (s->parked & (1ull << i))
			fprintf(out, "       parked: %s\n", t->lanes[i].name);
}

static void print_tasks(FILE *out, const struct timeline *t)
{
	size_t at = t->fails == NO_STEP ? t->nr - 1 : t->fails;
	char locks[256];

	fputs("\nTasks at the failure\n", out);
	for (int i = 0; t->nr && i < t->nr_lanes; i++) {
		char label[INDENT];

		snprintf(label, sizeof(label), "%.10s", t->lanes[i].name);
		fact(out, label, t->lanes[i].doing);
		timeline_locks_at(t, i, at, locks, sizeof(locks));
		if (locks[0])
			factf(out, "", "holds %s", locks);
	}
}

/* ---- the time line ---- */

static bool in_span(const struct timeline_spans *spans, int lane, size_t i)
{
	for (size_t k = 0; k < spans->nr; k++) {
		const struct timeline_span *s = &spans->at[k];

		if (s->lane == lane && s->from <= i && (s->to == NO_STEP || s->to > i))
			return true;
	}
	return false;
}

static char mark(const struct timeline *t, int lane, size_t i)
{
	const struct timeline_lane *l = &t->lanes[lane];
	const struct timeline_step *s = &t->steps[i];
	bool locked;

	if (l->born == NO_STEP || l->born > i || (l->ended != NO_STEP && l->ended < i))
		return ' ';
	locked = in_span(&t->locks, lane, i);
	if (s->lane == lane)
		return s->fails ? '!' : locked ? '@' : 'o';
	if (s->wakes == lane)
		return '<';
	if (in_span(&t->waits, lane, i))
		return locked ? '%' : ':';
	return locked ? '#' : '|';
}

static int columns(const struct timeline *t)
{
	return t->nr_columns < MAX_LANES ? t->nr_columns : MAX_LANES;
}

/* few lanes have a space between them */
static int lanes_width(const struct timeline *t)
{
	return columns(t) <= 8 ? 2 * columns(t) : columns(t) + 1;
}

static void print_marks(FILE *out, const struct timeline *t, size_t i)
{
	char marks[2 * MAX_LANES + 1];
	int step = columns(t) <= 8 ? 2 : 1;

	memset(marks, ' ', sizeof(marks));
	for (int k = 0; k < t->nr_lanes; k++)
		if (t->lanes[k].column != NO_LANE && t->lanes[k].column < columns(t))
			marks[t->lanes[k].column * step] = mark(t, k, i);
	fprintf(out, "%.*s", lanes_width(t), marks);
}

static void print_row(FILE *out, const struct timeline *t, size_t i)
{
	const struct timeline_step *s = &t->steps[i];
	char object[TIMELINE_OBJECT + 32], where[192] = "", line[512];
	int width = WIDTH - 8 - lanes_width(t) - 20;
	size_t n;

	if (s->has_value)
		snprintf(object, sizeof(object), "%s %lld", s->object, s->value);
	else
		snprintf(object, sizeof(object), "%s", s->object);
	if (s->file[0] && s->line)
		snprintf(where, sizeof(where), "%s:%d", timeline_base(s->file), s->line);
	else if (s->file[0])
		snprintf(where, sizeof(where), "%s", s->func);
	fprintf(out, "%c%6lu ", s->fails ? '>' : s->other_access ? '*' : ' ', s->nr);
	print_marks(out, t, i);
	snprintf(line, sizeof(line), "%-9.9s %-9.9s %-*.*s %.20s",
		 s->lane == NO_LANE ? "-" : t->lanes[s->lane].name, s->verb, width - 21,
		 width - 21, object, where);
	for (n = strlen(line); n && line[n - 1] == ' '; n--)
		;
	fprintf(out, "%.*s\n", (int)n, line);
}

static void print_fold(FILE *out, const struct timeline *t, size_t from, size_t to)
{
	bool seen[SCHED_MAX_TASKS] = { false };
	char names[256] = "";
	size_t n = 0;

	for (size_t i = from; i < to && n < sizeof(names); i++) {
		int lane = t->steps[i].lane;

		if (lane == NO_LANE || seen[lane])
			continue;
		seen[lane] = true;
		n += (size_t)snprintf(names + n, sizeof(names) - n, "%s%s",
				      n ? ", " : " of ", t->lanes[lane].name);
	}
	fprintf(out, "        ... %zu steps%.75s\n", to - from, names);
}

static void print_lanes(FILE *out, const struct timeline *t)
{
	char names[1024];
	size_t n = 0;

	fputs("\nTime line\n"
	      "  o acts  @ acts, has a lock  | can run  # can run, has a lock  : waits  "
	      "% waits, has a lock\n"
	      "  < is woken or created  > ! the step after which the failure was "
	      "noticed\n",
	      out);
	if (!strcmp(t->failure.kind, "race"))
		fputs("  * the step after which the other access was made\n", out);
	for (int i = 0; i < t->nr_lanes && n < sizeof(names); i++)
		if (t->lanes[i].column != NO_LANE && t->lanes[i].column < columns(t))
			n += (size_t)snprintf(names + n, sizeof(names) - n, "%s%s",
					      n ? ", " : "", t->lanes[i].name);
	fact(out, "  lanes", names);
	timeline_hidden(t, names, sizeof(names));
	if (names[0])
		fact(out, "  no lane", names);
	putc('\n', out);
	if (t->dropped)
		fprintf(out, "        (%zu earlier steps were dropped)\n", t->dropped);
}

static void print_time_line(FILE *out, const struct timeline *t)
{
	print_lanes(out, t);
	for (size_t i = 0; i < t->nr;) {
		size_t from = i;

		while (i < t->nr && !t->steps[i].shown)
			i++;
		if (i > from)
			print_fold(out, t, from, i);
		if (i < t->nr)
			print_row(out, t, i++);
	}
}

void timeline_text(FILE *out, const void *what)
{
	const struct timeline *t = what;

	fputs("uringsim report\n\n", out);
	print_failure(out, t);
	print_subject(out, t);
	print_tasks(out, t);
	print_choices(out, t);
	print_time_line(out, t);
	print_besides(out, t);
	print_files(out, t);
}
