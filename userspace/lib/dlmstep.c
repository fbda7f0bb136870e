// SPDX-License-Identifier: GPL-2.0
#include "lib/dlmstep.h"

#include <errno.h>
#include <string.h>

/* Index of a node in @nodes, or -1. */
static int find_node(const struct dlmdoor_change *c, uint32_t nodeid)
{
	unsigned int i;

	for (i = 0; i < c->n_nodes; i++)
		if (c->nodes[i].nodeid == nodeid)
			return (int)i;
	return -1;
}

int dlmstep_check(const struct dlmdoor_change *c, uint32_t self)
{
	unsigned int i;

	if (!dlmtree_has(&c->members, self) || dlmtree_has(&c->failed, self) ||
	    c->n_nodes > DLMTREE_NODES)
		return -EINVAL;
	for (i = 0; i < c->members.n; i++)
		if (find_node(c, c->members.ids[i]) < 0)
			return -EINVAL;
	/* The kernel would take it for the one or the other. */
	for (i = 0; i < c->left.n; i++)
		if (dlmtree_has(&c->failed, c->left.ids[i]) ||
		    dlmtree_has(&c->members, c->left.ids[i]))
			return -EINVAL;
	return 0;
}

/* Who looks for another lockspace with our id. */
struct id_search {
	const struct dlmtree *tree;
	const char *own;
	uint32_t id;
};

static int same_id(void *arg, const char *name)
{
	struct id_search *s = arg;
	int64_t id;

	if (!strcmp(name, s->own) || dlmtree_read_int(s->tree, name, "id", &id))
		return 0;
	return (uint32_t)id == s->id ? -EEXIST : 0;
}

static int set_id(const struct dlmtree *t, const char *lockspace)
{
	struct id_search search = { t, lockspace, dlmtree_id(lockspace) };
	int ret;

	ret = dlmtree_lockspaces(t, same_id, &search);
	if (!ret)
		ret = dlmtree_write_int(t, lockspace, "id", search.id);
	if (!ret)
		ret = dlmtree_write_int(t, lockspace, "nodir", 0);
	return ret;
}

/* Comms of all members. A life that is replaced here failed, too. */
static int put_comms(struct dlmcomms *comms, const struct dlmdoor_change *c,
		     struct dlmtree_members *renew)
{
	unsigned int i;
	int at, ret = 0;

	for (i = 0; ret >= 0 && i < c->members.n; i++) {
		at = find_node(c, c->members.ids[i]);
		ret = dlmcomms_put(comms, &c->nodes[at], c->lives[at]);
		if (ret > 0 && !dlmtree_has(renew, c->members.ids[i]))
			renew->ids[renew->n++] = c->members.ids[i];
	}
	return ret < 0 ? ret : 0;
}

/*
 * A member that is removed while its comm is unchanged counts as one that
 * left; so the comms of the failed go first, and come again if there is
 * another life of that node. The kernel remembers the comm it was made with.
 */
int dlmstep_prepare(struct dlmcomms *comms, const char *lockspace,
		    const struct dlmdoor_change *c)
{
	struct dlmtree_members renew = c->failed;
	unsigned int i;
	int ret = 0;

	if (c->join)
		ret = set_id(&comms->tree, lockspace);
	for (i = 0; !ret && i < c->failed.n; i++)
		ret = dlmcomms_drop(comms, c->failed.ids[i],
				    c->failed_lives[i]);
	if (!ret)
		ret = put_comms(comms, c, &renew);
	if (!ret)
		ret = dlmtree_set_members(&comms->tree, lockspace, &c->members,
					  &renew, &c->release);
	return ret;
}

int dlmstep_stop(const struct dlmtree *t, const char *lockspace)
{
	return dlmtree_write_int(t, lockspace, "control", 0);
}

int dlmstep_start(const struct dlmtree *t, const char *lockspace)
{
	return dlmtree_write_int(t, lockspace, "control", 1);
}

int dlmstep_joined(const struct dlmtree *t, const char *lockspace)
{
	return dlmtree_write_int(t, lockspace, "event_done", 0);
}

int dlmstep_refuse(const struct dlmtree *t, const char *lockspace, int error)
{
	int ret, also;

	ret = dlmtree_write_int(t, lockspace, "event_done",
				error < 0 ? error : -EIO);
	also = dlmtree_space_remove(t, lockspace);
	return ret ?: also;
}

int dlmstep_left(const struct dlmtree *t, const char *lockspace)
{
	int ret = dlmstep_stop(t, lockspace);

	if (!ret)
		ret = dlmtree_space_remove(t, lockspace);
	/* He must not wait for ever, whatever went wrong. */
	if (ret)
		dlmtree_write_int(t, lockspace, "event_done", 0);
	else
		ret = dlmtree_write_int(t, lockspace, "event_done", 0);
	return ret;
}
