// SPDX-License-Identifier: GPL-2.0
#include "cli/clusterpool.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/globals.h"
#include "lib/jsonout.h"
#include "lib/msg.h"
#include "lib/pgnames.h"

#define HEARTBEATS 3
#define PGS_MIN 8
#define PGS_MAX 64
#define TYPE_REPLICATED 1

/* In how many groups of a pool the heartbeat objects of a cluster lie. */
static unsigned int heartbeat_groups(const char *cluster, unsigned int pg_num)
{
	uint32_t pg[HEARTBEATS];
	unsigned int i, j, groups = 0;
	char name[64];

	for (i = 0; i < HEARTBEATS; i++) {
		snprintf(name, sizeof(name), "hb.%s.%u", cluster, i);
		pg[i] = pgnames_pg(pgnames_hash(name, strlen(name)), pg_num);
		for (j = 0; j < i && pg[j] != pg[i]; j++)
			;
		groups += j == i;
	}
	return groups;
}

/* Few, but enough that the three are apart. */
static unsigned int choose_pgs(const char *cluster)
{
	unsigned int n = PGS_MIN;

	while (n < PGS_MAX && heartbeat_groups(cluster, n) < HEARTBEATS)
		n *= 2;
	return n;
}

static int number(struct json_object *o, const char *key)
{
	struct json_object *v;

	return json_object_object_get_ex(o, key, &v) ? json_object_get_int(v) :
						       0;
}

/* @pools: of "osd pool ls detail". Return: the pool's own object, or NULL. */
static struct json_object *find(struct json_object *pools, const char *name)
{
	struct json_object *o, *v;
	size_t i;

	for (i = 0; i < json_object_array_length(pools); i++) {
		o = json_object_array_get_idx(pools, i);
		if (json_object_object_get_ex(o, "pool_name", &v) &&
		    !strcmp(json_object_get_string(v), name))
			return o;
	}
	return NULL;
}

static int judge(struct verbctx *c, const struct clusterplace *p,
		 struct json_object *o, struct clusterpool *pool)
{
	struct json_object *apps, *ours;

	pool->exists = true;
	pool->pg_num = (unsigned int)number(o, "pg_num");
	pool->replicas = (unsigned int)number(o, "size");
	if (!pool->pg_num ||
	    !json_object_object_get_ex(o, "application_metadata", &apps))
		return fault_set(
			&c->f, -EBADMSG,
			"the monitors' answer to 'osd pool ls detail' is not what Ceph 16 and newer say");
	if (number(o, "type") != TYPE_REPLICATED)
		return fault_set(
			&c->f, -EOPNOTSUPP,
			"pool '%s' is erasure-coded, and heartbeats need a replicated one; name another with --pool",
			p->pool);
	pool->enable = !json_object_object_get_ex(apps, CLUSTERPOOL_APP, &ours);
	if (pool->enable && json_object_object_length(apps))
		return fault_set(
			&c->f, -EEXIST,
			"pool '%s' has other uses ('ceph osd pool application get %s'), and heartbeats need one of their own; name another with --pool, which is made if it does not exist",
			p->pool, p->pool);
	return 0;
}

int clusterpool_look(struct verbctx *c, const struct clusterplace *p,
		     unsigned int replicas, struct clusterpool *pool)
{
	struct json_object *cmd = json_object_new_object(), *reply = NULL, *o;
	int ret;

	memset(pool, 0, sizeof(*pool));
	jsonout_string(cmd, "prefix", "osd pool ls");
	jsonout_string(cmd, "detail", "detail");
	ret = session_command(&c->s, cmd, &reply, NULL, 0);
	if (ret)
		return session_fault(&c->s, &c->f, ret, NULL, "list the pools");
	if (!json_object_is_type(reply, json_type_array)) {
		json_object_put(reply);
		return fault_set(
			&c->f, -EBADMSG,
			"the monitors did not list the pools; look at 'ceph -s'");
	}
	o = find(reply, p->pool);
	if (o) {
		ret = judge(c, p, o, pool);
	} else {
		pool->enable = true;
		pool->replicas = replicas;
		pool->pg_num = choose_pgs(p->cluster);
	}
	json_object_put(reply);
	if (!ret)
		pool->groups = heartbeat_groups(p->cluster, pool->pg_num);
	return ret;
}

static int create(struct verbctx *c, const struct clusterplace *p,
		  const struct clusterpool *pool)
{
	struct json_object *cmd = json_object_new_object();
	char text[256];
	int ret;

	jsonout_string(cmd, "prefix", "osd pool create");
	jsonout_string(cmd, "pool", p->pool);
	jsonout_u64(cmd, "pg_num", pool->pg_num);
	jsonout_u64(cmd, "pgp_num", pool->pg_num);
	jsonout_string(cmd, "pool_type", "replicated");
	/* A group that is split pauses, and heartbeats do not like that. */
	jsonout_string(cmd, "autoscale_mode", "off");
	if (pool->replicas)
		jsonout_u64(cmd, "size", pool->replicas);
	ret = session_command(&c->s, cmd, NULL, text, sizeof(text));
	if (ret == -EPERM || ret == -EACCES)
		return fault_set(
			&c->f, -EACCES,
			"%s may not create pools; use a user with: mon 'allow *' (such as client.admin)",
			globals.name);
	if (ret == -EINVAL || ret == -ERANGE)
		return fault_set(&c->f, ret,
				 "the monitors refuse pool '%s': %s", p->pool,
				 text);
	if (ret)
		return session_fault(&c->s, &c->f, ret, NULL,
				     "create pool '%s'", p->pool);
	return 0;
}

static int enable(struct verbctx *c, const struct clusterplace *p)
{
	struct json_object *cmd = json_object_new_object();
	int ret;

	jsonout_string(cmd, "prefix", "osd pool application enable");
	jsonout_string(cmd, "pool", p->pool);
	jsonout_string(cmd, "app", CLUSTERPOOL_APP);
	ret = session_command(&c->s, cmd, NULL, NULL, 0);
	if (ret)
		return session_fault(
			&c->s, &c->f, ret, NULL,
			"mark pool '%s' as ours (ceph osd pool application enable %s %s)",
			p->pool, p->pool, CLUSTERPOOL_APP);
	return 0;
}

int clusterpool_make(struct verbctx *c, const struct clusterplace *p,
		     const struct clusterpool *pool)
{
	int ret = pool->exists ? 0 : create(c, p, pool);

	if (!ret && pool->enable)
		ret = enable(c, p);
	if (!ret && !pool->exists) {
		ret = c->s.door->rados_wait_for_latest_osdmap(c->s.cluster);
		if (ret)
			session_fault(&c->s, &c->f, ret, NULL,
				      "wait for pool '%s' to be there",
				      p->pool);
	}
	return ret;
}

void clusterpool_warn(const struct clusterplace *p,
		      const struct clusterpool *pool)
{
	unsigned int better = choose_pgs(p->cluster);

	if (pool->groups < HEARTBEATS)
		msg_warn(
			"%s heartbeat objects of %s are in one placement group, so heartbeats stop when it does; spread them with: ceph osd pool set %s pg_num %u",
			pool->groups == 1 ? "all three" : "two of the three",
			p->cluster, p->pool, better);
	if (pool->replicas == 1)
		msg_warn(
			"pool '%s' keeps one copy only: the cluster stops with one disk; mend with: ceph osd pool set %s size 3",
			p->pool, p->pool);
}
