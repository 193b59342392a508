// SPDX-License-Identifier: GPL-2.0-only
/*
 * The memory of checkpoints: copies, one behind the other.
 */
#include <emmintrin.h>

#include "sched/checkpoint.h"
#include "sched/sanitizer.h"

#define POOL (448u << 10)

static _Alignas(CHECKPOINT_LINE) unsigned char pool[POOL];

static struct {
	void (*visit)(struct checkpoint *c);
	unsigned int nr;
	unsigned long taken;
	unsigned char *end[CHECKPOINTS_MAX]; /* of the copy of each */
} checkpoints;

/* ---- what modules call ---- */

void checkpoint_table(struct checkpoint *c, void *base, size_t used, size_t now)
{
	checkpoint_bytes(c, base, used);
	if (c->back && now > used)
		memset((unsigned char *)base + used, 0, now - used);
}

#define LINE_WORDS (CHECKPOINT_LINE / sizeof(uint64_t))

/*
 * 64 lines, or those at the end. Of a line all of whose words are the same, as of memory
 * that was cleared, poisoned or never used, the word is kept; of one that is zero
 * nothing.
 */
struct lines {
	uint64_t whole; /* set of lines that are kept as they are */
	uint64_t word;	/* of the others those that are not zero */
};

/* does each word of @line have the value of the first? */
static bool is_filled(const uint64_t *line)
{
	const __m128i *two = (const __m128i *)line;
	const __m128i word = _mm_set1_epi64x((long long)line[0]);
	__m128i differs = _mm_setzero_si128();

	for (unsigned int i = 0; i < LINE_WORDS / 2; i++)
		differs = _mm_or_si128(differs, _mm_xor_si128(two[i], word));
	return _mm_movemask_epi8(_mm_cmpeq_epi32(differs, _mm_setzero_si128())) == 0xffff;
}

static void fill(uint64_t *line, uint64_t word)
{
	__m128i *two = (__m128i *)line;

	for (unsigned int i = 0; i < LINE_WORDS / 2; i++)
		two[i] = _mm_set1_epi64x((long long)word);
}

/* there is room */
static void take_lines(struct checkpoint *c, const uint64_t *from, unsigned int nr)
{
	struct lines *l = (struct lines *)c->at;
	uint64_t *to = (uint64_t *)(l + 1);

	*l = (struct lines){ 0, 0 };
	for (unsigned int i = 0; i < nr; i++, from += LINE_WORDS) {
		if (!is_filled(from)) {
			l->whole |= 1ull << i;
			memcpy(to, from, CHECKPOINT_LINE);
			to += LINE_WORDS;
		} else if (from[0]) {
			l->word |= 1ull << i;
			*to++ = from[0];
		}
	}
	c->at = (unsigned char *)to;
}

static void put_lines_back(struct checkpoint *c, uint64_t *to, unsigned int nr)
{
	const struct lines *l = (const struct lines *)c->at;
	const uint64_t *from = (const uint64_t *)(l + 1);

	for (unsigned int i = 0; i < nr; i++, to += LINE_WORDS) {
		if (l->whole & 1ull << i) {
			memcpy(to, from, CHECKPOINT_LINE);
			from += LINE_WORDS;
		} else {
			fill(to, l->word & 1ull << i ? *from++ : 0);
		}
	}
	c->at = (unsigned char *)(uintptr_t)from;
}

void checkpoint_lines(struct checkpoint *c, void *base, size_t used, size_t now)
{
	unsigned char *p = base;
	size_t left = used / CHECKPOINT_LINE;

	for (; left && !c->full; p += 64 * CHECKPOINT_LINE) {
		const unsigned int nr = left < 64 ? (unsigned int)left : 64;
		const size_t most = sizeof(struct lines) + nr * CHECKPOINT_LINE;

		if (c->back)
			put_lines_back(c, (uint64_t *)p, nr);
		else if (most > (size_t)(c->end - c->at))
			c->full = true;
		else
			take_lines(c, (const uint64_t *)p, nr);
		left -= nr;
	}
	c->at = (unsigned char *)(((uintptr_t)c->at + 15) & ~(uintptr_t)15);
	if (c->back && now > used)
		memset((unsigned char *)base + used, 0, now - used);
}

/* ---- taking, putting back ---- */

void checkpoint_begin(void (*visit)(struct checkpoint *c))
{
	checkpoints.nr = 0;
#ifdef HAVE_ASAN
	(void)visit; /* what it knows of the same bytes is not copied */
#else
	checkpoints.visit = visit;
#endif
}

void checkpoint_end(void)
{
	checkpoints.visit = NULL;
	checkpoints.nr = 0;
}

bool checkpoint_possible(void)
{
	return checkpoints.visit;
}

static unsigned char *begin_of(unsigned int nr)
{
	return nr ? checkpoints.end[nr - 1] : pool;
}

bool checkpoint_take(void)
{
	struct checkpoint c = { .at = begin_of(checkpoints.nr), .end = pool + POOL };

	if (!checkpoints.visit || checkpoints.nr == CHECKPOINTS_MAX)
		return false;
	checkpoints.visit(&c);
	if (c.full)
		return false;
	checkpoints.taken++;
	checkpoints.end[checkpoints.nr++] =
		(unsigned char *)(((uintptr_t)c.at + CHECKPOINT_LINE - 1) &
				  ~(uintptr_t)(CHECKPOINT_LINE - 1));
	return true;
}

unsigned int checkpoint_nr(void)
{
	return checkpoints.nr;
}

unsigned long checkpoint_taken(void)
{
	return checkpoints.taken;
}

void checkpoint_drop(unsigned int nr)
{
	if (nr < checkpoints.nr)
		checkpoints.nr = nr;
}

void checkpoint_put_back(void)
{
	struct checkpoint c = { .at = begin_of(checkpoints.nr - 1),
				.end = checkpoints.end[checkpoints.nr - 1],
				.back = true };

	checkpoints.visit(&c);
}
