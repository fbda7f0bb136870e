/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Requests to and replies of the OSD class "rbd", which keeps image headers.
 *
 * Format: Ceph's encoding, little endian; the methods are named at each
 * function. Replies come from the network: every function checks bounds
 * and ranges and returns -EBADMSG for what it cannot accept.
 */
#ifndef RBD_LOGIC_HEADER_DECODE_H
#define RBD_LOGIC_HEADER_DECODE_H

#include "base.h"
#include "cursor.h"

/* More snapshots than that do not fit the context of a write message. */
#define RBD_SNAPS_MAX 510

/** rbd_decode_text() - a reply that is one string (get_id, metadata_get...) */
int rbd_decode_text(const void *buf, size_t len, struct rbd_span *out);

/** rbd_decode_size() - reply of get_size: object order, image bytes */
int rbd_decode_size(const void *buf, size_t len, u8 *order, u64 *size);

/** rbd_decode_features() - reply of get_features: all, and those that a
 *	client must know
 */
int rbd_decode_features(const void *buf, size_t len, u64 *features,
			u64 *incompat);

/** rbd_decode_u64() - a reply that is one number (get_flags, get_data_pool) */
int rbd_decode_u64(const void *buf, size_t len, u64 *out);

/** rbd_decode_striping() - reply of get_stripe_unit_count */
int rbd_decode_striping(const void *buf, size_t len, u64 *unit, u64 *count);

/**
 * rbd_decode_snapcontext() - reply of get_snapcontext
 * @buf: reply
 * @len: its length
 * @seq: newest snapshot id the image ever had
 * @count: number of snapshots, at most RBD_SNAPS_MAX
 * @ids: RBD_SNAPS_MAX numbers; the ids, newest first
 *
 * Return: 0, -EBADMSG, -E2BIG when there are more than RBD_SNAPS_MAX. Ids
 * that do not fall, or are newer than @seq, and a @seq that is no snapshot
 * id, are -EBADMSG: a write with such a context would be refused by the OSD.
 */
int rbd_decode_snapcontext(const void *buf, size_t len, u64 *seq, u32 *count,
			   u64 *ids);

/**
 * rbd_decode_parent() - reply of get_parent
 * @pool: pool id of the parent, -1 when there is none
 * @image: its image id
 * @snap: its snapshot id
 * @overlap: bytes of the image that come from it
 */
int rbd_decode_parent(const void *buf, size_t len, s64 *pool,
		      struct rbd_span *image, u64 *snap, u64 *overlap);

/**
 * rbd_encode_snap_query() - request of get_size, get_features,
 *	get_snapshot_name, get_parent
 * @c: where to
 * @snap_id: a snapshot, or CEPH_NOSNAP for the image
 */
static inline void rbd_encode_snap_query(struct rbd_cursor *c, u64 snap_id)
{
	rbd_put_64(c, snap_id);
}

#endif
