// SPDX-License-Identifier: GPL-2.0
/* Connections to clusters, shared by mappings with equal options. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "client.h"

#include <linux/ceph/osd_client.h>
#include <linux/err.h>
#include <linux/mutex.h>
#include <linux/slab.h>

static LIST_HEAD(clients);
static LIST_HEAD(dying);	/* unused, not destroyed yet; under clients_lock */
static DEFINE_MUTEX(clients_lock);
static u32 barrier;	/* under clients_lock; see rbd_clients_barrier() */

/* A connection that is there already, with a fresh OSD map, or NULL. */
static struct rbd_client *find_shareable(struct ceph_options *opts)
{
	struct rbd_client *found = NULL;
	struct rbd_client *client;

	if (opts->flags & CEPH_OPT_NOSHARE)
		return NULL;
	mutex_lock(&clients_lock);
	list_for_each_entry(client, &clients, node) {
		if (client->joinable &&
		    !ceph_compare_options(opts, client->ceph) &&
		    kref_get_unless_zero(&client->kref)) {
			found = client;
			break;
		}
	}
	mutex_unlock(&clients_lock);
	return found;
}

static struct rbd_client *create_client(struct ceph_options *opts)
{
	struct rbd_client *client;
	int err;

	client = kzalloc(sizeof(*client), GFP_KERNEL);
	if (!client) {
		ceph_destroy_options(opts);
		return ERR_PTR(-ENOMEM);
	}
	kref_init(&client->kref);
	client->joinable = !(opts->flags & CEPH_OPT_NOSHARE);

	client->ceph = ceph_create_client(opts, client);
	if (IS_ERR(client->ceph)) {
		err = PTR_ERR(client->ceph);
		ceph_destroy_options(opts);
		kfree(client);
		return ERR_PTR(err);
	}
	client->nonce = le32_to_cpu(ceph_client_addr(client->ceph)->nonce);

	err = ceph_open_session(client->ceph);
	if (err) {
		ceph_destroy_client(client->ceph);
		kfree(client);
		return ERR_PTR(err);
	}

	mutex_lock(&clients_lock);
	list_add_tail(&client->node, &clients);
	if (barrier)
		ceph_osdc_update_epoch_barrier(&client->ceph->osdc, barrier);
	mutex_unlock(&clients_lock);
	return client;
}

struct rbd_client *rbd_client_get(struct ceph_options *opts)
{
	unsigned long timeout = opts->mount_timeout;
	struct rbd_client *client = find_shareable(opts);
	int err;

	if (!client)
		return create_client(opts);

	ceph_destroy_options(opts);
	err = ceph_wait_for_latest_osdmap(client->ceph, timeout);
	if (err) {
		rbd_client_put(client);
		return ERR_PTR(err);
	}
	return client;
}

/* Called with clients_lock held, so that nobody finds it any more. */
static void release_client(struct kref *kref)
	__releases(&clients_lock)
{
	struct rbd_client *client = container_of(kref, struct rbd_client, kref);

	list_move(&client->node, &dying);
	mutex_unlock(&clients_lock);
	ceph_destroy_client(client->ceph);
	mutex_lock(&clients_lock);
	list_del(&client->node);
	mutex_unlock(&clients_lock);
	kfree(client);
}

void rbd_client_put(struct rbd_client *client)
{
	if (client)
		kref_put_mutex(&client->kref, release_client, &clients_lock);
}

void rbd_client_retire(struct rbd_client *client)
{
	mutex_lock(&clients_lock);
	client->joinable = false;
	mutex_unlock(&clients_lock);
}

bool rbd_client_exists(u64 global_id)
{
	struct rbd_client *client;
	bool found = false;

	mutex_lock(&clients_lock);
	list_for_each_entry(client, &clients, node)
		if (ceph_client_gid(client->ceph) == global_id)
			found = true;
	mutex_unlock(&clients_lock);
	return found;
}

bool rbd_client_may_write(u32 nonce)
{
	struct rbd_client *client;
	bool found = false;

	mutex_lock(&clients_lock);
	list_for_each_entry(client, &clients, node)
		if (client->nonce == nonce)
			found = true;
	list_for_each_entry(client, &dying, node)
		if (client->nonce == nonce)
			found = true;
	mutex_unlock(&clients_lock);
	return found;
}

void rbd_clients_barrier(u32 epoch)
{
	struct rbd_client *client;

	mutex_lock(&clients_lock);
	barrier = max(barrier, epoch);
	list_for_each_entry(client, &clients, node)
		ceph_osdc_update_epoch_barrier(&client->ceph->osdc, epoch);
	mutex_unlock(&clients_lock);
}

void rbd_client_address(const struct rbd_client *client, char *buf)
{
	struct ceph_entity_addr *addr = ceph_client_addr(client->ceph);

	snprintf(buf, RBD_ADDRESS_MAX, "%pISpc/%u", &addr->in_addr,
		 le32_to_cpu(addr->nonce));
}
