/* SPDX-License-Identifier: GPL-2.0 */
/* What rbd.ko's gate asks us, and what we tell it. */
#ifndef RBD_HB_GATEKEEPER_H
#define RBD_HB_GATEKEEPER_H

#include <linux/types.h>

struct hb_cluster;

/** hb_gate_start() - from now on I/O to shared images asks us. Return: 0, -EBUSY */
int hb_gate_start(struct hb_cluster *cluster);

/** hb_gate_stop() - not any more; waits until nobody is asking */
void hb_gate_stop(struct hb_cluster *cluster);

/** hb_gate_update() - look whether the gate opened or closed, and tell */
void hb_gate_update(struct hb_cluster *cluster);

/** hb_gate_state() - enum rbd_hb_gate; any context */
u32 hb_gate_state(struct hb_cluster *cluster);

/**
 * hb_gate_admit_answer() - the daemon's word on a mapping that waits
 * @id: which
 * @result: 0 or a positive errno
 *
 * Return: 0, or -ENOENT when nobody waits for it any more.
 */
int hb_gate_admit_answer(u32 id, u32 result);

#endif
