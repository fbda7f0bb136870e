// SPDX-License-Identifier: GPL-2.0
#include "lib/slurp.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Reads up to size bytes; sysfs and pipes may give them in pieces. */
static ssize_t read_up_to(int fd, char *buf, size_t size)
{
	size_t n = 0;
	ssize_t got;

	while (n < size) {
		got = read(fd, buf + n, size - n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (!got)
			break;
		n += got;
	}
	return n;
}

int slurp_file(const char *path, size_t max, char **text, size_t *len)
{
	size_t size = 4096;
	char *buf = NULL, *bigger;
	ssize_t got, total = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	for (;;) {
		bigger = realloc(buf, size + 1);
		if (!bigger) {
			total = -ENOMEM;
			break;
		}
		buf = bigger;
		got = read_up_to(fd, buf + total, size - total);
		if (got < 0) {
			total = got;
			break;
		}
		total += got;
		if ((size_t)total < size)
			break;
		if (size > max)
			break;
		size *= 2;
	}
	close(fd);
	if (total >= 0 && (size_t)total > max)
		total = -EFBIG;
	if (total < 0) {
		free(buf);
		return total;
	}
	buf[total] = '\0';
	*text = buf;
	if (len)
		*len = total;
	return 0;
}

int slurp_line(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got;
	size_t n;

	buf[0] = '\0';
	if (fd < 0)
		return -errno;
	got = read_up_to(fd, buf, size);
	close(fd);
	if (got < 0) {
		buf[0] = '\0';
		return got;
	}
	for (n = 0; n < (size_t)got && buf[n] && buf[n] != '\n'; n++)
		;
	if (n == size) {
		buf[0] = '\0';
		return -EOVERFLOW;
	}
	buf[n] = '\0';
	return 0;
}

int slurp_u64(const char *path, unsigned long long *value)
{
	char text[64], *end;
	int ret = slurp_line(path, text, sizeof(text));

	if (ret)
		return ret;
	if (text[0] < '0' || text[0] > '9')
		return -EINVAL;
	errno = 0;
	*value = strtoull(text, &end, 10);
	return errno || *end ? -EINVAL : 0;
}
