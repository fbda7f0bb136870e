// SPDX-License-Identifier: GPL-2.0
#include "lib/mapsettings.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "lib/msg.h"
#include "lib/shellvars.h"
#include "lib/slurp.h"

const struct mapsettings mapsettings_default = {
	.parallel = 8,
	.start_timeout_s = 300,
	.map_timeout_s = 75,
	.mount_timeout_s = 120,
	.hook_timeout_s = 60,
	.stop_timeout_s = 75,
	.umount_timeout_s = 20,
};

static const struct {
	const char *name;
	size_t offset;
	unsigned int min, max;
} table[] = {
	{ "RBDMAP_PARALLEL", offsetof(struct mapsettings, parallel), 1, 64 },
	{ "RBDMAP_START_TIMEOUT", offsetof(struct mapsettings, start_timeout_s),
	  1, 86400 },
	{ "RBDMAP_MAP_TIMEOUT", offsetof(struct mapsettings, map_timeout_s), 1,
	  3600 },
	{ "RBDMAP_MOUNT_TIMEOUT", offsetof(struct mapsettings, mount_timeout_s),
	  1, 86400 },
	{ "RBDMAP_HOOK_TIMEOUT", offsetof(struct mapsettings, hook_timeout_s),
	  1, 3600 },
	{ "RBDMAP_STOP_TIMEOUT", offsetof(struct mapsettings, stop_timeout_s),
	  5, 3600 },
	{ "RBDMAP_UMOUNT_TIMEOUT",
	  offsetof(struct mapsettings, umount_timeout_s), 1, 3600 },
};

#define SETTINGS (sizeof(table) / sizeof(table[0]))

/* A number within the bounds? */
static int set(struct mapsettings *s, size_t i, const char *text)
{
	size_t n = strspn(text, "0123456789");
	unsigned long v;

	errno = 0;
	v = strtoul(text, NULL, 10);
	if (!n || text[n] || errno || v < table[i].min || v > table[i].max)
		return -EINVAL;
	*(unsigned int *)((char *)s + table[i].offset) = v;
	return 0;
}

void mapsettings_environment(struct mapsettings *s)
{
	const char *text;
	size_t i;

	for (i = 0; i < SETTINGS; i++) {
		text = getenv(table[i].name);
		if (text && *text && set(s, i, text))
			msg_warn(
				"%s=%s is not a number from %u to %u and does not count; correct it in /etc/default/rbdmap",
				table[i].name, text, table[i].min,
				table[i].max);
	}
}

int mapsettings_file(struct mapsettings *s, const char *path)
{
	struct shellvars *vars;
	const char *value;
	char *text;
	size_t i, len;
	int ret = slurp_file(path, SHELLVARS_MAX_BYTES, &text, &len);

	if (ret)
		return ret == -ENOENT ? 0 : ret;
	ret = shellvars_parse(text, len, path, &vars, NULL);
	free(text);
	if (ret)
		return ret;
	for (i = 0; i < SETTINGS; i++) {
		value = shellvars_get(vars, table[i].name);
		if (value)
			set(s, i, value);
	}
	shellvars_free(vars);
	return 0;
}
