/* SPDX-License-Identifier: GPL-2.0 */
/*
 * systemd: readiness, status, and descriptors that outlive the daemon. Without
 * systemd ($NOTIFY_SOCKET not set) nothing happens and all succeeds.
 */
#ifndef RBDSHARE_LIB_FDSTORE_H
#define RBDSHARE_LIB_FDSTORE_H

/**
 * fdstore_notify() - "READY=1", "STATUS=...", "STOPPING=1"; newlines between
 *
 * Return: 0 or a negative errno.
 */
int fdstore_notify(const char *text);

/**
 * fdstore_keep() - let systemd hold a duplicate under a name
 * @name: letters, digits, '-'; another one of that name is replaced
 *
 * Return: 0 or a negative errno.
 */
int fdstore_keep(const char *name, int fd);

/* fdstore_forget() - systemd closes those of that name */
int fdstore_forget(const char *name);

/**
 * fdstore_take() - a descriptor that an earlier life of the daemon has kept
 *
 * To be called before any thread is started. The caller owns it; it is closed
 * on exec.
 *
 * Return: it, or -ENOENT.
 */
int fdstore_take(const char *name);

#endif
