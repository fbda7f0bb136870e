/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The POSIX locks of a lockspace in a file, so that a daemon that is killed at
 * any moment loses none: a state, and the entries that came behind it, each
 * written before anybody learns of it.
 *
 * The file lives below /run: it survives the daemon, and not the host.
 *
 * Layout, little endian: u32 magic, u32 version, u32 fsid, u64 life, then
 * records { u32 length, u8 type, bytes, u32 CRC-32C of type and bytes }. A
 * record that was not finished is not there.
 */
#ifndef RBDSHARE_LIB_PLOCKJOURNAL_H
#define RBDSHARE_LIB_PLOCKJOURNAL_H

#include "lib/plockstate.h"

#define PLOCKJOURNAL_PATH 256

/**
 * struct plockjournal - a file being written
 * @fd: -1 while nothing is kept
 * @life: incarnation of this node
 * @behind: bytes of entries behind the state
 * @state_bytes: of that
 */
struct plockjournal {
	char path[PLOCKJOURNAL_PATH];
	int fd;
	uint32_t fsid;
	uint64_t life;
	size_t behind;
	size_t state_bytes;
};

/* plockjournal_init() - touches nothing */
void plockjournal_init(struct plockjournal *j, const char *path, uint32_t fsid,
		       uint64_t life);

/**
 * plockjournal_load() - what an earlier daemon has kept
 * @s: initialised and empty
 * @fresh: nothing had been agreed on yet behind the mount
 *
 * Return: 0; -ENOENT there is none of this life; -EBADMSG; -ENOMEM.
 */
int plockjournal_load(const struct plockjournal *j, struct plockstate *s,
		      bool *fresh);

/**
 * plockjournal_state() - begin anew with a state
 * @fresh: it is that of a mount that has just begun
 *
 * Return: 0; or a negative errno, and nothing is kept then: the file is
 * removed, because what it says would be wrong.
 */
int plockjournal_state(struct plockjournal *j, const struct plockstate *s,
		       bool fresh);

/* plockjournal_entry() - Return: as plockjournal_state(). */
int plockjournal_entry(struct plockjournal *j, const struct plockentry *e);

/* plockjournal_agreed() - in that generation. Return: as plockjournal_state() */
int plockjournal_agreed(struct plockjournal *j, uint32_t generation);

/* plockjournal_is_long() - time to begin anew; also when nothing is kept */
bool plockjournal_is_long(const struct plockjournal *j);

/* plockjournal_close() - @remove: the lockspace is gone */
void plockjournal_close(struct plockjournal *j, bool remove);

#endif
