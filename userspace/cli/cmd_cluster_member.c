// SPDX-License-Identifier: GPL-2.0
/* rbdshare cluster join, leave, reload, fence, confirm: what the daemon is asked. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cli/clusterargs.h"
#include "cli/clusternames.h"
#include "cli/globals.h"
#include "cli/verbctx.h"
#include "lib/clusterask.h"
#include "lib/controldoor.h"
#include "lib/jsonout.h"
#include "lib/msg.h"
#include "lib/watchdog.h"

/* --- join and leave --- */

/* What was asked for goes on in the daemon. */
static void follow(const char *verb)
{
	if (!globals.json && !globals.dry_run)
		msg_info("follow it with: rbdshare cluster %s", verb);
}

static int report(const char *verb, const struct clusterstatus *s,
		  const struct fault *said)
{
	struct json_object *o = jsonout_new();
	bool joins = !strcmp(verb, "join");
	int ret;

	jsonout_string(o, "cluster", s->cluster);
	jsonout_string(o, "node", s->name);
	if (*said->text && !globals.json && !globals.dry_run) {
		json_object_put(o);
		msg_info("%s", said->text);
		return 0;
	}
	ret = verb_report(o, verb, joins ? "joining" : "leaving",
			  "cluster %s as %s", s->cluster, s->name);
	follow(joins ? "wait" : "wait --state left");
	return ret;
}

static int ask_self(const char *verb)
{
	struct clusterstatus s = { 0 };
	struct fault f = { "" }, said = { "" };
	int ret = clusterask_status(&s, &f);

	if (ret)
		return clusterask_end(ret, &f);
	if (!globals.dry_run)
		ret = clusterask_do(controldoor_request(verb), &said, &f);
	if (!ret)
		ret = report(verb, &s, &said);
	clusterstatus_free(&s);
	return clusterask_end(ret, &f);
}

int cluster_join(const struct cluster_args *args)
{
	(void)args;
	return ask_self("join");
}

int cluster_leave(const struct cluster_args *args)
{
	(void)args;
	return ask_self("leave");
}

/* --- reload --- */

static int order_reload(const struct clusterstatus *s, struct fault *f)
{
	struct fault said = { "" };
	struct json_object *o;
	int ret = 0;

	if (!globals.dry_run)
		ret = clusterask_do(controldoor_request("reload"), &said, f);
	if (ret)
		return ret;
	if (!globals.json && !globals.dry_run) {
		msg_info("%s", said.text);
		return 0;
	}
	o = jsonout_new();
	jsonout_string(o, "cluster", s->cluster);
	jsonout_string(o, "node", s->name);
	jsonout_string(o, "message", said.text);
	return verb_report(o, "reload", "reloaded",
			   "cluster.conf into cluster %s as %s", s->cluster,
			   s->name);
}

int cluster_reload(const struct cluster_args *args)
{
	struct clusterstatus s = { 0 };
	struct fault f = { "" };
	int ret = clusterask_status(&s, &f);

	(void)args;
	if (ret)
		return clusterask_end(ret, &f);
	ret = order_reload(&s, &f);
	clusterstatus_free(&s);
	return clusterask_end(ret, &f);
}

/* --- fence --- */

/* The daemon knows who takes part; the file knows the rest. */
static int find_node(const struct cluster_args *args,
		     const struct clusterstatus *s, const char *word,
		     struct fault *f)
{
	struct clusternames names;
	size_t i;

	for (i = 0; i < s->n_nodes; i++)
		if (!strcasecmp(s->nodes[i].name, word))
			return s->nodes[i].number;
	clusternames_load(args, s->cluster, &names);
	return clusternames_find(&names, word, args, f);
}

static int check_target(const struct clusterstatus *s, int node,
			const char *name, struct fault *f)
{
	const struct clusterstatus_node *n = clusterstatus_node(s, node);

	if (!n || !strcmp(n->state, "none") || !strcmp(n->state, "left"))
		return fault_set(
			f, -ENOENT,
			"%s does not take part in cluster %s, so there is nothing to cut off",
			name, s->cluster);
	if (!strcmp(n->state, "fenced"))
		return fault_set(
			f, -EALREADY,
			"%s is fenced already; look with: rbdshare cluster status",
			name);
	return 0;
}

static int ask_fence(const struct clusterstatus *s, int node, const char *name,
		     struct fault *f)
{
	int ret;

	if (node == s->node)
		ret = verb_confirm(
			"THIS node, %s, will be cut off from the storage; what it has not written is lost.",
			name);
	else
		ret = verb_confirm(
			"%s (number %d) will be cut off from the storage; what it has not written is lost.",
			name, node);
	watchdog_stop();
	if (ret > 0)
		return 0;
	return fault_set(f, -ECANCELED,
			 ret ? "to cut %s off from the storage add --yes" :
			       "%s was not fenced",
			 name);
}

/*
 * What an administrator may have done to one node. Each step gets its number
 * and name, and returns 0 or what clusterask_end() takes.
 */
struct node_verb {
	int (*check)(const struct clusterstatus *s, int node, const char *name,
		     struct fault *f);
	int (*ask)(const struct clusterstatus *s, int node, const char *name,
		   struct fault *f);
	int (*order)(const struct clusterstatus *s, int node, const char *name,
		     struct fault *f);
};

static int do_to_node(const struct cluster_args *args,
		      const struct node_verb *v)
{
	struct clusterstatus s = { 0 };
	struct fault f = { "" };
	char name[80];
	int node, ret = clusterask_status(&s, &f);

	if (ret)
		return clusterask_end(ret, &f);
	node = find_node(args, &s, args->words[0], &f);
	ret = node < 0 ? node : 0;
	clusterstatus_name(&s, node, name, sizeof(name));
	if (!ret)
		ret = v->check(&s, node, name, &f);
	if (!ret && !args->yes && !globals.dry_run)
		ret = v->ask(&s, node, name, &f);
	if (!ret)
		ret = v->order(&s, node, name, &f);
	clusterstatus_free(&s);
	return clusterask_end(ret, &f);
}

/* @said: what the daemon has to say of it, or empty */
static int send_order(const char *verb, int node, struct fault *said,
		      struct fault *f)
{
	struct json_object *o = controldoor_request(verb);

	jsonout_u64(o, "node", (uint64_t)node);
	if (!globals.dry_run)
		return clusterask_do(o, said, f);
	json_object_put(o);
	return 0;
}

static struct json_object *node_record(const struct clusterstatus *s, int node,
				       const char *name)
{
	struct json_object *o = jsonout_new();

	jsonout_string(o, "cluster", s->cluster);
	jsonout_u64(o, "node", (uint64_t)node);
	jsonout_string(o, "name", name);
	return o;
}

static int order_fence(const struct clusterstatus *s, int node,
		       const char *name, struct fault *f)
{
	struct fault said = { "" };
	int ret = send_order("fence", node, &said, f);

	if (ret)
		return ret;
	if (*said.text && !globals.json && !globals.dry_run) {
		msg_info("%s", said.text);
		return 0;
	}
	ret = verb_report(node_record(s, node, name), "fence", "fencing",
			  "%s (number %d) of cluster %s", name, node,
			  s->cluster);
	follow("watch");
	return ret;
}

int cluster_fence(const struct cluster_args *args)
{
	static const struct node_verb fence = { check_target, ask_fence,
						order_fence };

	return do_to_node(args, &fence);
}

/* --- confirm --- */

static int check_fencing(const struct clusterstatus *s, int node,
			 const char *name, struct fault *f)
{
	const struct clusterstatus_node *n = clusterstatus_node(s, node);

	if (n && !strcmp(n->state, "fencing"))
		return 0;
	return fault_set(
		f, -ENOENT,
		"%s is not being cut off (it is: %s), so there is nothing to confirm",
		name, n ? n->state : "none");
}

static int ask_certain(const struct clusterstatus *s, int node,
		       const char *name, struct fault *f)
{
	int ret = verb_confirm(
		"Is %s (number %d) switched off, for certain? The others will go on although not every placement group has said that it refuses %s. If it runs, it may destroy what they write.",
		name, node, name);

	watchdog_stop();
	if (ret > 0)
		return 0;
	return fault_set(f, -ECANCELED,
			 ret ? "to confirm that %s is switched off add --yes" :
			       "%s was not confirmed; the fence goes on",
			 name);
}

static int order_confirm(const struct clusterstatus *s, int node,
			 const char *name, struct fault *f)
{
	struct fault said = { "" };
	int ret = send_order("confirm", node, &said, f);

	if (ret)
		return ret;
	return verb_report(node_record(s, node, name), "confirm", "confirmed",
			   "that %s (number %d) of cluster %s is switched off",
			   name, node, s->cluster);
}

int cluster_confirm(const struct cluster_args *args)
{
	static const struct node_verb confirm = { check_fencing, ask_certain,
						  order_confirm };

	return do_to_node(args, &confirm);
}
