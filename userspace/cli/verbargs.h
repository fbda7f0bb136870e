/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The command line of a verb: what is said when it is wrong, and the forms
 * that several verbs have. All print the sentence and return EXITCODE_USAGE,
 * or 0.
 */
#ifndef RBDSHARE_CLI_VERBARGS_H
#define RBDSHARE_CLI_VERBARGS_H

#include <stdbool.h>

/* Prints "rbdshare: VERB: TEXT; see: rbdshare help VERB". */
int verb_usage(const char *verb, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The same for what getopt_long() did not like; call it right after. */
int verb_bad_option(const char *verb, int c, char **argv);

/**
 * verb_one() - is there just one word behind the options?
 * @what: what it names: "image"
 */
int verb_one(const char *verb, int argc, const char *what);

/* verb_none() - the options of a verb that has none of its own */
int verb_none(const char *verb, int argc, char **argv);

/* verb_yes() - the options of a verb that has only --yes */
int verb_yes(const char *verb, int argc, char **argv, bool *yes);

#endif
