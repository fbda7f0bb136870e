/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A connection to the cluster, with bounded waits, and the sentences for what
 * can go wrong with it.
 */
#ifndef RBDSHARE_LIB_SESSION_H
#define RBDSHARE_LIB_SESSION_H

#include <json-c/json.h>

#include "lib/fault.h"
#include "lib/radosdoor.h"

/**
 * struct session_options - as given on the command line
 * @conf: path of ceph.conf, NULL for the usual ones
 * @cluster: NULL for "ceph"
 * @name: "client.X"; never NULL
 * @keyring: path, or NULL for the configured ones
 * @mon_host: monitors, or NULL for the configured ones
 * @timeout_s: bound of each wait for the cluster, in seconds; not 0
 * @urgent: OSDs serve what this session asks before all data that waits there
 */
struct session_options {
	const char *conf;
	const char *cluster;
	const char *name;
	const char *keyring;
	const char *mon_host;
	unsigned int timeout_s;
	bool urgent;
};

/**
 * struct session - the connection
 * @door: the libraries' functions
 * @cluster: librados' handle
 * @o: the options; borrowed from the caller of session_open()
 */
struct session {
	const struct radosdoor *door;
	rados_t cluster;
	const struct session_options *o;
};

/**
 * session_open() - load the libraries and connect
 *
 * Return: 0; -ELIBACC (libraries missing), -ETIMEDOUT (no monitor answered),
 * -EACCES (key refused), -ENOENT (configuration or keyring missing) or another
 * negative errno; always with a sentence in @f.
 */
int session_open(struct session *s, const struct session_options *o,
		 struct fault *f);

void session_close(struct session *s);

/**
 * session_pool() - an I/O context for a pool
 * @ns: RADOS namespace, "" or NULL for none
 *
 * Return: 0, or a negative errno with a sentence; rados_ioctx_destroy() ends it.
 */
int session_pool(struct session *s, const char *pool, const char *ns,
		 rados_ioctx_t *io, struct fault *f);

/**
 * session_command() - run a monitor command
 * @cmd: the command as an object; put here
 * @reply: parsed output (NULL when it is empty or no JSON); may be NULL
 * @text: the monitors' own words on a failure, cut to @text_size; may be NULL
 *
 * Return: 0 or the command's negative errno. No sentence: the caller knows
 * what the command was for.
 */
int session_command(struct session *s, struct json_object *cmd,
		    struct json_object **reply, char *text, size_t text_size);

/**
 * session_fault() - the sentence for a failed operation
 * @err: negative errno
 * @pool: pool it was about, for advice on rights; may be NULL
 * @fmt: what failed, after "cannot": "open image a/b"
 *
 * Return: @err.
 */
int session_fault(const struct session *s, struct fault *f, int err,
		  const char *pool, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

#endif
