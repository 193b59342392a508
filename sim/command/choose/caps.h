/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A subject's capabilities in words.
 */
#ifndef COMMAND_CAPS_H
#define COMMAND_CAPS_H

#include <stddef.h>

#include "world/driver.h"

/**
 * caps_words() - "bufpool, zero-copy"
 * @driver: names them
 * @caps: its bits
 * @none: what to say when there is none
 */
const char *caps_words(const struct driver *driver, unsigned int caps, const char *none,
		       char *buf, size_t len);

#endif /* COMMAND_CAPS_H */
