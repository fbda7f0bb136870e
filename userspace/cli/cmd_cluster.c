// SPDX-License-Identifier: GPL-2.0
/* rbdshare cluster: finds the sub-verb and reads its options. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/clusterargs.h"
#include "cli/verbs.h"
#include "lib/exitcode.h"
#include "lib/msg.h"
#include "lib/o2cbdefaults.h"

#define CLUSTER_CONF "/etc/ocfs2/cluster.conf"

/**
 * struct sub - one sub-verb
 * @options: letters of the options it takes
 * @min, @max: how many words follow
 * @usage: for messages
 */
struct sub {
	const char *name;
	int (*run)(const struct cluster_args *args);
	const char *options;
	int min;
	int max;
	const char *usage;
};

static const struct sub subs[] = {
	{ "check", cluster_check, "fdcHNO", 0, 0,
	  "check [--cluster-name C] [--hostname H] [--network | --no-network]" },
	{ "show", cluster_show, "fdcH", 0, 0,
	  "show [--file F] [--defaults F] [--cluster-name C] [--hostname H]" },
	{ "format", cluster_format, "f", 0, 0, "format [--file F]" },
	{ "add-node", cluster_add_node, "fdciPu", 1, 1,
	  "add-node NAME --ip ADDRESS [--port 7777] [--number N]" },
	{ "remove-node", cluster_remove_node, "fdc", 1, 1,
	  "remove-node NAME [--cluster-name C] [--file F]" },
	{ "timeouts", cluster_timeouts, "fdcDIKRE", 1, 1,
	  "timeouts show | timeouts set [--dead-after 120s] [--enable] [OPTIONS]" },
};

static const struct option long_options[] = {
	{ "file", required_argument, NULL, 'f' },
	{ "defaults", required_argument, NULL, 'd' },
	{ "cluster-name", required_argument, NULL, 'c' },
	{ "hostname", required_argument, NULL, 'H' },
	{ "network", no_argument, NULL, 'N' },
	{ "no-network", no_argument, NULL, 'O' },
	{ "ip", required_argument, NULL, 'i' },
	{ "port", required_argument, NULL, 'P' },
	{ "number", required_argument, NULL, 'u' },
	{ "dead-after", required_argument, NULL, 'D' },
	{ "network-idle", required_argument, NULL, 'I' },
	{ "keepalive", required_argument, NULL, 'K' },
	{ "reconnect", required_argument, NULL, 'R' },
	{ "enable", no_argument, NULL, 'E' },
	{ NULL, 0, NULL, 0 },
};

static int usage(const struct sub *s)
{
	msg_error("usage: rbdshare cluster %s", s->usage);
	return EXITCODE_USAGE;
}

static const char *option_name(int letter)
{
	const struct option *o;

	for (o = long_options; o->name; o++)
		if (o->val == letter)
			break;
	return o->name;
}

static void store(struct cluster_args *a, int letter, const char *value)
{
	switch (letter) {
	case 'f':
		a->file = value;
		break;
	case 'd':
		a->defaults = value;
		break;
	case 'c':
		a->cluster = value;
		break;
	case 'H':
		a->hostname = value;
		break;
	case 'N':
		a->network = 1;
		break;
	case 'O':
		a->network = 0;
		break;
	case 'i':
		a->ip = value;
		break;
	case 'P':
		a->port = value;
		break;
	case 'u':
		a->number = value;
		break;
	case 'D':
		a->dead_after = value;
		break;
	case 'I':
		a->idle = value;
		break;
	case 'K':
		a->keepalive = value;
		break;
	case 'R':
		a->reconnect = value;
		break;
	case 'E':
		a->enable = true;
		break;
	}
}

/* The sub-verb is the first word that is no option; 0 when unknown. */
static const struct sub *find_sub(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(subs) / sizeof(subs[0]); i++)
		if (!strcmp(subs[i].name, name))
			return &subs[i];
	msg_error(
		"there is no 'cluster %.40s'; use check, show, format, add-node, remove-node or timeouts",
		name);
	return NULL;
}

/* Reads all options; letters that were used are collected in used. */
static int read_options(int argc, char **argv, struct cluster_args *a,
			char *used)
{
	int c;

	optind = 0;
	opterr = 0;
	while ((c = getopt_long(argc, argv, ":", long_options, NULL)) != -1) {
		if (c == ':') {
			msg_error("option '%s' needs a value",
				  argv[optind - 1]);
			return EXITCODE_USAGE;
		}
		if (c == '?') {
			msg_error(
				"'cluster' has no option '%.40s'; see: man rbdshare-cluster",
				argv[optind - 1]);
			return EXITCODE_USAGE;
		}
		if (!strchr(used, c))
			used[strlen(used)] = c;
		store(a, c, optarg);
	}
	a->words = argv + optind;
	a->nwords = argc - optind;
	return 0;
}

int cmd_cluster(int argc, char **argv)
{
	char used[sizeof(long_options) / sizeof(long_options[0]) + 1] = "";
	const char *env = getenv("RBDSHARE_CLUSTER_CONF"), *u;
	struct cluster_args a = {
		.file = env && *env ? env : CLUSTER_CONF,
		.defaults = o2cb_defaults_path(),
		.network = -1,
	};
	const struct sub *s;

	if (read_options(argc, argv, &a, used))
		return EXITCODE_USAGE;
	if (!a.nwords) {
		msg_error(
			"say what to do: cluster check, show, format, add-node, remove-node or timeouts");
		return EXITCODE_USAGE;
	}
	s = find_sub(a.words[0]);
	if (!s)
		return EXITCODE_USAGE;
	a.words++;
	a.nwords--;
	for (u = used; *u; u++) {
		if (strchr(s->options, *u))
			continue;
		msg_error(
			"'cluster %s' has no option '--%s'; usage: rbdshare cluster %s",
			s->name, option_name(*u), s->usage);
		return EXITCODE_USAGE;
	}
	if (a.nwords < s->min || a.nwords > s->max)
		return usage(s);
	return s->run(&a);
}
