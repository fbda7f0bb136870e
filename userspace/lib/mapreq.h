/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A request to map an image, from what the user says to a usable /dev/rbdN.
 * Neither librados nor any Ceph program is involved.
 */
#ifndef RBDSHARE_LIB_MAPREQ_H
#define RBDSHARE_LIB_MAPREQ_H

#include <stdbool.h>

#include "lib/fault.h"
#include "lib/spec.h"

/**
 * struct mapreq - what to map, and as whom
 * @spec: the image
 * @name: "client.X"; NULL means client.admin
 * @conf: ceph.conf; NULL means the usual one
 * @cluster: cluster name; NULL means "ceph"
 * @keyring: keyring file; NULL means what ceph.conf says
 * @keyfile: file that holds nothing but the key; goes before @keyring
 * @mon_host: monitors; NULL means what ceph.conf says
 * @options: map options, a comma list; may be NULL
 * @read_only: map read-only
 * @exclusive: take the exclusive lock and never hand it over
 * @probe_ms: how long to wait for a monitor's greeting
 * @udev_ms: how long to wait for udev
 *
 * Nothing in it is owned; the caller keeps the strings alive.
 */
struct mapreq {
	struct rbd_spec spec;
	const char *name;
	const char *conf;
	const char *cluster;
	const char *keyring;
	const char *keyfile;
	const char *mon_host;
	const char *options;
	bool read_only;
	bool exclusive;
	int probe_ms;
	int udev_ms;
};

/**
 * struct mapresult - what came of it
 * @id: N of /dev/rbdN
 * @links_missing: the device works but udev did not finish in time
 * @kernel: what the kernel logged when it refused; NULL if nothing. The
 *	caller frees it.
 */
struct mapresult {
	unsigned int id;
	bool links_missing;
	char *kernel;
};

/**
 * mapreq_dry_run() - the add line, with its secret masked, and no side effect
 * @line: the caller frees it
 *
 * Return: 0 or a negative errno.
 */
int mapreq_dry_run(const struct mapreq *req, char **line, struct fault *f);

/**
 * mapreq_run() - map it
 *
 * Probes the monitors, hands the key to the kernel, writes the add line and
 * waits for the node. Loads the driver when needed.
 *
 * Return: 0 or a negative errno with a complete sentence in @f; see
 * maperror_retryable().
 */
int mapreq_run(const struct mapreq *req, struct mapresult *res,
	       struct fault *f);

/**
 * mapreq_connection() - how the kernel connects with a pool
 * @req: as for mapping; of @req->spec only the pool counts
 * @line: "<monitors> <options> <pool>", as the add file begins; may hold the
 *	key: to be ended with keyring_wipe()
 *
 * Probes the monitors and hands over the key, which stays usable as long as
 * this process lives.
 *
 * Return: 0 or a negative errno.
 */
int mapreq_connection(const struct mapreq *req, char **line, struct fault *f);

#endif
