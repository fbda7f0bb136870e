/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A new keyring with one key. It is never put over another one.
 */
#ifndef RBDSHARE_LIB_KEYRINGFILE_H
#define RBDSHARE_LIB_KEYRINGFILE_H

#include <stddef.h>

#include "lib/fault.h"

/* keyringfile_default() - where Ceph looks for it; @cluster NULL for "ceph" */
void keyringfile_default(const char *cluster, const char *client, char *path,
			 size_t size);

/* keyringfile_check() - can a file be made there? 0 or -errno, a sentence. */
int keyringfile_check(const char *path, struct fault *f);

/**
 * keyringfile_write() - readable by its owner alone, from its first byte on
 * @client: without "client."
 * @key: base64
 *
 * Return: 0, also when it is there already with this content; -EEXIST when it
 * has another; or a negative errno; with a sentence.
 */
int keyringfile_write(const char *path, const char *client, const char *key,
		      struct fault *f);

#endif
