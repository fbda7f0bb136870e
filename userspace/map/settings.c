// SPDX-License-Identifier: GPL-2.0
#include "map/settings.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "lib/msg.h"

struct settings settings = {
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
	{ "RBDMAP_PARALLEL", offsetof(struct settings, parallel), 1, 64 },
	{ "RBDMAP_START_TIMEOUT", offsetof(struct settings, start_timeout_s), 1,
	  86400 },
	{ "RBDMAP_MAP_TIMEOUT", offsetof(struct settings, map_timeout_s), 1,
	  3600 },
	{ "RBDMAP_MOUNT_TIMEOUT", offsetof(struct settings, mount_timeout_s), 1,
	  86400 },
	{ "RBDMAP_HOOK_TIMEOUT", offsetof(struct settings, hook_timeout_s), 1,
	  3600 },
	{ "RBDMAP_STOP_TIMEOUT", offsetof(struct settings, stop_timeout_s), 5,
	  3600 },
	{ "RBDMAP_UMOUNT_TIMEOUT", offsetof(struct settings, umount_timeout_s),
	  1, 3600 },
};

void settings_read(void)
{
	const char *text;
	unsigned long v;
	size_t i, n;

	for (i = 0; i < sizeof(table) / sizeof(*table); i++) {
		text = getenv(table[i].name);
		if (!text || !*text)
			continue;
		n = strspn(text, "0123456789");
		errno = 0;
		v = strtoul(text, NULL, 10);
		if (!n || text[n] || errno || v < table[i].min ||
		    v > table[i].max)
			msg_warn(
				"%s=%s is not a number from %u to %u; using the default (see /etc/default/rbdmap)",
				table[i].name, text, table[i].min,
				table[i].max);
		else
			*(unsigned int *)((char *)&settings +
					  table[i].offset) = v;
	}
}
