/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Recoveries of the lock manager that do not end. fs/dlm itself waits without a
 * word when it does not reach a node, although all hear each other.
 */
#ifndef RBDSHARED_RECOVERY_H
#define RBDSHARED_RECOVERY_H

#include <stdbool.h>
#include <stddef.h>

#include "view.h"

struct daemon;

/**
 * struct recovery - state of it, by the core's index of the lockspace
 * @since_ms: it has recovered for that long, 0 for not
 * @node: number of the node that it asked last, -1 for none
 * @told: that it takes long
 */
struct recovery {
	struct {
		long long since_ms;
		int node;
		bool told;
	} of[RBD_VIEW_MAX_LOCKSPACES];
};

/* recovery_look() - at all lockspaces; each second */
void recovery_look(struct daemon *d);

/**
 * recovery_waits() - whom the recovery of a lockspace waits for
 * @text: filled with a clause for people when it takes long
 *
 * Return: bytes of it, 0 when there is nothing to say.
 */
size_t recovery_waits(const struct daemon *d, const char *lockspace, char *text,
		      size_t size);

#endif
