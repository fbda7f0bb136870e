/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A node's heartbeat slot: 512 bytes in each of the heartbeat objects
 * "hb.<cluster>.0" to ".2", at byte 512 * node number, written by that node
 * only, read by all. It carries no wall clock: what counts is that the
 * counter moves.
 *
 * Layout, little endian, decoded by nobody else:
 *	0	u32 magic	RBD_HB_MAGIC
 *	4	u16 version	RBD_HB_VERSION
 *	6	u16 flags	enum rbd_hb_flag
 *	8	u64 incarnation	of this membership of the node, never 0
 *	16	u64 counter	grows with every write of an incarnation
 *	24	u8[16] boot_id	of the host
 *	40	u64 config_hash	of cluster.conf's meaning
 *	48	u32 dead_after_ms	the node's lease goes by that, 0 for unknown
 *	52	u32 slow_after_ms	likewise
 *	56	u16 number	node number, again
 *	58	u16 daemon_len	bytes of @daemon that count
 *	60	u8[448] daemon	the daemon's part, opaque to the kernel
 *	508	u32 crc	CRC-32C of bytes 0 to 507
 */
#ifndef RBD_LOGIC_HB_SLOT_H
#define RBD_LOGIC_HB_SLOT_H

#include "base.h"

#define RBD_HB_MAGIC 0x48644252U /* "RBdH" as bytes */
#define RBD_HB_VERSION 1
#define RBD_HB_SLOT_BYTES 512
#define RBD_HB_DAEMON_BYTES 448
#define RBD_HB_OBJECTS 3
/* Node numbers are 0 to 254, as in cluster.conf. */
#define RBD_HB_MAX_NODES 255

enum rbd_hb_flag {
	RBD_HB_DAEMON_STALE = 1, /* the daemon has not been heard of */
	RBD_HB_FROZEN = 2, /* its gate is closed */
	RBD_HB_LEAVING = 4, /* this incarnation writes no more */
};

/**
 * struct rbd_hb_slot - a slot, decoded
 * @flags: enum rbd_hb_flag
 * @number: node number
 * @incarnation: of the membership, never 0
 * @counter: grows with every write
 * @boot_id: of the host
 * @config_hash: of the node list
 * @dead_after_ms: the node's lease and ticks go by that; 0 for unknown
 * @slow_after_ms: likewise
 * @daemon_len: bytes of @daemon that count
 * @daemon: the daemon's part
 */
struct rbd_hb_slot {
	u16 flags;
	u16 number;
	u64 incarnation;
	u64 counter;
	u8 boot_id[16];
	u64 config_hash;
	u32 dead_after_ms;
	u32 slow_after_ms;
	u16 daemon_len;
	u8 daemon[RBD_HB_DAEMON_BYTES];
};

/**
 * rbd_hb_slot_encode() - to the bytes that are written
 * @slot: what; its daemon_len is at most RBD_HB_DAEMON_BYTES
 * @buf: RBD_HB_SLOT_BYTES, filled whole
 */
void rbd_hb_slot_encode(const struct rbd_hb_slot *slot, u8 *buf);

/**
 * rbd_hb_slot_decode() - from the bytes that were read
 * @slot: result, undefined on failure
 * @buf: RBD_HB_SLOT_BYTES
 * @number: node number that belongs at this place
 *
 * Return: 0; -ENODATA when nobody wrote here yet (all zero); -EBADMSG for a
 * wrong magic, checksum, number or length; -EPROTONOSUPPORT for a version
 * that is not ours.
 */
int rbd_hb_slot_decode(struct rbd_hb_slot *slot, const u8 *buf, u16 number);

/**
 * rbd_hb_slot_is_foreign() - did another host write that?
 * @slot: found where we wrote ours
 * @incarnation: that we write
 * @boot_id: 16 bytes, of this host
 *
 * Not so for one that we wrote ourselves before a restart of the daemon.
 */
bool rbd_hb_slot_is_foreign(const struct rbd_hb_slot *slot, u64 incarnation,
			    const u8 *boot_id);

#endif
