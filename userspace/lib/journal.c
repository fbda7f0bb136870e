// SPDX-License-Identifier: GPL-2.0
#include "lib/journal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static const char *socket_path(void)
{
	const char *path = secure_getenv("RBDSHARE_JOURNAL_SOCKET");

	return path && *path ? path : "/run/systemd/journal/socket";
}

bool journal_is_stderr(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long dev, ino;
	struct stat st;

	/* A child may have inherited the variable and not the stream. */
	return stream && sscanf(stream, "%llu:%llu", &dev, &ino) == 2 &&
	       !fstat(STDERR_FILENO, &st) && st.st_dev == dev &&
	       st.st_ino == ino;
}

/* A line break would begin the next field. */
static void put(FILE *out, const char *key, const char *value)
{
	fprintf(out, "%s=", key);
	for (; *value; value++)
		fputc(*value == '\n' ? ' ' : *value, out);
	fputc('\n', out);
}

static char *format(int priority, const char *program,
		    const struct journal_fields *fields, const char *text,
		    size_t *len)
{
	char *entry = NULL;
	FILE *out = open_memstream(&entry, len);

	if (!out)
		return NULL;
	put(out, "MESSAGE", text);
	fprintf(out, "PRIORITY=%d\n", priority);
	put(out, "SYSLOG_IDENTIFIER", program);
	if (fields->image)
		put(out, "RBD_IMAGE", fields->image);
	if (fields->device)
		put(out, "RBD_DEVICE", fields->device);
	if (fields->error)
		fprintf(out, "ERRNO=%d\n", abs(fields->error));
	if (fclose(out)) {
		free(entry);
		return NULL;
	}
	return entry;
}

int journal_send(int priority, const char *program,
		 const struct journal_fields *fields, const char *text)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	const char *path = socket_path();
	size_t len = 0;
	char *entry;
	int fd, ret = 0;

	if (strlen(path) >= sizeof(un.sun_path))
		return -ENAMETOOLONG;
	strcpy(un.sun_path, path);
	entry = format(priority, program, fields, text, &len);
	if (!entry)
		return -ENOMEM;
	/* A journal that is stuck must not hold up a boot. */
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || sendto(fd, entry, len, MSG_NOSIGNAL,
			     (struct sockaddr *)&un, sizeof(un)) < 0)
		ret = -errno;
	if (fd >= 0)
		close(fd);
	free(entry);
	return ret;
}
