/* SPDX-License-Identifier: GPL-2.0 */
/* The two ways to cut a node off. */
#ifndef RBDSHARE_AGENT_METHOD_H
#define RBDSHARE_AGENT_METHOD_H

#include <stdbool.h>

#include "agent/options.h"

/* What status returns for a node that is off; also the exit code. */
#define METHOD_OFF 2

/**
 * struct method - one of them
 * @name: as the option "method" has it
 * @off: 0 when the node is proved to be cut off
 * @on: 0 when nothing keeps it off
 * @status: 0 on, METHOD_OFF
 * @monitor: 0 when a fence would work
 * @list: print the nodes, with @states if they are on
 * @check: the options that only this method has
 *
 * All return a negative errno with a sentence when they fail.
 */
struct method {
	const char *name;
	int (*off)(const struct options *o, struct fault *f);
	int (*on)(const struct options *o, struct fault *f);
	int (*status)(const struct options *o, struct fault *f);
	int (*monitor)(const struct options *o, struct fault *f);
	int (*list)(const struct options *o, bool states, struct fault *f);
	int (*check)(const struct options *o, struct fault *f);
};

extern const struct method method_cluster;
extern const struct method method_address;

/**
 * method_choose() - by the option, or what this host has
 *
 * A node of cluster.conf whose daemon does not answer is not fenced by its
 * address behind the cluster's back, unless that is what is asked for.
 */
const struct method *method_choose(const struct options *o);

#endif
