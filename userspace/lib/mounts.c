// SPDX-License-Identifier: GPL-2.0
#include "lib/mounts.h"

#include <blkid.h>
#include <errno.h>
#include <libmount.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/holders.h"

static int add(struct mountlist *list, struct libmnt_fs *fs,
	       const char *options)
{
	const char *source = mnt_fs_get_source(fs);
	const char *target = mnt_fs_get_target(fs);
	const char *type = mnt_fs_get_fstype(fs);
	struct mountline *bigger, *m;

	bigger = realloc(list->v, (list->n + 1) * sizeof(*bigger));
	if (!bigger)
		return -ENOMEM;
	list->v = bigger;
	m = &bigger[list->n++];
	m->source = strdup(source ? source : "");
	m->target = strdup(target ? target : "");
	m->type = strdup(type ? type : "auto");
	m->options = strdup(options ? options : "");
	return m->source && m->target && m->type && m->options ? 0 : -ENOMEM;
}

void mountlist_free(struct mountlist *list)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		free(list->v[i].source);
		free(list->v[i].target);
		free(list->v[i].type);
		free(list->v[i].options);
	}
	free(list->v);
	memset(list, 0, sizeof(*list));
}

/* By device number, or by source where a filesystem makes up its own. */
static bool fs_on_tree(struct libmnt_fs *fs, const struct blktree *tree)
{
	const char *source = mnt_fs_get_srcpath(fs);
	size_t i;

	for (i = 0; i < tree->n; i++) {
		if (mnt_fs_get_devno(fs) == tree->devno[i])
			return true;
		if (source && !strncmp(source, "/dev/", 5) &&
		    !strcmp(source + 5, tree->name[i]))
			return true;
	}
	return false;
}

int mounts_on_tree(const struct blktree *tree, struct mountlist *list)
{
	struct libmnt_table *tb = mnt_new_table();
	struct libmnt_iter *it = mnt_new_iter(MNT_ITER_BACKWARD);
	struct libmnt_fs *fs;
	int ret = tb && it ? 0 : -ENOMEM;

	memset(list, 0, sizeof(*list));
	if (!ret)
		ret = mnt_table_parse_file(tb, "/proc/self/mountinfo");
	while (!ret && !mnt_table_next_fs(tb, it, &fs))
		if (fs_on_tree(fs, tree))
			ret = add(list, fs, NULL);
	mnt_free_iter(it);
	mnt_unref_table(tb);
	if (ret)
		mountlist_free(list);
	return ret;
}

int mounts_on_device(unsigned int id, struct mountlist *list)
{
	struct blktree tree;
	int ret = blktree_read(id, &tree);

	memset(list, 0, sizeof(*list));
	if (ret)
		return ret;
	ret = mounts_on_tree(&tree, list);
	blktree_free(&tree);
	return ret;
}

bool mounts_is_cluster(const struct mountline *m)
{
	return !strcmp(m->type, "ocfs2") || !strcmp(m->type, "gfs2");
}

bool mounts_is_network(const struct mountline *m)
{
	return mounts_is_cluster(m) || mounts_has_option(m, "_netdev");
}

int mounts_fstab(const char *path, struct mountlist *list, struct fault *f)
{
	struct libmnt_table *tb = mnt_new_table();
	struct libmnt_iter *it = mnt_new_iter(MNT_ITER_FORWARD);
	struct libmnt_fs *fs;
	int ret = tb && it ? 0 : -ENOMEM;

	memset(list, 0, sizeof(*list));
	if (!path)
		path = "/etc/fstab";
	if (!ret) {
		ret = mnt_table_parse_fstab(tb, path);
		if (ret == -ENOENT || (ret > 0 && errno == ENOENT))
			ret = 0;
		else if (ret)
			ret = fault_set(
				f, -EINVAL,
				"cannot parse %s; see 'findmnt --verify'",
				path);
	}
	while (!ret && !mnt_table_next_fs(tb, it, &fs)) {
		const char *target = mnt_fs_get_target(fs);

		if (!mnt_fs_is_swaparea(fs) && target && *target == '/')
			ret = add(list, fs, mnt_fs_get_options(fs));
	}
	mnt_free_iter(it);
	mnt_unref_table(tb);
	if (ret)
		mountlist_free(list);
	return ret;
}

bool mounts_has_option(const struct mountline *m, const char *option)
{
	char *value;
	size_t len;

	return !mnt_optstr_get_option(m->options, option, &value, &len);
}

bool mounts_source_in_tree(const struct mountline *m,
			   const struct blktree *tree)
{
	struct stat st;
	char *path = NULL;
	bool hit = false;
	size_t i;

	if (*m->source == '/')
		path = strdup(m->source);
	else if (strchr(m->source, '='))
		path = blkid_evaluate_spec(m->source, NULL);
	if (path && !stat(path, &st) && S_ISBLK(st.st_mode))
		for (i = 0; i < tree->n && !hit; i++)
			hit = st.st_rdev == tree->devno[i];
	free(path);
	return hit;
}

bool mounts_is_active(const struct mountline *m, const struct blktree *tree)
{
	struct mountlist list;
	bool active = false;
	size_t i;

	if (mounts_on_tree(tree, &list))
		return false;
	for (i = 0; i < list.n && !active; i++)
		active = !strcmp(list.v[i].target, m->target);
	mountlist_free(&list);
	return active;
}

/* What libmount's result and the helper's exit code say, in words. */
static int result(struct libmnt_context *cxt, int rc, const char *what,
		  const char *target, struct fault *f)
{
	char text[512] = "";
	int err;

	if (!mnt_context_get_excode(cxt, rc, text, sizeof(text)))
		return 0;
	err = mnt_context_syscall_called(cxt) ?
		      mnt_context_get_syscall_errno(cxt) :
		      0;
	if (!err)
		err = rc < 0 ? -rc : EIO;
	if (mnt_context_helper_executed(cxt))
		return fault_set(
			f, -err,
			"cannot %s %s: its helper program failed with status %d; to see why, run: %s %s",
			what, target, mnt_context_get_helper_status(cxt),
			*what == 'u' ? "umount" : "mount", target);
	return fault_set(f, -err, "cannot %s %s: %s", what, target,
			 *text ? text : strerror(err));
}

int mounts_mount(const struct mountline *m, struct fault *f)
{
	struct libmnt_context *cxt = mnt_new_context();
	int ret = cxt ? 0 : -ENOMEM;

	if (!ret)
		ret = mnt_context_set_source(cxt, m->source);
	if (!ret)
		ret = mnt_context_set_target(cxt, m->target);
	if (!ret)
		ret = mnt_context_set_fstype(cxt, m->type);
	if (!ret)
		ret = mnt_context_set_options(cxt, m->options);
	if (ret)
		fault_set(f, ret, "cannot prepare to mount %s: %s", m->target,
			  strerror(-ret));
	else
		ret = result(cxt, mnt_context_mount(cxt), "mount", m->target,
			     f);
	mnt_free_context(cxt);
	return ret;
}

int mounts_umount(const char *target, struct fault *f)
{
	struct libmnt_context *cxt = mnt_new_context();
	int ret = cxt ? mnt_context_set_target(cxt, target) : -ENOMEM;

	/* The path itself may hang on a dead filesystem. */
	if (!ret)
		ret = mnt_context_disable_canonicalize(cxt, 1);
	if (ret)
		fault_set(f, ret, "cannot prepare to unmount %s: %s", target,
			  strerror(-ret));
	else
		ret = result(cxt, mnt_context_umount(cxt), "unmount", target,
			     f);
	mnt_free_context(cxt);
	return ret;
}
