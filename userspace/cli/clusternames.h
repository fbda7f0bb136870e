/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names and numbers of nodes, from cluster.conf as far as it can be read.
 */
#ifndef RBDSHARE_CLI_CLUSTERNAMES_H
#define RBDSHARE_CLI_CLUSTERNAMES_H

#include "cli/clusterargs.h"
#include "lib/fault.h"

#define CLUSTERNAMES_MAX 255

/**
 * struct clusternames - by number; "" where nobody is known
 * @known: how many are
 */
struct clusternames {
	char name[CLUSTERNAMES_MAX][65];
	unsigned int known;
};

/**
 * clusternames_load() - what the file says
 * @cluster: whose nodes; NULL for the cluster of the file, as o2cb chooses
 *
 * Never fails: names are a convenience, and the file may be gone.
 */
void clusternames_load(const struct cluster_args *args, const char *cluster,
		       struct clusternames *names);

/* "n1", or "node 7" in a buffer that the next call but three reuses */
const char *clusternames_of(const void *names, int node);

/**
 * clusternames_find() - the number of a name or number on the command line
 *
 * A number need not be known.
 *
 * Return: the number, or -ENOENT with a sentence.
 */
int clusternames_find(const struct clusternames *names, const char *word,
		      const struct cluster_args *args, struct fault *f);

#endif
