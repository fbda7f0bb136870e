// SPDX-License-Identifier: GPL-2.0
#include "daemon/diary.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "daemon/control.h"
#include "daemon/daemon.h"
#include "lib/jsonout.h"
#include "lib/msg.h"

static void collect(void *daemon)
{
	struct daemon *d = daemon;

	eventring_collect(d->diary.ring);
}

void diary_open(struct daemon *d)
{
	int err = eventring_open(&d->diary.ring, d->session.door, d->io,
				 d->set.cluster, d->set.number,
				 EVENTRING_HALF_BYTES);

	if (!err)
		err = loop_add(d->loop, eventring_fd(d->diary.ring), collect,
			       d);
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

static void keep(struct daemon *d, unsigned int about, const char *text)
{
	char *line = d->diary.lines[d->diary.count % DIARY_KEPT];
	struct json_object *o = json_object_new_object();
	char when[32];

	jsonout_time_format(time(NULL), when, sizeof(when));
	jsonout_string(o, "time", when);
	jsonout_u64(o, "node", d->set.number);
	jsonout_u64(o, "about", about);
	jsonout_u64(o, "view", d->core ? d->core->view.seq : 0);
	jsonout_string(o, "text", text);
	snprintf(line, DIARY_LINE, "%s",
		 json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN));
	json_object_put(o);
	if (d->diary.ring)
		eventring_put(d->diary.ring, line);
	d->diary.count++;
	control_event(d, line);
}

void diary_note(struct daemon *d, unsigned int about, const char *fmt, ...)
{
	const char *name = about < NODESETTINGS_NODES ?
				   d->set.nodes[about].name :
				   "";
	char text[DIARY_LINE - 160], full[DIARY_LINE];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	snprintf(full, sizeof(full), "node %u%s%s%s: %s", about,
		 *name ? " (" : "", name, *name ? ")" : "", text);
	if (!strcmp(full, d->diary.last)) {
		d->diary.repeated++;
		return;
	}
	strcpy(d->diary.last, full);
	d->diary.repeated = 0;
	msg_info("%s", full);
	keep(d, about, text);
}
