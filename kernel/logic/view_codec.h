/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A view as bytes of its object: at most 64 KiB, little endian,
 *	u32 magic	RBD_VIEW_MAGIC
 *	u8 version	of the writer
 *	u8 compat	oldest reader that understands it
 *	u32 len		bytes of the body
 *	body
 *	u32 crc		CRC-32C of all before
 * A newer writer may add fields at the end of the body; they are passed over.
 *
 * Since version 2 the body ends with a change of time-outs that is under way
 * (u32 next_dead_after_ms, u32 next_slow_after_ms, u64 retime_seq). A reader of
 * version 1 that changes the view drops it: the change is given up then.
 */
#ifndef RBD_LOGIC_VIEW_CODEC_H
#define RBD_LOGIC_VIEW_CODEC_H

#include "view.h"

#define RBD_VIEW_MAGIC 0x76644252U /* "RBdv" as bytes */
#define RBD_VIEW_VERSION 2
#define RBD_VIEW_COMPAT 1

/**
 * rbd_view_encode() - to bytes
 * @v: what
 * @buf: room, RBD_VIEW_MAX_BYTES are always enough
 * @size: of the room
 *
 * Return: how many bytes were written; -EFBIG when they do not fit.
 */
ssize_t rbd_view_encode(const struct rbd_view *v, void *buf, size_t size);

/** rbd_view_bytes() - how many it takes; may be more than the limit */
size_t rbd_view_bytes(const struct rbd_view *v);

/**
 * rbd_view_decode() - from bytes
 * @v: result, undefined on failure
 * @buf: the object's data
 * @len: its length
 *
 * Return: 0;
 * -ENODATA	there is nothing;
 * -EFBIG	longer than a view can be;
 * -EMSGSIZE	cut short, or longer than it says;
 * -EBADMSG	not a view, or its checksum is wrong;
 * -EPROTONOSUPPORT	its writer wants a newer reader;
 * -EINVAL	whole, but breaks a rule (order, range, reference).
 */
int rbd_view_decode(struct rbd_view *v, const void *buf, size_t len);

#endif
