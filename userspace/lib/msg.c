// SPDX-License-Identifier: GPL-2.0
/*
 * One line per message, written with one call so that lines of parallel
 * programs do not mix.
 */
#include "lib/msg.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char *msg_program = "rbdshare";
static bool msg_quiet;

void msg_set_program(const char *name)
{
	msg_program = name;
}

void msg_set_quiet(bool quiet)
{
	msg_quiet = quiet;
}

static bool msg_colour(void)
{
	const char *no = getenv("NO_COLOR");

	return !(no && *no) && isatty(STDERR_FILENO);
}

static void msg_line(const char *colour, const char *label, const char *fmt,
		     va_list ap)
{
	char *text, *line;
	bool paint = *label && msg_colour();
	int n;

	if (vasprintf(&text, fmt, ap) < 0)
		return;
	n = asprintf(&line, "%s: %s%s%s%s\n", msg_program, paint ? colour : "",
		     label, paint ? "\033[0m" : "", text);
	if (n >= 0) {
		fflush(stdout);
		fwrite(line, 1, (size_t)n, stderr);
		fflush(stderr);
		free(line);
	}
	free(text);
}

void msg_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	msg_line("\033[1;31m", "", fmt, ap);
	va_end(ap);
}

void msg_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	msg_line("\033[1;33m", "warning: ", fmt, ap);
	va_end(ap);
}

void msg_info(const char *fmt, ...)
{
	va_list ap;

	if (msg_quiet)
		return;
	va_start(ap, fmt);
	msg_line("", "", fmt, ap);
	va_end(ap);
}
