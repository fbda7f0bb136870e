// SPDX-License-Identifier: GPL-2.0
#include "lib/monlist.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int append(struct monlist *list, const char *host, size_t hlen,
		  unsigned int port, int proto)
{
	struct mon_candidate *bigger, *c;

	bigger = realloc(list->v, (list->n + 1) * sizeof(*bigger));
	if (!bigger)
		return -ENOMEM;
	list->v = bigger;
	c = &list->v[list->n++];
	memset(c, 0, sizeof(*c));
	snprintf(c->host, sizeof(c->host), "%.*s", (int)hlen, host);
	c->port = port;
	c->proto = proto;
	return 0;
}

/* An address of unknown protocol: what its port, or its absence, implies. */
static int append_any(struct monlist *list, const char *host, size_t hlen,
		      unsigned int port, int proto)
{
	int ret = 0;

	if (proto == 1 || (!proto && port != MON_PORT_V2))
		ret = append(list, host, hlen, port ? port : MON_PORT_V1, 1);
	if (!ret && (proto == 2 || (!proto && port != MON_PORT_V1)))
		ret = append(list, host, hlen, port ? port : MON_PORT_V2, 2);
	return ret;
}

/* End of the token that starts at s: brackets hide separators. */
static const char *token_end(const char *s)
{
	int depth = 0;

	for (; *s; s++) {
		if (*s == '[')
			depth++;
		else if (*s == ']')
			depth--;
		else if (depth <= 0 &&
			 (strchr(",;", *s) || isspace((unsigned char)*s)))
			break;
	}
	return s;
}

/* Splits "host[:port]" or "[ipv6][:port]"; true when it is well formed. */
static bool split_host(const char *s, size_t len, const char **host,
		       size_t *hlen, const char **port, size_t *plen)
{
	const char *end = s + len, *p;

	*port = NULL;
	*plen = 0;
	if (len && *s == '[') {
		p = memchr(s, ']', len);
		if (!p)
			return false;
		*host = s + 1;
		*hlen = p - s - 1;
		p++;
	} else {
		p = memchr(s, ':', len);
		/* Several colons without brackets: an IPv6 address alone. */
		if (!p || memchr(p + 1, ':', end - p - 1))
			p = end;
		*host = s;
		*hlen = p - s;
	}
	if (p < end) {
		if (*p != ':')
			return false;
		*port = p + 1;
		*plen = end - p - 1;
	}
	return *hlen > 0 && *hlen < 255;
}

static int parse_port(const char *s, size_t len, unsigned int *port)
{
	*port = 0;
	if (!len || len > 5)
		return -EINVAL;
	for (; len; len--, s++) {
		if (!isdigit((unsigned char)*s))
			return -EINVAL;
		*port = *port * 10 + (*s - '0');
	}
	return *port && *port < 65536 ? 0 : -EINVAL;
}

static int parse_token(const char *s, size_t len, struct monlist *list,
		       struct fault *f)
{
	const char *host, *port, *slash, *text = s;
	size_t hlen, plen, full = len;
	unsigned int number = 0;
	int proto = 0, ret;

	if (len > 3 && s[0] == 'v' && s[2] == ':' &&
	    (s[1] == '1' || s[1] == '2')) {
		proto = s[1] - '0';
		s += 3;
		len -= 3;
	} else if (len > 4 && !memcmp(s, "any:", 4)) {
		s += 4;
		len -= 4;
	}
	slash = memchr(s, '/', len);
	if (slash)
		len = slash - s;
	if (!split_host(s, len, &host, &hlen, &port, &plen) ||
	    (port && parse_port(port, plen, &number)))
		return fault_set(
			f, -EINVAL,
			"monitor address '%.*s' is not HOST[:PORT]; check 'mon host' in ceph.conf or --mon-host",
			(int)full, text);
	ret = append_any(list, host, hlen, number, proto);
	return ret ? fault_set(f, ret, "out of memory") : 0;
}

/* "[v2:..,v1:..]" is a vector, "[2001:db8::1]:6789" an address. */
static bool is_vector(const char *s, const char *end)
{
	return end - s > 2 && s[0] == '[' && end[-1] == ']' &&
	       (!strncmp(s + 1, "v1:", 3) || !strncmp(s + 1, "v2:", 3) ||
		!strncmp(s + 1, "any:", 4));
}

static int parse_range(const char *s, const char *stop, int depth,
		       struct monlist *list, struct fault *f)
{
	const char *end;
	int ret = 0;

	while (!ret && s < stop) {
		if (strchr(",;", *s) || isspace((unsigned char)*s)) {
			s++;
			continue;
		}
		end = token_end(s);
		if (end > stop)
			end = stop;
		if (!depth && is_vector(s, end))
			ret = parse_range(s + 1, end - 1, 1, list, f);
		else
			ret = parse_token(s, end - s, list, f);
		s = end;
	}
	return ret;
}

int monlist_parse(const char *text, struct monlist *list, struct fault *f)
{
	int ret;

	memset(list, 0, sizeof(*list));
	ret = parse_range(text, text + strlen(text), 0, list, f);
	if (!ret && !list->n)
		ret = fault_set(
			f, -EINVAL,
			"no monitor address given; set 'mon host' in ceph.conf or use --mon-host");
	if (ret)
		monlist_free(list);
	return ret;
}

void monlist_free(struct monlist *list)
{
	free(list->v);
	memset(list, 0, sizeof(*list));
}

/* All addresses of one candidate; the first goes into the candidate itself. */
static int resolve_one(struct monlist *list, size_t i, int *why)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *all, *a;
	struct mon_candidate c = list->v[i];
	char port[8];
	size_t at = i;

	snprintf(port, sizeof(port), "%u", c.port);
	*why = getaddrinfo(c.host, port, &hints, &all);
	if (*why)
		return 0;
	for (a = all; a; a = a->ai_next) {
		if (a != all) {
			if (append(list, c.host, strlen(c.host), c.port,
				   c.proto)) {
				freeaddrinfo(all);
				return -ENOMEM;
			}
			at = list->n - 1;
		}
		memcpy(&list->v[at].addr, a->ai_addr, a->ai_addrlen);
		list->v[at].addr_len = a->ai_addrlen;
	}
	freeaddrinfo(all);
	return 0;
}

int monlist_resolve(struct monlist *list, struct fault *f)
{
	size_t i, before = list->n;
	bool any = false;
	int why = 0, last = 0;

	for (i = 0; i < before; i++) {
		if (resolve_one(list, i, &why))
			return fault_set(f, -ENOMEM, "out of memory");
		if (why)
			last = why;
		else
			any = true;
	}
	if (!any)
		return fault_set(
			f, -EHOSTUNREACH,
			"monitor name '%s' does not resolve (%s); use addresses in 'mon host' or fix DNS",
			before ? list->v[0].host : "", gai_strerror(last));
	return 0;
}

int monlist_proto(const struct monlist *list)
{
	bool have[3] = { false }, alive[3] = { false };
	size_t i;

	for (i = 0; i < list->n; i++) {
		have[list->v[i].proto] = true;
		if (list->v[i].alive)
			alive[list->v[i].proto] = true;
	}
	if (alive[1] || alive[2])
		return alive[1] ? 1 : 2;
	return have[1] ? 1 : have[2] ? 2 : 0;
}

static void format_one(FILE *m, const struct mon_candidate *c)
{
	char text[INET6_ADDRSTRLEN];
	const struct sockaddr_in6 *in6 = (const void *)&c->addr;
	const struct sockaddr_in *in4 = (const void *)&c->addr;

	if (c->addr_len && c->addr.ss_family == AF_INET6)
		fprintf(m, "[%s]:%u",
			inet_ntop(AF_INET6, &in6->sin6_addr, text,
				  sizeof(text)),
			c->port);
	else if (c->addr_len)
		fprintf(m, "%s:%u",
			inet_ntop(AF_INET, &in4->sin_addr, text, sizeof(text)),
			c->port);
	else
		fprintf(m, strchr(c->host, ':') ? "[%s]:%u" : "%s:%u", c->host,
			c->port);
}

char *monlist_format(const struct monlist *list, int proto)
{
	bool any_alive = false, first = true;
	char *out = NULL;
	size_t i, size = 0;
	FILE *m;

	for (i = 0; i < list->n; i++)
		any_alive |= list->v[i].alive && list->v[i].proto == proto;
	m = open_memstream(&out, &size);
	if (!m)
		return NULL;
	for (i = 0; i < list->n; i++) {
		if (list->v[i].proto != proto ||
		    (any_alive && !list->v[i].alive))
			continue;
		if (!first)
			fputc(',', m);
		format_one(m, &list->v[i]);
		first = false;
	}
	if (fclose(m) || first) {
		free(out);
		return NULL;
	}
	return out;
}
