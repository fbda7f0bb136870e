/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Monitor addresses: the grammar of "mon host", name resolution, and a probe
 * that tells a living monitor from a closed port, a frozen one or something
 * else that listens there.
 */
#ifndef RBDSHARE_LIB_MONLIST_H
#define RBDSHARE_LIB_MONLIST_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include "lib/fault.h"

#define MON_PORT_V1 6789
#define MON_PORT_V2 3300

/**
 * struct mon_candidate - one address at which a monitor may answer
 * @host: name or literal address as written
 * @port: TCP port
 * @proto: messenger protocol, 1 or 2
 * @addr: resolved address; valid when @addr_len is not 0
 * @alive: the probe heard a banner of this protocol
 */
struct mon_candidate {
	char host[256];
	unsigned short port;
	unsigned char proto;
	struct sockaddr_storage addr;
	socklen_t addr_len;
	bool alive;
};

/* Grows by monlist_parse() and monlist_resolve(); monlist_free() frees it. */
struct monlist {
	struct mon_candidate *v;
	size_t n;
};

/**
 * monlist_parse() - read a "mon host" value
 *
 * Accepts names, IPv4 and IPv6 addresses with or without a port, "v1:" and
 * "v2:" addresses with a "/nonce", and vectors of them in brackets; separated
 * by commas, semicolons or blanks. An address without a port stands for port
 * 6789 of protocol 1 and port 3300 of protocol 2.
 *
 * Return: 0, -EINVAL or -ENOMEM.
 */
int monlist_parse(const char *text, struct monlist *list, struct fault *f);

/**
 * monlist_resolve() - turn names into addresses
 *
 * A name with several addresses becomes several candidates; one that does not
 * resolve stays without an address.
 *
 * Return: 0; -EHOSTUNREACH when no name resolved; -ENOMEM.
 */
int monlist_resolve(struct monlist *list, struct fault *f);

/**
 * monlist_probe() - connect to all candidates at once and wait for banners
 * @timeout_ms: bound for the whole probe
 * @proto: only this protocol; 0 probes both
 *
 * Returns early, shortly after the first banner.
 *
 * Return: number of candidates that answered, or a negative errno:
 * -ENETUNREACH when no route leads to any of them, -ECONNREFUSED when all
 * refused, else -ETIMEDOUT. @f names every address and its reason.
 */
int monlist_probe(struct monlist *list, int timeout_ms, int proto,
		  struct fault *f);

/**
 * monlist_proto() - protocol to map with
 *
 * Protocol 1 when any of its candidates is alive (or, before a probe, exists),
 * else 2; 0 for an empty list.
 */
int monlist_proto(const struct monlist *list);

/**
 * monlist_format() - the addresses for the kernel, "A:P,[B]:P"
 * @proto: which protocol's candidates
 *
 * Only living ones when any is alive: the kernel learns the others from them.
 *
 * Return: a string the caller frees; NULL when empty or out of memory.
 */
char *monlist_format(const struct monlist *list, int proto);

void monlist_free(struct monlist *list);

#endif
