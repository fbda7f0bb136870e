// SPDX-License-Identifier: GPL-2.0
/*
 * Random operations against a model that knows nothing of ranges: for each
 * byte and owner it keeps the mode, and it tries everything byte by byte.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "plock.h"

#define NODES 3
#define OWNERS 2
#define RESOURCES 2
#define BYTES 12
#define ENTRIES 512
#define ROUNDS 400
#define STEPS 400

static struct rbd_plock_entry entries[ENTRIES];
static struct rbd_plock_table table;

/* What the model and the code under test granted in one step, in order. */
struct grants {
	struct rbd_plock_op v[ENTRIES];
	unsigned int n;
};

/* The model: 0 none, 1 shared, 2 exclusive. */
static unsigned char mode[RESOURCES][NODES][OWNERS][BYTES];
static struct rbd_plock_op waits[ENTRIES];
static unsigned int n_waits;

static uint32_t seed;

static uint32_t roll(uint32_t n)
{
	seed = seed * 1664525U + 1013904223U;
	return (seed >> 8) % n;
}

static bool model_free(const struct rbd_plock_op *op)
{
	unsigned int node, owner, b;
	unsigned char m;

	for (node = 0; node < NODES; node++)
		for (owner = 0; owner < OWNERS; owner++)
			for (b = (unsigned int)op->start; b <= op->end; b++) {
				m = mode[op->resource][node][owner][b];
				if (m && (m == 2 || op->ex) &&
				    (node != op->node || owner != op->owner))
					return false;
			}
	return true;
}

static void model_set(const struct rbd_plock_op *op)
{
	unsigned int b;

	for (b = (unsigned int)op->start; b <= op->end; b++)
		mode[op->resource][op->node][op->owner][b] =
			op->type == RBD_PLOCK_UNLOCK ? 0 :
			op->ex			     ? 2 :
						       1;
}

static void model_remove_wait(unsigned int i)
{
	n_waits--;
	memmove(&waits[i], &waits[i + 1], (n_waits - i) * sizeof(waits[0]));
}

static void model_grant(uint64_t resource, struct grants *out)
{
	unsigned int i = 0;

	while (i < n_waits) {
		if (waits[i].resource != resource || !model_free(&waits[i])) {
			i++;
			continue;
		}
		model_set(&waits[i]);
		out->v[out->n++] = waits[i];
		model_remove_wait(i);
		i = 0;
	}
}

static bool model_same_wait(const struct rbd_plock_op *w,
			    const struct rbd_plock_op *op)
{
	return w->resource == op->resource && w->node == op->node &&
	       w->owner == op->owner;
}

static int model_cancel(const struct rbd_plock_op *op)
{
	unsigned int i;

	for (i = 0; i < n_waits; i++)
		if (model_same_wait(&waits[i], op) && waits[i].ex == op->ex &&
		    waits[i].start == op->start && waits[i].end == op->end &&
		    waits[i].pid == op->pid) {
			model_remove_wait(i);
			return 0;
		}
	return -ENOENT;
}

static int model_apply(const struct rbd_plock_op *op, struct grants *out)
{
	unsigned int i;

	if (op->type == RBD_PLOCK_CANCEL)
		return model_cancel(op);
	if (op->type == RBD_PLOCK_LOCK && !model_free(op)) {
		if (!op->wait)
			return -EAGAIN;
		waits[n_waits++] = *op;
		return 1;
	}
	for (i = 0; op->type == RBD_PLOCK_UNLOCK && op->close && i < n_waits;) {
		if (model_same_wait(&waits[i], op))
			model_remove_wait(i);
		else
			i++;
	}
	model_set(op);
	model_grant(op->resource, out);
	return 0;
}

static void model_purge(uint32_t node, struct grants *out)
{
	unsigned int i, r;

	for (i = 0; i < n_waits;) {
		if (waits[i].node == node)
			model_remove_wait(i);
		else
			i++;
	}
	for (r = 0; r < RESOURCES; r++) {
		memset(mode[r][node], 0, sizeof(mode[r][node]));
		model_grant(r, out);
	}
}

static void note(void *arg, const struct rbd_plock_op *op)
{
	struct grants *g = arg;

	g->v[g->n++] = *op;
}

/* The ranges of the table, laid out as bytes. */
static unsigned char got[RESOURCES][NODES][OWNERS][BYTES];
static unsigned int got_waits, held;

static int lay_out(void *arg, const struct rbd_plock_op *op, bool waiting)
{
	unsigned char *m = got[op->resource][op->node][op->owner];
	uint64_t b;

	if (waiting) {
		assert_true(got_waits < n_waits);
		got_waits++;
		return 0;
	}
	held++;
	for (b = op->start; b <= op->end; b++) {
		/* An owner's locks never overlap. */
		assert_int_equal(m[b], 0);
		m[b] = op->ex ? 2 : 1;
	}
	return 0;
}

static void compare_state(void)
{
	memset(got, 0, sizeof(got));
	got_waits = 0;
	held = 0;
	rbd_plock_each(&table, RBD_PLOCK_NONE, lay_out, NULL);
	assert_memory_equal(got, mode, sizeof(got));
	assert_int_equal(got_waits, n_waits);
	assert_int_equal(table.unused, table.size - held - got_waits);
}

static int by_resource(const void *a, const void *b)
{
	const struct rbd_plock_op *x = a, *y = b;

	return x->resource < y->resource ? -1 : x->resource > y->resource;
}

/* After a purge the order between resources is nobody's business. */
static void compare_grants(struct grants *a, struct grants *b, bool purge)
{
	assert_int_equal(a->n, b->n);
	if (purge && a->n) {
		qsort(a->v, a->n, sizeof(a->v[0]), by_resource);
		qsort(b->v, b->n, sizeof(b->v[0]), by_resource);
	}
	assert_memory_equal(a->v, b->v, a->n * sizeof(a->v[0]));
}

static struct rbd_plock_op random_op(void)
{
	struct rbd_plock_op op;
	uint32_t kind = roll(20);

	memset(&op, 0, sizeof(op));
	op.type = kind < 11 ? RBD_PLOCK_LOCK :
		  kind < 18 ? RBD_PLOCK_UNLOCK :
			      RBD_PLOCK_CANCEL;
	op.ex = roll(2);
	op.wait = roll(2);
	op.close = op.type == RBD_PLOCK_UNLOCK && !roll(6);
	op.node = roll(NODES);
	op.owner = roll(OWNERS);
	op.resource = roll(RESOURCES);
	op.start = roll(BYTES);
	op.end = op.start + roll(BYTES - (uint32_t)op.start);
	if (op.close) {
		op.start = 0;
		op.end = BYTES - 1;
	}
	/* A cancel that hits something now and then. */
	if (op.type == RBD_PLOCK_CANCEL && n_waits && roll(2)) {
		op = waits[roll(n_waits)];
		op.type = RBD_PLOCK_CANCEL;
	}
	return op;
}

static void one_step(void)
{
	static struct grants want, have;
	struct rbd_plock_op op;
	uint32_t node;

	want.n = 0;
	have.n = 0;
	if (!roll(40)) {
		node = roll(NODES);
		model_purge(node, &want);
		assert_int_equal(rbd_plock_purge(&table, node, note, &have), 0);
		compare_grants(&want, &have, true);
	} else {
		op = random_op();
		assert_int_equal(rbd_plock_apply(&table, &op, note, &have),
				 model_apply(&op, &want));
		compare_grants(&want, &have, false);
	}
	compare_state();
}

static void test_conformance(void **state)
{
	uint32_t round, step;

	for (round = 0; round < ROUNDS; round++) {
		seed = round;
		memset(mode, 0, sizeof(mode));
		n_waits = 0;
		rbd_plock_init(&table, entries, ENTRIES);
		for (step = 0; step < STEPS; step++)
			one_step();
	}
}

static struct rbd_plock_op lock(uint32_t node, bool ex, uint64_t start,
				uint64_t end)
{
	struct rbd_plock_op op = { .type = RBD_PLOCK_LOCK,
				   .ex = ex,
				   .wait = true,
				   .node = node,
				   .start = start,
				   .end = end };

	return op;
}

static void test_full_table_changes_nothing(void **state)
{
	struct rbd_plock_entry few[3], more[8];
	struct rbd_plock_op a = lock(1, true, 0, 9), b = lock(2, true, 5, 6);
	struct rbd_plock_op c = lock(1, false, 3, 3);
	struct grants g = { .n = 0 };

	rbd_plock_init(&table, few, 3);
	assert_int_equal(rbd_plock_apply(&table, &a, note, &g), 0);
	assert_int_equal(rbd_plock_apply(&table, &b, note, &g), 1);
	/* It would split the first one. */
	assert_int_equal(rbd_plock_apply(&table, &c, note, &g), -ENOMEM);
	assert_int_equal(rbd_plock_purge(&table, 1, note, &g), -ENOMEM);
	memcpy(more, few, sizeof(few));
	rbd_plock_grow(&table, more, 8);
	assert_int_equal(rbd_plock_apply(&table, &c, note, &g), 0);
	assert_int_equal(g.n, 0);
	assert_int_equal(rbd_plock_purge(&table, 1, note, &g), 0);
	assert_int_equal(g.n, 1);
	assert_int_equal(g.v[0].node, 2);
}

static void test_whole_file(void **state)
{
	struct rbd_plock_op all = lock(1, true, 0, U64_MAX);
	struct rbd_plock_op end = lock(2, false, U64_MAX, U64_MAX), u;
	const struct rbd_plock_op *who;

	rbd_plock_init(&table, entries, ENTRIES);
	assert_int_equal(rbd_plock_apply(&table, &all, NULL, NULL), 0);
	who = rbd_plock_conflict(&table, &end);
	assert_non_null(who);
	assert_int_equal(who->node, 1);
	u = all;
	u.type = RBD_PLOCK_UNLOCK;
	u.start = 100;
	assert_int_equal(rbd_plock_apply(&table, &u, NULL, NULL), 0);
	assert_null(rbd_plock_conflict(&table, &end));
	end.start = 99;
	who = rbd_plock_conflict(&table, &end);
	assert_non_null(who);
	assert_true(who->end == 99);
}

static void test_bad_operations(void **state)
{
	struct rbd_plock_op op = lock(1, true, 5, 4);

	rbd_plock_init(&table, NULL, 0);
	assert_int_equal(rbd_plock_apply(&table, &op, NULL, NULL), -EINVAL);
	op = lock(1, true, 4, 5);
	op.type = 9;
	assert_int_equal(rbd_plock_apply(&table, &op, NULL, NULL), -EINVAL);
	op.type = RBD_PLOCK_LOCK;
	assert_int_equal(rbd_plock_apply(&table, &op, NULL, NULL), -ENOMEM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_conformance),
		cmocka_unit_test(test_full_table_changes_nothing),
		cmocka_unit_test(test_whole_file),
		cmocka_unit_test(test_bad_operations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
