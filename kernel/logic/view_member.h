/* SPDX-License-Identifier: GPL-2.0 */
/* Members of the view: coming, being accused, being cleared, leaving. */
#ifndef RBD_LOGIC_VIEW_MEMBER_H
#define RBD_LOGIC_VIEW_MEMBER_H

#include "view.h"

/**
 * struct rbd_node_id - a node as it introduces itself
 * @number: 0 to 254
 * @weight: in a partition, 1 to 1000
 * @incarnation: from rbd_view_next_incarnation()
 * @boot_id: of the host
 * @address: where its DLM listens
 * @name: as in cluster.conf
 */
struct rbd_node_id {
	u16 number;
	u16 weight;
	u64 incarnation;
	u8 boot_id[16];
	struct rbd_address address;
	char name[RBD_VIEW_NAME + 1];
};

/**
 * rbd_view_next_incarnation() - for a node that begins a new membership
 * @v: the view
 * @n: its number
 * @seen: incarnation in its slot of the heartbeat objects, or 0
 * @random: tells two hosts apart that use the same number by mistake
 */
u64 rbd_view_next_incarnation(const struct rbd_view *v, unsigned int n,
			      u64 seen, u32 random);

/**
 * rbd_view_register() - a node becomes JOINING
 * @v: view being made
 * @id: who
 * @instances: every client of Ceph that it has, @count of them
 *
 * From here on it can be fenced, so before it nothing may be written. Numbers
 * are what counts; a number whose node left or was fenced may come back with
 * another name.
 */
const char *rbd_view_register(struct rbd_view *v, const struct rbd_node_id *id,
			      const struct rbd_instance *instances,
			      unsigned int count);

/** rbd_view_activate() - all members can talk with it */
const char *rbd_view_activate(struct rbd_view *v, unsigned int n,
			      u64 incarnation);

/** rbd_view_leave() - no lockspace is held, no device mapped any more */
const char *rbd_view_leave(struct rbd_view *v, unsigned int n, u64 incarnation);

/**
 * rbd_view_instance_add() - one more client of Ceph of a member
 *
 * Refused for a condemned node: of "condemn" and "add" exactly one comes
 * first, so that no client is missed.
 */
const char *rbd_view_instance_add(struct rbd_view *v, unsigned int n,
				  u64 incarnation,
				  const struct rbd_instance *instance);

/** rbd_view_instance_remove() - a client that does not exist any more */
const char *rbd_view_instance_remove(struct rbd_view *v, unsigned int n,
				     u64 incarnation,
				     const struct rbd_instance *instance);

/** rbd_view_instance_known() - may this instance of a member write? */
bool rbd_view_instance_known(const struct rbd_view *v, unsigned int n,
			     u64 incarnation,
			     const struct rbd_instance *instance);

/**
 * rbd_view_accuse() - first of two steps to fence a node
 * @v: view being made
 * @n: who is accused
 * @incarnation: its incarnation
 * @accusation: SILENT to CUT; CUT makes it CUT, the others SUSPECT
 * @by: accuser
 */
const char *rbd_view_accuse(struct rbd_view *v, unsigned int n, u64 incarnation,
			    u8 accusation, unsigned int by);

/** rbd_view_refute() - the accusation does not hold */
const char *rbd_view_refute(struct rbd_view *v, unsigned int n,
			    u64 incarnation);

#endif
