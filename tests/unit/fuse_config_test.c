// SPDX-License-Identifier: GPL-2.0-only
/*
 * A configuration in words has all of its fields: a schedule keeps these words, and a
 * replay notices by them that its world is another one.
 */
#include "unit.h"

#include "fuse/fuse.h"
#include "world/driver.h"

static const char *words_of(const struct fuse_config *c, char *buf, size_t len)
{
	return fuse_driver.config_words(c, buf, len);
}

/* is a byte of the structure part of a field, or only between two? */
static bool is_field(size_t at)
{
#define FIELD(f)                                                 \
	if (at - offsetof(struct fuse_config, f) < sizeof(c->f)) \
	return true
	const struct fuse_config *c = NULL;

	FIELD(cpus);
	FIELD(seconds);
	FIELD(ring_flags);
	FIELD(may_be_rejected);
	FIELD(entries);
	FIELD(payload);
	FIELD(buffers);
	FIELD(max_write);
	FIELD(max_pages);
	FIELD(max_background);
	FIELD(request_timeout);
	FIELD(zero_copy);
	FIELD(no_io_uring);
	FIELD(policy);
	FIELD(inc);
	FIELD(pinned);
	FIELD(classes);
	FIELD(memlock);
	FIELD(init_unanswered);
	FIELD(sync_init);
	FIELD(no_param);
	return false;
}

/* A field that the list above lacks is more than what lies between two of them. */
static void the_list_of_fields_is_whole(void **state)
{
	size_t between = 0, most = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(struct fuse_config); i++) {
		between = is_field(i) ? 0 : between + 1;
		most = between > most ? between : most;
	}
	assert_true(most < sizeof(uint32_t));
}

static void each_byte_of_each_field_is_in_the_words(void **state)
{
	struct fuse_config config;
	char usual[512], other[512];
	unsigned int fields = 0;

	(void)state;
	memset(&config, 0, sizeof(config));
	words_of(&config, usual, sizeof(usual));
	for (size_t i = 0; i < sizeof(config); i++) {
		if (!is_field(i))
			continue;
		memset(&config, 0, sizeof(config));
		((unsigned char *)&config)[i] = 1;
		if (!strcmp(words_of(&config, other, sizeof(other)), usual))
			fail_msg("byte %zu is not told: %s", i, other);
		fields++;
	}
	assert_true(fields > 40);
}

static void no_configuration_is_the_default_one(void **state)
{
	const struct fuse_config config = { .payload = PAYLOAD_PER_ENTRY };
	char none[512], empty[512];

	(void)state;
	assert_string_equal(words_of(NULL, none, sizeof(none)),
			    words_of(&config, empty, sizeof(empty)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_list_of_fields_is_whole),
		cmocka_unit_test(each_byte_of_each_field_is_in_the_words),
		cmocka_unit_test(no_configuration_is_the_default_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
