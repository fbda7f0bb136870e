/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the kernel says of its lockspaces: somebody wants to join one (a mount
 * waits for it) or to leave it.
 */
#ifndef RBDSHARE_LIB_DLMUEVENT_H
#define RBDSHARE_LIB_DLMUEVENT_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/dlmtree.h"

/**
 * struct dlmuevent - decoded
 * @online: join; else leave
 * @release_recover: a leave that wants its slot recovered by the others
 */
struct dlmuevent {
	bool online;
	bool release_recover;
	char lockspace[DLMTREE_NAME_MAX + 1];
};

/* dlmuevent_open() - a non-blocking netlink socket, or a negative errno */
int dlmuevent_open(void);

/**
 * dlmuevent_parse() - from the bytes of a message
 *
 * Return: 0; -ENOENT it is about something else; -EBADMSG.
 */
int dlmuevent_parse(const char *buf, size_t len, struct dlmuevent *out);

/**
 * dlmuevent_read() - the next one
 *
 * Messages of others and about other things are passed over.
 *
 * Return: 0; -EAGAIN there is none; -ENOBUFS some were lost: look which
 * lockspaces there are.
 */
int dlmuevent_read(int fd, struct dlmuevent *out);

#endif
