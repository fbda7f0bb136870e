/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The small pool of a cluster: made, or found to be fit.
 */
#ifndef RBDSHARE_CLI_CLUSTERPOOL_H
#define RBDSHARE_CLI_CLUSTERPOOL_H

#include <stdbool.h>

#include "cli/clusterplace.h"
#include "cli/verbctx.h"

/* Its application, so that nobody takes it for a pool of images. */
#define CLUSTERPOOL_APP "rbdshare"

/**
 * struct clusterpool - the pool
 * @exists: it need not be made
 * @enable: it lacks our application
 * @pg_num: groups it has, or is to have
 * @replicas: copies it has, or is to have; 0: as the monitors like it
 * @groups: in how many groups the three heartbeat objects are
 */
struct clusterpool {
	bool exists;
	bool enable;
	unsigned int pg_num;
	unsigned int replicas;
	unsigned int groups;
};

/**
 * clusterpool_look() - is it there, and may we use it?
 * @replicas: wanted of a new one, 0
 *
 * Return: 0, or a negative errno with a sentence; -EEXIST it is somebody
 * else's, -EOPNOTSUPP it is erasure-coded.
 */
int clusterpool_look(struct verbctx *c, const struct clusterplace *p,
		     unsigned int replicas, struct clusterpool *pool);

/* clusterpool_make() - what is missing. Return: 0 or -errno, a sentence. */
int clusterpool_make(struct verbctx *c, const struct clusterplace *p,
		     const struct clusterpool *pool);

/* clusterpool_warn() - of heartbeats that one stalled group would stop */
void clusterpool_warn(const struct clusterplace *p,
		      const struct clusterpool *pool);

#endif
