/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Is the cluster well, seen from this node? A list of what is not, each with
 * the next command to run.
 */
#ifndef RBDSHARE_LIB_CLUSTERHEALTH_H
#define RBDSHARE_LIB_CLUSTERHEALTH_H

#include <json-c/json.h>

#include "lib/clusterstatus.h"

#define CLUSTERHEALTH_PROBLEMS 64

/**
 * enum clusterhealth_level - also the exit code of "cluster status"
 * @CLUSTERHEALTH_OK: all is well
 * @CLUSTERHEALTH_DEGRADED: it works, or is about to, but not with all nodes
 * @CLUSTERHEALTH_NO_RIGHTS: this node may not write
 * @CLUSTERHEALTH_STOPPED: the daemon does not run
 */
enum clusterhealth_level {
	CLUSTERHEALTH_OK,
	CLUSTERHEALTH_DEGRADED,
	CLUSTERHEALTH_NO_RIGHTS,
	CLUSTERHEALTH_STOPPED,
};

/**
 * struct clusterhealth_problem - something that is not well
 * @node: about whom; -1 for this node's own state or the cluster
 * @lockspace: index of the lockspace it is about; -1
 * @text: a phrase: "its last heartbeat is 7 s old"
 * @command: what to do next, "" when waiting is all
 */
struct clusterhealth_problem {
	enum clusterhealth_level level;
	int node;
	int lockspace;
	char text[320];
	char command[160];
};

/**
 * struct clusterhealth - the verdict
 * @level: the worst of all problems
 * @v: @n of them; further ones are counted in @level alone
 */
struct clusterhealth {
	enum clusterhealth_level level;
	struct clusterhealth_problem v[CLUSTERHEALTH_PROBLEMS];
	size_t n;
};

/* clusterhealth_judge() - fills @h */
void clusterhealth_judge(const struct clusterstatus *s,
			 struct clusterhealth *h);

/* "ok", "degraded", "no-rights", "stopped" */
const char *clusterhealth_str(enum clusterhealth_level level);

/* clusterhealth_json() - add "health" and "problems" to an object */
void clusterhealth_json(const struct clusterhealth *h, struct json_object *o);

#endif
