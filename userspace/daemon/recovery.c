// SPDX-License-Identifier: GPL-2.0
#include "daemon/recovery.h"

#include <stdio.h>
#include <string.h>

#include "daemon/daemon.h"
#include "lib/clock.h"
#include "lib/dlmtree.h"

/* Many locks may take seconds. */
#define LONG_MS 10000

static size_t describe(const struct daemon *d, unsigned int i, char *text,
		       size_t size)
{
	int n = d->recovery.of[i].node;
	int len;

	if (n < 0 || n == d->set.number)
		len = snprintf(text, size, "its locks are still recovered");
	else
		len = snprintf(
			text, size,
			"its recovery waits for node %d (%s): let TCP port 21064 pass between the nodes",
			n, d->set.nodes[n].name);
	return len > 0 && (size_t)len < size ? (size_t)len : 0;
}

static bool is_long(const struct daemon *d, unsigned int i)
{
	long long since = d->recovery.of[i].since_ms;

	return since && clock_ms() - since > LONG_MS;
}

static void look_at(struct daemon *d, unsigned int i)
{
	const struct rbd_core_ls *ls = &d->core->ls[i];
	struct dlmtree tree = { .ops = NULL };
	char text[192];
	int64_t nodeid;

	if (!ls->want || !ls->running ||
	    dlmtree_recovery(&tree, ls->name, &nodeid)) {
		d->recovery.of[i].since_ms = 0;
		d->recovery.of[i].told = false;
		return;
	}
	if (!d->recovery.of[i].since_ms)
		d->recovery.of[i].since_ms = clock_ms();
	d->recovery.of[i].node = nodeid > 0 && nodeid <= RBD_VIEW_MAX_NODES ?
					 (int)nodeid - 1 :
					 -1;
	if (!is_long(d, i) || d->recovery.of[i].told)
		return;
	d->recovery.of[i].told = true;
	describe(d, i, text, sizeof(text));
	diary_note(d, d->set.number, "lockspace %s: %s", ls->name, text);
}

void recovery_look(struct daemon *d)
{
	unsigned int i;

	for (i = 0; i < RBD_VIEW_MAX_LOCKSPACES; i++)
		look_at(d, i);
}

size_t recovery_waits(const struct daemon *d, const char *lockspace, char *text,
		      size_t size)
{
	unsigned int i;

	for (i = 0; i < RBD_VIEW_MAX_LOCKSPACES; i++)
		if (d->core->ls[i].want && is_long(d, i) &&
		    !strcmp(d->core->ls[i].name, lockspace))
			return describe(d, i, text, size);
	return 0;
}
