/* SPDX-License-Identifier: GPL-2.0 */
/* One address, several ports. */
#ifndef RBDSHARE_LIB_SOCKPORT_H
#define RBDSHARE_LIB_SOCKPORT_H

#include <sys/socket.h>

/**
 * sockport() - the same host at another port
 * @addr: AF_INET or AF_INET6
 * @port: in the host's order
 * @out: result
 *
 * Return: its length, for bind() and so on.
 */
socklen_t sockport(const struct sockaddr_storage *addr, unsigned short port,
		   struct sockaddr_storage *out);

#endif
