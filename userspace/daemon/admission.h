/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What has to be right before this node writes its first heartbeat, so that a
 * node that is set up wrongly is turned away with a sentence and disturbs
 * nobody. What can only be tried with the others (ports) is in probes.h.
 */
#ifndef RBDSHARED_ADMISSION_H
#define RBDSHARED_ADMISSION_H

#include "lib/fault.h"
#include "view.h"

struct daemon;

/**
 * admission_check() - may this node begin?
 * @d: @d->set, @d->self and the storage are there; no heartbeat was written
 * @view: newest
 *
 * Looked at: does its number or address belong to another node that takes
 * part, unless nobody is alive; does another host write its slot now; do those
 * that are alive have the same nodes in cluster.conf; is its address on an
 * interface here; can it write to the pool. Alive is whose slot moves: after a
 * loss of all power the view still has everybody. Blocks, for half a minute at most if
 * the storage answers: an address may be on its way.
 *
 * Return: 0; -EEXIST, -EADDRINUSE, -EINVAL, -EADDRNOTAVAIL or the storage's
 * errno, with a sentence that says what to do.
 */
int admission_check(struct daemon *d, const struct rbd_view *view,
		    struct fault *f);

/**
 * admission_show() - let the others see which nodes we have; blocks
 *
 * Part of admission_check(), and to be done again when they may have changed.
 * Without it the others still see that our file is another one, but not which
 * node differs; so a failure is just told.
 */
void admission_show(struct daemon *d);

#endif
