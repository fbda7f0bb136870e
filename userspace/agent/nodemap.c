// SPDX-License-Identifier: GPL-2.0
#include "agent/nodemap.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "agent/options.h"

#define BETWEEN_NODES "; \t\n"

int nodemap_next(const char **p, struct nodemap_entry *e, struct fault *f)
{
	size_t len, name;

	*p += strspn(*p, BETWEEN_NODES);
	len = strcspn(*p, BETWEEN_NODES);
	if (!len)
		return 0;
	/* IPv6 addresses have colons as well, but behind the name. */
	name = strcspn(*p, ":" BETWEEN_NODES);
	if (!name || name + 1 >= len || (*p)[name] != ':')
		return fault_set(
			f, -EINVAL,
			"'%.*s' in plug_map is not like node1:10.0.0.1; several nodes are parted by ';'",
			(int)(len < 60 ? len : 60), *p);
	if (name >= sizeof(e->name) || len - name - 1 >= sizeof(e->list))
		return fault_set(f, -EINVAL,
				 "an entry of plug_map is too long");
	snprintf(e->name, sizeof(e->name), "%.*s", (int)name, *p);
	snprintf(e->list, sizeof(e->list), "%.*s", (int)(len - name - 1),
		 *p + name + 1);
	*p += len;
	return 1;
}

static bool has(const struct nodemap_hosts *h, const struct clientaddr *a)
{
	size_t i;

	for (i = 0; i < h->n; i++)
		if (clientaddr_equal(&h->v[i], a))
			return true;
	return false;
}

static int add(struct nodemap_hosts *h, const struct clientaddr *a,
	       struct fault *f)
{
	if (has(h, a))
		return 0;
	if (h->n == NODEMAP_ADDRESSES)
		return fault_set(f, -EINVAL, "a node has at most %d addresses",
				 NODEMAP_ADDRESSES);
	h->v[h->n++] = *a;
	return 0;
}

int nodemap_parse_list(const char *list, struct nodemap_hosts *h,
		       struct fault *f)
{
	struct clientaddr a;
	char one[CLIENTADDR_IP];
	size_t len;
	int ret = 0;

	memset(h, 0, sizeof(*h));
	for (; !ret && *list; list += len + (list[len] == ',')) {
		len = strcspn(list, ",");
		snprintf(one, sizeof(one), "%.*s", (int)len, list);
		if (len >= sizeof(one) || clientaddr_parse_host(one, &a))
			ret = fault_set(
				f, -EINVAL,
				"'%.*s' is not an IP address; name those by which the node reaches Ceph, a comma between",
				(int)(len < 60 ? len : 60), list);
		else
			ret = add(h, &a, f);
	}
	if (!ret && !h->n)
		ret = fault_set(f, -EINVAL, "an address is missing");
	return ret;
}

int nodemap_check(const char *map, struct fault *f)
{
	struct nodemap_entry e;
	struct nodemap_hosts h;
	int ret;

	while ((ret = nodemap_next(&map, &e, f)) > 0) {
		ret = nodemap_parse_list(e.list, &h, f);
		if (ret)
			return ret;
	}
	return ret;
}

static int find_in_map(const struct options *o, struct nodemap_hosts *h,
		       struct fault *f)
{
	const char *p = o->plug_map;
	struct nodemap_entry e;
	char names[256] = "";
	size_t used;
	int ret;

	while ((ret = nodemap_next(&p, &e, f)) > 0) {
		if (!strcasecmp(e.name, o->plug))
			return nodemap_parse_list(e.list, h, f);
		used = strlen(names);
		snprintf(names + used, sizeof(names) - used, "%s%.60s",
			 used ? ", " : "", e.name);
	}
	if (ret)
		return ret;
	return fault_set(f, -ENOENT,
			 "plug_map has no node '%.80s'; its nodes are: %s",
			 o->plug, names);
}

static bool from_socket(const struct sockaddr *sa, struct clientaddr *a)
{
	const struct sockaddr_in6 *six = (const void *)sa;
	const struct sockaddr_in *four = (const void *)sa;

	memset(a, 0, sizeof(*a));
	a->family = sa->sa_family;
	if (a->family == AF_INET) {
		memcpy(a->ip, &four->sin_addr, 4);
		return a->ip[0] != 127;
	}
	memcpy(a->ip, &six->sin6_addr, 16);
	return a->family == AF_INET6 && !IN6_IS_ADDR_LOOPBACK(&six->sin6_addr);
}

static int look_up(const char *name, struct nodemap_hosts *h, struct fault *f)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *list, *one;
	struct clientaddr a;
	int ret = getaddrinfo(name, NULL, &hints, &list);

	if (ret)
		return fault_set(
			f, -ENOENT,
			"the address of node '%.80s' is not known (%s); name it with address or plug_map",
			name, gai_strerror(ret));
	for (one = list, ret = 0; one && !ret; one = one->ai_next)
		if (from_socket(one->ai_addr, &a))
			ret = add(h, &a, f);
	freeaddrinfo(list);
	h->looked_up = true;
	if (!ret && !h->n)
		ret = fault_set(
			f, -ENOENT,
			"node '%.80s' has no address but that of the loopback here; name it with address or plug_map",
			name);
	return ret;
}

int nodemap_find(const struct options *o, struct nodemap_hosts *h,
		 struct fault *f)
{
	memset(h, 0, sizeof(*h));
	if (o->address)
		return nodemap_parse_list(o->address, h, f);
	if (o->plug_map)
		return find_in_map(o, h, f);
	return look_up(o->plug, h, f);
}

void nodemap_describe(const struct nodemap_hosts *h, char *buf, size_t size)
{
	char ip[CLIENTADDR_IP];
	size_t i, used;

	*buf = '\0';
	for (i = 0; i < h->n; i++) {
		clientaddr_ip(&h->v[i], ip);
		used = strlen(buf);
		snprintf(buf + used, size - used, "%s%s", used ? ", " : "", ip);
	}
}
