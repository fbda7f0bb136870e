/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The nodes as one node has them from its cluster.conf, for the others to
 * compare with. Each node that begins to write heartbeats puts its own into
 * the object "nodes.<cluster>.<number>". Text: the hash that its slot carries as
 * 16 hexadecimal digits, then a line "number name address" for each node.
 */
#ifndef RBDSHARE_LIB_NODELIST_H
#define RBDSHARE_LIB_NODELIST_H

#include "lib/nodesettings.h"
#include "lib/radosdoor.h"

#define NODELIST_MAX_BYTES (32 * 1024)

/* nodelist_format() - the text; to be freed. NULL without memory. */
char *nodelist_format(const struct nodesettings *set);

/**
 * nodelist_parse() - from such a text
 * @text: @len bytes
 * @hash: that it begins with
 * @nodes: NODESETTINGS_NODES, filled whole
 *
 * Return: 0 or -EBADMSG.
 */
int nodelist_parse(const char *text, size_t len, uint64_t *hash,
		   struct nodesettings_node *nodes);

/**
 * nodelist_difference() - the first node that is not the same
 * @here: NODESETTINGS_NODES
 * @there: likewise
 * @text: "number 2 is node3 (10.0.0.3) here, nobody there"; "" when all are
 */
void nodelist_difference(const struct nodesettings_node *here,
			 const struct nodesettings_node *there, char *text,
			 size_t size);

/**
 * nodelist_write() - put it into the storage; blocks
 *
 * Return: 0 or a negative errno.
 */
int nodelist_write(const struct nodesettings *set, const struct radosdoor *door,
		   rados_ioctx_t io);

/**
 * nodelist_read() - that of another node; blocks
 * @hash: that its slot carries: another one is not what it goes by
 *
 * Return: 0; -ENOENT there is none with this hash; or a negative errno.
 */
int nodelist_read(const char *cluster, unsigned int number, uint64_t hash,
		  const struct radosdoor *door, rados_ioctx_t io,
		  struct nodesettings_node *nodes);

#endif
