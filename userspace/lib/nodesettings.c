// SPDX-License-Identifier: GPL-2.0
#include "lib/nodesettings.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/bootcluster.h"
#include "lib/clusterconf.h"
#include "lib/clusterhost.h"
#include "lib/clusternode.h"
#include "lib/shellvars.h"
#include "lib/slurp.h"

#define CLUSTER_CONF "/etc/ocfs2/cluster.conf"
#define O2CB_DEFAULTS "/etc/default/o2cb"
#define WEIGHT_MAX 1000

/* The file may be absent. */
static int read_defaults(struct shellvars **vars, struct fault *f)
{
	char *text = NULL;
	size_t len = 0;
	int ret = slurp_file(NODESETTINGS_DEFAULTS, SHELLVARS_MAX_BYTES, &text,
			     &len);

	if (ret && ret != -ENOENT)
		return fault_file(f, ret, "read", NODESETTINGS_DEFAULTS);
	ret = shellvars_parse(text ? text : "", len, NODESETTINGS_DEFAULTS,
			      vars, NULL);
	free(text);
	return ret ? fault_file(f, ret, "read", NODESETTINGS_DEFAULTS) : 0;
}

/* From the environment, else the file; NULL when it is in neither, or empty. */
static const char *setting(const struct shellvars *vars, const char *name)
{
	const char *value = getenv(name);

	if (!value)
		value = shellvars_get(vars, name);
	return value && *value ? value : NULL;
}

static int take_strings(struct nodesettings *s, const struct shellvars *vars)
{
	const char *pool = setting(vars, "RBDSHARE_POOL");
	const char *id = setting(vars, "RBDSHARE_ID");
	const char *conf = setting(vars, "RBDSHARE_CONF");
	const char *keyring = setting(vars, "RBDSHARE_KEYRING");

	s->pool = strdup(pool ? pool : "rbdshare");
	if (asprintf(&s->user, "client.%s", id ? id : "admin") < 0)
		s->user = NULL;
	s->conf = conf ? strdup(conf) : NULL;
	s->keyring = keyring ? strdup(keyring) : NULL;
	if (!s->pool || !s->user || !s->conf != !conf ||
	    !s->keyring != !keyring)
		return -ENOMEM;
	return 0;
}

static int take_choices(struct nodesettings *s, const struct shellvars *vars,
			struct fault *f)
{
	const char *weight = setting(vars, "RBDSHARE_WEIGHT");
	const char *fenced = setting(vars, "RBDSHARE_ON_FENCED");
	unsigned long n = 1;

	if (weight && clusternode_number(weight, 1, WEIGHT_MAX, &n))
		return fault_set(
			f, -EINVAL,
			"RBDSHARE_WEIGHT is '%s'; it has to be a number from 1 to %u",
			weight, WEIGHT_MAX);
	s->weight = (uint16_t)n;
	if (fenced && strcmp(fenced, "hold") && strcmp(fenced, "fail"))
		return fault_set(
			f, -EINVAL,
			"RBDSHARE_ON_FENCED is '%s'; it has to be 'hold' or 'fail'",
			fenced);
	s->hold_when_fenced = !fenced || !strcmp(fenced, "hold");
	return 0;
}

/* FNV-1a; the nodes only compare it. */
static void hash(uint64_t *h, const void *bytes, size_t len)
{
	const unsigned char *p = bytes;

	while (len--)
		*h = (*h ^ *p++) * 0x100000001b3ULL;
}

static int take_node(struct nodesettings *s, const struct clusterconf *doc,
		     size_t header, const char *file, struct fault *f)
{
	const char *number = clusterconf_value(doc, header, "number");
	const char *name = clusterconf_value(doc, header, "name");
	const char *ip = clusterconf_value(doc, header, "ip_address");
	struct nodesettings_node *node;
	unsigned long n;

	if (!number || !name || !ip ||
	    clusternode_number(number, 0, CLUSTERNODE_MAX_NUMBER, &n) ||
	    clusternode_check_name(name, NULL) ||
	    clusternode_check_ip(ip, NULL, NULL))
		return fault_set(
			f, -EINVAL,
			"%s line %u: a node without a usable name, number or address; see: rbdshare cluster check",
			file, doc->lines[header].line);
	node = &s->nodes[n];
	if (*node->name)
		return fault_set(f, -EINVAL,
				 "%s line %u: number %lu is that of %s already",
				 file, doc->lines[header].line, n, node->name);
	snprintf(node->name, sizeof(node->name), "%s", name);
	inet_pton(AF_INET, ip, &node->ip);
	return 0;
}

static int take_nodes(struct nodesettings *s, const struct clusterconf *doc,
		      const char *file, struct fault *f)
{
	char host[256];
	ssize_t at;
	int ret = 0, n;

	for (at = clusternode_next(doc, 0, s->cluster); at >= 0 && !ret;
	     at = clusternode_next(doc, (size_t)at + 1, s->cluster))
		ret = take_node(s, doc, (size_t)at, file, f);
	if (ret)
		return ret;
	ret = clusterhost_name(host, sizeof(host));
	if (ret)
		return fault_set(f, ret, "cannot find out the host's name");
	s->config_hash = 0xcbf29ce484222325ULL;
	s->number = NODESETTINGS_NODES;
	for (n = 0; n < NODESETTINGS_NODES; n++) {
		struct nodesettings_node *node = &s->nodes[n];

		if (!*node->name)
			continue;
		hash(&s->config_hash, &n, sizeof(n));
		hash(&s->config_hash, node->name, strlen(node->name) + 1);
		hash(&s->config_hash, &node->ip, sizeof(node->ip));
		if (clusternode_is_host(node->name, host))
			s->number = (uint16_t)n;
	}
	if (s->number == NODESETTINGS_NODES)
		return fault_set(
			f, -ENOENT,
			"no node of cluster %s in %s is named %s, as this host is; add it with: rbdshare cluster add-node %s --ip ADDRESS",
			s->cluster, file, host, host);
	return 0;
}

/* The one that was named, or else that of o2cb, or the only one. */
static int choose_cluster(struct nodesettings *s, const struct shellvars *vars,
			  const struct clusterconf *doc, const char *file,
			  struct fault *f)
{
	const char *name = setting(vars, "RBDSHARE_CLUSTER");

	if (!name)
		name = bootcluster_active(O2CB_DEFAULTS, doc);
	if (name && !clusternode_check_cluster(name, NULL))
		snprintf(s->cluster, sizeof(s->cluster), "%s", name);
	if (*s->cluster)
		return 0;
	return fault_set(
		f, -ENOENT,
		"%s has no cluster, or several; name one with RBDSHARE_CLUSTER in %s",
		file, NODESETTINGS_DEFAULTS);
}

static int take_cluster(struct nodesettings *s, const struct shellvars *vars,
			struct fault *f)
{
	const char *file = getenv("RBDSHARE_CLUSTER_CONF");
	struct clusterconf *doc;
	char *text;
	size_t len;
	int ret;

	file = file ? file : CLUSTER_CONF;
	ret = slurp_file(file, CLUSTERCONF_MAX_BYTES, &text, &len);
	if (ret == -ENOENT)
		return fault_set(
			f, ret,
			"%s is missing; make it with: rbdshare cluster add-node NAME --ip ADDRESS",
			file);
	if (ret)
		return fault_file(f, ret, "read", file);
	ret = clusterconf_parse(text, len, file, &doc, NULL);
	free(text);
	if (ret)
		return fault_file(f, ret, "read", file);
	ret = choose_cluster(s, vars, doc, file, f);
	if (!ret)
		ret = take_nodes(s, doc, file, f);
	clusterconf_free(doc);
	return ret;
}

int nodesettings_load(struct nodesettings *s, struct fault *f)
{
	struct shellvars *vars = NULL;
	int ret;

	memset(s, 0, sizeof(*s));
	ret = read_defaults(&vars, f);
	if (ret)
		return ret;
	ret = take_strings(s, vars);
	if (ret)
		fault_set(f, ret, "out of memory");
	else
		ret = take_choices(s, vars, f);
	if (!ret)
		ret = take_cluster(s, vars, f);
	shellvars_free(vars);
	if (ret)
		nodesettings_free(s);
	return ret;
}

void nodesettings_free(struct nodesettings *s)
{
	free(s->pool);
	free(s->user);
	free(s->conf);
	free(s->keyring);
	memset(s, 0, sizeof(*s));
}
