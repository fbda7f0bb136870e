/* SPDX-License-Identifier: GPL-2.0 */
/* The clients of a host: who watches or has locked an image from there. */
#ifndef RBDSHARE_AGENT_INSTANCES_H
#define RBDSHARE_AGENT_INSTANCES_H

#include "agent/nodemap.h"
#include "lib/fence.h"

/**
 * struct instances - what was found
 * @v: @n of them, each once; room for @room; instances_free() frees
 * @images: that were looked at
 * @missed: images, or whole pools, that could not be looked at
 * @error: of the first that was missed
 */
struct instances {
	struct clientaddr *v;
	size_t n;
	size_t room;
	size_t images;
	size_t missed;
	int error;
};

/**
 * instances_find() - add those of all images
 * @pools: with a name; @n_pools of them
 * @hosts: whose clients are wanted
 * @within_ms: what is not looked at by then is missed
 *
 * A client whose connection was lost for half a minute does not watch any
 * more, but its lock is still there.
 *
 * Return: 0 or -ENOMEM. What is missed is no failure.
 */
int instances_find(struct session *s, const struct osddump_pool *pools,
		   size_t n_pools, const struct nodemap_hosts *hosts,
		   unsigned int within_ms, struct instances *found);

/* instances_add() - one more, unless it is there; 0 or -ENOMEM */
int instances_add(struct instances *found, const struct clientaddr *a);

void instances_free(struct instances *found);

#endif
