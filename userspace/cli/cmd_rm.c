// SPDX-License-Identifier: GPL-2.0
/* rbdshare rm: removes an image nobody uses and nobody will miss. */
#include <errno.h>
#include <getopt.h>
#include <string.h>

#include "cli/globals.h"
#include "cli/verbargs.h"
#include "cli/verbctx.h"
#include "cli/verbs.h"
#include "lib/exitcode.h"
#include "lib/jsonout.h"
#include "lib/size.h"
#include "lib/snaplist.h"

static int refuse_snaps(struct verbctx *c)
{
	struct snap_list snaps;
	char names[200];
	size_t n;
	int ret = snap_list_read(&c->img, &snaps, &c->f);

	if (ret)
		return ret;
	n = snaps.n;
	snap_list_describe(&snaps, names, sizeof(names));
	snap_list_free(&snaps);
	if (!n)
		return 0;
	return fault_set(
		&c->f, -ENOTEMPTY,
		"image '%s' has snapshots (%s); remove them first, each with: rbdshare snap rm %s@SNAP",
		c->name, names, c->name);
}

static int guard_content(struct verbctx *c, bool yes)
{
	struct probe content;
	char what[480];
	int ret = image_content(&c->img, &content, &c->f);

	if (ret < 0 && ret != -ENOTUNIQ)
		return ret;
	if (!ret || yes)
		return 0;
	probe_describe(&content, what, sizeof(what));
	if (ret < 0)
		strcpy(what, "several signatures");
	ret = globals.dry_run ?
		    -ENOTTY :
		    verb_confirm("Image %s holds %s. Remove it for ever?",
				 c->name, what);
	if (ret > 0)
		return 0;
	if (!ret)
		return fault_set(&c->f, -ECANCELED, "image '%s' was kept",
				 c->name);
	return fault_set(&c->f, -ENOTEMPTY,
			 "image '%s' holds %s; to remove it for ever add --yes",
			 c->name, what);
}

static int remove_image(struct verbctx *c)
{
	const struct radosdoor *d = c->s.door;
	uint64_t size = c->img.size;
	rados_ioctx_t io;
	int ret;

	/* librbd removes no image that we hold open ourselves. */
	image_close(&c->img);
	ret = session_pool(&c->s, c->spec.pool, c->spec.ns, &io, &c->f);
	if (ret)
		return ret;
	verb_progress_begin(c, size, "Removing %s", c->name);
	ret = d->rbd_remove_with_progress(io, c->spec.image, verb_progress_cb,
					  c);
	verb_progress_end(c, ret);
	d->rados_ioctx_destroy(io);
	if (ret == -EBUSY)
		return fault_set(
			&c->f, ret,
			"image '%s' came into use just now and was not removed; see: rbdshare info %s",
			c->name, c->name);
	if (ret)
		return session_fault(&c->s, &c->f, ret, c->spec.pool,
				     "remove image '%s'", c->name);
	return 0;
}

int cmd_rm(int argc, char **argv)
{
	struct verbctx c = { 0 };
	char size[16] = "";
	struct json_object *j;
	bool yes = false;
	int ret;

	if (verb_yes("rm", argc, argv, &yes) || verb_one("rm", argc, "image"))
		return EXITCODE_USAGE;
	ret = verb_spec(&c, argv[optind], 0);
	if (!ret)
		ret = verb_open(&c, false);
	if (!ret) {
		size_format(c.img.size, size, sizeof(size));
		ret = image_refuse_in_use(&c.img, "remove it", &c.f);
	}
	if (!ret)
		ret = refuse_snaps(&c);
	if (!ret)
		ret = guard_content(&c, yes);
	/* The answer may have taken its time. */
	if (!ret)
		ret = image_refuse_in_use(&c.img, "remove it", &c.f);
	if (!ret && !globals.dry_run)
		ret = remove_image(&c);
	if (!ret) {
		j = jsonout_new();
		jsonout_string(j, "image", c.name);
		ret = verb_report(j, "remove", "removed", "image %s (%s)",
				  c.name, size);
	}
	return verb_end(&c, ret);
}
