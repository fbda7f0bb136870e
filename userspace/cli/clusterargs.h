/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The command line of "rbdshare cluster", and its sub-verbs.
 */
#ifndef RBDSHARE_CLI_CLUSTERARGS_H
#define RBDSHARE_CLI_CLUSTERARGS_H

#include <stdbool.h>

/**
 * struct cluster_args - options and words; the strings point into argv
 * @file: cluster.conf; never NULL
 * @defaults: file of the O2CB_ variables; never NULL
 * @cluster: --cluster-name, or NULL
 * @network: 1 = connect to the peers, 0 = do not, -1 = when o2cb is online
 * @words: what is not an option, behind the sub-verb
 */
struct cluster_args {
	const char *file;
	const char *defaults;
	const char *cluster;
	const char *hostname;
	const char *ip;
	const char *port;
	const char *number;
	const char *dead_after;
	const char *idle;
	const char *keepalive;
	const char *reconnect;
	bool enable;
	int network;
	char **words;
	int nwords;
};

/* One sub-verb each; they return the exit code. */
int cluster_check(const struct cluster_args *args);
int cluster_show(const struct cluster_args *args);
int cluster_format(const struct cluster_args *args);
int cluster_add_node(const struct cluster_args *args);
int cluster_remove_node(const struct cluster_args *args);
int cluster_timeouts(const struct cluster_args *args);

#endif
