// SPDX-License-Identifier: GPL-2.0
#include "cli/verbargs.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/exitcode.h"
#include "lib/msg.h"

int verb_usage(const char *verb, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	msg_error("%s: %s; see: rbdshare help %.*s", verb, text,
		  (int)strcspn(verb, " "), verb);
	return EXITCODE_USAGE;
}

int verb_bad_option(const char *verb, int c, char **argv)
{
	if (c == ':')
		return verb_usage(verb, "%s needs a value", argv[optind - 1]);
	if (optopt && argv[optind - 1][1] != '-')
		return verb_usage(verb, "unknown option '-%c'", optopt);
	return verb_usage(verb, "unknown option '%.40s'", argv[optind - 1]);
}

int verb_one(const char *verb, int argc, const char *what)
{
	if (argc - optind == 1)
		return 0;
	return argc == optind ? verb_usage(verb, "name the %s", what) :
				verb_usage(verb, "one %s at a time", what);
}

int verb_none(const char *verb, int argc, char **argv)
{
	static const struct option none[] = { { NULL, 0, NULL, 0 } };
	int ch = getopt_long(argc, argv, ":", none, NULL);

	return ch == -1 ? 0 : verb_bad_option(verb, ch, argv);
}

int verb_yes(const char *verb, int argc, char **argv, bool *yes)
{
	static const struct option longopts[] = {
		{ "yes", no_argument, NULL, 'y' },
		{ NULL, 0, NULL, 0 },
	};
	int ch;

	while ((ch = getopt_long(argc, argv, ":", longopts, NULL)) != -1) {
		if (ch != 'y')
			return verb_bad_option(verb, ch, argv);
		*yes = true;
	}
	return 0;
}
