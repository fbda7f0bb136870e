// SPDX-License-Identifier: GPL-2.0
/* rbdshare cluster show: the clusters and nodes of cluster.conf. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/clusterfiles.h"
#include "cli/globals.h"
#include "lib/bootcluster.h"
#include "lib/clusterhost.h"
#include "lib/clusternode.h"
#include "lib/exitcode.h"
#include "lib/jsonout.h"
#include "lib/msg.h"
#include "lib/table.h"

/* What is to be shown. */
struct show {
	const struct cluster_args *args;
	struct clusterconf *doc;
	char *boot;
	char host[256];
};

/* The value, or "-" where the file has none. */
static const char *or_dash(const struct clusterconf *doc, ssize_t h,
			   const char *key)
{
	const char *v = clusterconf_value(doc, h, key);

	return v && *v ? v : "-";
}

static bool wanted(const struct show *s, const char *name)
{
	return !s->args->cluster || !strcmp(s->args->cluster, name);
}

static bool is_host(const struct show *s, ssize_t h)
{
	const char *name = clusterconf_value(s->doc, h, "name");

	return name && clusternode_is_host(name, s->host);
}

static void json_number(struct json_object *o, const char *key,
			const char *text)
{
	unsigned long v;

	if (text && !clusternode_number(text, 0, 65535, &v))
		jsonout_u64(o, key, v);
	else
		json_object_object_add(o, key, NULL);
}

static void json_value(struct json_object *o, const struct clusterconf *doc,
		       ssize_t h, const char *key)
{
	const char *v = clusterconf_value(doc, h, key);

	json_object_object_add(o, key, v ? jsonout_text(v, strlen(v)) : NULL);
}

static struct json_object *node_json(const struct show *s, ssize_t h)
{
	struct json_object *o = json_object_new_object();

	json_value(o, s->doc, h, "name");
	json_number(o, "number", clusterconf_value(s->doc, h, "number"));
	json_value(o, s->doc, h, "ip_address");
	json_number(o, "ip_port", clusterconf_value(s->doc, h, "ip_port"));
	jsonout_bool(o, "this_host", is_host(s, h));
	return o;
}

static struct json_object *cluster_json(const struct show *s, ssize_t h,
					const char *name)
{
	struct json_object *o = json_object_new_object();
	struct json_object *nodes = json_object_new_array();
	struct json_object *regions = json_object_new_array();
	const char *mode = clusterconf_value(s->doc, h, "heartbeat_mode"), *v;
	ssize_t i;

	json_value(o, s->doc, h, "name");
	json_number(o, "node_count",
		    clusterconf_value(s->doc, h, "node_count"));
	jsonout_string(o, "heartbeat_mode", mode ? mode : "local");
	jsonout_bool(o, "online", clusterhost_online(name));
	jsonout_bool(o, "boot", s->boot && !strcmp(s->boot, name));
	for (i = -1; (i = clusternode_next(s->doc, i + 1, name)) >= 0;)
		json_object_array_add(nodes, node_json(s, i));
	for (i = -1;
	     (i = clusterconf_stanza(s->doc, i + 1, "heartbeat")) >= 0;) {
		v = clusterconf_value(s->doc, i, "cluster");
		if (!v || strcmp(v, name))
			continue;
		v = or_dash(s->doc, i, "region");
		json_object_array_add(regions, jsonout_text(v, strlen(v)));
	}
	json_object_object_add(o, "nodes", nodes);
	json_object_object_add(o, "regions", regions);
	return o;
}

static void print_cluster(const struct show *s, ssize_t h, const char *name)
{
	struct table *t = table_new("NUMBER> NAME ADDRESS PORT> HERE");
	const char *mode = clusterconf_value(s->doc, h, "heartbeat_mode");
	unsigned int n = clusternode_count(s->doc, name);
	ssize_t i = -1;

	printf("cluster %s: %u node%s, %s heartbeat, %s%s\n", name, n,
	       n == 1 ? "" : "s", mode ? mode : "local",
	       clusterhost_online(name) ? "online here" : "offline here",
	       s->boot && !strcmp(s->boot, name) ? ", cluster of the boot" :
						   "");
	while ((i = clusternode_next(s->doc, i + 1, name)) >= 0)
		table_row(t, or_dash(s->doc, i, "number"),
			  or_dash(s->doc, i, "name"),
			  or_dash(s->doc, i, "ip_address"),
			  or_dash(s->doc, i, "ip_port"),
			  is_host(s, i) ? "yes" : "");
	table_print(t, stdout);
}

static int show_all(const struct show *s)
{
	struct json_object *list = json_object_new_array(), *o;
	bool any = false;
	const char *name;
	ssize_t h = -1;

	while ((h = clusterconf_stanza(s->doc, h + 1, "cluster")) >= 0) {
		name = clusterconf_value(s->doc, h, "name");
		if (!name || !wanted(s, name))
			continue;
		any = true;
		if (globals.json)
			json_object_array_add(list, cluster_json(s, h, name));
		else
			print_cluster(s, h, name);
	}
	if (!any && s->args->cluster) {
		msg_error(
			"%s has no cluster '%s'; 'rbdshare cluster show' lists them",
			s->args->file, s->args->cluster);
		json_object_put(list);
		return -ENOENT;
	}
	if (!globals.json) {
		json_object_put(list);
		if (!any)
			msg_warn(
				"%s has no cluster; 'rbdshare cluster add-node NAME --ip ADDRESS' adds one",
				s->args->file);
		return 0;
	}
	o = jsonout_new();
	jsonout_string(o, "file", s->args->file);
	json_object_object_add(o, "clusters", list);
	return jsonout_print(o);
}

int cluster_show(const struct cluster_args *args)
{
	struct finding_list found = { 0 };
	struct show s = { .args = args };
	int ret = clusterfiles_conf(args->file, &s.doc, NULL, &found);

	if (ret == -ENOENT)
		return clusterfiles_absent(args->file);
	if (ret) {
		finding_clear(&found);
		return exitcode_of(ret);
	}
	if (found.n)
		msg_warn(
			"%s is not in the form ocfs2-tools want; see: rbdshare cluster check",
			args->file);
	if (args->hostname)
		snprintf(s.host, sizeof(s.host), "%s", args->hostname);
	else
		clusterhost_name(s.host, sizeof(s.host));
	s.boot = bootcluster_set(args->defaults);
	ret = show_all(&s);
	free(s.boot);
	finding_clear(&found);
	clusterconf_free(s.doc);
	return exitcode_of(ret);
}
