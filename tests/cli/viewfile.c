// SPDX-License-Identifier: GPL-2.0
/*
 * A view of cluster "alpha" as the bytes of its object: node 0 is there, node 1
 * has been fenced.
 *
 * usage: viewfile fencing | fenced | retired | twice
 *	how far the fence of node 1 is; twice: one is retired, one is not
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "view_codec.h"
#include "viewsample.h"

static void need(const char *refused)
{
	if (!refused)
		return;
	fprintf(stderr, "viewfile: %s\n", refused);
	exit(1);
}

static void fence(struct rbd_view *v, u64 incarnation)
{
	need(rbd_view_condemn(v, 1, incarnation, 0, RBD_ACCUSED_ADMIN,
			      "for the test"));
}

static void prove(struct rbd_view *v, u64 incarnation)
{
	need(rbd_view_fenced(v, 1, incarnation, 2, 12));
}

static void come_back(struct rbd_view *v, u64 incarnation)
{
	struct rbd_instance client = { .nonce = (u32)incarnation,
				       .addr = { .family = 4,
						 .ip = { 10, 0, 0, 1 } } };
	struct rbd_node_id id;

	sample_id(&id, 1, incarnation);
	need(rbd_view_register(v, &id, &client, 1));
}

static void make(struct rbd_view *v, const char *what)
{
	sample_view(v, 2);
	fence(v, 101);
	if (!strcmp(what, "fencing"))
		return;
	prove(v, 101);
	if (!strcmp(what, "fenced"))
		return;
	come_back(v, 301);
	need(rbd_view_fence_retire(v, 1, 101));
	if (strcmp(what, "twice"))
		return;
	fence(v, 301);
}

int main(int argc, char **argv)
{
	static unsigned char body[RBD_VIEW_MAX_BYTES];
	static struct rbd_view v;
	ssize_t len;

	if (argc != 2)
		return 1;
	make(&v, argv[1]);
	len = rbd_view_encode(&v, body, sizeof(body));
	if (len < 0 || fwrite(body, 1, (size_t)len, stdout) != (size_t)len)
		return 1;
	return fflush(stdout) ? 1 : 0;
}
