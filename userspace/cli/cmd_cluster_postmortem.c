// SPDX-License-Identifier: GPL-2.0
/*
 * rbdshare cluster postmortem: why a node was cut off, from the view's record
 * of the fence and from what all nodes wrote at that time.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/clusterstory.h"
#include "cli/globals.h"
#include "lib/clientaddr.h"
#include "lib/evictions.h"
#include "lib/jsonout.h"
#include "lib/msg.h"

/**
 * struct postmortem - what is known
 * @node: whose
 * @v: its evictions, @n of them
 * @e: the one to tell of; NULL: nobody wrote of it
 * @fence: the view's record of it; NULL: it is not there any more
 */
struct postmortem {
	struct clusterplace place;
	struct clusternames names;
	struct clusterview view;
	struct clusterstory story;
	int node;
	struct eviction v[EVICTIONS_MAX];
	size_t n;
	const struct eviction *e;
	const struct rbd_view_fence *fence;
};

/* What usually is behind it, and where one looks. */
static const char *const hints[RBD_ACCUSATIONS] = {
	[RBD_ACCUSED_SILENT] =
		"it was gone from the storage and the network at once: power, a kernel that hung or crashed, or both networks; its console, 'last -x' and the log of its boot before tell",
	[RBD_ACCUSED_SLOW] =
		"the other nodes heard it, but for long none of its heartbeats reached the storage: its network to Ceph ('ceph -s' there), or OSDs that did not answer ('ceph health detail' of that time)",
	[RBD_ACCUSED_GONE] =
		"its host had begun anew without leaving: a crash, a reset or a power cut; 'last -x' and the log of its boot before tell",
	[RBD_ACCUSED_STUCK] =
		"its heart beat, but a change of lockspaces waited for it too long: rbdshared or the kernel's DLM hung there; look for 'hung task' in its kernel log, and at TCP ports 21064 and 21066 between the nodes",
	[RBD_ACCUSED_CUT] =
		"it could reach the storage but not all nodes, and the others could: its network to the nodes, or a firewall (UDP 21065, TCP 21064 and 21066)",
	[RBD_ACCUSED_REPLACED] =
		"its host had begun anew without leaving: a crash, a reset or a power cut; 'last -x' and the log of its boot before tell",
	[RBD_ACCUSED_ADMIN] = "an administrator ordered it",
};

static const struct rbd_view_fence *newest_fence(const struct postmortem *p,
						 const char *life)
{
	const struct rbd_view *view = p->view.view;
	const struct rbd_view_fence *found = NULL;
	char text[20];
	unsigned int i;

	for (i = 0; i < view->n_fences; i++) {
		if (view->fences[i].number != p->node)
			continue;
		snprintf(text, sizeof(text), "%" PRIx64,
			 view->fences[i].incarnation);
		if (!life || !strcmp(text, life))
			found = &view->fences[i];
	}
	return found;
}

static int choose(struct verbctx *c, struct postmortem *p, const char *life)
{
	const char *name = clusternames_of(&p->names, p->node);
	size_t i;

	p->n = evictions_find(p->story.v, p->story.n, p->node, p->v);
	for (i = 0; i < p->n; i++)
		if (!life || !strcmp(p->v[i].life, life))
			p->e = &p->v[i];
	p->fence = newest_fence(p, life ?: p->e ? p->e->life : NULL);
	if (p->e || p->fence)
		return 0;
	if (life)
		return fault_set(
			&c->f, -ENOENT,
			"cluster %s has no record of a life %.20s of %s that was cut off; without --life the last one is told",
			p->place.cluster, life, name);
	return fault_set(
		&c->f, -ENOENT,
		"cluster %s has no record that %s was ever cut off; what it wrote shows: rbdshare cluster history %s",
		p->place.cluster, name, name);
}

/* --- for people --- */

static void row(const char *label, const char *text)
{
	printf("  %-11s %s\n", label, text);
}

static void print_times(const struct eviction *e)
{
	if (*e->accused)
		row("accused", e->accused);
	if (*e->condemned)
		row("condemned", e->condemned);
	row("proved", *e->proved ? e->proved : "nobody wrote that");
	row("back", *e->back ? e->back : "no later life took part, so far");
}

static void print_fence(const struct postmortem *p)
{
	static const char *const proofs[] = {
		[RBD_FENCE_FENCING] =
			"not yet: follow it with: rbdshare cluster watch",
		[RBD_FENCE_FENCED] =
			"%u clients on the blocklist in OSD map %" PRIu64
			", which every placement group has",
		[RBD_FENCE_RETIRED] =
			"%u clients on the blocklist in OSD map %" PRIu64
			"; its host has booted anew since",
	};
	const struct rbd_view_fence *f = p->fence;
	char text[160];

	snprintf(text, sizeof(text), "%s%s%s%s",
		 *f->reason ? f->reason : rbd_accusation_str(f->accusation),
		 *f->evidence ? " (" : "", f->evidence,
		 *f->evidence ? ")" : "");
	row("why", text);
	row("decided by", clusternames_of(&p->names, f->by));
	if (f->state < RBD_FENCE_FENCING || f->state > RBD_FENCE_RETIRED)
		return;
	snprintf(text, sizeof(text), proofs[f->state], f->n_instances,
		 f->epoch);
	row("proof", text);
	if (f->accusation < RBD_ACCUSATIONS && hints[f->accusation])
		row("look at", hints[f->accusation]);
}

/* Its record goes with its fence; what the nodes wrote of it stays. */
static void print_without_fence(const struct postmortem *p)
{
	const char *why = p->e ? p->e->why : "";
	size_t i;

	row("why", *why ? why : "nobody wrote that");
	row("proof",
	    "its record is gone: the host has booted anew since, or the fence was lifted");
	for (i = 0; i < RBD_ACCUSATIONS; i++)
		if (hints[i] && !strcmp(why, rbd_accusation_str((u8)i)))
			row("look at", hints[i]);
}

static void print_events(const struct postmortem *p)
{
	const struct eviction *e = p->e;
	size_t i;

	printf("\nWhat the nodes wrote, from %d s before to %d s after:\n",
	       EVICTION_BEFORE_S, EVICTION_AFTER_S);
	for (i = e->from; i < e->to; i++)
		eventline_print(stdout, &p->story.v[i], clusternames_of,
				&p->names);
}

static int print_text(const struct postmortem *p)
{
	const char *name = clusternames_of(&p->names, p->node);
	size_t i;

	printf("%s (number %d) of cluster %s was cut off%s%s, life %s\n", name,
	       p->node, p->place.cluster, p->e ? " at " : "",
	       p->e ? eviction_time(p->e) : "", p->e ? p->e->life : "unknown");
	if (p->fence)
		print_fence(p);
	else
		print_without_fence(p);
	if (!p->e) {
		msg_info(
			"nobody's lines tell of it any more; each node keeps its last 256 KiB at least");
		return 0;
	}
	print_times(p->e);
	print_events(p);
	for (i = 0; i < p->n; i++)
		if (&p->v[i] != p->e)
			msg_info(
				"it was cut off at %s too: rbdshare cluster postmortem %s --life %s",
				eviction_time(&p->v[i]), name, p->v[i].life);
	return fflush(stdout) ? -EIO : 0;
}

/* --- for programs --- */

static void put_known(struct json_object *o, const char *key, const char *text)
{
	if (*text)
		jsonout_string(o, key, text);
	else
		json_object_object_add(o, key, NULL);
}

static void put_fence(struct json_object *o, const struct rbd_view_fence *f)
{
	static const char *const states[] = { "", "fencing", "fenced",
					      "retired" };
	struct json_object *list = json_object_new_array();
	struct clientaddr a;
	char text[CLIENTADDR_TEXT];
	unsigned int i;

	jsonout_string(o, "state", states[f->state & 3]);
	jsonout_string(o, "reason", rbd_accusation_str(f->accusation));
	jsonout_string(o, "evidence", f->evidence);
	jsonout_u64(o, "by", f->by);
	jsonout_u64(o, "epoch", f->epoch);
	for (i = 0; i < f->n_instances; i++) {
		clusterview_client(&f->instances[i], &a);
		clientaddr_format(&a, text);
		json_object_array_add(list, json_object_new_string(text));
	}
	json_object_object_add(o, "clients", list);
}

static struct json_object *others(const struct postmortem *p)
{
	struct json_object *list = json_object_new_array(), *o;
	size_t i;

	for (i = 0; i < p->n; i++) {
		if (&p->v[i] == p->e)
			continue;
		o = json_object_new_object();
		jsonout_string(o, "incarnation", p->v[i].life);
		put_known(o, "time", eviction_time(&p->v[i]));
		json_object_array_add(list, o);
	}
	return list;
}

static int print_json(const struct postmortem *p)
{
	struct json_object *o = jsonout_new(), *fence = NULL;

	jsonout_string(o, "cluster", p->place.cluster);
	jsonout_u64(o, "node", (uint64_t)p->node);
	jsonout_string(o, "name", clusternames_of(&p->names, p->node));
	if (p->fence) {
		fence = json_object_new_object();
		put_fence(fence, p->fence);
	}
	json_object_object_add(o, "fence", fence);
	if (p->e) {
		jsonout_string(o, "incarnation", p->e->life);
		put_known(o, "why", p->e->why);
		put_known(o, "accused", p->e->accused);
		put_known(o, "condemned", p->e->condemned);
		put_known(o, "proved", p->e->proved);
		put_known(o, "back", p->e->back);
		json_object_object_add(o, "events",
				       clusterstory_json(&p->story, p->e->from,
							 p->e->to));
	}
	json_object_object_add(o, "others", others(p));
	return jsonout_print(o);
}

static int run(const struct cluster_args *args, struct verbctx *c,
	       struct postmortem *p)
{
	int ret;

	clusternames_load(args, p->place.cluster, &p->names);
	p->node = clusternames_find(&p->names, args->words[0], args, &c->f);
	if (p->node < 0)
		return p->node;
	ret = verb_connect(c);
	if (!ret)
		ret = clusterview_open(c, &p->place, &p->view);
	if (!ret)
		ret = clusterview_read(c, &p->place, &p->view);
	if (ret)
		return ret;
	clusterstory_all(&p->story, &p->names, p->view.view);
	ret = clusterstory_read(c, &p->place, &p->names, p->view.io, &p->story);
	if (!ret)
		ret = choose(c, p, args->life);
	if (ret)
		return ret;
	return globals.json ? print_json(p) : print_text(p);
}

int cluster_postmortem(const struct cluster_args *args)
{
	static struct postmortem p;
	struct verbctx c = { 0 };
	int ret = clusterplace_find(args, &p.place, &c.f);

	if (!ret)
		ret = run(args, &c, &p);
	clusterview_close(&c, &p.view);
	clusterstory_free(&p.story);
	return verb_end(&c, ret);
}
