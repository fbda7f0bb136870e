/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Can a port of that node be reached? Behind one of fs/dlm that a firewall blocks
 * every recovery hangs, silently; so it is tried before a node is let in, in
 * both directions.
 */
#ifndef RBDSHARE_LIB_DLMPROBE_H
#define RBDSHARE_LIB_DLMPROBE_H

#include <stdbool.h>
#include <sys/socket.h>

#define DLMPROBE_PORT 21064

/**
 * enum dlmprobe_result - what the network says
 * @DLMPROBE_WAIT: nothing yet
 * @DLMPROBE_OPEN: somebody listens there
 * @DLMPROBE_REFUSED: the host answers, nobody listens: right as long as it
 *	has no lockspaces; if it has, something blocks the port
 * @DLMPROBE_BLOCKED: no answer, or a router or firewall says no
 */
enum dlmprobe_result {
	DLMPROBE_WAIT,
	DLMPROBE_OPEN,
	DLMPROBE_REFUSED,
	DLMPROBE_BLOCKED,
};

/**
 * dlmprobe_start() - begin to connect
 * @from: our address; the port is not used
 * @to: the peer's; the same
 * @port: usually DLMPROBE_PORT
 *
 * Return: a descriptor that becomes writable when there is a result, to be
 * closed by the caller; or a negative errno.
 */
int dlmprobe_start(const struct sockaddr_storage *from,
		   const struct sockaddr_storage *to, unsigned short port);

/**
 * dlmprobe_look() - is there a result?
 * @over: the time that the caller gives it is over
 */
enum dlmprobe_result dlmprobe_look(int fd, bool over);

#endif
