/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Mounted GFS2 filesystems as sysfs shows them (/sys/fs/gfs2/TABLE).
 *
 * A GFS2 that withdraws gives up its journal and its locks, and then waits
 * until somebody tells it that nothing more can reach its device.
 *
 * $RBDSHARE_SYSFS replaces /sys.
 */
#ifndef RBDSHARE_LIB_GFS2SYS_H
#define RBDSHARE_LIB_GFS2SYS_H

#include <stdbool.h>
#include <stddef.h>

/* "CLUSTER:NAME", NUL included; the superblock has 64 bytes for it. */
#define GFS2SYS_TABLE 65

/**
 * struct gfs2sys - one that takes its locks from fs/dlm, on a device of ours
 * @table: "CLUSTER:NAME"
 * @lockspace: into @table: the NAME, which is that of its lockspace
 * @device: N of /dev/rbdN
 * @withdrawn: it has withdrawn, or is at it
 * @acked: somebody told it to go on with that
 */
struct gfs2sys {
	char table[GFS2SYS_TABLE];
	const char *lockspace;
	unsigned int device;
	bool withdrawn;
	bool acked;
};

/* gfs2sys_list() - at most @max of them. Return: how many */
size_t gfs2sys_list(struct gfs2sys *v, size_t max);

/* gfs2sys_ack() - nothing more reaches its device. Return: 0 or -errno */
int gfs2sys_ack(const struct gfs2sys *fs);

#endif
