/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The view of a cluster, read by a command straight from the storage: no
 * daemon has to run for that.
 */
#ifndef RBDSHARE_CLI_CLUSTERVIEW_H
#define RBDSHARE_CLI_CLUSTERVIEW_H

#include "cli/clusterplace.h"
#include "cli/verbctx.h"
#include "lib/clientaddr.h"
#include "lib/viewobject.h"
#include "view.h"

/**
 * struct clusterview - where it is, and what it was when it was read
 * @io: the pool; NULL before clusterview_open()
 * @object: the view object
 * @view: NULL before clusterview_read()
 */
struct clusterview {
	rados_ioctx_t io;
	struct viewobject object;
	struct rbd_view *view;
};

/**
 * clusterview_open() - its pool
 * @c: connected
 *
 * Return: 0, or a negative errno with a sentence; -ENOENT there is no pool.
 */
int clusterview_open(struct verbctx *c, const struct clusterplace *p,
		     struct clusterview *v);

/**
 * clusterview_read() - fetch and decode it
 *
 * Return: 0, or a negative errno with a sentence; -ENOENT it was never made.
 */
int clusterview_read(struct verbctx *c, const struct clusterplace *p,
		     struct clusterview *v);

void clusterview_close(struct verbctx *c, struct clusterview *v);

/* clusterview_client() - as Ceph's blocklist has it */
void clusterview_client(const struct rbd_instance *i, struct clientaddr *a);

/* 16 bytes as 32 digits and a NUL */
void clusterview_hex(const u8 bytes[16], char text[33]);

#endif
