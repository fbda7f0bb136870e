/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For plockworld.h: what a host has, links that deliver in order, each for
 * itself, what processes believe to hold, and what a daemon keeps.
 *
 * Whoever includes this has cmocka.h and setjmp.h before it.
 */
#ifndef TESTS_UNIT_PLOCKHOST_H
#define TESTS_UNIT_PLOCKHOST_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crc32c.h"
#include "lib/plockorder.h"

#define NODES 5
#define OWNERS 3
#define RESOURCES 2
#define BYTES 8
#define FSID 77
#define HISTORY 8192

/* A request that the kernel of a host waits for; the daemon keeps it. */
struct want {
	struct want *next;
	uint64_t id;
	bool get;
	bool abandoned;
	unsigned int owner;
	struct rbd_plock_op op;
	/* What the owner had on these bytes before. */
	unsigned char before[BYTES];
};

/* What is kept for the next daemon: a state, and what came behind it. */
struct kept {
	struct kept *next;
	bool agreed;
	uint32_t generation;
	struct plockentry e;
};

/* @dying: its daemon is killed after @effects more things that others see. */
struct host {
	uint16_t number;
	bool up;
	bool daemon;
	bool dying;
	unsigned int effects;
	/* Owners of one are nobody in the next. */
	unsigned int life;
	bool machine;
	bool served;
	/* That the kernel runs; 0: stopped. */
	uint32_t runs;
	struct plockorder o;
	bool kept_fresh;
	unsigned char *snap;
	size_t snap_len;
	struct kept *log;
	struct kept **log_end;
	struct want *wants;
	uint64_t last_id;
	uint64_t hashed;
	/* What the owners' processes believe: 0 none, 1 shared, 2 exclusive. */
	unsigned char mode[OWNERS][RESOURCES][BYTES];
};

struct letter {
	struct letter *next;
	bool linked;
	size_t len;
	unsigned char bytes[];
};

struct history {
	uint32_t hash;
	unsigned int holders;
};

static struct {
	struct host hosts[NODES];
	struct letter *links[NODES][NODES];
	bool connected[NODES][NODES];
	uint32_t generation;
	struct rbd_nodeset members;
	struct history history[HISTORY];
	unsigned long answers, grants, entries;
	bool trace;
} w;

static uint32_t seed;

static uint32_t roll(uint32_t n)
{
	seed = seed * 1664525U + 1013904223U;
	return (seed >> 8) % n;
}

/* Is the daemon still there when it comes to that? */
static bool happens(struct host *h)
{
	if (!h->dying)
		return true;
	if (!h->effects)
		return false;
	h->effects--;
	return true;
}

/* --- links --- */

static void post(unsigned int from, unsigned int to, bool linked,
		 const void *bytes, size_t len)
{
	struct letter **at = &w.links[from][to];
	struct letter *l = malloc(sizeof(*l) + len);

	assert_non_null(l);
	l->next = NULL;
	l->linked = linked;
	l->len = len;
	if (len)
		memcpy(l->bytes, bytes, len);
	while (*at)
		at = &(*at)->next;
	*at = l;
}

static void drop_letters(unsigned int from, unsigned int to)
{
	struct letter *l;

	while ((l = w.links[from][to])) {
		w.links[from][to] = l->next;
		free(l);
	}
}

static void disconnect(unsigned int a, unsigned int b)
{
	drop_letters(a, b);
	drop_letters(b, a);
	w.connected[a][b] = false;
	w.connected[b][a] = false;
}

static void join_up(unsigned int a, unsigned int b)
{
	if (a == b || w.connected[a][b] || !w.hosts[a].daemon ||
	    !w.hosts[b].daemon)
		return;
	w.connected[a][b] = true;
	w.connected[b][a] = true;
	post(a, b, true, NULL, 0);
	post(b, a, true, NULL, 0);
}

static void op_send(void *arg, uint16_t node, const void *msg, size_t len)
{
	struct host *h = arg;

	assert_true(node < NODES && node != h->number && len <= PLOCKMSG_MAX);
	if (happens(h) && w.connected[h->number][node])
		post(h->number, node, false, msg, len);
}

/* --- what processes believe --- */

static void no_conflict(const struct host *h, const struct want *q)
{
	unsigned int n, o;
	uint64_t b;

	for (n = 0; n < NODES; n++)
		for (o = 0; o < OWNERS; o++)
			for (b = q->op.start; b <= q->op.end; b++) {
				unsigned char m =
					w.hosts[n].mode[o][q->op.resource][b];

				if (!m || (n == h->number && o == q->owner))
					continue;
				assert_false(m == 2 || q->op.ex);
			}
}

static void granted(struct host *h, const struct want *q)
{
	uint64_t b;

	w.grants++;
	no_conflict(h, q);
	for (b = q->op.start; b <= q->op.end; b++)
		h->mode[q->owner][q->op.resource][b] = q->op.ex ? 2 : 1;
}

static void not_granted(struct host *h, const struct want *q)
{
	uint64_t b;

	for (b = q->op.start; b <= q->op.end; b++)
		h->mode[q->owner][q->op.resource][b] = q->before[b];
}

static void take_answer(struct host *h, const struct want *q, int rv,
			const struct rbd_plock_op *holder)
{
	if (q->abandoned)
		return;
	if (q->get) {
		assert_int_equal(rv, 0);
		if (holder)
			assert_true(holder->ex || q->op.ex);
	} else if (q->op.type == RBD_PLOCK_UNLOCK) {
		assert_int_equal(rv, 0);
	} else if (q->op.type == RBD_PLOCK_CANCEL) {
		assert_true(rv == 0 || rv == -ENOENT);
		/* What it cancels is over, one way or the other. */
		for (const struct want *o = h->wants; o; o = o->next)
			assert_false(!o->abandoned && o->owner == q->owner &&
				     o->op.type == RBD_PLOCK_LOCK);
	} else if (rv == 0) {
		granted(h, q);
	} else {
		assert_true(rv == -EAGAIN || rv == PLOCKSTATE_FORGET ||
			    rv == -EINTR);
		assert_true(rv != -EAGAIN || !q->op.wait);
		not_granted(h, q);
	}
}

static void op_answer(void *arg, uint64_t id, int rv,
		      const struct rbd_plock_op *holder)
{
	struct host *h = arg;
	struct want **at = &h->wants, *q;

	if (!happens(h))
		return;
	while (*at && (*at)->id != id)
		at = &(*at)->next;
	/* Each is answered once. */
	assert_non_null(*at);
	q = *at;
	*at = q->next;
	w.answers++;
	take_answer(h, q, rv, holder);
	free(q);
}

/* --- what is kept --- */

static void forget_log(struct host *h)
{
	struct kept *k;

	while ((k = h->log)) {
		h->log = k->next;
		free(k);
	}
	h->log_end = &h->log;
}

static void forget_kept(struct host *h)
{
	forget_log(h);
	free(h->snap);
	h->snap = NULL;
	h->kept_fresh = false;
}

static bool keep(struct host *h, const struct kept *what)
{
	struct kept *k;

	if (!happens(h))
		return false;
	k = malloc(sizeof(*k));
	assert_non_null(k);
	*k = *what;
	k->next = NULL;
	*h->log_end = k;
	h->log_end = &k->next;
	return true;
}

static void op_keep_entry(void *arg, const struct plockentry *e)
{
	struct kept k = { .e = *e };

	w.entries++;
	keep(arg, &k);
}

static void op_keep_agreed(void *arg, uint32_t generation)
{
	struct kept k = { .agreed = true, .generation = generation };
	struct host *h = arg;

	if (keep(h, &k))
		h->kept_fresh = false;
}

static void op_keep_state(void *arg, const struct plockstate *s)
{
	struct host *h = arg;

	if (!happens(h))
		return;
	forget_kept(h);
	h->kept_fresh = h->o.fresh;
	assert_int_equal(plockstate_encode(s, &h->snap, &h->snap_len), 0);
}

static const struct plockorder_ops ops = {
	.send = op_send,
	.answer = op_answer,
	.keep_entry = op_keep_entry,
	.keep_agreed = op_keep_agreed,
	.keep_state = op_keep_state,
};

/* Members that have taken in the same entries have the same state. */
static void compare_states(struct host *h)
{
	unsigned int bit = 1U << h->number;
	struct history *past;
	unsigned char *buf;
	uint32_t hash;
	size_t len;

	/* What one knows that dies before it can say so is nothing. */
	if (!h->machine || h->dying || !h->o.state.seq ||
	    h->hashed == h->o.state.seq)
		return;
	h->hashed = h->o.state.seq;
	assert_true(h->hashed < HISTORY);
	past = &w.history[h->hashed];
	assert_int_equal(plockstate_encode(&h->o.state, &buf, &len), 0);
	/* Which generation it was agreed on in is each one's own business. */
	hash = rbd_crc32c(buf + 4, len - 4);
	free(buf);
	assert_true(!past->holders || past->hash == hash);
	past->hash = hash;
	past->holders |= bit;
}

#endif
