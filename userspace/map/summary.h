/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What became of every line, as one table at the end.
 */
#ifndef RBDSHARE_MAP_SUMMARY_H
#define RBDSHARE_MAP_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/mapfile.h"

/**
 * struct summary_line - one image
 * @spec: owned
 * @entry: its line of the file, not owned
 * @code: negative errno of the last attempt
 * @attempts: how often it was tried
 * @already: was mapped before
 */
struct summary_line {
	char *spec;
	const struct mapfile_entry *entry;
	int code;
	unsigned int id;
	unsigned int attempts;
	bool mapped;
	bool already;
	bool nofail;
	char text[768];
	char extra[1024];
};

struct summary {
	struct summary_line *v;
	size_t n;
};

/* Lines not yet mapped come first; the order is kept otherwise. */
void summary_sort_new_first(struct summary *sum);

size_t summary_mapped(const struct summary *sum);

/* Lines that are not mapped and should be. */
size_t summary_failed(const struct summary *sum);

/**
 * summary_print() - the table and the reasons, on stderr
 *
 * In systemd's journal, an entry for each image instead of the table.
 *
 * @verbose: also when nothing failed
 */
void summary_print(const struct summary *sum, bool verbose);

/**
 * summary_exit() - exit code
 * @bad_lines: lines of the file that could not be used; count as failed
 */
int summary_exit(const struct summary *sum, size_t bad_lines);

void summary_free(struct summary *sum);

#endif
