/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a fence has to know of the OSD map, out of "ceph osd dump" in JSON:
 * epoch, blocklist and pools of one committed map, in one answer.
 */
#ifndef RBDSHARE_LIB_OSDDUMP_H
#define RBDSHARE_LIB_OSDDUMP_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/clientaddr.h"

/**
 * struct osddump - a map
 * @root: the answer; owned, osddump_free()
 * @epoch: of the map
 * @modified: when it was committed, by the monitors' clock, in seconds
 */
struct osddump {
	struct json_object *root;
	uint32_t epoch;
	int64_t modified;
};

/**
 * struct osddump_pool - a pool
 * @name: lives in the dump
 * @pg_num: its placement groups
 * @object_hash: how names become groups
 * @full: nothing can be written: no space, or its quota is reached
 */
struct osddump_pool {
	int64_t id;
	const char *name;
	uint32_t pg_num;
	uint32_t object_hash;
	bool full;
};

/**
 * osddump_take() - look at an answer
 * @root: belongs to @dump, also on failure
 *
 * Return: 0, or -EBADMSG when something is missing in it.
 */
int osddump_take(struct osddump *dump, struct json_object *root);

void osddump_free(struct osddump *dump);

/**
 * osddump_fenced_for() - how long an instance, or a host, is still fenced
 *
 * Only its own entry counts. Those of the host of an instance, and of ranges,
 * are somebody else's and may go at any time.
 *
 * Return: seconds from @dump->modified on, by the monitors' clock alone;
 * 0 when it is not listed, or no longer.
 */
int64_t osddump_fenced_for(const struct osddump *dump,
			   const struct clientaddr *a);

/* osddump_pool() - Return: false when there is no such pool. */
bool osddump_pool(const struct osddump *dump, int64_t id,
		  struct osddump_pool *pool);

/**
 * osddump_block_pools() - ids of the pools that block images may live in
 * @ids: the caller frees; NULL when there are none
 *
 * Those of the application "rbd", and those that nobody has given one.
 *
 * Return: how many, or -ENOMEM.
 */
ssize_t osddump_block_pools(const struct osddump *dump, int64_t **ids);

/* osddump_time() - "2036-11-20T07:15:20.779863+0000" to seconds; -1: none */
int64_t osddump_time(const char *text);

#endif
