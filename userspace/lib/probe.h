/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is on a block device, by libblkid: so that nobody formats a volume that
 * others use.
 */
#ifndef RBDSHARE_LIB_PROBE_H
#define RBDSHARE_LIB_PROBE_H

#include <stddef.h>

#include "lib/fault.h"

/**
 * struct probe - content of a device; "" where there is nothing
 * @type: filesystem, "LVM2_member", "crypto_LUKS"...
 * @label: label of the filesystem
 * @uuid: UUID of the filesystem
 * @table: partition table, "gpt" or "dos"
 */
struct probe {
	char type[64];
	char label[256];
	char uuid[64];
	char table[32];
};

/**
 * probe_device() - look at a device or file
 *
 * Reads from the device: do not call it where the cluster may be dead.
 *
 * Return: 1 when something was found, 0 when it looks empty, or a negative
 * errno; -ENOTUNIQ when several signatures contradict each other.
 */
int probe_device(const char *path, struct probe *out, struct fault *f);

/**
 * probe_describe() - one phrase: "ocfs2 'mail' (UUID ...)", "no filesystem"
 */
void probe_describe(const struct probe *p, char *buf, size_t size);

#endif
