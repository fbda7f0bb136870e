// SPDX-License-Identifier: GPL-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "hb_liveness.h"

static struct rbd_hb_slot slot(u64 incarnation, u64 counter)
{
	return (struct rbd_hb_slot){ .incarnation = incarnation,
				     .counter = counter };
}

static void observe(struct rbd_hb_peer *p, u64 incarnation, u64 counter,
		    bool good)
{
	struct rbd_hb_slot s = slot(incarnation, counter);

	rbd_hb_observe(p, &s, 1, good, false);
}

static void good_tick_needs_most_objects_and_own_word(void **state)
{
	struct rbd_hb_tick t = { .written = 2,
				 .read = 2,
				 .own_counter = 9,
				 .own_counter_read = 9 };

	assert_true(rbd_hb_tick_is_good(&t));
	t.own_counter_read = 8;
	assert_false(rbd_hb_tick_is_good(&t));
	t.own_counter_read = 10;
	t.written = 1;
	assert_false(rbd_hb_tick_is_good(&t));
	t.written = 3;
	t.read = 1;
	assert_false(rbd_hb_tick_is_good(&t));
}

static void stillness_counts_in_good_ticks_only(void **state)
{
	struct rbd_hb_peer p = { 0 };

	observe(&p, 5, 1, true);
	assert_int_equal(p.still_ticks, 0);
	observe(&p, 5, 1, true);
	observe(&p, 5, 1, false);
	observe(&p, 5, 1, true);
	assert_int_equal(p.still_ticks, 2);
	rbd_hb_observe(&p, NULL, 0, true, false);
	assert_int_equal(p.still_ticks, 3);
	observe(&p, 5, 2, false);
	assert_int_equal(p.still_ticks, 0);
	assert_int_equal(p.moves, 2);
}

static void gap_starts_anew(void **state)
{
	struct rbd_hb_peer p = { 0 };
	struct rbd_hb_slot s = slot(5, 1);

	observe(&p, 5, 1, true);
	observe(&p, 5, 1, true);
	rbd_hb_observe(&p, &s, 1, true, true);
	assert_int_equal(p.still_ticks, 1);
}

static void lagging_object_is_passed_over(void **state)
{
	struct rbd_hb_peer p = { 0 };
	struct rbd_hb_slot s[3] = { slot(5, 7), slot(5, 9), slot(4, 100) };

	rbd_hb_observe(&p, s, 3, true, false);
	assert_int_equal(p.incarnation, 5);
	assert_int_equal(p.counter, 9);
	/* Only the one that lags answers: no move, and no step back. */
	rbd_hb_observe(&p, s, 1, true, false);
	assert_int_equal(p.counter, 9);
	assert_int_equal(p.still_ticks, 1);
}

static void new_incarnation_is_a_move(void **state)
{
	struct rbd_hb_peer p = { 0 };

	observe(&p, 5, 90, true);
	observe(&p, 5, 90, true);
	observe(&p, 6, 1, true);
	assert_int_equal(p.incarnation, 6);
	assert_int_equal(p.still_ticks, 0);
	assert_int_equal(p.moves, 1);
	observe(&p, 5, 91, true);
	assert_int_equal(p.incarnation, 6);
	assert_int_equal(p.still_ticks, 1);
}

static void nobody_is_not_accused(void **state)
{
	struct rbd_hb_peer p = { 0 };

	rbd_hb_observe(&p, NULL, 0, true, false);
	rbd_hb_observe(&p, NULL, 0, true, false);
	assert_int_equal(p.still_ticks, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_tick_needs_most_objects_and_own_word),
		cmocka_unit_test(stillness_counts_in_good_ticks_only),
		cmocka_unit_test(gap_starts_anew),
		cmocka_unit_test(lagging_object_is_passed_over),
		cmocka_unit_test(new_incarnation_is_a_move),
		cmocka_unit_test(nobody_is_not_accused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
