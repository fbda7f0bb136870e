// SPDX-License-Identifier: GPL-2.0
/* rbdshare cluster timeouts: the four time-outs of o2cb, shown and set. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/clusterfiles.h"
#include "cli/globals.h"
#include "lib/clusterhost.h"
#include "lib/clusterlint.h"
#include "lib/clusternode.h"
#include "lib/exitcode.h"
#include "lib/jsonout.h"
#include "lib/msg.h"
#include "lib/o2cbdefaults.h"
#include "lib/replacefile.h"
#include "lib/table.h"

/* A new file begins with this. */
static const char head[] = "# Read by /etc/init.d/o2cb.\n";

/* "60 s = threshold 31" or "30000 ms". */
static void value_text(char *buf, size_t size, enum o2cb_timeout which,
		       unsigned int value)
{
	if (which == O2CB_THRESHOLD)
		snprintf(buf, size, "%u s = threshold %u",
			 o2cb_dead_after_s(value), value);
	else
		snprintf(buf, size, "%u ms", value);
}

/* Name of the cluster whose running values are shown; the caller frees. */
static char *running_cluster(const struct cluster_args *args,
			     const struct shellvars *vars)
{
	const char *boot = vars ? shellvars_get(vars, "O2CB_BOOTCLUSTER") :
				  NULL;
	struct clusterconf *doc;
	const char *name;
	char *copy = NULL;

	if (args->cluster)
		return strdup(args->cluster);
	if (boot && *boot)
		return strdup(boot);
	if (clusterfiles_conf(args->file, &doc, NULL, NULL))
		return NULL;
	name = clusterlint_active(doc, NULL);
	if (name)
		copy = strdup(name);
	clusterconf_free(doc);
	return copy;
}

static void print_values(const struct o2cb_timeouts *t, const char *cluster)
{
	struct table *table = table_new("TIMEOUT VALUE RUNNING VARIABLE FROM");
	char now[64], running[64], line[32];
	unsigned int v;
	int i;

	for (i = 0; i < O2CB_TIMEOUTS; i++) {
		value_text(now, sizeof(now), i, t->value[i]);
		strcpy(running, "-");
		if (cluster && !clusterhost_running(cluster, i, &v))
			value_text(running, sizeof(running), i, v);
		strcpy(line, "default");
		if (t->line[i])
			snprintf(line, sizeof(line), "line %u", t->line[i]);
		table_row(table, o2cb_timeout_desc[i].label, now, running,
			  o2cb_timeout_desc[i].variable, line);
	}
	table_print(table, stdout);
}

static int print_json(const struct cluster_args *args,
		      const struct o2cb_timeouts *t,
		      const struct shellvars *vars, const char *cluster)
{
	struct json_object *o = jsonout_new();
	struct json_object *file = json_object_new_object();
	struct json_object *live = json_object_new_object();
	unsigned int v;
	int i;

	jsonout_string(o, "defaults", args->defaults);
	jsonout_string(o, "cluster", cluster);
	jsonout_bool(o, "enabled", vars && o2cb_enabled(vars));
	jsonout_u64(o, "dead_after_s",
		    o2cb_dead_after_s(t->value[O2CB_THRESHOLD]));
	for (i = 0; i < O2CB_TIMEOUTS; i++) {
		jsonout_u64(file, o2cb_timeout_desc[i].json, t->value[i]);
		if (cluster && !clusterhost_running(cluster, i, &v))
			jsonout_u64(live, o2cb_timeout_desc[i].json, v);
		else
			json_object_object_add(live, o2cb_timeout_desc[i].json,
					       NULL);
	}
	json_object_object_add(o, "configured", file);
	json_object_object_add(o, "running", live);
	return jsonout_print(o);
}

static int timeouts_show(const struct cluster_args *args)
{
	struct shellvars none = { 0 }, *vars = NULL;
	struct finding_list found = { 0 };
	struct o2cb_timeouts t;
	char *cluster;
	int ret = clusterfiles_defaults(args->defaults, &vars, NULL, &found);

	if (ret && ret != -ENOENT)
		return exitcode_of(ret);
	ret = o2cb_read(vars ? vars : &none, args->defaults, &t, &found);
	cluster = running_cluster(args, vars);
	if (!ret && globals.json) {
		ret = print_json(args, &t, vars, cluster);
	} else if (!ret) {
		print_values(&t, cluster);
		if (found.n)
			msg_warn(
				"something is wrong in %s; see: rbdshare cluster check",
				args->defaults);
	}
	free(cluster);
	finding_clear(&found);
	shellvars_free(vars);
	return exitcode_of(ret);
}

static int read_wish(const struct cluster_args *args, struct o2cb_wish *wish)
{
	const struct {
		const char *text;
		unsigned int *ms;
	} all[] = {
		{ args->dead_after, &wish->dead_after_ms },
		{ args->idle, &wish->idle_ms },
		{ args->keepalive, &wish->keepalive_ms },
		{ args->reconnect, &wish->reconnect_ms },
	};
	struct fault f = { "" };
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i].text && o2cb_duration(all[i].text, all[i].ms, &f)) {
			msg_error("%s", f.text);
			return -EINVAL;
		}
	return 0;
}

/* O2CB_ENABLED=true and the cluster to bring online at boot. */
static int enable(const struct cluster_args *args, struct shellvars *vars)
{
	char *name = running_cluster(args, vars);
	struct fault f = { "" };
	int ret;

	if (!name) {
		msg_error(
			"which cluster is to start at boot? Say it with --cluster-name NAME");
		return -EINVAL;
	}
	ret = clusternode_check_cluster(name, &f);
	if (ret)
		msg_error("%s", f.text);
	if (!ret)
		ret = shellvars_set(vars, "O2CB_ENABLED", "true");
	if (!ret)
		ret = shellvars_set(vars, "O2CB_BOOTCLUSTER", name);
	free(name);
	return ret;
}

static void print_change(const struct o2cb_timeouts *old,
			 const struct o2cb_timeouts *new)
{
	char was[64], is[64];
	int i;

	if (globals.quiet)
		return;
	for (i = 0; i < O2CB_TIMEOUTS; i++) {
		value_text(was, sizeof(was), i, old->value[i]);
		value_text(is, sizeof(is), i, new->value[i]);
		if (old->value[i] == new->value[i])
			printf("%-16s%s\n", o2cb_timeout_desc[i].label, is);
		else
			printf("%-16s%s (was %s)\n", o2cb_timeout_desc[i].label,
			       is, was);
	}
}

/* Changes the document; -errno, printed. */
static int apply(const struct cluster_args *args, struct shellvars *vars,
		 const struct o2cb_wish *wish, struct o2cb_timeouts *old,
		 struct o2cb_timeouts *new)
{
	bool any = wish->dead_after_ms || wish->idle_ms || wish->keepalive_ms ||
		   wish->reconnect_ms;
	struct fault f = { "" };
	int ret = o2cb_read(vars, args->defaults, old, NULL);

	*new = *old;
	if (!ret && any) {
		ret = o2cb_compute(wish, old, new, &f);
		if (!ret)
			ret = o2cb_write(vars, new);
		if (ret)
			msg_error("%s", *f.text ? f.text : strerror(-ret));
	}
	if (!ret && args->enable)
		ret = enable(args, vars);
	return ret;
}

static int load(const char *path, struct shellvars **vars, char **before)
{
	struct finding_list found = { 0 };
	int ret = clusterfiles_defaults(path, vars, before, &found);

	if (ret == -ENOENT) {
		*before = NULL;
		ret = shellvars_parse(head, strlen(head), path, vars, NULL);
	}
	if (!ret && (*vars)->broken) {
		clusterfiles_print(&found);
		msg_error(
			"%s has lines that cannot be understood; correct them first",
			path);
		ret = -EINVAL;
	}
	finding_clear(&found);
	return ret;
}

static int save(const struct cluster_args *args, const struct shellvars *vars,
		const char *before)
{
	char *after;
	size_t len;
	int ret = shellvars_format(vars, &after, &len);

	if (ret) {
		msg_error("cannot write %s: %s", args->defaults,
			  strerror(-ret));
		return ret;
	}
	ret = clusterfiles_save(args->defaults, before, after, len);
	free(after);
	return ret;
}

static int take_lock(const char *path, int *lock)
{
	struct fault f = { "" };

	*lock = -1;
	if (globals.dry_run)
		return 0;
	*lock = replacefile_lock(path, &f);
	if (*lock < 0)
		msg_error("%s", *f.text ? f.text : strerror(-*lock));
	return *lock < 0 ? *lock : 0;
}

static void tell(const struct o2cb_timeouts *old,
		 const struct o2cb_timeouts *new)
{
	if (globals.dry_run)
		return;
	print_change(old, new);
	if (!memcmp(old->value, new->value, sizeof(old->value)))
		return;
	msg_warn(
		"all nodes need the same values, else they refuse each other: do the same on every node");
	msg_warn(
		"a running cluster takes them at the next: /etc/init.d/o2cb offline && /etc/init.d/o2cb online");
}

static int timeouts_set(const struct cluster_args *args)
{
	struct o2cb_wish wish = { 0 };
	struct o2cb_timeouts old, new;
	struct shellvars *vars = NULL;
	char *before = NULL;
	int ret, lock;

	if (!args->dead_after && !args->idle && !args->keepalive &&
	    !args->reconnect && !args->enable) {
		msg_error(
			"say what to set, for example: rbdshare cluster timeouts set --dead-after 120s");
		return EXITCODE_USAGE;
	}
	ret = read_wish(args, &wish);
	if (ret)
		return exitcode_of(ret);
	ret = take_lock(args->defaults, &lock);
	if (!ret)
		ret = load(args->defaults, &vars, &before);
	if (!ret)
		ret = apply(args, vars, &wish, &old, &new);
	if (!ret)
		ret = save(args, vars, before);
	if (ret >= 0)
		tell(&old, &new);
	if (ret > 0)
		msg_info("wrote %s", args->defaults);
	if (lock >= 0)
		close(lock);
	free(before);
	shellvars_free(vars);
	return exitcode_of(ret);
}

int cluster_timeouts(const struct cluster_args *args)
{
	const char *what = args->words[0];
	bool changes = args->dead_after || args->idle || args->keepalive ||
		       args->reconnect || args->enable;

	if (!strcmp(what, "set"))
		return timeouts_set(args);
	if (!strcmp(what, "show") && !changes)
		return timeouts_show(args);
	if (!strcmp(what, "show"))
		msg_error("'timeouts show' changes nothing; use 'timeouts set'");
	else
		msg_error("there is no 'timeouts %.40s'; use show or set",
			  what);
	return EXITCODE_USAGE;
}
