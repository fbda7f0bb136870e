// SPDX-License-Identifier: GPL-2.0
#include "lib/bootcluster.h"

#include <stdlib.h>
#include <string.h>

#include "lib/clusterconf.h"
#include "lib/clusterlint.h"
#include "lib/clusternode.h"
#include "lib/shellvars.h"
#include "lib/slurp.h"

char *bootcluster_set(const char *defaults)
{
	struct shellvars *vars;
	const char *name;
	char *text, *copy = NULL;
	size_t len;

	if (slurp_file(defaults, SHELLVARS_MAX_BYTES, &text, &len))
		return NULL;
	if (!shellvars_parse(text, len, defaults, &vars, NULL)) {
		name = shellvars_get(vars, "O2CB_BOOTCLUSTER");
		if (name && *name)
			copy = strdup(name);
		shellvars_free(vars);
	}
	free(text);
	return copy;
}

static char *first_of_conf(const char *conf)
{
	struct clusterconf *doc;
	const char *name;
	char *text, *copy = NULL;
	ssize_t h = -1;
	size_t len;

	if (slurp_file(conf, CLUSTERCONF_MAX_BYTES, &text, &len))
		return NULL;
	if (!clusterconf_parse(text, len, conf, &doc, NULL)) {
		while (!copy &&
		       (h = clusterconf_stanza(doc, h + 1, "cluster")) >= 0) {
			name = clusterconf_value(doc, h, "name");
			if (name && !clusternode_check_cluster(name, NULL))
				copy = strdup(name);
		}
		clusterconf_free(doc);
	}
	free(text);
	return copy;
}

char *bootcluster_name(const char *defaults, const char *conf)
{
	char *name = bootcluster_set(defaults);

	if (name && !clusternode_check_cluster(name, NULL))
		return name;
	free(name);
	return first_of_conf(conf);
}

const char *bootcluster_active(const char *defaults,
			       const struct clusterconf *doc)
{
	char *boot = bootcluster_set(defaults);
	const char *name = clusterlint_active(doc, boot);

	free(boot);
	return name && !clusternode_check_cluster(name, NULL) ? name : NULL;
}
