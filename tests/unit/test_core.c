// SPDX-License-Identifier: GPL-2.0
/* The machine, one input at a time: membership, accusations, fences. */
#include <errno.h>

#include "coreharness.h"

static void joins_when_all_hear_it(void **state)
{
	machine(1);
	peers[2].incarnation = 0;
	ticks(1);
	assert_true(asked(RBD_CORE_CAS));
	assert_int_equal(next_state(ME), RBD_MEMBER_JOINING);
	assert_int_equal(rbd_view_peek(&core.next, ME)->n_instances, 2);
	win();
	ticks(9);
	assert_false(asked(RBD_CORE_CAS));
	rbd_nodeset_zero(&parts[0].hears);
	ticks(30);
	assert_false(asked(RBD_CORE_CAS));
	rbd_nodeset_add(&parts[0].hears, ME);
	parts[0].view_seq = 7;
	ticks(15);
	/* It has no connection to us yet. */
	assert_false(asked(RBD_CORE_CAS));
	parts[0].view_seq = 8;
	ticks(1);
	assert_true(asked(RBD_CORE_CAS));
	assert_int_equal(next_state(ME), RBD_MEMBER_ACTIVE);
}

/* As joins_when_all_hear_it, but a port of one of them cannot be reached. */
static void barred_from_one(void **state)
{
	machine_of(3, 5000);
	THEY(rbd_view_condemn(&view, ME, 101, 0, RBD_ACCUSED_ADMIN, ""));
	THEY(rbd_view_fenced(&view, ME, 101, 2, 77));
	ticks(1);
	assert_true(asked(RBD_CORE_CAS));
	assert_int_equal(next_state(ME), RBD_MEMBER_JOINING);
	win();
	rbd_core_bar(&core, 2, true);
	rbd_core_bar(&core, RBD_VIEW_MAX_NODES, true);
	parts[0].view_seq = core.view.seq;
	parts[2].view_seq = core.view.seq;
	ticks(30);
	assert_false(asked(RBD_CORE_CAS));
	rbd_core_bar(&core, 2, false);
	ticks(core.timing.edge_up_ticks - 1);
	assert_false(asked(RBD_CORE_CAS));
	ticks(1);
	assert_true(asked(RBD_CORE_CAS));
	assert_int_equal(next_state(ME), RBD_MEMBER_ACTIVE);
}

static void overtaken_by_another_host(void **state)
{
	machine_of(3, 100);
	ticks(1);
	assert_false(core.condemned);
	THEY(rbd_view_condemn(&view, ME, 101, 0, RBD_ACCUSED_ADMIN, ""));
	ticks(1);
	assert_false(core.condemned);
	/* Gone for good: this life cannot come in any more, a new one can. */
	THEY(rbd_view_fenced(&view, ME, 101, 2, 77));
	ticks(1);
	assert_true(core.condemned);
	assert_true(asked(RBD_CORE_FREEZE));
	/* Nobody blocklisted it, and so it does not say that. */
	assert_true(asked(RBD_CORE_EVENT));
	assert_non_null(strstr(last.text, "another host"));
}

static void fences_its_own_past(void **state)
{
	machine_of(3, 5000);
	ticks(4);
	assert_false(asked(RBD_CORE_CAS));
	ticks(2);
	assert_true(asked(RBD_CORE_CAS));
	assert_int_equal(next_state(ME), RBD_MEMBER_FENCING);
	win();
	ticks(1);
	assert_true(asked(RBD_CORE_FENCE));
	assert_int_equal(core.batch[0].incarnation, 101);
	rbd_core_fence_done(&core, 0, 77);
	assert_true(asked(RBD_CORE_CAS));
	assert_int_equal(next_state(ME), RBD_MEMBER_FENCED);
	win();
	ticks(1);
	assert_true(asked(RBD_CORE_CAS));
	assert_int_equal(rbd_view_peek(&core.next, ME)->incarnation, 5000);
}

/*
 * cluster.conf gives our number to us; in the view another node has it. Its
 * slot would show a sign of life if only its storage were slow.
 */
static void number_of_another_name(void **state)
{
	unsigned int i;

	machine_of(3, 5000);
	for (i = 0; i < view.n_members; i++)
		if (view.members[i].number == ME)
			strcpy(view.members[i].name, "other");
	view.seq++;
	rbd_core_view(&core, &view);
	ticks(core.timing.slow_ticks - 2);
	assert_false(asked(RBD_CORE_CAS));
	rbd_core_clash(&core);
	ticks(core.timing.slow_ticks - 1);
	assert_false(asked(RBD_CORE_CAS));
	ticks(3);
	assert_true(asked(RBD_CORE_CAS));
	assert_int_equal(next_state(ME), RBD_MEMBER_FENCING);
	assert_string_equal(rbd_view_peek(&core.next, ME)->name, "other");
	win();
	ticks(1);
	assert_true(asked(RBD_CORE_FENCE));
	rbd_core_fence_done(&core, 0, 77);
	assert_true(asked(RBD_CORE_CAS));
	win();
	ticks(1);
	assert_true(asked(RBD_CORE_CAS));
	assert_int_equal(next_state(ME), RBD_MEMBER_JOINING);
	assert_string_equal(rbd_view_peek(&core.next, ME)->name, "n1");
}

/* Neither of the others shows a sign of life. */
static void all_silent(u32 count)
{
	while (count--) {
		peers[0].still_ticks++;
		peers[2].still_ticks++;
		peers[0].counter--;
		peers[2].counter--;
		ticks(1);
	}
}

/*
 * All lost power, and only we are back. Our own past is cut off, but the
 * lockspace that it held cannot recover before the others' past is, too.
 */
static void first_one_back(void **state)
{
	unsigned int i;

	machine_of(3, 5000);
	memset(hears_me, 0, sizeof(hears_me));
	for (i = 0; i < 3; i++)
		THEY(rbd_view_ls_join(&view, "fs", i));
	all_silent(8);
	assert_true(asked(RBD_CORE_CAS));
	assert_int_equal(next_state(ME), RBD_MEMBER_FENCING);
	win();
	all_silent(1);
	assert_true(asked(RBD_CORE_FENCE));
	rbd_core_fence_done(&core, 0, 77);
	assert_true(asked(RBD_CORE_CAS));
	win();
	/* What the network would say of them we cannot know: the long time. */
	all_silent(20);
	assert_false(asked(RBD_CORE_CAS));
	/* No check of that fence in between. */
	core.verified_ms = now;
	all_silent(30);
	assert_true(asked(RBD_CORE_CAS));
	assert_int_equal(next_state(0), RBD_MEMBER_SUSPECT);
	assert_int_equal(next_state(2), RBD_MEMBER_SUSPECT);
	win();
	all_silent(4);
	assert_true(asked(RBD_CORE_CAS));
	assert_int_equal(next_state(0), RBD_MEMBER_FENCING);
	assert_int_equal(next_state(2), RBD_MEMBER_FENCING);
	win();
	all_silent(1);
	assert_true(asked(RBD_CORE_FENCE));
	assert_int_equal(core.n_batch, 2);
	rbd_core_fence_done(&core, 0, 78);
	assert_true(asked(RBD_CORE_CAS));
	win();
	all_silent(1);
	assert_true(asked(RBD_CORE_CAS));
	assert_int_equal(rbd_view_peek(&core.next, ME)->incarnation, 5000);
	assert_int_equal(next_state(ME), RBD_MEMBER_JOINING);
}

/* While one of them lives it is his to decide. */
static void not_the_only_one_back(void **state)
{
	unsigned int i;

	machine_of(3, 5000);
	memset(hears_me, 0, sizeof(hears_me));
	for (i = 0; i < 3; i++)
		THEY(rbd_view_ls_join(&view, "fs", i));
	THEY(rbd_view_condemn(&view, ME, 101, 0, RBD_ACCUSED_ADMIN, ""));
	THEY(rbd_view_fenced(&view, ME, 101, 2, 77));
	for (i = 0; i < 80; i++) {
		peers[2].still_ticks++;
		ticks(1);
	}
	assert_false(asked(RBD_CORE_CAS));
}

/* While another host writes our slot, nothing is declared dead. */
static void clash_of_numbers(void **state)
{
	unsigned int i;

	machine_of(3, 5000);
	for (i = 0; i < 20; i++) {
		rbd_core_clash(&core);
		ticks(1);
	}
	assert_false(asked(RBD_CORE_CAS));
}

static void silence(unsigned int n, u32 good_ticks)
{
	peers[n].still_ticks = good_ticks;
	hears_me[n] = false;
	rbd_nodeset_del(&parts[0].hears, n);
}

static void dead_node(void **state)
{
	peers[0].still_ticks = 50;
	hears_me[0] = false;
	silence(2, 7);
	ticks(6);
	/* Node 0 is the first to be accused, node 2 has one tick left. */
	assert_true(asked(RBD_CORE_CAS));
	assert_int_equal(next_state(0), RBD_MEMBER_SUSPECT);
	assert_int_equal(next_state(2), RBD_MEMBER_ACTIVE);
	peers[2].still_ticks = 8;
	win();
	ticks(1);
	assert_true(asked(RBD_CORE_CAS));
	assert_int_equal(next_state(2), RBD_MEMBER_SUSPECT);
	win();
	assert_false(asked(RBD_CORE_CAS));
	ticks(2);
	assert_true(asked(RBD_CORE_CAS));
	assert_int_equal(next_state(0), RBD_MEMBER_FENCING);
	win();
	assert_true(asked(RBD_CORE_FENCE));
	/* Node 2 comes back, and is cleared. */
	peers[2].still_ticks = 0;
	ticks(1);
	assert_true(asked(RBD_CORE_CAS));
	assert_int_equal(next_state(2), RBD_MEMBER_ACTIVE);
	win();
	rbd_core_fence_done(&core, -ETIMEDOUT, 0);
	ticks(1);
	assert_true(asked(RBD_CORE_FENCE));
	rbd_core_fence_done(&core, 0, 4711);
	assert_true(asked(RBD_CORE_CAS));
	win();
	assert_int_equal(core.view.fences[0].state, RBD_FENCE_FENCED);
	assert_int_equal(core.view.fences[0].epoch, 4711);
}

static void heard_node_has_longer(void **state)
{
	peers[2].still_ticks = 42;
	ticks(3);
	assert_false(asked(RBD_CORE_CAS));
	/* Node 0 alone hears it. */
	hears_me[2] = false;
	ticks(10);
	assert_false(asked(RBD_CORE_CAS));
	peers[2].still_ticks = 43;
	ticks(3);
	assert_true(asked(RBD_CORE_CAS));
	assert_int_equal(rbd_view_peek(&core.next, 2)->accusation,
			 RBD_ACCUSED_SLOW);
}

static void bad_ticks_accuse_nobody(void **state)
{
	unsigned int i;

	silence(0, 100);
	silence(2, 100);
	for (i = 0; i < 100; i++)
		tick(RBD_CORE_TICK_BAD);
	assert_false(asked(RBD_CORE_CAS));
	for (i = 0; i < 100; i++)
		tick(RBD_CORE_TICK_EXTRA);
	assert_false(asked(RBD_CORE_CAS));
}

static void gap_restarts_the_confirmation(void **state)
{
	silence(2, 7);
	ticks(6);
	THEY(rbd_view_accuse(&view, 2, 102, RBD_ACCUSED_SILENT, 0));
	silence(2, 20);
	ticks(2);
	assert_false(asked(RBD_CORE_CAS));
	now += 60000;
	ticks(1);
	assert_false(asked(RBD_CORE_CAS));
	ticks(2);
	assert_false(asked(RBD_CORE_CAS));
	ticks(3);
	assert_true(asked(RBD_CORE_CAS));
	assert_int_equal(next_state(2), RBD_MEMBER_FENCING);
}

static void objects_for_itself_and_others(void **state)
{
	THEY(rbd_view_accuse(&view, ME, 101, RBD_ACCUSED_SILENT, 0));
	assert_true(asked(RBD_CORE_CAS));
	assert_int_equal(next_state(ME), RBD_MEMBER_ACTIVE);
	win();
	THEY(rbd_view_accuse(&view, 2, 102, RBD_ACCUSED_SLOW, 0));
	assert_false(asked(RBD_CORE_CAS));
	ticks(1);
	assert_true(asked(RBD_CORE_CAS));
	assert_int_equal(next_state(2), RBD_MEMBER_ACTIVE);
}

static void partition(void **state)
{
	shared_lockspace();
	rbd_nodeset_del(&parts[0].hears, 2);
	ticks(6);
	assert_false(asked(RBD_CORE_CAS));
	ticks(4);
	/* Node 0 would have been first; it is our turn now. */
	assert_true(asked(RBD_CORE_CAS));
	assert_int_equal(next_state(2), RBD_MEMBER_CUT);
	win();
	rbd_nodeset_add(&parts[0].hears, 2);
	ticks(2);
	assert_true(asked(RBD_CORE_CAS));
	assert_int_equal(next_state(2), RBD_MEMBER_ACTIVE);
}

static void stale_daemon_is_not_cut(void **state)
{
	shared_lockspace();
	flags[2] = RBD_HB_DAEMON_STALE;
	rbd_nodeset_del(&parts[0].hears, 2);
	rbd_nodeset_zero(&parts[2].hears);
	hears_me[2] = false;
	ticks(20);
	assert_false(asked(RBD_CORE_CAS));
	assert_true(rbd_nodeset_has(&core.part.hears, 2));
}

static void admission(void **state)
{
	struct rbd_instance client = sample_instance(ME, 5);

	assert_null(rbd_core_client_add(&core, &client, true));
	assert_true(asked(RBD_CORE_CAS));
	assert_false(asked(RBD_CORE_ADMIT));
	rbd_core_cas_done(&core, RBD_CORE_CAS_LOST);
	/* Nothing is known, so nothing is changed, until the view is read. */
	assert_true(asked(RBD_CORE_READ));
	ticks(2);
	assert_false(asked(RBD_CORE_CAS));
	rbd_core_view(&core, &core.view);
	assert_true(asked(RBD_CORE_CAS));
	win();
	assert_true(asked(RBD_CORE_ADMIT));
	assert_true(rbd_instance_equal(&last.instance, &client));
	rbd_core_client_gone(&core, &client);
	assert_true(asked(RBD_CORE_CAS));
	win();
	assert_int_equal(rbd_view_peek(&core.view, ME)->n_instances, 2);
}

/* An earlier daemon registered it, and its end was told when nobody listened. */
static void unknown_client_is_retired(void **state)
{
	struct rbd_instance client = sample_instance(ME, 5);

	/* Of whom neither we nor the view has heard, nothing is to be said. */
	rbd_core_client_gone(&core, &client);
	ticks(2);
	assert_false(asked(RBD_CORE_CAS));
	THEY(rbd_view_instance_add(&view, ME, 101, &client));
	ticks(2);
	assert_false(asked(RBD_CORE_CAS));
	rbd_core_client_gone(&core, &client);
	assert_true(asked(RBD_CORE_CAS));
	win();
	assert_int_equal(rbd_view_peek(&core.view, ME)->n_instances, 2);
	ticks(2);
	assert_false(asked(RBD_CORE_CAS));
}

/* More dead ones than there is room for come out one after the other. */
static void full_of_the_dead(void **state)
{
	struct rbd_instance client = sample_instance(ME, 90);
	struct rbd_instance dead;
	unsigned int i;

	for (i = 2; i < RBD_VIEW_MAX_INSTANCES; i++) {
		dead = sample_instance(ME, i);
		THEY(rbd_view_instance_add(&view, ME, 101, &dead));
	}
	assert_null(rbd_core_client_add(&core, &client, true));
	ticks(2);
	assert_false(asked(RBD_CORE_CAS));
	for (i = 2; i < RBD_VIEW_MAX_INSTANCES; i++) {
		dead = sample_instance(ME, i);
		rbd_core_client_gone(&core, &dead);
	}
	for (i = 0; i < 4 && asked(RBD_CORE_CAS); i++)
		win();
	assert_int_equal(rbd_view_peek(&core.view, ME)->n_instances, 4);
	dead = sample_instance(ME, RBD_VIEW_MAX_INSTANCES - 1);
	rbd_core_client_gone(&core, &dead);
	assert_true(asked(RBD_CORE_CAS));
	win();
	assert_int_equal(rbd_view_peek(&core.view, ME)->n_instances, 3);
	assert_true(rbd_view_instance_known(&core.view, ME, 101, &client));
}

static void condemned(void **state)
{
	struct rbd_instance client = sample_instance(ME, 5);

	shared_lockspace();
	assert_true(asked(RBD_CORE_LS_STOP));
	rbd_core_ls_done(&core, 0, 0);
	rbd_core_client_add(&core, &client, true);
	THEY(rbd_view_condemn(&view, ME, 101, 0, RBD_ACCUSED_ADMIN, ""));
	assert_true(asked(RBD_CORE_FREEZE));
	assert_true(asked(RBD_CORE_DENY));
	assert_non_null(rbd_core_ls_online(&core, "other"));
	ticks(5);
	assert_false(asked(RBD_CORE_CAS));
	assert_true(core.condemned);
}

static void shut_out_by_the_storage(void **state)
{
	rbd_core_ls_online(&core, "fs");
	rbd_core_shut_out(&core);
	assert_true(asked(RBD_CORE_FREEZE));
	assert_true(asked(RBD_CORE_LS_REFUSE));
}

static void fence_by_command(void **state)
{
	assert_non_null(rbd_core_fence(&core, 9));
	assert_null(rbd_core_fence(&core, 2));
	assert_true(asked(RBD_CORE_CAS));
	assert_int_equal(next_state(2), RBD_MEMBER_FENCING);
	assert_non_null(rbd_core_fence(&core, 0));
	win();
	assert_null(rbd_core_fence(&core, 0));
}

/* A client that is found while the fence is under way is not forgotten. */
static void found_client_is_fenced_too(void **state)
{
	struct rbd_instance extra = sample_instance(2, 6);

	THEY(rbd_view_condemn(&view, 2, 102, 0, RBD_ACCUSED_ADMIN, ""));
	ticks(4);
	assert_true(asked(RBD_CORE_FENCE));
	rbd_core_fence_found(&core, 2, 102, &extra);
	assert_true(asked(RBD_CORE_CAS));
	win();
	rbd_core_fence_done(&core, 0, 50);
	assert_int_equal(core.view.fences[0].state, RBD_FENCE_FENCING);
	ticks(1);
	assert_true(asked(RBD_CORE_FENCE));
	assert_int_equal(core.batch[0].n_instances, 3);
}

static void leaves_when_nothing_is_held(void **state)
{
	shared_lockspace();
	rbd_core_leave(&core);
	ticks(2);
	assert_false(asked(RBD_CORE_CAS));
	rbd_core_ls_offline(&core, "fs");
	rbd_core_ls_done(&core, 0, 0);
	assert_true(asked(RBD_CORE_CAS));
	win();
	assert_true(asked(RBD_CORE_LS_RELEASE));
	ticks(1);
	assert_true(asked(RBD_CORE_CAS));
	assert_int_equal(next_state(ME), RBD_MEMBER_LEFT);
	win();
	assert_false(core.condemned);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(joins_when_all_hear_it),
		cmocka_unit_test(barred_from_one),
		cmocka_unit_test(overtaken_by_another_host),
		cmocka_unit_test(fences_its_own_past),
		cmocka_unit_test(number_of_another_name),
		cmocka_unit_test(first_one_back),
		cmocka_unit_test(not_the_only_one_back),
		cmocka_unit_test(clash_of_numbers),
		cmocka_unit_test_setup(dead_node, three_members),
		cmocka_unit_test_setup(heard_node_has_longer, three_members),
		cmocka_unit_test_setup(bad_ticks_accuse_nobody, three_members),
		cmocka_unit_test_setup(gap_restarts_the_confirmation,
				       three_members),
		cmocka_unit_test_setup(objects_for_itself_and_others,
				       three_members),
		cmocka_unit_test_setup(partition, three_members),
		cmocka_unit_test_setup(stale_daemon_is_not_cut, three_members),
		cmocka_unit_test_setup(admission, three_members),
		cmocka_unit_test_setup(unknown_client_is_retired,
				       three_members),
		cmocka_unit_test_setup(full_of_the_dead, three_members),
		cmocka_unit_test_setup(condemned, three_members),
		cmocka_unit_test_setup(shut_out_by_the_storage, three_members),
		cmocka_unit_test_setup(fence_by_command, three_members),
		cmocka_unit_test_setup(found_client_is_fenced_too,
				       three_members),
		cmocka_unit_test_setup(leaves_when_nothing_is_held,
				       three_members),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
