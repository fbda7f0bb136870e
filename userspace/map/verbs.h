/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What rbdmap can be asked to do. Every function prints its own messages and
 * returns the exit code of the process.
 */
#ifndef RBDSHARE_MAP_VERBS_H
#define RBDSHARE_MAP_VERBS_H

#include <stdbool.h>

/* As mount(8) -a has it: all failed, and some failed. */
#define RBDMAP_EXIT_ALL 32
#define RBDMAP_EXIT_SOME 64
/* For status: some are mapped and some are not. */
#define RBDMAP_STATUS_NONE 3
#define RBDMAP_STATUS_SOME 150

/**
 * struct verb_options - options of the command line
 * @specs: images to act on instead of all of the file; @nspecs of them
 * @no_mount: map only
 * @prune: reload unmaps what is not in the file any more
 * @json: status prints JSON
 * @verbose: print the table also when all went well
 */
struct verb_options {
	char **specs;
	int nspecs;
	bool no_mount;
	bool prune;
	bool json;
	bool verbose;
};

int verb_start(const struct verb_options *o);
int verb_stop(const struct verb_options *o);
int verb_reload(const struct verb_options *o);
int verb_unmap(const struct verb_options *o);
int verb_unmap_all(const struct verb_options *o);
int verb_status(const struct verb_options *o);
int verb_check(const struct verb_options *o);

#endif
