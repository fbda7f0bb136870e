// SPDX-License-Identifier: GPL-2.0
#include "lib/clientaddr.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *skip_type(const char *text)
{
	static const char *const types[] = { "v1:", "v2:", "any:" };
	size_t i, n;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		n = strlen(types[i]);
		if (!strncmp(text, types[i], n))
			return text + n;
	}
	return text;
}

/* Decimal digits up to @stop; no sign, no blanks. */
static bool get_number(const char **p, char stop, uint64_t max, uint64_t *v)
{
	const char *start = *p;

	*v = 0;
	for (; **p >= '0' && **p <= '9'; (*p)++) {
		*v = *v * 10 + (uint64_t)(**p - '0');
		if (*v > max)
			return false;
	}
	if (*p == start || **p != stop)
		return false;
	if (stop)
		(*p)++;
	return true;
}

static const char *get_ip(const char *p, struct clientaddr *a)
{
	bool v6 = *p == '[';
	const char *end = v6 ? strchr(p, ']') : strchr(p, ':');
	char ip[INET6_ADDRSTRLEN];
	size_t n;

	p += v6;
	n = end ? (size_t)(end - p) : 0;
	if (!n || n >= sizeof(ip))
		return NULL;
	memcpy(ip, p, n);
	ip[n] = '\0';
	a->family = v6 ? AF_INET6 : AF_INET;
	if (inet_pton(a->family, ip, a->ip) != 1)
		return NULL;
	end += v6;
	return *end == ':' ? end + 1 : NULL;
}

int clientaddr_parse_entry(const char *text, struct clientaddr *a)
{
	uint64_t port, nonce;
	const char *p;

	memset(a, 0, sizeof(*a));
	p = get_ip(skip_type(text), a);
	if (!p || !get_number(&p, '/', UINT16_MAX, &port) ||
	    !get_number(&p, '\0', UINT32_MAX, &nonce))
		return -EINVAL;
	/* Nonce 0 at another port is nobody. */
	if (!nonce && port)
		return -EINVAL;
	a->port = (uint16_t)port;
	a->nonce = (uint32_t)nonce;
	return 0;
}

int clientaddr_parse(const char *text, struct clientaddr *a)
{
	/* A whole host is no instance: others live there too. */
	if (clientaddr_parse_entry(text, a) || clientaddr_is_host(a))
		return -EINVAL;
	return 0;
}

int clientaddr_parse_host(const char *ip, struct clientaddr *a)
{
	memset(a, 0, sizeof(*a));
	a->family = strchr(ip, ':') ? AF_INET6 : AF_INET;
	return inet_pton(a->family, ip, a->ip) == 1 ? 0 : -EINVAL;
}

bool clientaddr_is_host(const struct clientaddr *a)
{
	return !a->port && !a->nonce;
}

int clientaddr_parse_list(const char *text, struct clientaddr *a)
{
	const char *end;
	char one[CLIENTADDR_TEXT];
	size_t n;

	if (*text != '[' || text[1] != 'v')
		return clientaddr_parse(text, a);
	text++;
	end = strchr(text, ',');
	if (!end)
		end = strrchr(text, ']');
	n = end ? (size_t)(end - text) : sizeof(one);
	if (n >= sizeof(one))
		return -EINVAL;
	memcpy(one, text, n);
	one[n] = '\0';
	return clientaddr_parse(one, a);
}

void clientaddr_format(const struct clientaddr *a, char text[CLIENTADDR_TEXT])
{
	bool v6 = a->family == AF_INET6;
	char ip[INET6_ADDRSTRLEN] = "";

	inet_ntop(a->family, a->ip, ip, sizeof(ip));
	snprintf(text, CLIENTADDR_TEXT, "%s%s%s:%u/%" PRIu32, v6 ? "[" : "", ip,
		 v6 ? "]" : "", a->port, a->nonce);
}

bool clientaddr_equal(const struct clientaddr *a, const struct clientaddr *b)
{
	return a->family == b->family && a->port == b->port &&
	       a->nonce == b->nonce && !memcmp(a->ip, b->ip, sizeof(a->ip));
}

bool clientaddr_on_host(const struct clientaddr *a, const char *ip)
{
	unsigned char host[16] = { 0 };

	return inet_pton(a->family, ip, host) == 1 &&
	       !memcmp(host, a->ip, sizeof(host));
}

void clientaddr_ip(const struct clientaddr *a, char text[CLIENTADDR_IP])
{
	*text = '\0';
	inet_ntop(a->family, a->ip, text, CLIENTADDR_IP);
}
