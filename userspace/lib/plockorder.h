/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The common order of POSIX lock operations of one lockspace, as a machine
 * that only knows messages: no sockets, no files, no time.
 *
 * In each generation of the lockspace its member with the lowest number is
 * the sequencer. It gives numbers to everybody's requests; all members apply
 * them in that order, and each tells its own kernel what became of its own.
 * What was applied is never taken back, so all states are beginnings of one
 * stream:
 *
 *	started		members report how far they are; all of them
 *	collected	the state of the furthest is the one to go on from; the
 *			sequencer fetches it when that is another's
 *	agreed		gone nodes' locks are purged, who is behind gets the
 *			state, all may go
 *	running		requests, entries
 *	stopped		nothing; by the next generation at the latest
 *
 * A connection that broke, or a daemon that began anew, is nothing special: the
 * member reports again, and gets the state if it missed something.
 *
 * What has to outlive the daemon is given to the keeper before anybody can
 * learn of it.
 */
#ifndef RBDSHARE_LIB_PLOCKORDER_H
#define RBDSHARE_LIB_PLOCKORDER_H

#include "lib/plockmsg.h"
#include "lib/plockown.h"

/**
 * struct plockorder_ops - the world around
 * @send: @msg has at most PLOCKMSG_MAX bytes; without a connection it is lost,
 *	and plockorder_linked() follows when there is one
 * @answer: a request is over, exactly once: @rv 0, a negative errno, or
 *	PLOCKSTATE_FORGET (its own cancel has ended it). @holder: for a get, who
 *	is in the way, or NULL
 * @keep_entry: @e follows
 * @keep_agreed: the state as it is was agreed on in @generation
 * @keep_state: @s takes the place of everything before
 *
 * None of them may call the machine.
 */
struct plockorder_ops {
	void (*send)(void *arg, uint16_t node, const void *msg, size_t len);
	void (*answer)(void *arg, uint64_t id, int rv,
		       const struct rbd_plock_op *holder);
	void (*keep_entry)(void *arg, const struct plockentry *e);
	void (*keep_agreed)(void *arg, uint32_t generation);
	void (*keep_state)(void *arg, const struct plockstate *s);
};

/**
 * enum plockorder_phase - what a member does
 * @PLOCKORDER_STOPPED: nothing
 * @PLOCKORDER_COLLECTING: the sequencer; reports are missing
 * @PLOCKORDER_FETCHING: the sequencer; it gets the state from another one
 * @PLOCKORDER_ASKING: another one; it has reported and waits
 * @PLOCKORDER_RUNNING: requests are served
 */
enum plockorder_phase {
	PLOCKORDER_STOPPED,
	PLOCKORDER_COLLECTING,
	PLOCKORDER_FETCHING,
	PLOCKORDER_ASKING,
	PLOCKORDER_RUNNING,
};

/**
 * struct plockorder_peer - what the sequencer knows of a member
 * @reported: in this generation
 * @fresh: it holds nothing: it has just mounted
 * @knows: it has a state, up to @seq
 * @synced: it gets all entries
 */
struct plockorder_peer {
	bool reported;
	bool fresh;
	bool knows;
	bool synced;
	uint64_t seq;
};

/**
 * struct plockorder - the machine
 * @fsid: of the lockspace; the same on all nodes
 * @self: our number
 * @fresh: this node has just mounted: nothing is kept of it, and what others
 *	may know of it is of an earlier life
 * @again: memory was short: plockorder_tick() tries again
 * @generation: that was started, while not stopped
 * @source: whose state is fetched
 * @incoming: a state, @got of @total bytes
 */
struct plockorder {
	const struct plockorder_ops *ops;
	void *arg;
	uint32_t fsid;
	uint16_t self;
	bool fresh;
	bool again;
	enum plockorder_phase phase;
	uint32_t generation;
	uint16_t sequencer;
	uint16_t source;
	struct rbd_nodeset members;
	struct plockstate state;
	struct plockown_list own;
	unsigned char *incoming;
	size_t got;
	size_t total;
	struct plockorder_peer peers[RBD_NODESET_MAX];
};

/**
 * plockorder_init() - a stopped one
 * @fresh: a mount that has just begun. Otherwise the caller fills in @o->state
 *	with what was kept, or leaves it empty when that is lost
 */
void plockorder_init(struct plockorder *o, uint32_t fsid, uint16_t self,
		     bool fresh, const struct plockorder_ops *ops, void *arg);
void plockorder_free(struct plockorder *o);

/**
 * plockorder_start() - the kernel runs a generation
 * @members: of it; we are one
 *
 * All members of before have been stopped, or are cut off.
 */
void plockorder_start(struct plockorder *o, uint32_t generation,
		      const struct rbd_nodeset *members);

/* plockorder_stop() - before others can learn that the kernel has stopped */
void plockorder_stop(struct plockorder *o);

/**
 * plockorder_request() - of our kernel
 * @id: greater than that of any request before, by an earlier daemon too
 *
 * Return: 0, and one answer some time; or -ENOMEM.
 */
int plockorder_request(struct plockorder *o, uint64_t id, bool get,
		       const struct rbd_plock_op *op);

/**
 * plockorder_resume() - the requests are all there that an earlier daemon left
 *
 * Answers those that were over already. Before plockorder_start().
 */
void plockorder_resume(struct plockorder *o);

/* plockorder_linked() - a connection with a node is new */
void plockorder_linked(struct plockorder *o, uint16_t node);

/* plockorder_receive() - a message of a node; one of another time is dropped */
void plockorder_receive(struct plockorder *o, uint16_t node,
			struct plockmsg *m);

/* plockorder_tick() - once a second */
void plockorder_tick(struct plockorder *o);

/* plockorder_refuse() - answer all open requests with an error */
void plockorder_refuse(struct plockorder *o, int rv);

const char *plockorder_phase_str(enum plockorder_phase phase);

#endif
