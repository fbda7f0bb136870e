/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The control socket, DAEMON_RUN_DIR "/control": a client sends one line of
 * JSON, {"verb": ...}, and gets lines of JSON. The last one has "done" true
 * and "error", 0 or a positive errno, then with "message", a sentence.
 *
 *	status		one line: what report.h makes
 *	metrics		one line: {"text": ...}
 *	events		a line each; with "follow" true it goes on for ever
 *	join, leave	done when it was asked for; status tells the rest
 *	fence		"node": number
 *	reload		cluster.conf is read anew; "message" says what changed, too
 *
 * Only root gets in: the folder is 0700.
 */
#ifndef RBDSHARED_CONTROL_H
#define RBDSHARED_CONTROL_H

struct daemon;

/* Return: 0 or a negative errno. */
int control_open(struct daemon *d);
void control_close(struct daemon *d);

/* control_event() - for those who follow; @line without newline */
void control_event(struct daemon *d, const char *line);

#endif
