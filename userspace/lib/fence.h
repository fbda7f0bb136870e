/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Cutting clients off from the storage, with proof.
 *
 * 1. Each instance is put on the OSD map's blocklist for ten years, and looked
 *    for in the committed map: an addition that meets a removal is dropped
 *    although the monitors said yes.
 * 2. Our own client waits for that map, epoch E.
 * 3. Each placement group of the given pools answers a request that carries
 *    at least epoch E (sweep.h). When a pool's number of groups was changed
 *    meanwhile, it is swept again.
 *
 * After that no write of these instances is applied any more.
 *
 * The monitors say yes to the addition of an instance that is listed already,
 * but leave its expiry alone (seen with 16.2, and so it is written in 20.2).
 * So an entry that somebody else made for an hour can only be replaced by
 * removing it first, and for that moment the instance may write. Therefore an
 * entry that still holds for FENCE_MIN_S is left as it is; whoever needs it for
 * longer looks again in time (@shortest_s), from one node alone, and by then
 * the victim has mostly been proven gone. A shorter one is replaced. Who will
 * not look again asks for more (@hold_s).
 *
 * The calls block; fencer.h is for event loops.
 */
#ifndef RBDSHARE_LIB_FENCE_H
#define RBDSHARE_LIB_FENCE_H

#include "lib/clientaddr.h"
#include "lib/osddump.h"
#include "lib/session.h"
#include "lib/sweep.h"

/* An expiry is absolute time of the monitors, and 32 bits end in 2106. */
#define FENCE_EXPIRE_S 315360000
/* An entry that expires earlier is replaced, unless asked otherwise. */
#define FENCE_MIN_S 900
#define FENCE_NS_MAX 128

/**
 * struct fence_pool - a pool to be swept: each that shared images use,
 * their data pools too
 * @id: of the pool
 * @ns: a namespace in which we may read; "" for none
 */
struct fence_pool {
	int64_t id;
	char ns[FENCE_NS_MAX];
};

/**
 * struct fence_order - what to do
 * @instances: @n_instances of them; whole hosts may be among them
 * @hold_s: an entry that expires earlier is replaced; 0: FENCE_MIN_S
 * @pools: @n_pools of them; none: no sweep, only the blocklist
 * @all_pools: sweep all in which images may live; @pools is empty then
 */
struct fence_order {
	bool all_pools;
	int64_t hold_s;
	struct clientaddr *instances;
	size_t n_instances;
	struct fence_pool *pools;
	size_t n_pools;
};

enum fence_stage {
	FENCE_STAGE_LIST,
	FENCE_STAGE_ADD,
	FENCE_STAGE_MAP,
	FENCE_STAGE_SWEEP,
	FENCE_STAGE_DONE,
};

/**
 * struct fence_progress - how far it is; shared by threads
 * @sweep: its lock guards all; its "stop" ends everything
 * @stage: of the work
 * @epoch: map in which all instances are listed, 0 before
 * @added: entries that were missing
 * @replaced: entries that expired too soon; needs the right to remove
 * @shortest_s: with an epoch, how long the first entry to expire still holds
 * @error: of the last attempt that is being repeated, 0 when all is well
 */
struct fence_progress {
	struct sweep_progress sweep;
	enum fence_stage stage;
	uint32_t epoch;
	uint32_t added;
	uint32_t replaced;
	int64_t shortest_s;
	int error;
};

/* fence_progress_init() - before use; nothing to undo */
void fence_progress_init(struct fence_progress *p);

/* "listing", "adding", "waiting for the map", "sweeping", "done" */
const char *fence_stage_str(enum fence_stage stage);

/**
 * fence_run() - steps 1 to 3
 * @s: an open session; its time-outs bound each attempt
 * @p: followed by others meanwhile
 *
 * What fails for want of monitors or OSDs is tried again until it works or
 * somebody sets "stop". Doing it twice, or by two nodes at once, does no harm.
 *
 * Return: 0, then @p->epoch is E; -ECANCELED stopped; -EACCES the user may
 * not do it ('profile rbd' may add but not remove); -ESHUTDOWN we are fenced
 * ourselves; -EOPNOTSUPP a pool places objects in a way we do not know;
 * -ENOMEM.
 */
int fence_run(struct session *s, const struct fence_order *order,
	      struct fence_progress *p);

/**
 * fence_dump() - the committed OSD map
 * @dump: osddump_free() on success
 *
 * Return: 0 or a negative errno; -EBADMSG the answer is none that we know.
 */
int fence_dump(struct session *s, struct osddump *dump);

/**
 * fence_entry() - change the blocklist; once, and without looking behind it
 * @verb: "add" (for FENCE_EXPIRE_S) or "rm"
 *
 * Return: when it is committed: 0 or the monitors' negative errno.
 */
int fence_entry(struct session *s, const char *verb,
		const struct clientaddr *a);

/**
 * fence_watchers() - instances that watch an image from one of some hosts
 * @pool, @ns, @image_id: the image
 * @ips: @n_ips addresses of the victim, as text
 * @found: result, @n_found of them; the caller frees
 *
 * Return: 0; -ENOENT there is no such image (any more); or a negative errno.
 */
int fence_watchers(struct session *s, const struct fence_pool *pool,
		   const char *image_id, const char *const *ips, size_t n_ips,
		   struct clientaddr **found, size_t *n_found);

#endif
