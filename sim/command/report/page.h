/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The files that a report's page and picture are made from: their texts
 * (uringsim_embed() in tools/cmake).
 */
#ifndef COMMAND_REPORT_PAGE_H
#define COMMAND_REPORT_PAGE_H

extern const char report_page_html[], report_page_css[], report_page_js[],
	report_picture_css[];

/** page_text() - without the comment at the head of the file, which an empty line ends */
const char *page_text(const char *file);

#endif /* COMMAND_REPORT_PAGE_H */
