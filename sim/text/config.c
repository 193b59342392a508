// SPDX-License-Identifier: GPL-2.0-only
/*
 * Settings that every driver's configuration begins with.
 */
#include <string.h>

#include "shim/uring.h"
#include "text/text_i.h"

const struct text_choice text_ring_flags[] = {
	{ "submit-all", URING_SETUP_SUBMIT_ALL, 0 },
	{ "single-issuer", URING_SETUP_SINGLE_ISSUER, 0 },
	{ "defer-taskrun", URING_SETUP_DEFER_TASKRUN, 0 },
	{ "coop-taskrun", URING_SETUP_COOP_TASKRUN, 0 },
	{ "taskrun-flag", URING_SETUP_TASKRUN_FLAG, 0 },
	{ "cqsize", URING_SETUP_CQSIZE, 0 },
	{ "fixed-file", WORLD_RING_FIXED_FILE, 0 },
	{ "sqpoll", URING_SETUP_SQPOLL, 0 },
	{ "mixed-sqes", URING_SETUP_SQE_MIXED, 0 },
	{ NULL, 0, 0 },
};

const struct text_setting text_settings[] = {
	{ .word = "cpus", .offset = offsetof(struct world_config, cpus), .max = 8 },
	{ .word = "seconds",
	  .offset = offsetof(struct world_config, seconds),
	  .max = 1000000 },
	{ .word = "ring_flags",
	  .type = SETTING_FLAGS,
	  .offset = offsetof(struct world_config, ring_flags),
	  .choices = text_ring_flags },
	{ .word = "memlock",
	  .offset = offsetof(struct world_config, memlock),
	  .max = 65535 },
	{ .word = "may_be_rejected",
	  .type = SETTING_YES,
	  .offset = offsetof(struct world_config, may_be_rejected),
	  .of_all_generated = true },
	{ .word = NULL },
};

const unsigned int text_large_sqes = URING_SETUP_SQE128;
const unsigned int text_mixed_sqes = URING_SETUP_SQE_MIXED;

/* with which io_uring_setup() refuses URING_SETUP_SQPOLL */
#define NOT_POLLED \
	(URING_SETUP_DEFER_TASKRUN | URING_SETUP_COOP_TASKRUN | URING_SETUP_TASKRUN_FLAG)

/* struct flag_rule - a flag that io_uring_setup() refuses: without one of @needs, or with
 * one of @never
 */
static const struct flag_rule {
	unsigned int flag, needs, never;
	const char *word, *told;
} flag_rules[] = {
	{ URING_SETUP_SQPOLL, 0, NOT_POLLED, "sqpoll",
	  "\"sqpoll\" does not go together with \"defer-taskrun\", \"coop-taskrun\" or "
	  "\"taskrun-flag\": io_uring_setup() refuses such a ring" },
	{ URING_SETUP_DEFER_TASKRUN, URING_SETUP_SINGLE_ISSUER, 0, "defer-taskrun",
	  "\"defer-taskrun\" needs \"single-issuer\": io_uring_setup() refuses a ring "
	  "without it" },
	{ URING_SETUP_TASKRUN_FLAG, URING_SETUP_COOP_TASKRUN | URING_SETUP_DEFER_TASKRUN,
	  0, "taskrun-flag",
	  "\"taskrun-flag\" needs \"coop-taskrun\" or \"defer-taskrun\": "
	  "io_uring_setup() refuses a ring without either" },
};

const char *text_ring_flags_wrong(unsigned int flags, const char **word)
{
	for (size_t i = 0; i < sizeof(flag_rules) / sizeof(flag_rules[0]); i++) {
		const struct flag_rule *r = &flag_rules[i];

		if (!(flags & r->flag) ||
		    (!(flags & r->never) && (!r->needs || flags & r->needs)))
			continue;
		*word = r->word;
		return r->told;
	}
	return NULL;
}

/* what one flag is nothing without */
static unsigned int needed_with(unsigned int flag)
{
	return flag == URING_SETUP_DEFER_TASKRUN  ? URING_SETUP_SINGLE_ISSUER
	       : flag == URING_SETUP_TASKRUN_FLAG ? URING_SETUP_COOP_TASKRUN
						  : 0;
}

/* Return: in words */
static const char *twice(const char *word)
{
	static char told[64];

	snprintf(told, sizeof(told), "\"%s\" comes twice", word);
	return told;
}

bool text_ring_flags_of(const char *list, unsigned int *flags, const char **wrong)
{
	const struct text_choice *c;
	unsigned int named = 0;
	const char *word;
	size_t n;

	*flags = 0;
	*wrong = NULL;
	for (; *list; list += n + (list[n] == ',')) {
		n = strcspn(list, ",");
		for (c = text_ring_flags; c->word; c++)
			if (strlen(c->word) == n && !strncmp(c->word, list, n))
				break;
		if (!c->word)
			return false;
		if (named & c->value) {
			*wrong = twice(c->word);
			return false;
		}
		named |= c->value;
		*flags |= c->value | needed_with(c->value);
	}
	*wrong = text_ring_flags_wrong(*flags, &word);
	return *flags && !*wrong;
}

static unsigned int lost_of(unsigned int flags)
{
	return flags & URING_SETUP_SQPOLL ? flags & NOT_POLLED : 0;
}

const char *text_ring_flags_lost(const struct scenario *s, unsigned int added, char *buf,
				 size_t len)
{
	const struct world_config *config = s->config;
	unsigned int lost = lost_of(added | (config ? config->ring_flags : 0));
	size_t n = 0;

	if (s->text)
		text_read_rest(s->text);
	for (unsigned int i = 0; s->text && i < s->text->nr_actors; i++)
		lost |= lost_of(added | s->text->actors[i].ring_flags);
	for (const struct text_choice *c = text_ring_flags; c->word; c++)
		if (lost & c->value && n < len)
			n += (size_t)snprintf(buf + n, len - n, "%s%s", n ? ", " : "",
					      c->word);
	return n ? buf : NULL;
}

unsigned int text_whole_ring_flags(unsigned int flags)
{
	for (const struct text_choice *c = text_ring_flags; c->word; c++)
		if (flags & c->value)
			flags |= needed_with(c->value);
	return flags & URING_SETUP_SQPOLL ? flags & ~NOT_POLLED : flags;
}
