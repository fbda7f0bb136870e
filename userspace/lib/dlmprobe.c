// SPDX-License-Identifier: GPL-2.0
#include "lib/dlmprobe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <unistd.h>

#include "lib/sockport.h"

int dlmprobe_start(const struct sockaddr_storage *from,
		   const struct sockaddr_storage *to, unsigned short port)
{
	struct sockaddr_storage a, b;
	socklen_t a_len = sockport(from, 0, &a), b_len = sockport(to, port, &b);
	int fd, err;

	fd = socket(to->ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
		    0);
	if (fd < 0)
		return -errno;
	if (bind(fd, (struct sockaddr *)&a, a_len)) {
		err = -errno;
		close(fd);
		return err;
	}
	/* An error that comes at once is kept for dlmprobe_look(). */
	if (!connect(fd, (struct sockaddr *)&b, b_len) ||
	    errno == EINPROGRESS || errno == ECONNREFUSED)
		return fd;
	err = -errno;
	close(fd);
	return err;
}

enum dlmprobe_result dlmprobe_look(int fd, bool over)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	struct sockaddr_storage peer;
	socklen_t len = sizeof(int);
	int err = 0;

	if (poll(&p, 1, 0) != 1)
		return over ? DLMPROBE_BLOCKED : DLMPROBE_WAIT;
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len);
	len = sizeof(peer);
	if (!err && !getpeername(fd, (struct sockaddr *)&peer, &len))
		return DLMPROBE_OPEN;
	/* The error may have been told by connect() already. */
	return !err || err == ECONNREFUSED ? DLMPROBE_REFUSED :
					     DLMPROBE_BLOCKED;
}
