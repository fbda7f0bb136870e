/* SPDX-License-Identifier: GPL-2.0 */
/*
 * When was a node cut off, and which events belong to that? From the lines of
 * all nodes. Each node that watched wrote the same steps, at about the same
 * time by its own clock; the first one counts.
 */
#ifndef RBDSHARE_LIB_EVICTIONS_H
#define RBDSHARE_LIB_EVICTIONS_H

#include "lib/eventline.h"

#define EVICTIONS_MAX 64
/* So much is told of what was before and behind, in seconds. */
#define EVICTION_BEFORE_S 120
#define EVICTION_AFTER_S 30

/**
 * struct eviction - one life of a node that was ended; times as in the events,
 * "" where nobody wrote of it
 * @life: incarnation, hexadecimal digits
 * @accused: somebody accused it
 * @condemned: there was no way back any more
 * @proved: nothing of it can be written any more
 * @back: a later life of the node took part
 * @why: what it was accused of at the last, as the nodes wrote it
 * @from, @to: its events, the latter not included
 */
struct eviction {
	const char *life;
	const char *accused;
	const char *condemned;
	const char *proved;
	const char *back;
	const char *why;
	size_t from;
	size_t to;
};

/**
 * evictions_find() - all of a node that the lines tell of
 * @v: @n events in the order of time; the result points into them
 * @node: whose
 * @found: result, oldest first; the oldest go when there is no room
 *
 * Return: how many.
 */
size_t evictions_find(const struct eventline *v, size_t n, int node,
		      struct eviction found[EVICTIONS_MAX]);

/* eviction_time() - when it happened: condemned, or else proved */
const char *eviction_time(const struct eviction *e);

#endif
