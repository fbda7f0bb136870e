// SPDX-License-Identifier: GPL-2.0
#include "map/select.h"

#include <errno.h>
#include <stddef.h>

#include "lib/msg.h"

int select_load(struct mapfile *file)
{
	struct fault f;
	size_t i;
	int ret = mapfile_load(NULL, file, &f);

	if (ret == -ENOENT) {
		msg_info("there is no %s: nothing to map", mapfile_path());
		return 1;
	}
	if (ret) {
		msg_error("%s", f.text);
		return ret;
	}
	for (i = 0; i < file->bad_n; i++)
		msg_error("%s", file->bad[i].text);
	return 0;
}

static bool names(const char *text, const struct rbd_spec *spec)
{
	struct rbd_spec s;
	bool same;

	if (rbd_spec_parse(text, NULL, NULL, &s, NULL))
		return false;
	same = rbd_spec_equal(&s, spec);
	rbd_spec_free(&s);
	return same;
}

bool select_wanted(const struct mapfile_entry *e, const struct verb_options *o)
{
	int i;

	if (!o->nspecs)
		return !e->noauto;
	for (i = 0; i < o->nspecs; i++)
		if (names(o->specs[i], &e->spec))
			return true;
	return false;
}

bool select_check_specs(const struct mapfile *file,
			const struct verb_options *o)
{
	bool ok = true;
	size_t j;
	int i;

	for (i = 0; i < o->nspecs; i++) {
		for (j = 0; j < file->n; j++)
			if (names(o->specs[i], &file->v[j].spec))
				break;
		if (j < file->n)
			continue;
		msg_error(
			"'%s' is not in %s; add it there, or use 'rbdshare map'",
			o->specs[i], file->path);
		ok = false;
	}
	return ok;
}

struct mapreq select_request(const struct mapfile_entry *e)
{
	return (struct mapreq){
		.spec = e->spec,
		.name = e->name,
		.conf = e->conf,
		.cluster = e->cluster,
		.keyring = e->keyring,
		.keyfile = e->keyfile,
		.mon_host = e->mon_host,
		.options = e->options,
		.read_only = e->read_only,
		.exclusive = e->exclusive,
	};
}
