// SPDX-License-Identifier: GPL-2.0
#include "daemon/witness.h"

#include <stdio.h>
#include <string.h>

#include "core_peer.h"
#include "daemon/daemon.h"
#include "lib/age.h"
#include "lib/clock.h"
#include "rbd_hb.h"

/* Remarkable is a third of what kills; it is over at half of that. */
static uint32_t remarkable_ms(const struct daemon *d)
{
	return d->core->timing.dead_after_ms / 3;
}

/* --- this node --- */

static void own_heartbeats(struct daemon *d)
{
	struct witness *w = &d->witness;
	uint32_t age = d->heart.state.age_ms, limit = remarkable_ms(d);
	long long now = clock_ms();
	char text[AGE_TEXT];

	if (age == UINT32_MAX)
		return;
	if (!w->late_ms && age > limit) {
		w->late_ms = now - age;
		age_format(age, text);
		diary_note(
			d, d->set.number,
			"heartbeats do not get through to the storage: the last one is %s old",
			text);
	} else if (w->late_ms && age < limit / 2) {
		age_format((uint64_t)(now - age - w->late_ms), text);
		diary_note(d, d->set.number,
			   "heartbeats get through again, after %s", text);
		w->late_ms = 0;
	}
}

void witness_gate(struct daemon *d, uint32_t gate)
{
	static const char *const why[] = {
		[RBD_HB_GATE_OPEN] = "go on",
		[RBD_HB_GATE_LEASE] = "wait: its heartbeats are too old",
		[RBD_HB_GATE_FROZEN] =
			"wait: the cluster has not agreed yet that it may go on",
		[RBD_HB_GATE_FENCED] = "have ended: this node is fenced",
	};
	struct witness *w = &d->witness;
	char text[AGE_TEXT] = "", tail[AGE_TEXT + 16] = "";

	if (gate == w->gate || gate > RBD_HB_GATE_FENCED)
		return;
	if (w->gate == RBD_HB_GATE_OPEN) {
		w->gate_ms = clock_ms();
	} else if (gate == RBD_HB_GATE_OPEN && w->gate_ms) {
		age_format((uint64_t)(clock_ms() - w->gate_ms), text);
		snprintf(tail, sizeof(tail), ", after %s", text);
	}
	w->gate = gate;
	/* It is closed until the node has joined: no news for nobody. */
	if (clients_any(d))
		diary_note(d, d->set.number, "writes to shared images %s%s",
			   why[gate], tail);
}

/* --- others --- */

static uint64_t silent_ms(const struct daemon *d,
			  const struct rbd_view_member *m)
{
	return (uint64_t)rbd_core_silent_ticks(d->core, m) *
	       d->core->timing.tick_ms;
}

static uint32_t unheard_ms(const struct daemon *d,
			   const struct rbd_view_member *m)
{
	return d->contact.open ? keepalive_age_ms(&d->contact.sock.k, m->number,
						  keepalivesock_now()) :
				 KEEPALIVE_NEVER;
}

static void describe_contact(const struct daemon *d,
			     const struct rbd_view_member *m, char *text,
			     size_t size)
{
	uint32_t ms = unheard_ms(d, m);
	char age[AGE_TEXT];

	if (ms == KEEPALIVE_NEVER) {
		snprintf(text, size, "never heard over the network");
		return;
	}
	age_format(ms, age);
	snprintf(text, size, "heard over the network %s ago", age);
}

/* Beyond the limit, or below half of it again? Between them nothing changes. */
static bool turned(struct rbd_nodeset *told, unsigned int n, uint64_t ms,
		   uint64_t limit)
{
	if (!rbd_nodeset_has(told, n) && ms > limit) {
		rbd_nodeset_add(told, n);
		return true;
	}
	if (rbd_nodeset_has(told, n) && ms < limit / 2) {
		rbd_nodeset_del(told, n);
		return true;
	}
	return false;
}

static void other(struct daemon *d, const struct rbd_view_member *m)
{
	struct witness *w = &d->witness;
	uint64_t silent = silent_ms(d, m);
	char contact[80], age[AGE_TEXT];
	uint32_t unheard;

	if (turned(&w->silent, m->number, silent, remarkable_ms(d))) {
		describe_contact(d, m, contact, sizeof(contact));
		age_format(silent, age);
		if (rbd_nodeset_has(&w->silent, m->number))
			diary_note(d, m->number, "no heartbeat for %s; %s", age,
				   contact);
		else
			diary_note(d, m->number,
				   "its heartbeats are seen again; %s",
				   contact);
	}
	unheard = unheard_ms(d, m);
	/* Who just came has not been heard; that is not news. */
	if (unheard == KEEPALIVE_NEVER ||
	    !turned(&w->unheard, m->number, unheard,
		    d->core->timing.net_silent_ms))
		return;
	age_format(silent, age);
	diary_note(
		d, m->number,
		rbd_nodeset_has(&w->unheard, m->number) ?
			"is not heard over the network; last heartbeat on the storage %s ago" :
			"is heard over the network again; last heartbeat on the storage %s ago",
		age);
}

void witness_tick(struct daemon *d)
{
	const struct rbd_view *v = &d->core->view;
	struct witness *w = &d->witness;
	unsigned int n;

	own_heartbeats(d);
	for (n = 0; n < RBD_VIEW_MAX_NODES; n++) {
		const struct rbd_view_member *m = rbd_view_peek(v, n);

		if (n == d->set.number)
			continue;
		if (rbd_member_is_in(m) && m->state != RBD_MEMBER_JOINING) {
			other(d, m);
		} else {
			rbd_nodeset_del(&w->silent, n);
			rbd_nodeset_del(&w->unheard, n);
		}
	}
}

void witness_accused(struct daemon *d, const struct rbd_view_member *m)
{
	char silent[AGE_TEXT], own[AGE_TEXT], took[AGE_TEXT], contact[80];

	if (m->number == d->set.number)
		return;
	describe_contact(d, m, contact, sizeof(contact));
	age_format(silent_ms(d, m), silent);
	age_format(d->heart.state.age_ms, own);
	age_latency(d->heart.state.latency_us, took);
	diary_note(
		d, m->number,
		"seen from here: last heartbeat %s ago, %s; own heartbeat %s old, took %s",
		silent, contact, own, took);
}
