// SPDX-License-Identifier: GPL-2.0
/*
 * Keeps an OSD from taking in new maps, at will, and looks at an object of it
 * meanwhile.
 *
 * usage: mapholder POOL OBJECT OSD_PID
 *
 * Commands on standard input, each answered by one line:
 *   hold   the OSD takes in no map that is newer            "held"
 *   go     it does again                                    "goes on"
 *   look   what is in OBJECT, nothing if there is none      its SHA-256
 *
 * OBJECT is read by a client that keeps the map it had at first: one with a
 * newer map would be made to wait until the OSD has that too. It stays with it
 * as long as it talks to no other OSD, so OBJECT's primary must be this one.
 */
#include <errno.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "connect.h"
#include "threadfreeze.h"

#define MOST (4U << 20)

static void look(rados_ioctx_t io, const char *object)
{
	static char content[MOST];
	unsigned char sum[SHA256_DIGEST_LENGTH];
	int i, ret = rados_read(io, object, content, sizeof(content), 0);

	if (ret == -ENOENT)
		ret = 0;
	if (ret < 0)
		connect_die("object '%s' cannot be read: %s", object,
			    strerror(-ret));
	SHA256((unsigned char *)content, (size_t)ret, sum);
	for (i = 0; i < SHA256_DIGEST_LENGTH; i++)
		printf("%02x", sum[i]);
	putchar('\n');
}

int main(int argc, char **argv)
{
	struct threadfreeze held = { .n = 0 };
	struct session s;
	rados_ioctx_t io;
	char line[16];

	if (argc != 4)
		connect_die("usage: mapholder POOL OBJECT OSD_PID");
	setlinebuf(stdout);
	connect_client(&s, 30);
	io = connect_pool(&s, argv[1]);
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		if (!strcmp(line, "hold") && !held.n) {
			threadfreeze_stop(&held, atoi(argv[3]), "ms_dispatch");
			puts("held");
		} else if (!strcmp(line, "go")) {
			threadfreeze_go(&held);
			puts("goes on");
		} else if (!strcmp(line, "look")) {
			look(io, argv[2]);
		} else {
			connect_die("'%s' is no command, or not now", line);
		}
	}
	threadfreeze_go(&held);
	fflush(NULL);
	/* No exit handlers: the library's threads still run. */
	_Exit(0);
}
