// SPDX-License-Identifier: GPL-2.0
/*
 * rbdshare cluster unfence: takes what is left of fences off Ceph's blocklist.
 * Only for such whose host has booted anew since: all others keep a node from
 * writing that may still have something to write.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/clusternames.h"
#include "cli/clusterview.h"
#include "cli/globals.h"
#include "lib/clientaddr.h"
#include "lib/jsonout.h"
#include "lib/msg.h"
#include "lib/osddump.h"

#define INSTANCES (RBD_VIEW_MAX_FENCES * RBD_VIEW_MAX_FENCE_INSTANCES)

/**
 * struct unfence - what is to be done
 * @node: whose
 * @retired, @waiting: fences of the node that may go, and those that may not
 * @fenced: one of @waiting is proved; else all are under way
 * @v: entries that are on the blocklist and may go, @n of them
 */
struct unfence {
	struct clusterplace place;
	struct clusternames names;
	struct clusterview view;
	int node;
	unsigned int retired;
	unsigned int waiting;
	bool fenced;
	struct clientaddr v[INSTANCES];
	size_t n;
};

static void sort_out(struct unfence *u)
{
	const struct rbd_view *view = u->view.view;
	const struct rbd_view_fence *f;
	unsigned int i, k;

	for (i = 0; i < view->n_fences; i++) {
		f = &view->fences[i];
		if (f->number != u->node)
			continue;
		if (f->state != RBD_FENCE_RETIRED) {
			u->waiting++;
			u->fenced |= f->state == RBD_FENCE_FENCED;
			continue;
		}
		u->retired++;
		for (k = 0; k < f->n_instances; k++)
			clusterview_client(&f->instances[k], &u->v[u->n++]);
	}
}

static int judge(struct verbctx *c, struct unfence *u)
{
	const char *name = clusternames_of(&u->names, u->node);

	if (!u->retired && !u->waiting)
		return fault_set(
			&c->f, -ENOENT,
			"cluster %s has no fence of %s; what else is on the blocklist shows: ceph osd blocklist ls",
			u->place.cluster, name);
	if (!u->retired && !u->fenced)
		return fault_set(
			&c->f, -EBUSY,
			"the fence of %s is still under way; follow it with: rbdshare cluster watch",
			name);
	if (!u->retired)
		return fault_set(
			&c->f, -EBUSY,
			"the fence of %s has to stay: its old clients may still have writes to send; it is retired, and can be lifted, when the host has booted anew and joined (there: reboot, rbdshare cluster online). It can join at any time, for it comes with new clients",
			name);
	if (u->waiting)
		msg_warn(
			"%u more fences of %s stay: its host has not booted anew and joined since",
			u->waiting, name);
	return 0;
}

/* Only what is there is removed, so that the report is true. */
static int drop_unlisted(struct verbctx *c, struct unfence *u)
{
	struct json_object *cmd = json_object_new_object(), *reply = NULL;
	struct osddump dump;
	size_t i, to = 0;
	int ret;

	jsonout_string(cmd, "prefix", "osd dump");
	ret = session_command(&c->s, cmd, &reply, NULL, 0);
	if (ret) {
		json_object_put(reply);
		return session_fault(&c->s, &c->f, ret, NULL,
				     "read the blocklist");
	}
	if (osddump_take(&dump, reply)) {
		osddump_free(&dump);
		return fault_set(
			&c->f, -EBADMSG,
			"the monitors' answer to 'osd dump' is not what Ceph 16 and newer say");
	}
	for (i = 0; i < u->n; i++)
		if (osddump_fenced_for(&dump, &u->v[i]) > 0)
			u->v[to++] = u->v[i];
	u->n = to;
	osddump_free(&dump);
	return 0;
}

static int remove_entries(struct verbctx *c, const struct unfence *u)
{
	char text[CLIENTADDR_TEXT];
	struct json_object *cmd;
	size_t i;
	int ret;

	for (i = 0; i < u->n; i++) {
		clientaddr_format(&u->v[i], text);
		cmd = json_object_new_object();
		jsonout_string(cmd, "prefix", "osd blocklist");
		jsonout_string(cmd, "blocklistop", "rm");
		jsonout_string(cmd, "addr", text);
		ret = session_command(&c->s, cmd, NULL, NULL, 0);
		if (ret)
			return session_fault(
				&c->s, &c->f, ret, NULL,
				"take %s off the blocklist (ceph osd blocklist rm %s)",
				text, text);
	}
	return 0;
}

static int confirm(struct verbctx *c, const struct unfence *u)
{
	const char *name = clusternames_of(&u->names, u->node);
	int ret = verb_confirm(
		"%zu clients of earlier lives of %s will be taken off Ceph's blocklist.",
		u->n, name);

	if (ret > 0)
		return 0;
	return fault_set(&c->f, -ECANCELED,
			 ret ? "to lift the fences of %s add --yes" :
			       "the fences of %s stay",
			 name);
}

static int report(const struct unfence *u)
{
	struct json_object *o = jsonout_new();
	struct json_object *list = json_object_new_array();
	char text[CLIENTADDR_TEXT];
	size_t i;

	jsonout_string(o, "cluster", u->place.cluster);
	jsonout_u64(o, "node", (uint64_t)u->node);
	for (i = 0; i < u->n; i++) {
		clientaddr_format(&u->v[i], text);
		json_object_array_add(list, json_object_new_string(text));
	}
	json_object_object_add(o, "clients", list);
	return verb_report(o, "unfence", "unfenced",
			   "%s: %zu clients of %u fences off the blocklist",
			   clusternames_of(&u->names, u->node), u->n,
			   u->retired);
}

static int run(const struct cluster_args *args, struct verbctx *c,
	       struct unfence *u)
{
	int ret;

	clusternames_load(args, u->place.cluster, &u->names);
	u->node = clusternames_find(&u->names, args->words[0], args, &c->f);
	if (u->node < 0)
		return u->node;
	ret = verb_connect(c);
	if (!ret)
		ret = clusterview_open(c, &u->place, &u->view);
	if (!ret)
		ret = clusterview_read(c, &u->place, &u->view);
	if (ret)
		return ret;
	sort_out(u);
	ret = judge(c, u);
	if (!ret)
		ret = drop_unlisted(c, u);
	if (!ret && u->n && !args->yes && !globals.dry_run)
		ret = confirm(c, u);
	if (!ret && !globals.dry_run)
		ret = remove_entries(c, u);
	return ret ? ret : report(u);
}

int cluster_unfence(const struct cluster_args *args)
{
	static struct unfence u;
	struct verbctx c = { 0 };
	int ret = clusterplace_find(args, &u.place, &c.f);

	if (!ret)
		ret = run(args, &c, &u);
	clusterview_close(&c, &u.view);
	return verb_end(&c, ret);
}
