// SPDX-License-Identifier: GPL-2.0
/*
 * rbdshare map: map an image and print its device.
 */
#include <errno.h>
#include <getopt.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/globals.h"
#include "cli/verbargs.h"
#include "cli/verbs.h"
#include "lib/exitcode.h"
#include "lib/jsonout.h"
#include "lib/krbd.h"
#include "lib/mapopts.h"
#include "lib/mapreq.h"
#include "lib/msg.h"
#include "lib/probe.h"

#define UDEV_MS 15000

struct map_options {
	char *options;
	const char *snap;
	bool read_only;
	bool exclusive;
	bool once;
};

/* Return: 0 or the exit code. */
static int parse(int argc, char **argv, struct map_options *o)
{
	static const struct option longs[] = {
		{ "options", required_argument, NULL, 'o' },
		{ "read-only", no_argument, NULL, 'r' },
		{ "exclusive", no_argument, NULL, 'x' },
		{ "snap", required_argument, NULL, 's' },
		{ "once", no_argument, NULL, '1' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, ":o:", longs, NULL)) != -1) {
		switch (c) {
		case 'o':
			if (mapopts_append(&o->options, optarg, NULL))
				return ENOMEM;
			break;
		case 'r':
			o->read_only = true;
			break;
		case 'x':
			o->exclusive = true;
			break;
		case 's':
			o->snap = optarg;
			break;
		case '1':
			o->once = true;
			break;
		default:
			return verb_bad_option("map", c, argv);
		}
	}
	return verb_one("map", argc, "image");
}

/* The spec of the command line, with the global and own options applied. */
static int read_spec(const char *text, const struct map_options *o,
		     struct rbd_spec *spec)
{
	struct fault f;
	char *snap;
	int ret = rbd_spec_parse(text, globals.pool, globals.namespace, spec,
				 &f);

	if (ret) {
		msg_error("%s", f.text);
		return ret;
	}
	if (!o->snap || !strcmp(o->snap, spec->snap))
		return 0;
	snap = *spec->snap ? NULL : strdup(o->snap);
	if (!snap) {
		msg_error(
			"'%s' and --snap name different snapshots; leave one of them out",
			text);
		rbd_spec_free(spec);
		return -EINVAL;
	}
	free(spec->snap);
	spec->snap = snap;
	return 0;
}

static void print_json(const struct rbd_spec *spec, unsigned int id,
		       const struct probe *p)
{
	json_object *o = jsonout_new();
	char *text = rbd_spec_format(spec), node[32];

	snprintf(node, sizeof(node), "/dev/rbd%u", id);
	json_object_object_add(o, "image",
			       json_object_new_string(text ? text : ""));
	json_object_object_add(o, "device", json_object_new_string(node));
	if (*p->type)
		json_object_object_add(o, "type",
				       json_object_new_string(p->type));
	if (*p->label)
		json_object_object_add(o, "label",
				       json_object_new_string(p->label));
	if (*p->uuid)
		json_object_object_add(o, "uuid",
				       json_object_new_string(p->uuid));
	if (*p->table)
		json_object_object_add(o, "partition_table",
				       json_object_new_string(p->table));
	jsonout_print(o);
	free(text);
}

/* Device on stdout; what is on it, and what is odd, on stderr. */
static void report(const struct rbd_spec *spec, unsigned int id)
{
	char node[32], text[512];
	struct probe p;
	struct fault f;
	int ret;

	snprintf(node, sizeof(node), "/dev/rbd%u", id);
	ret = probe_device(node, &p, &f);
	if (globals.json) {
		print_json(spec, id, &p);
		return;
	}
	printf("%s\n", node);
	fflush(stdout);
	if (ret < 0) {
		msg_warn("%s", f.text);
		return;
	}
	probe_describe(&p, text, sizeof(text));
	msg_info("%s holds %s", node, text);
}

static void warn_if_mapped(const struct rbd_spec *spec)
{
	const struct krbd_device *dev;
	struct krbd_list list;

	if (krbd_list(&list, NULL))
		return;
	dev = krbd_find(&list, spec);
	if (dev)
		msg_warn(
			"image already mapped as /dev/rbd%u; this makes a second device (--once does not)",
			dev->id);
	krbd_list_free(&list);
}

static int already(const struct rbd_spec *spec)
{
	const struct krbd_device *dev;
	struct krbd_list list;
	int id = -1;

	if (krbd_list(&list, NULL))
		return -1;
	dev = krbd_find(&list, spec);
	if (dev)
		id = dev->id;
	krbd_list_free(&list);
	return id;
}

static int run(const struct mapreq *req, const struct map_options *o)
{
	struct mapresult res;
	char *line = NULL;
	struct fault f;
	int ret, id;

	if (globals.dry_run) {
		ret = mapreq_dry_run(req, &line, &f);
		if (ret)
			msg_error("%s", f.text);
		else
			printf("echo '%s' > /sys/bus/rbd/add_single_major\n",
			       line);
		free(line);
		return exitcode_of(ret);
	}
	id = o->once ? already(&req->spec) : -1;
	if (id >= 0) {
		report(&req->spec, id);
		return 0;
	}
	warn_if_mapped(&req->spec);
	ret = mapreq_run(req, &res, &f);
	if (ret) {
		msg_error("%s", f.text);
		msg_lines("kernel: ", res.kernel);
		free(res.kernel);
		return exitcode_of(ret);
	}
	if (res.links_missing)
		msg_warn(
			"udev did not finish in time; links in /dev/rbd may be missing (see 'udevadm settle')");
	report(&req->spec, res.id);
	return 0;
}

int cmd_map(int argc, char **argv)
{
	struct map_options o = { 0 };
	struct mapreq req = {
		.name = globals.name,
		.conf = globals.conf,
		.cluster = globals.cluster,
		.keyring = globals.keyring,
		.mon_host = globals.mon_host,
		.probe_ms = globals.timeout_s * 1000,
		.udev_ms = UDEV_MS,
	};
	int ret = parse(argc, argv, &o);

	if (ret) {
		free(o.options);
		return ret;
	}
	req.options = o.options;
	req.read_only = o.read_only;
	req.exclusive = o.exclusive;
	ret = read_spec(argv[optind], &o, &req.spec);
	if (ret) {
		ret = exitcode_of(ret);
	} else {
		ret = run(&req, &o);
		rbd_spec_free(&req.spec);
	}
	free(o.options);
	return ret;
}
