/* SPDX-License-Identifier: GPL-2.0 */
/* Which addresses a node has, for method address. */
#ifndef RBDSHARE_AGENT_NODEMAP_H
#define RBDSHARE_AGENT_NODEMAP_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/clientaddr.h"
#include "lib/fault.h"

/* Addresses of one node. */
#define NODEMAP_ADDRESSES 16
#define NODEMAP_NAME 256
#define NODEMAP_LIST 1024

struct options;

/**
 * struct nodemap_hosts - addresses of a node, each as a whole host
 * @looked_up: they are those of its name, nobody has named them
 */
struct nodemap_hosts {
	struct clientaddr v[NODEMAP_ADDRESSES];
	size_t n;
	bool looked_up;
};

/**
 * struct nodemap_entry - a node of a map
 * @list: its addresses, a comma between
 */
struct nodemap_entry {
	char name[NODEMAP_NAME];
	char list[NODEMAP_LIST];
};

/**
 * nodemap_next() - walk through "node1:10.0.0.1;node2:10.0.0.2,10.1.0.2"
 * @p: where to go on
 *
 * Nodes are parted by semicolons or blanks. Return: 1 and an entry; 0 at the
 * end; -EINVAL with a sentence.
 */
int nodemap_next(const char **p, struct nodemap_entry *e, struct fault *f);

/**
 * nodemap_parse_list() - "10.0.0.1,fd00::1"
 *
 * Return: 0, or -EINVAL with a sentence.
 */
int nodemap_parse_list(const char *list, struct nodemap_hosts *h,
		       struct fault *f);

/**
 * nodemap_find() - the addresses of the node that is meant
 * @o: address, else plug_map, else the name itself is looked up
 *
 * Return: 0; -EINVAL; -ENOENT there is no such node; with a sentence.
 */
int nodemap_find(const struct options *o, struct nodemap_hosts *h,
		 struct fault *f);

/* nodemap_check() - is it well-formed, with addresses? 0 or -EINVAL */
int nodemap_check(const char *map, struct fault *f);

/* "10.0.0.1, 10.1.0.1" */
void nodemap_describe(const struct nodemap_hosts *h, char *buf, size_t size);

#endif
