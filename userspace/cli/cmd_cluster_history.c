// SPDX-License-Identifier: GPL-2.0
/*
 * rbdshare cluster history: what the nodes wrote down, out of the storage. For
 * the time after: neither the daemon nor the node has to be there.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/clusternames.h"
#include "cli/clusterview.h"
#include "cli/globals.h"
#include "lib/eventline.h"
#include "lib/eventring.h"
#include "lib/jsonout.h"
#include "lib/msg.h"
#include "nodeset.h"

/**
 * struct history - what is collected
 * @nodes: whose
 * @node: whose lines are being read
 * @v: @n events of @room
 */
struct history {
	struct clusterplace place;
	struct clusternames names;
	struct rbd_nodeset nodes;
	int node;
	struct eventline *v;
	size_t n;
	size_t room;
};

static int keep(void *arg, const char *line)
{
	struct history *h = arg;
	struct eventline *bigger;
	size_t room = h->room ? 2 * h->room : 256;

	if (h->n == h->room) {
		bigger = realloc(h->v, room * sizeof(*bigger));
		if (!bigger)
			return -ENOMEM;
		h->v = bigger;
		h->room = room;
	}
	eventline_parse(&h->v[h->n++], line, h->node);
	return 0;
}

/* Those of the view, for cluster.conf may not be here; both are welcome. */
static int all_nodes(struct verbctx *c, struct history *h,
		     struct clusterview *v)
{
	unsigned int i;
	int ret;

	for (i = 0; i < CLUSTERNAMES_MAX; i++)
		if (*h->names.name[i])
			rbd_nodeset_add(&h->nodes, i);
	ret = clusterview_read(c, &h->place, v);
	if (ret) {
		if (!h->names.known)
			return ret;
		msg_warn("%s", c->f.text);
		*c->f.text = '\0';
		return 0;
	}
	for (i = 0; i < v->view->n_members; i++)
		rbd_nodeset_add(&h->nodes, v->view->members[i].number);
	for (i = 0; i < v->view->n_fences; i++)
		rbd_nodeset_add(&h->nodes, v->view->fences[i].number);
	return 0;
}

static int read_all(struct verbctx *c, struct history *h, rados_ioctx_t io)
{
	char name[80];
	int ret = 0;

	rbd_nodeset_for_each(h->node, &h->nodes)
	{
		ret = eventring_read(c->s.door, io, h->place.cluster,
				     (uint32_t)h->node, keep, h);
		if (!ret)
			continue;
		snprintf(name, sizeof(name), "%s",
			 clusternames_of(&h->names, h->node));
		return session_fault(&c->s, &c->f, ret, NULL,
				     "read the events of %s from pool '%s'",
				     name, h->place.pool);
	}
	return 0;
}

static int print_json(struct history *h)
{
	struct json_object *o = jsonout_new();
	struct json_object *list = json_object_new_array();
	size_t i;

	jsonout_string(o, "cluster", h->place.cluster);
	for (i = 0; i < h->n; i++)
		json_object_array_add(list, json_object_get(h->v[i].root));
	json_object_object_add(o, "events", list);
	return jsonout_print(o);
}

static int print_all(struct history *h)
{
	size_t i;

	/* Events of one node in one second stay in their order. */
	for (i = 0; i < h->n; i++)
		h->v[i].place = i;
	if (h->n)
		qsort(h->v, h->n, sizeof(*h->v), eventline_compare);
	if (globals.json)
		return print_json(h);
	for (i = 0; i < h->n; i++)
		eventline_print(stdout, &h->v[i], clusternames_of, &h->names);
	if (!h->n)
		msg_info("no node of cluster %s has written anything yet",
			 h->place.cluster);
	return 0;
}

static int run(const struct cluster_args *args, struct verbctx *c,
	       struct history *h)
{
	struct clusterview v = { 0 };
	int ret, node;

	clusternames_load(args, h->place.cluster, &h->names);
	if (args->nwords) {
		node = clusternames_find(&h->names, args->words[0], args,
					 &c->f);
		if (node < 0)
			return node;
		rbd_nodeset_add(&h->nodes, (unsigned int)node);
	}
	ret = verb_connect(c);
	if (!ret)
		ret = clusterview_open(c, &h->place, &v);
	if (!ret && !args->nwords)
		ret = all_nodes(c, h, &v);
	if (!ret)
		ret = read_all(c, h, v.io);
	if (!ret)
		ret = print_all(h);
	clusterview_close(c, &v);
	return ret;
}

int cluster_history(const struct cluster_args *args)
{
	struct history h = { 0 };
	struct verbctx c = { 0 };
	size_t i;
	int ret = clusterplace_find(args, &h.place, &c.f);

	if (!ret)
		ret = run(args, &c, &h);
	for (i = 0; i < h.n; i++)
		eventline_free(&h.v[i]);
	free(h.v);
	return verb_end(&c, ret);
}
