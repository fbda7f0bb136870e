// SPDX-License-Identifier: GPL-2.0
#include "lib/sockport.h"

#include <netinet/in.h>

socklen_t sockport(const struct sockaddr_storage *addr, unsigned short port,
		   struct sockaddr_storage *out)
{
	*out = *addr;
	if (addr->ss_family == AF_INET6) {
		((struct sockaddr_in6 *)out)->sin6_port = htons(port);
		return sizeof(struct sockaddr_in6);
	}
	((struct sockaddr_in *)out)->sin_port = htons(port);
	return sizeof(struct sockaddr_in);
}
