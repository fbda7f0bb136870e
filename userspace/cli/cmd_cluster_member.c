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

static int confirm(const struct clusterstatus *s, int node, const char *name,
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

static int order_fence(const struct clusterstatus *s, int node,
		       const char *name, struct fault *f)
{
	struct json_object *o = controldoor_request("fence");
	struct fault said = { "" };
	int ret = 0;

	jsonout_u64(o, "node", (uint64_t)node);
	if (globals.dry_run)
		json_object_put(o);
	else
		ret = clusterask_do(o, &said, f);
	if (ret)
		return ret;
	if (*said.text && !globals.json && !globals.dry_run) {
		msg_info("%s", said.text);
		return 0;
	}
	o = jsonout_new();
	jsonout_string(o, "cluster", s->cluster);
	jsonout_u64(o, "node", (uint64_t)node);
	jsonout_string(o, "name", name);
	ret = verb_report(o, "fence", "fencing", "%s (number %d) of cluster %s",
			  name, node, s->cluster);
	follow("watch");
	return ret;
}

int cluster_fence(const struct cluster_args *args)
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
		ret = check_target(&s, node, name, &f);
	if (!ret && !args->yes && !globals.dry_run)
		ret = confirm(&s, node, name, &f);
	if (!ret)
		ret = order_fence(&s, node, name, &f);
	clusterstatus_free(&s);
	return clusterask_end(ret, &f);
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

static int ask_certain(int node, const char *name, struct fault *f)
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
	struct json_object *o = controldoor_request("confirm");
	struct fault said = { "" };
	int ret = 0;

	jsonout_u64(o, "node", (uint64_t)node);
	if (globals.dry_run)
		json_object_put(o);
	else
		ret = clusterask_do(o, &said, f);
	if (ret)
		return ret;
	o = jsonout_new();
	jsonout_string(o, "cluster", s->cluster);
	jsonout_u64(o, "node", (uint64_t)node);
	jsonout_string(o, "name", name);
	return verb_report(o, "confirm", "confirmed",
			   "that %s (number %d) of cluster %s is switched off",
			   name, node, s->cluster);
}

int cluster_confirm(const struct cluster_args *args)
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
		ret = check_fencing(&s, node, name, &f);
	if (!ret && !args->yes && !globals.dry_run)
		ret = ask_certain(node, name, &f);
	if (!ret)
		ret = order_confirm(&s, node, name, &f);
	clusterstatus_free(&s);
	return clusterask_end(ret, &f);
}
