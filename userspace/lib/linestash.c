// SPDX-License-Identifier: GPL-2.0
#include "lib/linestash.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "lib/slurp.h"

int linestash_put(const char *path, size_t max, const char *line)
{
	struct iovec parts[2] = { { (void *)line, strlen(line) },
				  { (void *)"\n", 1 } };
	size_t len = parts[0].iov_len + 1;
	struct stat st;
	int err = 0;
	int fd = open(path,
		      O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
		      0600);

	if (fd < 0 || fstat(fd, &st))
		err = -errno;
	else if ((size_t)st.st_size + len > max)
		err = -EFBIG;
	else if (writev(fd, parts, 2) != (ssize_t)len)
		err = -EIO;
	if (fd >= 0)
		close(fd);
	return err;
}

void linestash_take(const char *path, size_t max,
		    void (*each)(void *arg, const char *line), void *arg)
{
	char *text, *line, *save = NULL;
	int err = slurp_file(path, max, &text, NULL);

	if (err == -ENOENT)
		return;
	unlink(path);
	if (err)
		return;
	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		each(arg, line);
	free(text);
}
