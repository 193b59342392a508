/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A place in the source: it identifies a step in traces, reports and scripts.
 *
 * Plain C without any include, because both kernel code (-nostdinc) and the
 * simulator read it.
 */
#ifndef SCHED_SITE_H
#define SCHED_SITE_H

/**
 * struct sched_site - one call site, a constant
 * @file: source file as the compiler saw it
 * @func: enclosing function
 * @expr: the object as the source writes it, e.g. "&queue->lock"; may be NULL
 * @line: line in @file; 0: not known. Of a call that spans lines it is any of them:
 *	site_line() (sched/lines.h) says which one is shown
 */
struct sched_site {
	const char *file;
	const char *func;
	const char *expr;
	int line;
};

/*
 * SCHED_SITE(text) is the address of a constant that describes this place;
 * @text is a string literal or NULL. It is an expression, so that a macro can
 * pass it on; the constant costs nothing at run time.
 */
#define SCHED_SITE(text)                                  \
	({                                                \
		static const struct sched_site site__ = { \
			.file = __FILE__,                 \
			.func = __func__,                 \
			.expr = text,                     \
			.line = __LINE__,                 \
		};                                        \
		&site__;                                  \
	})

#endif /* SCHED_SITE_H */
