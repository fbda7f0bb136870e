// SPDX-License-Identifier: GPL-2.0
/*
 * rbdmap check: everything that can be found wrong without touching the kernel
 * or the network.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mapreq.h"
#include "lib/mounts.h"
#include "lib/msg.h"
#include "map/select.h"

static bool check_entry(const struct mapfile *file,
			const struct mapfile_entry *e)
{
	struct mapreq req = select_request(e);
	char *line = NULL;
	struct fault f;
	int ret = mapreq_dry_run(&req, &line, &f);

	free(line);
	if (ret)
		msg_error("%s:%u: %s", file->path, e->line, f.text);
	return !ret;
}

static bool check_fstab(const struct mapfile *file)
{
	struct mountlist list;
	struct fault f;
	bool ok = true;
	size_t i;

	if (mounts_fstab(NULL, &list, &f)) {
		msg_error("%s", f.text);
		return false;
	}
	for (i = 0; i < list.n; i++) {
		const struct mountline *m = &list.v[i];

		if (strncmp(m->source, "/dev/rbd", 8))
			continue;
		if (!mounts_is_network(m) && !mounts_has_option(m, "noauto")) {
			msg_error(
				"/etc/fstab: %s on %s needs the option _netdev, else boot waits for it before there is a network",
				m->source, m->target);
			ok = false;
		}
		if (!strncmp(m->source, "/dev/rbd/", 9) &&
		    !mapfile_by_source(file, m->source))
			msg_warn("/etc/fstab: %s is not listed in %s",
				 m->source, file->path);
	}
	mountlist_free(&list);
	return ok;
}

int verb_check(const struct verb_options *o)
{
	struct mapfile file;
	bool ok = true;
	size_t i;
	int ret = select_load(&file);

	if (ret)
		return ret > 0 ? ENOENT : -ret;
	for (i = 0; i < file.n; i++)
		if (!o->nspecs || select_wanted(&file.v[i], o))
			ok &= check_entry(&file, &file.v[i]);
	ok &= check_fstab(&file);
	ok &= !file.bad_n && select_check_specs(&file, o);
	if (ok)
		printf("%s: %zu image%s, no errors\n", file.path, file.n,
		       file.n == 1 ? "" : "s");
	mapfile_free(&file);
	return ok ? 0 : EINVAL;
}
