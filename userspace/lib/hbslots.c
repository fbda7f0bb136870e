// SPDX-License-Identifier: GPL-2.0
#include "lib/hbslots.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define MOST_OBJECTS (RBD_HB_OBJECTS / 2 + 1)

int hbslots_read(struct hbslots *s, const struct radosdoor *door,
		 rados_ioctx_t io, const char *cluster)
{
	unsigned int i, got = 0;
	char name[64];
	int n, err = 0;

	memset(s, 0, sizeof(*s));
	for (i = 0; i < RBD_HB_OBJECTS; i++) {
		snprintf(name, sizeof(name), "hb.%s.%u", cluster, i);
		n = door->rados_read(io, name, (char *)s->bytes[i],
				     sizeof(s->bytes[i]), 0);
		if (n >= 0 || n == -ENOENT)
			got++;
		else
			err = n;
	}
	return got >= MOST_OBJECTS ? 0 : err;
}

static bool newer(const struct rbd_hb_slot *a, const struct rbd_hb_slot *b)
{
	return a->incarnation != b->incarnation ?
		       a->incarnation > b->incarnation :
		       a->counter > b->counter;
}

bool hbslots_get(const struct hbslots *s, unsigned int number,
		 struct rbd_hb_slot *slot)
{
	struct rbd_hb_slot one;
	unsigned int i;

	memset(slot, 0, sizeof(*slot));
	for (i = 0; i < RBD_HB_OBJECTS && number < RBD_HB_MAX_NODES; i++)
		if (!rbd_hb_slot_decode(
			    &one, s->bytes[i] + number * RBD_HB_SLOT_BYTES,
			    (u16)number) &&
		    newer(&one, slot))
			*slot = one;
	return slot->incarnation != 0;
}

bool hbslots_moved(const struct rbd_hb_slot *before,
		   const struct rbd_hb_slot *after)
{
	return before->incarnation != after->incarnation ||
	       before->counter != after->counter;
}
