/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The snapshots of an image.
 */
#ifndef RBDSHARE_LIB_SNAPLIST_H
#define RBDSHARE_LIB_SNAPLIST_H

#include <json-c/json.h>
#include <stdbool.h>
#include <time.h>

#include "lib/image.h"

/* One snapshot; @name belongs to the list. */
struct snap_entry {
	uint64_t id;
	uint64_t size;
	const char *name;
	struct timespec created;
	bool is_protected;
};

/* snap_list_free() frees. */
struct snap_list {
	struct snap_entry *v;
	size_t n;
};

/* snap_list_read() - Return: 0, or a negative errno with a sentence. */
int snap_list_read(struct image *img, struct snap_list *list, struct fault *f);

void snap_list_free(struct snap_list *list);

/* snap_list_json() - an array with an object for each; the caller's. */
struct json_object *snap_list_json(const struct snap_list *list);

/* "monday, tuesday and 3 more" */
void snap_list_describe(const struct snap_list *list, char *buf, size_t size);

#endif
