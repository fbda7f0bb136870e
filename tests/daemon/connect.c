// SPDX-License-Identifier: GPL-2.0
#include "connect.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/watchdog.h"

void connect_die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	fflush(NULL);
	/* No exit handlers: the library's threads still run. */
	_exit(1);
}

void connect_client(struct session *s, unsigned int timeout_s)
{
	struct session_options *o = calloc(1, sizeof(*o));
	struct fault f = { "" };

	if (!o)
		connect_die("out of memory");
	o->name = getenv("TEST_CLIENT") ?: "client.admin";
	o->keyring = getenv("TEST_KEYRING");
	o->timeout_s = timeout_s;
	if (session_open(s, o, &f))
		connect_die("%s", f.text);
	watchdog_stop();
}

rados_ioctx_t connect_pool(struct session *s, const char *pool)
{
	struct fault f = { "" };
	rados_ioctx_t io;

	if (session_pool(s, pool, NULL, &io, &f))
		connect_die("%s", f.text);
	return io;
}

struct clientaddr connect_address(struct session *s)
{
	struct clientaddr a;
	char *text;

	if (s->door->rados_getaddrs(s->cluster, &text))
		connect_die("librados does not tell its address");
	if (clientaddr_parse_list(text, &a))
		connect_die("'%s' is no address of a client", text);
	free(text);
	return a;
}
