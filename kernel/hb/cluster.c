// SPDX-License-Identifier: GPL-2.0
/* The cluster that this node takes part in. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "cluster.h"

#include <linux/err.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "gatekeeper.h"

/* One start or stop at a time; see cluster.h. */
static DEFINE_MUTEX(online_lock);
/* Which cluster is online. */
DEFINE_MUTEX(hb_cluster_lock);
static struct hb_cluster *active;	/* changed under both locks */

struct hb_cluster *hb_cluster_active(void)
{
	lockdep_assert_held(&hb_cluster_lock);
	return active;
}

/* The one that is online, if it has this name. */
static struct hb_cluster *active_named(const char *name)
{
	lockdep_assert_held(&hb_cluster_lock);
	return active && !strcmp(active->config.name, name) ? active : NULL;
}

bool hb_cluster_is_online(const char *name)
{
	bool online;

	mutex_lock(&hb_cluster_lock);
	online = active_named(name);
	mutex_unlock(&hb_cluster_lock);
	return online;
}

void hb_cluster_rehash(const char *name, u64 config_hash)
{
	struct hb_cluster *cluster;

	mutex_lock(&hb_cluster_lock);
	cluster = active_named(name);
	if (cluster)
		hb_beat_rehash(cluster, config_hash);
	mutex_unlock(&hb_cluster_lock);
}

void hb_cluster_grow(const char *name, u16 nodes)
{
	struct hb_cluster *cluster;

	mutex_lock(&hb_cluster_lock);
	cluster = active_named(name);
	if (cluster && nodes > cluster->config.nodes) {
		/* The heartbeat thread looks without the lock. */
		WRITE_ONCE(cluster->config.nodes, nodes);
		pr_info("%s: the slots of %u nodes are read from now on\n",
			name, nodes);
	}
	mutex_unlock(&hb_cluster_lock);
}

static int check_config(const struct hb_config *config)
{
	const char *missing = NULL;

	if (!*config->line)
		missing = "connection";
	else if (!config->incarnation)
		missing = "incarnation";
	else if (!config->nodes)
		missing = "nodes";
	if (missing) {
		pr_err("%s: '%s' is not set\n", config->name, missing);
		return -EINVAL;
	}
	if (config->number >= config->nodes) {
		pr_err("%s: our number %u belongs to none of the nodes\n",
		       config->name, config->number);
		return -EINVAL;
	}
	return 0;
}

static int connect(struct hb_cluster *cluster)
{
	const struct hb_config *config = &cluster->config;
	char *line;
	int err;

	line = kasprintf(GFP_KERNEL, "%s hb.%s", config->line, config->name);
	if (!line)
		return -ENOMEM;
	err = rbd_session_open(line, strlen(line), &cluster->session);
	kfree_sensitive(line);
	return err;
}

static int start(struct hb_cluster *cluster)
{
	const struct hb_config *config = &cluster->config;
	const char *why;
	int err;

	why = rbd_hb_timing_derive(&cluster->timing, config->dead_after_ms,
				   config->slow_after_ms);
	if (why) {
		pr_err("%s: %s\n", config->name, why);
		return -EINVAL;
	}
	err = connect(cluster);
	if (err)
		return err;
	err = hb_gate_start(cluster);
	if (err)
		goto out_close;
	err = hb_beat_start(cluster);
	if (!err)
		return 0;
	hb_gate_stop(cluster);
out_close:
	rbd_session_close(&cluster->session);
	return err;
}

static void set_active(struct hb_cluster *cluster)
{
	mutex_lock(&hb_cluster_lock);
	active = cluster;
	mutex_unlock(&hb_cluster_lock);
}

/* Its line may hold a secret. */
static void release(struct hb_cluster *cluster)
{
	kvfree_sensitive(cluster, sizeof(*cluster));
}

int hb_cluster_online(const struct hb_config *config)
{
	struct hb_cluster *cluster;
	int err;

	err = check_config(config);
	if (err)
		return err;
	cluster = kvzalloc(sizeof(*cluster), GFP_KERNEL);
	if (!cluster)
		return -ENOMEM;
	cluster->config = *config;
	hb_beat_init(cluster);

	mutex_lock(&online_lock);
	if (active) {
		pr_err("%s: cluster %s is online already; there can be one\n",
		       config->name, active->config.name);
		err = -EBUSY;
	} else {
		err = start(cluster);
	}
	if (!err) {
		set_active(cluster);
		__module_get(THIS_MODULE);
		pr_info("%s: online as node %u, a heartbeat each %u ms\n",
			config->name, config->number, cluster->timing.tick_ms);
	}
	mutex_unlock(&online_lock);
	if (err)
		release(cluster);
	return err;
}

int hb_cluster_retime(struct hb_cluster *cluster, u32 dead_after_ms,
		      u32 slow_after_ms)
{
	struct rbd_hb_timing timing;
	const char *why;

	lockdep_assert_held(&hb_cluster_lock);
	why = rbd_hb_timing_derive(&timing, dead_after_ms, slow_after_ms);
	if (why) {
		pr_err("%s: %s\n", cluster->config.name, why);
		return -EINVAL;
	}
	if (timing.dead_after_ms == cluster->timing.dead_after_ms &&
	    timing.slow_after_ms == cluster->timing.slow_after_ms)
		return 0;
	hb_beat_retime(cluster, &timing);
	hb_gate_update(cluster);
	pr_info("%s: dead-after %u ms, slow-after %u ms, a heartbeat each %u ms from now on\n",
		cluster->config.name, timing.dead_after_ms,
		timing.slow_after_ms, timing.tick_ms);
	return 0;
}

void hb_cluster_offline(const char *name)
{
	struct hb_cluster *cluster;

	mutex_lock(&online_lock);
	cluster = active;
	if (!cluster || strcmp(cluster->config.name, name)) {
		mutex_unlock(&online_lock);
		return;
	}
	set_active(NULL);
	/* The gate looks at the heartbeats: it goes first. */
	hb_gate_stop(cluster);
	hb_beat_stop(cluster);
	rbd_session_close(&cluster->session);
	pr_info("%s: offline\n", name);
	mutex_unlock(&online_lock);
	release(cluster);
	module_put(THIS_MODULE);
}
