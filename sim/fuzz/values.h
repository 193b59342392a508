/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the generator of programs asks of a program and of its random numbers.
 */
#ifndef FUZZ_VALUES_H
#define FUZZ_VALUES_H

#include "fuzz/generate.h"

/** any_value() - 0 to @max, mostly one of those that make a difference to somebody */
long long any_value(struct prng *r, long long max);

/** beyond() - no hint of the word goes that far */
long long beyond(const struct text_hint *h);

/** setting_of() - its value in this program */
unsigned int setting_of(const struct program *p, const struct vocabulary *v,
			const char *word);

/** is_server() - is that actor one of the server's threads? */
bool is_server(const struct program *p, unsigned int actor);

/** any_actor() - a thread of the server, or a client. Return: its number; 0: none */
unsigned int any_actor(const struct program *p, struct prng *r, bool server);

#endif /* FUZZ_VALUES_H */
