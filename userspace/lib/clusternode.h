/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The nodes of cluster.conf: their values read and checked, nodes added to and
 * removed from the document.
 */
#ifndef RBDSHARE_LIB_CLUSTERNODE_H
#define RBDSHARE_LIB_CLUSTERNODE_H

#include <netinet/in.h>

#include "lib/clusterconf.h"
#include "lib/fault.h"

#define CLUSTERNODE_MAX_NUMBER 254
#define CLUSTERNODE_MAX_NAME 64
#define CLUSTERNODE_MAX_CLUSTER 16
#define CLUSTERNODE_PORT 7777

/**
 * struct clusternode - one node, as to be added
 * @number: 0 to 254, or -1 for the lowest free one
 * @port: TCP port of o2net
 */
struct clusternode {
	const char *name;
	const char *ip;
	unsigned int port;
	int number;
};

/*
 * clusternode_number() - a decimal number without anything around it
 *
 * Return: 0; -EINVAL when it is none; -ERANGE outside @min..@max.
 */
int clusternode_number(const char *text, unsigned long min, unsigned long max,
		       unsigned long *value);

/* 0, or -EINVAL with the reason; NULL as @text is fine for absent ones. */
int clusternode_check_name(const char *text, struct fault *f);
int clusternode_check_cluster(const char *text, struct fault *f);
int clusternode_check_number(const char *text, struct fault *f);
int clusternode_check_port(const char *text, struct fault *f);

/**
 * clusternode_check_ip() - an IPv4 address a node can have
 * @addr: the address; may be NULL
 */
int clusternode_check_ip(const char *text, struct in_addr *addr,
			 struct fault *f);

/**
 * clusternode_is_host() - whether a node's name is that of a host
 *
 * As o2cb does it: whatever the case, the host's domain does not count.
 */
bool clusternode_is_host(const char *name, const char *hostname);

/* Header of the cluster stanza of that name; -1 when there is none. */
ssize_t clusternode_cluster(const struct clusterconf *doc, const char *name);

/**
 * clusternode_next() - next node of a cluster
 * @from: line index to begin at
 * @cluster: its name; NULL for the nodes of all
 *
 * Return: index of its header, or -1.
 */
ssize_t clusternode_next(const struct clusterconf *doc, size_t from,
			 const char *cluster);

/* How many nodes a cluster has. */
unsigned int clusternode_count(const struct clusterconf *doc,
			       const char *cluster);

/* clusternode_recount() - make node_count true; 0 or -errno. */
int clusternode_recount(struct clusterconf *doc, const char *cluster);

/**
 * clusternode_add() - add a node behind the last one of its cluster
 * @cluster: a stanza for it is added when the file has none of that name
 * @node: @number is replaced by the one that was chosen
 *
 * Return: 0; -EINVAL, -EEXIST (name, number or address in use), -ENOSPC (no
 * number free) with a sentence; -ENOMEM.
 */
int clusternode_add(struct clusterconf *doc, const char *cluster,
		    struct clusternode *node, struct fault *f);

/* clusternode_remove() - 0, -ENOENT with a sentence, or -ENOMEM. */
int clusternode_remove(struct clusterconf *doc, const char *cluster,
		       const char *name, struct fault *f);

#endif
