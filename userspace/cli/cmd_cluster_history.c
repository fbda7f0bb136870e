// SPDX-License-Identifier: GPL-2.0
/*
 * rbdshare cluster history: what the nodes wrote down, out of the storage. For
 * the time after: neither the daemon nor the node has to be there.
 */
#include <errno.h>
#include <stdio.h>

#include "cli/clusterstory.h"
#include "cli/globals.h"
#include "lib/jsonout.h"
#include "lib/msg.h"

struct history {
	struct clusterplace place;
	struct clusternames names;
	struct clusterview view;
	struct clusterstory story;
};

/* Those of the view, for cluster.conf may not be here; both are welcome. */
static int all_nodes(struct verbctx *c, struct history *h)
{
	int ret = clusterview_read(c, &h->place, &h->view);

	if (ret && !h->names.known)
		return ret;
	if (ret) {
		msg_warn("%s", c->f.text);
		*c->f.text = '\0';
	}
	clusterstory_all(&h->story, &h->names, ret ? NULL : h->view.view);
	return 0;
}

static int print_all(struct history *h)
{
	struct json_object *o;
	size_t i;

	if (globals.json) {
		o = jsonout_new();
		jsonout_string(o, "cluster", h->place.cluster);
		json_object_object_add(o, "events",
				       clusterstory_json(&h->story, 0,
							 h->story.n));
		return jsonout_print(o);
	}
	for (i = 0; i < h->story.n; i++)
		eventline_print(stdout, &h->story.v[i], clusternames_of,
				&h->names);
	if (!h->story.n)
		msg_info("no node of cluster %s has written anything yet",
			 h->place.cluster);
	return 0;
}

static int run(const struct cluster_args *args, struct verbctx *c,
	       struct history *h)
{
	int ret, node;

	clusternames_load(args, h->place.cluster, &h->names);
	if (args->nwords) {
		node = clusternames_find(&h->names, args->words[0], args,
					 &c->f);
		if (node < 0)
			return node;
		rbd_nodeset_add(&h->story.nodes, (unsigned int)node);
	}
	ret = verb_connect(c);
	if (!ret)
		ret = clusterview_open(c, &h->place, &h->view);
	if (!ret && !args->nwords)
		ret = all_nodes(c, h);
	if (!ret)
		ret = clusterstory_read(c, &h->place, &h->names, h->view.io,
					&h->story);
	return ret ? ret : print_all(h);
}

int cluster_history(const struct cluster_args *args)
{
	struct history h = { 0 };
	struct verbctx c = { 0 };
	int ret = clusterplace_find(args, &h.place, &c.f);

	if (!ret)
		ret = run(args, &c, &h);
	clusterview_close(&c, &h.view);
	clusterstory_free(&h.story);
	return verb_end(&c, ret);
}
