// SPDX-License-Identifier: GPL-2.0
#include "lib/probe.h"

#include <blkid.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static void take(blkid_probe pr, const char *name, char *buf, size_t size)
{
	const char *value = NULL;

	if (!blkid_probe_lookup_value(pr, name, &value, NULL) && value)
		snprintf(buf, size, "%s", value);
}

int probe_device(const char *path, struct probe *out, struct fault *f)
{
	blkid_probe pr;
	int ret;

	memset(out, 0, sizeof(*out));
	errno = 0;
	pr = blkid_new_probe_from_filename(path);
	if (!pr)
		return fault_file(f, errno ? -errno : -EIO, "read", path);
	blkid_probe_enable_superblocks(pr, 1);
	blkid_probe_set_superblocks_flags(pr, BLKID_SUBLKS_TYPE |
						      BLKID_SUBLKS_LABEL |
						      BLKID_SUBLKS_UUID);
	blkid_probe_enable_partitions(pr, 1);
	errno = 0;
	ret = blkid_do_safeprobe(pr);
	if (ret == -2) {
		ret = fault_set(
			f, -ENOTUNIQ,
			"%s has contradicting signatures; look at it with 'wipefs %s'",
			path, path);
	} else if (ret < 0) {
		ret = errno ? -errno : -EIO;
		fault_file(f, ret, "read", path);
	} else {
		take(pr, "TYPE", out->type, sizeof(out->type));
		take(pr, "LABEL", out->label, sizeof(out->label));
		take(pr, "UUID", out->uuid, sizeof(out->uuid));
		take(pr, "PTTYPE", out->table, sizeof(out->table));
		ret = *out->type || *out->table;
	}
	blkid_free_probe(pr);
	return ret;
}

void probe_describe(const struct probe *p, char *buf, size_t size)
{
	if (*p->type)
		snprintf(buf, size, "%s%s%s%s%s%s%s", p->type,
			 *p->label ? " '" : "", p->label, *p->label ? "'" : "",
			 *p->uuid ? " (UUID " : "", p->uuid,
			 *p->uuid ? ")" : "");
	else if (*p->table)
		snprintf(buf, size, "a %s partition table", p->table);
	else
		snprintf(buf, size, "no filesystem");
}
