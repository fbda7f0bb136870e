// SPDX-License-Identifier: GPL-2.0
#include "cli/verbctx.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/globals.h"
#include "lib/exitcode.h"
#include "lib/jsonout.h"
#include "lib/msg.h"
#include "lib/watchdog.h"

int verb_spec(struct verbctx *c, const char *text, int snap)
{
	int ret = rbd_spec_parse(text, globals.pool, globals.namespace,
				 &c->spec, &c->f);

	if (ret)
		return ret;
	if (!snap && *c->spec.snap)
		return fault_set(
			&c->f, -EINVAL,
			"'%s' names a snapshot; this verb takes an image",
			text);
	if (snap == 2 && !*c->spec.snap)
		return fault_set(
			&c->f, -EINVAL,
			"'%s' names no snapshot; write [POOL/]IMAGE@SNAP",
			text);
	c->name = rbd_spec_format(&c->spec);
	return c->name ? 0 : fault_set(&c->f, -ENOMEM, "out of memory");
}

int verb_connect(struct verbctx *c)
{
	c->o.conf = globals.conf;
	c->o.cluster = globals.cluster;
	c->o.name = globals.name;
	c->o.keyring = globals.keyring;
	c->o.mon_host = globals.mon_host;
	c->o.timeout_s = globals.timeout_s;
	return session_open(&c->s, &c->o, &c->f);
}

int verb_open(struct verbctx *c, bool write)
{
	int ret = verb_connect(c);

	return ret ? ret : image_open(&c->s, &c->spec, write, &c->img, &c->f);
}

int verb_confirm(const char *fmt, ...)
{
	char *line = NULL;
	size_t size = 0;
	va_list ap;
	int yes;

	if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
		return -ENOTTY;
	watchdog_stop();
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputs(" Type 'yes' to go on: ", stderr);
	yes = getline(&line, &size, stdin) > 0 && !strcmp(line, "yes\n");
	free(line);
	watchdog_start(2 * globals.timeout_s + 5, "waiting for the cluster");
	return yes;
}

void verb_progress_begin(struct verbctx *c, uint64_t bytes, const char *fmt,
			 ...)
{
	bool off = globals.no_progress || globals.quiet;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(c->title, sizeof(c->title), fmt, ap);
	va_end(ap);
	progress_begin(&c->progress, c->title, bytes,
		       progress_style(globals.progress_json, off,
				      isatty(STDERR_FILENO)),
		       stderr);
}

int verb_progress_cb(uint64_t done, uint64_t total, void *ctx)
{
	struct verbctx *c = ctx;

	watchdog_kick();
	progress_update(&c->progress, done, total);
	return 0;
}

int verb_progress_end(struct verbctx *c, int ret)
{
	progress_end(&c->progress, ret >= 0);
	return ret;
}

int verb_report(struct json_object *o, const char *would, const char *done,
		const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (globals.json) {
		jsonout_string(o, "action", would);
		jsonout_bool(o, "dry_run", globals.dry_run);
		return jsonout_print(o);
	}
	json_object_put(o);
	if (globals.dry_run)
		printf("would %s %s\n", would, text);
	else
		msg_info("%s %s", done, text);
	return 0;
}

int verb_end(struct verbctx *c, int ret)
{
	image_close(&c->img);
	session_close(&c->s);
	if (ret < 0)
		msg_error("%s", *c->f.text ? c->f.text : strerror(-ret));
	rbd_spec_free(&c->spec);
	free(c->name);
	return exitcode_of(ret);
}
