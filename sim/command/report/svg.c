// SPDX-License-Identifier: GPL-2.0-only
/*
 * The time line as a picture: a column for each task, time goes down. A task's line is
 * thick while it runs, thin while it is runnable, dashed while it waits; bars beside it
 * are the locks that it holds, arrows are wake-ups. The picture needs no other file, and
 * suits light and dark backgrounds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/report/page.h"
#include "command/report/timeline.h"

#define ROW	 17
#define GUTTER	 58 /* numbers of the steps */
#define BARS	 22 /* width for locks, left of a task's line */
#define BAR	 5
#define MOST	 4    /* bars side by side */
#define PAGE	 1300 /* all columns, if that is enough for them */
#define MIN_COL	 168
#define MAX_COL	 400
#define CHAR	 6.7 /* width of a character of the steps' text, at most */
#define TOP	 114
#define HEADLINE 7.6 /* width of a character of the head */

/* struct row - a line of the picture: a step, or steps that are folded */
struct row {
	size_t from, to; /* steps */
	bool fold;
	int lane; /* of all of them, or NO_LANE */
};

/* struct picture - its measures */
struct picture {
	const struct timeline *t;
	struct row *rows;
	size_t nr;
	int col, width, height;
};

/* ---- rows ---- */

static void make_rows(struct picture *p)
{
	const struct timeline *t = p->t;

	for (size_t i = 0; i < t->nr;) {
		struct row *r = &p->rows[p->nr++];

		*r = (struct row){ .from = i, .lane = t->steps[i].lane };
		r->fold = !t->steps[i].shown;
		for (i++; r->fold && i < t->nr && !t->steps[i].shown; i++)
			if (t->steps[i].lane != r->lane)
				r->lane = NO_LANE;
		r->to = i;
		if (r->lane != NO_LANE && t->lanes[r->lane].column == NO_LANE)
			r->lane = NO_LANE;
	}
}

/* the row that a step is in */
static size_t row_of(const struct picture *p, size_t step)
{
	for (size_t r = 0; r < p->nr; r++)
		if (step < p->rows[r].to)
			return r;
	return p->nr;
}

static int y_of(size_t row)
{
	return TOP + (int)row * ROW;
}

static int middle(size_t row)
{
	return y_of(row) + ROW / 2;
}

static int x_of(const struct picture *p, int lane)
{
	return GUTTER + p->t->lanes[lane].column * p->col + BARS;
}

static bool has_column(const struct picture *p, int lane)
{
	return lane != NO_LANE && p->t->lanes[lane].column != NO_LANE;
}

static void words_of(const struct timeline_step *s, char *buf, size_t len)
{
	if (s->has_value)
		snprintf(buf, len, "%s %s %lld", s->verb, s->object, s->value);
	else
		snprintf(buf, len, "%s %s", s->verb, s->object);
}

/* A column is as wide as most of what is in it, within reason. */
static void measure(struct picture *p)
{
	const struct timeline *t = p->t;
	int lanes = t->nr_columns ? t->nr_columns : 1, least = 720;

	p->col = PAGE / lanes;
	if (p->col < MIN_COL)
		p->col = MIN_COL;
	if (p->col > MAX_COL)
		p->col = MAX_COL;
	p->width = GUTTER + (lanes * p->col > PAGE ? lanes * p->col : PAGE) + 12;
	if (p->width < least)
		p->width = least;
	p->height = y_of(p->nr) + 52;
}

/* the last column has all that is left */
static int room(const struct picture *p, int x)
{
	int right = GUTTER + p->t->nr_columns * p->col;

	return x + p->col >= right ? p->width - x - 18 : p->col - BARS - 12;
}

/* ---- pieces ---- */

/* text that is cut to @width; a tooltip has all of it */
static void text(FILE *out, const char *class, int x, int y, int width, double per_char,
		 const char *words)
{
	size_t most = width > 0 ? (size_t)((double)width / per_char) : 0;
	char cut[512];

	snprintf(cut, sizeof(cut), "%s", words);
	if (strlen(cut) > most && most > 3)
		snprintf(cut + most - 2, sizeof(cut) - most, "..");
	fprintf(out, "<text class=\"%s\" x=\"%d\" y=\"%d\">", class, x, y);
	timeline_escape(out, cut);
	if (strcmp(cut, words) != 0) {
		fputs("<title>", out);
		timeline_escape(out, words);
		fputs("</title>", out);
	}
	fputs("</text>\n", out);
}

static void line(FILE *out, const char *class, int x1, int y1, int x2, int y2)
{
	if (x1 == x2 && y1 == y2)
		return;
	fprintf(out, "<line class=\"%s\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n",
		class, x1, y1, x2, y2);
}

static void rect(FILE *out, const char *class, int x, int y, int w, int h)
{
	fprintf(out, "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"",
		class, x, y, w, h);
	fputs(w <= BAR ? " rx=\"2\"/>\n" : "/>\n", out);
}

/* ---- the head ---- */

/* two lines, if one is not enough */
static void draw_failure(FILE *out, const struct picture *p, const char *words)
{
	size_t most = (size_t)((p->width - 24) / HEADLINE), n = strlen(words);
	char first[512];

	if (n > most)
		for (n = most; n && words[n] != ' '; n--)
			;
	n = n ? n : most;
	snprintf(first, sizeof(first), "%.*s", (int)n, words);
	text(out, "ur-n ur-bad", 12, 42, p->width - 24, HEADLINE, first);
	if (words[n])
		text(out, "ur-n ur-bad", 12, 60, p->width - 24, HEADLINE, words + n + 1);
}

static void draw_head(FILE *out, const struct picture *p)
{
	const struct timeline *t = p->t;
	char words[512];

	snprintf(words, sizeof(words), "%s on %s", player_scenario(t->player),
		 player_subject(t->player));
	text(out, "ur-h", 12, 22, p->width - 24, HEADLINE, words);
	snprintf(words, sizeof(words), "%s%s: %s",
		 t->came ? "" : "did not come again: ", t->failure.kind,
		 t->failure.summary);
	draw_failure(out, p, words);
	snprintf(words, sizeof(words), "%s%stask %s, step %lu of %zu", t->failure.where,
		 t->failure.where[0] ? ", " : "", t->failure.task, t->failure.step,
		 t->nr + t->dropped);
	text(out, "ur-d", 12, 78, p->width - 24, CHAR, words);
}

static void draw_names(FILE *out, const struct picture *p, int y)
{
	rect(out, "ur-head", 0, y - 16, p->width, 22);
	for (int i = 0; i < p->t->nr_lanes; i++)
		if (has_column(p, i))
			text(out, "ur-n", x_of(p, i) - 3, y, p->col - BARS, HEADLINE,
			     p->t->lanes[i].name);
}

/* ---- a task's line ---- */

static void draw_life(FILE *out, const struct picture *p, int lane)
{
	const struct timeline_lane *l = &p->t->lanes[lane];
	int x = x_of(p, lane);
	size_t end;

	if (l->born == NO_STEP || !has_column(p, lane))
		return;
	end = l->ended == NO_STEP ? p->nr : row_of(p, l->ended);
	line(out, "ur-can", x, middle(row_of(p, l->born)), x,
	     end < p->nr ? middle(end) : y_of(p->nr));
}

/* over a thin line: erase it first */
static void draw_wait(FILE *out, const struct picture *p, const struct timeline_span *s)
{
	int x = x_of(p, s->lane), from = middle(row_of(p, s->from));
	int to = s->to == NO_STEP ? y_of(p->nr) : middle(row_of(p, s->to));

	if (to <= from || !has_column(p, s->lane))
		return;
	rect(out, "ur-bg", x - 1, from, 3, to - from);
	line(out, "ur-wait", x, from, x, to);
}

/* the first bar's place that no lock of the same task is in */
static int place_of(const struct picture *p, size_t k)
{
	const struct timeline_spans *l = &p->t->locks;
	int n = 0;

	for (size_t i = 0; i < k; i++)
		if (l->at[i].lane == l->at[k].lane &&
		    (l->at[i].to == NO_STEP || l->at[i].to > l->at[k].from))
			n++;
	return n % MOST;
}

/* A lock that was taken and given back in one fold is not worth a bar. */
static void draw_lock(FILE *out, const struct picture *p, size_t k)
{
	const struct timeline_span *s = &p->t->locks.at[k];
	size_t from = row_of(p, s->from);
	size_t to = s->to == NO_STEP ? p->nr : row_of(p, s->to);
	int place = place_of(p, k), x = x_of(p, s->lane) - 4 - BAR * (place + 1);
	char class[8];

	if (from == to || !has_column(p, s->lane))
		return;
	snprintf(class, sizeof(class), "ur-l%d", place);
	fputs("<g>", out);
	rect(out, class, x, middle(from) - 3, BAR - 1,
	     (to == p->nr ? y_of(to) : middle(to) + 3) - middle(from) + 3);
	fputs("<title>holds ", out);
	timeline_escape(out, s->what);
	fputs("</title></g>\n", out);
}

/* between the words of two rows, not through them */
static void draw_turn(FILE *out, const struct picture *p, int from, int to, size_t row)
{
	fprintf(out, "<path class=\"ur-turn\" d=\"M%d %dV%dH%dV%d\"/>\n", x_of(p, from),
		middle(row - 1), y_of(row), x_of(p, to), middle(row));
}

/* the task that runs: from row to row until another one acts */
static void draw_runs(FILE *out, const struct picture *p)
{
	int last = NO_LANE;
	size_t from = 0;

	for (size_t r = 0; r <= p->nr; r++) {
		int lane = r < p->nr ? p->rows[r].lane : NO_LANE;

		if (lane == last && r < p->nr)
			continue;
		if (last != NO_LANE)
			line(out, "ur-run", x_of(p, last), middle(from), x_of(p, last),
			     middle(r - 1));
		if (last != NO_LANE && lane != NO_LANE)
			draw_turn(out, p, last, lane, r);
		last = lane;
		from = r;
	}
}

/* ---- steps ---- */

static void draw_arrow(FILE *out, int from, int to, int y)
{
	int tip = to > from ? -7 : 7;

	line(out, "ur-wake", from, y, to + tip, y);
	fprintf(out, "<path class=\"ur-tip\" d=\"M%d %dl%d -4v8z\"/>\n", to, y, tip);
}

static void draw_wake(FILE *out, const struct picture *p, const struct timeline_step *s,
		      int x, int y)
{
	bool created = s->what == SCHED_SPAWN;
	int to = x_of(p, s->wakes);

	draw_arrow(out, x, to, y);
	/* right of what is on the right: the arrow does not come from there */
	if (to > x)
		text(out, "ur-d", to + 8, y + 4, room(p, to), CHAR,
		     created ? "created" : "woken");
	else
		text(out, "ur-d", x + 8, y + 4, room(p, x), CHAR,
		     created ? "creates it" : "wakes it");
}

static const char *class_of(const struct timeline_step *s)
{
	if (s->fails)
		return "ur-t ur-bad";
	if (s->waits || s->what == SCHED_BLOCK)
		return "ur-t ur-stop";
	if (s->what == SCHED_LOCK || s->what == SCHED_UNLOCK)
		return "ur-t ur-lock";
	return s->what == SCHED_SYSCALL ? "ur-t" : "ur-d";
}

static void draw_step(FILE *out, const struct picture *p, size_t row)
{
	const struct timeline_step *s = &p->t->steps[p->rows[row].from];
	int y = middle(row), x = s->lane == NO_LANE ? GUTTER : x_of(p, s->lane);
	char words[512], whole[768];

	fprintf(out,
		"<text class=\"%s\" x=\"%d\" y=\"%d\" text-anchor=\"end\">%lu</text>\n",
		s->fails ? "ur-t ur-bad" : "ur-d", GUTTER - 14, y + 4, s->nr);
	if (s->lane != NO_LANE)
		fprintf(out, "<circle class=\"ur-dot\" cx=\"%d\" cy=\"%d\" r=\"3.5\"/>\n",
			x, y);
	if (has_column(p, s->wakes) && s->wakes != s->lane)
		draw_wake(out, p, s, x, y);
	words_of(s, words, sizeof(words));
	snprintf(whole, sizeof(whole), "%s%s%s%s", words,
		 s->waits ? ": taken, waits" : "", s->file[0] ? "\n" : "", s->file);
	if (s->line)
		snprintf(whole + strlen(whole), sizeof(whole) - strlen(whole), ":%d %s",
			 s->line, s->func);
	fputs("<g><title>", out);
	timeline_escape(out, whole);
	fputs("</title>", out);
	/* an arrow to the right would run through the words */
	if (!has_column(p, s->wakes))
		text(out, class_of(s), x + 8, y + 4, room(p, x), CHAR, words);
	fputs("</g>\n", out);
}

static void draw_fold(FILE *out, const struct picture *p, size_t row)
{
	const struct row *r = &p->rows[row];
	int x = r->lane == NO_LANE ? GUTTER : x_of(p, r->lane) + 8;
	char words[64];

	snprintf(words, sizeof(words), "... %zu steps", r->to - r->from);
	text(out, "ur-d", x, middle(row) + 4, 200, CHAR, words);
}

static void draw_rows(FILE *out, const struct picture *p)
{
	for (size_t r = 0; r < p->nr; r++) {
		if (p->rows[r].fold)
			draw_fold(out, p, r);
		else
			draw_step(out, p, r);
	}
}

static void draw_legend(FILE *out, const struct picture *p)
{
	int y = p->height - 14, x = 12;

	line(out, "ur-run", x, y - 4, x + 18, y - 4);
	text(out, "ur-k", x + 26, y, 90, 6, "runs");
	line(out, "ur-can", x + 70, y - 4, x + 90, y - 4);
	text(out, "ur-k", x + 96, y, 90, 6, "can run");
	line(out, "ur-wait", x + 156, y - 4, x + 176, y - 4);
	text(out, "ur-k", x + 182, y, 90, 6, "waits");
	rect(out, "ur-l0", x + 230, y - 11, BAR - 1, 14);
	text(out, "ur-k", x + 240, y, 90, 6, "holds a lock");
	draw_arrow(out, x + 326, x + 350, y - 4);
	text(out, "ur-k", x + 358, y, 110, 6, "wakes or creates");
	rect(out, "ur-fail", x + 478, y - 12, 24, 14);
	text(out, "ur-k", x + 508, y, 90, 6, "failure");
	if (!strcmp(p->t->failure.kind, "race")) {
		rect(out, "ur-other", x + 572, y - 12, 24, 14);
		text(out, "ur-k", x + 602, y, 110, 6, "other access");
	}
}

void timeline_svg(FILE *out, const void *what)
{
	struct picture p = { .t = what };
	const struct timeline *t = what;

	p.rows = calloc(t->nr + 1, sizeof(*p.rows));
	if (!p.rows)
		abort();
	make_rows(&p);
	measure(&p);
	fprintf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
		"viewBox=\"0 0 %d %d\" role=\"img\">\n",
		p.width, p.height, p.width, p.height);
	fputs("<title>", out);
	timeline_escape(out, t->failure.summary);
	fputs("</title>\n", out);
	fprintf(out, "<style>\n%s</style>\n", page_text(report_picture_css));
	rect(out, "ur-bg", 0, 0, p.width, p.height);
	draw_head(out, &p);
	draw_names(out, &p, TOP - 10);
	for (size_t r = 0; r < p.nr; r++)
		if (t->steps[p.rows[r].from].other_access)
			rect(out, "ur-other", 1, y_of(r), p.width - 2, ROW);
	if (t->fails != NO_STEP)
		rect(out, "ur-fail", 1, y_of(row_of(&p, t->fails)), p.width - 2, ROW);
	for (int i = 0; i < t->nr_lanes; i++)
		draw_life(out, &p, i);
	for (size_t k = 0; k < t->waits.nr; k++)
		draw_wait(out, &p, &t->waits.at[k]);
	draw_runs(out, &p);
	for (size_t k = 0; k < t->locks.nr; k++)
		draw_lock(out, &p, k);
	draw_rows(out, &p);
	draw_names(out, &p, y_of(p.nr) + 16);
	draw_legend(out, &p);
	fputs("</svg>\n", out);
	free(p.rows);
}
