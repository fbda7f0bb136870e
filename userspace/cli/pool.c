// SPDX-License-Identifier: GPL-2.0
#include "cli/pool.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/watchdog.h"

static const char *text_of(struct json_object *o, const char *key)
{
	struct json_object *v;

	return json_object_object_get_ex(o, key, &v) ?
		       json_object_get_string(v) :
		       "";
}

static uint64_t number_of(struct json_object *o, const char *key)
{
	struct json_object *v;

	return json_object_object_get_ex(o, key, &v) ?
		       json_object_get_uint64(v) :
		       0;
}

static void read_detail(struct json_object *o, struct pool *p)
{
	struct json_object *apps;
	size_t used = 0;

	snprintf(p->name, sizeof(p->name), "%s", text_of(o, "pool_name"));
	p->pg_num = number_of(o, "pg_num");
	p->replicas = number_of(o, "size");
	if (!json_object_object_get_ex(o, "application_metadata", &apps) ||
	    !json_object_is_type(apps, json_type_object))
		return;
	json_object_object_foreach(apps, name, value) {
		(void)value;
		if (used < sizeof(p->apps))
			used += (size_t)snprintf(p->apps + used,
						 sizeof(p->apps) - used, "%s%s",
						 used ? "," : "", name);
	}
}

static void read_usage(struct json_object *df, struct pool *v, size_t n)
{
	struct json_object *pools, *o, *stats;
	size_t i, j;

	if (!json_object_object_get_ex(df, "pools", &pools) ||
	    !json_object_is_type(pools, json_type_array))
		return;
	for (i = 0; i < json_object_array_length(pools); i++) {
		o = json_object_array_get_idx(pools, i);
		if (!json_object_object_get_ex(o, "stats", &stats))
			continue;
		for (j = 0; j < n; j++) {
			if (strcmp(v[j].name, text_of(o, "name")))
				continue;
			v[j].used = number_of(stats, "bytes_used");
			v[j].avail = number_of(stats, "max_avail");
			v[j].objects = number_of(stats, "objects");
		}
	}
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct pool *)a)->name,
		      ((const struct pool *)b)->name);
}

static int ask(struct verbctx *c, const char *prefix, const char *detail,
	       struct json_object **reply)
{
	struct json_object *cmd = json_object_new_object();
	int ret;

	json_object_object_add(cmd, "prefix", json_object_new_string(prefix));
	if (detail)
		json_object_object_add(cmd, "detail",
				       json_object_new_string(detail));
	ret = session_command(&c->s, cmd, reply, NULL, 0);
	if (ret)
		return session_fault(&c->s, &c->f, ret, NULL, "list the pools");
	return *reply ?
		       0 :
		       fault_set(
			       &c->f, -EBADMSG,
			       "the monitors' answer to '%s' is not what Ceph 16 and newer say",
			       prefix);
}

int pools_read(struct verbctx *c, struct pool **v, size_t *n)
{
	struct json_object *list = NULL, *df = NULL;
	size_t i;
	int ret;

	*v = NULL;
	*n = 0;
	ret = ask(c, "osd pool ls", "detail", &list);
	if (!ret)
		ret = ask(c, "df", NULL, &df);
	if (!ret && !json_object_is_type(list, json_type_array))
		ret = fault_set(
			&c->f, -EBADMSG,
			"the monitors did not list the pools; look at 'ceph -s'");
	if (!ret) {
		*n = json_object_array_length(list);
		*v = calloc(*n + 1, sizeof(**v));
		if (!*v)
			ret = fault_set(&c->f, -ENOMEM, "out of memory");
	}
	if (!ret) {
		for (i = 0; i < *n; i++)
			read_detail(json_object_array_get_idx(list, i),
				    &(*v)[i]);
		read_usage(df, *v, *n);
		qsort(*v, *n, sizeof(**v), by_name);
	}
	json_object_put(list);
	json_object_put(df);
	return ret;
}

static int count_in(struct verbctx *c, rados_ioctx_t io, const char *ns,
		    uint64_t *images, uint64_t *trash)
{
	const struct radosdoor *d = c->s.door;
	rbd_image_spec_t *v = NULL;
	rbd_trash_image_info_t *t = NULL;
	size_t n = 64, nt = 64;
	int ret;

	d->rados_ioctx_set_namespace(io, ns);
	do {
		v = realloc(v, n * sizeof(*v));
		ret = v ? d->rbd_list2(io, v, &n) : -ENOMEM;
	} while (ret == -ERANGE);
	if (ret >= 0) {
		*images += n;
		d->rbd_image_spec_list_cleanup(v, n);
		do {
			t = realloc(t, nt * sizeof(*t));
			ret = t ? d->rbd_trash_list(io, t, &nt) : -ENOMEM;
		} while (ret == -ERANGE);
		if (ret >= 0) {
			*trash += nt;
			d->rbd_trash_list_cleanup(t, nt);
		}
	}
	free(v);
	free(t);
	watchdog_kick();
	return ret < 0 ? ret : 0;
}

int pool_images(struct verbctx *c, const char *pool, uint64_t *images,
		uint64_t *trash)
{
	const struct radosdoor *d = c->s.door;
	char *names = NULL, *ns;
	size_t size = 4096;
	rados_ioctx_t io;
	int ret = session_pool(&c->s, pool, NULL, &io, &c->f);

	if (ret)
		return ret;
	*images = *trash = 0;
	ret = count_in(c, io, "", images, trash);
	if (!ret) {
		d->rados_ioctx_set_namespace(io, "");
		do {
			names = realloc(names, size);
			ret = names ? d->rbd_namespace_list(io, names, &size) :
				      -ENOMEM;
		} while (ret == -ERANGE);
		for (ns = names; ret >= 0 && ns < names + size && *ns;
		     ns += strlen(ns) + 1)
			ret = count_in(c, io, ns, images, trash);
	}
	free(names);
	d->rados_ioctx_destroy(io);
	if (ret < 0)
		return session_fault(&c->s, &c->f, ret, pool,
				     "count the images of pool '%s'", pool);
	return 0;
}
