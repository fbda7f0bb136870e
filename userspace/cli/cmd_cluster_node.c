// SPDX-License-Identifier: GPL-2.0
/* rbdshare cluster add-node, remove-node, format: edits of cluster.conf. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/clusterfiles.h"
#include "cli/globals.h"
#include "lib/clusterhost.h"
#include "lib/clusternode.h"
#include "lib/exitcode.h"
#include "lib/msg.h"

/* An edit under way; edit_end() frees it. */
struct edit {
	struct clusterconf *doc;
	char *before;
	char *cluster;
	int lock;
};

static void edit_end(struct edit *e)
{
	clusterconf_free(e->doc);
	free(e->before);
	free(e->cluster);
	if (e->lock >= 0)
		close(e->lock);
}

/* With create an absent file is an empty one. */
static int edit_begin(const struct cluster_args *args, bool create,
		      struct edit *e)
{
	int ret = clusterfiles_conf_edit(args->file, &e->doc, &e->before,
					 &e->lock);

	if (ret == -ENOENT && create) {
		e->doc = clusterconf_new();
		ret = e->doc ? 0 : -ENOMEM;
	} else if (ret == -ENOENT) {
		clusterfiles_absent(args->file);
	}
	if (ret)
		e->doc = NULL;
	return ret;
}

static int edit_save(const struct cluster_args *args, struct edit *e)
{
	char *after;
	size_t len;
	int ret = clusterconf_format(e->doc, &after, &len);

	if (ret) {
		msg_error("cannot write %s: %s", args->file, strerror(-ret));
		return ret;
	}
	ret = clusterfiles_save(args->file, e->before, after, len);
	free(after);
	return ret;
}

static int explain(int ret, const struct fault *f)
{
	if (ret)
		msg_error("%s", *f->text ? f->text : strerror(-ret));
	return ret;
}

/* Exit code of a number given as text; 0 and the value when it is one. */
static int read_numbers(const struct cluster_args *args,
			struct clusternode *node)
{
	struct fault f = { "" };

	if (args->port && explain(clusternode_check_port(args->port, &f), &f))
		return EINVAL;
	if (args->number &&
	    explain(clusternode_check_number(args->number, &f), &f))
		return EINVAL;
	node->port = args->port ? atoi(args->port) : CLUSTERNODE_PORT;
	node->number = args->number ? atoi(args->number) : -1;
	return 0;
}

static void tell_others(const struct cluster_args *args, const char *cluster)
{
	msg_info(
		"copy %s to every node of cluster '%s': all must have the same file; where rbdshared runs, then: rbdshare cluster reload",
		args->file, cluster);
}

int cluster_add_node(const struct cluster_args *args)
{
	struct clusternode node = { .name = args->words[0], .ip = args->ip };
	struct edit e = { .lock = -1 };
	struct fault f = { "" };
	int ret;

	if (!args->ip) {
		msg_error("say the node's address with --ip ADDRESS");
		return EXITCODE_USAGE;
	}
	ret = read_numbers(args, &node);
	if (ret)
		return ret;
	ret = edit_begin(args, true, &e);
	if (!ret) {
		e.cluster = clusterfiles_choose(args, e.doc);
		ret = e.cluster ? 0 : -EINVAL;
	}
	if (!ret)
		ret = explain(clusternode_add(e.doc, e.cluster, &node, &f), &f);
	if (!ret)
		ret = edit_save(args, &e);
	if (ret > 0) {
		msg_info("added node '%s' as number %d to cluster '%s'",
			 node.name, node.number, e.cluster);
		tell_others(args, e.cluster);
		if (clusterhost_online(e.cluster))
			msg_info(
				"the cluster is online here; make it known with: o2cb register-cluster %s (on every node)",
				e.cluster);
	}
	edit_end(&e);
	return exitcode_of(ret);
}

int cluster_remove_node(const struct cluster_args *args)
{
	struct edit e = { .lock = -1 };
	struct fault f = { "" };
	int ret = edit_begin(args, false, &e);

	if (!ret) {
		e.cluster = clusterfiles_choose(args, e.doc);
		ret = e.cluster ? 0 : -EINVAL;
	}
	if (!ret)
		ret = explain(clusternode_remove(e.doc, e.cluster,
						 args->words[0], &f),
			      &f);
	if (!ret)
		ret = edit_save(args, &e);
	if (ret > 0) {
		msg_info("removed node '%s' from cluster '%s'", args->words[0],
			 e.cluster);
		tell_others(args, e.cluster);
		if (clusterhost_online(e.cluster))
			msg_info(
				"the cluster is online here and keeps the node until it goes offline and online");
	}
	edit_end(&e);
	return exitcode_of(ret);
}

static int recount_all(struct clusterconf *doc)
{
	const char *name;
	ssize_t h = -1;
	int ret = 0;

	while (!ret && (h = clusterconf_stanza(doc, h + 1, "cluster")) >= 0) {
		name = clusterconf_value(doc, h, "name");
		if (name)
			ret = clusternode_recount(doc, name);
	}
	return ret;
}

int cluster_format(const struct cluster_args *args)
{
	struct edit e = { .lock = -1 };
	struct fault f = { "" };
	int ret = edit_begin(args, false, &e);

	if (!ret)
		ret = explain(recount_all(e.doc), &f);
	if (!ret)
		ret = edit_save(args, &e);
	if (ret > 0)
		msg_info(
			"%s is now in the form ocfs2-tools want; comments and order are kept",
			args->file);
	edit_end(&e);
	return exitcode_of(ret);
}
