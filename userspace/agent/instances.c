// SPDX-License-Identifier: GPL-2.0
#include "agent/instances.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/say.h"
#include "lib/clock.h"
#include "lib/image.h"

/**
 * struct search - under way
 * @pool, @ns: where it is
 * @end_ms: then it ends
 */
struct search {
	struct session *s;
	const struct nodemap_hosts *hosts;
	const char *pool;
	const char *ns;
	long long end_ms;
	struct instances *found;
};

int instances_add(struct instances *found, const struct clientaddr *a)
{
	struct clientaddr *grown;
	size_t i;

	for (i = 0; i < found->n; i++)
		if (clientaddr_equal(&found->v[i], a))
			return 0;
	if (found->n == found->room) {
		found->room = found->room ? 2 * found->room : 32;
		grown = reallocarray(found->v, found->room, sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		found->v = grown;
	}
	found->v[found->n++] = *a;
	return 0;
}

void instances_free(struct instances *found)
{
	free(found->v);
	memset(found, 0, sizeof(*found));
}

static void miss(struct search *q, int err)
{
	if (!q->found->missed++)
		q->found->error = err;
}

static bool on_host(const struct search *q, const struct clientaddr *a)
{
	size_t i;

	for (i = 0; i < q->hosts->n; i++)
		if (a->family == q->hosts->v[i].family &&
		    !memcmp(a->ip, q->hosts->v[i].ip, sizeof(a->ip)))
			return true;
	return false;
}

static int take_users(struct search *q, const char *name,
		      const struct image_users *u)
{
	struct clientaddr a;
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < u->n; i++)
		if (!clientaddr_parse(u->v[i].addr, &a) && on_host(q, &a)) {
			say_debug("client %s uses %s/%s%s%s", u->v[i].addr,
				  q->pool, q->ns, *q->ns ? "/" : "", name);
			ret = instances_add(q->found, &a);
		}
	return ret;
}

static int look_at(struct search *q, const char *name)
{
	struct rbd_spec spec = { (char *)q->pool, (char *)q->ns, (char *)name,
				 (char *)"" };
	struct image_users users;
	struct image image;
	int ret = image_open(q->s, &spec, false, &image, NULL);

	/* It was removed meanwhile. */
	if (ret == -ENOENT)
		return 0;
	if (!ret) {
		q->found->images++;
		ret = image_users(&image, &users, NULL);
		if (!ret) {
			ret = take_users(q, name, &users);
			image_users_free(&users);
		}
		image_close(&image);
	}
	if (ret == -ENOMEM)
		return ret;
	if (ret)
		miss(q, ret);
	return 0;
}

static int list_images(const struct radosdoor *d, rados_ioctx_t io,
		       rbd_image_spec_t **v, size_t *n)
{
	rbd_image_spec_t *grown;
	int ret;

	*n = 64;
	do {
		grown = reallocarray(*v, *n, sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		*v = grown;
		ret = d->rbd_list2(io, *v, n);
	} while (ret == -ERANGE);
	return ret < 0 ? ret : 0;
}

static int search_namespace(struct search *q, rados_ioctx_t io, const char *ns)
{
	const struct radosdoor *d = q->s->door;
	rbd_image_spec_t *v = NULL;
	size_t i, n;
	int ret;

	q->ns = ns;
	d->rados_ioctx_set_namespace(io, ns);
	ret = list_images(d, io, &v, &n);
	if (ret) {
		free(v);
		/* A pool that never had an image. */
		if (ret != -ENOENT && ret != -ENOMEM)
			miss(q, ret);
		return ret == -ENOMEM ? ret : 0;
	}
	for (i = 0; !ret && i < n; i++) {
		if (clock_ms() < q->end_ms)
			ret = look_at(q, v[i].name);
		else
			miss(q, -ETIMEDOUT);
	}
	d->rbd_image_spec_list_cleanup(v, n);
	free(v);
	return ret;
}

/* Names, each with a NUL, one behind the other; NULL when there are none. */
static char *list_namespaces(const struct radosdoor *d, rados_ioctx_t io,
			     size_t *size)
{
	char *names = NULL, *grown;
	int ret;

	*size = 1024;
	do {
		grown = realloc(names, *size);
		if (!grown)
			break;
		names = grown;
		ret = d->rbd_namespace_list(io, names, size);
		if (ret >= 0)
			return names;
	} while (ret == -ERANGE);
	free(names);
	return NULL;
}

static int search_pool(struct search *q, rados_ioctx_t io)
{
	size_t size, at;
	char *names;
	int ret;

	names = list_namespaces(q->s->door, io, &size);
	ret = search_namespace(q, io, "");
	for (at = 0; !ret && names && at < size && names[at];
	     at += strlen(names + at) + 1)
		ret = search_namespace(q, io, names + at);
	free(names);
	return ret;
}

int instances_find(struct session *s, const struct osddump_pool *pools,
		   size_t n_pools, const struct nodemap_hosts *hosts,
		   unsigned int within_ms, struct instances *found)
{
	struct search q = { .s = s,
			    .hosts = hosts,
			    .end_ms = clock_ms() + within_ms,
			    .found = found };
	rados_ioctx_t io;
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < n_pools; i++) {
		q.pool = pools[i].name;
		if (clock_ms() >= q.end_ms) {
			miss(&q, -ETIMEDOUT);
			continue;
		}
		if (s->door->rados_ioctx_create2(s->cluster, pools[i].id,
						 &io)) {
			miss(&q, -ENOENT);
			continue;
		}
		ret = search_pool(&q, io);
		s->door->rados_ioctx_destroy(io);
	}
	return ret;
}
