// SPDX-License-Identifier: GPL-2.0-only
/*
 * A scenario file in lines and words.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "program/near.h"
#include "text/text_i.h"

bool text_is_path(const char *name)
{
	static const char ending[] = ".scenario";
	size_t len = strlen(name), end = strlen(ending);

	return strchr(name, '/') || (len > end && !strcmp(name + len - end, ending));
}

bool text_wrong(struct text_source *s, unsigned int line, unsigned int column,
		const char *fmt, ...)
{
	va_list args;
	int n;

	if (s->failed)
		return false;
	s->failed = true;
	if (!line)
		n = snprintf(s->err, s->len, "%s ", s->path);
	else
		n = snprintf(s->err, s->len, "%s:%u:%u: ", s->path, line, column);
	if (n < 0 || (size_t)n >= s->len)
		return false;
	va_start(args, fmt);
	vsnprintf(s->err + n, s->len - (size_t)n, fmt, args);
	va_end(args);
	return false;
}

bool text_copy(struct text_source *s, const char *bytes)
{
	s->size = strlen(bytes);
	s->bytes = strdup(bytes);
	s->next = s->bytes;
	s->failed = !s->bytes;
	return !s->failed;
}

/* some editors begin a file with it, and show nothing of it */
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

bool text_load(struct text_source *s)
{
	FILE *in = fopen(s->path, "re");

	s->bytes = in ? malloc(TEXT_FILE + 2) : NULL;
	if (s->bytes)
		s->size = fread(s->bytes, 1, TEXT_FILE + 1, in);
	if (!s->bytes || ferror(in)) {
		snprintf(s->err, s->len, "cannot read %s: %s", s->path, strerror(errno));
		s->failed = true;
	}
	if (in)
		fclose(in);
	if (s->failed)
		return false;
	if (!s->size)
		return text_wrong(s, 0, 0, "is empty");
	if (s->size > TEXT_FILE)
		return text_wrong(s, 0, 0, "is too long: more than %u bytes", TEXT_FILE);
	s->bytes[s->size] = '\0';
	if (strlen(s->bytes) != s->size)
		return text_wrong(s, 0, 0, "is no scenario: it has a zero byte");
	if (!strncmp(s->bytes, BYTE_ORDER_MARK, strlen(BYTE_ORDER_MARK)))
		return text_wrong(s, 1, 1,
				  "a byte order mark: save the file without one");
	s->next = s->bytes;
	return true;
}

/* ---- a line ---- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool add_word(struct text_source *s, struct text_line *l, char *at)
{
	unsigned int column = (unsigned int)(at - l->copy) + 1;

	if (l->words == TEXT_WORDS)
		return text_wrong(s, l->nr, column, "more than %d words in a line",
				  TEXT_WORDS);
	l->column[l->words] = column;
	l->word[l->words++] = at;
	return true;
}

static bool split(struct text_source *s, struct text_line *l)
{
	char *c = l->copy;

	for (;;) {
		while (is_blank(*c))
			c++;
		if (!*c || *c == '#')
			break;
		if (!add_word(s, l, c))
			return false;
		for (; *c && !is_blank(*c) && *c != '#'; c++)
			if ((unsigned char)*c < ' ' || *c == 127)
				return text_wrong(s, l->nr,
						  (unsigned int)(c - l->copy) + 1,
						  "a control character");
		l->ends_at = (unsigned int)(c - l->copy) + 1;
		if (!*c || *c == '#') {
			*c = '\0';
			break;
		}
		*c++ = '\0';
	}
	return true;
}

bool text_next_line(struct text_source *s, struct text_line *l)
{
	do {
		const char *line = s->next;
		size_t n = strcspn(line, "\n");

		if (!*line)
			return false;
		s->next += n + (line[n] == '\n');
		l->nr = ++s->line;
		l->words = 0;
		if (n > TEXT_LINE)
			return text_wrong(s, l->nr, TEXT_LINE + 1,
					  "a line of more than %d characters", TEXT_LINE);
		memcpy(l->copy, line, n);
		l->copy[n] = '\0';
		if (!split(s, l))
			return false;
		l->rest = l->words ? line + l->column[0] - 1 + strlen(l->word[0]) : line;
	} while (!l->words);
	return true;
}

/* ---- words ---- */

bool text_same(const char *a, const char *b)
{
	for (; *a && *b; a++, b++)
		if (*a != *b && !((*a == '-' || *a == '_') && (*b == '-' || *b == '_')))
			return false;
	return *a == *b;
}

bool text_number(const char *word, long long *value)
{
	char *end;

	if (!word[0] || is_blank(word[0]))
		return false;
	errno = 0;
	*value = strtoll(word, &end, 0);
	return !errno && end != word && !*end;
}

#define ERROR(name)         \
	{                   \
#name, name \
	}
static const struct {
	const char *word;
	int value;
} errors[] = {
	ERROR(EPERM),	ERROR(ENOENT),	     ERROR(EINTR),	  ERROR(EIO),
	ERROR(E2BIG),	ERROR(EBADF),	     ERROR(EAGAIN),	  ERROR(ENOMEM),
	ERROR(EACCES),	ERROR(EFAULT),	     ERROR(EBUSY),	  ERROR(EEXIST),
	ERROR(ENODEV),	ERROR(ENOTDIR),	     ERROR(EISDIR),	  ERROR(EINVAL),
	ERROR(EFBIG),	ERROR(ENOSPC),	     ERROR(EROFS),	  ERROR(EPIPE),
	ERROR(ERANGE),	ERROR(EDEADLK),	     ERROR(ENAMETOOLONG), ERROR(ENOSYS),
	ERROR(ENODATA), ERROR(EOVERFLOW),    ERROR(ECANCELED),	  ERROR(EOPNOTSUPP),
	ERROR(ENOBUFS), ERROR(ECONNABORTED), ERROR(ECONNREFUSED), ERROR(ENOTCONN),
	ERROR(ESTALE),	ERROR(ETIMEDOUT),    ERROR(ENXIO),
};

bool text_error(const char *word, long long *value)
{
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		if (strcmp(word, errors[i].word) != 0)
			continue;
		*value = -errors[i].value;
		return true;
	}
	return text_number(word, value);
}

void text_offer_errors(struct near *near)
{
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		near_offer(near, errors[i].word);
}

const char *text_error_word(long long error)
{
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (-errors[i].value == error)
			return errors[i].word;
	return NULL;
}
