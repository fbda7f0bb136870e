// SPDX-License-Identifier: GPL-2.0
/* Time, chance, and what people are told. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>

#include "sim.h"

#define HEAP_MAX 400000

static struct event heap[HEAP_MAX];

/* xorshift64*: the same everywhere. */
uint32_t rnd(uint32_t below)
{
	sim.rng ^= sim.rng >> 12;
	sim.rng ^= sim.rng << 25;
	sim.rng ^= sim.rng >> 27;
	return below ? (uint32_t)((sim.rng * 2685821657736338717ull) >> 33) %
			       below :
		       0;
}

bool chance(uint32_t percent)
{
	return rnd(100) < percent;
}

static bool before(const struct event *a, const struct event *b)
{
	return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->order < b->order;
}

void push(uint64_t in_ms, enum event_kind kind, unsigned int node, uint32_t a,
	  uint32_t b)
{
	unsigned int i = sim.heap_len++;
	struct event e = { .at_ms = sim.now_ms + in_ms,
			   .order = sim.order++,
			   .kind = (uint16_t)kind,
			   .node = (uint16_t)node,
			   .life = node < SIM_NODES ? sim.node[node].life : 0,
			   .a = a,
			   .b = b };

	if (i >= HEAP_MAX) {
		fprintf(stderr, "sim: more than %d events wait\n", HEAP_MAX);
		exit(2);
	}
	for (; i && before(&e, &heap[(i - 1) / 2]); i = (i - 1) / 2)
		heap[i] = heap[(i - 1) / 2];
	heap[i] = e;
}

bool pop(struct event *e)
{
	struct event last;
	unsigned int i = 0;
	unsigned int child;

	if (!sim.heap_len)
		return false;
	*e = heap[0];
	last = heap[--sim.heap_len];
	for (;;) {
		child = 2 * i + 1;
		if (child >= sim.heap_len)
			break;
		if (child + 1 < sim.heap_len &&
		    before(&heap[child + 1], &heap[child]))
			child++;
		if (!before(&heap[child], &last))
			break;
		heap[i] = heap[child];
		i = child;
	}
	heap[i] = last;
	return true;
}

void trace(const char *format, ...)
{
	va_list args;

	if (!sim.trace)
		return;
	printf("%7" PRIu64 ".%03u  ", sim.now_ms / 1000,
	       (unsigned int)(sim.now_ms % 1000));
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
}

void violated(const char *invariant, const char *format, ...)
{
	va_list args;

	if (sim.broken)
		return;
	sim.broken = invariant;
	va_start(args, format);
	vsnprintf(sim.detail, sizeof(sim.detail), format, args);
	va_end(args);
	trace("VIOLATED %s: %s", invariant, sim.detail);
}
