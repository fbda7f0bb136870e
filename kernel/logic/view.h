/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The view: what all nodes of a cluster agree on. It is one RADOS object,
 * replaced as a whole by compare-and-swap of its number, so there is one
 * chain of views and every change has exactly one author.
 *
 * A change is made in three steps: rbd_view_begin() copies the view, the
 * transitions (view_member.h, view_fence.h, view_lockspace.h) alter the
 * copy, and somebody outside writes it. A transition returns NULL, or a
 * constant sentence that says why it is refused; the copy is as before then.
 */
#ifndef RBD_LOGIC_VIEW_H
#define RBD_LOGIC_VIEW_H

#include "base.h"
#include "nodeset.h"

#define RBD_VIEW_PROTOCOL 1
#define RBD_VIEW_MAX_BYTES 65536
#define RBD_VIEW_MAX_NODES RBD_NODESET_MAX
#define RBD_VIEW_MAX_LOCKSPACES 32
#define RBD_VIEW_MAX_FENCES 320
#define RBD_VIEW_MAX_INSTANCES 32
/* A fence takes those that were found watching as well. */
#define RBD_VIEW_MAX_FENCE_INSTANCES 40
#define RBD_VIEW_NAME 64
#define RBD_VIEW_CLUSTER_NAME 16
#define RBD_VIEW_REASON 48
#define RBD_VIEW_EVIDENCE 96
#define RBD_VIEW_KEY_BYTES 32
#define RBD_VIEW_NOBODY 0xffff

/**
 * enum rbd_member_state - of a node number
 * @RBD_MEMBER_NONE: not in the view
 * @RBD_MEMBER_JOINING: registered, hence it can be fenced; holds no lockspace
 * @RBD_MEMBER_ACTIVE: all members can talk with it; may hold lockspaces
 * @RBD_MEMBER_SUSPECT: accused of being dead or stuck; may refute
 * @RBD_MEMBER_CUT: accused of being on the losing side; may be refuted
 * @RBD_MEMBER_FENCING: condemned: no way back for this incarnation
 * @RBD_MEMBER_FENCED: proved to be cut off from the storage
 * @RBD_MEMBER_LEFT: went away cleanly
 */
enum rbd_member_state {
	RBD_MEMBER_NONE,
	RBD_MEMBER_JOINING,
	RBD_MEMBER_ACTIVE,
	RBD_MEMBER_SUSPECT,
	RBD_MEMBER_CUT,
	RBD_MEMBER_FENCING,
	RBD_MEMBER_FENCED,
	RBD_MEMBER_LEFT,
	RBD_MEMBER_STATES
};

/**
 * enum rbd_accusation - why a node is to be fenced
 * @RBD_ACCUSED_NOT: it is not
 * @RBD_ACCUSED_SILENT: no heartbeat on the storage, and nobody hears it
 * @RBD_ACCUSED_SLOW: no heartbeat on the storage for long; the network works
 * @RBD_ACCUSED_GONE: its heartbeat is that of another incarnation, or none
 * @RBD_ACCUSED_STUCK: it does not take part in a change that needs it
 * @RBD_ACCUSED_CUT: it cannot talk with nodes that go on
 * @RBD_ACCUSED_REPLACED: its own host has started anew and says so
 * @RBD_ACCUSED_ADMIN: an administrator wants it
 */
enum rbd_accusation {
	RBD_ACCUSED_NOT,
	RBD_ACCUSED_SILENT,
	RBD_ACCUSED_SLOW,
	RBD_ACCUSED_GONE,
	RBD_ACCUSED_STUCK,
	RBD_ACCUSED_CUT,
	RBD_ACCUSED_REPLACED,
	RBD_ACCUSED_ADMIN,
	RBD_ACCUSATIONS
};

enum rbd_fence_state {
	RBD_FENCE_FENCING = 1,
	RBD_FENCE_FENCED,
	RBD_FENCE_RETIRED,
};

/**
 * struct rbd_address - an IP address
 * @family: 4 or 6, 0 for none
 * @ip: network order; the first 4 or all 16 bytes count, the rest is zero
 */
struct rbd_address {
	u8 family;
	u8 ip[16];
};

/**
 * struct rbd_instance - one client of Ceph; its nonce is never used again
 * @nonce: of its messenger
 * @addr: as the OSDs see it
 */
struct rbd_instance {
	u32 nonce;
	struct rbd_address addr;
};

/**
 * struct rbd_view_member - one node
 * @number: 0 to 254
 * @state: enum rbd_member_state
 * @resume: state that a refuted accusation gives back
 * @accusation: enum rbd_accusation
 * @accuser: number of the node, RBD_VIEW_NOBODY
 * @weight: in a partition; 1 to 1000
 * @incarnation: of the membership, never 0
 * @joined_seq: view in which it was registered
 * @accused_seq: view in which it was accused, 0
 * @holds_seq: view since which it holds lockspaces, 0 for none
 * @boot_id: of the host
 * @address: where its DLM listens
 * @n_instances: of @instances
 * @instances: every client of Ceph of this node that may write
 * @name: as in cluster.conf
 */
struct rbd_view_member {
	u16 number;
	u8 state;
	u8 resume;
	u8 accusation;
	u8 n_instances;
	u16 accuser;
	u16 weight;
	u64 incarnation;
	u64 joined_seq;
	u64 accused_seq;
	u64 holds_seq;
	u8 boot_id[16];
	struct rbd_address address;
	struct rbd_instance instances[RBD_VIEW_MAX_INSTANCES];
	char name[RBD_VIEW_NAME + 1];
};

/**
 * struct rbd_view_lockspace - one lockspace of fs/dlm
 * @index: its place in the heartbeat slots, 0 to 31
 * @settled: all members have started this generation
 * @generation: changes with the set of members; never used twice, not even
 *	by another lockspace
 * @members: who holds it
 * @failed: who was lost since the last settled generation
 * @left: who went away cleanly since then
 * @name: as fs/dlm has it
 */
struct rbd_view_lockspace {
	u8 index;
	bool settled;
	u32 generation;
	struct rbd_nodeset members;
	struct rbd_nodeset failed;
	struct rbd_nodeset left;
	char name[RBD_VIEW_NAME + 1];
};

/**
 * struct rbd_view_fence - cutting off one incarnation of one node
 * @number: of the node
 * @by: node that condemned it
 * @state: enum rbd_fence_state
 * @accusation: enum rbd_accusation
 * @n_instances: of @instances
 * @incarnation: who
 * @epoch: OSD map that every PG is known to have, from RBD_FENCE_FENCED on
 * @boot_id: of the host
 * @instances: what is to be, or is, on the blocklist
 * @reason: for people
 * @evidence: for people
 */
struct rbd_view_fence {
	u16 number;
	u16 by;
	u8 state;
	u8 accusation;
	u8 n_instances;
	u64 incarnation;
	u64 epoch;
	u8 boot_id[16];
	struct rbd_instance instances[RBD_VIEW_MAX_FENCE_INSTANCES];
	char reason[RBD_VIEW_REASON + 1];
	char evidence[RBD_VIEW_EVIDENCE + 1];
};

/**
 * struct rbd_view - all of it
 * @seq: number of the view, from 1
 * @token: of the write that made it
 * @cluster_id: of the cluster, for ever
 * @key: authenticates messages between nodes
 * @protocol: lowest version that all understand
 * @dead_after_ms: see hb_timing.h
 * @slow_after_ms: see hb_timing.h
 * @generation: the last one given to a lockspace
 * @next_dead_after_ms: what dead_after_ms is to become once all members' leases
 *	are that short; 0 for no change
 * @next_slow_after_ms: likewise
 * @retime_seq: view in which that was ordered, 0
 * @n_members: of @members, which are ordered by number
 * @n_lockspaces: of @lockspaces
 * @n_fences: of @fences, oldest first
 * @place: place of a node number in @members, 255 for none; not stored
 * @cluster: name
 */
struct rbd_view {
	u64 seq;
	u8 token[16];
	u8 cluster_id[16];
	u8 key[RBD_VIEW_KEY_BYTES];
	u16 protocol;
	u32 dead_after_ms;
	u32 slow_after_ms;
	u32 generation;
	u32 next_dead_after_ms;
	u32 next_slow_after_ms;
	u64 retime_seq;
	u16 n_members;
	u16 n_lockspaces;
	u16 n_fences;
	u8 place[RBD_VIEW_MAX_NODES];
	char cluster[RBD_VIEW_CLUSTER_NAME + 1];
	struct rbd_view_member members[RBD_VIEW_MAX_NODES];
	struct rbd_view_lockspace lockspaces[RBD_VIEW_MAX_LOCKSPACES];
	struct rbd_view_fence fences[RBD_VIEW_MAX_FENCES];
};

/**
 * rbd_view_init() - the view before the first one
 * @v: result: empty, number 0
 * @cluster: name, 1 to 16 letters and digits
 * @dead_after_ms: base value
 * @slow_after_ms: base value
 *
 * Identity and key are the caller's to fill in. Return: NULL or a sentence.
 */
const char *rbd_view_init(struct rbd_view *v, const char *cluster,
			  u32 dead_after_ms, u32 slow_after_ms);

/** rbd_view_copy() - copies what is in use, not all the room there is */
void rbd_view_copy(struct rbd_view *to, const struct rbd_view *from);

/** rbd_view_begin() - a copy with the next number, to be changed */
void rbd_view_begin(struct rbd_view *next, const struct rbd_view *v);

/** rbd_view_member() - by number; NULL when it is not in the view */
struct rbd_view_member *rbd_view_member(struct rbd_view *v, unsigned int n);
const struct rbd_view_member *rbd_view_peek(const struct rbd_view *v,
					    unsigned int n);

/**
 * rbd_view_member_insert() - room for a number that is not in the view
 *
 * Return: the zeroed record with its number, or NULL for a bad number.
 */
struct rbd_view_member *rbd_view_member_insert(struct rbd_view *v,
					       unsigned int n);

/** rbd_view_member_remove() - forget a number */
void rbd_view_member_remove(struct rbd_view *v, unsigned int n);

/** rbd_member_may() - is this change of state allowed at all? */
bool rbd_member_may(u8 from, u8 to);

/** rbd_member_is_in() - JOINING, ACTIVE, SUSPECT or CUT: can write */
bool rbd_member_is_in(const struct rbd_view_member *m);

/** rbd_member_was_active() - ACTIVE, or accused while it was */
bool rbd_member_was_active(const struct rbd_view_member *m);

const char *rbd_member_state_str(u8 state);
const char *rbd_accusation_str(u8 accusation);

bool rbd_instance_equal(const struct rbd_instance *a,
			const struct rbd_instance *b);

#endif
