// SPDX-License-Identifier: GPL-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "hb_timing.h"

static void defaults_are_a_tick_a_second(void **state)
{
	struct rbd_hb_timing t;

	assert_null(rbd_hb_timing_derive(&t, RBD_HB_DEAD_AFTER_MS,
					 RBD_HB_SLOW_AFTER_MS));
	assert_int_equal(t.tick_ms, 1000);
	assert_int_equal(t.suspect_ticks, 8);
	assert_int_equal(t.slow_ticks, 43);
	assert_int_equal(t.lease_alone_ms, 7000);
	assert_int_equal(t.lease_heard_ms, 40000);
}

static void hold_together(const struct rbd_hb_timing *t)
{
	u32 accuse_ms = t->suspect_ticks * t->tick_ms;
	u32 slow_ms = t->slow_ticks * t->tick_ms;

	/* The victim is still before it can be fenced. */
	assert_true(t->lease_alone_ms <
		    accuse_ms + t->confirm_ticks * t->tick_ms);
	assert_true(t->lease_heard_ms <
		    slow_ms + t->confirm_ticks * t->tick_ms);
	assert_true(t->lease_alone_ms < t->lease_heard_ms);
	/* No fence comes later than was promised. */
	assert_true(accuse_ms + t->confirm_ticks * t->tick_ms <=
		    t->dead_after_ms);
	assert_true(slow_ms + t->confirm_ticks * t->tick_ms <=
		    t->slow_after_ms);
	assert_true(t->suspect_ticks > t->confirm_ticks);
	assert_true(t->net_silent_ms < t->dead_after_ms);
	assert_true(t->gap_ms < t->lease_alone_ms);
	/* That a daemon died is known before its links are judged. */
	assert_true(t->daemon_stale_ms <= t->edge_down_ms);
	assert_true(t->daemon_stale_ms >= 3 * t->tick_ms);
}

static void all_values_hold_together(void **state)
{
	struct rbd_hb_timing t;
	u32 dead;

	for (dead = RBD_HB_DEAD_AFTER_MIN_MS; dead <= RBD_HB_AFTER_MAX_MS;
	     dead += 250) {
		u32 slow = dead > RBD_HB_SLOW_AFTER_MS ? dead :
							 RBD_HB_SLOW_AFTER_MS;

		assert_null(rbd_hb_timing_derive(&t, dead, slow));
		hold_together(&t);
	}
}

/* Whatever the own ticks are: not before what was promised to the other. */
static void own_ticks_of_another_length(void **state)
{
	static const u32 dead[] = { 2500, 3000, 5000, 10000, 35000, 600000 };
	struct rbd_hb_timing t, d;
	unsigned int i, k;

	for (i = 0; i < 6; i++) {
		u32 slow = dead[i] > 45000 ? dead[i] : 45000;

		assert_null(rbd_hb_timing_derive(&d, dead[i], slow));
		assert_null(rbd_hb_timing_at_tick(&t, dead[i], slow, 0));
		assert_memory_equal(&t, &d, sizeof(t));
		for (k = 250; k <= 1000; k += 50) {
			assert_null(rbd_hb_timing_at_tick(&t, dead[i], slow,
							  k));
			assert_int_equal(t.tick_ms, k);
			assert_true(t.confirm_ticks * k >=
				    d.confirm_ticks * d.tick_ms);
			assert_true(t.alive_ticks * k >= 2 * d.tick_ms);
			assert_true((t.suspect_ticks + t.confirm_ticks) * k >=
				    (d.suspect_ticks + d.confirm_ticks) *
					    d.tick_ms);
			assert_true((t.slow_ticks + t.confirm_ticks) * k >=
				    slow);
			assert_int_equal(t.lease_alone_ms, d.lease_alone_ms);
		}
	}
	assert_non_null(rbd_hb_timing_at_tick(&t, 1000, 45000, 250));
}

static void bad_values_are_named(void **state)
{
	struct rbd_hb_timing t;

	assert_non_null(rbd_hb_timing_derive(&t, 2499, 45000));
	assert_non_null(rbd_hb_timing_derive(&t, 10000, 39999));
	assert_non_null(rbd_hb_timing_derive(&t, 10000, 600001));
	assert_non_null(rbd_hb_timing_derive(&t, 50000, 45000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults_are_a_tick_a_second),
		cmocka_unit_test(all_values_hold_together),
		cmocka_unit_test(own_ticks_of_another_length),
		cmocka_unit_test(bad_values_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
