// SPDX-License-Identifier: GPL-2.0
#include "lib/mapopts.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct mapopt table[] = {
	/* the block driver */
	{ "ro", MAPOPT_FLAG, false },
	{ "read_only", MAPOPT_FLAG, false },
	{ "rw", MAPOPT_FLAG, false },
	{ "read_write", MAPOPT_FLAG, false },
	{ "queue_depth", MAPOPT_NUMBER, false },
	{ "alloc_size", MAPOPT_NUMBER, false },
	{ "lock_timeout", MAPOPT_NUMBER, false },
	{ "lock_on_read", MAPOPT_FLAG, false },
	{ "exclusive", MAPOPT_FLAG, false },
	{ "notrim", MAPOPT_FLAG, false },
	{ "compression_hint", MAPOPT_TEXT, false },
	{ "shared", MAPOPT_FLAG, true },
	{ "io_timeout", MAPOPT_NUMBER, true },
	{ "on_timeout", MAPOPT_TEXT, true },
	/* the connection to the cluster */
	{ "fsid", MAPOPT_TEXT, false },
	{ "ip", MAPOPT_TEXT, false },
	{ "mount_timeout", MAPOPT_NUMBER, false },
	{ "osdkeepalive", MAPOPT_NUMBER, false },
	{ "osdkeepalivetimeout", MAPOPT_NUMBER, false },
	{ "osd_idle_ttl", MAPOPT_NUMBER, false },
	{ "osd_request_timeout", MAPOPT_NUMBER, false },
	{ "crush_location", MAPOPT_TEXT, false },
	{ "read_from_replica", MAPOPT_TEXT, false },
	{ "ms_mode", MAPOPT_TEXT, false },
	{ "share", MAPOPT_FLAG, false },
	{ "noshare", MAPOPT_FLAG, false },
	{ "crc", MAPOPT_FLAG, false },
	{ "nocrc", MAPOPT_FLAG, false },
	{ "cephx_require_signatures", MAPOPT_FLAG, false },
	{ "nocephx_require_signatures", MAPOPT_FLAG, false },
	{ "cephx_sign_messages", MAPOPT_FLAG, false },
	{ "nocephx_sign_messages", MAPOPT_FLAG, false },
	{ "tcp_nodelay", MAPOPT_FLAG, false },
	{ "notcp_nodelay", MAPOPT_FLAG, false },
	{ "abort_on_full", MAPOPT_FLAG, false },
	{ "rxbounce", MAPOPT_FLAG, false },
	/* the tools */
	{ "udev", MAPOPT_TOOL, false },
	{ "noudev", MAPOPT_TOOL, false },
	/* set from the client name, its keyring and the spec */
	{ "name", MAPOPT_OWN, false },
	{ "secret", MAPOPT_OWN, false },
	{ "key", MAPOPT_OWN, false },
	{ "_pool_ns", MAPOPT_OWN, false },
};

const struct mapopt *mapopt_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (!strcmp(table[i].name, name))
			return &table[i];
	return NULL;
}

static bool is_number(const char *s)
{
	size_t n = strspn(s, "0123456789");

	return n && n <= 10 && !s[n];
}

static int check_one(const char *name, const char *value, struct fault *f)
{
	const struct mapopt *o = mapopt_find(name);

	if (!o)
		return fault_set(
			f, -EINVAL,
			"unknown map option '%s'; rbdshare-map(8) lists them",
			name);
	if (o->kind == MAPOPT_OWN)
		return fault_set(
			f, -EINVAL,
			"'%s' is not a map option here; use --name, --keyring, --namespace",
			name);
	if (value && (o->kind == MAPOPT_FLAG || o->kind == MAPOPT_TOOL))
		return fault_set(f, -EINVAL, "map option '%s' takes no value",
				 name);
	if (!value && (o->kind == MAPOPT_NUMBER || o->kind == MAPOPT_TEXT))
		return fault_set(f, -EINVAL,
				 "map option '%s' needs a value: %s=...", name,
				 name);
	if (o->kind == MAPOPT_NUMBER && !is_number(value))
		return fault_set(f, -EINVAL,
				 "map option '%s' needs a number, not '%s'",
				 name, value);
	if (o->kind == MAPOPT_TEXT && !*value)
		return fault_set(f, -EINVAL, "map option '%s' has no value",
				 name);
	for (; value && *value; value++)
		if (isspace((unsigned char)*value) ||
		    iscntrl((unsigned char)*value))
			return fault_set(
				f, -EINVAL,
				"the value of map option '%s' has a blank in it",
				name);
	return 0;
}

/* Cuts the next element off *rest; NULL at the end. */
static char *next(char **rest, char **value)
{
	char *item;

	do {
		item = strsep(rest, ",");
	} while (item && !*item);
	if (!item)
		return NULL;
	*value = strchr(item, '=');
	if (*value)
		*(*value)++ = '\0';
	return item;
}

int mapopts_check(const char *list, struct fault *f)
{
	char *copy, *rest, *item, *value;
	int ret = 0;

	if (!list)
		return 0;
	copy = strdup(list);
	rest = copy;
	if (!copy)
		return fault_set(f, -ENOMEM, "out of memory");
	while (!ret && (item = next(&rest, &value)))
		ret = check_one(item, value, f);
	free(copy);
	return ret;
}

char *mapopts_value(const char *list, const char *name)
{
	char *copy, *rest, *item, *value, *found = NULL;

	if (!list)
		return NULL;
	copy = strdup(list);
	rest = copy;
	if (!copy)
		return NULL;
	while ((item = next(&rest, &value))) {
		if (strcmp(item, name))
			continue;
		free(found);
		found = strdup(value ? value : "");
	}
	free(copy);
	return found;
}

int mapopts_append(char **list, const char *name, const char *value)
{
	char *text;

	if (asprintf(&text, "%s%s%s%s%s", *list ? *list : "",
		     *list && **list ? "," : "", name, value ? "=" : "",
		     value ? value : "") < 0)
		return -ENOMEM;
	free(*list);
	*list = text;
	return 0;
}

char *mapopts_kernel(const char *list)
{
	char *copy, *rest, *item, *value, *out = strdup("");
	const struct mapopt *o;

	copy = strdup(list ? list : "");
	rest = copy;
	while (copy && out && (item = next(&rest, &value))) {
		o = mapopt_find(item);
		if (o && o->kind == MAPOPT_TOOL)
			continue;
		if (mapopts_append(&out, item, value)) {
			free(out);
			out = NULL;
		}
	}
	if (!copy) {
		free(out);
		out = NULL;
	}
	free(copy);
	return out;
}
