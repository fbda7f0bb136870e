/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Telling systemd what we do, when it started us ($NOTIFY_SOCKET); nothing
 * otherwise.
 */
#ifndef RBDSHARE_MAP_NOTIFY_H
#define RBDSHARE_MAP_NOTIFY_H

/* "STATUS=..." for systemctl status. */
void notify_status(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Asks for this much more time before the start or stop is given up. */
void notify_extend(unsigned int seconds);

#endif
