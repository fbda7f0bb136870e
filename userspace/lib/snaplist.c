// SPDX-License-Identifier: GPL-2.0
#include "lib/snaplist.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/jsonout.h"

static int fill(struct image *img, const rbd_snap_info_t *from,
		struct snap_entry *to)
{
	const struct radosdoor *d = img->s->door;
	int is_protected = 0;
	int ret;

	memset(to, 0, sizeof(*to));
	to->id = from->id;
	to->size = from->size;
	to->name = strdup(from->name);
	if (!to->name)
		return -ENOMEM;
	ret = d->rbd_snap_is_protected(img->rbd, from->name, &is_protected);
	if (!ret)
		ret = d->rbd_snap_get_timestamp(img->rbd, from->id,
						&to->created);
	to->is_protected = is_protected;
	return ret;
}

int snap_list_read(struct image *img, struct snap_list *list, struct fault *f)
{
	const struct radosdoor *d = img->s->door;
	rbd_snap_info_t *raw = NULL, *grown;
	int i, n, max = 16, ret;

	memset(list, 0, sizeof(*list));
	do {
		grown = reallocarray(raw, (size_t)max, sizeof(*raw));
		if (!grown) {
			free(raw);
			return fault_set(f, -ENOMEM, "out of memory");
		}
		raw = grown;
		n = d->rbd_snap_list(img->rbd, raw, &max);
	} while (n == -ERANGE);
	ret = n < 0 ? n : 0;
	if (n > 0) {
		list->v = calloc((size_t)n, sizeof(*list->v));
		if (!list->v)
			ret = -ENOMEM;
		for (i = 0; !ret && i < n; i++) {
			ret = fill(img, &raw[i], &list->v[i]);
			list->n++;
		}
	}
	if (n >= 0)
		d->rbd_snap_list_end(raw);
	free(raw);
	if (!ret)
		return 0;
	snap_list_free(list);
	return session_fault(img->s, f, ret, img->spec->pool,
			     "list the snapshots of image '%s/%s'",
			     img->spec->pool, img->spec->image);
}

void snap_list_free(struct snap_list *list)
{
	size_t i;

	for (i = 0; i < list->n; i++)
		free((char *)list->v[i].name);
	free(list->v);
	memset(list, 0, sizeof(*list));
}

void snap_list_describe(const struct snap_list *list, char *buf, size_t size)
{
	size_t i, used = 0;

	*buf = '\0';
	for (i = 0; i < list->n; i++) {
		if (used + strlen(list->v[i].name) + 24 > size) {
			snprintf(buf + used, size - used, " and %zu more",
				 list->n - i);
			return;
		}
		used += (size_t)snprintf(buf + used, size - used, "%s%s",
					 i ? ", " : "", list->v[i].name);
	}
}

struct json_object *snap_list_json(const struct snap_list *list)
{
	struct json_object *v = json_object_new_array(), *o;
	const struct snap_entry *s;
	size_t i;

	for (i = 0; i < list->n; i++) {
		s = &list->v[i];
		o = json_object_new_object();
		jsonout_u64(o, "id", s->id);
		jsonout_string(o, "name", s->name);
		jsonout_u64(o, "size_bytes", s->size);
		jsonout_time(o, "created", &s->created);
		jsonout_bool(o, "protected", s->is_protected);
		json_object_array_add(v, o);
	}
	return v;
}
