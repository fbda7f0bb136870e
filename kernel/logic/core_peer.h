/* SPDX-License-Identifier: GPL-2.0 */
/* What the machine knows of other nodes, from heartbeats and messages. */
#ifndef RBD_LOGIC_CORE_PEER_H
#define RBD_LOGIC_CORE_PEER_H

#include "core.h"

/** rbd_core_alive() - its heartbeat moves, under the incarnation of the view */
bool rbd_core_alive(const struct rbd_core *core,
		    const struct rbd_view_member *m);

/** rbd_core_stale() - alive, but its daemon is not heard of by its kernel */
bool rbd_core_stale(const struct rbd_core *core,
		    const struct rbd_view_member *m);

/** rbd_core_silent_ticks() - good ticks since its heartbeat moved */
u32 rbd_core_silent_ticks(const struct rbd_core *core,
			  const struct rbd_view_member *m);

/** rbd_core_heard_by_any() - does a living node, or do we, hear it? */
bool rbd_core_heard_by_any(const struct rbd_core *core,
			   const struct rbd_view_member *m);

/**
 * rbd_core_linked() - do two members hear each other?
 *
 * Whose daemon is stale is not judged: it sends no messages.
 */
bool rbd_core_linked(const struct rbd_core *core,
		     const struct rbd_view_member *a,
		     const struct rbd_view_member *b);

/** rbd_core_ack() - phase of a member at a generation; 0 for another one */
u8 rbd_core_ack(const struct rbd_core *core, const struct rbd_view_member *m,
		const struct rbd_view_lockspace *ls);

/** rbd_core_lags() - does a change wait for this member? */
bool rbd_core_lags(const struct rbd_core *core,
		   const struct rbd_view_member *m);

/** rbd_core_stuck() - has one waited for it, and seen no progress, too long? */
bool rbd_core_stuck(const struct rbd_core *core,
		    const struct rbd_view_member *m);

/**
 * rbd_core_turn() - is it on us to do what every node could do?
 * @ticks: good ticks for which it has been due
 *
 * The lowest living member does it at once, each further one two ticks later,
 * so that usually one alone acts and it gets done whoever dies.
 */
bool rbd_core_turn(const struct rbd_core *core, u32 ticks);

/** rbd_core_peers_tick() - count a tick */
void rbd_core_peers_tick(struct rbd_core *core, enum rbd_core_tick kind);

/** rbd_core_forget_counts() - what was counted says nothing about what is now */
void rbd_core_forget_counts(struct rbd_core *core);

/** rbd_core_hears() - whom we hear now */
void rbd_core_hears(struct rbd_core *core);

#endif
