// SPDX-License-Identifier: GPL-2.0
/* The machine when the time-outs change under it. */
#include <errno.h>

#include "coreharness.h"
#include "view_timing.h"

static void paced(u32 dead, u32 slow)
{
	rbd_core_paced(&core, 0, dead, slow);
	dead_ms[ME] = dead;
	slow_ms[ME] = slow;
}

/* All have seen the view, and their leases go by these. */
static void others_follow(u32 dead, u32 slow)
{
	unsigned int n;

	for (n = 0; n < 3; n += 2) {
		parts[n].view_seq = core.view.seq;
		dead_ms[n] = dead;
		slow_ms[n] = slow;
	}
}

/* A lower number would do it before us. */
static void we_are_first(void)
{
	flags[0] = RBD_HB_DAEMON_STALE;
}

static void shorter_in_two_steps(void **state)
{
	we_are_first();
	assert_null(rbd_core_retime(&core, 3000, 45000));
	assert_true(asked(RBD_CORE_CAS));
	assert_int_equal(core.next.dead_after_ms, 10000);
	assert_int_equal(core.next.next_dead_after_ms, 3000);
	parts[0].view_seq = 7;
	parts[2].view_seq = 7;
	win();
	assert_true(asked(RBD_CORE_PACE));
	/* Ticks are shorter, what they count to lasts as long as before. */
	paced(3000, 45000);
	assert_int_equal(core.timing.tick_ms, 300);
	assert_in_range(core.timing.suspect_ticks * 300 +
				core.timing.confirm_ticks * 300,
			10000, 10300);
	ticks(3);
	assert_false(asked(RBD_CORE_CAS));
	others_follow(3000, 45000);
	/* One has seen the order, and its kernel does not follow yet. */
	dead_ms[2] = 10000;
	ticks(3);
	assert_false(asked(RBD_CORE_CAS));
	/* One goes by it by chance, and has not seen the order. */
	others_follow(3000, 45000);
	parts[2].view_seq = core.view.retime_seq - 1;
	ticks(3);
	assert_false(asked(RBD_CORE_CAS));
	/* One does not say by what it goes. */
	others_follow(3000, 45000);
	dead_ms[0] = 0;
	ticks(3);
	assert_false(asked(RBD_CORE_CAS));
	others_follow(3000, 45000);
	ticks(1);
	assert_true(asked(RBD_CORE_CAS));
	assert_int_equal(core.next.dead_after_ms, 3000);
	assert_int_equal(core.next.retime_seq, 0);
	win();
	assert_int_equal(core.timing.suspect_ticks, 8);
	ticks(3);
	assert_false(asked(RBD_CORE_CAS));
}

static void longer_in_one(void **state)
{
	assert_null(rbd_core_retime(&core, 35000, 60000));
	assert_true(asked(RBD_CORE_CAS));
	assert_int_equal(core.next.dead_after_ms, 35000);
	assert_int_equal(core.next.slow_after_ms, 60000);
	assert_int_equal(core.next.retime_seq, 0);
	win();
	assert_int_equal(core.timing.suspect_ticks, 33);
	assert_true(asked(RBD_CORE_PACE));
	paced(35000, 60000);
	ticks(3);
	assert_false(asked(RBD_CORE_CAS));
}

/* One value shorter, one longer: leases have the shorter of each meanwhile. */
static void mixed(void **state)
{
	u32 dead, slow;

	we_are_first();
	assert_null(rbd_core_retime(&core, 5000, 60000));
	assert_true(asked(RBD_CORE_CAS));
	parts[0].view_seq = 7;
	parts[2].view_seq = 7;
	win();
	assert_int_equal(core.view.slow_after_ms, 45000);
	assert_true(asked(RBD_CORE_PACE));
	rbd_view_lease_times(&core.view, &dead, &slow);
	assert_int_equal(dead, 5000);
	assert_int_equal(slow, 45000);
	paced(dead, slow);
	others_follow(dead, slow);
	ticks(1);
	assert_true(asked(RBD_CORE_CAS));
	win();
	assert_int_equal(core.view.slow_after_ms, 60000);
	assert_true(asked(RBD_CORE_PACE));
	rbd_view_lease_times(&core.view, &dead, &slow);
	assert_int_equal(slow, 60000);
}

/* A node that will not follow is no obstacle to anything but the change. */
static void taken_back(void **state)
{
	assert_null(rbd_core_retime(&core, 3000, 45000));
	assert_true(asked(RBD_CORE_CAS));
	win();
	assert_true(asked(RBD_CORE_PACE));
	paced(3000, 45000);
	ticks(200);
	assert_false(asked(RBD_CORE_CAS));
	assert_null(rbd_core_retime(&core, 10000, 45000));
	assert_true(asked(RBD_CORE_CAS));
	win();
	assert_int_equal(core.view.dead_after_ms, 10000);
	assert_int_equal(core.view.retime_seq, 0);
	assert_true(asked(RBD_CORE_PACE));
	paced(10000, 45000);
	assert_int_equal(core.timing.suspect_ticks, 8);
	ticks(3);
	assert_false(asked(RBD_CORE_CAS));
}

/* What was counted in ticks of another length counts for nothing. */
static void counts_begin_anew(void **state)
{
	unsigned int i;

	hears_me[2] = false;
	for (i = 0; i < 7; i++) {
		peers[2].still_ticks++;
		peers[2].counter--;
		ticks(1);
	}
	assert_false(asked(RBD_CORE_CAS));
	THEY(rbd_view_retime(&view, 3000, 45000));
	assert_true(asked(RBD_CORE_PACE));
	core.peers[2].lag_ticks = 5;
	core.peers[2].due_ticks = 5;
	paced(3000, 45000);
	assert_int_equal(core.peers[2].lag_ticks, 0);
	assert_int_equal(core.peers[2].due_ticks, 0);
	/* The kernel has forgotten, too. */
	peers[2].still_ticks = 0;
	for (i = 0; i < 20; i++) {
		peers[2].still_ticks++;
		peers[2].counter--;
		ticks(1);
	}
	assert_false(asked(RBD_CORE_CAS));
}

/* The kernel would not; it is asked again, and meanwhile nobody is misled. */
static void pace_fails(void **state)
{
	THEY(rbd_view_retime(&view, 3000, 45000));
	assert_true(asked(RBD_CORE_PACE));
	rbd_core_paced(&core, -EOPNOTSUPP, 0, 0);
	assert_int_equal(core.timing.tick_ms, 1000);
	assert_int_equal(core.timing.suspect_ticks, 8);
	ticks(1);
	assert_true(asked(RBD_CORE_PACE));
}

static void bad_wishes(void **state)
{
	assert_non_null(rbd_core_retime(&core, 1000, 45000));
	assert_non_null(rbd_core_retime(&core, 3000, 4000));
	assert_null(rbd_core_retime(&core, 10000, 45000));
	assert_false(asked(RBD_CORE_CAS));
	machine(1);
	assert_non_null(rbd_core_retime(&core, 3000, 45000));
}

/* Who comes in while a change is under way has its lease first. */
static void joins_paced(void **state)
{
	machine(1);
	(void)asked(RBD_CORE_CAS);
	rbd_core_cas_done(&core, RBD_CORE_CAS_LOST);
	THEY(rbd_view_retime(&view, 3000, 45000));
	assert_true(asked(RBD_CORE_PACE));
	ticks(3);
	assert_false(asked(RBD_CORE_CAS));
	paced(3000, 45000);
	ticks(1);
	assert_true(asked(RBD_CORE_CAS));
	assert_int_equal(next_state(ME), RBD_MEMBER_JOINING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(shorter_in_two_steps, three_members),
		cmocka_unit_test_setup(longer_in_one, three_members),
		cmocka_unit_test_setup(mixed, three_members),
		cmocka_unit_test_setup(taken_back, three_members),
		cmocka_unit_test_setup(counts_begin_anew, three_members),
		cmocka_unit_test_setup(pace_fails, three_members),
		cmocka_unit_test_setup(bad_wishes, three_members),
		cmocka_unit_test(joins_paced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
