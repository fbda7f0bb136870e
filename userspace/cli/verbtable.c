// SPDX-License-Identifier: GPL-2.0
#include "cli/verbtable.h"

#include <stdlib.h>
#include <string.h>

#include "cli/verbs.h"

#define END                      \
	{                        \
		NULL, NULL, NULL \
	}

const struct verb_option global_options[] = {
	{ "-c, --conf", "FILE", "configuration (default /etc/ceph/ceph.conf)" },
	{ "--cluster", "NAME", "cluster name (default ceph)" },
	{ "--id", "ID", "user, without 'client.' (default admin)" },
	{ "-n, --name", "client.ID", "user, with 'client.'" },
	{ "-k, --keyring", "FILE", "where the user's key is" },
	{ "-m, --mon-host", "ADDRS", "monitors, instead of the configured" },
	{ "-p, --pool", "POOL", "pool of names without one (default rbd)" },
	{ "--namespace", "NS", "RADOS namespace" },
	{ "--json", NULL, "output for programs" },
	{ "--dry-run", NULL, "check everything, change nothing" },
	{ "--timeout", "SECONDS", "wait for the cluster (default 10)" },
	{ "--no-progress", NULL, "no progress bar" },
	{ "--progress-json", NULL, "progress as JSON lines on stderr" },
	{ "-q, --quiet", NULL, "only errors and results" },
	{ "-h, --help", NULL, "help, of the verb if there is one" },
	{ "--version", NULL, "version" },
	END,
};

static const struct verb_option pool_options[] = {
	{ "--pg-num", "N", "create: placement groups, a power of two" },
	{ "--client", "NAME",
	  "create: also a user with rights on this pool only" },
	{ "--keyring-out", "FILE",
	  "create: where to write the user's keyring" },
	{ "--yes", NULL, "rm: no question" },
	END,
};

static const struct verb_option create_options[] = {
	{ "-s, --size", "SIZE", "10G, 512M, 1.5T; a plain number is MiB" },
	{ "--object-size", "SIZE", "power of two, 4K to 32M (default 4M)" },
	{ "--exclusive", NULL, "for one client at a time (exclusive-lock)" },
	{ "--image-feature", "NAME", "one more feature; may be repeated" },
	END,
};

static const struct verb_option ls_options[] = {
	{ "-l, --long", NULL, "size, mode, users and snapshots too" },
	END,
};

static const struct verb_option no_options[] = { END };

static const struct verb_option resize_options[] = {
	{ "-s, --size", "SIZE", "the new size" },
	{ "--shrink", NULL, "allow a smaller size; cuts data off" },
	{ "--force", NULL, "shrink although something is on it" },
	END,
};

static const struct verb_option rm_options[] = {
	{ "--yes", NULL, "no question when something is on it" },
	END,
};

static const struct verb_option snap_options[] = {
	{ "--yes", NULL, "rollback: no question" },
	END,
};

static const struct verb_option map_options[] = {
	{ "-o, --options", "LIST", "map options, a comma between" },
	{ "--read-only", NULL, "map read-only" },
	{ "--exclusive", NULL, "keep the exclusive lock; nobody else writes" },
	{ "--snap", "SNAP", "map this snapshot" },
	{ "--once", NULL, "nothing to do when it is mapped already" },
	END,
};

static const struct verb_option unmap_options[] = {
	{ "--force", NULL, "although it is open; waits for its I/O" },
	{ "--full-force", NULL, "fail its I/O; works with the cluster gone" },
	END,
};

static const struct verb_option cluster_options[] = {
	{ "--file", "FILE", "instead of /etc/ocfs2/cluster.conf" },
	{ "--defaults", "FILE", "instead of /etc/default/o2cb" },
	{ "--cluster-name", "NAME", "cluster, when the file has several" },
	{ "--hostname", "NAME", "check, show: as if this were the node" },
	{ "--network", NULL, "check: ask the other nodes' ports too" },
	{ "--no-network", NULL, "check: look at the files only" },
	{ "--ip", "ADDR", "add-node: address" },
	{ "--port", "N", "add-node: port (default 7777)" },
	{ "--number", "N", "add-node: node number" },
	{ "--dead-after", "TIME",
	  "init, timeouts set: a silent node is dead then" },
	{ "--network-idle", "TIME", "timeouts set: a silent link is cut then" },
	{ "--keepalive", "TIME", "timeouts set: between keepalives" },
	{ "--reconnect", "TIME", "timeouts set: before a new connection" },
	{ "--enable", NULL, "timeouts set: start o2cb at boot" },
	{ "--slow-after", "TIME",
	  "init: so is one that the network hears, then" },
	{ "--fast", NULL, "init: dead after 3 s" },
	{ "--size", "N", "init: copies that a new pool keeps" },
	{ "-s, --short", NULL, "status: one line, for monitoring" },
	{ "--follow", NULL, "events: go on with those to come" },
	{ "--state", "STATE", "wait: for this one (default active)" },
	{ "--yes", NULL, "fence, unfence, keys: no question" },
	{ "--image-pool", "POOL", "keys: with images; may be repeated" },
	{ "--keyring-out", "FILE", "keys: where to write the keyring" },
	{ "--textfile", "FILE", "metrics: into this file, at once" },
	END,
};

const struct verb verb_table[] = {
	{ "pool", cmd_pool, "create ls rm", "[POOL]",
	  "create, list and remove pools for images", pool_options },
	{ "create", cmd_create, NULL, "[POOL/]IMAGE --size SIZE",
	  "create an image that several nodes can use at once",
	  create_options },
	{ "ls", cmd_ls, NULL, "[POOL]", "list the images of a pool",
	  ls_options },
	{ "info", cmd_info, NULL, "[POOL/]IMAGE[@SNAP]",
	  "what an image is, who uses it, what is on it", no_options },
	{ "resize", cmd_resize, NULL, "[POOL/]IMAGE --size SIZE",
	  "grow or shrink an image", resize_options },
	{ "rm", cmd_rm, NULL, "[POOL/]IMAGE", "remove an image", rm_options },
	{ "snap", cmd_snap, "create ls rm rollback protect unprotect",
	  "[POOL/]IMAGE[@SNAP]", "snapshots of an image", snap_options },
	{ "map", cmd_map, NULL, "[POOL/]IMAGE[@SNAP]",
	  "map an image to a block device of this node", map_options },
	{ "unmap", cmd_unmap, NULL, "DEVICE | [POOL/]IMAGE[@SNAP]",
	  "take a mapping away", unmap_options },
	{ "devices", cmd_devices, NULL, "", "list the mappings of this node",
	  no_options },
	{ "cluster", cmd_cluster,
	  "init set reload keys online offline status watch wait events history postmortem join leave fence confirm unfence metrics check show format add-node remove-node timeouts",
	  "[NODE]", "set up, watch and repair the cluster of the nodes",
	  cluster_options },
	{ NULL, NULL, NULL, NULL, NULL, NULL },
};

const struct verb *verb_find(const char *name)
{
	const struct verb *v;

	for (v = verb_table; v->name; v++)
		if (!strcmp(v->name, name))
			return v;
	return NULL;
}

static void print_options(FILE *out, const struct verb_option *o)
{
	char left[64];

	for (; o->name; o++) {
		snprintf(left, sizeof(left), "%s%s%s", o->name,
			 o->arg ? " " : "", o->arg ? o->arg : "");
		fprintf(out, "  %-24s  %s\n", left, o->help);
	}
}

void verb_help_all(FILE *out)
{
	const struct verb *v;

	fputs("usage: rbdshare VERB ...\n\nverbs:\n", out);
	for (v = verb_table; v->name; v++)
		fprintf(out, "  %-10s%s\n", v->name, v->summary);
	fputs("\noptions of every verb:\n", out);
	print_options(out, global_options);
	fputs("\n'rbdshare help VERB' or 'man rbdshare-VERB' tell more.\n",
	      out);
}

void verb_help_one(FILE *out, const struct verb *v)
{
	char subs[256] = "";
	char *p;

	if (v->sub) {
		snprintf(subs, sizeof(subs), " %s", v->sub);
		for (p = subs + 1; *p; p++)
			if (*p == ' ')
				*p = '|';
	}
	fprintf(out, "usage: rbdshare %s%s%s%s [OPTIONS]\n\n%s\n", v->name,
		subs, *v->args ? " " : "", v->args, v->summary);
	if (v->options->name) {
		fputs("\noptions:\n", out);
		print_options(out, v->options);
	}
	fprintf(out,
		"\n'rbdshare help' lists the options of every verb; 'man rbdshare-%s' tells more.\n",
		v->name);
}

static void print_option_words(const struct verb_option *o)
{
	const char *p;

	for (; o->name; o++) {
		p = strstr(o->name, "--");
		if (p)
			printf("%s\n", p);
	}
}

void verb_words(const struct verb *v)
{
	char *copy, *word, *save = NULL;

	if (!v) {
		for (v = verb_table; v->name; v++)
			printf("%s\n", v->name);
		printf("help\n");
		return;
	}
	copy = v->sub ? strdup(v->sub) : NULL;
	for (word = copy ? strtok_r(copy, " ", &save) : NULL; word;
	     word = strtok_r(NULL, " ", &save))
		printf("%s\n", word);
	free(copy);
	print_option_words(v->options);
	print_option_words(global_options);
}
