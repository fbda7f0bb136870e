/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The verbs of rbdshare: one function each, in cmd_<verb>.c.
 *
 * argv[0] is the verb itself, the rest its arguments. Returns the exit code of
 * the process: 0, the errno of the failure, or 1 for a usage error.
 */
#ifndef RBDSHARE_CLI_VERBS_H
#define RBDSHARE_CLI_VERBS_H

int cmd_pool(int argc, char **argv);
int cmd_create(int argc, char **argv);
int cmd_ls(int argc, char **argv);
int cmd_info(int argc, char **argv);
int cmd_resize(int argc, char **argv);
int cmd_rm(int argc, char **argv);
int cmd_snap(int argc, char **argv);
int cmd_map(int argc, char **argv);
int cmd_unmap(int argc, char **argv);
int cmd_devices(int argc, char **argv);
int cmd_cluster(int argc, char **argv);

#endif
