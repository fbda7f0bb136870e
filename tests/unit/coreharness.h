/* SPDX-License-Identifier: GPL-2.0 */
/* The machine as node 1 of three; the others do what the test says. */
#ifndef TEST_COREHARNESS_H
#define TEST_COREHARNESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core.h"
#include "viewsample.h"

#define ME 1
#define MY_INCARNATION 101

static struct rbd_core core;
static struct rbd_view view;
static struct rbd_core_action last;
/* What the slots of all numbers say. */
static struct rbd_daemon_part parts[3];
static struct rbd_hb_peer peers[3];
static u16 flags[3];
static bool hears_me[3];
/* By what the slots say their leases go. */
static u32 dead_ms[3];
static u32 slow_ms[3];
static u64 now;

/* The oldest action of this kind; others before it are dropped. */
static inline bool asked(enum rbd_core_do what)
{
	while (rbd_core_next_action(&core, &last))
		if (last.what == what)
			return true;
	return false;
}

static inline void show_slots(void)
{
	struct rbd_hb_slot slot;
	unsigned int n;

	parts[ME] = core.part;
	for (n = 0; n < 3; n++) {
		if (!peers[n].incarnation)
			continue;
		memset(&slot, 0, sizeof(slot));
		slot.number = (u16)n;
		slot.flags = flags[n];
		slot.incarnation = peers[n].incarnation;
		slot.counter = ++peers[n].counter;
		slot.dead_after_ms = dead_ms[n];
		slot.slow_after_ms = slow_ms[n];
		slot.daemon_len = rbd_daemon_part_encode(&parts[n],
							 slot.daemon);
		rbd_core_slot(&core, &peers[n], &slot);
	}
}

static inline void tick(enum rbd_core_tick kind)
{
	unsigned int n;

	now += core.timing.tick_ms;
	for (n = 0; n < 3; n++)
		if (n != ME && hears_me[n])
			rbd_core_heard(&core, n, 100 + n, now);
	show_slots();
	rbd_core_tick(&core, now, kind);
}

static inline void ticks(unsigned int count)
{
	while (count--)
		tick(RBD_CORE_TICK_GOOD);
}

/* The change that was asked for comes true. */
static inline void win(void)
{
	rbd_view_copy(&view, &core.next);
	rbd_core_cas_done(&core, RBD_CORE_CAS_WON);
}

/* Somebody else changes the view. */
#define THEY(change)                               \
	do {                                       \
		rbd_view_begin(&view, &core.view); \
		assert_null(change);               \
		rbd_core_view(&core, &view);       \
	} while (0)

static inline u8 next_state(unsigned int n)
{
	return rbd_view_peek(&core.next, n)->state;
}

static inline void machine_of(unsigned int members, u64 incarnation)
{
	struct rbd_node_id id;
	struct rbd_instance client = sample_instance(ME, 0);
	unsigned int n;

	now = 1000000;
	sample_view(&view, members);
	sample_id(&id, ME, incarnation);
	rbd_core_init(&core, &id, now);
	rbd_core_client_add(&core, &client, false);
	client = sample_instance(ME, 1);
	rbd_core_client_add(&core, &client, false);
	memset(parts, 0, sizeof(parts));
	memset(peers, 0, sizeof(peers));
	memset(flags, 0, sizeof(flags));
	for (n = 0; n < 3; n++) {
		hears_me[n] = true;
		dead_ms[n] = view.dead_after_ms;
		slow_ms[n] = view.slow_after_ms;
		peers[n].incarnation = n == ME ? incarnation : 100 + n;
		peers[n].moves = 9;
		parts[n].view_seq = 1000;
		rbd_nodeset_add(&parts[n].hears, (n + 1) % 3);
		rbd_nodeset_add(&parts[n].hears, (n + 2) % 3);
	}
	rbd_core_paced(&core, 0, view.dead_after_ms, view.slow_after_ms);
	rbd_core_view(&core, &view);
	rbd_core_join(&core);
	rbd_core_go(&core);
	/* The first one is behind a gap of unknown length. */
	tick(RBD_CORE_TICK_GAP);
}

static inline void machine(unsigned int members)
{
	machine_of(members, MY_INCARNATION);
}

static inline int three_members(void **state)
{
	machine(3);
	ticks(12);
	assert_true(asked(RBD_CORE_COMMS));
	rbd_core_comms_done(&core, 0);
	while (asked(RBD_CORE_CAS))
		fail_msg("a cluster at rest wants a change");
	return 0;
}

/* The two others and we hold "fs"; settled. */
static inline u32 shared_lockspace(void)
{
	rbd_core_ls_online(&core, "fs");
	assert_true(asked(RBD_CORE_CAS));
	win();
	assert_true(asked(RBD_CORE_LS_PREPARE));
	rbd_core_ls_done(&core, last.slot, 0);
	ticks(1);
	assert_true(asked(RBD_CORE_LS_START));
	rbd_core_ls_done(&core, last.slot, 0);
	ticks(3);
	assert_true(asked(RBD_CORE_CAS));
	win();
	assert_true(core.view.lockspaces[0].settled);
	THEY(rbd_view_ls_join(&view, "fs", 0));
	THEY(rbd_view_ls_join(&view, "fs", 2));
	return core.view.generation;
}

static inline void ack(unsigned int n, u32 generation, u8 phase)
{
	parts[n].acks[0].generation = generation;
	parts[n].acks[0].phase = phase;
}

#endif
