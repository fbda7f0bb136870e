/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the pool and image verbs share: connecting, naming an image, asking,
 * progress and the one line at the end.
 */
#ifndef RBDSHARE_CLI_VERBCTX_H
#define RBDSHARE_CLI_VERBCTX_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/fault.h"
#include "lib/image.h"
#include "lib/progress.h"
#include "lib/session.h"
#include "lib/spec.h"

/**
 * struct verbctx - one run of a verb; start from all zero
 * @f: the sentence to print when the verb fails
 * @o: options of @s
 * @s: connection, open between verb_connect() and verb_end()
 * @spec: image named on the command line
 * @name: @spec as text
 * @img: open image, closed by verb_end()
 */
struct verbctx {
	struct fault f;
	struct session_options o;
	struct session s;
	struct rbd_spec spec;
	char *name;
	struct image img;
	struct progress progress;
	char title[256];
};

/**
 * verb_spec() - parse the image on the command line
 * @snap: 0 a snapshot is refused, 1 allowed, 2 required
 *
 * Return: 0 or -EINVAL with a sentence.
 */
int verb_spec(struct verbctx *c, const char *text, int snap);

/* Connect by the global options. Return: as session_open(). */
int verb_connect(struct verbctx *c);

/* Connect and open the image of @spec. Return: as image_open(). */
int verb_open(struct verbctx *c, bool write);

/**
 * verb_confirm() - ask on the terminal
 *
 * Return: 1 for "yes", 0 for anything else, -ENOTTY when nobody is there.
 */
int verb_confirm(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Progress of a librbd call: begin, pass verb_progress_cb and @c, end. */
void verb_progress_begin(struct verbctx *c, uint64_t bytes, const char *fmt,
			 ...) __attribute__((format(printf, 3, 4)));
int verb_progress_cb(uint64_t done, uint64_t total, void *ctx);
int verb_progress_end(struct verbctx *c, int ret);

/**
 * verb_report() - the result of a changing verb
 * @o: what to print with --json; given "action" and "dry_run", put here
 * @done: "created"
 * @would: "create"
 *
 * With --dry-run, "would CREATE TEXT" on stdout; else "CREATED TEXT" on stderr
 * unless --quiet. Return: 0 or -EIO.
 */
int verb_report(struct json_object *o, const char *would, const char *done,
		const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Clean up, print the sentence of a failure. Return: the exit code. */
int verb_end(struct verbctx *c, int ret);

#endif
