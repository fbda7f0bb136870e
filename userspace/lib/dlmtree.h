/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The files through which fs/dlm is controlled: configfs "dlm/cluster" and
 * sysfs "kernel/dlm". Single steps, in the form the kernel wants them; which
 * ones and when is decided elsewhere (dlmdoor.h).
 *
 * All calls block, some as long as the kernel likes: control=0 until the
 * lockspace's users have left it.
 */
#ifndef RBDSHARE_LIB_DLMTREE_H
#define RBDSHARE_LIB_DLMTREE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/* The kernel's limit; no NUL in it. */
#define DLMTREE_NAME_MAX 64
#define DLMTREE_ADDRS 3
/* Node ids are 1 to this: node number + 1. */
#define DLMTREE_NODES 255

/**
 * struct dlmtree_ops - access to files; the tests have their own kernel
 * @make: creates a folder; -EEXIST
 * @remove: removes one with all that the kernel put into it; -ENOENT
 * @write: one write() to an existing file
 * @read: first line, without newline; -ENOENT
 * @list: calls @each for all names in a folder until it returns nonzero,
 *	which is then returned; -ENOENT
 */
struct dlmtree_ops {
	int (*make)(void *ctx, const char *path);
	int (*remove)(void *ctx, const char *path);
	int (*write)(void *ctx, const char *path, const void *buf, size_t len);
	int (*read)(void *ctx, const char *path, char *buf, size_t size);
	int (*list)(void *ctx, const char *path,
		    int (*each)(void *arg, const char *name), void *arg);
};

/**
 * struct dlmtree - where the files are
 * @ops: NULL for the real ones
 * @ctx: of @ops; for the real ones a path that is put in front ("" or NULL)
 */
struct dlmtree {
	const struct dlmtree_ops *ops;
	void *ctx;
};

/**
 * struct dlmtree_node - a node as fs/dlm sees it
 * @nodeid: 1 to DLMTREE_NODES
 * @local: this host
 * @addrs: AF_INET or AF_INET6, without port, @n_addrs of them, at least one
 */
struct dlmtree_node {
	uint32_t nodeid;
	bool local;
	struct sockaddr_storage addrs[DLMTREE_ADDRS];
	unsigned int n_addrs;
};

/**
 * struct dlmtree_members - who is in a lockspace
 * @ids: node ids, @n of them
 */
struct dlmtree_members {
	uint32_t ids[DLMTREE_NODES];
	unsigned int n;
};

/* dlmtree_name_ok() - may a lockspace be called so (as part of a path)? */
bool dlmtree_name_ok(const char *name);

bool dlmtree_has(const struct dlmtree_members *m, uint32_t nodeid);

/**
 * dlmtree_cluster() - what holds for all lockspaces; before the first comm
 * @cluster_name: that of the filesystems
 *
 * Recovery callbacks are switched on: OCFS2 and GFS2 want them.
 *
 * Return: 0; -ENOENT no dlm in this kernel (load the module); -EBUSY another
 * cluster runs under another name; or the errno of the write.
 */
int dlmtree_cluster(const struct dlmtree *t, const char *cluster_name);

/**
 * dlmtree_comm_add() - let a node connect
 *
 * Return: 0, also when it is there with these addresses already; -EEXIST it
 * is there with others (fs/dlm cannot change them: remove it first); or the
 * errno of the write, and it is not there then.
 */
int dlmtree_comm_add(const struct dlmtree *t, const struct dlmtree_node *node);

/* dlmtree_comm_is_local() - does this id stand for the host itself? */
bool dlmtree_comm_is_local(const struct dlmtree *t, uint32_t nodeid);

/* dlmtree_comm_remove() - drop its connection. Absent is fine. */
int dlmtree_comm_remove(const struct dlmtree *t, uint32_t nodeid);

/**
 * dlmtree_comms() - which nodes may connect
 *
 * Return: 0 or a negative errno.
 */
int dlmtree_comms(const struct dlmtree *t, struct dlmtree_members *out);

/**
 * dlmtree_set_members() - make the lockspace's nodes exactly these
 * @renew: nodes that are taken out and put in again: another life of them
 *	has taken the place of the one that was a member; may be NULL
 * @release: nodes that leave and want their slots recovered; may be NULL
 *
 * Their comms must be there: the kernel looks at them now.
 *
 * Return: 0 or a negative errno; then some may be set.
 */
int dlmtree_set_members(const struct dlmtree *t, const char *lockspace,
			const struct dlmtree_members *members,
			const struct dlmtree_members *renew,
			const struct dlmtree_members *release);

/* dlmtree_get_members() - Return: 0; -ENOENT when nothing is configured. */
int dlmtree_get_members(const struct dlmtree *t, const char *lockspace,
			struct dlmtree_members *out);

/* dlmtree_space_remove() - the lockspace's folder in configfs. Absent is fine. */
int dlmtree_space_remove(const struct dlmtree *t, const char *lockspace);

/* dlmtree_write_int() - to "control", "event_done", "id", "nodir" in sysfs */
int dlmtree_write_int(const struct dlmtree *t, const char *lockspace,
		      const char *file, int64_t value);

/**
 * dlmtree_runs() - has the kernel begun to recover the lockspace, or ended?
 *
 * For a moment behind a start it has not: false is no proof of a stop.
 */
bool dlmtree_runs(const struct dlmtree *t, const char *lockspace);

/**
 * dlmtree_recovery() - has a lockspace that was started recovered its locks?
 * @nodeid: if not: whom it asked last, 0 for nobody
 *
 * Return: 1 it has; 0 not yet; or a negative errno.
 */
int dlmtree_recovery(const struct dlmtree *t, const char *lockspace,
		     int64_t *nodeid);

/* dlmtree_read_int() - of "id", "nodir", ...: those that are decimal */
int dlmtree_read_int(const struct dlmtree *t, const char *lockspace,
		     const char *file, int64_t *value);

/* dlmtree_lockspaces() - calls @each for all that the kernel has */
int dlmtree_lockspaces(const struct dlmtree *t,
		       int (*each)(void *arg, const char *name), void *arg);

/* dlmtree_id() - the number all nodes give a lockspace; never 0 */
uint32_t dlmtree_id(const char *lockspace);

#endif
