/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Progress of long work, on stderr: a bar with rate and time left on a
 * terminal, JSON lines on request, nothing in a pipe.
 */
#ifndef RBDSHARE_LIB_PROGRESS_H
#define RBDSHARE_LIB_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum progress_style {
	PROGRESS_NONE,
	PROGRESS_BAR,
	PROGRESS_JSON,
};

/**
 * struct progress - one piece of work; fields are private
 *
 * Lives with the caller; may be updated from any one thread at a time.
 */
struct progress {
	const char *title;
	FILE *out;
	enum progress_style style;
	uint64_t bytes;
	uint64_t done;
	uint64_t total;
	long long start_ms;
	long long shown_ms;
	bool shown;
};

/* The style for the options given; @is_tty is that of stderr. */
enum progress_style progress_style(bool json, bool off, bool is_tty);

/**
 * progress_begin() - start the clock; shows nothing yet
 * @title: "Removing dovecot/mail"; kept by reference
 * @bytes: what the whole work stands for, to show a rate; 0 shows none
 */
void progress_begin(struct progress *p, const char *title, uint64_t bytes,
		    enum progress_style style, FILE *out);

/* progress_update() - @done of @total parts; shown at most 5 times a second */
void progress_update(struct progress *p, uint64_t done, uint64_t total);

/* progress_end() - last line; the bar stays when @ok, and is wiped if not */
void progress_end(struct progress *p, bool ok);

/**
 * progress_line() - the text of the bar, for a given moment
 * @width: columns of the terminal
 * @elapsed_ms: time since the start
 *
 * Fills @buf with at most @width - 1 characters.
 */
void progress_line(const struct progress *p, long long elapsed_ms,
		   unsigned int width, char *buf, size_t size);

/* progress_eta_s() - seconds left by the mean rate so far; -1 when unknown */
long long progress_eta_s(const struct progress *p, long long elapsed_ms);

#endif
