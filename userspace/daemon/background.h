/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Life in the background, for hosts without systemd: the first process ends
 * when the second says so, with its exit code. What the second one says then
 * goes to syslog.
 */
#ifndef RBDSHARED_BACKGROUND_H
#define RBDSHARED_BACKGROUND_H

#include <stdbool.h>

/**
 * background_begin() - fork, if wanted; before any thread
 * @pid_file: written by the process that goes on; NULL for none
 *
 * Return: 0 in that process, or a negative errno.
 */
int background_begin(bool wanted, const char *pid_file);

/* background_ready() - let the first process end, with success */
void background_ready(void);

/* background_failed() - the same with a failure */
void background_failed(int exitcode);

/* background_end() - remove the file */
void background_end(const char *pid_file);

#endif
