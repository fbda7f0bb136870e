/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A question to the daemon through its socket: one line of JSON goes there,
 * lines of JSON come back. Each but the last is data; the last has "done",
 * and "error" with a "message" when the daemon could or would not.
 *
 * $RBDSHARE_CONTROL replaces /run/rbdshare/control.
 */
#ifndef RBDSHARE_LIB_CONTROLDOOR_H
#define RBDSHARE_LIB_CONTROLDOOR_H

#include <json-c/json.h>

#include "lib/fault.h"

/* The daemon says something within this time, or it is stuck. */
#define CONTROLDOOR_SILENCE_MS 10000
/* Longest line of an answer: 255 nodes with all they have. */
#define CONTROLDOOR_LINE (4U << 20)

/**
 * controldoor_request() - {"verb":VERB}
 *
 * Return: an object of the caller, for more keys.
 */
struct json_object *controldoor_request(const char *verb);

/**
 * controldoor_ask() - one conversation
 * @request: put here
 * @silence_ms: how long to wait for each line; 0 for ever
 * @line: given each line of data, which stays the door's; nonzero ends it; may
 *	be NULL
 * @said: the "message" of the last line, cut to its size; may be NULL
 *
 * Return: 0; what @line returned; -ECONNREFUSED the daemon does not run;
 * -ETIMEDOUT; -ECONNRESET it went away meanwhile; -EBADMSG; or the daemon's
 * own error as a negative errno. Failures have a sentence in @f.
 */
int controldoor_ask(struct json_object *request, unsigned int silence_ms,
		    int (*line)(void *arg, struct json_object *data), void *arg,
		    struct fault *said, struct fault *f);

#endif
