// SPDX-License-Identifier: GPL-2.0
#include "lib/dlmuevent.h"

#include <errno.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Multicast group of the kernel itself; 2 is udev's. */
#define KERNEL_GROUP 1
#define RECEIVE_BUFFER (1 << 20)
#define MESSAGE_MAX 8192

int dlmuevent_open(void)
{
	struct sockaddr_nl nl = { .nl_family = AF_NETLINK,
				  .nl_groups = KERNEL_GROUP };
	int size = RECEIVE_BUFFER, fd, err;

	fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
		    NETLINK_KOBJECT_UEVENT);
	if (fd < 0)
		return -errno;
	/* Only a wish: what is lost is noticed and looked for. */
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (!bind(fd, (struct sockaddr *)&nl, sizeof(nl)))
		return fd;
	err = -errno;
	close(fd);
	return err;
}

/* When @field is "KEY=value" of that key, @value becomes its value. */
static void take_value(const char *field, const char *key, const char **value)
{
	size_t n = strlen(key);

	if (!strncmp(field, key, n) && field[n] == '=')
		*value = field + n + 1;
}

static int check(const char *subsystem, const char *action, const char *devpath,
		 const char *name, struct dlmuevent *out)
{
	if (!subsystem || strcmp(subsystem, "dlm") || !action)
		return -ENOENT;
	/* Old kernels do not name it, but the path ends with it. */
	if (!name && devpath && strrchr(devpath, '/'))
		name = strrchr(devpath, '/') + 1;
	out->online = !strcmp(action, "online");
	if (!out->online && strcmp(action, "offline"))
		return -ENOENT;
	if (!name || !dlmtree_name_ok(name))
		return -EBADMSG;
	strcpy(out->lockspace, name);
	return 0;
}

int dlmuevent_parse(const char *buf, size_t len, struct dlmuevent *out)
{
	const char *subsystem = NULL, *action = NULL, *path = NULL;
	const char *name = NULL, *release = NULL, *p;

	memset(out, 0, sizeof(*out));
	if (!len || buf[len - 1])
		return -EBADMSG;
	for (p = buf; p < buf + len; p += strlen(p) + 1) {
		take_value(p, "SUBSYSTEM", &subsystem);
		take_value(p, "ACTION", &action);
		take_value(p, "DEVPATH", &path);
		take_value(p, "LOCKSPACE", &name);
		take_value(p, "RELEASE_RECOVER", &release);
	}
	out->release_recover = release && strcmp(release, "0");
	return check(subsystem, action, path, name, out);
}

int dlmuevent_read(int fd, struct dlmuevent *out)
{
	struct sockaddr_nl from;
	char buf[MESSAGE_MAX];
	socklen_t size;
	ssize_t n;

	for (;;) {
		size = sizeof(from);
		n = recvfrom(fd, buf, sizeof(buf), 0, (struct sockaddr *)&from,
			     &size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		/* Any process may send to us; the kernel has number 0. */
		if (size != sizeof(from) || from.nl_pid)
			continue;
		if (!dlmuevent_parse(buf, (size_t)n, out))
			return 0;
	}
}
