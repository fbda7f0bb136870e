/* SPDX-License-Identifier: GPL-2.0 */
/* What became of the nodes, read off the view, for the diary. */
#ifndef RBDSHARED_CHANGES_H
#define RBDSHARED_CHANGES_H

#include "view.h"

struct daemon;

/**
 * struct changes - what was last told of each number
 * @seq: of the view that was looked at
 * @begun: the first view was: only what comes behind it is news
 */
struct changes {
	u64 seq;
	bool begun;
	u8 state[RBD_VIEW_MAX_NODES];
	u64 incarnation[RBD_VIEW_MAX_NODES];
};

/* changes_note() - the core may have another view now */
void changes_note(struct daemon *d);

#endif
