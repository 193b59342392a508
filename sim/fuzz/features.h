/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sets of numbers that stand for what was covered (shim/cover.h).
 */
#ifndef FUZZ_FEATURES_H
#define FUZZ_FEATURES_H

#include <stdbool.h>
#include <stdint.h>

#define FEATURES_SLOTS (1u << 16)
#define FEATURES_MAX   (FEATURES_SLOTS / 2)

/**
 * struct features - a set; zeroed: empty
 * @nr: of each kind [enum cover_kind], and of all at 0
 */
struct features {
	unsigned int nr[4];
	uint64_t slot[FEATURES_SLOTS];
};

/** features_have() - whether @f has @number */
bool features_have(const struct features *f, uint64_t number);

/** features_add() - Return: whether it was not there; false, too, if @f is full */
bool features_add(struct features *f, uint64_t number);

#endif /* FUZZ_FEATURES_H */
