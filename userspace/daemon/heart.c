// SPDX-License-Identifier: GPL-2.0
#include "daemon/heart.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/daemon.h"
#include "hb_slot.h"
#include "lib/age.h"
#include "lib/clock.h"
#include "lib/hbslots.h"
#include "lib/msg.h"
#include "rbd_hb.h"
#include "view_timing.h"

#define HOUR_MS 3600000
#define ROUNDING_MS 5
#define CLASH_MS 15000

int heart_find(struct daemon *d, struct fault *f)
{
	struct heart *h = &d->heart;
	int err = hbdoor_open(&h->door, f);

	if (err)
		return err;
	err = hbdoor_state(h->door, &h->state);
	if (err && err != -ENOTCONN)
		return fault_set(f, err, "rbd_hb does not say its state: %s",
				 strerror(-err));
	if (!err && strcmp(h->state.cluster, d->set.cluster))
		return fault_set(
			f, -EBUSY,
			"this node takes part in cluster %s already; leave that one first",
			h->state.cluster);
	return err;
}

uint64_t heart_seen(struct daemon *d)
{
	struct hbslots *all = malloc(sizeof(*all));
	struct rbd_hb_slot slot;
	uint64_t seen = 0;

	if (all && !hbslots_read(all, d->session.door, d->io, d->set.cluster) &&
	    hbslots_get(all, d->set.number, &slot))
		seen = slot.incarnation;
	free(all);
	return seen;
}

/* --- what the slots say --- */

struct own_part {
	uint16_t number;
	uint64_t incarnation;
	struct rbd_daemon_part *part;
	bool found;
};

static void take_own(const struct hbdoor_peer *peer, void *arg)
{
	struct own_part *own = arg;
	struct rbd_hb_slot slot;

	if (peer->number == own->number &&
	    !rbd_hb_slot_decode(&slot, peer->slot, peer->number) &&
	    slot.incarnation == own->incarnation && slot.daemon_len &&
	    !rbd_daemon_part_decode(own->part, slot.daemon, slot.daemon_len))
		own->found = true;
}

bool heart_part(struct daemon *d, struct rbd_daemon_part *part)
{
	struct own_part own = { d->set.number, d->self.incarnation, part,
				false };

	hbdoor_peers(d->heart.door, take_own, &own);
	return own.found;
}

static void mark(struct rbd_nodeset *set, unsigned int n, bool on)
{
	if (on)
		rbd_nodeset_add(set, n);
	else
		rbd_nodeset_del(set, n);
}

/* Both of us overwrite each other's heartbeats. */
static void clash(struct daemon *d)
{
	if (!heart_clashes(&d->heart))
		msg_warn(
			"another host writes heartbeats as node %u (%s) too; one of the two must stop",
			d->set.number, d->set.nodes[d->set.number].name);
	d->heart.clash_ms = clock_ms();
	rbd_core_clash(d->core);
}

static void take_peer(const struct hbdoor_peer *peer, void *arg)
{
	struct daemon *d = arg;
	struct rbd_hb_peer seen = { .incarnation = peer->incarnation,
				    .still_ticks = peer->still_ticks,
				    .moves = peer->moves };
	struct rbd_hb_slot slot;
	bool in;

	if (rbd_hb_slot_decode(&slot, peer->slot, peer->number))
		return;
	seen.counter = slot.counter;
	rbd_core_slot(d->core, &seen, &slot);
	/* One that left, or was cut off, shows for ever what it had then. */
	in = rbd_member_is_in(rbd_view_peek(&d->core->view, peer->number));
	mark(&d->heart.config_differs, peer->number,
	     in && slot.config_hash != d->set.config_hash);
	mark(&d->heart.stale, peer->number, slot.flags & RBD_HB_DAEMON_STALE);
}

static void take_latency(struct heart *h)
{
	const struct hbdoor_state *s = &h->state;
	uint64_t us = s->latency_us;
	long long now = clock_ms();

	if (now - h->hour_ms > HOUR_MS) {
		h->hour_ms = now;
		h->max_latency_us = 0;
		h->hour_before = h->hour;
		h->hour = (struct latency){ 0 };
	}
	if (s->age_ms == UINT32_MAX)
		return;
	/* It goes by the last complete round; was that this one? */
	if (s->age_ms > us / 1000 + ROUNDING_MS)
		us = (uint64_t)s->age_ms * 1000;
	latency_add(&h->total, us);
	latency_add(&h->hour, us);
	if (us > h->max_latency_us)
		h->max_latency_us = us < UINT32_MAX ? (uint32_t)us : UINT32_MAX;
}

bool heart_clashes(const struct heart *h)
{
	return h->clash_ms && clock_ms() - h->clash_ms < CLASH_MS;
}

uint64_t heart_p99_us(const struct heart *h)
{
	struct latency both = h->hour;

	latency_merge(&both, &h->hour_before);
	return latency_quantile_us(&both, 990);
}

static void tick(struct daemon *d, const struct hbdoor_event *e)
{
	static const enum rbd_core_tick kinds[] = {
		[RBD_HB_ROUND_GOOD] = RBD_CORE_TICK_GOOD,
		[RBD_HB_ROUND_BAD] = RBD_CORE_TICK_BAD,
		[RBD_HB_ROUND_EXTRA] = RBD_CORE_TICK_EXTRA,
		[RBD_HB_ROUND_GAP] = RBD_CORE_TICK_GAP,
	};
	struct heart *h = &d->heart;

	if (e->round > RBD_HB_ROUND_GAP)
		return;
	h->state = e->state;
	if (e->round != RBD_HB_ROUND_EXTRA)
		take_latency(h);
	if (h->state.clash)
		clash(d);
	hbdoor_peers(h->door, take_peer, d);
	rbd_core_tick(d->core, (uint64_t)clock_ms(), kinds[e->round]);
	witness_gate(d, h->state.gate);
	witness_tick(d);
	if (e->round != RBD_HB_ROUND_EXTRA)
		hbdoor_daemon(h->door, NULL, 0, contact_hears(d));
	if (h->tell_peers)
		contact_look(d);
	h->tell_peers = false;
	views_read(d);
}

static void serve(void *daemon)
{
	struct daemon *d = daemon;
	struct hbdoor_event e;
	int ret;

	while ((ret = hbdoor_next(d->heart.door, &e)) > 0 || ret == -ENOBUFS) {
		/* What was lost is a tick, mostly; the next one says it all. */
		if (ret < 0) {
			clients_look(d);
			continue;
		}
		switch (e.kind) {
		case RBD_HB_CMD_TICK:
			tick(d, &e);
			break;
		case RBD_HB_CMD_FENCED:
			rbd_core_shut_out(d->core);
			break;
		case RBD_HB_CMD_GATE:
			d->heart.state.gate = e.state.gate;
			witness_gate(d, e.state.gate);
			break;
		case RBD_HB_CMD_ADMIT_ASKED:
			clients_asked(d, e.admit_id, e.address, e.image);
			break;
		case RBD_HB_CMD_RETIRED:
			clients_retired(d, e.address);
			break;
		}
	}
}

/* --- orders --- */

void heart_publish(struct daemon *d)
{
	u8 bytes[RBD_DAEMON_PART_MAX];
	u16 len = rbd_daemon_part_encode(&d->core->part, bytes);

	hbdoor_daemon(d->heart.door, bytes, len, contact_hears(d));
	d->heart.tell_peers = true;
	heart_kick(d);
}

void heart_kick(struct daemon *d)
{
	hbdoor_kick(d->heart.door);
}

void heart_pace(struct daemon *d)
{
	struct heart *h = &d->heart;
	char dead[AGE_TEXT], slow[AGE_TEXT];
	u32 dead_ms, slow_ms;
	int err;

	rbd_view_lease_times(&d->core->view, &dead_ms, &slow_ms);
	err = hbdoor_retime(h->door, dead_ms, slow_ms);
	age_format(dead_ms, dead);
	age_format(slow_ms, slow);
	if (err && err != h->pace_error)
		diary_note(
			d, d->set.number,
			"cannot follow the cluster's new time-outs (%s, %s): %s",
			dead, slow,
			err == -EOPNOTSUPP ? "rbd_hb is an older one" :
					     strerror(-err));
	h->pace_error = err;
	rbd_core_paced(d->core, err, dead_ms, slow_ms);
	if (err)
		return;
	loop_pace(d->loop, d->core->pace.tick_ms, contact_beat, d);
	diary_note(d, d->set.number,
		   "heartbeats go by dead-after %s, slow-after %s", dead, slow);
}

void heart_freeze(struct daemon *d)
{
	hbdoor_freeze(d->heart.door, true);
}

int heart_open(struct daemon *d)
{
	d->heart.hour_ms = clock_ms();
	return loop_add(d->loop, hbdoor_fd(d->heart.door), serve, d);
}

void heart_close(struct daemon *d)
{
	hbdoor_close(d->heart.door);
	d->heart.door = NULL;
}
