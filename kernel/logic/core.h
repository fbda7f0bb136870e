/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The cluster's policy as a machine without I/O, time or memory of its own.
 *
 * The daemon tells it what happens (inputs below), and each input ends with
 * the machine having put what is to be done into a queue of actions. It
 * decides from three things alone: the view, what the last heartbeats of
 * all nodes said, and what its own earlier actions led to. Every action may
 * be done twice, so a daemon that starts anew just begins with an empty
 * machine.
 *
 * One change of the view is under way at a time. What it was about is not
 * remembered: when it is over, whatever its end, everything is decided anew
 * from the view as it is then.
 *
 * Which file decides what: core_join (the own membership), core_accuse
 * (silent and stuck nodes), core_cut (partitions), core_fence (cutting off),
 * core_ls (lockspaces), core_comms (connections), core_timing (time-outs);
 * core_peer knows the others, core_rules holds the conditions that safety rests on.
 */
#ifndef RBD_LOGIC_CORE_H
#define RBD_LOGIC_CORE_H

#include "base.h"
#include "clique.h"
#include "daemon_part.h"
#include "hb_liveness.h"
#include "hb_timing.h"
#include "nodeset.h"
#include "view.h"
#include "view_member.h"

#define RBD_CORE_ACTIONS 128
#define RBD_CORE_FENCE_BATCH 32
#define RBD_CORE_VERIFY_MS 60000
#define RBD_CORE_FOUND 8

/**
 * enum rbd_core_do - kinds of actions
 * @RBD_CORE_CAS: replace view @next.seq - 1 by core->next; rbd_core_cas_done()
 * @RBD_CORE_READ: read the view now; rbd_core_view()
 * @RBD_CORE_PART: core->part is the daemon's part of the slot from now on,
 *	and worth an extra heartbeat
 * @RBD_CORE_COMMS: make the DLM's connections core->comms_goal: those in
 *	@drop go, those in @set come (with the address in core->view);
 *	rbd_core_comms_done()
 * @RBD_CORE_LS_STOP: stop @slot for @generation; rbd_core_ls_done()
 * @RBD_CORE_LS_PREPARE: data clients to OSD map @epoch, members as in
 *	core->view; rbd_core_ls_done()
 * @RBD_CORE_LS_START: start it, and end a mount that waits for it;
 *	rbd_core_ls_done()
 * @RBD_CORE_LS_REFUSE: a mount that waits for @name fails
 * @RBD_CORE_LS_RELEASE: an unmount that waits for @name is over
 * @RBD_CORE_FENCE: cut off core->batch; rbd_core_fence_done()
 * @RBD_CORE_VERIFY: the same for such as are fenced: is it still so?
 * @RBD_CORE_FREEZE: this incarnation is condemned: close the gate for good
 * @RBD_CORE_PACE: heartbeats and lease are to go by rbd_view_lease_times() of
 *	core->view; rbd_core_paced()
 * @RBD_CORE_ADMIT: @instance is registered and may be used
 * @RBD_CORE_DENY: @instance must not be used; @text says why
 * @RBD_CORE_EVENT: for people: @text, about node @number
 */
enum rbd_core_do {
	RBD_CORE_CAS = 1,
	RBD_CORE_READ,
	RBD_CORE_PART,
	RBD_CORE_COMMS,
	RBD_CORE_LS_STOP,
	RBD_CORE_LS_PREPARE,
	RBD_CORE_LS_START,
	RBD_CORE_LS_REFUSE,
	RBD_CORE_LS_RELEASE,
	RBD_CORE_FENCE,
	RBD_CORE_VERIFY,
	RBD_CORE_FREEZE,
	RBD_CORE_PACE,
	RBD_CORE_ADMIT,
	RBD_CORE_DENY,
	RBD_CORE_EVENT,
};

struct rbd_core_action {
	u8 what;
	u8 slot;
	u16 number;
	u32 generation;
	u64 epoch;
	struct rbd_instance instance;
	const char *text;
	char name[RBD_VIEW_NAME + 1];
};

/**
 * struct rbd_core_peer - what is known of a node number
 * @incarnation: in its slot, 0 for none
 * @counter: in the slot that @part is from
 * @still_ticks: good ticks since that slot moved
 * @moves: of its counter, at most 255
 * @flags: enum rbd_hb_flag
 * @part: what its daemon says
 * @dead_after_ms: its lease goes by that; 0 for unknown
 * @slow_after_ms: likewise
 * @heard_ms: last message, U64_MAX for never
 * @heard_incarnation: that sent it
 * @barred: rbd_core_bar()
 * @mesh_ticks: good ticks for which it and we have heard each other, and it is
 *	not barred
 * @counted_for: incarnation in the view that the next three are about
 * @gone_ticks: good ticks in which its slot was not that one's
 * @due_ticks: good ticks for which there has been reason to accuse it
 * @lag_ticks: good ticks for which a change has waited for it in vain
 * @progress: what it had acknowledged in the tick before
 * @accused_seq: the accusation that @accused_ticks is about
 * @accused_ticks: good ticks since it was seen
 */
struct rbd_core_peer {
	u64 incarnation;
	u64 counter;
	u32 still_ticks;
	u8 moves;
	u16 flags;
	struct rbd_daemon_part part;
	u32 dead_after_ms;
	u32 slow_after_ms;
	u64 heard_ms;
	u64 heard_incarnation;
	bool barred;
	u32 mesh_ticks;
	u64 counted_for;
	u32 gone_ticks;
	u32 due_ticks;
	u32 lag_ticks;
	u64 progress;
	u64 accused_seq;
	u32 accused_ticks;
};

/**
 * enum rbd_core_want - what the kernel wants of a lockspace
 * @RBD_CORE_UNUSED: the slot is free
 * @RBD_CORE_HOLD: to hold it
 * @RBD_CORE_RELEASE: to let it go
 */
enum rbd_core_want {
	RBD_CORE_UNUSED,
	RBD_CORE_HOLD,
	RBD_CORE_RELEASE,
};

/**
 * struct rbd_core_ls - a lockspace in this node's kernel
 * @want: enum rbd_core_want
 * @phase: of @generation, enum rbd_ls_phase
 * @doing: enum rbd_core_do of the action under way, or 0
 * @running: the kernel runs it
 * @served: a mount has succeeded; no one waits for an answer to it
 * @lost: the kernel stopped it by itself
 * @generation: that is being worked on
 * @doing_generation: of the action under way
 * @started_ticks: good ticks since all members have started it
 * @name: of it
 */
struct rbd_core_ls {
	u8 want;
	u8 phase;
	u8 doing;
	bool running;
	bool served;
	bool lost;
	u32 generation;
	u32 doing_generation;
	u32 started_ticks;
	char name[RBD_VIEW_NAME + 1];
};

/**
 * struct rbd_core_client - a client of Ceph on this node
 * @used: the place is taken
 * @asked: somebody waits to be admitted
 * @gone: it is destroyed; to be taken out of the view
 */
struct rbd_core_client {
	bool used;
	bool asked;
	bool gone;
	struct rbd_instance instance;
};

struct rbd_core_victim {
	u16 number;
	u8 n_instances;
	u64 incarnation;
};

struct rbd_core_found {
	u16 number;
	u64 incarnation;
	struct rbd_instance instance;
};

/**
 * struct rbd_core - the machine
 * @id: this node
 * @going: rbd_core_go() was called
 * @want_in: it shall be a member
 * @registered: the view has had this incarnation
 * @condemned: this incarnation is over
 * @cas_busy: RBD_CORE_CAS is under way
 * @blind: a change ended nobody knows how: read before the next
 * @ticked: the last tick was good
 * @clash: another host writes our slot
 * @now_ms: time of the last input
 * @ticked_ms: time of the last tick
 * @calm_ticks: good ticks without a clash
 * @joining_ticks: good ticks for which we have been in the view
 * @cut_ticks: good ticks for which holders of lockspaces do not
 * @fencing_ticks: good ticks for which a fence has not been proved
 * @losers: who has to go, as long as @cut_ticks lasts
 * @timing: by which others are judged: from the view, in own ticks
 * @pace: by which our heartbeats and lease go; zero as long as unknown
 * @pace_busy: RBD_CORE_PACE is under way
 * @wish_dead_ms: the administrator wants it for dead_after_ms; 0 for no wish
 * @wish_slow_ms: likewise
 * @view: newest known
 * @next: its successor in the making, or under way
 * @peers: by number
 * @part: our own, as it is to be published
 * @comms: incarnations that connections are set up for, by number
 * @comms_goal: as they are to be, while @comms_busy
 * @set: numbers to set up
 * @drop: numbers to drop
 * @comms_busy: RBD_CORE_COMMS is under way
 * @ls: lockspaces of this node
 * @clients: clients of this node
 * @fence_busy: RBD_CORE_FENCE or _VERIFY is under way
 * @verifying: the latter
 * @fence_done: it succeeded with @fence_epoch
 * @fence_epoch: proof of @batch
 * @batch: incarnations, @n_batch of them
 * @verify_from: place in the view where the next check begins
 * @verified_ms: when the last was begun
 * @found: clients that were found, @n_found of them
 * @fence_wanted: by the administrator, one at a time; RBD_VIEW_NOBODY
 * @actions: ring of what is to be done
 * @graph: room to work in, of core_cut
 */
struct rbd_core {
	struct rbd_node_id id;
	bool going;
	bool want_in;
	bool registered;
	bool condemned;
	bool cas_busy;
	bool blind;
	bool ticked;
	bool clash;
	u64 now_ms;
	u64 ticked_ms;
	u32 calm_ticks;
	u32 joining_ticks;
	u32 cut_ticks;
	u32 fencing_ticks;
	struct rbd_nodeset losers;
	struct rbd_hb_timing timing;
	struct rbd_hb_timing pace;
	bool pace_busy;
	u32 wish_dead_ms;
	u32 wish_slow_ms;
	struct rbd_daemon_part part;
	u64 comms[RBD_VIEW_MAX_NODES];
	u64 comms_goal[RBD_VIEW_MAX_NODES];
	struct rbd_nodeset set;
	struct rbd_nodeset drop;
	bool comms_busy;
	struct rbd_core_ls ls[RBD_VIEW_MAX_LOCKSPACES];
	struct rbd_core_client clients[RBD_VIEW_MAX_INSTANCES];
	bool fence_busy;
	bool verifying;
	bool fence_done;
	u64 fence_epoch;
	struct rbd_core_victim batch[RBD_CORE_FENCE_BATCH];
	u8 n_batch;
	u16 verify_from;
	u64 verified_ms;
	struct rbd_core_found found[RBD_CORE_FOUND];
	u8 n_found;
	u16 fence_wanted;
	u32 head;
	u32 tail;
	struct rbd_core_action actions[RBD_CORE_ACTIONS];
	struct rbd_clique_node graph[RBD_VIEW_MAX_NODES];
	struct rbd_core_peer peers[RBD_VIEW_MAX_NODES];
	struct rbd_view view;
	struct rbd_view next;
};

/**
 * enum rbd_core_cas - how a change of the view ended
 * @RBD_CORE_CAS_WON: it is core->next now
 * @RBD_CORE_CAS_LOST: it is not, and never will be
 * @RBD_CORE_CAS_UNKNOWN: it may be, now or later
 */
enum rbd_core_cas {
	RBD_CORE_CAS_WON,
	RBD_CORE_CAS_LOST,
	RBD_CORE_CAS_UNKNOWN,
};

/**
 * enum rbd_core_tick - what kind of round of heartbeats
 * @RBD_CORE_TICK_GOOD: counts against others (rbd_hb_tick_is_good())
 * @RBD_CORE_TICK_BAD: does not
 * @RBD_CORE_TICK_EXTRA: out of turn: news, but counts for nothing
 * @RBD_CORE_TICK_GAP: the first behind a gap: all counting begins anew
 */
enum rbd_core_tick {
	RBD_CORE_TICK_GOOD,
	RBD_CORE_TICK_BAD,
	RBD_CORE_TICK_EXTRA,
	RBD_CORE_TICK_GAP,
};

/**
 * rbd_core_init() - a new machine, that knows no view yet
 * @core: memory for it
 * @id: this node, copied
 * @now_ms: monotonic time
 */
void rbd_core_init(struct rbd_core *core, const struct rbd_node_id *id,
		   u64 now_ms);

/**
 * rbd_core_resume() - what an earlier daemon of this incarnation has done
 * @core: just made
 * @part: what is in our slot
 */
void rbd_core_resume(struct rbd_core *core, const struct rbd_daemon_part *part);

/**
 * rbd_core_client_add() - a client of Ceph of this node
 * @core: the machine
 * @instance: which
 * @asked: RBD_CORE_ADMIT or _DENY is wanted; otherwise it exists already
 *
 * Return: NULL, or why it cannot be.
 */
const char *rbd_core_client_add(struct rbd_core *core,
				const struct rbd_instance *instance,
				bool asked);

/**
 * rbd_core_client_gone() - it was destroyed, and cannot write any more
 *
 * Also of one that only the view knows: an earlier daemon registered it.
 */
void rbd_core_client_gone(struct rbd_core *core,
			  const struct rbd_instance *instance);

/**
 * rbd_core_go() - all that exists already has been told: decide from now on
 *
 * Until then inputs are only taken in: a machine that does not know yet which
 * lockspaces there are would give them up.
 */
void rbd_core_go(struct rbd_core *core);

/** rbd_core_join() - become and stay a member */
void rbd_core_join(struct rbd_core *core);

/** rbd_core_leave() - leave, when no lockspace is held; all is unmapped */
void rbd_core_leave(struct rbd_core *core);

/** rbd_core_fence() - the administrator's wish; NULL or why not */
const char *rbd_core_fence(struct rbd_core *core, unsigned int number);

/**
 * rbd_core_retime() - the administrator wants other time-outs
 * @core: the machine
 * @dead_after_ms: see hb_timing.h
 * @slow_after_ms: see hb_timing.h
 *
 * Return: NULL when it has begun, or why not.
 */
const char *rbd_core_retime(struct rbd_core *core, u32 dead_after_ms,
			    u32 slow_after_ms);

/**
 * rbd_core_paced() - what our heartbeats and lease go by from now on
 * @core: the machine
 * @err: RBD_CORE_PACE could not be done: nothing has changed, to retry
 * @dead_after_ms: in effect
 * @slow_after_ms: in effect
 *
 * When the ticks have another length, those who count them begin anew.
 */
void rbd_core_paced(struct rbd_core *core, int err, u32 dead_after_ms,
		    u32 slow_after_ms);

/**
 * rbd_core_slot() - what the slot of a number says, before rbd_core_tick()
 * @core: the machine
 * @peer: the kernel's count for it
 * @slot: newest slot of peer->incarnation
 */
void rbd_core_slot(struct rbd_core *core, const struct rbd_hb_peer *peer,
		   const struct rbd_hb_slot *slot);

/** rbd_core_clash() - our slot was written by another host */
void rbd_core_clash(struct rbd_core *core);

/** rbd_core_tick() - a round of heartbeats is over */
void rbd_core_tick(struct rbd_core *core, u64 now_ms, enum rbd_core_tick kind);

/**
 * rbd_core_view() - the view was read
 *
 * One that is older than the known one is no news, and ignored.
 */
void rbd_core_view(struct rbd_core *core, const struct rbd_view *view);

/** rbd_core_cas_done() - RBD_CORE_CAS is over */
void rbd_core_cas_done(struct rbd_core *core, enum rbd_core_cas outcome);

/** rbd_core_shut_out() - the storage says that our client is fenced */
void rbd_core_shut_out(struct rbd_core *core);

/**
 * rbd_core_heard() - a node is proved to have lived
 * @heard_ms: at that time; not later than now
 */
void rbd_core_heard(struct rbd_core *core, unsigned int number, u64 incarnation,
		    u64 heard_ms);

/**
 * rbd_core_bar() - whether something is wrong between us and a node
 *
 * As long as there is, this node does not become a member beside it. Nobody is
 * barred at first; who is a member already stays one.
 */
void rbd_core_bar(struct rbd_core *core, unsigned int number, bool barred);

/**
 * rbd_core_ls_online() - a mount waits for a lockspace
 *
 * May be told again and again. Return: NULL, or why not.
 */
const char *rbd_core_ls_online(struct rbd_core *core, const char *name);

/** rbd_core_ls_offline() - an unmount waits; all is written */
void rbd_core_ls_offline(struct rbd_core *core, const char *name);

/**
 * rbd_core_ls_found() - a new daemon finds a lockspace in the kernel
 * @core: has resumed and knows a view
 * @name: of it
 * @running: the kernel has not stopped it
 * @served: no mount waits for an answer
 *
 * Return: NULL, or why it cannot be taken over.
 */
const char *rbd_core_ls_found(struct rbd_core *core, const char *name,
			      bool running, bool served);

/** rbd_core_ls_lost() - the kernel stopped it by itself */
void rbd_core_ls_lost(struct rbd_core *core, const char *name);

/** rbd_core_ls_done() - LS_STOP, _PREPARE or _START is over; @err to retry */
void rbd_core_ls_done(struct rbd_core *core, unsigned int slot, int err);

/**
 * rbd_core_comms_found() - a new daemon finds a connection set up
 * @core: has resumed and knows a view
 * @number: of the node
 */
void rbd_core_comms_found(struct rbd_core *core, unsigned int number);

/** rbd_core_comms_done() - RBD_CORE_COMMS is over; @err to retry */
void rbd_core_comms_done(struct rbd_core *core, int err);

/** rbd_core_fence_found() - a condemned node has one more client */
void rbd_core_fence_found(struct rbd_core *core, unsigned int number,
			  u64 incarnation, const struct rbd_instance *instance);

/**
 * rbd_core_fence_done() - RBD_CORE_FENCE or _VERIFY is over
 * @core: the machine
 * @err: to retry
 * @epoch: OSD map that every PG has; of a check, 0 if nothing was missing
 */
void rbd_core_fence_done(struct rbd_core *core, int err, u64 epoch);

/** rbd_core_next_action() - the oldest one, taken out; false for none */
bool rbd_core_next_action(struct rbd_core *core,
			  struct rbd_core_action *action);

/** rbd_core_me() - own record in the view; NULL if it is another's */
const struct rbd_view_member *rbd_core_me(const struct rbd_core *core);

/*
 * For the files of the machine.
 */

/** rbd_core_step() - everything that follows from what is known now */
void rbd_core_step(struct rbd_core *core);

/** rbd_core_act() - room for an action, with its kind; NULL if there is none */
struct rbd_core_action *rbd_core_act(struct rbd_core *core,
				     enum rbd_core_do what);

/** rbd_core_event() - tell people; lost rather than in the way */
void rbd_core_event(struct rbd_core *core, unsigned int number,
		    const char *text);

/**
 * rbd_core_begin() - the successor of the view, to be changed
 *
 * Copies all of it, so only when there is something to change.
 */
struct rbd_view *rbd_core_begin(struct rbd_core *core);

/** rbd_core_propose() - have it written; false if that cannot be now */
bool rbd_core_propose(struct rbd_core *core);

#endif
