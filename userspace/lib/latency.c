// SPDX-License-Identifier: GPL-2.0
#include "lib/latency.h"

static const uint64_t bounds_ms[LATENCY_CLASSES - 1] = {
	1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000,
};

uint64_t latency_bound_us(unsigned int class)
{
	return class < LATENCY_CLASSES - 1 ? bounds_ms[class] * 1000 :
					     UINT64_MAX;
}

void latency_add(struct latency *l, uint64_t us)
{
	unsigned int i = 0;

	while (us > latency_bound_us(i))
		i++;
	l->count[i]++;
	l->n++;
	l->sum_us += us;
	if (us > l->max_us)
		l->max_us = us;
}

void latency_merge(struct latency *l, const struct latency *more)
{
	unsigned int i;

	for (i = 0; i < LATENCY_CLASSES; i++)
		l->count[i] += more->count[i];
	l->n += more->n;
	l->sum_us += more->sum_us;
	if (more->max_us > l->max_us)
		l->max_us = more->max_us;
}

uint64_t latency_quantile_us(const struct latency *l, unsigned int permille)
{
	/* Of so many the last one. */
	uint64_t rank = (l->n * permille + 999) / 1000, below = 0, low, high;
	unsigned int i;

	for (i = 0; i < LATENCY_CLASSES; i++) {
		if (rank && below + l->count[i] >= rank)
			break;
		below += l->count[i];
	}
	if (i == LATENCY_CLASSES)
		return 0;
	low = i ? latency_bound_us(i - 1) : 0;
	high = latency_bound_us(i);
	if (high > l->max_us)
		high = l->max_us;
	return low + (high - low) * (rank - below) / l->count[i];
}
