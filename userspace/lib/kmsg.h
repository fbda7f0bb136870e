/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the kernel says while it works for us: records of /dev/kmsg that are
 * newer than a mark.
 */
#ifndef RBDSHARE_LIB_KMSG_H
#define RBDSHARE_LIB_KMSG_H

#include <stddef.h>

/**
 * kmsg_open() - set the mark
 *
 * Return: a descriptor for kmsg_collect(), or -1 when the log cannot be read
 * (then there is nothing to show, and nothing else breaks).
 */
int kmsg_open(void);

/**
 * kmsg_collect() - the rbd and libceph messages since the mark
 * @fd: from kmsg_open(); closed here; -1 gives NULL
 * @about: prefer messages that contain this text (other mappings may be
 *	running at the same time); NULL takes all
 *
 * Return: lines joined by '\n', which the caller frees; NULL when none came.
 */
char *kmsg_collect(int fd, const char *about);

/**
 * kmsg_parse() - the message of one /dev/kmsg record
 * @record: "prio,seq,time,flags;message\n", NUL-terminated; changed
 *
 * Return: the message, inside @record, when it comes from rbd or libceph;
 * NULL for any other.
 */
char *kmsg_parse(char *record);

/* kmsg_say() - one line into the kernel log; for what runs before syslog. */
void kmsg_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
