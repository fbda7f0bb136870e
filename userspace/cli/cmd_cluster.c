// SPDX-License-Identifier: GPL-2.0
/* rbdshare cluster: finds the sub-verb and reads its options. */
#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/clusterargs.h"
#include "cli/verbs.h"
#include "lib/exitcode.h"
#include "lib/msg.h"
#include "lib/nearest.h"
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
	{ "init", cluster_init, "fdcDSFz", 0, 0,
	  "init [--pool P] [--dead-after 10s] [--slow-after 45s] [--fast] [--size N]" },
	{ "set", cluster_set, "DSF", 0, 0,
	  "set [--dead-after 10s | --fast] [--slow-after 45s]" },
	{ "reload", cluster_reload, "", 0, 0, "reload" },
	{ "keys", cluster_keys, "fdcGoy", 1, 1,
	  "keys CLIENT [--image-pool P]... [--keyring-out F] [--yes]" },
	{ "online", cluster_online, "", 0, 0, "online" },
	{ "offline", cluster_offline, "", 0, 0, "offline" },
	{ "status", cluster_status, "s", 0, 0, "status [-s | --json]" },
	{ "watch", cluster_watch, "", 0, 0, "watch [--json]" },
	{ "wait", cluster_wait, "A", 0, 0,
	  "wait [--state active] [--timeout 60]" },
	{ "events", cluster_events, "fdcW", 0, 0,
	  "events [--follow] [--json]" },
	{ "history", cluster_history, "fdc", 0, 1, "history [NODE] [--json]" },
	{ "postmortem", cluster_postmortem, "fdcL", 1, 1,
	  "postmortem NODE [--life INCARNATION] [--json]" },
	{ "join", cluster_join, "", 0, 0, "join" },
	{ "leave", cluster_leave, "", 0, 0, "leave" },
	{ "fence", cluster_fence, "fdcy", 1, 1, "fence NODE [--yes]" },
	{ "confirm", cluster_confirm, "fdcy", 1, 1, "confirm NODE [--yes]" },
	{ "unfence", cluster_unfence, "fdcy", 1, 1, "unfence NODE [--yes]" },
	{ "metrics", cluster_metrics, "T", 0, 0, "metrics [--textfile PATH]" },
};

#define SUBS (sizeof(subs) / sizeof(subs[0]))

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
	{ "slow-after", required_argument, NULL, 'S' },
	{ "network-idle", required_argument, NULL, 'I' },
	{ "keepalive", required_argument, NULL, 'K' },
	{ "reconnect", required_argument, NULL, 'R' },
	{ "enable", no_argument, NULL, 'E' },
	{ "fast", no_argument, NULL, 'F' },
	{ "size", required_argument, NULL, 'z' },
	{ "short", no_argument, NULL, 's' },
	{ "follow", no_argument, NULL, 'W' },
	{ "yes", no_argument, NULL, 'y' },
	{ "state", required_argument, NULL, 'A' },
	{ "image-pool", required_argument, NULL, 'G' },
	{ "keyring-out", required_argument, NULL, 'o' },
	{ "textfile", required_argument, NULL, 'T' },
	{ "life", required_argument, NULL, 'L' },
	{ NULL, 0, NULL, 0 },
};

/* Where the value of an option goes; those that are not here are special. */
static const struct place {
	int letter;
	size_t text;
	size_t flag;
} places[] = {
	{ 'f', offsetof(struct cluster_args, file), 0 },
	{ 'd', offsetof(struct cluster_args, defaults), 0 },
	{ 'c', offsetof(struct cluster_args, cluster), 0 },
	{ 'H', offsetof(struct cluster_args, hostname), 0 },
	{ 'i', offsetof(struct cluster_args, ip), 0 },
	{ 'P', offsetof(struct cluster_args, port), 0 },
	{ 'u', offsetof(struct cluster_args, number), 0 },
	{ 'D', offsetof(struct cluster_args, dead_after), 0 },
	{ 'S', offsetof(struct cluster_args, slow_after), 0 },
	{ 'I', offsetof(struct cluster_args, idle), 0 },
	{ 'K', offsetof(struct cluster_args, keepalive), 0 },
	{ 'R', offsetof(struct cluster_args, reconnect), 0 },
	{ 'z', offsetof(struct cluster_args, size), 0 },
	{ 'A', offsetof(struct cluster_args, state), 0 },
	{ 'o', offsetof(struct cluster_args, keyring_out), 0 },
	{ 'T', offsetof(struct cluster_args, textfile), 0 },
	{ 'L', offsetof(struct cluster_args, life), 0 },
	{ 'E', 0, offsetof(struct cluster_args, enable) },
	{ 'F', 0, offsetof(struct cluster_args, fast) },
	{ 's', 0, offsetof(struct cluster_args, brief) },
	{ 'W', 0, offsetof(struct cluster_args, follow) },
	{ 'y', 0, offsetof(struct cluster_args, yes) },
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
	size_t i;

	if (letter == 'N' || letter == 'O')
		a->network = letter == 'N';
	if (letter == 'G' && a->n_image_pools < CLUSTER_IMAGE_POOLS)
		a->image_pools[a->n_image_pools++] = value;
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (places[i].letter != letter)
			continue;
		if (places[i].flag)
			*(bool *)((char *)a + places[i].flag) = true;
		else
			*(const char **)((char *)a + places[i].text) = value;
	}
}

/* "check, show or ..." */
static const char *sub_names(void)
{
	static char text[256];
	size_t i, n = 0;

	for (i = 0; i < SUBS; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s",
				      !i	    ? "" :
				      i == SUBS - 1 ? " or " :
						      ", ",
				      subs[i].name);
	return text;
}

static const struct sub *find_sub(const char *name)
{
	const char *words[SUBS], *near;
	size_t i;

	for (i = 0; i < SUBS; i++) {
		if (!strcmp(subs[i].name, name))
			return &subs[i];
		words[i] = subs[i].name;
	}
	near = nearest_word(name, words, SUBS);
	if (near)
		msg_error("there is no 'cluster %.40s'; did you mean '%s'?",
			  name, near);
	else
		msg_error("there is no 'cluster %.40s'; use %s", name,
			  sub_names());
	return NULL;
}

/* Reads all options; letters that were used are collected in used. */
static int read_options(int argc, char **argv, struct cluster_args *a,
			char *used)
{
	int c;

	optind = 0;
	opterr = 0;
	while ((c = getopt_long(argc, argv, ":s", long_options, NULL)) != -1) {
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
		msg_error("say what to do: cluster %s", sub_names());
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
