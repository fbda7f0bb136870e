/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The daemon's part of a heartbeat slot: what it has done of what the view
 * wants, and whom it hears on the network. Little endian:
 *	0	u8 version	1
 *	1	u8 count	of acknowledgments, 0 to 32
 *	2	u64 view_seq	view whose connections are set up
 *	10	u8[32] hears	bit number % 8 of byte number / 8
 *	42	count times { u8 index, u8 phase, u32 generation }
 */
#ifndef RBD_LOGIC_DAEMON_PART_H
#define RBD_LOGIC_DAEMON_PART_H

#include "base.h"
#include "nodeset.h"

#define RBD_DAEMON_PART_VERSION 1
#define RBD_DAEMON_ACKS 32
#define RBD_DAEMON_PART_MAX (42 + 6 * RBD_DAEMON_ACKS)

/**
 * enum rbd_ls_phase - how far a member is with a generation of a lockspace
 * @RBD_LS_NONE: nothing is done yet
 * @RBD_LS_STOPPED: the lockspace does not run
 * @RBD_LS_READY: members and connections are those of the generation, the
 *	data clients have the OSD map of all fences
 * @RBD_LS_STARTED: it runs
 */
enum rbd_ls_phase {
	RBD_LS_NONE,
	RBD_LS_STOPPED,
	RBD_LS_READY,
	RBD_LS_STARTED,
};

struct rbd_daemon_ack {
	u32 generation;
	u8 phase;
};

/**
 * struct rbd_daemon_part - decoded
 * @view_seq: the nodes of this view can be talked with
 * @hears: numbers heard lately
 * @acks: by index of the lockspace; generation 0 for none
 */
struct rbd_daemon_part {
	u64 view_seq;
	struct rbd_nodeset hears;
	struct rbd_daemon_ack acks[RBD_DAEMON_ACKS];
};

/**
 * rbd_daemon_part_encode() - to bytes
 * @buf: RBD_DAEMON_PART_MAX bytes
 *
 * Return: how many are used.
 */
u16 rbd_daemon_part_encode(const struct rbd_daemon_part *part, u8 *buf);

/**
 * rbd_daemon_part_decode() - from bytes
 *
 * Nothing at all is what a daemon has said that did not start yet: zeroes.
 *
 * Return: 0; -EBADMSG for bytes that are none; -EPROTONOSUPPORT for a version
 * that is not ours. @part is zero then.
 */
int rbd_daemon_part_decode(struct rbd_daemon_part *part, const u8 *buf,
			   size_t len);

#endif
