// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of the capabilities of a driver's subjects.
 */
#include "command/choose/caps.h"

#include <stdio.h>

const char *caps_words(const struct driver *driver, unsigned int caps, const char *none,
		       char *buf, size_t len)
{
	size_t used = 0;

	if (!caps || !driver)
		return none;
	buf[0] = '\0';
	for (const struct driver_cap *c = driver->caps; c && c->word; c++) {
		if (!(caps & c->bit) || used >= len)
			continue;
		used += (size_t)snprintf(buf + used, len - used, "%s%s", used ? ", " : "",
					 c->word);
	}
	return buf;
}
