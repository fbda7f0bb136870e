/* SPDX-License-Identifier: GPL-2.0 */
/* Clients of Ceph on this node: whoever can write is registered first. */
#ifndef RBDSHARED_CLIENTS_H
#define RBDSHARED_CLIENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "core.h"

struct clientaddr;
struct daemon;
struct krbd_device;

#define CLIENTS_IMAGE 256

/**
 * struct clients_one - a client that uses, or wants to use, an image
 * @used: the place is taken
 * @admit_id: of the mapping that waits; 0 for none
 * @image: "pool/image"
 */
struct clients_one {
	bool used;
	uint32_t admit_id;
	struct rbd_instance instance;
	char image[CLIENTS_IMAGE];
};

/**
 * struct clients - those of the images
 * @own: our connection with the storage
 * @told: that the kernel does not say which there are
 * @looked_ms: clock_ms() of the last clients_look()
 */
struct clients {
	struct rbd_instance own;
	bool told;
	long long looked_ms;
	struct clients_one one[RBD_VIEW_MAX_INSTANCES];
};

/* clients_text() - "192.0.2.1:0/1234", into CLIENTADDR_TEXT bytes */
void clients_text(const struct rbd_instance *instance, char *text);

void clients_from_address(const struct clientaddr *a, struct rbd_instance *out);

/* clients_is_shared() - is it a mapping that the gate guards? */
bool clients_is_shared(const struct krbd_device *dev);

/**
 * clients_start() - tell the core of all that exist
 * @d: heartbeats are online, the core was made
 *
 * Return: 0 or a negative errno.
 */
int clients_start(struct daemon *d);

/*
 * clients_look() - compare with the kernel: which came unnoticed, which went
 *
 * An event is lost when no daemon runs, or one that is paused for long.
 */
void clients_look(struct daemon *d);

/* clients_serve() - each second: look now and then */
void clients_serve(struct daemon *d);

/* clients_asked() - a mapping waits */
void clients_asked(struct daemon *d, uint32_t admit_id, const char *address,
		   const char *image);

/* clients_retired() - one does not exist any more */
void clients_retired(struct daemon *d, const char *address);

/* clients_answer() - RBD_CORE_ADMIT and RBD_CORE_DENY */
void clients_answer(struct daemon *d, const struct rbd_instance *instance,
		    bool yes);

/* clients_any() - is a shared image mapped, or about to be? */
bool clients_any(const struct daemon *d);

#endif
