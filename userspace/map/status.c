// SPDX-License-Identifier: GPL-2.0
/*
 * rbdmap status: what the file wants and what is there. Exit codes as LSB has
 * them: 0 all mapped, 3 none, and 150 for something in between.
 */
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/exitcode.h"
#include "lib/jsonout.h"
#include "lib/krbd.h"
#include "lib/mounts.h"
#include "lib/msg.h"
#include "lib/table.h"
#include "map/select.h"
#include "map/state.h"

struct row {
	char *spec;
	char device[32];
	char *mounts;
	const char *state;
	bool mapped;
};

/* Mount points of the device, by ','; "" when there are none. */
static char *mounts_text(unsigned int id)
{
	struct mountlist list;
	char *out = NULL;
	size_t i, size = 0;
	FILE *m = open_memstream(&out, &size);

	if (!m)
		return NULL;
	mounts_on_device(id, &list);
	for (i = 0; i < list.n; i++)
		fprintf(m, "%s%s", i ? "," : "", list.v[i].target);
	mountlist_free(&list);
	if (fclose(m)) {
		free(out);
		return NULL;
	}
	return out;
}

static int fill_row(struct row *r, const struct mapfile_entry *e,
		    const struct krbd_list *list)
{
	const struct krbd_device *dev = krbd_find(list, &e->spec);

	r->spec = rbd_spec_format(&e->spec);
	r->mapped = !!dev;
	r->state = dev ? (state_ours(dev) ? "mapped" : "mapped by others") :
		   e->noauto ? "not mapped (noauto)" :
			       "not mapped";
	if (dev) {
		snprintf(r->device, sizeof(r->device), "/dev/rbd%u", dev->id);
		r->mounts = mounts_text(dev->id);
	} else {
		r->mounts = strdup("");
	}
	return r->spec && r->mounts ? 0 : -ENOMEM;
}

static void print_json(const struct mapfile *file, const struct row *rows,
		       size_t n)
{
	json_object *root = jsonout_new();
	json_object *images = json_object_new_array();
	json_object *o;
	size_t i;

	json_object_object_add(root, "file",
			       json_object_new_string(file->path));
	json_object_object_add(root, "bad_lines",
			       json_object_new_int((int)file->bad_n));
	for (i = 0; i < n; i++) {
		o = json_object_new_object();
		json_object_object_add(o, "image",
				       json_object_new_string(rows[i].spec));
		json_object_object_add(o, "mapped",
				       json_object_new_boolean(rows[i].mapped));
		if (rows[i].mapped)
			json_object_object_add(
				o, "device",
				json_object_new_string(rows[i].device));
		if (*rows[i].mounts)
			json_object_object_add(
				o, "mounted_on",
				json_object_new_string(rows[i].mounts));
		json_object_object_add(o, "state",
				       json_object_new_string(rows[i].state));
		json_object_array_add(images, o);
	}
	json_object_object_add(root, "images", images);
	jsonout_print(root);
}

static void print_table(const struct row *rows, size_t n)
{
	struct table *t = table_new("IMAGE DEVICE MOUNTED_ON STATE");
	size_t i;

	for (i = 0; i < n; i++)
		table_row(t, rows[i].spec,
			  *rows[i].device ? rows[i].device : "-",
			  *rows[i].mounts ? rows[i].mounts : "-",
			  rows[i].state);
	table_print(t, stdout);
}

static int show(const struct mapfile *file, const struct krbd_list *list,
		const struct verb_options *o)
{
	struct row *rows = calloc(file->n + 1, sizeof(*rows));
	size_t i, n = 0, want = 0, have = 0;
	int ret = rows ? 0 : -ENOMEM;

	for (i = 0; i < file->n && !ret; i++) {
		if (o->nspecs && !select_wanted(&file->v[i], o))
			continue;
		ret = fill_row(&rows[n], &file->v[i], list);
		if (select_wanted(&file->v[i], o)) {
			want++;
			have += rows[n].mapped;
		}
		n++;
	}
	if (!ret && o->json)
		print_json(file, rows, n);
	else if (!ret)
		print_table(rows, n);
	for (i = 0; rows && i < n; i++) {
		free(rows[i].spec);
		free(rows[i].mounts);
	}
	free(rows);
	if (ret)
		return exitcode_of(ret);
	if (want && !have)
		return RBDMAP_STATUS_NONE;
	return have < want || file->bad_n ? RBDMAP_STATUS_SOME : 0;
}

int verb_status(const struct verb_options *o)
{
	struct krbd_list list;
	struct mapfile file;
	struct fault f;
	int ret = select_load(&file);

	if (ret)
		return ret > 0 ? RBDMAP_STATUS_NONE : exitcode_of(ret);
	if (!select_check_specs(&file, o)) {
		ret = RBDMAP_STATUS_NONE;
		goto out;
	}
	ret = krbd_list(&list, &f);
	if (ret) {
		msg_error("%s", f.text);
		ret = exitcode_of(ret);
	} else {
		ret = show(&file, &list, o);
		krbd_list_free(&list);
	}
out:
	mapfile_free(&file);
	return ret;
}
