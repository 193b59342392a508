/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A subject's capabilities in words.
 */
#ifndef COMMAND_CAPS_H
#define COMMAND_CAPS_H

#include <stddef.h>

/**
 * caps_words() - "bufpool, zero-copy"
 * @caps: SUBJECT_*
 * @none: what to say when there is none
 */
const char *caps_words(unsigned int caps, const char *none, char *buf, size_t len);

#endif /* COMMAND_CAPS_H */
