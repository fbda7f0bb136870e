/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Mounts on mapped devices: which are there, which fstab wants, and doing one.
 */
#ifndef RBDSHARE_LIB_MOUNTS_H
#define RBDSHARE_LIB_MOUNTS_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/fault.h"

struct blktree;

/**
 * struct mountline - a mount, or a line of fstab
 * @options: of fstab; "" for an active mount
 */
struct mountline {
	char *source;
	char *target;
	char *type;
	char *options;
};

struct mountlist {
	struct mountline *v;
	size_t n;
};

/**
 * mounts_on_tree() - active mounts of a disk and what stands on it
 *
 * The mount made last comes first, the order in which to unmount.
 *
 * Return: 0 or a negative errno.
 */
int mounts_on_tree(const struct blktree *tree, struct mountlist *list);

/**
 * mounts_on_device() - the same for /dev/rbdN and what stands on it
 *
 * Return: as above; on a failure @list is empty and may be freed.
 */
int mounts_on_device(unsigned int id, struct mountlist *list);

/**
 * mounts_fstab() - lines of fstab
 * @path: the file; NULL means /etc/fstab
 * @list: all lines with a source and a target, in order; no swap
 *
 * Return: 0, also when there is no such file; -EINVAL for one that cannot be
 * parsed; -ENOMEM.
 */
int mounts_fstab(const char *path, struct mountlist *list, struct fault *f);

/* Has a mount line the option? Also finds "option=value". */
bool mounts_has_option(const struct mountline *m, const char *option);

/* Is it a filesystem of several nodes (ocfs2, gfs2)? */
bool mounts_is_cluster(const struct mountline *m);

/* Does systemd take it for a mount that waits for the network? */
bool mounts_is_network(const struct mountline *m);

/**
 * mounts_source_in_tree() - does the line's source mean one of these devices?
 *
 * Resolves links, LABEL=, UUID= and their PART variants.
 */
bool mounts_source_in_tree(const struct mountline *m,
			   const struct blktree *tree);

/* Is something mounted on the line's target from the line's source? */
bool mounts_is_active(const struct mountline *m, const struct blktree *tree);

/**
 * mounts_mount() - mount a line of fstab, with its options and mount.TYPE
 *
 * May block for as long as the filesystem likes: call it in a child process.
 *
 * Return: 0 or a negative errno with the reason in @f.
 */
int mounts_mount(const struct mountline *m, struct fault *f);

/* mounts_umount() - unmount, with umount.TYPE; blocks as above. */
int mounts_umount(const char *target, struct fault *f);

void mountlist_free(struct mountlist *list);

#endif
