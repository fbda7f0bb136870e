// SPDX-License-Identifier: GPL-2.0
#include "daemon/diary.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "daemon/control.h"
#include "daemon/daemon.h"
#include "lib/jsonout.h"
#include "lib/linestash.h"
#include "lib/msg.h"

#define UNSAVED_FILE DAEMON_RUN_DIR "/unsaved-events"

static void keep_unsaved(void *daemon, const char *line)
{
	(void)daemon;
	linestash_put(UNSAVED_FILE, DIARY_UNSAVED_BYTES, line);
}

static void put_again(void *daemon, const char *line)
{
	struct daemon *d = daemon;

	if (eventring_put(d->diary.ring, line))
		keep_unsaved(d, line);
}

static void collect(void *daemon)
{
	struct daemon *d = daemon;

	if (eventring_collect(d->diary.ring))
		linestash_take(UNSAVED_FILE, DIARY_UNSAVED_BYTES, put_again, d);
}

void diary_open(struct daemon *d)
{
	int err = eventring_open(&d->diary.ring, d->session.door, d->io,
				 d->set.cluster, d->set.number,
				 EVENTRING_HALF_BYTES);

	if (!err) {
		eventring_on_lost(d->diary.ring, keep_unsaved, d);
		err = loop_add(d->loop, eventring_fd(d->diary.ring), collect,
			       d);
	}
	if (err)
		msg_warn("events are not kept in the storage: %s",
			 strerror(-err));
}

void diary_close(struct daemon *d)
{
	if (d->diary.ring)
		eventring_close(d->diary.ring);
	d->diary.ring = NULL;
}

static void put_mark(struct json_object *o, const struct diary_mark *mark)
{
	char life[20];

	if (!mark)
		return;
	jsonout_string(o, "state", mark->state);
	if (!mark->incarnation)
		return;
	snprintf(life, sizeof(life), "%" PRIx64, mark->incarnation);
	jsonout_string(o, "incarnation", life);
}

static void keep(struct daemon *d, unsigned int about,
		 const struct diary_mark *mark, const char *text)
{
	char *line = d->diary.lines[d->diary.count % DIARY_KEPT];
	struct json_object *o = json_object_new_object();
	char when[32];

	jsonout_time_format(time(NULL), when, sizeof(when));
	jsonout_string(o, "time", when);
	jsonout_u64(o, "node", d->set.number);
	jsonout_u64(o, "about", about);
	jsonout_u64(o, "view", d->core ? d->core->view.seq : 0);
	put_mark(o, mark);
	jsonout_string(o, "text", text);
	snprintf(line, DIARY_LINE, "%s",
		 json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN));
	json_object_put(o);
	if (d->diary.ring && eventring_put(d->diary.ring, line))
		keep_unsaved(d, line);
	d->diary.count++;
	control_event(d, line);
}

static void note(struct daemon *d, unsigned int about,
		 const struct diary_mark *mark, const char *fmt, va_list args)
{
	const char *name = about < NODESETTINGS_NODES ?
				   d->set.nodes[about].name :
				   "";
	char text[DIARY_LINE - 224], full[DIARY_LINE];

	vsnprintf(text, sizeof(text), fmt, args);
	snprintf(full, sizeof(full), "node %u%s%s%s: %s", about,
		 *name ? " (" : "", name, *name ? ")" : "", text);
	if (!strcmp(full, d->diary.last)) {
		d->diary.repeated++;
		return;
	}
	strcpy(d->diary.last, full);
	d->diary.repeated = 0;
	msg_info("%s", full);
	keep(d, about, mark, text);
}

void diary_note(struct daemon *d, unsigned int about, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	note(d, about, NULL, fmt, args);
	va_end(args);
}

void diary_mark(struct daemon *d, unsigned int about,
		const struct diary_mark *mark, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	note(d, about, mark, fmt, args);
	va_end(args);
}
