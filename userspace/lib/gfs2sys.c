// SPDX-License-Identifier: GPL-2.0
#include "lib/gfs2sys.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/krbd.h"
#include "lib/slurp.h"

static bool read_flag(const char *table, const char *file)
{
	char *path = krbd_sysfs_path("fs/gfs2/%s/%s", table, file);
	unsigned long long value = 0;

	if (path)
		slurp_u64(path, &value);
	free(path);
	return value != 0;
}

/* The device's name is the last part of where a link leads. */
static bool find_device(const char *table, unsigned int *device)
{
	char *path = krbd_sysfs_path("fs/gfs2/%s/device", table);
	char target[PATH_MAX];
	const char *name;
	ssize_t n = path ? readlink(path, target, sizeof(target) - 1) : -1;
	int end = 0;

	free(path);
	if (n < 0)
		return false;
	target[n] = '\0';
	name = strrchr(target, '/');
	name = name ? name + 1 : target;
	return sscanf(name, "rbd%u%n", device, &end) == 1 && !name[end];
}

static bool has_dlm(const char *table)
{
	char *path = krbd_sysfs_path("fs/gfs2/%s/lock_module/proto_name",
				     table);
	char name[32] = "";

	if (path)
		slurp_line(path, name, sizeof(name));
	free(path);
	return !strcmp(name, "lock_dlm");
}

static bool look_at(const char *table, struct gfs2sys *fs)
{
	const char *colon = strchr(table, ':');

	if (!colon || strlen(table) >= sizeof(fs->table) || !has_dlm(table) ||
	    !find_device(table, &fs->device))
		return false;
	strcpy(fs->table, table);
	fs->lockspace = fs->table + (colon - table) + 1;
	fs->withdrawn = read_flag(table, "withdraw");
	fs->acked = read_flag(table, "lock_module/withdraw");
	return true;
}

size_t gfs2sys_list(struct gfs2sys *v, size_t max)
{
	char *path = krbd_sysfs_path("fs/gfs2");
	DIR *dir = path ? opendir(path) : NULL;
	struct dirent *e;
	size_t n = 0;

	free(path);
	while (dir && n < max && (e = readdir(dir)))
		if (look_at(e->d_name, &v[n]))
			n++;
	if (dir)
		closedir(dir);
	return n;
}

static int put_one(const char *path)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int err = fd < 0 || write(fd, "1\n", 2) != 2 ? -errno : 0;

	if (fd >= 0)
		close(fd);
	return err;
}

int gfs2sys_ack(const struct gfs2sys *fs)
{
	char *path = krbd_sysfs_path("fs/gfs2/%s/lock_module/withdraw",
				     fs->table);
	int err = path ? put_one(path) : -ENOMEM;

	free(path);
	return err;
}
