/* SPDX-License-Identifier: GPL-2.0 */
/* Generic netlink, see uapi/rbd_hb.h. */
#ifndef RBD_HB_LINK_H
#define RBD_HB_LINK_H

#include <linux/types.h>

#include "rbd_hb.h"

struct hb_cluster;

/** hb_link_register() - Return: 0 or -errno */
int hb_link_register(void);
void hb_link_unregister(void);

/*
 * Events. They sleep for memory, without I/O when the caller is in such a
 * scope. One that nobody listens to, or that there is no memory for, is lost.
 */
void hb_link_tick(struct hb_cluster *cluster, enum rbd_hb_round round);
void hb_link_gate(struct hb_cluster *cluster, u32 state);
void hb_link_fenced(struct hb_cluster *cluster);
void hb_link_retired(const char *address);

/**
 * hb_link_ask_admit() - a mapping waits for the daemon's word
 *
 * Return: 0, -ESRCH when nobody listens, -ENOMEM.
 */
int hb_link_ask_admit(u32 id, const char *address, const char *image);

#endif
