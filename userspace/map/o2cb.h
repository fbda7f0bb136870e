/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The o2cb cluster must be online before an OCFS2 volume can be mounted.
 */
#ifndef RBDSHARE_MAP_O2CB_H
#define RBDSHARE_MAP_O2CB_H

#include "lib/fault.h"

/**
 * o2cb_online() - bring the o2cb cluster online
 *
 * Prints "Cluster NAME already online" when it is. Does nothing on a machine
 * without ocfs2-tools or without a cluster.conf.
 *
 * Return: 0 or a negative errno with the reason in @f.
 */
int o2cb_online(struct fault *f);

#endif
