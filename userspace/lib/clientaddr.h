/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The address of a client of Ceph, "10.0.0.5:0/3819" or "[fd00::5]:0/3819":
 * IP address, port (0 for clients) and nonce. It names one instance of one
 * client; the nonce is never used again.
 */
#ifndef RBDSHARE_LIB_CLIENTADDR_H
#define RBDSHARE_LIB_CLIENTADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Longest text, with its NUL. */
#define CLIENTADDR_TEXT 72

/**
 * struct clientaddr - decoded
 * @family: AF_INET or AF_INET6
 * @ip: 4 or 16 bytes in network order, the rest zero
 */
struct clientaddr {
	int family;
	unsigned char ip[16];
	uint16_t port;
	uint32_t nonce;
};

/**
 * clientaddr_parse() - from text
 *
 * A "v1:", "v2:" or "any:" in front is passed over: a blocklist entry holds
 * for all of them.
 *
 * Return: 0, or -EINVAL when it is none, or names a whole host or range.
 */
int clientaddr_parse(const char *text, struct clientaddr *a);

/**
 * clientaddr_parse_entry() - an entry of the blocklist: an instance, or a host
 *
 * A whole host is an IP address with port 0 and nonce 0.
 *
 * Return: 0, or -EINVAL when it is neither.
 */
int clientaddr_parse_entry(const char *text, struct clientaddr *a);

/* clientaddr_parse_host() - a bare IP address; 0 or -EINVAL */
int clientaddr_parse_host(const char *ip, struct clientaddr *a);

/**
 * clientaddr_parse_list() - the first of "[v2:A,v1:B]", or a single one
 *
 * That is how librados tells its own; all have the same IP and nonce.
 *
 * Return: 0 or -EINVAL.
 */
int clientaddr_parse_list(const char *text, struct clientaddr *a);

/* clientaddr_is_host() - does it stand for all instances at its IP? */
bool clientaddr_is_host(const struct clientaddr *a);

/* The form that the blocklist wants. */
void clientaddr_format(const struct clientaddr *a, char text[CLIENTADDR_TEXT]);

bool clientaddr_equal(const struct clientaddr *a, const struct clientaddr *b);

/* clientaddr_on_host() - is it an instance at this IP address (text)? */
bool clientaddr_on_host(const struct clientaddr *a, const char *ip);

/* Longest IP address as text, with its NUL. */
#define CLIENTADDR_IP 46

/* clientaddr_ip() - the bare IP address */
void clientaddr_ip(const struct clientaddr *a, char text[CLIENTADDR_IP]);

#endif
