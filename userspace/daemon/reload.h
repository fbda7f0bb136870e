/* SPDX-License-Identifier: GPL-2.0 */
/* cluster.conf, read anew while the cluster runs. */
#ifndef RBDSHARED_RELOAD_H
#define RBDSHARED_RELOAD_H

#include "lib/fault.h"

struct daemon;

/**
 * reload() - take other nodes than the members from cluster.conf
 * @f: in any case a sentence: what has changed, or why nothing may
 *
 * The other settings stay as they were at the start. It is all or nothing.
 *
 * Return: 1 something has changed, and is in the diary; 0 nothing has;
 * -EBUSY it concerns a member, or needs a new start; or what
 * nodesettings_load() returns.
 */
int reload(struct daemon *d, struct fault *f);

#endif
