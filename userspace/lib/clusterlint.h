/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is wrong with the content of a cluster.conf, judged from the text and
 * a few facts given by the caller; nothing of this machine is looked at.
 */
#ifndef RBDSHARE_LIB_CLUSTERLINT_H
#define RBDSHARE_LIB_CLUSTERLINT_H

#include "lib/clusterconf.h"

/**
 * struct clusterlint - the facts
 * @file: path for the findings
 * @hostname: the host to judge for; NULL leaves its checks out
 * @bootcluster: O2CB_BOOTCLUSTER; NULL or "" when it is not known
 */
struct clusterlint {
	const char *file;
	const char *hostname;
	const char *bootcluster;
};

/**
 * clusterlint_active() - which cluster of the file counts on this host
 *
 * The boot cluster when the file has it, else the only one of the file.
 *
 * Return: its name, inside @doc; NULL when there is none or no way to choose.
 */
const char *clusterlint_active(const struct clusterconf *doc,
			       const char *bootcluster);

/**
 * clusterlint_self() - the node stanza of a host
 * @cluster: NULL for any
 *
 * Return: index of the header, or -1.
 */
ssize_t clusterlint_self(const struct clusterconf *doc, const char *cluster,
			 const char *hostname);

/* clusterlint_check() - add all findings; 0 or -ENOMEM. */
int clusterlint_check(const struct clusterconf *doc,
		      const struct clusterlint *facts,
		      struct finding_list *found);

#endif
