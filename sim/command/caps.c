// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of the capabilities.
 */
#include "command/caps.h"

#include <stdio.h>

#include "subject/subject.h"

static const struct {
	unsigned int cap;
	const char *word;
} words[] = {
	{ SUBJECT_BUFPOOL, "bufpool" },
	{ SUBJECT_ZERO_COPY, "zero-copy" },
	{ SUBJECT_BUFRING, "bufring" },
	{ SUBJECT_SHARED, "shared buffers" },
};

const char *caps_words(unsigned int caps, const char *none, char *buf, size_t len)
{
	size_t i, used = 0;

	if (!caps)
		return none;
	buf[0] = '\0';
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!(caps & words[i].cap) || used >= len)
			continue;
		used += (size_t)snprintf(buf + used, len - used, "%s%s", used ? ", " : "",
					 words[i].word);
	}
	return buf;
}
