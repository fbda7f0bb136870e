// SPDX-License-Identifier: GPL-2.0
#include "daemon/clients.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "daemon/daemon.h"
#include "lib/clientaddr.h"
#include "lib/clock.h"
#include "lib/krbd.h"
#include "lib/msg.h"

/* How often what is registered is compared with what there is. */
#define LOOK_MS 10000

void clients_from_address(const struct clientaddr *a, struct rbd_instance *out)
{
	memset(out, 0, sizeof(*out));
	out->nonce = a->nonce;
	out->addr.family = a->family == AF_INET6 ? 6 : 4;
	memcpy(out->addr.ip, a->ip, sizeof(out->addr.ip));
}

static void to_address(const struct rbd_instance *i, struct clientaddr *out)
{
	memset(out, 0, sizeof(*out));
	out->family = i->addr.family == 6 ? AF_INET6 : AF_INET;
	out->nonce = i->nonce;
	memcpy(out->ip, i->addr.ip, sizeof(out->ip));
}

void clients_text(const struct rbd_instance *instance, char *text)
{
	struct clientaddr a;

	to_address(instance, &a);
	clientaddr_format(&a, text);
}

static int parse(const char *text, struct rbd_instance *out)
{
	struct clientaddr a;
	int err = clientaddr_parse_list(text, &a);

	if (!err)
		clients_from_address(&a, out);
	return err;
}

static struct clients_one *find(struct daemon *d,
				const struct rbd_instance *instance)
{
	unsigned int i;

	for (i = 0; i < RBD_VIEW_MAX_INSTANCES; i++)
		if (d->clients.one[i].used &&
		    rbd_instance_equal(&d->clients.one[i].instance, instance))
			return &d->clients.one[i];
	return NULL;
}

static struct clients_one *remember(struct daemon *d,
				    const struct rbd_instance *instance,
				    const char *image)
{
	struct clients_one *c = find(d, instance);
	unsigned int i;

	for (i = 0; !c && i < RBD_VIEW_MAX_INSTANCES; i++)
		if (!d->clients.one[i].used)
			c = &d->clients.one[i];
	if (!c)
		return NULL;
	memset(c, 0, sizeof(*c));
	c->used = true;
	c->instance = *instance;
	snprintf(c->image, sizeof(c->image), "%s", image);
	return c;
}

bool clients_is_shared(const struct krbd_device *dev)
{
	size_t i;

	for (i = 0; i < dev->extra_n; i++)
		if (!strcmp(dev->extra[i].name, "mode"))
			return !strcmp(dev->extra[i].value, "shared");
	return false;
}

static void found(struct daemon *d, const struct krbd_device *dev)
{
	struct rbd_instance instance;
	char image[CLIENTS_IMAGE];
	const char *bad;

	if (!clients_is_shared(dev) || !dev->client_addr ||
	    parse(dev->client_addr, &instance) || find(d, &instance))
		return;
	snprintf(image, sizeof(image), "%s/%s", dev->spec.pool,
		 dev->spec.image);
	bad = rbd_core_client_add(d->core, &instance, false);
	if (!bad && !remember(d, &instance, image))
		bad = "too many shared images are mapped";
	if (bad)
		diary_note(d, d->set.number, "%s (%s) is not registered: %s",
			   image, dev->client_addr, bad);
}

static void scan(struct daemon *d)
{
	struct krbd_list list;
	size_t i;

	if (krbd_list(&list, NULL))
		return;
	for (i = 0; i < list.n; i++)
		found(d, &list.v[i]);
	krbd_list_free(&list);
}

static int add_own(struct daemon *d)
{
	char *list = NULL;
	int err;

	err = d->session.door->rados_getaddrs(d->session.cluster, &list);
	if (!err)
		err = parse(list, &d->clients.own);
	d->session.door->rados_buffer_free(list);
	if (!err && rbd_core_client_add(d->core, &d->clients.own, false))
		err = -ENOSPC;
	return err;
}

int clients_start(struct daemon *d)
{
	struct rbd_instance heart;
	int err = add_own(d);

	if (!err)
		err = parse(d->heart.state.address, &heart);
	if (!err && rbd_core_client_add(d->core, &heart, false))
		err = -ENOSPC;
	if (!err)
		scan(d);
	return err;
}

void clients_asked(struct daemon *d, uint32_t admit_id, const char *address,
		   const char *image)
{
	struct rbd_instance instance;
	struct clients_one *c = NULL;
	const char *bad = "its address cannot be read";

	if (!parse(address, &instance)) {
		bad = "too many shared images are mapped";
		c = remember(d, &instance, image);
	}
	if (c) {
		c->admit_id = admit_id;
		bad = rbd_core_client_add(d->core, &instance, true);
	}
	if (!bad)
		return;
	diary_note(d, d->set.number, "%s cannot be mapped: %s", image, bad);
	if (c)
		c->used = false;
	hbdoor_admit(d->heart.door, admit_id,
		     d->core->condemned ? ESHUTDOWN : ENOSPC);
}

void clients_answer(struct daemon *d, const struct rbd_instance *instance,
		    bool yes)
{
	struct clients_one *c = find(d, instance);
	int err;

	if (!c || !c->admit_id)
		return;
	err = hbdoor_admit(d->heart.door, c->admit_id, yes ? 0 : ESHUTDOWN);
	c->admit_id = 0;
	/* Whoever waits no longer will not use it either. */
	if (!yes || err == -ENOENT) {
		c->used = false;
		rbd_core_client_gone(d->core, instance);
	}
}

static void retire(struct daemon *d, const struct rbd_instance *instance)
{
	struct clients_one *c = find(d, instance);

	if (c)
		c->used = false;
	rbd_core_client_gone(d->core, instance);
}

void clients_retired(struct daemon *d, const char *address)
{
	struct rbd_instance instance;

	if (!parse(address, &instance))
		retire(d, &instance);
}

/*
 * Is it destroyed? Only the kernel's word counts: a device that is not shown
 * may be one that is just being mapped, or unmapped. Ours was registered by
 * this process; those of earlier daemons ended with them.
 */
static bool is_dead(struct daemon *d, const struct rbd_instance *instance)
{
	int err;

	if (rbd_instance_equal(instance, &d->clients.own))
		return false;
	err = hbdoor_client(d->heart.door, instance->nonce);
	if (err && err != -ESTALE && !d->clients.told) {
		msg_warn(
			"the kernel does not say which clients there are: %s; those that end unnoticed stay registered",
			strerror(-err));
		d->clients.told = true;
	}
	return err == -ESTALE;
}

/* Those whose end was told when nobody listened. */
static void bury(struct daemon *d)
{
	struct rbd_instance all[2 * RBD_VIEW_MAX_INSTANCES];
	const struct rbd_view_member *me = rbd_core_me(d->core);
	unsigned int i, n = 0;

	for (i = 0; rbd_member_is_in(me) && i < me->n_instances; i++)
		all[n++] = me->instances[i];
	for (i = 0; i < RBD_VIEW_MAX_INSTANCES; i++)
		if (d->clients.one[i].used)
			all[n++] = d->clients.one[i].instance;
	for (i = 0; i < n; i++)
		if (is_dead(d, &all[i]))
			retire(d, &all[i]);
}

void clients_look(struct daemon *d)
{
	d->clients.looked_ms = clock_ms();
	if (!d->core->condemned)
		scan(d);
	bury(d);
}

void clients_serve(struct daemon *d)
{
	if (clock_ms() - d->clients.looked_ms >= LOOK_MS)
		clients_look(d);
}

bool clients_any(const struct daemon *d)
{
	unsigned int i;

	for (i = 0; i < RBD_VIEW_MAX_INSTANCES; i++)
		if (d->clients.one[i].used)
			return true;
	return false;
}
