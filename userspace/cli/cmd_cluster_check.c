// SPDX-License-Identifier: GPL-2.0
/* rbdshare cluster check: says what is wrong and how to mend it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/clusterfiles.h"
#include "cli/globals.h"
#include "lib/clusterhost.h"
#include "lib/clusterlint.h"
#include "lib/clusternode.h"
#include "lib/exitcode.h"
#include "lib/jsonout.h"
#include "lib/msg.h"

#define FIX_ENABLE "rbdshare cluster timeouts set --enable"
#define FIX_EITHER FIX_ENABLE ", or for rbdshared: systemctl enable rbdshared"

/**
 * struct check - what is known so far
 * @vars: NULL when the defaults file is absent
 * @cluster: the active one, inside @doc or @args; or NULL
 * @host: whom the check is for
 * @here: that is this machine, so it can be looked at
 */
struct check {
	const struct cluster_args *args;
	struct finding_list found;
	struct clusterconf *doc;
	struct shellvars *vars;
	const char *cluster;
	char host[256];
	bool here;
	bool online;
	ssize_t self;
};

static int find_host(struct check *c)
{
	char mine[sizeof(c->host)] = "";
	const char *wanted = c->args->hostname;
	int ret = clusterhost_name(mine, sizeof(mine));

	if (ret && !wanted)
		return ret;
	snprintf(c->host, sizeof(c->host), "%s", wanted ? wanted : mine);
	c->host[strcspn(c->host, ".")] = '\0';
	c->here = !strcasecmp(c->host, mine);
	return 0;
}

static int check_boot(struct check *c)
{
	const char *stack = shellvars_get(c->vars, "O2CB_STACK");
	const char *boot = shellvars_get(c->vars, "O2CB_BOOTCLUSTER");
	const char *file = c->args->defaults;
	struct finding_place place = shellvars_place(c->vars, file,
						     "O2CB_ENABLED");
	int ret = 0;

	if (!o2cb_enabled(c->vars))
		ret = finding_add(
			&c->found, FINDING_WARNING, &place, FIX_EITHER,
			"O2CB_ENABLED is not 'true', and rbdshared is not enabled, so the cluster does not come up at boot");
	place = shellvars_place(c->vars, file, "O2CB_BOOTCLUSTER");
	if (!ret && (!boot || !*boot))
		ret = finding_add(
			&c->found, FINDING_WARNING, &place, FIX_ENABLE,
			"O2CB_BOOTCLUSTER is empty, so the init script of o2cb brings no cluster online");
	else if (!ret && clusternode_cluster(c->doc, boot) < 0)
		ret = finding_add(
			&c->found, FINDING_ERROR, &place, FIX_ENABLE,
			"O2CB_BOOTCLUSTER is '%s', but %s has no cluster of that name",
			boot, c->args->file);
	place = shellvars_place(c->vars, file, "O2CB_STACK");
	if (!ret && stack && *stack && strcmp(stack, "o2cb"))
		ret = finding_add(
			&c->found, FINDING_WARNING, &place, NULL,
			"O2CB_STACK is '%s': this host uses another cluster stack, and cluster.conf is not read; to use it, write O2CB_STACK=o2cb",
			stack);
	return ret;
}

/* Where rbdshared is, o2cb has to stay away; what it reads means nothing. */
static int check_not_both(struct check *c)
{
	struct finding_place place;

	if (!c->vars || !o2cb_enabled(c->vars))
		return 0;
	place = shellvars_place(c->vars, c->args->defaults, "O2CB_ENABLED");
	return finding_add(
		&c->found, FINDING_WARNING, &place,
		"write O2CB_ENABLED=false there",
		"O2CB_ENABLED is 'true', but this host has rbdshared: only one of them can have OCFS2");
}

static int check_defaults(struct check *c)
{
	struct finding_place place = { .file = c->args->defaults };
	struct o2cb_timeouts t;
	int ret;

	if (c->here && clusterhost_rbdshared())
		return check_not_both(c);
	if (!c->vars)
		return finding_add(
			&c->found, FINDING_WARNING, &place, FIX_EITHER,
			"the file does not exist, so the cluster does not come up at boot");
	ret = check_boot(c);
	if (!ret)
		ret = o2cb_read(c->vars, c->args->defaults, &t, &c->found);
	if (!ret && c->online)
		ret = clusterhost_check_running(c->cluster, &t,
						c->args->defaults, &c->found);
	return ret;
}

static int check_machine(struct check *c)
{
	bool network = c->args->network == 1;
	int ret = 0;

	if (c->here && c->self >= 0)
		ret = clusterhost_check_address(c->doc, c->self, c->args->file,
						&c->found);
	if (!ret && c->here)
		ret = clusterhost_check_sysctls(&c->found);
	if (c->args->network < 0)
		network = c->online && c->here;
	if (!ret && network && c->cluster)
		ret = clusterhost_check_ports(c->doc, c->cluster, c->self,
					      c->args->file, &c->found);
	return ret;
}

static int check_all(struct check *c)
{
	const char *boot = c->vars ?
				   shellvars_get(c->vars, "O2CB_BOOTCLUSTER") :
				   NULL;
	struct clusterlint facts = { .file = c->args->file };
	int ret;

	facts.hostname = c->host;
	facts.bootcluster = c->args->cluster ? c->args->cluster : boot;
	c->cluster = clusterlint_active(c->doc, facts.bootcluster);
	c->online = c->here && c->cluster && clusterhost_online(c->cluster);
	c->self = clusterlint_self(c->doc, c->cluster, c->host);
	ret = clusterlint_check(c->doc, &facts, &c->found);
	if (!ret)
		ret = check_defaults(c);
	if (!ret)
		ret = check_machine(c);
	finding_sort(&c->found);
	return ret;
}

static struct json_object *finding_json(const struct finding *f)
{
	struct json_object *o = json_object_new_object();

	jsonout_string(o, "severity", finding_severity_str(f->severity));
	jsonout_string(o, "file", f->file);
	jsonout_u64(o, "line", f->line);
	jsonout_u64(o, "column", f->column);
	json_object_object_add(o, "text",
			       jsonout_text(f->text, strlen(f->text)));
	jsonout_string(o, "fix", f->fix);
	return o;
}

static int print_json(const struct check *c, size_t errors, size_t warnings)
{
	struct json_object *o = jsonout_new(), *list = json_object_new_array();
	size_t i;

	jsonout_string(o, "file", c->args->file);
	jsonout_string(o, "defaults", c->args->defaults);
	jsonout_string(o, "hostname", c->host);
	jsonout_string(o, "cluster", c->cluster);
	jsonout_bool(o, "online", c->online);
	jsonout_u64(o, "errors", errors);
	jsonout_u64(o, "warnings", warnings);
	for (i = 0; i < c->found.n; i++)
		json_object_array_add(list, finding_json(&c->found.v[i]));
	json_object_object_add(o, "findings", list);
	return jsonout_print(o);
}

static void print_text(const struct check *c, size_t errors, size_t warnings)
{
	unsigned int n;

	clusterfiles_print(&c->found);
	if (errors || warnings) {
		printf("%zu error%s, %zu warning%s\n", errors,
		       errors == 1 ? "" : "s", warnings,
		       warnings == 1 ? "" : "s");
		return;
	}
	n = clusternode_count(c->doc, c->cluster);
	printf("cluster '%s' with %u node%s: no problem found%s\n", c->cluster,
	       n, n == 1 ? "" : "s", c->online ? ", online here" : "");
}

/* Loads both files; exit code. */
static int load(struct check *c)
{
	int ret = find_host(c);

	if (ret) {
		msg_error("this host has no name; set one with hostnamectl");
		return exitcode_of(ret);
	}
	ret = clusterfiles_conf(c->args->file, &c->doc, NULL, &c->found);
	if (ret == -ENOENT)
		return clusterfiles_absent(c->args->file);
	if (ret)
		return exitcode_of(ret);
	ret = clusterfiles_defaults(c->args->defaults, &c->vars, NULL,
				    &c->found);
	return ret == -ENOENT ? 0 : exitcode_of(ret);
}

int cluster_check(const struct cluster_args *args)
{
	struct check c = { .args = args, .self = -1 };
	size_t errors, warnings;
	int ret = load(&c);

	if (!ret) {
		ret = exitcode_of(check_all(&c));
		if (ret)
			msg_error("the check could not be done: %s",
				  strerror(ret));
	}
	if (!ret) {
		errors = finding_count(&c.found, FINDING_ERROR);
		warnings = finding_count(&c.found, FINDING_WARNING);
		if (globals.json)
			ret = exitcode_of(print_json(&c, errors, warnings));
		else
			print_text(&c, errors, warnings);
		if (!ret && errors)
			ret = EINVAL;
	}
	finding_clear(&c.found);
	clusterconf_free(c.doc);
	shellvars_free(c.vars);
	return ret;
}
