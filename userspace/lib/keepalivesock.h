/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The UDP socket of the keepalive messages. It is bound to the address that
 * fs/dlm uses, so that it is cut when fs/dlm is cut.
 */
#ifndef RBDSHARE_LIB_KEEPALIVESOCK_H
#define RBDSHARE_LIB_KEEPALIVESOCK_H

#include <sys/socket.h>

#include "lib/keepalive.h"

/* One above fs/dlm's TCP port. */
#define KEEPALIVESOCK_PORT 21065
/* TCP, for the order of POSIX locks (plocklink.h). */
#define PLOCKLINK_PORT 21066

/**
 * struct keepalivesock - socket and where the peers are
 * @fd: readable when keepalivesock_receive() has something
 * @port: of all nodes
 * @addr: by node number; ss_family 0 for unknown, as all are behind
 *	keepalivesock_open(); change it at will
 */
struct keepalivesock {
	int fd;
	uint16_t port;
	struct keepalive k;
	struct sockaddr_storage addr[KEEPALIVE_NODES];
};

/* keepalivesock_now() - CLOCK_BOOTTIME in nanoseconds */
uint64_t keepalivesock_now(void);

/**
 * keepalivesock_open() - bind it
 * @s: @s->k is initialised (keepalive_init())
 * @self: our address; the port in it is not used
 * @mark: fwmark of its packets, as fs/dlm's; 0 for none
 *
 * Return: 0; -EADDRNOTAVAIL the address is not of this host; -EADDRINUSE; or
 * a negative errno.
 */
int keepalivesock_open(struct keepalivesock *s,
		       const struct sockaddr_storage *self, uint16_t port,
		       uint32_t mark);

void keepalivesock_close(struct keepalivesock *s);

/**
 * keepalivesock_send() - to one peer; never blocks
 *
 * A message that cannot be sent is lost, as it may be on the way. Return: 0, or
 * -ENOENT for an unknown peer, -EMSGSIZE.
 */
int keepalivesock_send(struct keepalivesock *s, uint16_t peer,
		       enum keepalive_type type, const void *payload,
		       size_t len);

/* keepalivesock_ping() - all known peers; each tick */
void keepalivesock_ping(struct keepalivesock *s);

/**
 * keepalivesock_receive() - the next message
 * @buf: KEEPALIVE_MAX; @m's payload points into it
 *
 * Pings are answered here. Whatever is not authentic and from the peer's own
 * address is dropped.
 *
 * Return: 0; -EAGAIN there is none; or the errno of the socket.
 */
int keepalivesock_receive(struct keepalivesock *s, unsigned char *buf,
			  struct keepalive_message *m);

#endif
