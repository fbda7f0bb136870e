// SPDX-License-Identifier: GPL-2.0
#include "lib/clusterlint.h"

#include <ctype.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/clusternode.h"
#include "lib/nearest.h"

#define FIX_FORMAT "rbdshare cluster format"
#define MAX_REGIONS 32

/**
 * struct lint - the work
 * @ret: -ENOMEM once memory ran out; nothing is added after that
 */
struct lint {
	const struct clusterconf *doc;
	const struct clusterlint *facts;
	struct finding_list *found;
	int ret;
};

/* An attribute of a stanza: must it be there, and what may it hold. */
struct rule {
	const char *key;
	bool required;
	int (*check)(const char *text, struct fault *f);
};

static int check_ip(const char *text, struct fault *f)
{
	return clusternode_check_ip(text, NULL, f);
}

static int check_mode(const char *text, struct fault *f)
{
	if (!strcasecmp(text, "local") || !strcasecmp(text, "global"))
		return 0;
	return fault_set(f, -EINVAL,
			 "heartbeat_mode '%s' is neither 'local' nor 'global'",
			 text);
}

static int check_count(const char *text, struct fault *f)
{
	unsigned long v;

	if (!clusternode_number(text, 0, 255, &v))
		return 0;
	return fault_set(f, -EINVAL,
			 "node_count '%s' is not a number from 0 to 255", text);
}

static int check_region(const char *text, struct fault *f)
{
	size_t len = strspn(text, "0123456789abcdefABCDEF");

	if (len == 32 && !text[len])
		return 0;
	return fault_set(
		f, -EINVAL,
		"region '%s' is not 32 hexadecimal digits (a UUID without '-')",
		text);
}

static const struct rule node_rules[] = {
	{ "ip_port", true, clusternode_check_port },
	{ "ip_address", true, check_ip },
	{ "number", true, clusternode_check_number },
	{ "name", true, clusternode_check_name },
	{ "cluster", true, clusternode_check_cluster },
	{ NULL, false, NULL },
};

static const struct rule cluster_rules[] = {
	{ "node_count", true, check_count },
	{ "name", true, clusternode_check_cluster },
	{ "heartbeat_mode", false, check_mode },
	{ NULL, false, NULL },
};

static const struct rule heartbeat_rules[] = {
	{ "region", true, check_region },
	{ "cluster", true, clusternode_check_cluster },
	{ NULL, false, NULL },
};

static const struct rule *rules_of(const char *type)
{
	if (!strcmp(type, "node"))
		return node_rules;
	if (!strcmp(type, "cluster"))
		return cluster_rules;
	return strcmp(type, "heartbeat") ? NULL : heartbeat_rules;
}

/* l is the line it is about (NULL: the whole file); of_value picks the column. */
static void say(struct lint *k, enum finding_severity severity,
		const struct clusterconf_line *l, bool of_value,
		const char *fix, const char *fmt, ...)
	__attribute__((format(printf, 6, 7)));

static void say(struct lint *k, enum finding_severity severity,
		const struct clusterconf_line *l, bool of_value,
		const char *fix, const char *fmt, ...)
{
	struct finding_place place = { .file = k->facts->file };
	char text[640];
	va_list ap;

	if (k->ret)
		return;
	if (l) {
		place.line = l->line;
		place.column = of_value ? l->value_column : l->column;
	}
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	k->ret = finding_add(k->found, severity, &place, fix, "%s", text);
}

const char *clusterlint_active(const struct clusterconf *doc,
			       const char *bootcluster)
{
	ssize_t h = clusterconf_stanza(doc, 0, "cluster");

	if (bootcluster && *bootcluster) {
		ssize_t boot = clusternode_cluster(doc, bootcluster);

		if (boot >= 0)
			return clusterconf_value(doc, boot, "name");
	}
	if (h < 0 || clusterconf_stanza(doc, h + 1, "cluster") >= 0)
		return NULL;
	return clusterconf_value(doc, h, "name");
}

ssize_t clusterlint_self(const struct clusterconf *doc, const char *cluster,
			 const char *hostname)
{
	ssize_t h = -1;
	const char *v;

	while ((h = clusternode_next(doc, h + 1, cluster)) >= 0) {
		v = clusterconf_value(doc, h, "name");
		if (v && clusternode_is_host(v, hostname))
			break;
	}
	return h;
}

static void check_key(struct lint *k, size_t header, const struct rule *rules,
		      const struct clusterconf_line *l)
{
	const char *type = k->doc->lines[header].key;
	const struct clusterconf_line *last;

	for (; rules->key; rules++)
		if (!strcmp(rules->key, l->key))
			break;
	if (!rules->key) {
		say(k, FINDING_WARNING, l, false, NULL,
		    "'%s' means nothing in a '%s:' stanza; check the spelling",
		    l->key, type);
		return;
	}
	last = clusterconf_attr(k->doc, header, l->key);
	if (last != l)
		say(k, FINDING_WARNING, l, false, NULL,
		    "'%s' is set again in line %u, which is the one that counts; delete one of them",
		    l->key, last->line);
}

static void check_values(struct lint *k, size_t header,
			 const struct rule *rules)
{
	const struct clusterconf_line *head = &k->doc->lines[header], *l;
	struct fault f;

	for (; rules->key; rules++) {
		l = clusterconf_attr(k->doc, header, rules->key);
		if (!l && rules->required)
			say(k, FINDING_ERROR, head, false,
			    strcmp(rules->key, "node_count") ? NULL :
							       FIX_FORMAT,
			    "this '%s:' stanza has no '%s', and ocfs2-tools reject the whole file; add it",
			    head->key, rules->key);
		if (l && rules->check(l->value, &f))
			say(k, FINDING_ERROR, l, true, NULL, "%s", f.text);
	}
}

static void check_stanzas(struct lint *k)
{
	const struct clusterconf *doc = k->doc;
	const struct rule *rules;
	ssize_t h = -1;
	size_t i, end;

	while ((h = clusterconf_stanza(doc, h + 1, NULL)) >= 0) {
		rules = rules_of(doc->lines[h].key);
		if (!rules) {
			say(k, FINDING_WARNING, &doc->lines[h], false, NULL,
			    "o2cb ignores the stanza '%s:'; it knows 'cluster:', 'node:' and 'heartbeat:'",
			    doc->lines[h].key);
			continue;
		}
		end = clusterconf_stanza_end(doc, h);
		for (i = h + 1; i < end; i++)
			if (doc->lines[i].kind == CLUSTERCONF_ATTR)
				check_key(k, h, rules, &doc->lines[i]);
		check_values(k, h, rules);
	}
}

/* Nodes and regions have to name a cluster the file has. */
static void check_membership(struct lint *k, const char *type)
{
	const struct clusterconf_line *l;
	ssize_t h = -1;

	while ((h = clusterconf_stanza(k->doc, h + 1, type)) >= 0) {
		l = clusterconf_attr(k->doc, h, "cluster");
		if (l && clusternode_cluster(k->doc, l->value) < 0)
			say(k, FINDING_ERROR, l, true, NULL,
			    "this file has no 'cluster:' stanza with the name '%s', so o2cb ignores this %s; correct one of them",
			    l->value, type);
	}
}

static bool same_value(const char *key, const char *a, const char *b)
{
	unsigned long m, n;
	struct in_addr p, q;

	if (!strcmp(key, "number"))
		return !clusternode_number(a, 0, 255, &m) &&
		       !clusternode_number(b, 0, 255, &n) && m == n;
	if (!strcmp(key, "ip_address"))
		return !clusternode_check_ip(a, &p, NULL) &&
		       !clusternode_check_ip(b, &q, NULL) &&
		       p.s_addr == q.s_addr;
	return !strcasecmp(a, b);
}

/* The first node before h, of the same cluster, with the same value. */
static ssize_t earlier_twin(const struct clusterconf *doc, ssize_t h,
			    const char *cluster, const char *key)
{
	const char *mine = clusterconf_value(doc, h, key), *other;
	ssize_t i = -1;

	while ((i = clusternode_next(doc, i + 1, cluster)) >= 0 && i < h) {
		other = clusterconf_value(doc, i, key);
		if (mine && other && same_value(key, mine, other))
			return i;
	}
	return -1;
}

static void check_twins(struct lint *k)
{
	static const char *const keys[] = { "name", "number", "ip_address" };
	const struct clusterconf_line *l, *m;
	const char *cluster;
	ssize_t h = -1, twin;
	size_t i;

	while ((h = clusternode_next(k->doc, h + 1, NULL)) >= 0) {
		cluster = clusterconf_value(k->doc, h, "cluster");
		for (i = 0; cluster && i < sizeof(keys) / sizeof(*keys); i++) {
			twin = earlier_twin(k->doc, h, cluster, keys[i]);
			if (twin < 0)
				continue;
			l = clusterconf_attr(k->doc, h, keys[i]);
			m = clusterconf_attr(k->doc, twin, keys[i]);
			say(k, FINDING_ERROR, l, true, NULL,
			    "%s '%s' is already used by the node in line %u; give each node its own",
			    keys[i], l->value, m->line);
		}
	}
}

static void check_node_hints(struct lint *k)
{
	const struct clusterconf_line *l;
	struct in_addr a;
	ssize_t h = -1;

	while ((h = clusternode_next(k->doc, h + 1, NULL)) >= 0) {
		l = clusterconf_attr(k->doc, h, "name");
		if (l && strchr(l->value, '.'))
			say(k, FINDING_WARNING, l, true, NULL,
			    "node name '%s' has a domain, and o2cb compares with the host's name without it; write '%.*s'",
			    l->value, (int)strcspn(l->value, "."), l->value);
		l = clusterconf_attr(k->doc, h, "ip_address");
		if (l && !clusternode_check_ip(l->value, &a, NULL) &&
		    ntohl(a.s_addr) >> 24 == 127)
			say(k, FINDING_ERROR, l, true, NULL,
			    "no other node can reach %s; use an address of the network between the nodes",
			    l->value);
	}
}

static void check_count_of(struct lint *k, ssize_t h, const char *name)
{
	const struct clusterconf_line *l;
	unsigned int have = clusternode_count(k->doc, name);
	unsigned long v;

	l = clusterconf_attr(k->doc, h, "node_count");
	if (l && !clusternode_number(l->value, 0, 255, &v) && v != have)
		say(k, FINDING_ERROR, l, true, FIX_FORMAT,
		    "node_count is %lu, but cluster '%s' has %u node%s", v,
		    name, have, have == 1 ? "" : "s");
	if (!have)
		say(k, FINDING_ERROR, &k->doc->lines[h], false,
		    "rbdshare cluster add-node NAME --ip ADDRESS",
		    "cluster '%s' has no nodes", name);
}

static void check_regions(struct lint *k, ssize_t h, const char *name)
{
	const struct clusterconf_line *mode;
	unsigned int regions = 0;
	const char *v;
	ssize_t r = -1;

	mode = clusterconf_attr(k->doc, h, "heartbeat_mode");
	while ((r = clusterconf_stanza(k->doc, r + 1, "heartbeat")) >= 0) {
		v = clusterconf_value(k->doc, r, "cluster");
		regions += v && !strcmp(v, name);
	}
	if (mode && !strcasecmp(mode->value, "global") && !regions)
		say(k, FINDING_ERROR, mode, true,
		    "o2cb add-heartbeat CLUSTER DEVICE",
		    "heartbeat_mode is global, but cluster '%s' has no 'heartbeat:' stanza",
		    name);
	if (regions > MAX_REGIONS)
		say(k, FINDING_ERROR, &k->doc->lines[h], false, NULL,
		    "cluster '%s' has %u heartbeat regions; %d is the most",
		    name, regions, MAX_REGIONS);
}

static void check_clusters(struct lint *k)
{
	const struct clusterconf_line *l;
	ssize_t h = -1;
	unsigned int n = 0;

	while ((h = clusterconf_stanza(k->doc, h + 1, "cluster")) >= 0) {
		n++;
		l = clusterconf_attr(k->doc, h, "name");
		if (!l)
			continue;
		if (clusternode_cluster(k->doc, l->value) != h) {
			say(k, FINDING_ERROR, l, true, NULL,
			    "cluster '%s' is already defined above, and ocfs2-tools reject the whole file; delete one of them",
			    l->value);
			continue;
		}
		check_count_of(k, h, l->value);
		check_regions(k, h, l->value);
	}
	if (!n)
		say(k, FINDING_ERROR, NULL, false,
		    "rbdshare cluster add-node NAME --ip ADDRESS",
		    "the file has no 'cluster:' stanza");
	h = clusterconf_stanza(k->doc, 0, "cluster");
	if (n > 1 && !clusterlint_active(k->doc, k->facts->bootcluster))
		say(k, FINDING_WARNING, &k->doc->lines[h], false,
		    "rbdshare cluster timeouts set --enable --cluster-name NAME",
		    "the file has %u clusters and O2CB_BOOTCLUSTER names none of them; a host can be in one only",
		    n);
}

/* "node1" and "node2": these are two hosts, not one and its misspelling. */
static bool differ_in_number(const char *a, const char *b)
{
	do {
		a += strspn(a, "0123456789");
		b += strspn(b, "0123456789");
		if (tolower((unsigned char)*a) != tolower((unsigned char)*b))
			return false;
		b += !!*b;
	} while (*a++);
	return true;
}

/* The line that names the node which may be meant for the host, or NULL. */
static const struct clusterconf_line *
like_host(const struct clusterconf *doc, const char *cluster, const char *host)
{
	const char *names[256], *near;
	size_t at[256], n = 0, i;
	ssize_t h = -1;

	while (n < 256 && (h = clusternode_next(doc, h + 1, cluster)) >= 0) {
		names[n] = clusterconf_value(doc, h, "name");
		at[n] = h;
		n += names[n] && strlen(names[n]) <= CLUSTERNODE_MAX_NAME &&
		     !differ_in_number(names[n], host);
	}
	near = nearest_word(host, names, n);
	for (i = 0; near && i < n; i++)
		if (names[i] == near)
			return clusterconf_attr(doc, at[i], "name");
	return NULL;
}

static void check_hostname(struct lint *k)
{
	const struct clusterconf_line *near, *place;
	const char *cluster;
	char host[CLUSTERNODE_MAX_NAME + 1], fix[160], advice[320] = "";
	ssize_t h = -1;

	if (!k->facts->hostname || clusternode_next(k->doc, 0, NULL) < 0)
		return;
	cluster = clusterlint_active(k->doc, k->facts->bootcluster);
	if (clusterlint_self(k->doc, cluster, k->facts->hostname) >= 0)
		return;
	snprintf(host, sizeof(host), "%s", k->facts->hostname);
	host[strcspn(host, ".")] = '\0';
	snprintf(fix, sizeof(fix), "rbdshare cluster add-node %s --ip ADDRESS",
		 host);
	if (cluster)
		h = clusternode_cluster(k->doc, cluster);
	near = like_host(k->doc, cluster, host);
	place = near ? near : h >= 0 ? &k->doc->lines[h] : NULL;
	if (near)
		snprintf(
			advice, sizeof(advice),
			"; if '%.64s' is to be this host, write '%s' here, or run: hostnamectl set-hostname %.64s",
			near->value, host, near->value);
	say(k, FINDING_ERROR, place, !!near, fix,
	    "no node%s%s%s has the name of this host, '%s', so o2cb does not go online here%s",
	    cluster ? " of cluster '" : "", cluster ? cluster : "",
	    cluster ? "'" : "", host, advice);
}

int clusterlint_check(const struct clusterconf *doc,
		      const struct clusterlint *facts,
		      struct finding_list *found)
{
	struct lint k = { .doc = doc, .facts = facts, .found = found };

	check_stanzas(&k);
	check_clusters(&k);
	check_membership(&k, "node");
	check_membership(&k, "heartbeat");
	check_twins(&k);
	check_node_hints(&k);
	check_hostname(&k);
	return k.ret;
}
