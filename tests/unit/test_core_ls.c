// SPDX-License-Identifier: GPL-2.0
/* The machine, one input at a time: lockspaces and connections. */
#include <errno.h>

#include "coreharness.h"

static void barrier(void **state)
{
	u32 g = shared_lockspace();

	assert_true(asked(RBD_CORE_LS_STOP));
	/* Stopped, but for an older generation: that is enough. */
	rbd_core_ls_done(&core, last.slot, 0);
	assert_int_equal(core.part.acks[0].generation, g);
	assert_int_equal(core.part.acks[0].phase, RBD_LS_STOPPED);
	assert_true(asked(RBD_CORE_LS_PREPARE));
	assert_int_equal(last.generation, g);
	rbd_core_ls_done(&core, last.slot, 0);
	ack(0, g, RBD_LS_READY);
	ack(2, g - 1, RBD_LS_STARTED);
	ticks(2);
	assert_false(asked(RBD_CORE_LS_START));
	ack(2, g, RBD_LS_STOPPED);
	ticks(2);
	assert_false(asked(RBD_CORE_LS_START));
	/* Ready, but said by an incarnation that is not a member. */
	ack(2, g, RBD_LS_READY);
	peers[2].incarnation = 999;
	ticks(2);
	assert_false(asked(RBD_CORE_LS_START));
	peers[2].incarnation = 102;
	ticks(1);
	assert_true(asked(RBD_CORE_LS_START));
	assert_int_equal(last.generation, g);
}

static void own_word_has_to_be_read_back(void **state)
{
	u32 g = shared_lockspace();

	assert_true(asked(RBD_CORE_LS_STOP));
	rbd_core_ls_done(&core, last.slot, 0);
	assert_true(asked(RBD_CORE_LS_PREPARE));
	ack(0, g, RBD_LS_READY);
	ack(2, g, RBD_LS_READY);
	ticks(1);
	rbd_core_ls_done(&core, last.slot, 0);
	assert_false(asked(RBD_CORE_LS_START));
	ticks(1);
	assert_true(asked(RBD_CORE_LS_START));
}

static void waits_for_the_proof(void **state)
{
	u32 g;

	shared_lockspace();
	assert_true(asked(RBD_CORE_LS_STOP));
	THEY(rbd_view_condemn(&view, 2, 102, 0, RBD_ACCUSED_ADMIN, ""));
	g = core.view.generation;
	rbd_core_ls_done(&core, last.slot, 0);
	assert_true(asked(RBD_CORE_COMMS));
	assert_true(rbd_nodeset_has(&core.drop, 2));
	rbd_core_comms_done(&core, 0);
	assert_false(asked(RBD_CORE_LS_PREPARE));
	THEY(rbd_view_fenced(&view, 2, 102, 2, 88));
	assert_true(asked(RBD_CORE_LS_PREPARE));
	assert_int_equal(last.generation, g);
	assert_int_equal(last.epoch, 88);
}

/* The connection goes after the stop, and before the preparation. */
static void connection_of_a_failed_node(void **state)
{
	shared_lockspace();
	assert_true(asked(RBD_CORE_LS_STOP));
	THEY(rbd_view_condemn(&view, 2, 102, 0, RBD_ACCUSED_ADMIN, ""));
	THEY(rbd_view_fenced(&view, 2, 102, 2, 88));
	assert_false(asked(RBD_CORE_COMMS));
	rbd_core_ls_done(&core, 0, 0);
	assert_true(asked(RBD_CORE_COMMS));
	assert_false(asked(RBD_CORE_LS_PREPARE));
	rbd_core_comms_done(&core, -EBUSY);
	ticks(1);
	assert_true(asked(RBD_CORE_COMMS));
	rbd_core_comms_done(&core, 0);
	assert_true(asked(RBD_CORE_LS_PREPARE));
}

static void connection_of_one_that_left(void **state)
{
	u32 g = shared_lockspace();

	assert_true(asked(RBD_CORE_LS_STOP));
	THEY(rbd_view_ls_leave(&view, "fs", 2));
	THEY(rbd_view_leave(&view, 2, 102));
	g = core.view.generation;
	rbd_core_ls_done(&core, 0, 0);
	assert_true(asked(RBD_CORE_LS_PREPARE));
	assert_true(core.comms[2] == 102);
	rbd_core_ls_done(&core, 0, 0);
	ack(0, g, RBD_LS_STARTED);
	ticks(1);
	assert_true(asked(RBD_CORE_LS_START));
	rbd_core_ls_done(&core, 0, 0);
	assert_false(asked(RBD_CORE_COMMS));
	THEY(rbd_view_ls_settle(&view, "fs", g));
	assert_true(asked(RBD_CORE_COMMS));
	assert_true(rbd_nodeset_has(&core.drop, 2));
}

static void stuck_member(void **state)
{
	u32 g = shared_lockspace();

	assert_true(asked(RBD_CORE_LS_STOP));
	rbd_core_ls_done(&core, 0, 0);
	rbd_core_ls_done(&core, 0, 0);
	ack(0, g, RBD_LS_READY);
	ticks(29);
	assert_false(asked(RBD_CORE_CAS));
	/* It moves: the time begins anew. */
	ack(2, g, RBD_LS_STOPPED);
	ticks(30);
	assert_false(asked(RBD_CORE_CAS));
	ticks(4);
	assert_true(asked(RBD_CORE_CAS));
	assert_int_equal(rbd_view_peek(&core.next, 2)->accusation,
			 RBD_ACCUSED_STUCK);
	win();
	/* In time after all. */
	ack(2, g, RBD_LS_READY);
	ticks(1);
	assert_true(asked(RBD_CORE_CAS));
	assert_int_equal(next_state(2), RBD_MEMBER_ACTIVE);
}

static void new_daemon(bool running)
{
	struct rbd_daemon_part part = core.part;
	struct rbd_node_id id = core.id;
	unsigned int n;

	rbd_view_copy(&view, &core.view);
	rbd_core_init(&core, &id, now);
	rbd_core_resume(&core, &part);
	for (n = 0; n < 2; n++) {
		struct rbd_instance client = sample_instance(ME, n);

		rbd_core_client_add(&core, &client, false);
	}
	rbd_core_join(&core);
	rbd_core_view(&core, &view);
	assert_false(asked(RBD_CORE_CAS));
	rbd_core_paced(&core, 0, view.dead_after_ms, view.slow_after_ms);
	for (n = 0; n < 3; n++)
		rbd_core_comms_found(&core, n);
	rbd_core_ls_found(&core, "fs", running, true);
	rbd_core_go(&core);
}

static void settled_lockspace(void)
{
	u32 g = shared_lockspace();
	unsigned int i;

	for (i = 0; i < 3; i++) {
		rbd_core_ls_done(&core, 0, 0);
		ack(0, g, RBD_LS_STARTED);
		ack(2, g, RBD_LS_STARTED);
		ticks(1);
	}
	THEY(rbd_view_ls_settle(&view, "fs", g));
	while (asked(RBD_CORE_EVENT))
		;
}

static void new_daemon_disturbs_nothing(void **state)
{
	settled_lockspace();
	new_daemon(true);
	ticks(20);
	while (rbd_core_next_action(&core, &last))
		assert_true(last.what == RBD_CORE_PART ||
			    last.what == RBD_CORE_EVENT);
}

static void new_daemon_finds_it_stopped(void **state)
{
	u32 g;

	settled_lockspace();
	g = core.view.generation;
	new_daemon(false);
	ticks(1);
	assert_true(asked(RBD_CORE_CAS));
	assert_int_equal(core.next.lockspaces[0].generation, g + 1);
	assert_true(rbd_nodeset_empty(&core.next.lockspaces[0].failed));
}

/* It came back while this node slept, and is already in the lockspace. */
static void new_daemon_keeps_no_earlier_life(void **state)
{
	settled_lockspace();
	rbd_view_member(&core.view, 2)->joined_seq = core.part.view_seq + 1;
	new_daemon(true);
	assert_true(core.comms[0] == 100);
	assert_true(core.comms[2] == 1);
	assert_true(asked(RBD_CORE_COMMS));
	assert_true(rbd_nodeset_has(&core.drop, 2));
	assert_true(rbd_nodeset_has(&core.set, 2));
	assert_false(rbd_nodeset_has(&core.drop, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(barrier, three_members),
		cmocka_unit_test_setup(own_word_has_to_be_read_back,
				       three_members),
		cmocka_unit_test_setup(waits_for_the_proof, three_members),
		cmocka_unit_test_setup(connection_of_a_failed_node,
				       three_members),
		cmocka_unit_test_setup(connection_of_one_that_left,
				       three_members),
		cmocka_unit_test_setup(stuck_member, three_members),
		cmocka_unit_test_setup(new_daemon_disturbs_nothing,
				       three_members),
		cmocka_unit_test_setup(new_daemon_finds_it_stopped,
				       three_members),
		cmocka_unit_test_setup(new_daemon_keeps_no_earlier_life,
				       three_members),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
