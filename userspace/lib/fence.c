// SPDX-License-Identifier: GPL-2.0
#include "lib/fence.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/clock.h"
#include "lib/pgnames.h"

#define RETRY_MS 500
/* Entries that are made side by side. */
#define AT_ONCE 32

void fence_progress_init(struct fence_progress *p)
{
	memset(p, 0, sizeof(*p));
	pthread_mutex_init(&p->sweep.lock, NULL);
}

const char *fence_stage_str(enum fence_stage stage)
{
	switch (stage) {
	case FENCE_STAGE_LIST:
		return "listing";
	case FENCE_STAGE_ADD:
		return "adding";
	case FENCE_STAGE_MAP:
		return "waiting for the map";
	case FENCE_STAGE_SWEEP:
		return "sweeping";
	case FENCE_STAGE_DONE:
		return "done";
	}
	return "?";
}

static void set_stage(struct fence_progress *p, enum fence_stage stage)
{
	pthread_mutex_lock(&p->sweep.lock);
	p->stage = stage;
	pthread_mutex_unlock(&p->sweep.lock);
}

/*
 * After a failed attempt.
 *
 * Return: 0 to try again, else why not.
 */
static int again(struct fence_progress *p, int err)
{
	bool stop;

	pthread_mutex_lock(&p->sweep.lock);
	p->error = err;
	stop = p->sweep.stop;
	pthread_mutex_unlock(&p->sweep.lock);
	if (stop)
		return -ECANCELED;
	switch (err) {
	case -EPERM:
	case -EACCES:
		return -EACCES;
	case -ESHUTDOWN:
	case -ENOMEM:
	case -EOPNOTSUPP:
	case -ECANCELED:
		return err;
	}
	clock_sleep_ms(RETRY_MS);
	return 0;
}

int fence_dump(struct session *s, struct osddump *dump)
{
	struct json_object *cmd = json_object_new_object(), *reply = NULL;
	int ret;

	json_object_object_add(cmd, "prefix",
			       json_object_new_string("osd dump"));
	ret = session_command(s, cmd, &reply, NULL, 0);
	if (ret) {
		json_object_put(reply);
		return ret;
	}
	ret = osddump_take(dump, reply);
	if (ret)
		osddump_free(dump);
	return ret;
}

/* On success the caller frees the dump. */
static int get_dump(struct session *s, struct fence_progress *p,
		    struct osddump *dump)
{
	int ret, give_up;

	for (;;) {
		ret = fence_dump(s, dump);
		if (!ret)
			return 0;
		give_up = again(p, ret);
		if (give_up)
			return give_up;
	}
}

int fence_entry(struct session *s, const char *verb, const struct clientaddr *a)
{
	struct json_object *cmd = json_object_new_object();
	char text[CLIENTADDR_TEXT];

	clientaddr_format(a, text);
	json_object_object_add(cmd, "prefix",
			       json_object_new_string("osd blocklist"));
	json_object_object_add(cmd, "blocklistop",
			       json_object_new_string(verb));
	json_object_object_add(cmd, "addr", json_object_new_string(text));
	if (!strcmp(verb, "add"))
		json_object_object_add(cmd, "expire",
				       json_object_new_double(FENCE_EXPIRE_S));
	return session_command(s, cmd, NULL, NULL, 0);
}

static void count(struct fence_progress *p, uint32_t *what)
{
	pthread_mutex_lock(&p->sweep.lock);
	(*what)++;
	pthread_mutex_unlock(&p->sweep.lock);
}

/**
 * struct entry - a blocklist entry to be made, by a thread of its own
 * @left_s: how long the one that is there still holds; 0: there is none
 * @ret: result
 */
struct entry {
	struct session *s;
	const struct clientaddr *a;
	int64_t left_s;
	struct fence_progress *p;
	pthread_t thread;
	bool started;
	int ret;
};

static void *put_entry(void *arg)
{
	struct entry *e = arg;

	e->ret = 0;
	if (e->left_s)
		e->ret = fence_entry(e->s, "rm", e->a);
	if (!e->ret)
		e->ret = fence_entry(e->s, "add", e->a);
	if (!e->ret)
		count(e->p, e->left_s ? &e->p->replaced : &e->p->added);
	return NULL;
}

/*
 * All at once: the monitors commit about once a second, and take all that
 * lies there by then.
 */
static int put_entries(struct entry *entries, size_t n,
		       struct fence_progress *p)
{
	int ret = 0;
	size_t i;

	set_stage(p, FENCE_STAGE_ADD);
	for (i = 0; i < n; i++)
		entries[i].started = !pthread_create(&entries[i].thread, NULL,
						     put_entry, &entries[i]);
	for (i = 0; i < n; i++) {
		if (entries[i].started)
			pthread_join(entries[i].thread, NULL);
		else
			put_entry(&entries[i]);
		if (entries[i].ret)
			ret = entries[i].ret;
	}
	return ret;
}

/* Adds what the map lacks; what fails shows in the next map. */
static int add_missing(struct session *s, const struct fence_order *order,
		       struct fence_progress *p, const struct osddump *dump,
		       size_t *missing)
{
	int64_t left_s, shortest_s = FENCE_EXPIRE_S;
	int64_t hold_s = order->hold_s ?: FENCE_MIN_S;
	struct entry entries[AT_ONCE];
	size_t i, n = 0;
	int ret, give_up = 0;

	*missing = 0;
	for (i = 0; !give_up && i < order->n_instances; i++) {
		left_s = osddump_fenced_for(dump, &order->instances[i]);
		if (left_s < shortest_s)
			shortest_s = left_s;
		if (left_s < hold_s) {
			(*missing)++;
			entries[n++] = (struct entry){ .s = s,
						       .a = &order->instances[i],
						       .left_s = left_s,
						       .p = p };
		}
		if (n < AT_ONCE && i + 1 < order->n_instances)
			continue;
		ret = n ? put_entries(entries, n, p) : 0;
		n = 0;
		if (ret)
			give_up = again(p, ret);
	}
	pthread_mutex_lock(&p->sweep.lock);
	p->shortest_s = shortest_s;
	pthread_mutex_unlock(&p->sweep.lock);
	return give_up;
}

/* Step 1. On success @dump is a map that lists them all. */
static int blocklist(struct session *s, const struct fence_order *order,
		     struct fence_progress *p, struct osddump *dump)
{
	size_t missing;
	int ret;

	for (;;) {
		set_stage(p, FENCE_STAGE_LIST);
		ret = get_dump(s, p, dump);
		if (ret)
			return ret;
		ret = add_missing(s, order, p, dump, &missing);
		if (!ret && !missing)
			return 0;
		osddump_free(dump);
		if (ret)
			return ret;
	}
}

static int wait_for_map(struct session *s, struct fence_progress *p)
{
	int ret, give_up;

	set_stage(p, FENCE_STAGE_MAP);
	for (;;) {
		ret = s->door->rados_wait_for_latest_osdmap(s->cluster);
		if (!ret)
			return 0;
		give_up = again(p, ret);
		if (give_up)
			return give_up;
	}
}

static int sweep_one(struct session *s, const struct fence_pool *pool,
		     const struct osddump_pool *in_map,
		     struct fence_progress *p)
{
	rados_ioctx_t io;
	int ret;

	if (in_map->object_hash != PGNAMES_HASH_RJENKINS)
		return -EOPNOTSUPP;
	ret = s->door->rados_ioctx_create2(s->cluster, pool->id, &io);
	/* It was deleted after the map was read: nothing can be in it. */
	if (ret == -ENOENT)
		return 0;
	if (ret)
		return ret;
	s->door->rados_ioctx_set_namespace(io, pool->ns);
	ret = sweep_pool(s->door, io, pool->id, pool->ns, in_map->pg_num,
			 &p->sweep);
	s->door->rados_ioctx_destroy(io);
	return ret;
}

/* Has the pool as many groups in both maps, or is it gone? */
static bool same_groups(const struct osddump *before,
			const struct osddump *after, int64_t id)
{
	struct osddump_pool a, b;

	if (!osddump_pool(after, id, &b))
		return true;
	return osddump_pool(before, id, &a) && a.pg_num == b.pg_num;
}

/*
 * Step 3. @dump is the map that the names are made for. Groups that were split
 * or merged under the sweep's feet show in the map that is read behind it; it
 * takes the place of @dump.
 */
static int sweep_all(struct session *s, const struct fence_order *order,
		     struct fence_progress *p, struct osddump *dump)
{
	struct osddump_pool pool;
	struct osddump after;
	bool *swept;
	size_t i, left;
	int ret = 0;

	swept = calloc(order->n_pools ?: 1, sizeof(*swept));
	if (!swept)
		return -ENOMEM;
	set_stage(p, FENCE_STAGE_SWEEP);
	do {
		for (i = 0; !ret && i < order->n_pools; i++) {
			if (swept[i])
				continue;
			swept[i] = true;
			if (osddump_pool(dump, order->pools[i].id, &pool))
				ret = sweep_one(s, &order->pools[i], &pool, p);
		}
		if (!ret)
			ret = get_dump(s, p, &after);
		if (ret)
			break;
		left = 0;
		for (i = 0; i < order->n_pools; i++) {
			swept[i] = same_groups(dump, &after,
					       order->pools[i].id);
			left += !swept[i];
		}
		osddump_free(dump);
		*dump = after;
	} while (left);
	free(swept);
	return ret;
}

/* Steps 2 and 3. */
static int prove(struct session *s, const struct fence_order *order,
		 struct fence_progress *p, struct osddump *dump)
{
	int ret = wait_for_map(s, p);

	return ret ?: sweep_all(s, order, p, dump);
}

/* The same for pools that are looked for now. */
static int prove_everywhere(struct session *s, struct fence_progress *p,
			    struct osddump *dump)
{
	struct fence_order order = { .n_pools = 0 };
	ssize_t n, i;
	int64_t *ids;
	int ret;

	n = osddump_block_pools(dump, &ids);
	if (n < 0)
		return (int)n;
	order.pools = calloc((size_t)n + 1, sizeof(*order.pools));
	for (i = 0; order.pools && i < n; i++)
		order.pools[order.n_pools++].id = ids[i];
	free(ids);
	if (!order.pools)
		return -ENOMEM;
	ret = prove(s, &order, p, dump);
	free(order.pools);
	return ret;
}

int fence_run(struct session *s, const struct fence_order *order,
	      struct fence_progress *p)
{
	struct osddump dump;
	uint32_t epoch;
	int ret;

	ret = blocklist(s, order, p, &dump);
	if (ret)
		return ret;
	epoch = dump.epoch;
	if (order->all_pools)
		ret = prove_everywhere(s, p, &dump);
	else if (order->n_pools)
		ret = prove(s, order, p, &dump);
	osddump_free(&dump);
	if (ret)
		return ret;
	pthread_mutex_lock(&p->sweep.lock);
	p->epoch = epoch;
	p->error = 0;
	p->stage = FENCE_STAGE_DONE;
	pthread_mutex_unlock(&p->sweep.lock);
	return 0;
}
