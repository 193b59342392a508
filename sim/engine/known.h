/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The known reports that come with a driver, a file for each subject.
 */
#ifndef ENGINE_KNOWN_H
#define ENGINE_KNOWN_H

#include "engine/player.h"

/**
 * known_load() - have no suppressions but those of what is played
 * @err: gets one line if a file is wrong, of at most @len bytes
 *
 * A --tree has those of the tree that it is nearest to, by the texts of the functions
 * that they speak of; an entry counts if all of its functions have the same text here.
 *
 * Return: false on error; no file is none.
 */
bool known_load(const struct player *p, char *err, size_t len);

/** known_note() - one line about entries that do not count here; "" if there are none */
const char *known_note(void);

#endif /* ENGINE_KNOWN_H */
