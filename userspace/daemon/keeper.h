/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel stops all lockspaces when nobody has dlm-monitor open any more.
 * Under systemd its fd store outlives the daemon; elsewhere a small process of
 * its own does, for as long as there are lockspaces or a daemon.
 */
#ifndef RBDSHARED_KEEPER_H
#define RBDSHARED_KEEPER_H

/* Word on the command line that makes a keeper of this program. */
#define KEEPER_WORD "--keep-lockspaces"

/* keeper_start() - unless systemd does it, or there is one. 0 or -errno. */
int keeper_start(void);

/* keeper_run() - be it. Return: exit code. */
int keeper_run(void);

#endif
