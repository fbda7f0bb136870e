/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What this machine says about the cluster: is o2cb online, is the address of
 * the node here, do the peers answer, is the kernel set up as o2cb needs it.
 *
 * $RBDSHARE_SYSFS replaces /sys and $RBDSHARE_PROC replaces /proc.
 */
#ifndef RBDSHARE_LIB_CLUSTERHOST_H
#define RBDSHARE_LIB_CLUSTERHOST_H

#include <stdbool.h>

#include "lib/clusterconf.h"
#include "lib/o2cbdefaults.h"

/* How long a peer has to accept a connection. */
#define CLUSTERHOST_CONNECT_MS 2000

/* clusterhost_name() - the host's name without domain; 0 or -errno. */
int clusterhost_name(char *buf, size_t size);

/* clusterhost_online() - whether the cluster is registered in the kernel. */
bool clusterhost_online(const char *cluster);

/* clusterhost_joined() - the same, and this node is in it. */
bool clusterhost_joined(const char *cluster);

/*
 * clusterhost_other_stack() - OCFS2 goes by another stack than o2cb here, as
 *	rbdshared sets it
 */
bool clusterhost_other_stack(void);

/*
 * clusterhost_rbdshared() - this host's cluster is rbdshared's: it is online, or
 *	comes up at boot. $RBDSHARE_ETC replaces /etc.
 */
bool clusterhost_rbdshared(void);

/**
 * clusterhost_running() - one time-out as the kernel has it now
 *
 * Return: 0 or a negative errno (-ENOENT when the cluster is offline).
 */
int clusterhost_running(const char *cluster, enum o2cb_timeout which,
			unsigned int *value);

/**
 * clusterhost_check_address() - is the node's address on an interface here
 * @self: header of this host's node stanza
 *
 * Return: 0 or a negative errno; what is wrong goes to @found.
 */
int clusterhost_check_address(const struct clusterconf *doc, ssize_t self,
			      const char *file, struct finding_list *found);

/**
 * clusterhost_check_ports() - try to connect to every other node, all at once
 * @cluster: whose nodes
 * @self: header of this host's node, which is left out
 *
 * Takes CLUSTERHOST_CONNECT_MS at most. o2net of a peer notes in its log that
 * a connection came and went; that is all it does.
 */
int clusterhost_check_ports(const struct clusterconf *doc, const char *cluster,
			    ssize_t self, const char *file,
			    struct finding_list *found);

/* clusterhost_check_sysctls() - kernel.panic_on_oops and kernel.panic. */
int clusterhost_check_sysctls(struct finding_list *found);

/**
 * clusterhost_check_running() - does the kernel use what the file says
 * @t: the values of @file
 */
int clusterhost_check_running(const char *cluster,
			      const struct o2cb_timeouts *t, const char *file,
			      struct finding_list *found);

#endif
