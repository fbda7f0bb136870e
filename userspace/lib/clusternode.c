// SPDX-License-Identifier: GPL-2.0
#include "lib/clusternode.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

int clusternode_number(const char *text, unsigned long min, unsigned long max,
		       unsigned long *value)
{
	unsigned long v;
	char *end;

	if (!isdigit((unsigned char)*text))
		return -EINVAL;
	errno = 0;
	v = strtoul(text, &end, 10);
	if (*end)
		return -EINVAL;
	if (errno || v < min || v > max)
		return -ERANGE;
	*value = v;
	return 0;
}

int clusternode_check_name(const char *text, struct fault *f)
{
	const char *c;

	if (!*text)
		return fault_set(
			f, -EINVAL,
			"the name of a node is empty; use the host's name without the domain");
	if (strlen(text) > CLUSTERNODE_MAX_NAME)
		return fault_set(
			f, -EINVAL,
			"node name '%.20s...' is longer than %d characters",
			text, CLUSTERNODE_MAX_NAME);
	for (c = text; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("-_.", *c))
			return fault_set(
				f, -EINVAL,
				"node name '%s' may have only letters, digits, '-', '_' and '.'",
				text);
	if (*text == '.' || *text == '-')
		return fault_set(
			f, -EINVAL,
			"node name '%s' has to begin with a letter or a digit",
			text);
	return 0;
}

int clusternode_check_cluster(const char *text, struct fault *f)
{
	const char *c;

	if (!*text)
		return fault_set(f, -EINVAL,
				 "the name of the cluster is empty");
	for (c = text; *c; c++)
		if (!isalnum((unsigned char)*c))
			return fault_set(
				f, -EINVAL,
				"cluster name '%s' may have only letters and digits",
				text);
	if (strlen(text) > CLUSTERNODE_MAX_CLUSTER)
		return fault_set(
			f, -EINVAL,
			"cluster name '%s' is longer than %d characters", text,
			CLUSTERNODE_MAX_CLUSTER);
	return 0;
}

int clusternode_check_number(const char *text, struct fault *f)
{
	unsigned long v;

	if (clusternode_number(text, 0, CLUSTERNODE_MAX_NUMBER, &v))
		return fault_set(f, -EINVAL,
				 "node number '%s' is not a number from 0 to %d",
				 text, CLUSTERNODE_MAX_NUMBER);
	return 0;
}

int clusternode_check_port(const char *text, struct fault *f)
{
	unsigned long v;

	if (clusternode_number(text, 1, 65535, &v))
		return fault_set(f, -EINVAL,
				 "port '%s' is not a number from 1 to 65535",
				 text);
	return 0;
}

int clusternode_check_ip(const char *text, struct in_addr *addr,
			 struct fault *f)
{
	struct in6_addr six;
	struct in_addr a;
	unsigned int top;

	if (inet_pton(AF_INET6, text, &six) == 1)
		return fault_set(
			f, -EINVAL,
			"'%s' is an IPv6 address; o2cb knows IPv4 only, use an IPv4 address of the node",
			text);
	if (inet_pton(AF_INET, text, &a) != 1)
		return fault_set(
			f, -EINVAL,
			"'%s' is not an IPv4 address; write it like 192.168.2.163",
			text);
	top = ntohl(a.s_addr) >> 24;
	if (!top || top >= 224)
		return fault_set(
			f, -EINVAL,
			"'%s' cannot be the address of a node; take one of the network between the nodes",
			text);
	if (addr)
		*addr = a;
	return 0;
}

bool clusternode_is_host(const char *name, const char *hostname)
{
	size_t len = strcspn(hostname, ".");

	return strlen(name) == len && !strncasecmp(name, hostname, len);
}

ssize_t clusternode_cluster(const struct clusterconf *doc, const char *name)
{
	ssize_t h = -1;
	const char *v;

	while ((h = clusterconf_stanza(doc, h + 1, "cluster")) >= 0) {
		v = clusterconf_value(doc, h, "name");
		if (v && !strcmp(v, name))
			break;
	}
	return h;
}

ssize_t clusternode_next(const struct clusterconf *doc, size_t from,
			 const char *cluster)
{
	ssize_t h = (ssize_t)from - 1;
	const char *v;

	while ((h = clusterconf_stanza(doc, h + 1, "node")) >= 0) {
		v = clusterconf_value(doc, h, "cluster");
		if (!cluster || (v && !strcmp(v, cluster)))
			break;
	}
	return h;
}

unsigned int clusternode_count(const struct clusterconf *doc,
			       const char *cluster)
{
	unsigned int n = 0;
	ssize_t h = -1;

	while ((h = clusternode_next(doc, h + 1, cluster)) >= 0)
		n++;
	return n;
}

int clusternode_recount(struct clusterconf *doc, const char *cluster)
{
	ssize_t h = clusternode_cluster(doc, cluster);
	char text[16];

	if (h < 0)
		return -ENOENT;
	snprintf(text, sizeof(text), "%u", clusternode_count(doc, cluster));
	return clusterconf_set(doc, h, "node_count", text);
}

/* The bits of numbers in use; numbers that are none are left to the check. */
static void used_numbers(const struct clusterconf *doc, const char *cluster,
			 bool *used)
{
	unsigned long v;
	const char *text;
	ssize_t h = -1;

	memset(used, 0, CLUSTERNODE_MAX_NUMBER + 1);
	while ((h = clusternode_next(doc, h + 1, cluster)) >= 0) {
		text = clusterconf_value(doc, h, "number");
		if (text &&
		    !clusternode_number(text, 0, CLUSTERNODE_MAX_NUMBER, &v))
			used[v] = true;
	}
}

static int pick_number(const struct clusterconf *doc, const char *cluster,
		       struct clusternode *node, struct fault *f)
{
	bool used[CLUSTERNODE_MAX_NUMBER + 1];
	int i;

	used_numbers(doc, cluster, used);
	if (node->number > CLUSTERNODE_MAX_NUMBER)
		return fault_set(f, -EINVAL,
				 "node number %d is not from 0 to %d",
				 node->number, CLUSTERNODE_MAX_NUMBER);
	if (node->number >= 0) {
		if (!used[node->number])
			return 0;
		return fault_set(
			f, -EEXIST,
			"number %d is in use in cluster '%s'; leave --number out to get a free one",
			node->number, cluster);
	}
	for (i = 0; i <= CLUSTERNODE_MAX_NUMBER; i++)
		if (!used[i])
			break;
	if (i > CLUSTERNODE_MAX_NUMBER)
		return fault_set(
			f, -ENOSPC,
			"cluster '%s' has no number free from 0 to %d; remove a node first",
			cluster, CLUSTERNODE_MAX_NUMBER);
	node->number = i;
	return 0;
}

static int check_new(const struct clusterconf *doc, const char *cluster,
		     const struct clusternode *node, struct fault *f)
{
	struct in_addr mine, other;
	const char *name, *ip;
	ssize_t h = -1;
	int ret = clusternode_check_name(node->name, f);

	if (!ret)
		ret = clusternode_check_ip(node->ip, &mine, f);
	if (!ret && (!node->port || node->port > 65535))
		ret = fault_set(f, -EINVAL, "port %u is not from 1 to 65535",
				node->port);
	if (ret)
		return ret;
	while ((h = clusternode_next(doc, h + 1, cluster)) >= 0) {
		name = clusterconf_value(doc, h, "name");
		ip = clusterconf_value(doc, h, "ip_address");
		if (name && !strcasecmp(name, node->name))
			return fault_set(f, -EEXIST,
					 "node '%s' is already in cluster '%s'",
					 name, cluster);
		if (ip && !clusternode_check_ip(ip, &other, NULL) &&
		    other.s_addr == mine.s_addr)
			return fault_set(
				f, -EEXIST,
				"address %s is already that of node '%s'", ip,
				name ? name : "?");
	}
	return 0;
}

/* Behind the last node of the cluster, else behind the last node of all. */
static size_t place_for(const struct clusterconf *doc, const char *cluster)
{
	ssize_t h = -1, last = -1;

	while ((h = clusternode_next(doc, h + 1, cluster)) >= 0)
		last = h;
	if (last < 0)
		while ((h = clusternode_next(doc, h + 1, NULL)) >= 0)
			last = h;
	return last < 0 ? doc->count : clusterconf_stanza_end(doc, last);
}

static int insert_node(struct clusterconf *doc, const char *cluster,
		       const struct clusternode *node)
{
	char port[16], number[16];
	struct clusterconf_pair pairs[] = {
		{ "ip_port", port },	{ "ip_address", node->ip },
		{ "number", number },	{ "name", node->name },
		{ "cluster", cluster },
	};

	snprintf(port, sizeof(port), "%u", node->port);
	snprintf(number, sizeof(number), "%d", node->number);
	return clusterconf_insert(doc, place_for(doc, cluster), "node", pairs,
				  sizeof(pairs) / sizeof(pairs[0]));
}

int clusternode_add(struct clusterconf *doc, const char *cluster,
		    struct clusternode *node, struct fault *f)
{
	struct clusterconf_pair pairs[] = {
		{ "node_count", "0" },
		{ "name", cluster },
	};
	int ret = clusternode_check_cluster(cluster, f);

	if (!ret)
		ret = check_new(doc, cluster, node, f);
	if (!ret)
		ret = pick_number(doc, cluster, node, f);
	if (!ret && clusternode_cluster(doc, cluster) < 0)
		ret = clusterconf_insert(doc, doc->count, "cluster", pairs, 2);
	if (!ret)
		ret = insert_node(doc, cluster, node);
	return ret ? ret : clusternode_recount(doc, cluster);
}

int clusternode_remove(struct clusterconf *doc, const char *cluster,
		       const char *name, struct fault *f)
{
	ssize_t h = -1;
	const char *v;

	while ((h = clusternode_next(doc, h + 1, cluster)) >= 0) {
		v = clusterconf_value(doc, h, "name");
		if (v && !strcasecmp(v, name))
			break;
	}
	if (h < 0)
		return fault_set(
			f, -ENOENT,
			"cluster '%s' has no node '%s'; see 'rbdshare cluster show'",
			cluster, name);
	clusterconf_remove(doc, h);
	if (clusternode_cluster(doc, cluster) < 0)
		return 0;
	return clusternode_recount(doc, cluster);
}
