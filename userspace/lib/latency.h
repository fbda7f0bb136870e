/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How long something takes, counted in classes: small enough to be kept for
 * ever, good enough to choose a time-out by.
 */
#ifndef RBDSHARE_LIB_LATENCY_H
#define RBDSHARE_LIB_LATENCY_H

#include <stdint.h>

#define LATENCY_CLASSES 14

/**
 * struct latency - what was counted; all zero at the beginning
 * @count: by class
 * @n: sum of them
 * @sum_us: of all
 * @max_us: the longest
 */
struct latency {
	uint64_t count[LATENCY_CLASSES];
	uint64_t n;
	uint64_t sum_us;
	uint64_t max_us;
};

/* Upper bound of a class, itself included; UINT64_MAX for the last one. */
uint64_t latency_bound_us(unsigned int class);

void latency_add(struct latency *l, uint64_t us);

/* latency_merge() - @more in addition */
void latency_merge(struct latency *l, const struct latency *more);

/**
 * latency_quantile_us() - so many thousandths took no longer than that
 *
 * Within a class it is taken to be evenly spread. Return: microseconds, never
 * more than the longest; 0 when nothing was counted.
 */
uint64_t latency_quantile_us(const struct latency *l, unsigned int permille);

#endif
