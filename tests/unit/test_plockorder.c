// SPDX-License-Identifier: GPL-2.0
/*
 * Random schedules of a cluster's POSIX locks. After each step: no two
 * processes believe in locks that conflict, a request is answered once, and
 * who has taken in the same entries has the same state. At the end: every
 * request has been answered, and all members are equal.
 *
 * PLOCKORDER_SEEDS=A-B runs other seeds than the usual ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plockworld.h"

#define SEEDS 3000
#define STEPS 1500
/* Schedules differ in how seldom something goes wrong. */
#define CALM 12

static struct host *any_host(void)
{
	return &w.hosts[roll(NODES)];
}

static struct host *any_member(void)
{
	struct host *h;
	int tries;

	for (tries = 0; tries < NODES; tries++) {
		h = any_host();
		if (h->served && h->up &&
		    rbd_nodeset_has(&w.members, h->number))
			return h;
	}
	return NULL;
}

static void random_range(struct rbd_plock_op *op)
{
	op->resource = roll(RESOURCES);
	op->start = roll(BYTES);
	op->end = op->start + roll(BYTES - (uint32_t)op->start);
}

static void process_step(struct host *h)
{
	unsigned int owner = roll(OWNERS);
	uint32_t kind = roll(20);
	struct rbd_plock_op op;

	if (!h)
		return;
	if (busy(h, owner)) {
		const struct want *q = waiting(h, owner);

		if (kind < 2) {
			kill_waiter(h, owner);
		} else if (kind < 5 && q) {
			op = q->op;
			op.type = RBD_PLOCK_CANCEL;
			op.wait = false;
			ask(h, owner, false, &op);
		}
		return;
	}
	if (kind == 2) {
		close_all(h, owner, roll(RESOURCES));
		return;
	}
	op = make_op(h, owner, kind < 12 ? RBD_PLOCK_LOCK : RBD_PLOCK_UNLOCK);
	random_range(&op);
	op.ex = roll(2);
	op.wait = op.type == RBD_PLOCK_LOCK && !roll(3);
	ask(h, owner, kind == 3, &op);
}

static unsigned int count_members(void)
{
	return rbd_nodeset_count(&w.members);
}

/* The oldest letter of any link that has one. */
static void deliver_one(void)
{
	uint32_t i, first = roll(NODES * NODES);

	for (i = 0; i < NODES * NODES; i++) {
		uint32_t at = (first + i) % (NODES * NODES);

		if (deliver(at / NODES, at % NODES))
			return;
	}
}

/* It is killed in the middle of what a letter or a process makes it do. */
static void daemon_dies(struct host *h)
{
	unsigned int n, first = roll(NODES);

	h->dying = true;
	h->effects = roll(6);
	if (roll(2) && h->served)
		process_step(h);
	for (n = 0; n < NODES && h->effects; n++)
		deliver((first + n) % NODES, h->number);
	daemon_end(h);
	h->dying = false;
}

/* Something goes wrong, or somebody comes or goes. */
static void trouble(uint32_t kind)
{
	struct host *h = any_host();
	bool member = rbd_nodeset_has(&w.members, h->number);

	if (kind < 3) {
		disconnect(h->number, roll(NODES));
	} else if (kind < 6) {
		if (h->daemon && h->up)
			daemon_dies(h);
	} else if (kind < 8) {
		if (h->up && member && count_members() > 1)
			host_crash(h);
	} else if (kind < 10) {
		if (h->up && h->daemon && member && count_members() > 1)
			host_leave(h);
	} else if (kind < 15) {
		if (h->up && h->daemon && !member && all_started())
			host_join(h);
	} else if (kind < 17) {
		if (all_started())
			change();
	}
}

static void one_step(uint32_t calm)
{
	uint32_t kind = roll(100);
	struct host *h = any_host();

	if (kind < 30) {
		process_step(any_member());
	} else if (kind < 75) {
		deliver_one();
	} else if (kind < 85) {
		join_up(roll(NODES), roll(NODES));
	} else if (kind < 93) {
		if (!h->up)
			host_boot(h);
		else if (!h->daemon)
			daemon_begin(h);
		else
			host_follow(h);
	} else if (kind < 95) {
		if (h->machine)
			plockorder_tick(&h->o);
	} else if (!roll(calm)) {
		trouble(roll(20));
	}
}

static void all_equal(void)
{
	int n, first = rbd_nodeset_next(&w.members, 0);
	const struct plockstate *a = &w.hosts[first].o.state;
	const struct host *h;
	const struct want *q;

	rbd_nodeset_for_each(n, &w.members)
	{
		h = &w.hosts[n];
		assert_int_equal(h->o.phase, PLOCKORDER_RUNNING);
		assert_int_equal(h->o.state.seq, a->seq);
		assert_int_equal(h->o.state.generation, w.generation);
		for (q = h->wants; q; q = q->next)
			assert_true(plockstate_waits(&h->o.state, h->number,
						     q->id));
	}
}

/* Everybody lets go; then nothing is left anywhere. */
static void release_all(void)
{
	unsigned int owner, r;
	int n;

	rbd_nodeset_for_each(n, &w.members)
	{
		for (owner = 0; owner < OWNERS; owner++) {
			kill_waiter(&w.hosts[n], owner);
			for (r = 0; r < RESOURCES; r++)
				close_all(&w.hosts[n], owner, r);
		}
	}
	settle();
	all_equal();
	rbd_nodeset_for_each(n, &w.members)
	{
		assert_null(w.hosts[n].wants);
		assert_int_equal(plockstate_locks(&w.hosts[n].o.state), 0);
	}
}

static unsigned long total_answers, total_grants, total_entries;

static void one_round(uint32_t with)
{
	unsigned int i;

	seed = with;
	world_begin();
	host_join(&w.hosts[roll(NODES)]);
	for (i = 0; i < STEPS; i++)
		one_step(1 + with % CALM);
	settle();
	all_equal();
	release_all();
	total_answers += w.answers;
	total_grants += w.grants;
	total_entries += w.entries;
	world_end();
}

static void test_random_schedules(void **state)
{
	const char *range = getenv("PLOCKORDER_SEEDS");
	uint32_t i, from = 1, to = SEEDS;

	if (range)
		assert_int_equal(sscanf(range, "%u-%u", &from, &to), 2);
	for (i = from; i <= to; i++) {
		/* Where cmocka stops, this is the last line. */
		fprintf(stderr, "seed %u\r", i);
		one_round(i);
	}
	fprintf(stderr, "%lu answers, %lu grants, %lu entries\n", total_answers,
		total_grants, total_entries);
	assert_true(range || total_grants > SEEDS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_schedules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
