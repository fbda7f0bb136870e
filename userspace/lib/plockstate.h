/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The POSIX locks of one lockspace as all its members have them: the table,
 * and what became of each member's newest requests. It changes by entries of
 * one common order only, so members that have taken in the same entries have
 * the same state, byte for byte.
 *
 * A result stays until its node has said, with a later request, that it has
 * seen it. So a node that gets the state of another one, instead of the
 * entries that led to it, still finds what it has to tell its kernel.
 */
#ifndef RBDSHARE_LIB_PLOCKSTATE_H
#define RBDSHARE_LIB_PLOCKSTATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nodeset.h"
#include "plock.h"

#define PLOCKSTATE_ENTRY_BYTES 85
/* What is larger is not taken for a state. */
#define PLOCKSTATE_MAX_BYTES (1U << 30)
/* Result of a wait that its own node took back: nobody waits for it. */
#define PLOCKSTATE_FORGET INT32_MIN

/**
 * enum plockentry_kind - what an entry is
 * @PLOCKENTRY_OP: a request of a node
 * @PLOCKENTRY_PURGE: a node is gone, or has begun a new life
 */
enum plockentry_kind {
	PLOCKENTRY_OP = 1,
	PLOCKENTRY_PURGE,
};

/**
 * struct plockentry - an entry of the common order
 * @seq: its number: one more than that of the one before
 * @node: number of the node
 * @id: of the request; a node's requests have growing ones
 * @seen: entries up to that number have been seen by @node
 */
struct plockentry {
	uint64_t seq;
	uint8_t kind;
	uint16_t node;
	uint64_t id;
	uint64_t seen;
	struct rbd_plock_op op;
};

/**
 * struct plockresult - what became of a request
 * @seq: entry that brought it about
 * @rv: 0, a negative errno, or PLOCKSTATE_FORGET
 */
struct plockresult {
	uint64_t seq;
	uint64_t id;
	uint16_t node;
	int32_t rv;
};

/**
 * struct plockstate - one lockspace's
 * @generation: of the lockspace in which all agreed on it last; 0: on nothing
 * @seq: of the newest entry in it
 * @last: newest request of each node in it, by number; 0 for none
 * @results: ordered by @seq, @n_results of them
 */
struct plockstate {
	uint32_t generation;
	uint64_t seq;
	uint64_t last[RBD_NODESET_MAX];
	struct plockresult *results;
	size_t n_results;
	size_t results_size;
	struct rbd_plock_table table;
};

/* Told of each result when it comes about. */
typedef void (*plockstate_told)(void *arg, uint16_t node, uint64_t id,
				int32_t rv);

/* plockstate_nodeid() - a node number as fs/dlm and the table have it */
static inline uint32_t plockstate_nodeid(uint16_t node)
{
	return node + 1U;
}

void plockstate_init(struct plockstate *s);
void plockstate_free(struct plockstate *s);

/**
 * plockstate_room() - make sure that the next entry can be applied
 *
 * Return: 0 or -ENOMEM.
 */
int plockstate_room(struct plockstate *s);

/**
 * plockstate_apply() - the next entry
 * @e: @e->seq is @s->seq + 1
 * @told: of all nodes' results, those of unlocks at close included, which are
 *	not kept; may be NULL
 *
 * Return: 0; -EINVAL it is not the next one, or makes no sense; -ENOMEM.
 * Nothing has changed after an error.
 */
int plockstate_apply(struct plockstate *s, const struct plockentry *e,
		     plockstate_told told, void *arg);

/* plockstate_result() - of a request; NULL when none is kept */
const struct plockresult *plockstate_result(const struct plockstate *s,
					    uint16_t node, uint64_t id);

/* plockstate_waits() - does this request wait? Looks at all locks. */
bool plockstate_waits(const struct plockstate *s, uint16_t node, uint64_t id);

/* plockstate_locks() - how many are held or waited for */
uint32_t plockstate_locks(const struct plockstate *s);

/**
 * plockstate_encode() - to bytes
 * @buf: result; the caller frees
 *
 * Return: 0 or -ENOMEM.
 */
int plockstate_encode(const struct plockstate *s, unsigned char **buf,
		      size_t *len);

/**
 * plockstate_decode() - from bytes
 * @s: initialised and empty; so after an error, too
 *
 * Return: 0, -EBADMSG or -ENOMEM.
 */
int plockstate_decode(struct plockstate *s, const unsigned char *buf,
		      size_t len);

/* plockentry_encode() - PLOCKSTATE_ENTRY_BYTES */
void plockentry_encode(const struct plockentry *e, unsigned char *buf);

/* plockentry_decode() - Return: 0 or -EBADMSG. */
int plockentry_decode(struct plockentry *e, const unsigned char *buf,
		      size_t len);

#endif
