/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fence.h for an event loop: orders are done one after the other in a thread,
 * however long that takes; how far it is can be seen at any time.
 *
 * One thread uses a fencer.
 */
#ifndef RBDSHARE_LIB_FENCER_H
#define RBDSHARE_LIB_FENCER_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/fence.h"

#define FENCER_IPS 8

enum fencer_kind {
	FENCER_FENCE,
	FENCER_WATCHERS,
};

/**
 * struct fencer_image - whose watchers are looked for
 * @pool: of the image
 * @id: of the image, not its name
 */
struct fencer_image {
	struct fence_pool pool;
	char id[64];
};

/**
 * struct fencer_result - what became of an order
 * @kind, @tag: of the order
 * @error: as of fence_run() or fence_watchers(); an image that is gone is no
 *	error
 * @epoch: fence: E
 * @shortest_s: fence: so long it holds at least (see fence.h)
 * @added, @replaced: fence: entries, see fence.h
 * @pgs: fence: groups that were swept
 * @excused: fence: groups that had not answered, by fencer_excuse()
 * @found: watchers: @n_found instances, each once; the caller frees
 */
struct fencer_result {
	enum fencer_kind kind;
	uint64_t tag;
	int error;
	uint32_t epoch;
	int64_t shortest_s;
	uint32_t added;
	uint32_t replaced;
	uint32_t pgs;
	uint32_t excused;
	struct clientaddr *found;
	size_t n_found;
};

/**
 * struct fencer_status - how far the order is that is being done
 * @tag: of it; 0 when there is none
 * @waiting_pool, @waiting_pg, @waiting_ms: the group that answers last
 * @error: why an attempt is being repeated; 0 when all is well
 */
struct fencer_status {
	uint64_t tag;
	enum fence_stage stage;
	uint32_t pgs;
	uint32_t answered;
	int64_t waiting_pool;
	uint32_t waiting_pg;
	long long waiting_ms;
	int error;
};

struct fencer;

/* fencer_open() - @s: open, outlives the fencer. Return: 0 or -errno. */
int fencer_open(struct fencer **f, struct session *s);

/* Readable when fencer_next() may have something. */
int fencer_fd(const struct fencer *f);

/**
 * fencer_fence() - fence_run()
 * @order: copied
 * @tag: not 0
 *
 * Return: 0 and a result later, or -ENOMEM.
 */
int fencer_fence(struct fencer *f, const struct fence_order *order,
		 uint64_t tag);

/**
 * fencer_watchers() - fence_watchers() for a list of images
 * @images: copied, @n of them
 * @ips: of the victim, copied, at most FENCER_IPS
 *
 * Return: 0 and a result later, -EINVAL or -ENOMEM.
 */
int fencer_watchers(struct fencer *f, const struct fencer_image *images,
		    size_t n, const char *const *ips, size_t n_ips,
		    uint64_t tag);

/* fencer_next() - call until false */
bool fencer_next(struct fencer *f, struct fencer_result *result);

void fencer_status(struct fencer *f, struct fencer_status *status);

/**
 * fencer_excuse() - wait no longer for groups that do not answer
 *
 * For a victim that is switched off for certain: it is on the blocklist, but
 * what OSDs of these groups had received of it might still be written.
 *
 * Return: 0; -ENOENT nothing is being swept; -EAGAIN it is not in the map yet.
 */
int fencer_excuse(struct fencer *f);

/* Gives up what is being done and what is queued; they end with -ECANCELED. */
void fencer_cancel(struct fencer *f);

/* Cancels, waits for the thread (some seconds at most), frees. */
void fencer_close(struct fencer *f);

#endif
