// SPDX-License-Identifier: GPL-2.0-only
/*
 * Text inside XML and HTML.
 */
#include "command/report/tale.h"

void tale_escape(FILE *out, const char *text)
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
