/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What new settings change for a cluster that runs, and whether they may.
 *
 * Nodes that take part are as they joined: whoever has another list of nodes
 * would look for them in vain. All others may come, change and go.
 */
#ifndef RBDSHARE_LIB_NODECHANGE_H
#define RBDSHARE_LIB_NODECHANGE_H

#include "lib/nodesettings.h"
#include "nodeset.h"

#define NODECHANGE_TEXT 256

/**
 * struct nodechange - numbers whose node is another one now
 * @added: nobody had it
 * @changed: name or address
 * @removed: nobody has it any more
 */
struct nodechange {
	struct rbd_nodeset added;
	struct rbd_nodeset changed;
	struct rbd_nodeset removed;
};

/**
 * nodechange_find() - compare the settings in use with new ones
 * @members: NODESETTINGS_NODES nodes that take part, as they joined; by
 *	number, with an empty name where nobody does, and an address of 0 where
 *	it is not known
 * @c: what differs, all of it allowed
 *
 * Return: 0, or -EBUSY with a sentence about what may not change.
 */
int nodechange_find(const struct nodesettings *old,
		    const struct nodesettings *fresh,
		    const struct nodesettings_node *members,
		    struct nodechange *c, struct fault *f);

/* nodechange_any() - is there a difference? */
bool nodechange_any(const struct nodechange *c);

/**
 * nodechange_text() - "added n3, n4; removed n2"
 * @text: NODECHANGE_TEXT bytes; names that do not fit are counted
 */
void nodechange_text(const struct nodechange *c, const struct nodesettings *old,
		     const struct nodesettings *fresh, char *text);

#endif
