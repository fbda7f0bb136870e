/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Options every verb of rbdshare knows. main.c takes them out of the command
 * line, before or after the verb, and fills this before the verb runs.
 */
#ifndef RBDSHARE_CLI_GLOBALS_H
#define RBDSHARE_CLI_GLOBALS_H

#include <stdbool.h>

/**
 * struct rbdshare_globals - the options; strings point into argv
 * @conf: path of ceph.conf, or NULL
 * @cluster: cluster name, or NULL
 * @name: "client.X"; never NULL, "client.admin" by default
 * @keyring: path of the keyring, or NULL
 * @mon_host: monitors, or NULL
 * @pool: pool of -p, or NULL
 * @namespace: namespace of --namespace, or NULL
 * @timeout_s: seconds to wait for the cluster, 10 by default, never 0
 * @name_given, @timeout_given: the command line has it
 */
struct rbdshare_globals {
	const char *conf;
	const char *cluster;
	const char *name;
	const char *keyring;
	const char *mon_host;
	const char *pool;
	const char *namespace;
	bool json;
	bool dry_run;
	bool no_progress;
	bool progress_json;
	bool quiet;
	bool name_given;
	bool timeout_given;
	unsigned int timeout_s;
};

extern struct rbdshare_globals globals;

#endif
