/* SPDX-License-Identifier: GPL-2.0 */
/*
 * rbd_hb.ko as userspace sees it: a generic netlink family for state and
 * events. Configuration is in configfs, see Documentation/ABI/configfs-rbdshare.md.
 * All commands need CAP_NET_ADMIN.
 */
#ifndef _UAPI_RBD_HB_H
#define _UAPI_RBD_HB_H

#define RBD_HB_GENL_NAME "rbd_hb"
#define RBD_HB_GENL_VERSION 1
#define RBD_HB_GENL_EVENTS "events"

/**
 * enum rbd_hb_cmd - commands; those marked "event" are sent to the group
 * @RBD_HB_CMD_STATE: ask for the node's own state; the answer has the
 *	attributes from CLUSTER to FLAGS, CLASH, LATENCY, DEAD_AFTER and SLOW_AFTER
 *	that are in effect, and ADDRESS of the client that writes heartbeats
 * @RBD_HB_CMD_PEERS: dump, a message for each configured node: NUMBER,
 *	INCARNATION, STILL, MOVES, SLOT (none when it never wrote)
 * @RBD_HB_CMD_DAEMON: the daemon is there: DAEMON (its part of the slot,
 *	from the next heartbeat on) and HEARD, both optional
 * @RBD_HB_CMD_KICK: write and read at once, besides the usual heartbeats
 * @RBD_HB_CMD_FREEZE: close the gate
 * @RBD_HB_CMD_THAW: let it open again
 * @RBD_HB_CMD_ADMIT: answer to an event: ADMIT_ID and RESULT (0 or errno)
 * @RBD_HB_CMD_BARRIER: EPOCH: from now on nothing is sent to an OSD under an
 *	older map, by no client of this kernel's rbd
 * @RBD_HB_CMD_CLIENT: is there a client of rbd with this NONCE? No error: there
 *	is; -ESTALE: there is none, or it was destroyed
 * @RBD_HB_CMD_RETIME: DEAD_AFTER and SLOW_AFTER: heartbeats and lease go by them
 *	when the answer comes; if heartbeats are more or less frequent then, all
 *	counting begins anew. -EINVAL: the kernel log says what is wrong with them
 * @RBD_HB_CMD_TICK: event, after each heartbeat: as the answer to STATE, and
 *	ROUND
 * @RBD_HB_CMD_GATE: event: GATE
 * @RBD_HB_CMD_FENCED: event: the cluster refuses us
 * @RBD_HB_CMD_ADMIT_ASKED: event: ADMIT_ID, ADDRESS, IMAGE; a mapping waits
 *	for the answer
 * @RBD_HB_CMD_RETIRED: event: ADDRESS; that client does not exist any more
 */
enum rbd_hb_cmd {
	RBD_HB_CMD_UNSPEC,
	RBD_HB_CMD_STATE,
	RBD_HB_CMD_PEERS,
	RBD_HB_CMD_DAEMON,
	RBD_HB_CMD_KICK,
	RBD_HB_CMD_FREEZE,
	RBD_HB_CMD_THAW,
	RBD_HB_CMD_ADMIT,
	RBD_HB_CMD_TICK,
	RBD_HB_CMD_GATE,
	RBD_HB_CMD_FENCED,
	RBD_HB_CMD_ADMIT_ASKED,
	RBD_HB_CMD_RETIRED,
	RBD_HB_CMD_BARRIER,
	RBD_HB_CMD_CLIENT,
	RBD_HB_CMD_RETIME,
};

/**
 * enum rbd_hb_attr - attributes
 * @RBD_HB_ATTR_CLUSTER: string
 * @RBD_HB_ATTR_NUMBER: u16, node number
 * @RBD_HB_ATTR_INCARNATION: u64
 * @RBD_HB_ATTR_COUNTER: u64, of the last heartbeat
 * @RBD_HB_ATTR_GOOD: u8, the last heartbeat was good
 * @RBD_HB_ATTR_NOW: u64, milliseconds of the clock CLOCK_BOOTTIME
 * @RBD_HB_ATTR_AGE: u32, milliseconds since the start of the last heartbeat
 *	that was acknowledged
 * @RBD_HB_ATTR_GATE: u32, enum rbd_hb_gate
 * @RBD_HB_ATTR_FLAGS: u16, as in the own slot
 * @RBD_HB_ATTR_STILL: u32, good heartbeats since that node's counter moved
 * @RBD_HB_ATTR_MOVES: u8, how often it moved, at most 255
 * @RBD_HB_ATTR_SLOT: binary, 512 bytes, see hb_slot.h
 * @RBD_HB_ATTR_DAEMON: binary, at most 448 bytes
 * @RBD_HB_ATTR_HEARD: u8, the daemon hears a peer on the network
 * @RBD_HB_ATTR_ADMIT_ID: u32
 * @RBD_HB_ATTR_RESULT: u32, 0 or a positive errno
 * @RBD_HB_ATTR_ADDRESS: string, "192.0.2.1:0/1234" as in Ceph's blocklist
 * @RBD_HB_ATTR_IMAGE: string, pool/image
 * @RBD_HB_ATTR_LATENCY: u32, microseconds of the last heartbeat
 * @RBD_HB_ATTR_EPOCH: u32, of an OSD map
 * @RBD_HB_ATTR_ROUND: u8, enum rbd_hb_round
 * @RBD_HB_ATTR_NONCE: u32, of a client's address
 * @RBD_HB_ATTR_DEAD_AFTER: u32, milliseconds
 * @RBD_HB_ATTR_SLOW_AFTER: u32, milliseconds
 * @RBD_HB_ATTR_CLASH: u8, the last heartbeat found that another host had
 *	written our slot since the one before
 */
enum rbd_hb_attr {
	RBD_HB_ATTR_UNSPEC,
	RBD_HB_ATTR_CLUSTER,
	RBD_HB_ATTR_NUMBER,
	RBD_HB_ATTR_INCARNATION,
	RBD_HB_ATTR_COUNTER,
	RBD_HB_ATTR_GOOD,
	RBD_HB_ATTR_NOW,
	RBD_HB_ATTR_AGE,
	RBD_HB_ATTR_GATE,
	RBD_HB_ATTR_FLAGS,
	RBD_HB_ATTR_STILL,
	RBD_HB_ATTR_MOVES,
	RBD_HB_ATTR_SLOT,
	RBD_HB_ATTR_DAEMON,
	RBD_HB_ATTR_HEARD,
	RBD_HB_ATTR_ADMIT_ID,
	RBD_HB_ATTR_RESULT,
	RBD_HB_ATTR_ADDRESS,
	RBD_HB_ATTR_IMAGE,
	RBD_HB_ATTR_LATENCY,
	RBD_HB_ATTR_PAD,
	RBD_HB_ATTR_EPOCH,
	RBD_HB_ATTR_ROUND,
	RBD_HB_ATTR_NONCE,
	RBD_HB_ATTR_DEAD_AFTER,
	RBD_HB_ATTR_SLOW_AFTER,
	RBD_HB_ATTR_CLASH,
	__RBD_HB_ATTR_END,
#define RBD_HB_ATTR_MAX (__RBD_HB_ATTR_END - 1)
};

/**
 * enum rbd_hb_round - what kind of heartbeat
 * @RBD_HB_ROUND_GOOD: counts against others
 * @RBD_HB_ROUND_BAD: does not
 * @RBD_HB_ROUND_EXTRA: out of turn: news, but counts for nothing
 * @RBD_HB_ROUND_GAP: the first good one behind a gap: all counting begins anew
 */
enum rbd_hb_round {
	RBD_HB_ROUND_GOOD,
	RBD_HB_ROUND_BAD,
	RBD_HB_ROUND_EXTRA,
	RBD_HB_ROUND_GAP,
};

/**
 * enum rbd_hb_gate - of I/O to shared images
 * @RBD_HB_GATE_OPEN: goes on
 * @RBD_HB_GATE_LEASE: waits: our heartbeats are too old
 * @RBD_HB_GATE_FROZEN: waits: the daemon wants it
 * @RBD_HB_GATE_FENCED: the cluster refuses us; waits for ever, or fails
 */
enum rbd_hb_gate {
	RBD_HB_GATE_OPEN,
	RBD_HB_GATE_LEASE,
	RBD_HB_GATE_FROZEN,
	RBD_HB_GATE_FENCED,
};

#endif
