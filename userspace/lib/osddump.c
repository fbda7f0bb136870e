// SPDX-License-Identifier: GPL-2.0
#include "lib/osddump.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int64_t osddump_time(const char *text)
{
	struct tm tm = { 0 };
	const char *p = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
	int64_t offset = 0;
	long hhmm;

	if (!p)
		return -1;
	if (*p == '.')
		p += 1 + strspn(p + 1, "0123456789");
	if (*p == '+' || *p == '-') {
		hhmm = strtol(p + 1, NULL, 10);
		offset = (hhmm / 100 * 60 + hhmm % 100) * 60;
		if (*p == '-')
			offset = -offset;
	} else if (*p && *p != 'Z') {
		return -1;
	}
	return timegm(&tm) - offset;
}

int osddump_take(struct osddump *dump, struct json_object *root)
{
	struct json_object *epoch, *modified, *list, *pools;

	memset(dump, 0, sizeof(*dump));
	dump->root = root;
	if (!root || !json_object_object_get_ex(root, "epoch", &epoch) ||
	    !json_object_object_get_ex(root, "modified", &modified) ||
	    !json_object_object_get_ex(root, "blocklist", &list) ||
	    !json_object_object_get_ex(root, "pools", &pools) ||
	    !json_object_is_type(list, json_type_object) ||
	    !json_object_is_type(pools, json_type_array))
		return -EBADMSG;
	dump->epoch = (uint32_t)json_object_get_int64(epoch);
	dump->modified = osddump_time(json_object_get_string(modified));
	return dump->epoch && dump->modified > 0 ? 0 : -EBADMSG;
}

void osddump_free(struct osddump *dump)
{
	json_object_put(dump->root);
	memset(dump, 0, sizeof(*dump));
}

int64_t osddump_fenced_for(const struct osddump *dump,
			   const struct clientaddr *a)
{
	struct json_object *list = NULL;
	struct clientaddr entry;
	int64_t left = 0, until;

	json_object_object_get_ex(dump->root, "blocklist", &list);
	json_object_object_foreach(list, key, value) {
		if (clientaddr_parse_entry(key, &entry) ||
		    !clientaddr_equal(&entry, a))
			continue;
		until = osddump_time(json_object_get_string(value));
		if (until - dump->modified > left)
			left = until - dump->modified;
	}
	return left;
}

static uint32_t number_of(struct json_object *o, const char *key)
{
	struct json_object *v;

	if (!json_object_object_get_ex(o, key, &v))
		return 0;
	return (uint32_t)json_object_get_int64(v);
}

static bool is_full(struct json_object *pool)
{
	struct json_object *flags = NULL;
	char names[256], *rest = names, *name;

	json_object_object_get_ex(pool, "flags_names", &flags);
	snprintf(names, sizeof(names), "%s",
		 flags ? json_object_get_string(flags) : "");
	while ((name = strsep(&rest, ",")))
		if (!strcmp(name, "full") || !strcmp(name, "full_quota"))
			return true;
	return false;
}

bool osddump_pool(const struct osddump *dump, int64_t id,
		  struct osddump_pool *pool)
{
	struct json_object *pools = NULL, *one, *v;
	size_t i;

	json_object_object_get_ex(dump->root, "pools", &pools);
	for (i = 0; i < json_object_array_length(pools); i++) {
		one = json_object_array_get_idx(pools, i);
		if (!json_object_object_get_ex(one, "pool", &v) ||
		    json_object_get_int64(v) != id)
			continue;
		pool->id = id;
		pool->name = json_object_object_get_ex(one, "pool_name", &v) ?
				     json_object_get_string(v) :
				     "";
		pool->pg_num = number_of(one, "pg_num");
		pool->object_hash = number_of(one, "object_hash");
		pool->full = is_full(one);
		return true;
	}
	return false;
}

static bool holds_images(struct json_object *pool)
{
	struct json_object *apps, *rbd;

	if (!json_object_object_get_ex(pool, "application_metadata", &apps) ||
	    !json_object_object_length(apps))
		return true;
	return json_object_object_get_ex(apps, "rbd", &rbd);
}

ssize_t osddump_block_pools(const struct osddump *dump, int64_t **ids)
{
	struct json_object *pools = NULL, *one, *v;
	ssize_t n = 0;
	size_t i;

	json_object_object_get_ex(dump->root, "pools", &pools);
	*ids = calloc(json_object_array_length(pools) + 1, sizeof(**ids));
	if (!*ids)
		return -ENOMEM;
	for (i = 0; i < json_object_array_length(pools); i++) {
		one = json_object_array_get_idx(pools, i);
		if (json_object_object_get_ex(one, "pool", &v) &&
		    holds_images(one))
			(*ids)[n++] = json_object_get_int64(v);
	}
	return n;
}
