/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The door to rbd_hb.ko: its generic netlink family. Numbers and formats are
 * those of kernel/uapi/rbd_hb.h.
 */
#ifndef RBDSHARE_LIB_HBDOOR_H
#define RBDSHARE_LIB_HBDOOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/fault.h"

#define HBDOOR_SLOT_BYTES 512

struct hbdoor;

/**
 * struct hbdoor_state - the node's own state
 * @cluster: name
 * @number: node number
 * @incarnation: of the membership
 * @counter: of the last heartbeat
 * @now_ms: CLOCK_BOOTTIME when this was said
 * @age_ms: of the last acknowledged heartbeat, UINT32_MAX for none
 * @latency_us: of the last complete heartbeat
 * @gate: enum rbd_hb_gate
 * @flags: enum rbd_hb_flag
 * @good: the last tick was good
 * @clash: another host had written our slot; false from a kernel that does
 *	not look
 * @dead_after_ms, @slow_after_ms: in effect; 0 from a kernel that cannot change
 *	them while it is online
 * @address: of the client that writes the heartbeats
 */
struct hbdoor_state {
	char cluster[32];
	uint16_t number;
	uint64_t incarnation;
	uint64_t counter;
	uint64_t now_ms;
	uint32_t age_ms;
	uint32_t latency_us;
	uint32_t gate;
	uint16_t flags;
	bool good;
	bool clash;
	uint32_t dead_after_ms;
	uint32_t slow_after_ms;
	char address[80];
};

/**
 * struct hbdoor_peer - a node as the kernel sees it
 * @number: node number
 * @incarnation: whose counter is watched, 0 for nobody
 * @still_ticks: good ticks since it moved
 * @moves: how often it moved, at most 255
 * @slot: as read, all zero when it never wrote
 */
struct hbdoor_peer {
	uint16_t number;
	uint64_t incarnation;
	uint32_t still_ticks;
	uint8_t moves;
	uint8_t slot[HBDOOR_SLOT_BYTES];
};

/**
 * struct hbdoor_event - something happened
 * @kind: enum rbd_hb_cmd: TICK, GATE, FENCED, ADMIT_ASKED or RETIRED
 * @state: of a TICK; of a GATE only its gate
 * @round: of a TICK: enum rbd_hb_round
 * @admit_id: of ADMIT_ASKED
 * @address: of ADMIT_ASKED and RETIRED, as Ceph's blocklist has it
 * @image: of ADMIT_ASKED, pool/image
 */
struct hbdoor_event {
	uint8_t kind;
	struct hbdoor_state state;
	uint8_t round;
	uint32_t admit_id;
	char address[80];
	char image[256];
};

/**
 * hbdoor_open() - connect and listen for events
 * @f: what is wrong and what to do
 *
 * Return: 0, -ENOENT when rbd_hb is not loaded, or another negative errno.
 */
int hbdoor_open(struct hbdoor **door, struct fault *f);
void hbdoor_close(struct hbdoor *door);

/** hbdoor_fd() - readable when there are events */
int hbdoor_fd(const struct hbdoor *door);

/**
 * hbdoor_next() - the next event, without waiting
 *
 * Return: 1 with an event; 0 when there is none; -ENOBUFS when some were
 * lost: ask for state and peers then; another negative errno.
 */
int hbdoor_next(struct hbdoor *door, struct hbdoor_event *event);

/*
 * Commands. Each waits for the kernel's answer, which needs no I/O.
 * -ENOTCONN: no cluster is online.
 */
int hbdoor_state(struct hbdoor *door, struct hbdoor_state *state);

/**
 * hbdoor_peers() - every configured node
 * @take: called for each, in the order of their numbers
 */
int hbdoor_peers(struct hbdoor *door,
		 void (*take)(const struct hbdoor_peer *peer, void *arg),
		 void *arg);

/**
 * hbdoor_daemon() - the daemon is there
 * @data: its part of the slot, NULL to leave it as it is
 * @len: at most 448
 * @heard: it hears a peer
 */
int hbdoor_daemon(struct hbdoor *door, const void *data, size_t len,
		  bool heard);
int hbdoor_kick(struct hbdoor *door);
int hbdoor_freeze(struct hbdoor *door, bool frozen);

/* hbdoor_barrier() - rbd's clients send nothing under an older OSD map */
int hbdoor_barrier(struct hbdoor *door, uint32_t epoch);

/**
 * hbdoor_client() - is there a client of rbd with this nonce?
 *
 * It is there from before its mapping asks to be admitted until it cannot
 * write any more. Return: 0 it is; -ESTALE it is not, and never will be; for
 * any other error nothing is known.
 */
int hbdoor_client(struct hbdoor *door, uint32_t nonce);

/**
 * hbdoor_retime() - other time-outs for heartbeats and lease
 *
 * In effect when it returns. -EOPNOTSUPP: not while this kernel is online.
 */
int hbdoor_retime(struct hbdoor *door, uint32_t dead_after_ms,
		  uint32_t slow_after_ms);

/**
 * hbdoor_admit() - answer to ADMIT_ASKED
 * @result: 0 or a positive errno
 *
 * -ENOENT: the mapping waits no longer.
 */
int hbdoor_admit(struct hbdoor *door, uint32_t admit_id, uint32_t result);

#endif
