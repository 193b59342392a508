// SPDX-License-Identifier: GPL-2.0-only
/*
 * The server's file system at its versions: what is changed is there from then on, and
 * not before, as clients are compared with both.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "fuse/fs/fs_i.h"

static struct fuse fuse;
static struct world world;
static _Alignas(8) unsigned char out[8192];

static int set_up(void **state)
{
	(void)state;
	memset(&world, 0, sizeof(world));
	fuse.nr_writes = 0;
	world.state = &fuse;
	return 0;
}

/* as a server answers. Return: the error, or how much it says */
static long answer(uint32_t opcode, uint64_t ino, const void *op, const void *data,
		   uint32_t len)
{
	const struct abi_in_header in = {
		.len = (uint32_t)sizeof(in) + fs_head(opcode) + len,
		.opcode = opcode,
		.nodeid = ino,
	};
	struct fs_reply reply;

	fs_answer(&world, &in, op, data, out, sizeof(out), &reply);
	return reply.error ? reply.error : (long)reply.size;
}

static void names_move_and_go(void **state)
{
	const struct abi_create_in create = { 2, 0, 0, 0 };
	const struct abi_rename_in rename = { 1 };

	(void)state;
	assert_true(answer(OP_CREATE, 1, &create, "n1", 3) > 0);
	assert_int_equal(fs_lookup(&world, 0, "n1"), 0);
	assert_int_equal(fs_lookup(&world, 1, "n1"), 33);
	assert_int_equal(answer(OP_RENAME, 1, &rename, "n1\0n2", 6), 0);
	assert_int_equal(fs_lookup(&world, 2, "n2"), 33);
	assert_int_equal(fs_lookup(&world, 2, "n1"), 0);
	assert_int_equal(answer(OP_UNLINK, 1, NULL, "n2", 3), 0);
	assert_int_equal(answer(OP_UNLINK, 1, NULL, "n2", 3), -ENOENT);
	assert_int_equal(fs_lookup(&world, 3, "n2"), 0);
	assert_int_equal(answer(OP_LOOKUP, 1, NULL, "n2", 3), -ENOENT);
	/* a name without an end is none */
	assert_int_equal(answer(OP_LOOKUP, 1, NULL, "f2", 2), -ENAMETOOLONG);
}

static void bytes_are_those_of_the_version(void **state)
{
	struct abi_write_in write = { .offset = 10, .size = 4 };
	struct abi_copy_in copy = {
		.off_in = 8, .nodeid_out = 3, .off_out = 0, .len = 8
	};
	struct abi_setattr_in shorter = { .valid = SETATTR_SIZE, .size = 12 };
	unsigned char before[4], now[8], copied[8];

	(void)state;
	fs_bytes(&world, 0, 2, 10, before, 4);
	assert_true(answer(OP_WRITE, 2, &write, "data", 4) > 0);
	assert_true(answer(OP_COPY_FILE_RANGE_64, 2, &copy, NULL, 0) > 0);
	assert_true(answer(OP_SETATTR, 2, &shorter, NULL, 0) > 0);
	fs_bytes(&world, 1, 2, 10, now, 4);
	assert_memory_equal(now, "data", 4);
	fs_bytes(&world, 0, 2, 10, now, 4);
	assert_memory_equal(now, before, 4);
	/* the copy was made before the file became shorter */
	fs_bytes(&world, 3, 3, 0, copied, 8);
	assert_memory_equal(copied + 2, "data", 4);
	fs_bytes(&world, 3, 2, 10, now, 4);
	assert_memory_equal(now, "da\0\0", 4);
	assert_int_equal(fs_size(&world, 2, 2), FILE_SIZE);
	assert_int_equal(fs_size(&world, 3, 2), 12);
}

static void attributes_are_as_long_as_they_say(void **state)
{
	const struct abi_setxattr_in set = { 3, 0 };
	struct abi_getxattr_in get = { 100, 0 };

	(void)state;
	assert_int_equal(answer(OP_GETXATTR, 2, &get, "user.s100", 10), 100);
	get.size = 99;
	assert_int_equal(answer(OP_GETXATTR, 2, &get, "user.s100", 10), -ERANGE);
	assert_int_equal(answer(OP_GETXATTR, 2, &get, "user.own", 9), -ENODATA);
	assert_int_equal(answer(OP_SETXATTR, 2, &set, "user.own\0abc", 12), 0);
	assert_int_equal(answer(OP_GETXATTR, 2, &get, "user.own", 9), 3);
	assert_memory_equal(out, "abc", 3);
	/* what did not come is not stored */
	assert_int_equal(answer(OP_SETXATTR, 2, &set, "user.own\0ab", 11), -EIO);
	get.size = 70000;
	assert_int_equal(answer(OP_GETXATTR, 2, &get, "user.s65536", 12), -E2BIG);
}

static void a_folder_is_listed_in_pieces(void **state)
{
	struct abi_read_in in = { .offset = 0, .size = 64 };
	long first, second;

	(void)state;
	first = answer(OP_READDIR, 1, &in, NULL, 0);
	assert_int_equal(first, 64); /* "." and "..", 32 bytes each */
	in.offset = ((const struct abi_dirent *)(out + 32))->off;
	second = answer(OP_READDIR, 1, &in, NULL, 0);
	assert_int_equal(second, 64);
	assert_memory_equal(out + sizeof(struct abi_dirent), "f2", 2);
	in.offset = 1000;
	assert_int_equal(answer(OP_READDIR, 1, &in, NULL, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(names_move_and_go, set_up),
		cmocka_unit_test_setup(bytes_are_those_of_the_version, set_up),
		cmocka_unit_test_setup(attributes_are_as_long_as_they_say, set_up),
		cmocka_unit_test_setup(a_folder_is_listed_in_pieces, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
