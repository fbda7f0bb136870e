/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The heartbeat slots of all nodes, read with librados: for a host that does
 * not write heartbeats itself yet. Format: hb_slot.h.
 */
#ifndef RBDSHARE_LIB_HBSLOTS_H
#define RBDSHARE_LIB_HBSLOTS_H

#include <stdbool.h>

#include "hb_slot.h"
#include "lib/radosdoor.h"

/**
 * struct hbslots - the three objects as they were read
 * @bytes: of each; what was not there is zero
 */
struct hbslots {
	u8 bytes[RBD_HB_OBJECTS][RBD_HB_MAX_NODES * RBD_HB_SLOT_BYTES];
};

/**
 * hbslots_read() - read them; blocks
 * @s: filled whole
 *
 * An object that nobody has written yet is empty.
 *
 * Return: 0, or a negative errno when fewer than two could be read.
 */
int hbslots_read(struct hbslots *s, const struct radosdoor *door,
		 rados_ioctx_t io, const char *cluster);

/**
 * hbslots_get() - the newest slot of a node
 *
 * Of the greatest incarnation, the one with the greatest counter. False: there
 * is none.
 */
bool hbslots_get(const struct hbslots *s, unsigned int number,
		 struct rbd_hb_slot *slot);

/**
 * hbslots_moved() - was it written between two looks?
 * @before: false from hbslots_get() counts as a slot of zeroes
 */
bool hbslots_moved(const struct rbd_hb_slot *before,
		   const struct rbd_hb_slot *after);

#endif
