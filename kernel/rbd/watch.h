/* SPDX-License-Identifier: GPL-2.0 */
/* The watch on the image header, by which others tell us of changes. */
#ifndef RBD_WATCH_H
#define RBD_WATCH_H

struct rbd_device;

/*
 * All of these run in the control thread, sleep, and end early when the
 * thread is signalled.
 */

/** rbd_watch_register() - start to watch. Return: 0 or -errno */
int rbd_watch_register(struct rbd_device *dev);

/** rbd_watch_drop() - stop to watch; callbacks are over on return */
void rbd_watch_drop(struct rbd_device *dev);

/** rbd_watch_answer() - acknowledge the notifications that wait for it */
void rbd_watch_answer(struct rbd_device *dev);

/** rbd_watch_forget_answers() - drop them unanswered; any context */
void rbd_watch_forget_answers(struct rbd_device *dev);

#endif
