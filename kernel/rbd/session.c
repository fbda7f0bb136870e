// SPDX-License-Identifier: GPL-2.0
/* A connection to one pool, for another module of ours. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "session.h"

#include <linux/err.h>
#include <linux/export.h>
#include <linux/slab.h>

#include "addline.h"
#include "client.h"
#include "log.h"
#include "options.h"
#include "spec.h"

static int open_pool(struct rbd_session *session, struct rbd_spec *spec,
		     const char *ns)
{
	int err = rbd_spec_find_pool(spec, session->ceph);

	if (err)
		return err;
	session->oloc.pool = spec->pool_id;
	if (!*ns)
		return 0;
	session->oloc.pool_ns = ceph_find_or_create_string(ns, strlen(ns));
	return session->oloc.pool_ns ? 0 : -ENOMEM;
}

static int open_client(struct rbd_session *session, struct rbd_spec *spec,
		       const struct rbd_addline *line)
{
	struct rbd_map_options own;
	struct ceph_options *ceph;
	int err;

	err = rbd_options_parse(line, spec, &own, &ceph);
	if (err)
		return err;
	ceph->flags |= CEPH_OPT_NOSHARE;
	session->client = rbd_client_get(ceph);
	if (IS_ERR(session->client)) {
		err = PTR_ERR(session->client);
		rbd_map_err(spec, "cannot connect to the cluster (%d); check monitors, user and key\n",
			    err);
		return err;
	}
	session->ceph = session->client->ceph;
	err = open_pool(session, spec, own.pool_ns);
	if (err)
		rbd_session_close(session);
	return err;
}

int rbd_session_open(const char *line, size_t len, struct rbd_session *session)
{
	struct rbd_addline parsed;
	struct rbd_spec *spec;
	const char *why;
	int err;

	err = rbd_addline_parse(line, len, &parsed, &why);
	if (err) {
		pr_err("%s; wanted: <monitors> <options> <pool> <name>\n", why);
		return err;
	}
	spec = kzalloc(sizeof(*spec), GFP_KERNEL);
	if (!spec)
		return -ENOMEM;
	memset(session, 0, sizeof(*session));
	ceph_oloc_init(&session->oloc);
	rbd_spec_init(spec, &parsed);
	err = open_client(session, spec, &parsed);
	kfree(spec);
	return err;
}
EXPORT_SYMBOL_GPL(rbd_session_open);

void rbd_session_address(const struct rbd_session *session, char *buf)
{
	BUILD_BUG_ON(RBD_SESSION_ADDRESS_MAX < RBD_ADDRESS_MAX);
	rbd_client_address(session->client, buf);
}
EXPORT_SYMBOL_GPL(rbd_session_address);

void rbd_session_barrier(u32 epoch)
{
	rbd_clients_barrier(epoch);
}
EXPORT_SYMBOL_GPL(rbd_session_barrier);

bool rbd_session_may_write(u32 nonce)
{
	return rbd_client_may_write(nonce);
}
EXPORT_SYMBOL_GPL(rbd_session_may_write);

void rbd_session_close(struct rbd_session *session)
{
	ceph_oloc_destroy(&session->oloc);
	rbd_client_put(session->client);
	session->client = NULL;
}
EXPORT_SYMBOL_GPL(rbd_session_close);
