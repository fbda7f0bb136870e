/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the daemon says about the cluster, read from its line of JSON. The
 * daemon and the command may be of different versions: what is missing is
 * empty, what is unknown is passed over.
 */
#ifndef RBDSHARE_LIB_CLUSTERSTATUS_H
#define RBDSHARE_LIB_CLUSTERSTATUS_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An age that nobody knows. */
#define CLUSTERSTATUS_NEVER UINT64_MAX

/**
 * struct clusterstatus_node - a node of cluster.conf or of the view
 * @state: "none", "joining", "active", "suspect", "cut", "fencing", "fenced",
 *	"left"
 * @beat_age_ms: of its heartbeat on the storage, CLUSTERSTATUS_NEVER
 * @heard_ms: since its last message on the network, CLUSTERSTATUS_NEVER
 * @stale: its daemon does not tell its kernel anything
 * @accusation: "" when it is not accused
 * @accuser: number, -1
 * @config_differs: it has another cluster.conf than we
 */
struct clusterstatus_node {
	int number;
	const char *name;
	const char *address;
	const char *state;
	bool self;
	uint64_t beat_age_ms;
	uint64_t heard_ms;
	bool stale;
	const char *accusation;
	int accuser;
	bool config_differs;
};

/**
 * struct clusterstatus_lockspace - one of the view
 * @here: "none", "stopped", "ready", "running"
 * @waiting: why it does not run here, ""
 * @members, @failed, @left: arrays of numbers, NULL
 */
struct clusterstatus_lockspace {
	const char *name;
	uint64_t generation;
	bool settled;
	const char *here;
	const char *waiting;
	struct json_object *members;
	struct json_object *failed;
	struct json_object *left;
};

/**
 * struct clusterstatus_fence - one of the view
 * @state: "fencing", "fenced", "retired"
 * @by: number of who decided it, -1
 */
struct clusterstatus_fence {
	int node;
	const char *state;
	const char *reason;
	const char *evidence;
	int by;
	uint64_t epoch;
};

struct clusterstatus_image {
	const char *image;
	const char *client;
};

/**
 * struct clusterstatus - all of it; strings and arrays live in @root
 * @root: the daemon's object, owned; clusterstatus_free()
 * @node: own number, -1
 * @state: "starting", "joining", "active", "suspect", "cut", "fenced",
 *	"leaving", "left"
 * @gate: "open", "lease", "frozen", "fenced"
 * @beat_age_ms ... @beat_good: own heartbeat
 * @storage_busy_ms: how long a request to the storage has been waiting
 * @next_dead_after_ms, @next_slow_after_ms: what they are to become; 0 for no
 *	change
 * @next_waits_for: array of numbers of nodes that do not go by them yet, NULL
 * @sweep_stage: of the fence under way, "" when there is none
 * @sweep_answered, @sweep_pgs, @sweep_error: how far it is
 * @sweep_waiting_ms: for how long the group @sweep_waiting_pool,
 *	@sweep_waiting_pg has not answered; 0 when none is late
 * @advice: array of sentences, NULL
 */
struct clusterstatus {
	struct json_object *root;
	const char *cluster;
	const char *pool;
	const char *name;
	int node;
	const char *state;
	const char *gate;
	uint64_t view;
	uint64_t beat_age_ms;
	uint64_t latency_us;
	uint64_t max_latency_us;
	uint64_t p99_latency_us;
	uint64_t tick_ms;
	bool beat_good;
	uint64_t storage_busy_ms;
	uint64_t dead_after_ms;
	uint64_t slow_after_ms;
	uint64_t next_dead_after_ms;
	uint64_t next_slow_after_ms;
	struct json_object *next_waits_for;
	const char *sweep_stage;
	uint64_t sweep_answered;
	uint64_t sweep_pgs;
	int sweep_error;
	uint64_t sweep_waiting_pool;
	uint64_t sweep_waiting_pg;
	uint64_t sweep_waiting_ms;
	struct clusterstatus_node *nodes;
	size_t n_nodes;
	struct clusterstatus_lockspace *lockspaces;
	size_t n_lockspaces;
	struct clusterstatus_fence *fences;
	size_t n_fences;
	struct clusterstatus_image *images;
	size_t n_images;
	struct json_object *advice;
};

/**
 * clusterstatus_read() - take the daemon's object apart
 * @root: one more reference is taken
 *
 * Return: 0, -ENOMEM, or -EBADMSG when it says neither cluster nor state.
 */
int clusterstatus_read(struct clusterstatus *s, struct json_object *root);

void clusterstatus_free(struct clusterstatus *s);

/* clusterstatus_waits() - names of those @next_waits_for has: "n2, n3" */
const char *clusterstatus_waits(const struct clusterstatus *s, char *buf,
				size_t size);

/* clusterstatus_node() - by number; NULL */
const struct clusterstatus_node *
clusterstatus_node(const struct clusterstatus *s, int number);

/* How a node is called: its name, or "node 7"; in a buffer of its own. */
const char *clusterstatus_name(const struct clusterstatus *s, int number,
			       char *buf, size_t size);

/* How many nodes are in a state. */
unsigned int clusterstatus_count(const struct clusterstatus *s,
				 const char *state);

#endif
