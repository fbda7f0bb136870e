/* SPDX-License-Identifier: GPL-2.0 */
/* Fences that the core orders, carried out. */
#ifndef RBDSHARED_FENCES_H
#define RBDSHARED_FENCES_H

#include "core.h"
#include "lib/fencer.h"

struct daemon;

/**
 * struct fences - state of it
 * @verifying: the order is a check: nothing is swept if all is well
 * @began_ms: of the order under way, 0 for none
 * @switched_off: nodes that an administrator says are
 */
struct fences {
	struct fencer *fencer;
	bool verifying;
	long long began_ms;
	struct rbd_nodeset switched_off;
};

/* Return: 0 or a negative errno. */
int fences_open(struct daemon *d);
void fences_close(struct daemon *d);

/* fences_run() - RBD_CORE_FENCE, or _VERIFY */
void fences_run(struct daemon *d, bool verify);

/**
 * fences_confirm() - an administrator says that a node is switched off
 *
 * Placement groups that do not answer are waited for no longer, as soon as
 * that has been said of all nodes that are being cut off together.
 *
 * Return: 0, or a positive errno with a sentence.
 */
int fences_confirm(struct daemon *d, unsigned int node, struct fault *f);

/* fences_serve() - take results; each second too */
void fences_serve(void *daemon);

#endif
