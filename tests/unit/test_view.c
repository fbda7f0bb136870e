// SPDX-License-Identifier: GPL-2.0
/* Changes of a view: which there are, what they do, what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "viewsample.h"

static struct rbd_view v;
static struct rbd_view before;

static int three_nodes(void **state)
{
	sample_view(&v, 3);
	return 0;
}

#define DONE(change) assert_null(change)

/* A refused change says why, and leaves the view as it was. */
#define REFUSED(change, word)            \
	do {                             \
		before = v;              \
		refused((change), word); \
	} while (0)

static void refused(const char *why, const char *word)
{
	assert_non_null(why);
	if (!strstr(why, word))
		fail_msg("'%s' does not say '%s'", why, word);
	assert_memory_equal(&before, &v, sizeof(v));
}

static u8 state_of(unsigned int n)
{
	return rbd_view_peek(&v, n)->state;
}

static void accuse_and_condemn(unsigned int n)
{
	DONE(rbd_view_accuse(&v, n, 100 + n, RBD_ACCUSED_SILENT, 0));
	DONE(rbd_view_condemn(&v, n, 100 + n, 0, RBD_ACCUSED_SILENT, "test"));
}

static void names_of_clusters(void **state)
{
	static const char *const bad[] = { "", "a b", "a_b",
					   "abcdefghijklmnopq" };
	size_t i;

	for (i = 0; i < 4; i++)
		assert_non_null(rbd_view_init(&v, bad[i], 10000, 45000));
	assert_non_null(rbd_view_init(&v, "a", 1, 45000));
	assert_null(rbd_view_init(&v, "abcdefghijklmnop", 10000, 45000));
}

/* From condemned there is one way only, and none leads back. */
static void no_way_back(void **state)
{
	u8 to;

	for (to = 0; to < RBD_MEMBER_STATES + 2; to++) {
		assert_int_equal(rbd_member_may(RBD_MEMBER_FENCING, to),
				 to == RBD_MEMBER_FENCED);
		assert_false(rbd_member_may(to, to));
		assert_false(rbd_member_may(RBD_MEMBER_STATES, to));
	}
	assert_false(rbd_member_may(RBD_MEMBER_NONE, RBD_MEMBER_ACTIVE));
	assert_false(rbd_member_may(RBD_MEMBER_FENCED, RBD_MEMBER_ACTIVE));
}

static void registration(void **state)
{
	struct rbd_instance many[33] = { { 0 } };
	struct rbd_node_id id;

	REFUSED(sample_register(&v, 1, 101), "only grow");
	REFUSED(sample_register(&v, 1, 500), "not fenced yet");
	REFUSED(sample_register(&v, 255, 500), "0 to 254");
	sample_id(&id, 9, 500);
	REFUSED(rbd_view_register(&v, &id, many, 33), "1 to 32");
	REFUSED(rbd_view_register(&v, &id, many, 0), "1 to 32");
	sample_id(&id, 1, 500);
	strcpy(id.name, "other");
	REFUSED(rbd_view_register(&v, &id, many, 1), "not fenced yet");
	sample_id(&id, 9, 0);
	REFUSED(rbd_view_register(&v, &id, many, 1), "not 0");
	DONE(sample_register(&v, 9, 500));
	assert_int_equal(state_of(9), RBD_MEMBER_JOINING);
	assert_int_equal(v.n_members, 4);
}

static void incarnations_grow(void **state)
{
	u64 next = rbd_view_next_incarnation(&v, 1, 0, 0xff123456);

	assert_true(next > 101);
	assert_int_equal(next & 0xffffff, 0x123456);
	assert_true(rbd_view_next_incarnation(&v, 1, next, 0) > next);
	accuse_and_condemn(1);
	v.fences[0].incarnation = next;
	assert_true(rbd_view_next_incarnation(&v, 1, 0, 0) > next);
}

static void two_steps(void **state)
{
	REFUSED(rbd_view_condemn(&v, 1, 101, 0, RBD_ACCUSED_SILENT, ""),
		"two steps");
	DONE(rbd_view_accuse(&v, 1, 101, RBD_ACCUSED_SILENT, 0));
	assert_int_equal(state_of(1), RBD_MEMBER_SUSPECT);
	REFUSED(rbd_view_accuse(&v, 1, 101, RBD_ACCUSED_CUT, 0), "admits no");
	REFUSED(rbd_view_condemn(&v, 1, 101, 0, RBD_ACCUSED_STUCK, ""),
		"two steps");
	REFUSED(rbd_view_condemn(&v, 1, 999, 0, RBD_ACCUSED_SILENT, ""),
		"another incarnation");
	DONE(rbd_view_condemn(&v, 1, 101, 0, RBD_ACCUSED_SILENT, ""));
	assert_int_equal(state_of(1), RBD_MEMBER_FENCING);
	REFUSED(rbd_view_refute(&v, 1, 101), "not accused");
	REFUSED(rbd_view_condemn(&v, 1, 101, 0, RBD_ACCUSED_ADMIN, ""),
		"admits no");
}

static void refuted(void **state)
{
	DONE(sample_register(&v, 9, 500));
	DONE(rbd_view_accuse(&v, 9, 500, RBD_ACCUSED_STUCK, 0));
	DONE(rbd_view_accuse(&v, 1, 101, RBD_ACCUSED_CUT, 2));
	assert_int_equal(rbd_view_peek(&v, 1)->accuser, 2);
	assert_int_equal(rbd_view_peek(&v, 1)->accused_seq, 7);
	DONE(rbd_view_refute(&v, 9, 500));
	DONE(rbd_view_refute(&v, 1, 101));
	assert_int_equal(state_of(9), RBD_MEMBER_JOINING);
	assert_int_equal(state_of(1), RBD_MEMBER_ACTIVE);
	assert_int_equal(rbd_view_peek(&v, 1)->accused_seq, 0);
}

/* A node that is cut and then dies keeps the state it had before both. */
static void cut_then_silent(void **state)
{
	DONE(rbd_view_accuse(&v, 1, 101, RBD_ACCUSED_CUT, 0));
	DONE(rbd_view_accuse(&v, 1, 101, RBD_ACCUSED_SILENT, 0));
	assert_int_equal(state_of(1), RBD_MEMBER_SUSPECT);
	DONE(rbd_view_refute(&v, 1, 101));
	assert_int_equal(state_of(1), RBD_MEMBER_ACTIVE);
}

static void clients_of_a_member(void **state)
{
	struct rbd_instance i;
	unsigned int k;

	for (k = 2; k < 32; k++) {
		i = sample_instance(1, k);
		DONE(rbd_view_instance_add(&v, 1, 101, &i));
		assert_true(rbd_view_instance_known(&v, 1, 101, &i));
		REFUSED(rbd_view_instance_add(&v, 1, 101, &i), "already");
	}
	i = sample_instance(1, 32);
	REFUSED(rbd_view_instance_add(&v, 1, 101, &i), "at most 32");
	REFUSED(rbd_view_instance_remove(&v, 1, 101, &i), "not registered");
	for (k = 0; k < 31; k++) {
		i = sample_instance(1, k);
		DONE(rbd_view_instance_remove(&v, 1, 101, &i));
	}
	i = sample_instance(1, 31);
	REFUSED(rbd_view_instance_remove(&v, 1, 101, &i), "last");
	accuse_and_condemn(1);
	REFUSED(rbd_view_instance_add(&v, 1, 101, &i), "fenced");
	assert_false(rbd_view_instance_known(&v, 1, 101, &i));
}

static void fence_from_end_to_end(void **state)
{
	struct rbd_instance extra = sample_instance(1, 7);

	DONE(rbd_view_ls_join(&v, "fs", 1));
	DONE(rbd_view_ls_join(&v, "fs", 2));
	accuse_and_condemn(1);
	assert_int_equal(v.fences[0].n_instances, 2);
	assert_int_equal(rbd_view_peek(&v, 1)->n_instances, 0);
	assert_true(rbd_nodeset_has(&v.lockspaces[0].failed, 1));
	assert_false(rbd_nodeset_has(&v.lockspaces[0].members, 1));
	assert_true(rbd_view_fencing(&v));
	DONE(rbd_view_fence_found(&v, 1, 101, &extra));
	REFUSED(rbd_view_fence_found(&v, 1, 101, &extra), "already");
	REFUSED(rbd_view_fenced(&v, 1, 101, 2, 50), "found meanwhile");
	REFUSED(rbd_view_fence_renewed(&v, 1, 101, 50), "no such");
	DONE(rbd_view_fenced(&v, 1, 101, 3, 50));
	REFUSED(rbd_view_fenced(&v, 1, 101, 3, 60), "already");
	REFUSED(rbd_view_fence_renewed(&v, 1, 101, 50), "newer");
	DONE(rbd_view_fence_renewed(&v, 1, 101, 60));
	assert_int_equal(rbd_view_fence_epoch(&v), 60);
	assert_int_equal(state_of(1), RBD_MEMBER_FENCED);
	assert_false(rbd_view_fencing(&v));
	/* Not before the survivors have recovered. */
	REFUSED(sample_register(&v, 1, 300), "recovered");
	DONE(rbd_view_ls_settle(&v, "fs", v.lockspaces[0].generation));
	REFUSED(rbd_view_fence_retire(&v, 1, 101), "boot anew");
	DONE(sample_register(&v, 1, 300));
	DONE(rbd_view_fence_retire(&v, 1, 101));
	assert_true(rbd_view_fence_drop_retired(&v));
	assert_int_equal(v.n_fences, 0);
}

static void fences_are_limited(void **state)
{
	unsigned int k;

	for (k = 0; k < RBD_VIEW_MAX_FENCES; k++)
		v.fences[v.n_fences++] = (struct rbd_view_fence){
			.number = 200,
			.incarnation = k + 1,
			.epoch = 1,
			.state = RBD_FENCE_FENCED
		};
	DONE(rbd_view_accuse(&v, 1, 101, RBD_ACCUSED_SILENT, 0));
	REFUSED(rbd_view_condemn(&v, 1, 101, 0, RBD_ACCUSED_SILENT, ""),
		"no room");
	v.fences[3].state = RBD_FENCE_RETIRED;
	DONE(rbd_view_condemn(&v, 1, 101, 0, RBD_ACCUSED_SILENT, ""));
	assert_int_equal(v.fences[RBD_VIEW_MAX_FENCES - 1].number, 1);
}

static void evidence_is_cut(void **state)
{
	char text[200];

	memset(text, 'e', 199);
	text[199] = '\0';
	DONE(rbd_view_condemn(&v, 1, 101, 0, RBD_ACCUSED_ADMIN, text));
	assert_int_equal(strlen(v.fences[0].evidence), RBD_VIEW_EVIDENCE);
}

static void generations(void **state)
{
	struct rbd_view_lockspace *ls;

	DONE(rbd_view_ls_join(&v, "fs", 0));
	DONE(rbd_view_ls_join(&v, "other", 0));
	DONE(rbd_view_ls_join(&v, "fs", 1));
	DONE(rbd_view_ls_join(&v, "fs", 2));
	ls = rbd_view_ls_find(&v, "fs");
	assert_int_equal(ls->generation, 4);
	assert_int_equal(ls->index, 0);
	REFUSED(rbd_view_ls_join(&v, "fs", 2), "already");
	REFUSED(rbd_view_ls_settle(&v, "fs", 3), "another generation");
	DONE(rbd_view_ls_settle(&v, "fs", 4));
	REFUSED(rbd_view_ls_settle(&v, "fs", 4), "already");
	DONE(rbd_view_ls_leave(&v, "fs", 2));
	REFUSED(rbd_view_ls_leave(&v, "fs", 2), "does not hold");
	assert_false(ls->settled);
	/* Not while its leave is still news to others. */
	REFUSED(rbd_view_ls_join(&v, "fs", 2), "recovered");
	/* What is not settled adds up; failed wins over left. */
	DONE(rbd_view_condemn(&v, 2, 102, 0, RBD_ACCUSED_ADMIN, ""));
	DONE(rbd_view_condemn(&v, 1, 101, 0, RBD_ACCUSED_ADMIN, ""));
	assert_true(rbd_nodeset_has(&ls->failed, 1));
	assert_true(rbd_nodeset_has(&ls->failed, 2));
	assert_true(rbd_nodeset_empty(&ls->left));
	assert_int_equal(ls->generation, 7);
	DONE(rbd_view_ls_restart(&v, "fs", 0));
	assert_int_equal(ls->generation, 8);
	/* Nobody left: no record, but its generations are not used again. */
	DONE(rbd_view_ls_leave(&v, "fs", 0));
	assert_null(rbd_view_ls_peek(&v, "fs"));
	DONE(rbd_view_ls_join(&v, "fs", 0));
	assert_int_equal(rbd_view_ls_peek(&v, "fs")->generation, 10);
}

static void lockspaces_are_limited(void **state)
{
	char name[80];
	unsigned int k;

	for (k = 0; k < RBD_VIEW_MAX_LOCKSPACES; k++) {
		snprintf(name, sizeof(name), "ls%u", k);
		DONE(rbd_view_ls_join(&v, name, 0));
		assert_int_equal(v.lockspaces[k].index, k);
	}
	REFUSED(rbd_view_ls_join(&v, "more", 0), "32");
	REFUSED(rbd_view_ls_join(&v, "", 0), "1 to 64");
	memset(name, 'x', 65);
	name[65] = '\0';
	REFUSED(rbd_view_ls_join(&v, name, 0), "1 to 64");
	v.generation = UINT32_MAX;
	REFUSED(rbd_view_ls_leave(&v, "ls3", 0), "used up");
}

static void leaving(void **state)
{
	DONE(rbd_view_ls_join(&v, "fs", 1));
	assert_int_equal(rbd_view_peek(&v, 1)->holds_seq, 7);
	REFUSED(rbd_view_leave(&v, 1, 101), "holds");
	DONE(rbd_view_ls_leave(&v, "fs", 1));
	assert_int_equal(rbd_view_peek(&v, 1)->holds_seq, 0);
	DONE(rbd_view_accuse(&v, 1, 101, RBD_ACCUSED_SILENT, 0));
	REFUSED(rbd_view_leave(&v, 1, 101), "not accused");
	DONE(rbd_view_refute(&v, 1, 101));
	DONE(rbd_view_leave(&v, 1, 101));
	REFUSED(rbd_view_ls_join(&v, "fs", 1), "not an active");
	DONE(sample_register(&v, 1, 300));
}

static void successor(void **state)
{
	DONE(rbd_view_ls_join(&v, "fs", 1));
	memset(&before, 0xaa, sizeof(before));
	rbd_view_begin(&before, &v);
	assert_int_equal(before.seq, v.seq + 1);
	assert_int_equal(rbd_view_peek(&before, 2)->incarnation, 102);
	rbd_view_member_remove(&before, 1);
	assert_null(rbd_view_peek(&before, 1));
	assert_int_equal(rbd_view_peek(&before, 2)->incarnation, 102);
	assert_null(rbd_view_member_insert(&before, 2));
	assert_null(rbd_view_member_insert(&before, 255));
	assert_int_equal(rbd_view_member_insert(&before, 1)->number, 1);
	assert_int_equal(before.members[1].number, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_clusters),
		cmocka_unit_test(no_way_back),
		cmocka_unit_test_setup(registration, three_nodes),
		cmocka_unit_test_setup(incarnations_grow, three_nodes),
		cmocka_unit_test_setup(two_steps, three_nodes),
		cmocka_unit_test_setup(refuted, three_nodes),
		cmocka_unit_test_setup(cut_then_silent, three_nodes),
		cmocka_unit_test_setup(clients_of_a_member, three_nodes),
		cmocka_unit_test_setup(fence_from_end_to_end, three_nodes),
		cmocka_unit_test_setup(fences_are_limited, three_nodes),
		cmocka_unit_test_setup(evidence_is_cut, three_nodes),
		cmocka_unit_test_setup(generations, three_nodes),
		cmocka_unit_test_setup(lockspaces_are_limited, three_nodes),
		cmocka_unit_test_setup(leaving, three_nodes),
		cmocka_unit_test_setup(successor, three_nodes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
