// SPDX-License-Identifier: GPL-2.0
#include "cli/clusterfiles.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/globals.h"
#include "lib/bootcluster.h"
#include "lib/clusterlint.h"
#include "lib/exitcode.h"
#include "lib/linediff.h"
#include "lib/msg.h"
#include "lib/replacefile.h"
#include "lib/slurp.h"

static void say_file(int err, const char *doing, const char *path)
{
	struct fault f;

	fault_file(&f, err, doing, path);
	msg_error("%s", f.text);
}

static int load(const char *path, size_t max, char **text, size_t *len)
{
	int ret = slurp_file(path, max, text, len);

	if (ret == -EFBIG)
		msg_error("%s is larger than %zu KiB; is this the right file?",
			  path, max / 1024);
	else if (ret && ret != -ENOENT)
		say_file(ret, "read", path);
	return ret;
}

/* After parsing: what failed is said, the bytes go to who wants them. */
static int keep(const char *path, int ret, char *bytes, char **text)
{
	if (ret)
		say_file(ret, "read", path);
	if (!ret && text)
		*text = bytes;
	else
		free(bytes);
	return ret;
}

int clusterfiles_conf(const char *path, struct clusterconf **doc, char **text,
		      struct finding_list *found)
{
	char *bytes;
	size_t len;
	int ret = load(path, CLUSTERCONF_MAX_BYTES, &bytes, &len);

	if (ret)
		return ret;
	return keep(path, clusterconf_parse(bytes, len, path, doc, found),
		    bytes, text);
}

int clusterfiles_defaults(const char *path, struct shellvars **vars,
			  char **text, struct finding_list *found)
{
	char *bytes;
	size_t len;
	int ret = load(path, SHELLVARS_MAX_BYTES, &bytes, &len);

	if (ret)
		return ret;
	return keep(path, shellvars_parse(bytes, len, path, vars, found), bytes,
		    text);
}

static int lock_file(const char *path, int *lock)
{
	struct fault f = { "" };

	*lock = -1;
	/* A dry run must not make the folder. */
	if (globals.dry_run)
		return 0;
	*lock = replacefile_lock(path, &f);
	if (*lock >= 0)
		return 0;
	msg_error("%s", *f.text ? f.text : strerror(-*lock));
	return *lock;
}

int clusterfiles_conf_edit(const char *path, struct clusterconf **doc,
			   char **text, int *lock)
{
	struct finding_list found = { 0 };
	int ret = lock_file(path, lock);

	*text = NULL;
	if (ret)
		return ret;
	ret = clusterfiles_conf(path, doc, text, &found);
	if (!ret && (*doc)->broken) {
		clusterfiles_print(&found);
		msg_error(
			"%s has lines that cannot be understood; correct them first",
			path);
		clusterconf_free(*doc);
		free(*text);
		*text = NULL;
		ret = -EINVAL;
	}
	finding_clear(&found);
	return ret;
}

int clusterfiles_save(const char *path, const char *before, const char *after,
		      size_t len)
{
	struct fault f = { "" };
	int ret;

	if (before && !strcmp(before, after)) {
		msg_info("%s: nothing to change", path);
		return 0;
	}
	if (globals.dry_run) {
		ret = linediff_print(stdout, path, before, after);
		if (ret)
			msg_error("out of memory");
		return ret;
	}
	ret = replacefile_write(path, after, len, &f);
	if (!ret)
		return 1;
	msg_error("%s", *f.text ? f.text : strerror(-ret));
	return ret;
}

int clusterfiles_absent(const char *path)
{
	msg_error(
		"%s does not exist; 'rbdshare cluster add-node NAME --ip ADDRESS' makes it",
		path);
	return exitcode_of(-ENOENT);
}

void clusterfiles_print(const struct finding_list *found)
{
	const struct finding *f;
	size_t i;

	for (i = 0; i < found->n; i++) {
		f = &found->v[i];
		if (f->file)
			printf("%s:", f->file);
		if (f->line)
			printf("%u:", f->line);
		if (f->line && f->column)
			printf("%u:", f->column);
		printf("%s%s: %s\n", f->file ? " " : "",
		       finding_severity_str(f->severity), f->text);
		if (f->fix)
			printf("    mend with: %s\n", f->fix);
	}
}

char *clusterfiles_choose(const struct cluster_args *args,
			  const struct clusterconf *doc)
{
	const char *name = args->cluster;
	char *boot = NULL, *copy;

	if (!name) {
		boot = bootcluster_set(args->defaults);
		name = clusterlint_active(doc, boot);
	}
	if (!name && clusterconf_stanza(doc, 0, "cluster") < 0)
		name = boot ? boot : "ocfs2";
	if (!name)
		msg_error(
			"%s has several clusters; say which one with --cluster-name",
			args->file);
	copy = name ? strdup(name) : NULL;
	if (name && !copy)
		msg_error("out of memory");
	free(boot);
	return copy;
}
