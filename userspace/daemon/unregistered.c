// SPDX-License-Identifier: GPL-2.0
#include "daemon/unregistered.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "daemon/daemon.h"
#include "lib/clientaddr.h"
#include "lib/krbd.h"
#include "view_fence.h"

#define IMAGES 32
#define TAG_LOOK 3

/**
 * struct host - where a condemned node's clients come from
 * @ips: as text, @n of them
 */
struct host {
	char ips[FENCER_IPS][INET6_ADDRSTRLEN];
	size_t n;
};

static void add_ip(struct host *h, const struct rbd_address *a)
{
	char text[INET6_ADDRSTRLEN];
	size_t i;

	inet_ntop(a->family == 6 ? AF_INET6 : AF_INET, a->ip, text,
		  sizeof(text));
	for (i = 0; i < h->n; i++)
		if (!strcmp(h->ips[i], text))
			return;
	if (h->n < FENCER_IPS)
		strcpy(h->ips[h->n++], text);
}

/*
 * A host that has begun anew is left out: its clients of now, which may be
 * about to register, cannot be told from a forgotten one of before, and what
 * was there before its boot is gone.
 */
static bool has_begun_anew(const struct daemon *d,
			   const struct rbd_core_victim *b)
{
	return b->number == d->set.number ||
	       d->core->peers[b->number].incarnation > b->incarnation;
}

static void collect_hosts(struct daemon *d, struct host *h)
{
	unsigned int i, k;

	for (i = 0; i < d->core->n_batch; i++) {
		const struct rbd_core_victim *b = &d->core->batch[i];
		const struct rbd_view_fence *f = rbd_view_fence_find(
			&d->core->view, b->number, b->incarnation);

		for (k = 0; f && !has_begun_anew(d, b) && k < f->n_instances;
		     k++)
			add_ip(h, &f->instances[k].addr);
	}
}

static size_t collect_images(struct fencer_image *images)
{
	struct krbd_list list;
	size_t i, n = 0;

	if (krbd_list(&list, NULL))
		return 0;
	for (i = 0; i < list.n && n < IMAGES; i++) {
		const struct krbd_device *dev = &list.v[i];

		if (!clients_is_shared(dev) || !dev->image_id)
			continue;
		images[n].pool.id = (int64_t)dev->pool_id;
		snprintf(images[n].pool.ns, sizeof(images[n].pool.ns), "%s",
			 dev->spec.ns);
		snprintf(images[n].id, sizeof(images[n].id), "%s",
			 dev->image_id);
		n++;
	}
	krbd_list_free(&list);
	return n;
}

void unregistered_look(struct daemon *d)
{
	struct fencer_image images[IMAGES] = { 0 };
	const char *ips[FENCER_IPS];
	struct host host = { .n = 0 };
	size_t i, n;

	collect_hosts(d, &host);
	n = host.n ? collect_images(images) : 0;
	for (i = 0; i < host.n; i++)
		ips[i] = host.ips[i];
	if (n)
		fencer_watchers(d->fences.fencer, images, n, ips, host.n,
				TAG_LOOK);
}

/* Of a member, or in a fence already: nothing new. */
static bool is_known(const struct rbd_view *v, const struct rbd_instance *x)
{
	unsigned int i, k;

	for (i = 0; i < v->n_members; i++)
		for (k = 0; k < v->members[i].n_instances; k++)
			if (rbd_instance_equal(&v->members[i].instances[k], x))
				return true;
	for (i = 0; i < v->n_fences; i++)
		for (k = 0; k < v->fences[i].n_instances; k++)
			if (rbd_instance_equal(&v->fences[i].instances[k], x))
				return true;
	return false;
}

/* Which of the condemned has clients at this address? */
static const struct rbd_core_victim *owner_of(const struct daemon *d,
					      const struct rbd_instance *x)
{
	unsigned int i, k;

	for (i = 0; i < d->core->n_batch; i++) {
		const struct rbd_core_victim *b = &d->core->batch[i];
		struct rbd_view_fence *f = rbd_view_fence_find(&d->core->view,
							       b->number,
							       b->incarnation);

		for (k = 0; f && k < f->n_instances; k++)
			if (!memcmp(&f->instances[k].addr, &x->addr,
				    sizeof(x->addr)))
				return b;
	}
	return NULL;
}

void unregistered_found(struct daemon *d, const struct clientaddr *found,
			size_t n)
{
	const struct rbd_core_victim *b;
	char text[CLIENTADDR_TEXT];
	struct rbd_instance x;
	size_t i;

	for (i = 0; i < n; i++) {
		clients_from_address(&found[i], &x);
		b = owner_of(d, &x);
		if (!b || has_begun_anew(d, b) || is_known(&d->core->view, &x))
			continue;
		clientaddr_format(&found[i], text);
		diary_note(d, b->number,
			   "has a client that nobody registered: %s", text);
		rbd_core_fence_found(d->core, b->number, b->incarnation, &x);
	}
}
