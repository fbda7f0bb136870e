// SPDX-License-Identifier: GPL-2.0
/* Results that are kept, bytes, and bytes that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/plockmsg.h"
#include "lib/plockown.h"

#define ROUNDS 200
#define STEPS 300

static struct plockstate s;
static uint32_t seed;
static uint64_t last_id;

static uint32_t roll(uint32_t n)
{
	seed = seed * 1664525U + 1013904223U;
	return (seed >> 8) % n;
}

static int setup(void **state)
{
	plockstate_init(&s);
	last_id = 0;
	return 0;
}

static int teardown(void **state)
{
	plockstate_free(&s);
	return 0;
}

static struct plockentry entry(uint16_t node, uint8_t type, bool wait)
{
	struct plockentry e = { .seq = s.seq + 1,
				.kind = PLOCKENTRY_OP,
				.node = node,
				.id = ++last_id,
				.op = { .type = type,
					.ex = true,
					.wait = wait,
					.node = node + 1U,
					.owner = 1,
					.resource = 1,
					.end = 9 } };

	return e;
}

static uint64_t put(struct plockentry e)
{
	assert_int_equal(plockstate_apply(&s, &e, NULL, NULL), 0);
	return e.id;
}

static int rv_of(uint16_t node, uint64_t id)
{
	const struct plockresult *r = plockstate_result(&s, node, id);

	assert_non_null(r);
	return r->rv;
}

static void test_results(void **state)
{
	uint64_t a = put(entry(1, RBD_PLOCK_LOCK, false));
	uint64_t b = put(entry(2, RBD_PLOCK_LOCK, false));
	uint64_t c = put(entry(2, RBD_PLOCK_LOCK, true)), u, x;
	struct plockentry e;

	assert_int_equal(rv_of(1, a), 0);
	assert_int_equal(rv_of(2, b), -EAGAIN);
	assert_null(plockstate_result(&s, 2, c));
	assert_true(plockstate_waits(&s, 2, c));
	assert_false(plockstate_waits(&s, 1, c));
	u = put(entry(1, RBD_PLOCK_UNLOCK, false));
	assert_int_equal(rv_of(1, u), 0);
	assert_int_equal(rv_of(2, c), 0);
	assert_false(plockstate_waits(&s, 2, c));
	/* Node 2 has seen what came with the first two entries, not more. */
	e = entry(2, RBD_PLOCK_UNLOCK, false);
	e.seen = 2;
	x = put(e);
	assert_null(plockstate_result(&s, 2, b));
	assert_int_equal(rv_of(2, c), 0);
	assert_int_equal(rv_of(2, x), 0);
	assert_int_equal(rv_of(1, a), 0);
}

static void test_cancel_and_close(void **state)
{
	struct plockentry e = entry(1, RBD_PLOCK_LOCK, true);
	uint64_t w, c;

	put(e);
	w = put(entry(2, RBD_PLOCK_LOCK, true));
	c = put(entry(2, RBD_PLOCK_CANCEL, false));
	assert_int_equal(rv_of(2, w), PLOCKSTATE_FORGET);
	assert_int_equal(rv_of(2, c), 0);
	c = put(entry(2, RBD_PLOCK_CANCEL, false));
	assert_int_equal(rv_of(2, c), -ENOENT);
	w = put(entry(2, RBD_PLOCK_LOCK, true));
	e = entry(2, RBD_PLOCK_UNLOCK, false);
	e.op.close = true;
	c = put(e);
	assert_int_equal(rv_of(2, w), -EINTR);
	assert_null(plockstate_result(&s, 2, c));
}

static void test_purge(void **state)
{
	struct plockentry e = entry(1, RBD_PLOCK_LOCK, true);
	uint64_t w;

	put(e);
	w = put(entry(2, RBD_PLOCK_LOCK, true));
	e = (struct plockentry){ .seq = s.seq + 1,
				 .kind = PLOCKENTRY_PURGE,
				 .node = 1 };
	put(e);
	assert_int_equal(s.last[1], 0);
	assert_null(plockstate_result(&s, 1, 1));
	assert_int_equal(rv_of(2, w), 0);
	assert_int_equal(plockstate_locks(&s), 1);
}

static void test_refused(void **state)
{
	struct plockentry e = entry(1, RBD_PLOCK_LOCK, true), old = e;

	e.seq = 2;
	assert_int_equal(plockstate_apply(&s, &e, NULL, NULL), -EINVAL);
	e.seq = 1;
	e.op.node = 9;
	assert_int_equal(plockstate_apply(&s, &e, NULL, NULL), -EINVAL);
	put(old);
	/* The same request again. */
	old.seq = 2;
	assert_int_equal(plockstate_apply(&s, &old, NULL, NULL), -EINVAL);
	assert_int_equal(s.seq, 1);
}

/* What a request of ours came to, by a state that somebody else made. */
static void test_over(void **state)
{
	struct plockentry hold = entry(1, RBD_PLOCK_LOCK, false);
	struct plockentry wait = entry(2, RBD_PLOCK_LOCK, true);
	struct plockown own = { wait.id, false, wait.op };
	int rv = 1;

	put(hold);
	assert_true(plockown_unsent(&own, &s, 2));
	assert_false(plockown_over(&own, &s, 2, &rv));
	wait.seq = 2;
	put(wait);
	assert_false(plockown_unsent(&own, &s, 2));
	assert_false(plockown_over(&own, &s, 2, &rv));
	put(entry(1, RBD_PLOCK_UNLOCK, false));
	assert_true(plockown_over(&own, &s, 2, &rv));
	assert_int_equal(rv, 0);
	own.get = true;
	assert_false(plockown_over(&own, &s, 2, &rv));
}

static void random_entry(void)
{
	struct plockentry e = entry((uint16_t)roll(4), (uint8_t)roll(3),
				    roll(2));

	e.op.owner = roll(3);
	e.op.resource = roll(4);
	e.op.ex = roll(2);
	e.op.close = !roll(8);
	e.op.start = roll(10);
	e.op.end = e.op.start + roll(10);
	e.seen = roll(2) ? s.seq : roll(20);
	if (!roll(30))
		e.kind = PLOCKENTRY_PURGE;
	put(e);
}

/* A state made from bytes goes on as the one they are of. */
static void test_bytes(void **state)
{
	unsigned char *a, *b;
	struct plockstate t;
	unsigned int round, i;
	size_t n, m;

	for (round = 0; round < ROUNDS; round++) {
		seed = round;
		teardown(NULL);
		setup(NULL);
		for (i = 0; i < STEPS; i++) {
			random_entry();
			if (roll(10))
				continue;
			assert_int_equal(plockstate_encode(&s, &a, &n), 0);
			plockstate_init(&t);
			assert_int_equal(plockstate_decode(&t, a, n), 0);
			assert_int_equal(plockstate_encode(&t, &b, &m), 0);
			assert_int_equal(n, m);
			assert_memory_equal(a, b, n);
			free(a);
			free(b);
			plockstate_free(&s);
			s = t;
		}
	}
}

static void test_bad_bytes(void **state)
{
	unsigned char *good, *bad;
	struct plockstate t;
	unsigned int i;
	size_t n, m;

	seed = 7;
	for (i = 0; i < 40; i++)
		random_entry();
	assert_int_equal(plockstate_encode(&s, &good, &n), 0);
	for (i = 0; i < 20000; i++) {
		m = roll(4) ? n : roll((uint32_t)n);
		bad = malloc(m + !m);
		assert_non_null(bad);
		memcpy(bad, good, m);
		if (m)
			bad[roll((uint32_t)m)] ^= (unsigned char)(1 << roll(8));
		plockstate_init(&t);
		plockstate_decode(&t, bad, m);
		plockstate_free(&t);
		free(bad);
	}
	free(good);
}

static void same_message(const struct plockmsg *m)
{
	unsigned char buf[PLOCKMSG_MAX], again[PLOCKMSG_MAX];
	size_t len = plockmsg_encode(m, buf), i;
	struct plockmsg got;

	assert_int_equal(plockmsg_decode(&got, buf, len), 0);
	assert_int_equal(plockmsg_encode(&got, again), len);
	assert_memory_equal(buf, again, len);
	if (m->type == PLOCKMSG_STATE)
		return;
	for (i = 0; i < len; i++)
		assert_int_equal(plockmsg_decode(&got, buf, i), -EBADMSG);
	assert_int_equal(plockmsg_decode(&got, buf, len + 1), -EBADMSG);
}

static void test_messages(void **state)
{
	static const unsigned char bytes[PLOCKMSG_PIECE] = { 1, 2, 3 };
	struct plockmsg m = { .fsid = 5, .generation = 6, .seq = 7 };

	m.entry = entry(3, RBD_PLOCK_UNLOCK, true);
	m.total = 100000;
	m.offset = 50000;
	m.bytes = bytes;
	m.len = sizeof(bytes);
	for (m.type = PLOCKMSG_COLLECT; m.type <= PLOCKMSG_ENTRY; m.type++)
		same_message(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_results, setup, teardown),
		cmocka_unit_test_setup_teardown(test_cancel_and_close, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_purge, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_over, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bytes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bad_bytes, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_messages, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
