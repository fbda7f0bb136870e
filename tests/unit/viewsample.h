/* SPDX-License-Identifier: GPL-2.0 */
/* Views for tests: nodes "n0", "n1", ... each with two clients of Ceph. */
#ifndef TEST_VIEWSAMPLE_H
#define TEST_VIEWSAMPLE_H

#include <stdio.h>
#include <string.h>

#include "view.h"
#include "view_fence.h"
#include "view_lockspace.h"
#include "view_member.h"

static inline struct rbd_instance sample_instance(unsigned int n,
						  unsigned int k)
{
	struct rbd_instance i = { .nonce = n * 100 + k + 1,
				  .addr = { .family = 4,
					    .ip = { 10, 0, 0, (u8)n } } };

	return i;
}

static inline void sample_id(struct rbd_node_id *id, unsigned int n,
			     u64 incarnation)
{
	memset(id, 0, sizeof(*id));
	id->number = (u16)n;
	id->weight = 1;
	id->incarnation = incarnation;
	id->boot_id[0] = (u8)incarnation;
	id->address.family = 4;
	id->address.ip[3] = (u8)n;
	snprintf(id->name, sizeof(id->name), "n%u", n);
}

static inline const char *sample_register(struct rbd_view *v, unsigned int n,
					  u64 incarnation)
{
	struct rbd_instance clients[2] = { sample_instance(n, 0),
					   sample_instance(n, 1) };
	struct rbd_node_id id;

	sample_id(&id, n, incarnation);
	return rbd_view_register(v, &id, clients, 2);
}

/* Numbers 0 to @count - 1, ACTIVE, incarnation 100 + number. */
static inline void sample_view(struct rbd_view *v, unsigned int count)
{
	unsigned int n;

	rbd_view_init(v, "alpha", 10000, 45000);
	v->seq = 7;
	for (n = 0; n < count; n++) {
		sample_register(v, n, 100 + n);
		rbd_view_activate(v, n, 100 + n);
	}
}

#endif
