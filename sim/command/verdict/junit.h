/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Results as JUnit's XML, which most CI systems read.
 */
#ifndef COMMAND_JUNIT_H
#define COMMAND_JUNIT_H

struct json_object;

/**
 * junit_write() - a test case for each scenario, with its failures; one that was not
 * started is skipped
 * @results: array of result_json()
 *
 * Return: STATUS_OK, or STATUS_USAGE with a line when @path cannot be written.
 */
int junit_write(const char *path, struct json_object *results);

#endif /* COMMAND_JUNIT_H */
