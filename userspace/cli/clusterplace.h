/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which cluster a verb is about and where its objects are. The command line
 * goes before the environment, that before /etc/default/rbdshare:
 *
 *	--cluster-name	RBDSHARE_CLUSTER	else the boot cluster of o2cb
 *	--pool		RBDSHARE_POOL		else "rbdshare"
 *	--id, --name	RBDSHARE_ID		else admin
 *	--conf		RBDSHARE_CONF
 *	--keyring	RBDSHARE_KEYRING
 *
 * $RBDSHARE_DEFAULTS replaces /etc/default/rbdshare.
 */
#ifndef RBDSHARE_CLI_CLUSTERPLACE_H
#define RBDSHARE_CLI_CLUSTERPLACE_H

#include "cli/clusterargs.h"
#include "lib/fault.h"

/**
 * struct clusterplace - the answer
 * @cluster: its name, 1 to 16 letters and digits
 * @pool: of its objects
 */
struct clusterplace {
	char cluster[17];
	char pool[128];
};

/**
 * clusterplace_find() - settle it
 *
 * User, configuration and keyring are put into the global options.
 *
 * Return: 0, -EINVAL for a bad name, or -ENOENT when no cluster is known; with
 * a sentence.
 */
int clusterplace_find(const struct cluster_args *args, struct clusterplace *p,
		      struct fault *f);

#endif
