/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sentences for people, on stderr: "program: text". Colour only on a terminal
 * and only when NO_COLOR is unset.
 */
#ifndef RBDSHARE_LIB_MSG_H
#define RBDSHARE_LIB_MSG_H

#include <stdbool.h>

#include "lib/journal.h"

/* Name put before each line; kept by reference. Default "rbdshare". */
void msg_set_program(const char *name);

/* With quiet on, msg_info() says nothing; errors and warnings stay. */
void msg_set_quiet(bool quiet);

/* The formats carry no trailing newline and no program name. */
void msg_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void msg_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void msg_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/**
 * msg_error_about() - the same about an image, "program: IMAGE: text"
 * @about: when stderr is systemd's journal, it gets these as fields
 */
void msg_error_about(const struct journal_fields *about, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void msg_warn_about(const struct journal_fields *about, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* For the journal alone; true when it took it. */
bool msg_record(const struct journal_fields *about, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Details below a sentence: each line of @text (may be NULL) as msg_info(). */
void msg_lines(const char *label, const char *text);

#endif
