/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The known reports that come with a driver, a file for each subject.
 */
#ifndef ENGINE_KNOWN_H
#define ENGINE_KNOWN_H

#include "engine/player.h"

/**
 * known_load() - have no suppressions but those of what is played; a --tree has none, as
 * what is known of other code may hide what is new in it
 * @err: gets one line if the file is wrong, of at most @len bytes
 *
 * Return: false on error; no file is none.
 */
bool known_load(const struct player *p, char *err, size_t len);

/** known_is_tree() - it is played on a --tree */
bool known_is_tree(const struct player *p);

#endif /* ENGINE_KNOWN_H */
