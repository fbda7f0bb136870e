// SPDX-License-Identifier: GPL-2.0
#include "lib/nodechange.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define RESTART \
	"; that takes effect with: rbdshare cluster offline, then online"
#define LEAVE "; it has to leave first, there: rbdshare cluster offline"
/* A name of 64 bytes, what stands around it, and " and 253 more". */
#define NAME_ROOM 88

static bool same_node(const struct nodesettings_node *a,
		      const struct nodesettings_node *b)
{
	return !strcmp(a->name, b->name) && a->ip.s_addr == b->ip.s_addr;
}

/* The number that a name has, or NODESETTINGS_NODES. */
static unsigned int number_of(const struct nodesettings *s, const char *name)
{
	unsigned int n;

	for (n = 0; n < NODESETTINGS_NODES; n++)
		if (!strcmp(s->nodes[n].name, name))
			break;
	return n;
}

/* --- what has to stay --- */

static int check_cluster(const struct nodesettings *old,
			 const struct nodesettings *fresh, struct fault *f)
{
	const struct {
		const char *what;
		const char *was;
		const char *is;
	} v[] = {
		{ "cluster", old->cluster, fresh->cluster },
		{ "pool of the cluster", old->pool, fresh->pool },
		{ "user of Ceph", old->user, fresh->user },
	};
	size_t i;

	for (i = 0; i < sizeof(v) / sizeof(v[0]); i++)
		if (strcmp(v[i].was, v[i].is))
			return fault_set(
				f, -EBUSY,
				"the %s is %s, not %s as before" RESTART,
				v[i].what, v[i].is, v[i].was);
	return 0;
}

static int check_address(const char *who, struct in_addr was, struct in_addr is,
			 const char *advice, struct fault *f)
{
	char before[INET_ADDRSTRLEN], now[INET_ADDRSTRLEN];

	if (was.s_addr == is.s_addr)
		return 0;
	inet_ntop(AF_INET, &was, before, sizeof(before));
	inet_ntop(AF_INET, &is, now, sizeof(now));
	return fault_set(
		f, -EBUSY,
		"%s takes part with the address %s and has %s in cluster.conf%s",
		who, before, now, advice);
}

/* This node, even while it is none of the members. */
static int check_self(const struct nodesettings *old,
		      const struct nodesettings *fresh, struct fault *f)
{
	const struct nodesettings_node *was = &old->nodes[old->number];
	const struct nodesettings_node *is = &fresh->nodes[fresh->number];

	if (old->number != fresh->number)
		return fault_set(
			f, -EBUSY,
			"this node is number %u and has %u in cluster.conf" RESTART,
			old->number, fresh->number);
	if (strcmp(was->name, is->name))
		return fault_set(
			f, -EBUSY,
			"this node is %s and has the name %s in cluster.conf" RESTART,
			was->name, is->name);
	return check_address("this node", was->ip, is->ip, RESTART, f);
}

static int check_member(const struct nodesettings *fresh, unsigned int n,
			const struct nodesettings_node *member, struct fault *f)
{
	const struct nodesettings_node *is = &fresh->nodes[n];
	unsigned int elsewhere = number_of(fresh, member->name);

	if (strcmp(is->name, member->name) && elsewhere < NODESETTINGS_NODES)
		return fault_set(
			f, -EBUSY,
			"%s takes part as number %u and has %u in cluster.conf" LEAVE,
			member->name, n, elsewhere);
	if (!*is->name)
		return fault_set(
			f, -EBUSY,
			"%s takes part and is gone from cluster.conf" LEAVE,
			member->name);
	if (strcmp(is->name, member->name))
		return fault_set(
			f, -EBUSY,
			"%s takes part as number %u, which is that of %s in cluster.conf" LEAVE,
			member->name, n, is->name);
	if (!member->ip.s_addr)
		return 0;
	return check_address(member->name, member->ip, is->ip, LEAVE, f);
}

static int check(const struct nodesettings *old,
		 const struct nodesettings *fresh,
		 const struct nodesettings_node *members, struct fault *f)
{
	int err = check_cluster(old, fresh, f);
	unsigned int n;

	err = err ?: check_self(old, fresh, f);
	for (n = 0; !err && n < NODESETTINGS_NODES; n++)
		if (*members[n].name)
			err = check_member(fresh, n, &members[n], f);
	return err;
}

/* --- what differs --- */

int nodechange_find(const struct nodesettings *old,
		    const struct nodesettings *fresh,
		    const struct nodesettings_node *members,
		    struct nodechange *c, struct fault *f)
{
	int err = check(old, fresh, members, f);
	unsigned int n;

	memset(c, 0, sizeof(*c));
	for (n = 0; !err && n < NODESETTINGS_NODES; n++) {
		const struct nodesettings_node *was = &old->nodes[n];
		const struct nodesettings_node *is = &fresh->nodes[n];

		if (same_node(was, is))
			continue;
		if (!*was->name)
			rbd_nodeset_add(&c->added, n);
		else if (!*is->name)
			rbd_nodeset_add(&c->removed, n);
		else
			rbd_nodeset_add(&c->changed, n);
	}
	return err;
}

bool nodechange_any(const struct nodechange *c)
{
	return !rbd_nodeset_empty(&c->added) ||
	       !rbd_nodeset_empty(&c->changed) ||
	       !rbd_nodeset_empty(&c->removed);
}

/* Appends the names behind a word; returns how many found no room. */
static unsigned int put_names(char *text, const char *word,
			      const struct nodesettings *s,
			      const struct rbd_nodeset *set)
{
	size_t len = strlen(text);
	unsigned int n, left = 0;
	bool first = true;

	for (n = 0; n < NODESETTINGS_NODES; n++) {
		if (!rbd_nodeset_has(set, n))
			continue;
		if (len + NAME_ROOM > NODECHANGE_TEXT) {
			left++;
			continue;
		}
		len += (size_t)snprintf(text + len, NODECHANGE_TEXT - len,
					"%s%s%s%s",
					!first ? ", " :
					len    ? "; " :
						 "",
					first ? word : "", first ? " " : "",
					s->nodes[n].name);
		first = false;
	}
	return left;
}

void nodechange_text(const struct nodechange *c, const struct nodesettings *old,
		     const struct nodesettings *fresh, char *text)
{
	unsigned int left;
	size_t len;

	*text = '\0';
	left = put_names(text, "added", fresh, &c->added);
	left += put_names(text, "changed", fresh, &c->changed);
	left += put_names(text, "removed", old, &c->removed);
	len = strlen(text);
	if (left)
		snprintf(text + len, NODECHANGE_TEXT - len, " and %u more",
			 left);
}
