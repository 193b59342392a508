/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The page of a report and the style of its picture, as they are. CMake says where they
 * are.
 */
	.section .rodata

	.global report_page_html
report_page_html:
	.incbin REPORT_PAGE_HTML
	.byte	0

	.global report_page_css
report_page_css:
	.incbin REPORT_PAGE_CSS
	.byte	0

	.global report_page_js
report_page_js:
	.incbin REPORT_PAGE_JS
	.byte	0

	.global report_picture_css
report_picture_css:
	.incbin REPORT_PICTURE_CSS
	.byte	0

	.section .note.GNU-stack, "", @progbits
