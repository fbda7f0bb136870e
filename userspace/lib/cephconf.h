/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reading of ceph.conf without librados: sections, the three spellings of a
 * key ("mon host", "mon_host", "mon-host"), comments, continuation lines,
 * quotes and the $variables. Mapping at boot needs nothing more.
 */
#ifndef RBDSHARE_LIB_CEPHCONF_H
#define RBDSHARE_LIB_CEPHCONF_H

#include <stddef.h>

#include "lib/fault.h"

struct cephconf;

/**
 * struct cephconf_id - who asks: fills the $variables and picks sections
 * @cluster: cluster name, "ceph" when NULL
 * @name: full client name, "client.admin"; never NULL
 */
struct cephconf_id {
	const char *cluster;
	const char *name;
};

/**
 * cephconf_parse() - parse the text of a ceph.conf
 * @origin: file name for messages
 * @text: the text, need not end with a newline or a NUL
 * @len: bytes of @text
 * @out: the result; cephconf_free() frees it
 *
 * Return: 0, -EINVAL (with file and line in @f) or -ENOMEM.
 */
int cephconf_parse(const char *origin, const char *text, size_t len,
		   struct cephconf **out, struct fault *f);

/**
 * cephconf_load() - find and parse the ceph.conf
 * @path: file, or NULL for $CEPH_CONF, else /etc/ceph/CLUSTER.conf
 * @cluster: cluster name, NULL for "ceph"
 *
 * When @path is NULL and the default file does not exist, the result is an
 * empty configuration: everything may come from options.
 *
 * Return: 0 or a negative errno with a sentence in @f.
 */
int cephconf_load(const char *path, const char *cluster, struct cephconf **out,
		  struct fault *f);

void cephconf_free(struct cephconf *conf);

/* The file the configuration came from; "" when there was none. */
const char *cephconf_origin(const struct cephconf *conf);

/**
 * cephconf_get() - value of a key for a client
 *
 * Looks into [client.ID], [client] and [global], in this order, and expands
 * $cluster, $type, $id, $name, $host and $pid.
 *
 * Return: a string the caller frees; NULL when not set or out of memory.
 */
char *cephconf_get(const struct cephconf *conf, const struct cephconf_id *id,
		   const char *key);

/**
 * cephconf_expand() - expand the $variables of a text
 *
 * Return: a string the caller frees; NULL when out of memory.
 */
char *cephconf_expand(const char *text, const struct cephconf_id *id);

/**
 * cephconf_mon_addrs() - the addresses of the [mon.X] sections, joined by ','
 *
 * Return: a string the caller frees; NULL when there are none.
 */
char *cephconf_mon_addrs(const struct cephconf *conf);

#endif
