/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Control of the kernel's fs/dlm for an event loop.
 *
 * The kernel's contract: a change of members goes stop on all old and new
 * members, prepare on all, start on all; nobody starts before all have
 * stopped. The kernel cannot check it; whoever calls this has to know that
 * everybody is as far. Here is what one node does, in the right order, in a
 * thread for each lockspace, because the kernel takes its time.
 *
 * Steps of a lockspace are done in the order in which they are asked for, and
 * each ends with an event. All of them may be repeated.
 *
 * One thread uses a door.
 */
#ifndef RBDSHARE_LIB_DLMDOOR_H
#define RBDSHARE_LIB_DLMDOOR_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/dlmcomms.h"

/* A step that takes longer is reported, once. */
#define DLMDOOR_OVERDUE_MS 10000

enum dlmdoor_step {
	DLMDOOR_STOP,
	DLMDOOR_PREPARE,
	DLMDOOR_START,
	DLMDOOR_JOINED,
	DLMDOOR_REFUSED,
	DLMDOOR_LEFT,
};

/**
 * enum dlmdoor_kind - what happened
 * @DLMDOOR_ONLINE: somebody wants to join; waits for dlmdoor_joined() or
 *	dlmdoor_refuse()
 * @DLMDOOR_OFFLINE: he wants to leave; waits for dlmdoor_left()
 * @DLMDOOR_FOUND: a lockspace is there that an earlier daemon has set up
 * @DLMDOOR_GONE: one vanished without a word
 * @DLMDOOR_DONE: a step is done, or failed
 * @DLMDOOR_OVERDUE: a step takes very long; DLMDOOR_DONE still comes
 */
enum dlmdoor_kind {
	DLMDOOR_ONLINE,
	DLMDOOR_OFFLINE,
	DLMDOOR_FOUND,
	DLMDOOR_GONE,
	DLMDOOR_DONE,
	DLMDOOR_OVERDUE,
};

/**
 * struct dlmdoor_event - one of them
 * @step, @generation, @error: done and overdue: which, and what came out
 * @release_recover: offline: the others have to recover its slot
 */
struct dlmdoor_event {
	enum dlmdoor_kind kind;
	char lockspace[DLMTREE_NAME_MAX + 1];
	enum dlmdoor_step step;
	uint32_t generation;
	int error;
	bool release_recover;
};

/**
 * struct dlmdoor_change - the members of a generation
 * @generation: for the event
 * @join: we are new: set the lockspace's id first
 * @members: who is in it from now on, ourselves included
 * @nodes: addresses of those, @n_nodes of them
 * @lives: incarnations of @nodes, never 0
 * @failed: members of before that are fenced: their comms are removed before
 *	anybody starts, which is how the kernel knows that they failed
 * @failed_lives: incarnations of @failed
 * @left: members of before that left in order: their comms stay
 * @release: those of @left that asked for recovery
 *
 * A node in @failed and @members has come back in another life.
 */
struct dlmdoor_change {
	uint32_t generation;
	bool join;
	struct dlmtree_members members;
	struct dlmtree_members failed;
	uint64_t failed_lives[DLMTREE_NODES];
	struct dlmtree_members left;
	struct dlmtree_members release;
	struct dlmtree_node nodes[DLMTREE_NODES];
	uint64_t lives[DLMTREE_NODES];
	unsigned int n_nodes;
};

/**
 * struct dlmdoor_config - how to begin
 * @tree: copied
 * @cluster_name: of the filesystems
 * @self: our own node
 * @life: our incarnation
 * @comms_file: where the comms' lives are kept, see dlmcomms.h
 * @monitor_fd: an open dlm-monitor that an earlier daemon left, or -1; the
 *	door does not close it before dlmdoor_close()
 * @uevents: listen to the kernel; false in tests
 */
struct dlmdoor_config {
	struct dlmtree tree;
	const char *cluster_name;
	struct dlmtree_node self;
	uint64_t life;
	const char *comms_file;
	int monitor_fd;
	bool uevents;
};

struct dlmdoor;

/**
 * dlmdoor_open() - become the one who controls fs/dlm
 *
 * Opens dlm-monitor first: the kernel stops all lockspaces when nobody has it
 * open any more. Then the cluster's settings and our own comm. Lockspaces that
 * are there already come as events.
 *
 * Return: 0; -ENOENT no dlm in this kernel; -EBUSY it runs under another
 * cluster's name; -EUSERS a lockspace runs under another node id of this host;
 * or a negative errno.
 */
int dlmdoor_open(struct dlmdoor **door, const struct dlmdoor_config *config);

/* dlmdoor_monitor_fd() - to be kept over a restart (systemd's fd store) */
int dlmdoor_monitor_fd(const struct dlmdoor *door);

/* Readable when dlmdoor_next() may have something. */
int dlmdoor_fd(const struct dlmdoor *door);

/* dlmdoor_next() - to be called until false, and once a second */
bool dlmdoor_next(struct dlmdoor *door, struct dlmdoor_event *event);

/* dlmdoor_rescan() - look for lockspaces whose uevent was lost */
int dlmdoor_rescan(struct dlmdoor *door);

/*
 * The steps. Return: 0 and an event later; -ENOENT there is no such lockspace;
 * -ENOMEM; dlmdoor_prepare() also -EINVAL when the change makes no sense (we
 * are no member, we failed, a member without address).
 */
int dlmdoor_stop(struct dlmdoor *door, const char *lockspace,
		 uint32_t generation);
int dlmdoor_prepare(struct dlmdoor *door, const char *lockspace,
		    const struct dlmdoor_change *change);
int dlmdoor_start(struct dlmdoor *door, const char *lockspace,
		  uint32_t generation);
/* After the first start: the mount goes on. */
int dlmdoor_joined(struct dlmdoor *door, const char *lockspace,
		   uint32_t generation);
/* The mount fails with @error (negative), and the lockspace is forgotten. */
int dlmdoor_refuse(struct dlmdoor *door, const char *lockspace, int error);
/* Stop, forget the members, let the umount go on. */
int dlmdoor_left(struct dlmdoor *door, const char *lockspace);

/**
 * dlmdoor_add_node() - let a node connect that is joining the cluster
 *
 * Blocks shortly. Return: as dlmcomms_put().
 */
int dlmdoor_add_node(struct dlmdoor *door, const struct dlmtree_node *node,
		     uint64_t life);

/**
 * dlmdoor_drop_node() - remove the comm of a node that left the cluster
 *
 * After all lockspaces it was in have been started without it. Blocks shortly.
 */
int dlmdoor_drop_node(struct dlmdoor *door, uint32_t nodeid, uint64_t life);

/**
 * dlmdoor_forget_node() - remove the comm of whatever life a node has
 * @but: life whose comm stays, 0 for none
 *
 * Blocks shortly. Return: 0 or a negative errno.
 */
int dlmdoor_forget_node(struct dlmdoor *door, uint32_t nodeid, uint64_t but);

/* dlmdoor_members() - what is configured now; for a found lockspace */
int dlmdoor_members(struct dlmdoor *door, const char *lockspace,
		    struct dlmtree_members *out);

/**
 * dlmdoor_close() - let go
 * @close_monitor: false when the descriptor lives on in the fd store
 *
 * Waits for the steps under way. Lockspaces stay as they are, but the kernel
 * stops them when the last dlm-monitor is closed.
 */
void dlmdoor_close(struct dlmdoor *door, bool close_monitor);

const char *dlmdoor_step_str(enum dlmdoor_step step);

#endif
