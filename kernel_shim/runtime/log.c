// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel says. Model of printk() and of the conversions of
 * lib/vsprintf.c that file systems use; %p shows the name of the object, because
 * an address would differ from one run to the next.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "detect/report.h"
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

static void put(struct out *o, char c)
{
	if (o->used + 1 < o->len)
		o->buf[o->used] = c;
	o->used++;
}

static void put_many(struct out *o, char c, int n)
{
	while (n-- > 0)
		put(o, c);
}

static void finish(struct out *o)
{
	if (o->len)
		o->buf[o->used < o->len ? o->used : o->len - 1] = '\0';
}

/* one conversion: "%-08.3llx" */
struct spec {
	bool left, zero, plus, space, alt, upper, negative;
	int width, precision; /* precision -1: none given */
	int longs;	      /* 2 ll, 1 l z t j, 0 int, -1 h, -2 hh */
	unsigned int base;
};

/* va_list may be an array type, which does not survive being passed twice */
struct args {
	va_list ap;
	const struct sched_site *site;
};

static void put_string(struct out *o, const struct spec *s, const char *text)
{
	size_t n = 0;

	if (!text)
		text = "(null)";
	while (text[n] && (s->precision < 0 || n < (size_t)s->precision))
		n++;
	if (!s->left)
		put_many(o, ' ', s->width - (int)n);
	for (size_t i = 0; i < n; i++)
		put(o, text[i]);
	if (s->left)
		put_many(o, ' ', s->width - (int)n);
}

static const char *number_prefix(const struct spec *s, uint64_t value)
{
	if (s->negative)
		return "-";
	if (s->plus)
		return "+";
	if (s->space)
		return " ";
	if (s->alt && value && s->base == 16)
		return s->upper ? "0X" : "0x";
	if (s->alt && value && s->base == 8)
		return "0";
	return "";
}

static void put_number(struct out *o, struct spec *s, uint64_t value)
{
	const char *digits = s->upper ? "0123456789ABCDEF" : "0123456789abcdef";
	const char *prefix = number_prefix(s, value);
	char reversed[24];
	int n = 0, zeros, pad;

	for (uint64_t v = value; v; v /= s->base)
		reversed[n++] = digits[v % s->base];
	zeros = (s->precision < 0 ? 1 : s->precision) - n;
	zeros = zeros > 0 ? zeros : 0;
	pad = s->width - (int)strlen(prefix) - zeros - n;
	pad = pad > 0 ? pad : 0;
	if (s->zero && !s->left && s->precision < 0) {
		zeros += pad;
		pad = 0;
	}
	if (!s->left)
		put_many(o, ' ', pad);
	while (*prefix)
		put(o, *prefix++);
	put_many(o, '0', zeros);
	while (n)
		put(o, reversed[--n]);
	if (s->left)
		put_many(o, ' ', pad);
}

static void put_signed(struct out *o, struct spec *s, struct args *a)
{
	int64_t v;

	if (s->longs >= 2)
		v = va_arg(a->ap, long long);
	else if (s->longs == 1)
		v = va_arg(a->ap, long);
	else
		v = va_arg(a->ap, int);
	if (s->longs == -1)
		v = (short)v;
	if (s->longs == -2)
		v = (signed char)v;
	s->negative = v < 0;
	put_number(o, s, v < 0 ? -(uint64_t)v : (uint64_t)v);
}

static void put_unsigned(struct out *o, struct spec *s, struct args *a)
{
	uint64_t v;

	if (s->longs >= 2)
		v = va_arg(a->ap, unsigned long long);
	else if (s->longs == 1)
		v = va_arg(a->ap, unsigned long);
	else
		v = va_arg(a->ap, unsigned int);
	if (s->longs == -1)
		v = (unsigned short)v;
	if (s->longs == -2)
		v = (unsigned char)v;
	s->plus = s->space = false;
	put_number(o, s, v);
}

static const char *skip_extension(const char *p)
{
	while ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
	       (*p >= '0' && *p <= '9'))
		p++;
	return p;
}

/* %p and the kernel's extensions of it; all but %pe are answered by the name */
static const char *put_pointer(struct out *o, struct spec *s, const char *ext,
			       struct args *a)
{
	const void *object = va_arg(a->ap, void *);
	char name[96];

	if (*ext == 'e' && (uintptr_t)object >= (uintptr_t)-4095) {
		s->base = 10;
		s->negative = true;
		put_number(o, s, -(uint64_t)(uintptr_t)object);
		return skip_extension(ext);
	}
	name[0] = '\0';
	trace_name(object, name, sizeof(name));
	if (!name[0])
		snprintf(name, sizeof(name), "%s", object ? "(ptr)" : "(null)");
	put_string(o, s, name);
	return skip_extension(ext);
}

static const char *parse_flags(struct spec *s, const char *p)
{
	for (;; p++) {
		if (*p == '-')
			s->left = true;
		else if (*p == '0')
			s->zero = true;
		else if (*p == '+')
			s->plus = true;
		else if (*p == ' ')
			s->space = true;
		else if (*p == '#')
			s->alt = true;
		else
			return p;
	}
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
		*value = *value * 10 + (*p - '0');
	if (*value > LOG_WIDTH)
		*value = LOG_WIDTH;
	return p;
}

static const char *parse_spec(struct spec *s, const char *p, struct args *a)
{
	p = parse_flags(s, p);
	p = parse_number(&s->width, p, a);
	if (s->width < 0) {
		s->left = true;
		s->width = s->width < -LOG_WIDTH ? LOG_WIDTH : -s->width;
	}
	s->precision = -1;
	if (*p == '.')
		p = parse_number(&s->precision, p + 1, a);
	for (;; p++) {
		if (*p == 'h')
			s->longs--;
		else if (*p == 'l')
			s->longs++;
		else if (*p == 'z' || *p == 't' || *p == 'j')
			s->longs = 1;
		else
			return p;
	}
}

static const char *convert(struct out *o, const char *p, struct args *a)
{
	struct spec s = { .base = 10 };

	p = parse_spec(&s, p, a);
	switch (*p) {
	case 'd':
	case 'i':
		put_signed(o, &s, a);
		break;
	case 'X':
		s.upper = true;
		/* fallthrough */
	case 'x':
	case 'o':
		s.base = *p == 'o' ? 8 : 16;
		/* fallthrough */
	case 'u':
		put_unsigned(o, &s, a);
		break;
	case 'c':
		put_string(o, &s, (char[]){ (char)va_arg(a->ap, int), '\0' });
		break;
	case 's':
		put_string(o, &s, va_arg(a->ap, const char *));
		break;
	case 'p':
		return put_pointer(o, &s, p + 1, a);
	case '%':
		put(o, '%');
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

	while (*fmt) {
		if (*fmt == '%')
			fmt = convert(&o, fmt + 1, a);
		else
			put(&o, *fmt++);
	}
	finish(&o);
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
 * report_fatal() comes back on the director's stack alone, where no execution
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
