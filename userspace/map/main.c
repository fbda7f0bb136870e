// SPDX-License-Identifier: GPL-2.0
/*
 * rbdmap: maps the images of /etc/rbdmap at boot and unmaps them at shutdown.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/exitcode.h"
#include "lib/msg.h"
#include "map/settings.h"
#include "map/verbs.h"

struct mapsettings settings;

static int verb_restart(const struct verb_options *o)
{
	int stop = verb_stop(o), start = verb_start(o);

	return start ? start : stop;
}

static const struct verb {
	const char *name;
	int (*run)(const struct verb_options *o);
	bool specs;
	bool root;
	const char *help;
} verbs[] = {
	{ "start", verb_start, true, true,
	  "map the images of the map file, mount what fstab has on them" },
	{ "stop", verb_stop, true, true,
	  "unmount and unmap what start mapped" },
	{ "restart", verb_restart, true, true, "stop, then start" },
	{ "reload", verb_reload, false, true,
	  "map what is new in the file; --prune unmaps what was taken out" },
	{ "status", verb_status, true, false,
	  "show the images; exit code 0 all mapped, 3 none, 150 some" },
	{ "check", verb_check, true, false,
	  "look for errors in the map file, keyrings and fstab" },
	{ "map", verb_start, true, true, "same as start" },
	{ "unmap", verb_unmap, true, true,
	  "unmount and unmap what the file lists, whoever mapped it" },
	{ "unmap-all", verb_unmap_all, false, true,
	  "unmount and unmap every rbd device of this host" },
};

static void usage(FILE *out)
{
	size_t i;

	fprintf(out,
		"Usage: rbdmap VERB [OPTIONS] [[POOL/[NAMESPACE/]]IMAGE[@SNAP]...]\n\n");
	for (i = 0; i < sizeof(verbs) / sizeof(*verbs); i++)
		fprintf(out, "  %-10s %s\n", verbs[i].name, verbs[i].help);
	fprintf(out,
		"\n"
		"  --no-mount   start: map only\n"
		"  --prune      reload: unmap what is not in the file any more\n"
		"  --json       status: print JSON\n"
		"  -v, --verbose  print the table also when all went well\n"
		"  -q, --quiet  errors and warnings only\n"
		"  -h, --help   --version\n"
		"\nThe map file is $RBDMAPFILE, /etc/rbdmap or /etc/ceph/rbdmap; see rbdmap(5).\n");
}

static const struct verb *find_verb(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(verbs) / sizeof(*verbs); i++)
		if (!strcmp(verbs[i].name, name))
			return &verbs[i];
	return NULL;
}

/* Options into *o; 0 to go on, else exit code + 1. */
static int parse(int argc, char **argv, struct verb_options *o)
{
	static const struct option longs[] = {
		{ "no-mount", no_argument, NULL, 'M' },
		{ "prune", no_argument, NULL, 'P' },
		{ "json", no_argument, NULL, 'J' },
		{ "verbose", no_argument, NULL, 'v' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "vqh", longs, NULL)) != -1) {
		switch (c) {
		case 'M':
			o->no_mount = true;
			break;
		case 'P':
			o->prune = true;
			break;
		case 'J':
			o->json = true;
			break;
		case 'v':
			o->verbose = true;
			break;
		case 'q':
			msg_set_quiet(true);
			break;
		case 'h':
			usage(stdout);
			return 1;
		case 'V':
			printf("rbdmap (rbdshare) %s\n", RBDSHARE_VERSION);
			return 1;
		default:
			return 2;
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct verb_options o = { 0 };
	const struct verb *v;
	int ret;

	msg_set_program("rbdmap");
	ret = parse(argc, argv, &o);
	if (ret)
		return ret - 1;
	if (optind == argc) {
		usage(stderr);
		return 1;
	}
	v = find_verb(argv[optind]);
	if (!v) {
		msg_error("unknown verb '%s'; 'rbdmap --help' lists them",
			  argv[optind]);
		return 1;
	}
	o.specs = argv + optind + 1;
	o.nspecs = argc - optind - 1;
	if (o.nspecs && !v->specs) {
		msg_error("'%s' takes no image names", v->name);
		return 1;
	}
	if (v->root && geteuid()) {
		msg_error("'%s' changes devices and mounts; run it as root",
			  v->name);
		return exitcode_of(-EPERM);
	}
	settings = mapsettings_default;
	mapsettings_environment(&settings);
	return v->run(&o);
}
