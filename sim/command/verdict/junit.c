// SPDX-License-Identifier: GPL-2.0-only
/*
 * JUnit's XML, made of the JSON.
 */
#include "command/verdict/junit.h"

#include <json-c/json.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "command/report/timeline.h"
#include "program/output.h"

static const char *text_of(struct json_object *o, const char *key)
{
	struct json_object *value = json_object_object_get(o, key);

	return value ? json_object_get_string(value) : "";
}

static struct json_object *failures_of(struct json_object *result)
{
	return json_object_object_get(result, "failures");
}

static void attribute(FILE *out, const char *name, const char *value)
{
	fprintf(out, " %s=\"", name);
	timeline_escape(out, value);
	putc('"', out);
}

static void print_failure(FILE *out, struct json_object *f)
{
	const char *schedule = text_of(f, "schedule");

	fputs("<failure", out);
	attribute(out, "type", text_of(f, "kind"));
	attribute(out, "message", text_of(f, "summary"));
	putc('>', out);
	timeline_escape(out, text_of(f, "where"));
	putc('\n', out);
	timeline_escape(out, text_of(f, "detail"));
	if (schedule && *schedule) {
		fputs("uringsim replay ", out);
		timeline_escape(out, schedule);
		putc('\n', out);
	}
	fputs("</failure>\n", out);
}

static void print_case(FILE *out, struct json_object *result)
{
	struct json_object *failures = failures_of(result);

	fputs("<testcase", out);
	attribute(out, "classname", text_of(result, "subject"));
	attribute(out, "name", text_of(result, "scenario"));
	fprintf(out, " time=\"%.3f\">\n",
		json_object_get_double(json_object_object_get(result, "wall_s")));
	if (!strcmp(text_of(result, "state"), "not-started"))
		fputs("<skipped message=\"not started\"/>\n", out);
	for (size_t i = 0; i < json_object_array_length(failures); i++)
		print_failure(out, json_object_array_get_idx(failures, i));
	fprintf(out, "<system-out>%s, %s executions</system-out>\n</testcase>\n",
		text_of(result, "state"), text_of(result, "executions"));
}

static void print_suite(FILE *out, const void *what)
{
	/* json-c keeps the text that it made in the object */
	struct json_object *results = (struct json_object *)(uintptr_t)what;
	size_t n = json_object_array_length(results), failed = 0, skipped = 0;
	double seconds = 0;

	for (size_t i = 0; i < n; i++) {
		struct json_object *r = json_object_array_get_idx(results, i);

		failed += json_object_array_length(failures_of(r)) != 0;
		skipped += !strcmp(text_of(r, "state"), "not-started");
		seconds += json_object_get_double(json_object_object_get(r, "wall_s"));
	}
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n", out);
	fprintf(out,
		"<testsuite name=\"uringsim\" tests=\"%zu\" failures=\"%zu\" "
		"errors=\"0\" "
		"skipped=\"%zu\" time=\"%.3f\">\n",
		n, failed, skipped, seconds);
	for (size_t i = 0; i < n; i++)
		print_case(out, json_object_array_get_idx(results, i));
	fputs("</testsuite>\n</testsuites>\n", out);
}

int junit_write(const char *path, struct json_object *results)
{
	return output_write(path, print_suite, results);
}
