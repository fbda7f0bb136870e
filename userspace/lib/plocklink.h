/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Connections between the daemons for the order of POSIX locks: TCP on the
 * address that fs/dlm uses. Of two nodes the one with the greater number
 * connects. Messages come in order or, when a connection broke, not at all;
 * whoever uses this is told when there is a new one.
 *
 * Never blocks. One thread uses it.
 */
#ifndef RBDSHARE_LIB_PLOCKLINK_H
#define RBDSHARE_LIB_PLOCKLINK_H

#include <stdbool.h>
#include <sys/socket.h>

#include "lib/keepalive.h"

/* No message is longer. */
#define PLOCKLINK_MESSAGE 32768
/* A peer for whom more than that waits is let go; it may connect again. */
#define PLOCKLINK_QUEUE (64U << 20)

/**
 * struct plocklink_config - how to begin
 * @number, @life: ourselves, as the view has it
 * @key: of the cluster
 * @self: our address; the port in it is not used
 * @port: of all nodes
 * @up: a connection with a node is new; messages of an older one do not come
 *	any more
 * @receive: a message
 *
 * The functions are called by plocklink_serve() only, and may send.
 */
struct plocklink_config {
	uint16_t number;
	uint64_t life;
	unsigned char key[KEEPALIVE_KEY];
	struct sockaddr_storage self;
	uint16_t port;
	void (*up)(void *arg, uint16_t node);
	void (*receive)(void *arg, uint16_t node, const unsigned char *msg,
			size_t len);
	void *arg;
};

struct plocklink;

/* plocklink_open() - Return: 0 or a negative errno. */
int plocklink_open(struct plocklink **link,
		   const struct plocklink_config *config);

/**
 * plocklink_listen() - take connections; fine when it does already
 *
 * Return: 0; -EADDRNOTAVAIL the address is not there (yet); -EADDRINUSE; or
 * another negative errno.
 */
int plocklink_listen(struct plocklink *link);

/**
 * plocklink_set_peer() - who may connect, and where it is
 * @life: 0: nobody; a connection with another life of it ends
 */
void plocklink_set_peer(struct plocklink *link, uint16_t node, uint64_t life,
			const struct sockaddr_storage *addr);

/* plocklink_want() - shall we connect, if it is us who does? At once, too. */
void plocklink_want(struct plocklink *link, uint16_t node, bool want);

bool plocklink_is_up(const struct plocklink *link, uint16_t node);

/* plocklink_send() - @len bytes, at least one; lost when it is not up */
void plocklink_send(struct plocklink *link, uint16_t node, const void *msg,
		    size_t len);

/* Readable when plocklink_serve() has something to do. */
int plocklink_fd(const struct plocklink *link);
void plocklink_serve(struct plocklink *link);

/* plocklink_tick() - some times a second: what did not succeed, again */
void plocklink_tick(struct plocklink *link);

void plocklink_close(struct plocklink *link);

#endif
