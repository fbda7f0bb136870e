/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The o2cb cluster that this host brings online: what the defaults file says,
 * or else what cluster.conf has.
 */
#ifndef RBDSHARE_LIB_BOOTCLUSTER_H
#define RBDSHARE_LIB_BOOTCLUSTER_H

#include "lib/clusterconf.h"

/**
 * bootcluster_set() - O2CB_BOOTCLUSTER of a defaults file
 *
 * Return: a string the caller frees; NULL when it is not set, empty, or the
 * file cannot be read.
 */
char *bootcluster_set(const char *defaults);

/**
 * bootcluster_name() - the same, or the first cluster of cluster.conf
 *
 * Names that o2cb does not take do not count.
 *
 * Return: a string the caller frees, or NULL.
 */
char *bootcluster_name(const char *defaults, const char *conf);

/**
 * bootcluster_active() - the cluster of cluster.conf that counts on this host
 * @doc: of cluster.conf
 *
 * The one that the defaults name, if the file has it, or else the only one.
 *
 * Return: its name, inside @doc; NULL when there is none, or no way to choose.
 */
const char *bootcluster_active(const char *defaults,
			       const struct clusterconf *doc);

#endif
