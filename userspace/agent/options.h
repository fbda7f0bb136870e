/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Options of the agent. One table has them all; the command line, the lines on
 * standard input, --help and the metadata are made from it.
 */
#ifndef RBDSHARE_AGENT_OPTIONS_H
#define RBDSHARE_AGENT_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/fault.h"

/* Longest time that can be given, in seconds. */
#define OPTIONS_MAX_S 86400
/* Standard input may have this much. */
#define OPTIONS_TEXT_MAX (64 << 10)

/**
 * struct options - as given; NULL or the default otherwise
 * @action, @plug ... @pools: texts; those from the table's defaults are set
 *	by options_init()
 * @nodename: what Pacemaker calls the node; @plug when nothing else is given
 * @power_timeout, @timeout, @delay: in seconds
 * @unknown: names that the table does not have, for a debug line; ""
 * @text: what the strings point into, owned; NULL
 */
struct options {
	const char *action;
	const char *plug;
	const char *nodename;
	const char *method;
	const char *address;
	const char *plug_map;
	const char *pools;
	const char *user;
	const char *keyring;
	const char *conf;
	unsigned int power_timeout;
	unsigned int timeout;
	unsigned int delay;
	bool confirmed;
	bool verbose;
	bool quiet;
	bool help;
	bool version;
	char unknown[128];
	char *text;
};

enum option_type {
	OPTION_BOOLEAN,
	OPTION_STRING,
	OPTION_SECONDS,
	OPTION_SELECT,
};

/**
 * struct option_row - a line of the table
 * @name: of the key on standard input; --NAME has '-' for '_'
 * @letter: of the short option; 0
 * @at: place in struct options
 * @value: what --help calls the value; NULL for a boolean
 * @standard: the default as text; NULL
 * @choices: of OPTION_SELECT, blanks between; NULL
 * @obsoletes: the older name of the same, which is taken too; NULL
 * @hidden: in neither help nor metadata
 * @desc: one line
 */
struct option_row {
	const char *name;
	char letter;
	enum option_type type;
	size_t at;
	const char *value;
	const char *standard;
	const char *choices;
	const char *obsoletes;
	bool hidden;
	const char *desc;
};

extern const struct option_row options_table[];
extern const size_t options_count;

/* The actions, and what metadata says of each behind its name. */
struct option_action {
	const char *name;
	const char *attributes;
	bool needs_plug;
};

extern const struct option_action options_actions[];
extern const size_t options_actions_count;

void options_init(struct options *o);
void options_free(struct options *o);

/**
 * options_argv() - take the command line
 *
 * Return: 0, or -EINVAL with a sentence.
 */
int options_argv(struct options *o, int argc, char **argv, struct fault *f);

/**
 * options_lines() - take "key=value" lines
 * @text: becomes @o's, to be freed by options_free(); changed
 *
 * Blank lines, comments and keys that nobody knows are passed over.
 *
 * Return: 0, or -EINVAL with a sentence.
 */
int options_lines(struct options *o, char *text, struct fault *f);

/**
 * options_check() - do they make sense together?
 *
 * Here @nodename becomes @plug when there is no other.
 *
 * Return: 0, or -EINVAL with a sentence.
 */
int options_check(struct options *o, struct fault *f);

/* The action of that name, NULL. */
const struct option_action *options_action(const char *name);

#endif
