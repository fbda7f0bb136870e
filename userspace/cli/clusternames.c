// SPDX-License-Identifier: GPL-2.0
#include "cli/clusternames.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/bootcluster.h"
#include "lib/clusternode.h"
#include "lib/nearest.h"
#include "lib/slurp.h"

#define BUFFERS 4

static void take(struct clusternames *names, const struct clusterconf *doc,
		 const char *cluster)
{
	const char *number, *name;
	unsigned long n;
	ssize_t h = -1;

	while ((h = clusternode_next(doc, (size_t)(h + 1), cluster)) >= 0) {
		number = clusterconf_value(doc, (size_t)h, "number");
		name = clusterconf_value(doc, (size_t)h, "name");
		if (!number || !name ||
		    clusternode_number(number, 0, CLUSTERNODE_MAX_NUMBER, &n) ||
		    clusternode_check_name(name, NULL))
			continue;
		names->known += !*names->name[n];
		snprintf(names->name[n], sizeof(names->name[n]), "%s", name);
	}
}

void clusternames_load(const struct cluster_args *args, const char *cluster,
		       struct clusternames *names)
{
	struct clusterconf *doc;
	char *text, *boot = NULL;
	size_t len;

	memset(names, 0, sizeof(*names));
	if (slurp_file(args->file, CLUSTERCONF_MAX_BYTES, &text, &len))
		return;
	if (!cluster)
		cluster = args->cluster;
	if (!cluster)
		boot = bootcluster_name(args->defaults, args->file);
	if (!clusterconf_parse(text, len, args->file, &doc, NULL)) {
		take(names, doc, cluster ? cluster : boot);
		clusterconf_free(doc);
	}
	free(boot);
	free(text);
}

const char *clusternames_of(const void *arg, int node)
{
	static char buffers[BUFFERS][24];
	static unsigned int next;
	const struct clusternames *names = arg;

	if (node >= 0 && node < CLUSTERNAMES_MAX && *names->name[node])
		return names->name[node];
	if (node < 0)
		return "?";
	next = (next + 1) % BUFFERS;
	snprintf(buffers[next], sizeof(buffers[next]), "node %d", node);
	return buffers[next];
}

int clusternames_find(const struct clusternames *names, const char *word,
		      const struct cluster_args *args, struct fault *f)
{
	const char *words[CLUSTERNAMES_MAX], *near;
	unsigned long number;
	size_t n = 0;
	int i;

	for (i = 0; i < CLUSTERNAMES_MAX; i++) {
		if (*names->name[i] && !strcasecmp(names->name[i], word))
			return i;
		if (*names->name[i])
			words[n++] = names->name[i];
	}
	if (!clusternode_number(word, 0, CLUSTERNODE_MAX_NUMBER, &number))
		return (int)number;
	near = strlen(word) < 64 ? nearest_word(word, words, n) : NULL;
	if (near)
		return fault_set(f, -ENOENT,
				 "%s has no node '%.64s'; did you mean '%s'?",
				 args->file, word, near);
	return fault_set(
		f, -ENOENT,
		"%s has no node '%.64s'; 'rbdshare cluster show' lists them, and a number will do as well",
		args->file, word);
}
