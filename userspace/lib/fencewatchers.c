// SPDX-License-Identifier: GPL-2.0
/* The part of fence.h that looks for clients nobody registered. */
#include <errno.h>
#include <stdlib.h>

#include "lib/fence.h"

static bool on_victim(const struct clientaddr *a, const char *const *ips,
		      size_t n_ips)
{
	size_t i;

	for (i = 0; i < n_ips; i++)
		if (clientaddr_on_host(a, ips[i]))
			return true;
	return false;
}

static int list_watchers(const struct radosdoor *door, rbd_image_t image,
			 rbd_image_watcher_t **list, size_t *n)
{
	rbd_image_watcher_t *grown;
	int ret;

	*n = 16;
	do {
		grown = realloc(*list, *n * sizeof(**list));
		if (!grown)
			return -ENOMEM;
		*list = grown;
		ret = door->rbd_watchers_list(image, *list, n);
	} while (ret == -ERANGE);
	return ret;
}

static int take(const struct radosdoor *door, rbd_image_t image,
		const char *const *ips, size_t n_ips, struct clientaddr **found,
		size_t *n_found)
{
	rbd_image_watcher_t *list = NULL;
	size_t i, n;
	int ret;

	ret = list_watchers(door, image, &list, &n);
	if (ret < 0)
		goto out_free;
	*found = calloc(n ?: 1, sizeof(**found));
	for (i = 0; *found && i < n; i++)
		if (!clientaddr_parse(list[i].addr, &(*found)[*n_found]) &&
		    on_victim(&(*found)[*n_found], ips, n_ips))
			(*n_found)++;
	door->rbd_watchers_list_cleanup(list, n);
	ret = *found ? 0 : -ENOMEM;
out_free:
	free(list);
	return ret;
}

int fence_watchers(struct session *s, const struct fence_pool *pool,
		   const char *image_id, const char *const *ips, size_t n_ips,
		   struct clientaddr **found, size_t *n_found)
{
	const struct radosdoor *door = s->door;
	rados_ioctx_t io;
	rbd_image_t image;
	int ret;

	*found = NULL;
	*n_found = 0;
	ret = door->rados_ioctx_create2(s->cluster, pool->id, &io);
	if (ret)
		return ret;
	door->rados_ioctx_set_namespace(io, pool->ns);
	ret = door->rbd_open_by_id_read_only(io, image_id, &image, NULL);
	if (!ret) {
		ret = take(door, image, ips, n_ips, found, n_found);
		door->rbd_close(image);
	}
	door->rados_ioctx_destroy(io);
	return ret;
}
