/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The client's secret: found in ceph.conf and keyrings, handed to the kernel's
 * keyring so that it does not show up in a command line or log.
 */
#ifndef RBDSHARE_LIB_KEYRING_H
#define RBDSHARE_LIB_KEYRING_H

#include "lib/cephconf.h"
#include "lib/fault.h"

/**
 * keyring_find() - the secret of a client, as base64 text
 * @conf: configuration that may name the keyring
 * @id: the client
 * @file: keyring file to use instead of the configured ones, or NULL
 * @secret: the result; erase it with keyring_wipe()
 *
 * Looks at @file, else at "key", "keyfile" and "keyring" of the configuration,
 * else at the usual places in /etc/ceph. *@secret is NULL, with 0 returned,
 * when the configuration says that the cluster runs without cephx.
 *
 * Return: 0, -ENOENT (no keyring, or no such client in it), -EACCES, -EINVAL.
 */
int keyring_find(const struct cephconf *conf, const struct cephconf_id *id,
		 const char *file, char **secret, struct fault *f);

/* keyring_keyfile() - a secret that stands alone in a file; same results. */
int keyring_keyfile(const char *file, char **secret, struct fault *f);

/* Overwrites and frees a secret; NULL is fine. */
void keyring_wipe(char *secret);

/**
 * keyring_decode() - base64 to bytes, strictly
 * @out: at least 3/4 of the length of @text
 *
 * Return: number of bytes, or -EINVAL.
 */
int keyring_decode(const char *text, unsigned char *out);

/**
 * keyring_load() - give the secret to the kernel
 * @name: "client.ID"; becomes the description of a key of type "ceph"
 *
 * The key lives as long as the calling process.
 *
 * Return: 0; -ENODEV or -ENOSYS when the kernel knows no such keys (use
 * "secret=" instead); another negative errno.
 */
int keyring_load(const char *name, const char *secret);

#endif
