/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * --ring-flags of run and explore: every ring of every scenario has them.
 */
#ifndef COMMAND_RING_FLAGS_H
#define COMMAND_RING_FLAGS_H

#define RING_FLAGS_KEY 0x110
#define RING_FLAGS_OPTION                                                           \
	{                                                                           \
		"ring-flags", RING_FLAGS_KEY, "LIST", 0,                            \
			"Every ring has these flags, too, as in a line ring_flags " \
			"of a scenario file, and what they need",                   \
			0                                                           \
	}

/** read_ring_flags() - of the argument; ends with status 2 if one is unknown */
void read_ring_flags(const char *list);

/** ring_flags_given() - the argument; NULL: there was none */
const char *ring_flags_given(void);

#endif /* COMMAND_RING_FLAGS_H */
