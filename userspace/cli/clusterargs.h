/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The command line of "rbdshare cluster", and its sub-verbs.
 */
#ifndef RBDSHARE_CLI_CLUSTERARGS_H
#define RBDSHARE_CLI_CLUSTERARGS_H

#include <stdbool.h>

#define CLUSTER_IMAGE_POOLS 16

/**
 * struct cluster_args - options and words; the strings point into argv
 * @file: cluster.conf; never NULL
 * @defaults: file of the O2CB_ variables; never NULL
 * @cluster: --cluster-name, or NULL
 * @network: 1 = connect to the peers, 0 = do not, -1 = when o2cb is online
 * @image_pools: --image-pool, @n_image_pools of them
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
	const char *slow_after;
	const char *size;
	const char *state;
	const char *textfile;
	const char *keyring_out;
	const char *life;
	const char *image_pools[CLUSTER_IMAGE_POOLS];
	unsigned int n_image_pools;
	const char *idle;
	const char *keepalive;
	const char *reconnect;
	bool enable;
	bool fast;
	bool follow;
	bool brief;
	bool yes;
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
int cluster_init(const struct cluster_args *args);
int cluster_keys(const struct cluster_args *args);
int cluster_online(const struct cluster_args *args);
int cluster_offline(const struct cluster_args *args);
int cluster_status(const struct cluster_args *args);
int cluster_watch(const struct cluster_args *args);
int cluster_wait(const struct cluster_args *args);
int cluster_events(const struct cluster_args *args);
int cluster_history(const struct cluster_args *args);
int cluster_postmortem(const struct cluster_args *args);
int cluster_join(const struct cluster_args *args);
int cluster_leave(const struct cluster_args *args);
int cluster_fence(const struct cluster_args *args);
int cluster_confirm(const struct cluster_args *args);
int cluster_unfence(const struct cluster_args *args);
int cluster_set(const struct cluster_args *args);
int cluster_reload(const struct cluster_args *args);
int cluster_metrics(const struct cluster_args *args);

#endif
