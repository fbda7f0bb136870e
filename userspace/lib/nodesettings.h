/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a node has to know before it can take part in a cluster: who it is and
 * who the others are (cluster.conf), and how it reaches the storage
 * (/etc/default/rbdshare; variables of the environment go before it).
 *
 *	RBDSHARE_CLUSTER	name of the cluster; else that of the boot cluster
 *	RBDSHARE_POOL		pool of the view and the heartbeats ("rbdshare")
 *	RBDSHARE_ID		user of Ceph, without "client." ("admin")
 *	RBDSHARE_CONF		ceph.conf
 *	RBDSHARE_KEYRING	its key
 *	RBDSHARE_WEIGHT		what this node counts in a partition (1)
 *	RBDSHARE_ON_FENCED	"hold" or "fail": I/O of a fenced node (hold)
 *	RBDSHARE_CLUSTER_CONF	instead of /etc/ocfs2/cluster.conf
 */
#ifndef RBDSHARE_LIB_NODESETTINGS_H
#define RBDSHARE_LIB_NODESETTINGS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/fault.h"

#define NODESETTINGS_NODES 255
#define NODESETTINGS_DEFAULTS "/etc/default/rbdshare"

/**
 * struct nodesettings_node - a node of cluster.conf
 * @name: "" when nobody has this number
 * @ip: where its DLM listens
 */
struct nodesettings_node {
	char name[65];
	struct in_addr ip;
};

/**
 * struct nodesettings - all of it; nodesettings_free() frees the strings
 * @cluster: its name
 * @pool: of the cluster's objects
 * @user: "client.ID"
 * @conf: NULL for the usual one
 * @keyring: NULL for the usual ones
 * @weight: 1 to 1000
 * @hold_when_fenced: I/O waits, instead of failing
 * @number: ours
 * @config_hash: of number, name and address of all nodes
 * @nodes: by number
 */
struct nodesettings {
	char cluster[17];
	char *pool;
	char *user;
	char *conf;
	char *keyring;
	uint16_t weight;
	bool hold_when_fenced;
	uint16_t number;
	uint64_t config_hash;
	struct nodesettings_node nodes[NODESETTINGS_NODES];
};

/**
 * nodesettings_load() - read and check all of it
 * @f: what is wrong, with file and line, and what to do
 *
 * Return: 0; -ENOENT no cluster.conf, or this host is not in it; -EINVAL; or
 * another negative errno. Nothing is to be freed then.
 */
int nodesettings_load(struct nodesettings *s, struct fault *f);

void nodesettings_free(struct nodesettings *s);

#endif
