// SPDX-License-Identifier: GPL-2.0
/* rbdshare: finds the verb and runs it. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/globalopts.h"
#include "cli/globals.h"
#include "cli/verbtable.h"
#include "lib/exitcode.h"
#include "lib/msg.h"
#include "lib/nearest.h"

static int unknown_verb(const char *name)
{
	const char *words[32], *near;
	const struct verb *v;
	size_t n = 0;

	for (v = verb_table; v->name && n < 31; v++)
		words[n++] = v->name;
	words[n++] = "help";
	near = nearest_word(name, words, n);
	if (near)
		msg_error("there is no verb '%.40s'; did you mean '%s'?", name,
			  near);
	else
		msg_error("there is no verb '%.40s'; see: rbdshare help", name);
	return EXITCODE_USAGE;
}

static int help(int argc, char **argv)
{
	const struct verb *v;
	bool words = argc > 1 && !strcmp(argv[1], "--words");
	const char *name = argv[words ? 2 : 1];

	v = name ? verb_find(name) : NULL;
	if (name && !v)
		return unknown_verb(name);
	if (words)
		verb_words(v);
	else if (v)
		verb_help_one(stdout, v);
	else
		verb_help_all(stdout);
	return 0;
}

static bool wants_help(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc && strcmp(argv[i], "--"); i++)
		if (!strcmp(argv[i], "-h") || !strcmp(argv[i], "--help"))
			return true;
	return false;
}

static int run(int argc, char **argv)
{
	const struct verb *v;

	if (!strcmp(argv[1], "--version")) {
		printf("rbdshare %s\n", RBDSHARE_VERSION);
		return 0;
	}
	if (!strcmp(argv[1], "help") || !strcmp(argv[1], "-h") ||
	    !strcmp(argv[1], "--help"))
		return help(argc - 1, argv + 1);
	if (argv[1][0] == '-') {
		msg_error("unknown option '%.40s'; see: rbdshare help",
			  argv[1]);
		return EXITCODE_USAGE;
	}
	v = verb_find(argv[1]);
	if (!v)
		return unknown_verb(argv[1]);
	if (wants_help(argc - 1, argv + 1)) {
		verb_help_one(stdout, v);
		return 0;
	}
	return v->run(argc - 1, argv + 1);
}

int main(int argc, char **argv)
{
	int ret;

	msg_set_program("rbdshare");
	if (globals_extract(&argc, argv))
		return EXITCODE_USAGE;
	msg_set_quiet(globals.quiet);
	if (argc < 2) {
		msg_error("no verb given; see: rbdshare help");
		return EXITCODE_USAGE;
	}
	ret = run(argc, argv);
	if (fflush(stdout) || ferror(stdout)) {
		msg_error("the output could not be written");
		return ret ? ret : exitcode_of(-EIO);
	}
	return ret;
}
