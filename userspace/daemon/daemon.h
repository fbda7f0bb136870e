/* SPDX-License-Identifier: GPL-2.0 */
/*
 * rbdshared: the core, and what it sees and moves the world with.
 *
 * Everything here runs in the loop's thread. A part takes news from its door
 * and tells the core; behind each round of the loop the core's actions are
 * handed out (act.h).
 */
#ifndef RBDSHARED_DAEMON_H
#define RBDSHARED_DAEMON_H

#include "core.h"
#include "daemon/changes.h"
#include "daemon/clients.h"
#include "daemon/contact.h"
#include "daemon/diary.h"
#include "daemon/fences.h"
#include "daemon/heart.h"
#include "daemon/loop.h"
#include "daemon/plocks.h"
#include "daemon/probes.h"
#include "daemon/recovery.h"
#include "daemon/spaces.h"
#include "daemon/views.h"
#include "daemon/withdraw.h"
#include "daemon/witness.h"
#include "lib/nodesettings.h"
#include "lib/session.h"

struct control;
struct dlmquery;

#define DAEMON_RUN_DIR "/run/rbdshare"

/**
 * enum daemon_end - why the loop ended
 * @DAEMON_GOES_ON: it did not
 * @DAEMON_STOPPED: it was told to
 * @DAEMON_REBORN: fenced, and nothing of that life is left: begin anew
 */
enum daemon_end {
	DAEMON_GOES_ON,
	DAEMON_STOPPED,
	DAEMON_REBORN,
};

/**
 * struct daemon - all of it
 * @set: of this node
 * @io: the cluster's pool
 * @self: how this node introduces itself
 * @resumed: an earlier daemon had begun this incarnation
 * @left: it has left the cluster by command
 * @stopping: it leaves because the daemon is to end
 * @end: why the loop is to end
 */
struct daemon {
	struct nodesettings set;
	struct session_options session_options;
	struct session session;
	rados_ioctx_t io;
	struct rbd_node_id self;
	bool resumed;
	bool left;
	bool stopping;
	enum daemon_end end;
	struct loop *loop;
	struct rbd_core *core;
	struct heart heart;
	struct views views;
	struct contact contact;
	struct probes probes;
	struct fences fences;
	struct spaces spaces;
	struct recovery recovery;
	struct plocks plocks;
	struct clients clients;
	struct withdraw withdraw;
	struct diary diary;
	struct changes changes;
	struct witness witness;
	struct control *control;
	struct dlmquery *queries;
};

/**
 * daemon_start() - from nothing to a running core
 * @d: zeroed but for @set
 *
 * Waits for the storage as long as it takes. Return: 0 or a negative errno.
 */
int daemon_start(struct daemon *d, struct fault *f);

/* daemon_open_loop() - the loop and all that only needs the storage */
int daemon_open_loop(struct daemon *d);

/* daemon_run() - until there is a reason to end, which it returns */
enum daemon_end daemon_run(struct daemon *d);

/* daemon_finish() - let go of everything; of the kernel's part if we left */
void daemon_finish(struct daemon *d);

/* daemon_stop() - leave if nothing is in use, then end */
void daemon_stop(struct daemon *d);

/**
 * daemon_lock() - be the only daemon of this host
 *
 * Held until the process ends. Return: 0, -EBUSY or another negative errno.
 */
int daemon_lock(void);

/* daemon_lock_is_free() - no daemon runs */
bool daemon_lock_is_free(void);

/* daemon_idle() - does this node use neither lockspaces nor shared images? */
bool daemon_idle(struct daemon *d);

#endif
