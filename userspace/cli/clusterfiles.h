/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Loading and saving of the two files "rbdshare cluster" works on. Unlike the
 * library these functions print what went wrong.
 */
#ifndef RBDSHARE_CLI_CLUSTERFILES_H
#define RBDSHARE_CLI_CLUSTERFILES_H

#include "cli/clusterargs.h"
#include "lib/clusterconf.h"
#include "lib/shellvars.h"

/**
 * clusterfiles_conf() - load cluster.conf
 * @text: the bytes, for the difference; may be NULL; the caller frees
 * @found: takes what is wrong with its form; may be NULL
 *
 * Return: 0 or a negative errno, printed except for -ENOENT.
 */
int clusterfiles_conf(const char *path, struct clusterconf **doc, char **text,
		      struct finding_list *found);

/**
 * clusterfiles_conf_edit() - load it to be written again
 * @lock: to be closed after saving; held also in a dry run; -1 on errors
 *
 * Broken lines are printed and make it fail with -EINVAL.
 */
int clusterfiles_conf_edit(const char *path, struct clusterconf **doc,
			   char **text, int *lock);

/* The same for the file of O2CB_ variables. */
int clusterfiles_defaults(const char *path, struct shellvars **vars,
			  char **text, struct finding_list *found);

/**
 * clusterfiles_save() - write a file, or show the difference in a dry run
 * @before: text that was loaded; NULL for a file that is new
 *
 * Return: 1 when it was written, 0 when nothing had to change or it was a dry
 * run, or a negative errno, printed.
 */
int clusterfiles_save(const char *path, const char *before, const char *after,
		      size_t len);

/* clusterfiles_absent() - say that a file is not there; exit code. */
int clusterfiles_absent(const char *path);

/* Prints findings, one per line, with the command below that mends it. */
void clusterfiles_print(const struct finding_list *found);

/**
 * clusterfiles_choose() - the cluster an edit is about
 * @doc: the file; may be empty
 *
 * --cluster-name, else the boot cluster or the only one of the file, else
 * (when the file has none) the boot cluster's name or "ocfs2".
 *
 * Return: a name the caller frees; NULL with a message when it is not clear.
 */
char *clusterfiles_choose(const struct cluster_args *args,
			  const struct clusterconf *doc);

#endif
