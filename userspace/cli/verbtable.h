/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The verbs as data: dispatch, help and completion read the same table.
 */
#ifndef RBDSHARE_CLI_VERBTABLE_H
#define RBDSHARE_CLI_VERBTABLE_H

#include <stdio.h>

/**
 * struct verb_option - one option of a verb, for help and completion
 * @name: with its dashes
 * @arg: what follows it, or NULL
 */
struct verb_option {
	const char *name;
	const char *arg;
	const char *help;
};

/**
 * struct verb - one verb
 * @sub: its sub-verbs, a blank between; NULL when it has none
 * @args: the rest of the usage line
 * @options: ends with a NULL name
 */
struct verb {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *sub;
	const char *args;
	const char *summary;
	const struct verb_option *options;
};

/* Ends with a NULL name. */
extern const struct verb verb_table[];
extern const struct verb_option global_options[];

const struct verb *verb_find(const char *name);

void verb_help_all(FILE *out);
void verb_help_one(FILE *out, const struct verb *v);

/* Words for completion, one a line: of a verb, or all verbs when NULL. */
void verb_words(const struct verb *v);

#endif
