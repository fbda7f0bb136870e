// SPDX-License-Identifier: GPL-2.0
#include "agent/say.h"

#include <stdarg.h>
#include <stdio.h>

#include "lib/msg.h"

static bool verbose, quiet;

void say_init(const struct options *o)
{
	verbose = o->verbose;
	quiet = o->quiet;
}

void say(const char *fmt, ...)
{
	va_list ap;

	if (quiet)
		return;
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	fflush(stdout);
}

void say_debug(const char *fmt, ...)
{
	char text[512];
	va_list ap;

	if (!verbose)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	msg_info("%s", text);
}
