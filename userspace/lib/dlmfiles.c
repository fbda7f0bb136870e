// SPDX-License-Identifier: GPL-2.0
#include "lib/dlmfiles.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/slurp.h"

static int full_path(void *ctx, const char *path, char buf[PATH_MAX])
{
	const char *root = ctx ? ctx : "";
	int n = snprintf(buf, PATH_MAX, "%s%s", root, path);

	return n < PATH_MAX ? 0 : -ENAMETOOLONG;
}

static int files_make(void *ctx, const char *path)
{
	char full[PATH_MAX];
	int ret = full_path(ctx, path, full);

	if (ret)
		return ret;
	return mkdir(full, 0755) ? -errno : 0;
}

/* configfs takes its own files away with the folder. */
static int files_remove(void *ctx, const char *path)
{
	char full[PATH_MAX];
	int ret = full_path(ctx, path, full);

	if (ret)
		return ret;
	return rmdir(full) ? -errno : 0;
}

static int files_write(void *ctx, const char *path, const void *buf, size_t len)
{
	char full[PATH_MAX];
	int fd, ret = full_path(ctx, path, full);
	ssize_t n;

	if (ret)
		return ret;
	fd = open(full, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	/* Not repeated after a signal: a part of it may have had effect. */
	n = write(fd, buf, len);
	if (n < 0)
		ret = -errno;
	else if ((size_t)n != len)
		ret = -EIO;
	close(fd);
	return ret;
}

static int files_read(void *ctx, const char *path, char *buf, size_t size)
{
	char full[PATH_MAX];
	int ret = full_path(ctx, path, full);

	return ret ?: slurp_line(full, buf, size);
}

static int files_list(void *ctx, const char *path,
		      int (*each)(void *arg, const char *name), void *arg)
{
	char full[PATH_MAX];
	int ret = full_path(ctx, path, full);
	struct dirent *e;
	DIR *dir;

	if (ret)
		return ret;
	dir = opendir(full);
	if (!dir)
		return -errno;
	while (!ret && (e = readdir(dir)))
		if (e->d_name[0] != '.')
			ret = each(arg, e->d_name);
	closedir(dir);
	return ret;
}

const struct dlmtree_ops dlmfiles_ops = {
	.make = files_make,
	.remove = files_remove,
	.write = files_write,
	.read = files_read,
	.list = files_list,
};
