// SPDX-License-Identifier: GPL-2.0
#include "lib/fdstore.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Where systemd puts the first one. */
#define FIRST_FD 3

static socklen_t notify_address(struct sockaddr_un *un)
{
	const char *path = getenv("NOTIFY_SOCKET");
	size_t n = path ? strlen(path) : 0;

	if (!n || n >= sizeof(un->sun_path))
		return 0;
	memset(un, 0, sizeof(*un));
	un->sun_family = AF_UNIX;
	memcpy(un->sun_path, path, n);
	/* '@' stands for the abstract namespace. */
	if (un->sun_path[0] == '@')
		un->sun_path[0] = '\0';
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n);
}

/* @fd: to be passed along, or -1 */
static int send_text(const char *text, int fd)
{
	char control[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec text_io = { (char *)text, strlen(text) };
	struct msghdr m = { .msg_iov = &text_io, .msg_iovlen = 1 };
	struct sockaddr_un un;
	struct cmsghdr *c;
	int s, ret = 0;

	m.msg_name = &un;
	m.msg_namelen = notify_address(&un);
	if (!m.msg_namelen)
		return 0;
	if (fd >= 0) {
		m.msg_control = control;
		m.msg_controllen = sizeof(control);
		c = CMSG_FIRSTHDR(&m);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	}
	s = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (s < 0)
		return -errno;
	if (sendmsg(s, &m, MSG_NOSIGNAL) < 0)
		ret = -errno;
	close(s);
	return ret;
}

int fdstore_notify(const char *text)
{
	return send_text(text, -1);
}

int fdstore_forget(const char *name)
{
	char text[128];

	snprintf(text, sizeof(text), "FDSTOREREMOVE=1\nFDNAME=%s", name);
	return send_text(text, -1);
}

int fdstore_keep(const char *name, int fd)
{
	char text[128];
	int ret = fdstore_forget(name);

	snprintf(text, sizeof(text), "FDSTORE=1\nFDNAME=%s", name);
	return ret ?: send_text(text, fd);
}

int fdstore_take(const char *name)
{
	const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
	const char *names = getenv("LISTEN_FDNAMES");
	int i, n = count ? atoi(count) : 0;
	size_t len;

	/* They are somebody else's when they were inherited by accident. */
	if (!pid || atol(pid) != (long)getpid() || !names)
		return -ENOENT;
	for (i = 0; i < n; i++) {
		len = strcspn(names, ":");
		if (len == strlen(name) && !strncmp(names, name, len)) {
			fcntl(FIRST_FD + i, F_SETFD, FD_CLOEXEC);
			return FIRST_FD + i;
		}
		names += len + (names[len] == ':');
	}
	return -ENOENT;
}
