// SPDX-License-Identifier: GPL-2.0
#include "daemon/reload.h"

#include <stdio.h>
#include <string.h>

#include "daemon/admission.h"
#include "daemon/daemon.h"
#include "lib/nodechange.h"

/* Too much for a stack that is not to grow. */
static struct nodesettings fresh;
static struct nodesettings_node members[NODESETTINGS_NODES];

/* As the view has them, and so all others. */
static void take_members(struct daemon *d)
{
	unsigned int n;

	memset(members, 0, sizeof(members));
	for (n = 0; n < NODESETTINGS_NODES; n++) {
		const struct rbd_view_member *m = rbd_view_peek(&d->core->view,
								n);

		if (!rbd_member_is_in(m))
			continue;
		snprintf(members[n].name, sizeof(members[n].name), "%s",
			 m->name);
		if (m->address.family == 4)
			memcpy(&members[n].ip, m->address.ip,
			       sizeof(members[n].ip));
	}
}

/* Only the nodes: other parts keep pointers to the strings in there. */
static int take(struct daemon *d, const struct nodechange *c, struct fault *f)
{
	char text[NODECHANGE_TEXT];

	if (!nodechange_any(c))
		return fault_set(f, 0, "cluster.conf has the same nodes still");
	nodechange_text(c, &d->set, &fresh, text);
	memcpy(d->set.nodes, fresh.nodes, sizeof(d->set.nodes));
	d->set.config_hash = fresh.config_hash;
	diary_note(d, d->set.number, "cluster.conf was read anew: %s", text);
	/* The others see by the next heartbeat which file we have. */
	admission_show(d);
	heart_kick(d);
	return fault_set(f, 1, "cluster.conf was read anew: %s", text);
}

int reload(struct daemon *d, struct fault *f)
{
	struct nodechange c;
	int err = nodesettings_load(&fresh, f);

	if (err)
		return err;
	take_members(d);
	err = nodechange_find(&d->set, &fresh, members, &c, f);
	err = err ?: heart_nodes(d, &fresh, f);
	err = err ?: take(d, &c, f);
	nodesettings_free(&fresh);
	return err;
}
