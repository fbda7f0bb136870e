/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who uses a mapped device: partitions and stacked devices, mounts, swap and
 * processes. Nothing here reads from the device or from a filesystem on it, so
 * it works with the cluster dead.
 */
#ifndef RBDSHARE_LIB_HOLDERS_H
#define RBDSHARE_LIB_HOLDERS_H

#include <stddef.h>
#include <sys/types.h>

/**
 * struct blktree - a disk and everything that stands on it
 * @name: kernel names, "rbd0", "rbd0p1", "dm-3"; the disk first
 * @devno: their device numbers
 */
struct blktree {
	char (*name)[64];
	dev_t *devno;
	size_t n;
};

/**
 * blktree_read() - partitions and stacked devices (dm, md) of /dev/rbdN
 *
 * Return: 0 or -ENOMEM. A device that is gone gives an empty tree.
 */
int blktree_read(unsigned int id, struct blktree *tree);
void blktree_free(struct blktree *tree);

/**
 * holders_describe() - who holds the device, for an error message
 *
 * Return: lines "mounted on /mnt (ocfs2)", "dm-3 stands on it", "open in
 * process 812 (fio)" joined by '\n', which the caller frees; NULL when nobody
 * was found.
 */
char *holders_describe(unsigned int id);

/**
 * holders_of_mount() - processes that keep a mount point busy
 *
 * Return: as above.
 */
char *holders_of_mount(const char *target);

#endif
