/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Pools as the monitors describe them.
 */
#ifndef RBDSHARE_CLI_POOL_H
#define RBDSHARE_CLI_POOL_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/verbctx.h"

/**
 * struct pool - one pool
 * @apps: names of its applications, a comma between; "" when it has none
 * @used, @avail: bytes, before and for new data
 */
struct pool {
	char name[128];
	uint64_t pg_num;
	uint64_t replicas;
	char apps[128];
	uint64_t used;
	uint64_t avail;
	uint64_t objects;
};

/**
 * pools_read() - all pools of the cluster
 * @v: array of the caller (free it), sorted by name
 *
 * Return: 0, or a negative errno with a sentence.
 */
int pools_read(struct verbctx *c, struct pool **v, size_t *n);

/**
 * pool_images() - count the images in all namespaces of a pool, and its trash
 *
 * Return: 0, or a negative errno with a sentence.
 */
int pool_images(struct verbctx *c, const char *pool, uint64_t *images,
		uint64_t *trash);

/* "pool create": argv[0] is "create". Return: the exit code. */
int pool_create(int argc, char **argv);

#endif
