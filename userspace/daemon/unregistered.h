/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Clients of a condemned node that nobody registered: a program on it that
 * uses an image by librbd, say. They show by their watch on an image that this
 * node uses too, from an address of the condemned one.
 */
#ifndef RBDSHARED_UNREGISTERED_H
#define RBDSHARED_UNREGISTERED_H

#include <stddef.h>

struct clientaddr;
struct daemon;

/* unregistered_look() - order a search for those of the core's batch */
void unregistered_look(struct daemon *d);

/* unregistered_found() - its result; the core is told of those that are new */
void unregistered_found(struct daemon *d, const struct clientaddr *found,
			size_t n);

#endif
