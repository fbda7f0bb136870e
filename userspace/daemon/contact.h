/* SPDX-License-Identifier: GPL-2.0 */
/* Messages between the daemons, for the core. */
#ifndef RBDSHARED_CONTACT_H
#define RBDSHARED_CONTACT_H

#include "lib/keepalivesock.h"

struct daemon;
struct rbd_address;

/**
 * struct contact - state of it
 * @open: the socket is bound
 * @told: that it cannot be bound was said
 */
struct contact {
	struct keepalivesock sock;
	bool open;
	bool told;
};

/* contact_address() - of the view, as sockets want it; port 0 */
void contact_address(const struct rbd_address *a, struct sockaddr_storage *out);

/* contact_start() - d->core->view is known: its key and members count */
void contact_start(struct daemon *d);
void contact_stop(struct daemon *d);

/* contact_follow() - the view is another one: so are the peers, perhaps */
void contact_follow(struct daemon *d);

/* contact_look() - tell all peers to look at the view and the slots */
void contact_look(struct daemon *d);

/* contact_beat() - greet all, tell the core whom we hear; each tick */
void contact_beat(void *daemon);

/* contact_hears() - is any peer heard? */
bool contact_hears(struct daemon *d);

#endif
