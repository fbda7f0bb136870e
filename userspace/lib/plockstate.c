// SPDX-License-Identifier: GPL-2.0
#include "lib/plockstate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cursor.h"

#define FIRST_ENTRIES 64
#define OP_BYTES 58
#define RESULT_BYTES 22
#define LAST_BYTES 10
#define HEADER_BYTES 28
#define FLAG_EX 1
#define FLAG_WAIT 2
#define FLAG_CLOSE 4
#define FLAGS 7

void plockstate_init(struct plockstate *s)
{
	memset(s, 0, sizeof(*s));
	rbd_plock_init(&s->table, NULL, 0);
}

void plockstate_free(struct plockstate *s)
{
	free(s->table.entries);
	free(s->results);
	plockstate_init(s);
}

/* --- results --- */

/*
 * An entry has one result of its own, and one for each request that it sets
 * free or puts an end to; these wait, so there are no more than locks.
 */
static int reserve_results(struct plockstate *s)
{
	size_t need = s->n_results + 1 + plockstate_locks(s);
	size_t size = s->results_size ?: FIRST_ENTRIES;
	struct plockresult *grown;

	if (need <= s->results_size)
		return 0;
	while (size < need)
		size *= 2;
	grown = realloc(s->results, size * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	s->results = grown;
	s->results_size = size;
	return 0;
}

/* Forgets those of a node that it has seen; U64_MAX: all of them. */
static void drop_results(struct plockstate *s, uint16_t node, uint64_t seen)
{
	size_t i, n = 0;

	for (i = 0; i < s->n_results; i++)
		if (s->results[i].node != node || s->results[i].seq > seen)
			s->results[n++] = s->results[i];
	s->n_results = n;
}

const struct plockresult *plockstate_result(const struct plockstate *s,
					    uint16_t node, uint64_t id)
{
	size_t i;

	for (i = 0; i < s->n_results; i++)
		if (s->results[i].node == node && s->results[i].id == id)
			return &s->results[i];
	return NULL;
}

/* --- entries --- */

/* One entry being applied. */
struct step {
	struct plockstate *s;
	plockstate_told told;
	void *arg;
	const struct rbd_plock_op *op;
	uint64_t dropped;
};

static void result(struct step *step, uint16_t node, uint64_t id, int32_t rv)
{
	struct plockstate *s = step->s;
	struct plockresult r = { s->seq, id, node, rv };

	s->results[s->n_results++] = r;
	if (step->told)
		step->told(step->arg, node, id, rv);
}

static void granted(void *arg, const struct rbd_plock_op *op)
{
	result(arg, (uint16_t)(op->node - 1), op->id, 0);
}

static void interrupted(void *arg, const struct rbd_plock_op *op)
{
	result(arg, (uint16_t)(op->node - 1), op->id, -EINTR);
}

static void find_cancelled(void *arg, const struct rbd_plock_op *op)
{
	struct step *step = arg;

	if (!step->dropped && rbd_plock_same_wait(op, step->op))
		step->dropped = op->id;
}

static int grow_table(struct plockstate *s)
{
	uint32_t size = s->table.size ? 2 * s->table.size : FIRST_ENTRIES;
	struct rbd_plock_entry *grown;

	if (size < s->table.size)
		return -ENOMEM;
	grown = realloc(s->table.entries, size * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	rbd_plock_grow(&s->table, grown, size);
	return 0;
}

/* Operations need room for what they may split or set free. */
int plockstate_room(struct plockstate *s)
{
	int ret = 0;

	while (!ret && s->table.unused < plockstate_locks(s) + 2)
		ret = grow_table(s);
	return ret ?: reserve_results(s);
}

static bool makes_sense(const struct plockstate *s, const struct plockentry *e)
{
	if (e->seq != s->seq + 1 || e->node >= RBD_NODESET_MAX)
		return false;
	if (e->kind == PLOCKENTRY_PURGE)
		return true;
	return e->kind == PLOCKENTRY_OP && e->id > s->last[e->node] &&
	       e->op.node == plockstate_nodeid(e->node);
}

static void apply_op(struct step *step, const struct plockentry *e)
{
	struct plockstate *s = step->s;
	struct rbd_plock_op op = e->op;
	bool close = op.type == RBD_PLOCK_UNLOCK && op.close;
	int rv;

	op.id = e->id;
	step->op = &op;
	s->last[e->node] = e->id;
	drop_results(s, e->node, e->seen);
	if (op.type == RBD_PLOCK_CANCEL)
		rbd_plock_each_wait(&s->table, &op, find_cancelled, step);
	else if (close)
		rbd_plock_each_wait(&s->table, &op, interrupted, step);
	rv = rbd_plock_apply(&s->table, &op, granted, step);
	if (rv == 0 && step->dropped)
		result(step, e->node, step->dropped, PLOCKSTATE_FORGET);
	if (rv != 1 && !close)
		result(step, e->node, e->id, rv);
	else if (close && step->told)
		step->told(step->arg, e->node, e->id, 0);
}

int plockstate_apply(struct plockstate *s, const struct plockentry *e,
		     plockstate_told told, void *arg)
{
	struct step step = { s, told, arg, NULL, 0 };
	int ret;

	if (!makes_sense(s, e))
		return -EINVAL;
	ret = plockstate_room(s);
	if (ret)
		return ret;
	s->seq = e->seq;
	if (e->kind == PLOCKENTRY_OP) {
		apply_op(&step, e);
		return 0;
	}
	rbd_plock_purge(&s->table, plockstate_nodeid(e->node), granted, &step);
	drop_results(s, e->node, U64_MAX);
	s->last[e->node] = 0;
	return 0;
}

/* --- questions --- */

struct search {
	uint32_t nodeid;
	uint64_t id;
};

static int match(void *arg, const struct rbd_plock_op *op, bool waiting)
{
	const struct search *want = arg;

	return waiting && op->node == want->nodeid && op->id == want->id;
}

bool plockstate_waits(const struct plockstate *s, uint16_t node, uint64_t id)
{
	struct search want = { plockstate_nodeid(node), id };

	return rbd_plock_each(&s->table, want.nodeid, match, &want);
}

uint32_t plockstate_locks(const struct plockstate *s)
{
	return s->table.size - s->table.unused;
}

/* --- bytes --- */

static void put_op(struct rbd_cursor *c, const struct rbd_plock_op *op)
{
	rbd_put_8(c, op->type);
	rbd_put_8(c, (u8)((op->ex ? FLAG_EX : 0) | (op->wait ? FLAG_WAIT : 0) |
			  (op->close ? FLAG_CLOSE : 0)));
	rbd_put_64(c, op->node);
	rbd_put_64(c, op->pid);
	rbd_put_64(c, op->owner);
	rbd_put_64(c, op->resource);
	rbd_put_64(c, op->start);
	rbd_put_64(c, op->end);
	rbd_put_64(c, op->id);
}

static void get_op(struct rbd_cursor *c, struct rbd_plock_op *op)
{
	u64 node, pid;
	u8 flags;

	memset(op, 0, sizeof(*op));
	op->type = rbd_get_8(c);
	flags = rbd_get_8(c);
	op->ex = flags & FLAG_EX;
	op->wait = flags & FLAG_WAIT;
	op->close = flags & FLAG_CLOSE;
	node = rbd_get_64(c);
	pid = rbd_get_64(c);
	op->node = (u32)node;
	op->pid = (u32)pid;
	op->owner = rbd_get_64(c);
	op->resource = rbd_get_64(c);
	op->start = rbd_get_64(c);
	op->end = rbd_get_64(c);
	op->id = rbd_get_64(c);
	if (op->type > RBD_PLOCK_CANCEL || flags & ~FLAGS || node > U32_MAX ||
	    pid > U32_MAX || op->end < op->start)
		c->bad = true;
}

void plockentry_encode(const struct plockentry *e, unsigned char *buf)
{
	struct rbd_cursor c;

	rbd_cursor_init(&c, buf, PLOCKSTATE_ENTRY_BYTES);
	rbd_put_64(&c, e->seq);
	rbd_put_8(&c, e->kind);
	rbd_put_le(&c, e->node, 2);
	rbd_put_64(&c, e->id);
	rbd_put_64(&c, e->seen);
	put_op(&c, &e->op);
}

int plockentry_decode(struct plockentry *e, const unsigned char *buf,
		      size_t len)
{
	struct rbd_cursor c;

	rbd_cursor_init(&c, buf, len);
	e->seq = rbd_get_64(&c);
	e->kind = rbd_get_8(&c);
	e->node = (u16)rbd_get_le(&c, 2);
	e->id = rbd_get_64(&c);
	e->seen = rbd_get_64(&c);
	get_op(&c, &e->op);
	return rbd_cursor_bad(&c) || rbd_cursor_left(&c) ||
			       e->kind < PLOCKENTRY_OP ||
			       e->kind > PLOCKENTRY_PURGE ?
		     -EBADMSG :
		     0;
}

struct writer {
	struct rbd_cursor *c;
	uint32_t waiting;
};

static int put_lock(void *arg, const struct rbd_plock_op *op, bool waiting)
{
	struct writer *w = arg;

	put_op(w->c, op);
	w->waiting += waiting;
	return 0;
}

static uint32_t count_known(const struct plockstate *s)
{
	uint32_t n, known = 0;

	for (n = 0; n < RBD_NODESET_MAX; n++)
		known += s->last[n] != 0;
	return known;
}

int plockstate_encode(const struct plockstate *s, unsigned char **buf,
		      size_t *len)
{
	uint32_t n, known = count_known(s), locks = plockstate_locks(s);
	struct rbd_cursor c;
	struct writer w = { &c, 0 };
	size_t i;

	*len = HEADER_BYTES + known * LAST_BYTES + s->n_results * RESULT_BYTES +
	       (size_t)locks * OP_BYTES;
	*buf = malloc(*len);
	if (!*buf)
		return -ENOMEM;
	rbd_cursor_init(&c, *buf, *len);
	rbd_put_32(&c, s->generation);
	rbd_put_64(&c, s->seq);
	rbd_put_32(&c, known);
	rbd_put_64(&c, s->n_results);
	rbd_put_32(&c, locks);
	for (n = 0; n < RBD_NODESET_MAX; n++) {
		if (!s->last[n])
			continue;
		rbd_put_le(&c, n, 2);
		rbd_put_64(&c, s->last[n]);
	}
	for (i = 0; i < s->n_results; i++) {
		rbd_put_64(&c, s->results[i].seq);
		rbd_put_64(&c, s->results[i].id);
		rbd_put_le(&c, s->results[i].node, 2);
		rbd_put_32(&c, (u32)s->results[i].rv);
	}
	rbd_plock_each(&s->table, RBD_PLOCK_NONE, put_lock, &w);
	return 0;
}

static int get_results(struct plockstate *s, struct rbd_cursor *c, u64 count)
{
	struct plockresult *r;

	if (!count || count > rbd_cursor_left(c) / RESULT_BYTES)
		return count ? -EBADMSG : 0;
	s->results = malloc(count * sizeof(*r));
	if (!s->results)
		return -ENOMEM;
	s->results_size = count;
	for (; s->n_results < count; s->n_results++) {
		r = &s->results[s->n_results];
		r->seq = rbd_get_64(c);
		r->id = rbd_get_64(c);
		r->node = (u16)rbd_get_le(c, 2);
		r->rv = (int32_t)rbd_get_32(c);
	}
	return 0;
}

/*
 * Those that are held come first and do not conflict; each that waits does,
 * or it would not wait. So applying them builds the same table.
 */
static int get_locks(struct plockstate *s, struct rbd_cursor *c, u32 count)
{
	struct rbd_plock_op op;
	bool waiting = false;
	int ret;

	while (count--) {
		get_op(c, &op);
		if (rbd_cursor_bad(c) || op.type != RBD_PLOCK_LOCK)
			return -EBADMSG;
		ret = plockstate_room(s);
		if (ret)
			return ret;
		ret = rbd_plock_apply(&s->table, &op, NULL, NULL);
		if (ret < 0 || (waiting && !ret))
			return -EBADMSG;
		waiting = ret;
	}
	return 0;
}

static int decode(struct plockstate *s, struct rbd_cursor *c)
{
	u32 known, locks;
	u64 results;
	int ret;

	s->generation = rbd_get_32(c);
	s->seq = rbd_get_64(c);
	known = rbd_get_32(c);
	results = rbd_get_64(c);
	locks = rbd_get_32(c);
	while (known-- && !rbd_cursor_bad(c)) {
		u16 n = (u16)rbd_get_le(c, 2);
		u64 last = rbd_get_64(c);

		if (n >= RBD_NODESET_MAX)
			return -EBADMSG;
		s->last[n] = last;
	}
	ret = get_results(s, c, results);
	ret = ret ?: get_locks(s, c, locks);
	if (ret)
		return ret;
	return rbd_cursor_bad(c) || rbd_cursor_left(c) ? -EBADMSG : 0;
}

int plockstate_decode(struct plockstate *s, const unsigned char *buf,
		      size_t len)
{
	struct rbd_cursor c;
	int ret;

	rbd_cursor_init(&c, buf, len);
	ret = decode(s, &c);
	if (ret)
		plockstate_free(s);
	return ret;
}
