// SPDX-License-Identifier: GPL-2.0
/* rbdshare ls: the images of a pool. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/globals.h"
#include "cli/verbargs.h"
#include "cli/verbctx.h"
#include "cli/verbs.h"
#include "lib/jsonout.h"
#include "lib/size.h"
#include "lib/snaplist.h"
#include "lib/table.h"

static const struct option longopts[] = {
	{ "long", no_argument, NULL, 'l' },
	{ NULL, 0, NULL, 0 },
};

/**
 * struct listing - what is being printed
 * @images: JSON rows, when asked for
 * @table: rows for people, when asked for
 */
struct listing {
	struct verbctx *c;
	const char *pool;
	bool details;
	struct json_object *images;
	struct table *table;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(((const rbd_image_spec_t *)a)->name,
		      ((const rbd_image_spec_t *)b)->name);
}

static void add_details(struct listing *l, struct image *img,
			const struct image_users *u, size_t snaps)
{
	const char *mode = image_mode_name(img->mode);
	char size[16], users[16], snap_text[16];
	struct json_object *o;

	if (l->images) {
		o = json_object_new_object();
		jsonout_string(o, "name", img->spec->image);
		jsonout_u64(o, "size_bytes", img->size);
		jsonout_string(o, "mode", mode);
		jsonout_u64(o, "users", image_users_active(u));
		jsonout_u64(o, "snapshots", snaps);
		json_object_array_add(l->images, o);
		return;
	}
	size_format(img->size, size, sizeof(size));
	snprintf(users, sizeof(users), "%zu", image_users_active(u));
	snprintf(snap_text, sizeof(snap_text), "%zu", snaps);
	table_row(l->table, img->spec->image, size, mode, users, snap_text);
}

static int list_details(struct listing *l, const char *name)
{
	struct rbd_spec spec = { (char *)l->pool,
				 (char *)(globals.namespace ?: ""),
				 (char *)name, (char *)"" };
	struct image_users u;
	struct snap_list snaps;
	struct image img;
	int ret = image_open(&l->c->s, &spec, false, &img, &l->c->f);

	/* Removed since it was listed. */
	if (ret == -ENOENT)
		return 0;
	if (ret)
		return ret;
	ret = image_users(&img, &u, &l->c->f);
	if (!ret) {
		ret = snap_list_read(&img, &snaps, &l->c->f);
		if (!ret) {
			add_details(l, &img, &u, snaps.n);
			snap_list_free(&snaps);
		}
		image_users_free(&u);
	}
	image_close(&img);
	return ret;
}

static int list_one(struct listing *l, const char *name)
{
	struct json_object *o;

	if (l->details)
		return list_details(l, name);
	if (l->images) {
		o = json_object_new_object();
		jsonout_string(o, "name", name);
		json_object_array_add(l->images, o);
	} else {
		puts(name);
	}
	return 0;
}

static int list_all(struct listing *l)
{
	const struct radosdoor *d = l->c->s.door;
	rbd_image_spec_t *v = NULL;
	rados_ioctx_t io;
	size_t i, n = 64;
	int ret = session_pool(&l->c->s, l->pool, globals.namespace, &io,
			       &l->c->f);

	if (ret)
		return ret;
	do {
		v = realloc(v, n * sizeof(*v));
		ret = v ? d->rbd_list2(io, v, &n) : -ENOMEM;
	} while (ret == -ERANGE);
	d->rados_ioctx_destroy(io);
	if (ret < 0) {
		free(v);
		return session_fault(&l->c->s, &l->c->f, ret, l->pool,
				     "list the images of pool '%s'", l->pool);
	}
	qsort(v, n, sizeof(*v), by_name);
	for (i = 0, ret = 0; i < n && !ret; i++)
		ret = list_one(l, v[i].name);
	d->rbd_image_spec_list_cleanup(v, n);
	free(v);
	return ret;
}

static int finish(struct listing *l, int ret)
{
	struct json_object *o;
	int err = 0;

	if (l->table)
		err = table_print(l->table, stdout);
	if (!l->images)
		return ret ? ret : err;
	if (ret) {
		json_object_put(l->images);
		return ret;
	}
	o = jsonout_new();
	jsonout_string(o, "pool", l->pool);
	json_object_object_add(o, "images", l->images);
	return jsonout_print(o);
}

int cmd_ls(int argc, char **argv)
{
	struct verbctx c = { 0 };
	struct listing l = { .c = &c };
	int ch, ret;

	while ((ch = getopt_long(argc, argv, ":l", longopts, NULL)) != -1) {
		if (ch != 'l')
			return verb_bad_option("ls", ch, argv);
		l.details = true;
	}
	if (argc - optind > 1)
		return verb_usage("ls", "one pool at a time");
	l.pool = argc > optind ? argv[optind] : globals.pool ?: "rbd";
	if (!*l.pool || strchr(l.pool, '/'))
		return verb_usage(
			"ls",
			"'%.60s' is not a pool (a namespace goes with --namespace)",
			l.pool);
	ret = verb_connect(&c);
	if (ret)
		return verb_end(&c, ret);
	if (globals.json)
		l.images = json_object_new_array();
	else if (l.details)
		l.table = table_new("NAME SIZE> MODE USERS> SNAPS>");
	return verb_end(&c, finish(&l, list_all(&l)));
}
