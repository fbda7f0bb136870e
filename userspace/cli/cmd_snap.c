// SPDX-License-Identifier: GPL-2.0
/* rbdshare snap: snapshots of an image. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/globals.h"
#include "cli/verbargs.h"
#include "cli/verbctx.h"
#include "cli/verbs.h"
#include "lib/jsonout.h"
#include "lib/names.h"
#include "lib/nearest.h"
#include "lib/size.h"
#include "lib/snaplist.h"
#include "lib/table.h"
#include "lib/watchdog.h"

/* Nodes that map the image get this long to pause their writes. */
#define QUIESCE_S 90

static int snap_result(struct verbctx *c, const char *would, const char *done)
{
	struct json_object *j = jsonout_new();

	jsonout_string(j, "snapshot", c->name);
	return verb_report(j, would, done, "snapshot %s", c->name);
}

/* Opens the image, not the snapshot, and says whether that is there. */
static int open_for(struct verbctx *c, bool write, bool *exists,
		    struct snap_entry *found)
{
	struct rbd_spec head = c->spec;
	struct snap_list snaps;
	size_t i;
	int ret = verb_connect(c);

	if (ret)
		return ret;
	head.snap = (char *)"";
	ret = image_open(&c->s, &head, write, &c->img, &c->f);
	if (ret)
		return ret;
	c->img.spec = &c->spec;
	ret = snap_list_read(&c->img, &snaps, &c->f);
	if (ret)
		return ret;
	*exists = false;
	for (i = 0; i < snaps.n; i++) {
		if (strcmp(snaps.v[i].name, c->spec.snap))
			continue;
		*exists = true;
		*found = snaps.v[i];
		found->name = NULL;
	}
	snap_list_free(&snaps);
	return 0;
}

/* Opens the image for a change of a snapshot that must be there. */
static int open_snap(struct verbctx *c, struct snap_entry *found)
{
	bool exists;
	char *image;
	int ret = open_for(c, !globals.dry_run, &exists, found);

	if (ret || exists)
		return ret;
	image = rbd_spec_format_image(&c->spec);
	fault_set(&c->f, -ENOENT,
		  "there is no snapshot '%s'; 'rbdshare snap ls %s' lists them",
		  c->name, image ? image : "");
	free(image);
	return -ENOENT;
}

static int snap_create(struct verbctx *c, bool yes)
{
	struct snap_entry found;
	bool exists;
	int ret = names_check("snapshot", c->spec.snap, &c->f);

	if (!ret)
		ret = open_for(c, !globals.dry_run, &exists, &found);
	if (ret)
		return ret;
	if (exists)
		return fault_set(
			&c->f, -EEXIST,
			"snapshot '%s' exists already and was not touched",
			c->name);
	if (!globals.dry_run) {
		watchdog_start(QUIESCE_S + 2 * globals.timeout_s,
			       "waiting for the nodes to pause their writes");
		verb_progress_begin(c, 0, "Creating snapshot %s", c->name);
		ret = c->s.door->rbd_snap_create2(c->img.rbd, c->spec.snap, 0,
						  verb_progress_cb, c);
		verb_progress_end(c, ret);
	}
	if (ret)
		return session_fault(&c->s, &c->f, ret, c->spec.pool,
				     "create snapshot '%s'", c->name);
	return snap_result(c, "create", "created");
}

static int snap_rm(struct verbctx *c, bool yes)
{
	struct snap_entry found;
	int ret = open_snap(c, &found);

	if (ret)
		return ret;
	if (found.is_protected)
		return fault_set(
			&c->f, -EBUSY,
			"snapshot '%s' is protected; allow it first with: rbdshare snap unprotect %s",
			c->name, c->name);
	if (!globals.dry_run) {
		verb_progress_begin(c, 0, "Removing snapshot %s", c->name);
		ret = c->s.door->rbd_snap_remove2(c->img.rbd, c->spec.snap, 0,
						  verb_progress_cb, c);
		verb_progress_end(c, ret);
	}
	if (ret)
		return session_fault(&c->s, &c->f, ret, c->spec.pool,
				     "remove snapshot '%s'", c->name);
	return snap_result(c, "remove", "removed");
}

static int rollback_confirm(struct verbctx *c, bool yes)
{
	int ret;

	if (yes || globals.dry_run)
		return 0;
	ret = verb_confirm(
		"All that was written since snapshot %s will be lost.",
		c->name);
	if (ret > 0)
		return 0;
	if (!ret)
		return fault_set(&c->f, -ECANCELED, "nothing was changed");
	return fault_set(
		&c->f, -ECANCELED,
		"rolling back loses all that was written since '%s'; if that is meant, add --yes",
		c->name);
}

static int snap_rollback(struct verbctx *c, bool yes)
{
	struct snap_entry found;
	int ret = open_snap(c, &found);

	if (ret)
		return ret;
	ret = image_refuse_in_use(&c->img, "roll it back", &c->f);
	if (!ret)
		ret = rollback_confirm(c, yes);
	if (!ret)
		ret = image_refuse_in_use(&c->img, "roll it back", &c->f);
	if (ret)
		return ret;
	if (!globals.dry_run) {
		verb_progress_begin(c, c->img.size, "Rolling back to %s",
				    c->name);
		ret = c->s.door->rbd_snap_rollback_with_progress(
			c->img.rbd, c->spec.snap, verb_progress_cb, c);
		verb_progress_end(c, ret);
	}
	if (ret)
		return session_fault(&c->s, &c->f, ret, c->spec.pool,
				     "roll back to '%s'", c->name);
	return snap_result(c, "roll back to", "rolled back to");
}

static int set_protection(struct verbctx *c, bool on)
{
	const char *verb = on ? "protect" : "unprotect";
	struct snap_entry found;
	int ret = open_snap(c, &found);

	if (ret)
		return ret;
	if (!globals.dry_run && found.is_protected != on)
		ret = on ? c->s.door->rbd_snap_protect(c->img.rbd,
						       c->spec.snap) :
			   c->s.door->rbd_snap_unprotect(c->img.rbd,
							 c->spec.snap);
	if (ret == -EBUSY)
		return fault_set(
			&c->f, ret,
			"snapshot '%s' has clones, which need it; see: rbd children %s",
			c->name, c->name);
	if (ret)
		return session_fault(&c->s, &c->f, ret, c->spec.pool,
				     "%s snapshot '%s'", verb, c->name);
	return snap_result(c, verb, on ? "protected" : "unprotected");
}

static int snap_protect(struct verbctx *c, bool yes)
{
	return set_protection(c, true);
}

static int snap_unprotect(struct verbctx *c, bool yes)
{
	return set_protection(c, false);
}

static int list_json(struct verbctx *c, const struct snap_list *snaps)
{
	struct json_object *o = jsonout_new();

	jsonout_string(o, "image", c->name);
	json_object_object_add(o, "snapshots", snap_list_json(snaps));
	return jsonout_print(o);
}

static int list_table(const struct snap_list *snaps)
{
	struct table *t = table_new("ID> NAME SIZE> CREATED PROTECTED");
	char id[24], size[16], when[32];
	size_t i;

	for (i = 0; i < snaps->n; i++) {
		snprintf(id, sizeof(id), "%llu",
			 (unsigned long long)snaps->v[i].id);
		size_format(snaps->v[i].size, size, sizeof(size));
		jsonout_time_format(snaps->v[i].created.tv_sec, when,
				    sizeof(when));
		table_row(t, id, snaps->v[i].name, size, when,
			  snaps->v[i].is_protected ? "yes" : "no");
	}
	return table_print(t, stdout);
}

static int snap_ls(struct verbctx *c, bool yes)
{
	struct snap_list snaps;
	int ret = verb_open(c, false);

	if (!ret)
		ret = snap_list_read(&c->img, &snaps, &c->f);
	if (ret)
		return ret;
	ret = globals.json ? list_json(c, &snaps) : list_table(&snaps);
	snap_list_free(&snaps);
	return ret;
}

static const struct snap_verb {
	const char *name;
	int (*run)(struct verbctx *c, bool yes);
	/* As verb_spec() takes it. */
	int snap;
	bool asks;
} snap_verbs[] = {
	{ "create", snap_create, 2, false },
	{ "ls", snap_ls, 0, false },
	{ "rm", snap_rm, 2, false },
	{ "rollback", snap_rollback, 2, true },
	{ "protect", snap_protect, 2, false },
	{ "unprotect", snap_unprotect, 2, false },
};

#define SNAP_VERBS (sizeof(snap_verbs) / sizeof(snap_verbs[0]))

static const struct snap_verb *find(const char *name, const char **near)
{
	const char *words[SNAP_VERBS];
	size_t i;

	for (i = 0; i < SNAP_VERBS; i++) {
		if (!strcmp(snap_verbs[i].name, name))
			return &snap_verbs[i];
		words[i] = snap_verbs[i].name;
	}
	*near = nearest_word(name, words, SNAP_VERBS);
	return NULL;
}

int cmd_snap(int argc, char **argv)
{
	static const struct option longopts[] = {
		{ "yes", no_argument, NULL, 'y' },
		{ NULL, 0, NULL, 0 },
	};
	const struct snap_verb *v;
	const char *near = NULL;
	struct verbctx c = { 0 };
	bool yes = false;
	int ch, ret;

	if (argc < 2 || *argv[1] == '-')
		return verb_usage(
			"snap",
			"say what: create, ls, rm, rollback, protect or unprotect");
	v = find(argv[1], &near);
	if (!v)
		return verb_usage("snap", "there is no 'snap %.30s'%s%s%s",
				  argv[1], near ? "; did you mean '" : "",
				  near ? near : "", near ? "'?" : "");
	argc--;
	argv++;
	while ((ch = getopt_long(argc, argv, ":", longopts, NULL)) != -1) {
		if (ch != 'y' || !v->asks)
			return verb_bad_option("snap", ch == 'y' ? '?' : ch,
					       argv);
		yes = true;
	}
	if (argc - optind != 1)
		return verb_usage("snap", "%s takes one %s", v->name,
				  v->snap ? "[POOL/]IMAGE@SNAP" :
					    "[POOL/]IMAGE");
	ret = verb_spec(&c, argv[optind], v->snap);
	if (!ret)
		ret = v->run(&c, yes);
	return verb_end(&c, ret);
}
