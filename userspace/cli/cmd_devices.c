// SPDX-License-Identifier: GPL-2.0
/*
 * rbdshare devices: the mapped images of this host.
 */
#include <errno.h>
#include <getopt.h>
#include <json-c/json.h>
#include <libsmartcols.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/globals.h"
#include "cli/verbs.h"
#include "lib/holders.h"
#include "lib/jsonout.h"
#include "lib/krbd.h"
#include "lib/maperror.h"
#include "lib/mounts.h"
#include "lib/msg.h"
#include "lib/size.h"

static void usage(FILE *out)
{
	fprintf(out, "Usage: rbdshare devices [--json]\n\n"
		     "Lists the images that this host has mapped.\n");
}

/* Mount points of the device; the caller frees the list. */
static int mounts_of(unsigned int id, struct mountlist *list)
{
	struct blktree tree;
	int ret = blktree_read(id, &tree);

	memset(list, 0, sizeof(*list));
	if (ret)
		return ret;
	ret = mounts_on_tree(&tree, list);
	blktree_free(&tree);
	return ret;
}

static const char *extra(const struct krbd_device *dev, const char *name)
{
	size_t i;

	for (i = 0; i < dev->extra_n; i++)
		if (!strcmp(dev->extra[i].name, name))
			return dev->extra[i].value;
	return NULL;
}

/* "fenced" and the like go before how it is mapped. */
static void state_text(const struct krbd_device *dev, char *buf, size_t size)
{
	const char *state = extra(dev, "state"), *mode = extra(dev, "mode");

	if (state && *state && strcmp(state, "ok"))
		snprintf(buf, size, "%s", state);
	else
		snprintf(buf, size, "%s%s",
			 mode && !strcmp(mode, "shared") ? "shared, " : "",
			 dev->read_only ? "read-only" : "read-write");
}

static int print_table(const struct krbd_list *list)
{
	static const char *const head[] = { "ID",    "POOL",  "NAMESPACE",
					    "IMAGE", "SNAP",  "DEVICE",
					    "SIZE",  "STATE", "MOUNTED ON" };
	struct libscols_table *tb = scols_new_table();
	struct libscols_line *ln;
	struct mountlist mounts;
	char text[64];
	size_t i;
	int ret = tb ? 0 : -ENOMEM;

	for (i = 0; !ret && i < sizeof(head) / sizeof(*head); i++)
		if (!scols_table_new_column(tb, head[i], 0, 0))
			ret = -ENOMEM;
	for (i = 0; !ret && i < list->n; i++) {
		const struct krbd_device *d = &list->v[i];

		ln = scols_table_new_line(tb, NULL);
		if (!ln) {
			ret = -ENOMEM;
			break;
		}
		snprintf(text, sizeof(text), "%u", d->id);
		scols_line_set_data(ln, 0, text);
		scols_line_set_data(ln, 1, d->spec.pool);
		scols_line_set_data(ln, 2, *d->spec.ns ? d->spec.ns : "-");
		scols_line_set_data(ln, 3, d->spec.image);
		scols_line_set_data(ln, 4, *d->spec.snap ? d->spec.snap : "-");
		snprintf(text, sizeof(text), "/dev/rbd%u", d->id);
		scols_line_set_data(ln, 5, text);
		size_format(d->size, text, sizeof(text));
		scols_line_set_data(ln, 6, text);
		state_text(d, text, sizeof(text));
		scols_line_set_data(ln, 7, text);
		if (!mounts_of(d->id, &mounts) && mounts.n)
			scols_line_set_data(ln, 8, mounts.v[0].target);
		else
			scols_line_set_data(ln, 8, "-");
		mountlist_free(&mounts);
	}
	if (!ret && list->n)
		scols_print_table(tb);
	scols_unref_table(tb);
	return ret;
}

static void add_text(json_object *o, const char *name, const char *value)
{
	if (*value)
		json_object_object_add(o, name, json_object_new_string(value));
}

static json_object *device_json(const struct krbd_device *d)
{
	json_object *o = json_object_new_object();
	json_object *attrs = json_object_new_object();
	json_object *targets = json_object_new_array();
	struct mountlist mounts;
	char node[32];
	size_t i;

	snprintf(node, sizeof(node), "/dev/rbd%u", d->id);
	json_object_object_add(o, "id", json_object_new_int64(d->id));
	json_object_object_add(o, "device", json_object_new_string(node));
	json_object_object_add(o, "pool", json_object_new_string(d->spec.pool));
	json_object_object_add(o, "namespace",
			       json_object_new_string(d->spec.ns));
	json_object_object_add(o, "image",
			       json_object_new_string(d->spec.image));
	json_object_object_add(o, "snap", json_object_new_string(d->spec.snap));
	json_object_object_add(o, "size_bytes", json_object_new_int64(d->size));
	json_object_object_add(o, "major", json_object_new_int64(d->major));
	json_object_object_add(o, "minor", json_object_new_int64(d->minor));
	json_object_object_add(o, "read_only",
			       json_object_new_boolean(d->read_only));
	json_object_object_add(o, "pool_id", json_object_new_int64(d->pool_id));
	add_text(o, "image_id", d->image_id);
	add_text(o, "features", d->features);
	add_text(o, "cluster_fsid", d->fsid);
	add_text(o, "client_id", d->client_id);
	add_text(o, "client_addr", d->client_addr);
	add_text(o, "config_info", d->config_info);
	if (!mounts_of(d->id, &mounts))
		for (i = 0; i < mounts.n; i++)
			json_object_array_add(
				targets,
				json_object_new_string(mounts.v[i].target));
	mountlist_free(&mounts);
	json_object_object_add(o, "mounted_on", targets);
	for (i = 0; i < d->extra_n; i++)
		json_object_object_add(
			attrs, d->extra[i].name,
			json_object_new_string(d->extra[i].value));
	json_object_object_add(o, "driver_attributes", attrs);
	return o;
}

static void print_json(const struct krbd_list *list)
{
	json_object *root = jsonout_new();
	json_object *devices = json_object_new_array();
	size_t i;

	for (i = 0; i < list->n; i++)
		json_object_array_add(devices, device_json(&list->v[i]));
	json_object_object_add(root, "devices", devices);
	jsonout_print(root);
}

int cmd_devices(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct krbd_list list;
	struct fault f;
	int c, ret;

	optind = 0;
	while ((c = getopt_long(argc, argv, "h", longs, NULL)) != -1) {
		if (c != 'h')
			return 1;
		usage(stdout);
		return 0;
	}
	if (optind < argc) {
		msg_error("'devices' takes no argument '%s'", argv[optind]);
		return 1;
	}
	ret = krbd_list(&list, &f);
	if (ret) {
		msg_error("%s", f.text);
		return maperror_exit(ret);
	}
	if (globals.json)
		print_json(&list);
	else
		ret = print_table(&list);
	krbd_list_free(&list);
	return maperror_exit(ret);
}
