// SPDX-License-Identifier: GPL-2.0
/*
 * rbdshare devices: the mapped images of this host.
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
#include "lib/mounts.h"
#include "lib/msg.h"
#include "lib/size.h"
#include "lib/table.h"

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
	struct table *t = table_new(
		"ID> POOL NAMESPACE IMAGE SNAP DEVICE SIZE> STATE MOUNTED_ON");
	char id[16], node[32], size[16], state[64];
	const struct krbd_device *d;
	struct mountlist mounts;
	size_t i;

	for (i = 0; i < list->n; i++) {
		d = &list->v[i];
		snprintf(id, sizeof(id), "%u", d->id);
		snprintf(node, sizeof(node), "/dev/rbd%u", d->id);
		size_format(d->size, size, sizeof(size));
		state_text(d, state, sizeof(state));
		mounts_on_device(d->id, &mounts);
		table_row(t, id, d->spec.pool, *d->spec.ns ? d->spec.ns : "-",
			  d->spec.image, *d->spec.snap ? d->spec.snap : "-",
			  node, size, state,
			  mounts.n ? mounts.v[0].target : "-");
		mountlist_free(&mounts);
	}
	return table_print(t, stdout);
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
	if (!mounts_on_device(d->id, &mounts))
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
	struct krbd_list list;
	struct fault f;
	int ret;

	if (verb_none("devices", argc, argv))
		return EXITCODE_USAGE;
	if (optind < argc)
		return verb_usage("devices",
				  "it takes no name, such as '%.40s'",
				  argv[optind]);
	ret = krbd_list(&list, &f);
	if (ret) {
		msg_error("%s", f.text);
		return exitcode_of(ret);
	}
	if (globals.json)
		print_json(&list);
	else
		ret = print_table(&list);
	krbd_list_free(&list);
	return exitcode_of(ret);
}
