// SPDX-License-Identifier: GPL-2.0-only
/*
 * Results as JSON.
 */
#include "command/verdict/result.h"

#include "engine/difference.h"

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "command/choose/tree.h"
#include "engine/player.h"
#include "program/output.h"
#include "sched/hash.h"
#include "detect/report.h"
#include "symbols/stacks.h"

/* one number for all files of a subject: the same for the same files */
static unsigned int hash_of_files(const struct subject *subject)
{
	uint64_t hash = HASH_START;

	for (unsigned int i = 0; i < subject->nr_files; i++)
		hash = hash_text(hash, subject->files[i].sha256);
	return (unsigned int)(hash ^ hash >> 32);
}

const char *subject_words(const struct player *p, char *buf, size_t len)
{
	const struct subject *subject = p->subject;

	if (!subject)
		snprintf(buf, len, "%s", player_subject(p));
	else if (p->tree)
		snprintf(buf, len, "%s, tree %s, files %08x%s%s", subject->name, p->tree,
			 hash_of_files(subject), *tree_state() ? ", " : "", tree_state());
	else
		snprintf(buf, len, "%s%s%s, %s", subject->name,
			 *subject->version ? " " : "", subject->version,
			 subject->unmodified ? "unmodified" : "modified");
	return buf;
}

/* of the thread, as in engine/hunt.c: the clock of the process goes on with ticks alone
 */
static double seconds(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void stopwatch_start(struct stopwatch *s)
{
	s->cpu = seconds(CLOCK_THREAD_CPUTIME_ID);
	s->wall = seconds(CLOCK_MONOTONIC);
}

static long peak_rss_kb(void)
{
	struct rusage usage;

	return getrusage(RUSAGE_SELF, &usage) ? 0 : usage.ru_maxrss;
}

void stopwatch_stop(const struct stopwatch *s, struct result *r)
{
	r->cpu_s = seconds(CLOCK_THREAD_CPUTIME_ID) - s->cpu;
	r->wall_s = seconds(CLOCK_MONOTONIC) - s->wall;
	r->peak_rss_kb = peak_rss_kb();
}

static void put_string(struct json_object *o, const char *key, const char *value)
{
	json_object_object_add(o, key, json_object_new_string(value));
}

static void put_double(struct json_object *o, const char *key, double value)
{
	json_object_object_add(o, key, json_object_new_double(value));
}

struct json_object *failure_json(const struct report *report, const char *group,
				 const char *schedule)
{
	struct json_object *o = json_object_new_object();

	put_string(o, "kind", report_kind_name(report->kind));
	put_string(o, "summary", report->summary);
	put_string(o, "where", report->where);
	put_string(o, "group", group);
	put_string(o, "report_group", report->group);
	json_object_object_add(o, "schedule",
			       schedule ? json_object_new_string(schedule) : NULL);
	put_string(o, "detail", report->detail);
	return o;
}

/* what the subject was compiled from; nothing of a model */
static struct json_object *sources_json(const struct player *p)
{
	struct json_object *sources = json_object_new_array();

	for (unsigned int i = 0; p->subject && i < p->subject->nr_files; i++) {
		struct json_object *file = json_object_new_object();

		put_string(file, "path", p->subject->files[i].path);
		put_string(file, "sha256", p->subject->files[i].sha256);
		json_object_array_add(sources, file);
	}
	return sources;
}

static struct json_object *answers_json(const struct difference_tally *t)
{
	struct json_object *o, *out;

	if (!t)
		return NULL;
	o = json_object_new_object();
	out = json_object_new_object();
	json_object_object_add(o, "calls", json_object_new_uint64(t->calls));
	json_object_object_add(o, "compared", json_object_new_uint64(t->compared));
	for (int i = 0; i < DISTURBED_NR; i++)
		if (t->left_out[i])
			json_object_object_add(out,
					       disturbance_words((enum disturbance)i),
					       json_object_new_uint64(t->left_out[i]));
	json_object_object_add(o, "left_out", out);
	return o;
}

/* of the reasons the most frequent one */
void answers_print(const struct difference_tally *t)
{
	int most = 0;

	if (!t->calls)
		return;
	for (int i = 1; i < DISTURBED_NR; i++)
		if (t->left_out[i] > t->left_out[most])
			most = i;
	printf("answers   %" PRIu64 " of %" PRIu64 " calls compared with /dev/fuse",
	       t->compared, t->calls);
	if (t->left_out[most])
		printf("; not: %s (%" PRIu64 ")%s",
		       disturbance_words((enum disturbance)most), t->left_out[most],
		       t->left_out[most] + t->compared < t->calls ? ", ..." : "");
	putchar('\n');
}

struct json_object *result_json(const struct result *r, struct json_object *failures)
{
	struct json_object *o = json_object_new_object();
	const struct player *p = r->player;

	put_string(o, "uringsim", URINGSIM_VERSION);
	put_string(o, "subject", player_subject(p));
	put_string(o, "version", p->subject ? p->subject->version : "");
	json_object_object_add(o, "tree",
			       p->tree ? json_object_new_string(p->tree) : NULL);
	put_string(o, "scenario", player_scenario(p));
	put_string(o, "state", r->state);
	put_string(o, "strategy", r->strategy);
	put_string(o, "points", r->points);
	json_object_object_add(o, "seed", json_object_new_uint64(r->seed));
	json_object_object_add(o, "executions", json_object_new_uint64(r->executions));
	json_object_object_add(o, "complete", json_object_new_boolean(r->complete));
	put_double(o, "cpu_s", r->cpu_s);
	put_double(o, "wall_s", r->wall_s);
	put_double(o, "executions_per_cpu_s",
		   r->cpu_s > 0 ? (double)r->executions / r->cpu_s : 0);
	json_object_object_add(o, "peak_rss_kb", json_object_new_int64(r->peak_rss_kb));
	json_object_object_add(o, "failures", failures);
	if (p->subject) /* a model has no other way */
		json_object_object_add(o, "answers", answers_json(r->difference));
	json_object_object_add(o, "sources", sources_json(p));
	return o;
}

void report_print_detail(FILE *out, const struct report *r, unsigned int most)
{
	for (const char *line = r->detail; *line && most--;) {
		int n = (int)strcspn(line, "\n");

		fprintf(out, "          %-10s    %.*s\n", "", n, line);
		line += n + (line[n] == '\n');
	}
}

void report_print_stacks(FILE *out, size_t nr, bool again)
{
	static const char indent[] = "                        ";
	static const char *const simulator[] = {
		"sim/sched/",
		"sim/detect/",
		"sim/symbols/",
		"kernel_shim/hooks/",
		"kernel_shim/runtime/",
		"kernel_shim/shim/",
		NULL,
	};

	if (again || !stacks_shared(nr))
		stacks_print(out, nr, indent, simulator);
	else
		fprintf(out, "%sstacks: as above\n", indent);
}

static void print_array(FILE *out, const void *what)
{
	/* json-c keeps the text that it made in the object */
	struct json_object *array = (struct json_object *)(uintptr_t)what;
	size_t i, n = json_object_array_length(array);

	fputs("[\n", out);
	for (i = 0; i < n; i++)
		fprintf(out, "%s%s\n",
			json_object_to_json_string_ext(
				json_object_array_get_idx(array, i),
				JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE),
			i + 1 < n ? "," : "");
	fputs("]\n", out);
}

int results_write(const char *path, struct json_object *array)
{
	return output_write(path, print_array, array);
}
