/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the nodes of a cluster wrote down, out of the storage, in the order of
 * time.
 */
#ifndef RBDSHARE_CLI_CLUSTERSTORY_H
#define RBDSHARE_CLI_CLUSTERSTORY_H

#include "cli/clusternames.h"
#include "cli/clusterview.h"
#include "lib/eventline.h"
#include "nodeset.h"

/**
 * struct clusterstory - what was read
 * @nodes: whose lines; filled in by the caller
 * @node: whose are being read
 * @v: @n events of @room
 */
struct clusterstory {
	struct rbd_nodeset nodes;
	int node;
	struct eventline *v;
	size_t n;
	size_t room;
};

/**
 * clusterstory_all() - lines of all who may have written some
 * @names: from cluster.conf
 * @view: NULL when it cannot be read
 */
void clusterstory_all(struct clusterstory *s, const struct clusternames *names,
		      const struct rbd_view *view);

/**
 * clusterstory_read() - read and sort them
 * @io: the pool of @place
 *
 * Return: 0 or a negative errno with a sentence.
 */
int clusterstory_read(struct verbctx *c, const struct clusterplace *place,
		      const struct clusternames *names, rados_ioctx_t io,
		      struct clusterstory *s);

/* clusterstory_json() - events @from to @to, the latter not included */
struct json_object *clusterstory_json(const struct clusterstory *s, size_t from,
				      size_t to);

void clusterstory_free(struct clusterstory *s);

#endif
