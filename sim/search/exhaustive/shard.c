// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shards of the exhaustive search. At the first steps every enabled task is explored,
 * so that the tree there does not depend on what is found below; its leaves are the
 * parts of the search, numbered in the order in which they are reached. A shard
 * explores what is below those parts whose number is its own, modulo the number of
 * shards.
 *
 * Within a bound, what is explored depends on what was explored before, and for how
 * many steps. Therefore the whole search splits there as well, so that the shards make
 * the same executions, and a chunk that leads into a foreign part is followed to its
 * end.
 */
#include "search/exhaustive/path.h"

#define SPLIT_STEPS 8

struct shard shard;

void shard_begin(void)
{
	shard.parts = 0;
	shard.split = searching.o.shards > 1 || is_bounded() ? SPLIT_STEPS : 0;
}

void shard_next(void)
{
	shard.numbered = path.prefix > shard.split;
	shard.foreign = false;
}

bool shard_enter_part(void)
{
	shard.numbered = true;
	shard.foreign = shard.parts++ % searching.o.shards != searching.o.shard;
	return shard.foreign;
}

enum search_verdict shard_ended(enum search_verdict verdict)
{
	if (!shard.split)
		return verdict;
	if (verdict == SEARCH_COUNTS && !shard.numbered)
		shard_enter_part();
	else if (verdict == SEARCH_REDUNDANT && !shard.numbered)
		shard.foreign = searching.o.shard != 0;
	if (!shard.foreign)
		return verdict;
	if (path.depth > shard.split)
		path.depth = shard.split;
	return SEARCH_SKIPPED;
}
