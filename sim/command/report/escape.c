// SPDX-License-Identifier: GPL-2.0-only
/*
 * Text inside XML and HTML.
 */
#include <string.h>

#include "command/report/page.h"
#include "command/report/timeline.h"

const char *page_text(const char *file)
{
	return strstr(file, "\n\n") + 2;
}

void timeline_escape(FILE *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		case '\'':
			fputs("&#39;", out);
			break;
		default:
			putc((*text >= ' ' && *text <= '~') || *text == '\n' ? *text
									     : '?',
			     out);
		}
	}
}
