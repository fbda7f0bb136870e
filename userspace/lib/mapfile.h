/* SPDX-License-Identifier: GPL-2.0 */
/*
 * /etc/rbdmap: which images to map at boot. The grammar is in rbdmap(5).
 */
#ifndef RBDSHARE_LIB_MAPFILE_H
#define RBDSHARE_LIB_MAPFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/fault.h"
#include "lib/spec.h"

/**
 * struct mapfile_entry - one line
 * @line: its number, from 1
 * @name: "client.X" or NULL
 * @options: map options as a comma list, or NULL
 * @nofail: a failure is not a failure of the whole
 * @noauto: only mapped when asked for by name
 * @timeout_s: seconds to keep trying; 0 means the default
 * @retries: attempts after the first; -1 means until the time is over
 *
 * Strings are NULL when the line does not say.
 */
struct mapfile_entry {
	unsigned int line;
	struct rbd_spec spec;
	char *name;
	char *keyring;
	char *keyfile;
	char *conf;
	char *cluster;
	char *mon_host;
	char *options;
	bool read_only;
	bool exclusive;
	bool nofail;
	bool noauto;
	unsigned int timeout_s;
	int retries;
};

/* A line that cannot be used, and why ("FILE:LINE: ..."). */
struct mapfile_problem {
	unsigned int line;
	char *text;
};

/* Owned by mapfile_parse()'s caller; mapfile_free() frees all of it. */
struct mapfile {
	char *path;
	struct mapfile_entry *v;
	size_t n;
	struct mapfile_problem *bad;
	size_t bad_n;
};

/**
 * mapfile_path() - which file counts: $RBDMAPFILE, else /etc/rbdmap when it
 * exists, else /etc/ceph/rbdmap
 */
const char *mapfile_path(void);

/**
 * mapfile_parse() - parse the text of a map file
 * @path: its name, for messages
 *
 * A bad line goes to @out->bad; the others are still used.
 *
 * Return: 0 or -ENOMEM.
 */
int mapfile_parse(const char *path, const char *text, size_t len,
		  struct mapfile *out);

/**
 * mapfile_load() - read and parse a map file
 * @path: the file; NULL means mapfile_path()
 *
 * Return: 0, -ENOENT when there is none, or another negative errno.
 */
int mapfile_load(const char *path, struct mapfile *out, struct fault *f);

/**
 * mapfile_by_source() - the line a source of fstab means
 * @source: the link of an image, "/dev/rbd/POOL/IMAGE", or of its partition
 *
 * Return: the entry, or NULL.
 */
const struct mapfile_entry *mapfile_by_source(const struct mapfile *file,
					      const char *source);

void mapfile_free(struct mapfile *file);

#endif
