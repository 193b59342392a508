// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel says. Model of printk() and of the conversions of
 * lib/vsprintf.c that file systems use; %p shows the name of the object, because
 * an address would differ from one run to the next.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "detect/report.h"
#include "sched/checkpoint.h"
#include "sched/trace.h"
#include "shim/log.h"

#define LOG_LINES 256
#define LOG_WIDTH 200

static char lines[LOG_LINES][LOG_WIDTH];
static unsigned int written; /* lines since the reset; the last LOG_LINES are here */
static bool listening;

/* ------------------------------------------------------------------ text */

struct out {
	char *buf;
	size_t len, used; /* @used may pass @len: the rest is cut off */
};

/* va_list may be an array type, which does not survive being passed twice */
struct args {
	va_list ap;
	const struct sched_site *site;
};

/* one conversion: "%-08.3llx"; '-' makes the width negative */
struct spec {
	char flags[8];
	int width, precision; /* precision -1: none given */
	int longs;	      /* 2 ll, 1 l z t j, 0 int, -1 h, -2 hh */
	char conversion;
};

static void put(struct out *o, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
static void put(struct out *o, const char *fmt, ...)
{
	size_t at = o->used < o->len ? o->used : o->len;
	va_list ap;

	va_start(ap, fmt);
	o->used += (size_t)vsnprintf(o->buf + at, o->len - at, fmt, ap);
	va_end(ap);
}

static void put_string(struct out *o, const struct spec *s, const char *text)
{
	put(o, "%*.*s", s->width, s->precision, text ? text : "(null)");
}

/* by the C library, whose conversion this is: flags, length and letter as they came */
static void put_number(struct out *o, const struct spec *s, struct args *a)
{
	static const char *const lengths[] = { "hh", "h", "", "l", "ll" };
	char fmt[24];

	snprintf(fmt, sizeof(fmt), "%%%s*.*%s%c", s->flags, lengths[s->longs + 2],
		 s->conversion);
	if (s->longs == 2)
		put(o, fmt, s->width, s->precision, va_arg(a->ap, long long));
	else if (s->longs == 1)
		put(o, fmt, s->width, s->precision, va_arg(a->ap, long));
	else
		put(o, fmt, s->width, s->precision, va_arg(a->ap, int));
}

static const char *skip_extension(const char *p)
{
	while (isalnum((unsigned char)*p))
		p++;
	return p;
}

/* %p and the kernel's extensions of it; all but %pe are answered by the name */
static const char *put_pointer(struct out *o, const struct spec *s, const char *ext,
			       struct args *a)
{
	const void *object = va_arg(a->ap, void *);
	char name[96];

	if (*ext == 'e' && (uintptr_t)object >= (uintptr_t)-4095) {
		put(o, "%*.*ld", s->width, s->precision, (long)object);
		return skip_extension(ext);
	}
	name[0] = '\0';
	trace_name(object, name, sizeof(name));
	if (!name[0])
		snprintf(name, sizeof(name), "%s", object ? "(ptr)" : "(null)");
	put_string(o, s, name);
	return skip_extension(ext);
}

/* widths beyond a line mean nothing here, and must not overflow an int */
static const char *parse_number(int *value, const char *p, struct args *a)
{
	*value = 0;
	if (*p == '*') {
		*value = va_arg(a->ap, int);
		p++;
	}
	for (; *p >= '0' && *p <= '9'; p++)
		if (*value < LOG_WIDTH)
			*value = *value * 10 + (*p - '0');
	if (*value > LOG_WIDTH)
		*value = LOG_WIDTH;
	if (*value < -LOG_WIDTH)
		*value = -LOG_WIDTH;
	return p;
}

static const char *parse_flags(struct spec *s, bool *left, const char *p)
{
	for (; *p && strchr("-0+ #", *p); p++) {
		if (*p == '-')
			*left = true;
		else if (!strchr(s->flags, *p))
			s->flags[strlen(s->flags)] = *p;
	}
	return p;
}

static const char *parse_length(struct spec *s, const char *p)
{
	for (;; p++) {
		if (*p == 'h' && s->longs > -2)
			s->longs--;
		else if (*p == 'l' && s->longs < 2)
			s->longs++;
		else if (*p == 'z' || *p == 't' || *p == 'j')
			s->longs = 1;
		else
			return p;
	}
}

static const char *parse_spec(struct spec *s, const char *p, struct args *a)
{
	bool left = false;

	p = parse_flags(s, &left, p);
	p = parse_number(&s->width, p, a);
	if (left && s->width > 0)
		s->width = -s->width;
	if (*p == '.')
		p = parse_number(&s->precision, p + 1, a);
	p = parse_length(s, p);
	s->conversion = *p;
	return p;
}

static const char *convert(struct out *o, const char *p, struct args *a)
{
	struct spec s = { .precision = -1 };

	p = parse_spec(&s, p, a);
	switch (s.conversion) {
	case 'd':
	case 'i':
	case 'u':
	case 'x':
	case 'X':
	case 'o':
		put_number(o, &s, a);
		break;
	case 'c':
		put(o, "%*s", s.width, (char[]){ (char)va_arg(a->ap, int), '\0' });
		break;
	case 's':
		put_string(o, &s, va_arg(a->ap, const char *));
		break;
	case 'p':
		return put_pointer(o, &s, p + 1, a);
	case '%':
		put(o, "%%");
		break;
	default:
		/* its argument cannot be skipped: nothing after it can be told */
		shim_unmodelled("vsnprintf", a->site);
	}
	return p + 1;
}

/* the whole message in one line: the kernel's own newlines go */
static void format_line(char *buf, size_t len, const char *fmt, struct args *a)
{
	struct out o = { .buf = buf, .len = len };

	buf[0] = '\0';
	while (*fmt) {
		const int plain = (int)strcspn(fmt, "%");

		put(&o, "%.*s", plain, fmt);
		fmt += plain;
		if (*fmt)
			fmt = convert(&o, fmt + 1, a);
	}
	for (char *nl = buf + strlen(buf); nl > buf && nl[-1] == '\n';)
		*--nl = '\0';
	while ((buf = strchr(buf, '\n')))
		*buf = ' ';
}

/* ------------------------------------------------------------------ printk */

void shim_printk(int level, const struct sched_site *site, const char *fmt, ...)
{
	bool traced = trace_mask() & SCHED_BIT(SCHED_LOG);
	struct args a = { .site = site };
	char line[LOG_WIDTH];

	if (!listening && !traced)
		return;
	va_start(a.ap, fmt);
	format_line(line, sizeof(line), fmt, &a);
	va_end(a.ap);
	if (traced)
		sched_trace(SCHED_LOG, trace_text(line), level, site);
	if (listening)
		memcpy(lines[written++ % LOG_LINES], line, sizeof(line));
}

const char *shim_note_text(const char *fmt, ...)
{
	struct args a = { .site = NULL };
	char line[LOG_WIDTH];

	va_start(a.ap, fmt);
	format_line(line, sizeof(line), fmt, &a);
	va_end(a.ap);
	return trace_text(line);
}

void shim_warn(const struct sched_site *site, const char *fmt, ...)
{
	struct args a = { .site = site };
	char text[LOG_WIDTH];

	va_start(a.ap, fmt);
	format_line(text, sizeof(text), fmt, &a);
	va_end(a.ap);
	report(REPORT_KERNEL, site, "WARN: %s", text);
}

/*
 * report_fatal() comes back on the main stack alone, where no execution
 * can be ended: the call that was made from there cannot be completed either.
 */
static void __attribute__((noreturn)) give_up(void)
{
	const struct report *r = report_get(report_count() - 1);

	if (r)
		fprintf(stderr, "uringsim: %s, at %s, outside of any task\n", r->summary,
			r->where);
	exit(3);
}

void shim_bug(const struct sched_site *site)
{
	report_fatal(REPORT_KERNEL, site, "BUG");
	give_up();
}

void shim_unmodelled(const char *name, const struct sched_site *site)
{
	report_fatal(REPORT_UNMODELLED, site, "%s() is not modelled (called from %s)",
		     name, site->func);
	give_up();
}

/* ------------------------------------------------------------------ lines */

void shim_log_listen(int on)
{
	listening = on;
}

unsigned int shim_log_count(void)
{
	return written < LOG_LINES ? written : LOG_LINES;
}

const char *shim_log_line(unsigned int i)
{
	unsigned int first = written - shim_log_count();

	return i < shim_log_count() ? lines[(first + i) % LOG_LINES] : NULL;
}

int shim_log_contains(const char *text)
{
	for (unsigned int i = 0; i < shim_log_count(); i++)
		if (strstr(shim_log_line(i), text))
			return 1;
	return 0;
}

void shim_log_reset(void)
{
	written = 0;
}

void shim_log_checkpoint(struct checkpoint *c)
{
	checkpoint_value(c, written);
	checkpoint_bytes(c, lines,
			 (written < LOG_LINES ? written : LOG_LINES) * sizeof(lines[0]));
}
