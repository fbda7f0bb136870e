// SPDX-License-Identifier: GPL-2.0
/* rbdshare info: what an image is, who uses it, what is on it. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/globals.h"
#include "cli/verbargs.h"
#include "cli/verbctx.h"
#include "cli/verbs.h"
#include "lib/exitcode.h"
#include "lib/featurenames.h"
#include "lib/jsonout.h"
#include "lib/msg.h"
#include "lib/size.h"
#include "lib/snaplist.h"

#define META_BUF (64u << 10)

/**
 * struct facts - everything info shows
 * @content_ret: result of image_content()
 * @keys, @values: metadata, NUL behind each; @keys_len and @values_len bytes
 * @parent: "pool/image@snap", "" without one
 */
struct facts {
	struct image_users users;
	struct snap_list snaps;
	struct probe content;
	int content_ret;
	struct timespec created;
	struct timespec modified;
	char keys[META_BUF];
	char values[META_BUF];
	size_t keys_len;
	size_t values_len;
	char parent[320];
};

static int read_parent(struct image *img, struct facts *k)
{
	const struct radosdoor *d = img->s->door;
	rbd_linked_image_spec_t image;
	rbd_snap_spec_t snap;
	int ret = d->rbd_get_parent(img->rbd, &image, &snap);

	if (ret == -ENOENT)
		return 0;
	if (ret)
		return ret;
	snprintf(k->parent, sizeof(k->parent), "%s/%s%s%s@%s", image.pool_name,
		 image.pool_namespace, *image.pool_namespace ? "/" : "",
		 image.image_name, snap.name);
	d->rbd_linked_image_spec_cleanup(&image);
	d->rbd_snap_spec_cleanup(&snap);
	return 0;
}

static int gather(struct verbctx *c, struct facts *k)
{
	const struct radosdoor *d = c->s.door;
	int ret;

	k->keys_len = META_BUF;
	k->values_len = META_BUF;
	ret = d->rbd_get_create_timestamp(c->img.rbd, &k->created);
	if (!ret)
		ret = d->rbd_get_modify_timestamp(c->img.rbd, &k->modified);
	if (!ret)
		ret = d->rbd_metadata_list(c->img.rbd, "", 0, k->keys,
					   &k->keys_len, k->values,
					   &k->values_len);
	if (ret >= 0)
		ret = read_parent(&c->img, k);
	if (ret < 0)
		return session_fault(&c->s, &c->f, ret, c->spec.pool,
				     "read the header of image '%s'", c->name);
	ret = image_users(&c->img, &k->users, &c->f);
	if (!ret)
		ret = snap_list_read(&c->img, &k->snaps, &c->f);
	if (ret)
		return ret;
	k->content_ret = image_content(&c->img, &k->content, &c->f);
	/* What is on it is one line of many: go on without it. */
	if (k->content_ret < 0)
		msg_warn("%s", c->f.text);
	return 0;
}

static const char *mode_advice(const struct image *img)
{
	if (img->mode == IMAGE_SHARED)
		return img->features & RBD_FEATURES_SINGLE_CLIENT ?
			       ", but it has single-client features: rbd feature disable" :
			       ", any number of nodes may map it at once";
	if (img->mode == IMAGE_EXCLUSIVE)
		return ", one client writes at a time";
	return ", maps as stock images do; 'rbd image-meta set' with " IMAGE_MODE_KEY
	       " " IMAGE_MODE_SHARED " makes it shared";
}

static void print_metadata(const struct facts *k)
{
	const char *key = k->keys, *value = k->values;
	const char *label = "metadata";

	while (key < k->keys + k->keys_len &&
	       value < k->values + k->values_len) {
		printf("  %-12s%s = %s\n", label, key, value);
		label = "";
		key += strlen(key) + 1;
		value += strlen(value) + 1;
	}
}

static void print_lists(const struct facts *k)
{
	const struct snap_entry *s;
	const struct image_user *u;
	char size[16], when[32], text[320];
	size_t i;

	for (i = 0; i < k->users.n; i++) {
		u = &k->users.v[i];
		image_user_format(u, text, sizeof(text));
		printf("  %-12s%s\n", i ? "" : "used by", text);
	}
	if (!k->users.n)
		printf("  %-12snobody\n", "used by");
	for (i = 0; i < k->snaps.n; i++) {
		s = &k->snaps.v[i];
		size_format(s->size, size, sizeof(size));
		jsonout_time_format(s->created.tv_sec, when, sizeof(when));
		printf("  %-12s%s, %s, %s%s\n", i ? "" : "snapshots", s->name,
		       size, when, s->is_protected ? ", protected" : "");
	}
}

static void print_text(struct verbctx *c, const struct facts *k)
{
	const struct image *img = &c->img;
	char size[16], object_size[16], features[160], when[32], content[512];

	size_format(img->size, size, sizeof(size));
	size_format(img->object_size, object_size, sizeof(object_size));
	features_format(img->features, features, sizeof(features));
	probe_describe(&k->content, content, sizeof(content));
	printf("image %s\n", c->name);
	printf("  %-12s%s, %llu objects of %s\n", "size", size,
	       (unsigned long long)((img->size + img->object_size - 1) /
				    img->object_size),
	       object_size);
	printf("  %-12s%s\n", "mode", image_mode_name(img->mode));
	printf("  %-12s%s\n", "", mode_advice(img) + 2);
	printf("  %-12s%s\n", "content",
	       k->content_ret == -ENOTUNIQ ? "contradicting signatures" :
	       k->content_ret < 0	   ? "unknown" :
					     content);
	printf("  %-12s%s\n", "features", features);
	printf("  %-12s%s\n", "id", img->id);
	jsonout_time_format(k->created.tv_sec, when, sizeof(when));
	printf("  %-12s%s\n", "created", when);
	jsonout_time_format(k->modified.tv_sec, when, sizeof(when));
	printf("  %-12s%s\n", "modified", when);
	if (*k->parent)
		printf("  %-12s%s\n", "parent", k->parent);
	print_metadata(k);
	print_lists(k);
}

static void add_content(struct json_object *o, const struct facts *k)
{
	struct json_object *p = NULL;

	if (k->content_ret > 0) {
		p = json_object_new_object();
		jsonout_string(p, "type",
			       *k->content.type ? k->content.type : NULL);
		jsonout_string(p, "label",
			       *k->content.label ? k->content.label : NULL);
		jsonout_string(p, "uuid",
			       *k->content.uuid ? k->content.uuid : NULL);
		jsonout_string(p, "partition_table",
			       *k->content.table ? k->content.table : NULL);
	}
	json_object_object_add(o, "content", p);
	jsonout_bool(o, "content_known", k->content_ret >= 0);
}

static void add_metadata(struct json_object *o, const struct facts *k)
{
	struct json_object *m = json_object_new_object();
	const char *key = k->keys, *value = k->values;

	while (key < k->keys + k->keys_len &&
	       value < k->values + k->values_len) {
		jsonout_string(m, key, value);
		key += strlen(key) + 1;
		value += strlen(value) + 1;
	}
	json_object_object_add(o, "metadata", m);
}

static void add_lists(struct json_object *o, const struct facts *k)
{
	struct json_object *users = json_object_new_array();
	struct json_object *e;
	size_t i;

	for (i = 0; i < k->users.n; i++) {
		const struct image_user *u = &k->users.v[i];

		e = json_object_new_object();
		jsonout_string(e, "node", *u->node ? u->node : NULL);
		jsonout_string(e, "device", *u->device ? u->device : NULL);
		jsonout_string(e, "address", u->addr);
		jsonout_u64(e, "client_id", u->id);
		jsonout_bool(e, "watching", u->watching);
		jsonout_bool(e, "locking", u->locking);
		jsonout_string(e, "lock_cookie",
			       u->locking ? u->lock_cookie : NULL);
		json_object_array_add(users, e);
	}
	json_object_object_add(o, "users", users);
	json_object_object_add(o, "snapshots", snap_list_json(&k->snaps));
}

static int print_json(struct verbctx *c, const struct facts *k)
{
	struct json_object *o = jsonout_new();
	struct json_object *features = json_object_new_array();
	const struct image *img = &c->img;
	unsigned int i;

	for (i = 0; i < 64; i++)
		if (img->features & 1ULL << i && feature_name(i))
			json_object_array_add(
				features,
				json_object_new_string(feature_name(i)));
	jsonout_string(o, "image", c->name);
	jsonout_string(o, "pool", c->spec.pool);
	jsonout_string(o, "namespace", c->spec.ns);
	jsonout_string(o, "name", c->spec.image);
	jsonout_string(o, "id", img->id);
	jsonout_u64(o, "size_bytes", img->size);
	jsonout_u64(o, "object_size_bytes", img->object_size);
	jsonout_u64(o, "objects",
		    (img->size + img->object_size - 1) / img->object_size);
	json_object_object_add(o, "features", features);
	jsonout_string(o, "mode", image_mode_name(img->mode));
	jsonout_time(o, "created", &k->created);
	jsonout_time(o, "modified", &k->modified);
	jsonout_string(o, "parent", *k->parent ? k->parent : NULL);
	add_content(o, k);
	add_metadata(o, k);
	add_lists(o, k);
	return jsonout_print(o);
}

int cmd_info(int argc, char **argv)
{
	struct facts *k;
	struct verbctx c = { 0 };
	int ret;

	if (verb_none("info", argc, argv) || verb_one("info", argc, "image"))
		return EXITCODE_USAGE;
	k = calloc(1, sizeof(*k));
	ret = k ? verb_spec(&c, argv[optind], 1) : -ENOMEM;
	if (!ret)
		ret = verb_open(&c, false);
	if (!ret)
		ret = gather(&c, k);
	if (!ret && globals.json)
		ret = print_json(&c, k);
	else if (!ret)
		print_text(&c, k);
	if (k) {
		image_users_free(&k->users);
		snap_list_free(&k->snaps);
		free(k);
	}
	return verb_end(&c, ret);
}
