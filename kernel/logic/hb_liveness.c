// SPDX-License-Identifier: GPL-2.0
/* Who is alive, as one reader of the slots sees it. */
#include "hb_liveness.h"

#define MOST_OBJECTS (RBD_HB_OBJECTS / 2 + 1)

bool rbd_hb_tick_is_good(const struct rbd_hb_tick *tick)
{
	return tick->written >= MOST_OBJECTS && tick->read >= MOST_OBJECTS &&
	       tick->own_counter_read >= tick->own_counter;
}

/*
 * The newest word of the node. An incarnation is a number that only grows
 * for a node, so an older one never wins against a newer.
 */
static const struct rbd_hb_slot *newest(const struct rbd_hb_slot *slots,
					unsigned int count)
{
	const struct rbd_hb_slot *best = NULL;
	unsigned int i;

	for (i = 0; i < count; i++)
		if (!best || slots[i].incarnation > best->incarnation ||
		    (slots[i].incarnation == best->incarnation &&
		     slots[i].counter > best->counter))
			best = &slots[i];
	return best;
}

static void moved(struct rbd_hb_peer *peer, const struct rbd_hb_slot *slot)
{
	if (peer->incarnation != slot->incarnation)
		peer->moves = 0;
	peer->incarnation = slot->incarnation;
	peer->counter = slot->counter;
	peer->still_ticks = 0;
	if (peer->moves < 255)
		peer->moves++;
}

void rbd_hb_observe(struct rbd_hb_peer *peer, const struct rbd_hb_slot *slots,
		    unsigned int count, bool good, bool restart)
{
	const struct rbd_hb_slot *slot = newest(slots, count);

	if (restart)
		peer->still_ticks = 0;
	if (slot && (slot->incarnation > peer->incarnation ||
		     (slot->incarnation == peer->incarnation &&
		      slot->counter > peer->counter))) {
		moved(peer, slot);
		return;
	}
	if (good && peer->incarnation && peer->still_ticks < U32_MAX)
		peer->still_ticks++;
}
