// SPDX-License-Identifier: GPL-2.0
#include "cli/clusterplace.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/globals.h"
#include "lib/bootcluster.h"
#include "lib/clusternode.h"
#include "lib/names.h"
#include "lib/shellvars.h"
#include "lib/slurp.h"

#define DEFAULTS "/etc/default/rbdshare"
#define POOL "rbdshare"

/* The file may be absent. */
static int read_defaults(struct shellvars **vars, struct fault *f)
{
	const char *env = getenv("RBDSHARE_DEFAULTS");
	const char *path = env && *env ? env : DEFAULTS;
	char *text = NULL;
	size_t len = 0;
	int ret = slurp_file(path, SHELLVARS_MAX_BYTES, &text, &len);

	if (ret && ret != -ENOENT)
		return fault_file(f, ret, "read", path);
	ret = shellvars_parse(text ? text : "", len, path, vars, NULL);
	free(text);
	return ret ? fault_file(f, ret, "read", path) : 0;
}

/* NULL when it is in neither, or empty. */
static const char *setting(const struct shellvars *vars, const char *name)
{
	const char *value = getenv(name);

	if (!value)
		value = shellvars_get(vars, name);
	return value && *value ? value : NULL;
}

/* The globals keep their strings until the process ends. */
static void default_text(const struct shellvars *vars, const char *name,
			 const char **to)
{
	const char *value = *to ? NULL : setting(vars, name);

	if (value)
		*to = strdup(value);
}

static int settle_access(const struct shellvars *vars, struct fault *f)
{
	const char *id = globals.name_given ? NULL :
					      setting(vars, "RBDSHARE_ID");
	char *name;

	default_text(vars, "RBDSHARE_CONF", &globals.conf);
	default_text(vars, "RBDSHARE_KEYRING", &globals.keyring);
	if (!id)
		return 0;
	if (!strncmp(id, "client.", 7))
		return fault_set(
			f, -EINVAL,
			"RBDSHARE_ID is '%.60s'; it goes without 'client.'",
			id);
	if (asprintf(&name, "client.%s", id) < 0)
		return fault_set(f, -ENOMEM, "out of memory");
	globals.name = name;
	return 0;
}

/* NULL when the file is not there, or has none or several. */
static char *name_in_file(const struct cluster_args *args)
{
	struct clusterconf *doc;
	const char *name;
	char *text, *copy;
	size_t len;
	int ret;

	if (slurp_file(args->file, CLUSTERCONF_MAX_BYTES, &text, &len))
		return NULL;
	ret = clusterconf_parse(text, len, args->file, &doc, NULL);
	free(text);
	if (ret)
		return NULL;
	name = bootcluster_active(args->defaults, doc);
	copy = name ? strdup(name) : NULL;
	clusterconf_free(doc);
	return copy;
}

static int settle_cluster(const struct cluster_args *args,
			  const struct shellvars *vars, struct clusterplace *p,
			  struct fault *f)
{
	const char *name = args->cluster;
	struct fault why = { "" };
	char *boot = NULL;
	int ret = 0;

	if (!name)
		name = setting(vars, "RBDSHARE_CLUSTER");
	if (!name) {
		boot = name_in_file(args);
		name = boot;
	}
	if (!name)
		ret = fault_set(
			f, -ENOENT,
			"which cluster? Neither %s nor RBDSHARE_CLUSTER names one; use --cluster-name, or make the file with: rbdshare cluster add-node NAME --ip ADDRESS",
			args->file);
	else if (clusternode_check_cluster(name, &why))
		ret = fault_set(f, -EINVAL, "%s", why.text);
	else
		snprintf(p->cluster, sizeof(p->cluster), "%s", name);
	free(boot);
	return ret;
}

int clusterplace_find(const struct cluster_args *args, struct clusterplace *p,
		      struct fault *f)
{
	struct shellvars *vars = NULL;
	const char *pool;
	int ret = read_defaults(&vars, f);

	if (ret)
		return ret;
	memset(p, 0, sizeof(*p));
	ret = settle_cluster(args, vars, p, f);
	if (!ret)
		ret = settle_access(vars, f);
	if (!ret) {
		pool = globals.pool ?: setting(vars, "RBDSHARE_POOL");
		snprintf(p->pool, sizeof(p->pool), "%s", pool ?: POOL);
		ret = names_check("pool", p->pool, f);
	}
	shellvars_free(vars);
	return ret;
}
