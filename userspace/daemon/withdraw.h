/* SPDX-License-Identifier: GPL-2.0 */
/* GFS2 that withdraws, from which nothing more shall reach its device. */
#ifndef RBDSHARED_WITHDRAW_H
#define RBDSHARED_WITHDRAW_H

#include <stdbool.h>

#include "lib/gfs2sys.h"

#define WITHDRAW_MAX 32

struct daemon;

/**
 * struct withdraw_one - how far one of them is
 * @table: of the filesystem
 * @offline: so is its device
 * @seen: still mounted, at the last look
 */
struct withdraw_one {
	char table[GFS2SYS_TABLE];
	bool offline;
	bool seen;
};

struct withdraw {
	struct withdraw_one one[WITHDRAW_MAX];
};

/**
 * withdraw_serve() - each second
 *
 * A GFS2 that withdraws is told to go on with it once nothing more can reach
 * its device; without that word it waits for ever.
 *
 * None is made to withdraw on a fenced node, where it could be unmounted then
 * without a reboot: the kernel cannot do it. 6.1 hangs (gfs2_withdraw() waits
 * for the end of gfs2_quotad, which gives back a glock, which waits for the end
 * of the withdrawal; with I/O errors ahead of it, in gfs2_log_flush()), 6.12
 * takes a lock in the lockspace that it has just released, and oopses. It is
 * held like OCFS2.
 */
void withdraw_serve(struct daemon *d);

#endif
