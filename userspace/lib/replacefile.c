// SPDX-License-Identifier: GPL-2.0
#include "lib/replacefile.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* The folder of a path; the caller frees. */
static char *folder_of(const char *path)
{
	char *copy = strdup(path), *dir;

	if (!copy)
		return NULL;
	dir = strdup(dirname(copy));
	free(copy);
	return dir;
}

static int open_folder(const char *path, struct fault *f)
{
	char *dir = folder_of(path);
	int fd;

	if (!dir)
		return -ENOMEM;
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT && !mkdir(dir, 0755))
		fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		fd = fault_file(f, -errno, "open the folder", dir);
	free(dir);
	return fd;
}

int replacefile_lock(const char *path, struct fault *f)
{
	int err, fd = open_folder(path, f);

	if (fd < 0)
		return fd;
	while (flock(fd, LOCK_EX)) {
		if (errno == EINTR)
			continue;
		err = -errno;
		close(fd);
		return fault_set(f, err, "cannot lock the folder of %s: %s",
				 path, strerror(-err));
	}
	return fd;
}

static int write_all(int fd, const char *text, size_t len)
{
	ssize_t n;

	while (len) {
		n = write(fd, text, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		text += n;
		len -= n;
	}
	return 0;
}

/* As the umask has it. Another thread's file may be too private meanwhile. */
static mode_t mode_of_new(void)
{
	mode_t mask = umask(077);

	umask(mask);
	return 0644 & ~mask;
}

/* Mode and owner of the file that goes, or those of a new one. */
static int take_over(int fd, const char *path)
{
	struct stat st;

	if (stat(path, &st))
		return errno == ENOENT && !fchmod(fd, mode_of_new()) ? 0 :
								       -errno;
	if (fchown(fd, st.st_uid, st.st_gid) &&
	    (geteuid() == 0 || st.st_uid != geteuid()))
		return -errno;
	return fchmod(fd, st.st_mode & 07777) ? -errno : 0;
}

static int fill_and_rename(int fd, const char *temp, const char *path,
			   const char *text, size_t len)
{
	int ret = take_over(fd, path);

	if (!ret)
		ret = write_all(fd, text, len);
	if (!ret && fsync(fd))
		ret = -errno;
	if (close(fd) && !ret)
		ret = -errno;
	if (!ret && rename(temp, path))
		ret = -errno;
	if (ret)
		unlink(temp);
	return ret;
}

static int replace(const char *path, const char *text, size_t len)
{
	char *temp;
	int fd, ret;

	if (asprintf(&temp, "%s.XXXXXX", path) < 0)
		return -ENOMEM;
	fd = mkostemp(temp, O_CLOEXEC);
	ret = fd < 0 ? -errno : fill_and_rename(fd, temp, path, text, len);
	free(temp);
	return ret;
}

int replacefile_write(const char *path, const char *text, size_t len,
		      struct fault *f)
{
	char *real = realpath(path, NULL);
	int dir, ret;

	if (!real && errno != ENOENT)
		return fault_file(f, -errno, "find", path);
	if (!real)
		real = strdup(path);
	if (!real)
		return -ENOMEM;
	dir = open_folder(real, f);
	if (dir < 0) {
		free(real);
		return dir;
	}
	ret = replace(real, text, len);
	if (!ret && fsync(dir) && errno != EINVAL)
		ret = -errno;
	if (ret)
		fault_file(f, ret, "write", real);
	close(dir);
	free(real);
	return ret;
}
