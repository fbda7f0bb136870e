// SPDX-License-Identifier: GPL-2.0
/*
 * One line per message, written with one call so that lines of parallel
 * programs do not mix.
 */
#include "lib/msg.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MSG_RED "\033[1;31m"
#define MSG_YELLOW "\033[1;33m"
#define MSG_WARNING "warning: "

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

static void msg_text(const char *colour, const char *label, const char *fmt,
		     ...) __attribute__((format(printf, 3, 4)));

static void msg_text(const char *colour, const char *label, const char *fmt,
		     ...)
{
	va_list ap;

	va_start(ap, fmt);
	msg_line(colour, label, fmt, ap);
	va_end(ap);
}

/* To the journal if that is where stderr goes; false when it is not. */
static bool msg_journal(int priority, const struct journal_fields *about,
			const char *fmt, va_list ap)
{
	char *text, *line = NULL;
	bool sent = false;

	if (!journal_is_stderr() || vasprintf(&text, fmt, ap) < 0)
		return false;
	if (asprintf(&line, "%s%s%s", about->image ? about->image : "",
		     about->image ? ": " : "", text) >= 0)
		sent = !journal_send(priority, msg_program, about, line);
	free(line);
	free(text);
	return sent;
}

static void msg_about(int priority, const struct journal_fields *about,
		      const char *fmt, va_list ap)
{
	bool error = priority == JOURNAL_ERROR;
	const char *image = about->image;
	va_list again;
	char *text;
	bool sent;

	va_copy(again, ap);
	sent = msg_journal(priority, about, fmt, again);
	va_end(again);
	if (sent || vasprintf(&text, fmt, ap) < 0)
		return;
	msg_text(error ? MSG_RED : MSG_YELLOW, error ? "" : MSG_WARNING,
		 "%s%s%s", image ? image : "", image ? ": " : "", text);
	free(text);
}

void msg_error_about(const struct journal_fields *about, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	msg_about(JOURNAL_ERROR, about, fmt, ap);
	va_end(ap);
}

void msg_warn_about(const struct journal_fields *about, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	msg_about(JOURNAL_WARNING, about, fmt, ap);
	va_end(ap);
}

bool msg_record(const struct journal_fields *about, const char *fmt, ...)
{
	va_list ap;
	bool sent;

	va_start(ap, fmt);
	sent = msg_journal(JOURNAL_INFO, about, fmt, ap);
	va_end(ap);
	return sent;
}

void msg_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	msg_line(MSG_RED, "", fmt, ap);
	va_end(ap);
}

void msg_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	msg_line(MSG_YELLOW, MSG_WARNING, fmt, ap);
	va_end(ap);
}

void msg_lines(const char *label, const char *text)
{
	size_t len;

	while (text && *text) {
		len = strcspn(text, "\n");
		msg_info("  %s%.*s", label, (int)len, text);
		text += len + (text[len] == '\n');
	}
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
