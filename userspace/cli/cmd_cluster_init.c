// SPDX-License-Identifier: GPL-2.0
/* rbdshare cluster init: the pool of a cluster and its first view. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "cli/clusterpool.h"
#include "cli/clusterview.h"
#include "cli/globals.h"
#include "hb_timing.h"
#include "lib/age.h"
#include "lib/clusternode.h"
#include "lib/exitcode.h"
#include "lib/jsonout.h"
#include "lib/msg.h"
#include "lib/o2cbdefaults.h"
#include "view_codec.h"

#define REPLICAS_MAX 10
#define CAS_MS 20000

/**
 * struct init - what is to be made
 * @replicas: of a new pool, 0
 * @first: the first view
 */
struct init {
	struct clusterplace place;
	struct clusterpool pool;
	struct rbd_hb_timing timing;
	unsigned int replicas;
	struct rbd_view *first;
};

static int read_timing(const struct cluster_args *args, struct init *i,
		       struct fault *f)
{
	unsigned int dead = args->fast ? RBD_HB_DEAD_AFTER_FAST_MS :
					 RBD_HB_DEAD_AFTER_MS;
	unsigned int slow = RBD_HB_SLOW_AFTER_MS;
	const char *bad;
	int ret = 0;

	if (args->dead_after)
		ret = o2cb_duration(args->dead_after, &dead, f);
	if (!ret && args->slow_after)
		ret = o2cb_duration(args->slow_after, &slow, f);
	if (ret)
		return ret;
	bad = rbd_hb_timing_derive(&i->timing, dead, slow);
	return bad ? fault_set(f, -EINVAL, "%s", bad) : 0;
}

static int random_bytes(void *to, size_t len, struct fault *f)
{
	return getrandom(to, len, 0) == (ssize_t)len ?
		       0 :
		       fault_set(f, -EIO, "the kernel gives no random numbers");
}

static int make_view(struct init *i, struct fault *f)
{
	const char *bad;
	int ret;

	i->first = calloc(1, sizeof(*i->first));
	if (!i->first)
		return fault_set(f, -ENOMEM, "out of memory");
	bad = rbd_view_init(i->first, i->place.cluster, i->timing.dead_after_ms,
			    i->timing.slow_after_ms);
	if (bad)
		return fault_set(f, -EINVAL, "%s", bad);
	i->first->seq = 1;
	ret = random_bytes(i->first->cluster_id, sizeof(i->first->cluster_id),
			   f);
	if (!ret)
		ret = random_bytes(i->first->key, sizeof(i->first->key), f);
	if (!ret)
		ret = random_bytes(i->first->token, sizeof(i->first->token), f);
	return ret;
}

static int prepare(const struct cluster_args *args, struct init *i,
		   struct fault *f)
{
	unsigned long n = 0;
	int ret = clusterplace_find(args, &i->place, f);

	if (ret)
		return ret;
	if (args->size && clusternode_number(args->size, 1, REPLICAS_MAX, &n))
		return fault_set(
			f, -EINVAL,
			"--size '%.20s' is not a number of copies from 1 to %d",
			args->size, REPLICAS_MAX);
	i->replicas = (unsigned int)n;
	ret = read_timing(args, i, f);
	return ret ? ret : make_view(i, f);
}

static int exists(struct verbctx *c, const struct init *i,
		  const struct rbd_view *v)
{
	char id[33];

	clusterview_hex(v->cluster_id, id);
	return fault_set(
		&c->f, -EEXIST,
		"cluster %s is in pool '%s' already (id %s, view %llu, %u nodes known); nothing was touched; look with: rbdshare cluster status",
		i->place.cluster, i->place.pool, id, (unsigned long long)v->seq,
		v->n_members);
}

/* Is there a view already? */
static int check_absent(struct verbctx *c, const struct init *i,
			struct clusterview *now)
{
	int ret = clusterview_open(c, &i->place, now);

	if (!ret)
		ret = clusterview_read(c, &i->place, now);
	if (!ret)
		return exists(c, i, now->view);
	return ret == -ENOENT && now->io ? 0 : ret;
}

static int write_first(struct verbctx *c, struct init *i)
{
	struct viewobject_copy other = { 0 };
	struct clusterview now = { 0 };
	unsigned char *body = malloc(RBD_VIEW_MAX_BYTES);
	ssize_t len;
	int ret;

	if (!body)
		return fault_set(&c->f, -ENOMEM, "out of memory");
	ret = check_absent(c, i, &now);
	if (!ret) {
		len = rbd_view_encode(i->first, body, RBD_VIEW_MAX_BYTES);
		ret = len < 0 ? (int)len :
				viewobject_cas(&now.object, 0, body,
					       (size_t)len, CAS_MS, &other);
		if (ret == -ECANCELED || ret == -ESTALE)
			fault_set(
				&c->f, ret,
				"somebody else made cluster %s just now; nothing was touched; look with: rbdshare cluster status",
				i->place.cluster);
		else if (ret)
			session_fault(&c->s, &c->f, ret, NULL,
				      "write view.%s to pool '%s'",
				      i->place.cluster, i->place.pool);
	}
	explicit_bzero(body, RBD_VIEW_MAX_BYTES);
	free(body);
	viewobject_copy_free(&other);
	clusterview_close(c, &now);
	return ret == -ECANCELED || ret == -ESTALE ? -EEXIST : ret;
}

static int report(const struct init *i)
{
	struct json_object *o = jsonout_new();
	char id[33], dead[AGE_TEXT], slow[AGE_TEXT], pool[160];
	int ret;

	clusterview_hex(i->first->cluster_id, id);
	age_format(i->timing.dead_after_ms, dead);
	age_format(i->timing.slow_after_ms, slow);
	jsonout_string(o, "cluster", i->place.cluster);
	jsonout_string(o, "cluster_id", globals.dry_run ? NULL : id);
	jsonout_string(o, "pool", i->place.pool);
	jsonout_bool(o, "pool_existed", i->pool.exists);
	jsonout_u64(o, "pool_pg_num", i->pool.pg_num);
	jsonout_u64(o, "dead_after_ms", i->timing.dead_after_ms);
	jsonout_u64(o, "slow_after_ms", i->timing.slow_after_ms);
	jsonout_u64(o, "tick_ms", i->timing.tick_ms);
	snprintf(pool, sizeof(pool), "in pool %s%s", i->place.pool,
		 i->pool.exists ? "" : " (new)");
	ret = verb_report(
		o, "create", "created",
		"cluster %s %s: a silent node is fenced after %s, one that only the network hears after %s",
		i->place.cluster, pool, dead, slow);
	if (!ret && !globals.dry_run && !globals.json)
		msg_info("next, on every node: rbdshare cluster online");
	return ret;
}

static int run(struct verbctx *c, struct init *i)
{
	struct clusterview now = { 0 };
	int ret = clusterpool_look(c, &i->place, i->replicas, &i->pool);

	if (!ret && i->pool.exists)
		ret = check_absent(c, i, &now);
	clusterview_close(c, &now);
	if (ret)
		return ret;
	if (i->pool.exists && i->replicas && i->replicas != i->pool.replicas)
		msg_warn(
			"pool '%s' exists with %u copies and stays so; change it with: ceph osd pool set %s size %u",
			i->place.pool, i->pool.replicas, i->place.pool,
			i->replicas);
	if (!globals.dry_run) {
		ret = clusterpool_make(c, &i->place, &i->pool);
		if (!ret)
			ret = write_first(c, i);
	}
	if (ret)
		return ret;
	clusterpool_warn(&i->place, &i->pool);
	return report(i);
}

int cluster_init(const struct cluster_args *args)
{
	struct verbctx c = { 0 };
	struct init i = { 0 };
	int ret;

	if (args->fast && args->dead_after) {
		msg_error("--fast is --dead-after 3s; give one of the two");
		return EXITCODE_USAGE;
	}
	ret = prepare(args, &i, &c.f);
	if (!ret)
		ret = verb_connect(&c);
	if (!ret)
		ret = run(&c, &i);
	if (i.first)
		explicit_bzero(i.first->key, sizeof(i.first->key));
	free(i.first);
	return verb_end(&c, ret);
}
