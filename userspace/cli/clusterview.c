// SPDX-License-Identifier: GPL-2.0
#include "cli/clusterview.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "view_codec.h"

int clusterview_open(struct verbctx *c, const struct clusterplace *p,
		     struct clusterview *v)
{
	const struct radosdoor *door = c->s.door;
	int ret = door->rados_ioctx_create(c->s.cluster, p->pool, &v->io);

	if (ret == -ENOENT)
		return fault_set(
			&c->f, ret,
			"there is no pool '%s' and so no cluster %s; make both with: rbdshare cluster init (another pool: --pool)",
			p->pool, p->cluster);
	if (ret)
		return session_fault(&c->s, &c->f, ret, NULL, "open pool '%s'",
				     p->pool);
	ret = viewobject_init(&v->object, door, v->io, p->cluster);
	return ret ? fault_set(&c->f, ret, "the cluster's name is too long") :
		     0;
}

static int decode(struct verbctx *c, const struct clusterplace *p,
		  struct clusterview *v, const struct viewobject_copy *copy)
{
	int ret;

	v->view = calloc(1, sizeof(*v->view));
	if (!v->view)
		return fault_set(&c->f, -ENOMEM, "out of memory");
	ret = rbd_view_decode(v->view, copy->body, copy->len);
	if (ret == -EPROTONOSUPPORT)
		return fault_set(
			&c->f, ret,
			"view.%s in pool '%s' was written by a newer rbdshare; upgrade this node",
			p->cluster, p->pool);
	if (ret)
		return fault_set(
			&c->f, -EBADMSG,
			"view.%s in pool '%s' is damaged (%s); it was not touched; save it with: rados -p %s get view.%s FILE",
			p->cluster, p->pool, strerror(-ret), p->pool,
			p->cluster);
	return 0;
}

int clusterview_read(struct verbctx *c, const struct clusterplace *p,
		     struct clusterview *v)
{
	struct viewobject_copy copy = { 0 };
	int ret = viewobject_read(&v->object, &copy);

	if (ret == -ENOENT)
		return fault_set(
			&c->f, ret,
			"there is no cluster %s in pool '%s'; make it with: rbdshare cluster init",
			p->cluster, p->pool);
	if (ret == -EPERM || ret == -EACCES)
		return fault_set(
			&c->f, -EACCES,
			"%s may not read view.%s in pool '%s'; give it the rights of a node with: rbdshare cluster keys %s",
			c->o.name, p->cluster, p->pool, c->o.name + 7);
	if (ret && ret != -EBADMSG && ret != -EFBIG)
		return session_fault(&c->s, &c->f, ret, NULL,
				     "read view.%s in pool '%s'", p->cluster,
				     p->pool);
	if (ret)
		return fault_set(
			&c->f, ret,
			"view.%s in pool '%s' is no view; something else has written it",
			p->cluster, p->pool);
	ret = decode(c, p, v, &copy);
	viewobject_copy_free(&copy);
	return ret;
}

void clusterview_close(struct verbctx *c, struct clusterview *v)
{
	if (v->io)
		c->s.door->rados_ioctx_destroy(v->io);
	if (v->view)
		explicit_bzero(v->view->key, sizeof(v->view->key));
	free(v->view);
	memset(v, 0, sizeof(*v));
}

void clusterview_hex(const u8 bytes[16], char text[33])
{
	int i;

	for (i = 0; i < 16; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
}

void clusterview_client(const struct rbd_instance *i, struct clientaddr *a)
{
	memset(a, 0, sizeof(*a));
	a->family = i->addr.family == 6 ? AF_INET6 : AF_INET;
	memcpy(a->ip, i->addr.ip, sizeof(a->ip));
	a->nonce = i->nonce;
}
