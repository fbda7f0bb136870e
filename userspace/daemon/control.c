// SPDX-License-Identifier: GPL-2.0
#include "daemon/control.h"

#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/daemon.h"
#include "daemon/reload.h"
#include "daemon/report.h"
#include "lib/jsonout.h"

#define SOCKET DAEMON_RUN_DIR "/control"
#define CLIENTS 32
#define REQUEST_BYTES 1024
/* What a client has not read yet; one that is slower is let go. */
#define SEND_BYTES (1 << 20)

/**
 * struct guest - somebody who asked
 * @fd: -1 for a free place
 * @following: gets events until he goes
 * @request: what came so far, @len bytes
 */
struct guest {
	struct daemon *d;
	int fd;
	bool following;
	char request[REQUEST_BYTES];
	size_t len;
};

struct control {
	int fd;
	struct guest guests[CLIENTS];
};

static void leave(struct guest *g)
{
	loop_drop(g->d->loop, g->fd);
	close(g->fd);
	g->fd = -1;
	g->following = false;
	g->len = 0;
}

/* False when he is gone, or too slow. */
static bool say(struct guest *g, const char *text)
{
	size_t len = strlen(text);
	struct iovec parts[2] = { { (void *)text, len }, { "\n", 1 } };
	struct msghdr m = { .msg_iov = parts, .msg_iovlen = 2 };

	if (sendmsg(g->fd, &m, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)len + 1)
		return true;
	leave(g);
	return false;
}

static bool say_object(struct guest *g, struct json_object *o)
{
	bool ok = say(
		g, json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN));

	json_object_put(o);
	return ok;
}

static void say_done(struct guest *g, int err, const char *message)
{
	struct json_object *o = json_object_new_object();

	jsonout_bool(o, "done", true);
	jsonout_u64(o, "error", (uint64_t)(err < 0 ? -err : err));
	if (message)
		jsonout_string(o, "message", message);
	if (say_object(g, o))
		leave(g);
}

/* --- verbs --- */

static void do_status(struct guest *g, struct json_object *args)
{
	(void)args;
	if (say_object(g, report_status(g->d)))
		say_done(g, 0, NULL);
}

static void do_metrics(struct guest *g, struct json_object *args)
{
	struct json_object *o = json_object_new_object();
	char *text = report_metrics(g->d);

	(void)args;
	jsonout_string(o, "text", text ? text : "");
	free(text);
	if (say_object(g, o))
		say_done(g, 0, NULL);
}

static void do_events(struct guest *g, struct json_object *args)
{
	const struct diary *diary = &g->d->diary;
	struct json_object *follow;
	unsigned long i = 0;

	if (diary->count > DIARY_KEPT)
		i = diary->count - DIARY_KEPT;
	for (; i < diary->count; i++)
		if (!say(g, diary->lines[i % DIARY_KEPT]))
			return;
	if (json_object_object_get_ex(args, "follow", &follow) &&
	    json_object_get_boolean(follow))
		g->following = true;
	else
		say_done(g, 0, NULL);
}

static void do_join(struct guest *g, struct json_object *args)
{
	(void)args;
	if (g->d->core->condemned) {
		say_done(
			g, ESHUTDOWN,
			"this node was fenced; unmount and unmap all that is shared, then it joins anew by itself");
		return;
	}
	if (g->d->left) {
		/* A new life, with a new incarnation. */
		g->d->end = DAEMON_REBORN;
		loop_stop(g->d->loop);
	}
	rbd_core_join(g->d->core);
	say_done(g, 0, NULL);
}

static void do_leave(struct guest *g, struct json_object *args)
{
	(void)args;
	if (!daemon_idle(g->d)) {
		say_done(
			g, EBUSY,
			"cluster filesystems are mounted or shared images mapped; unmount and unmap them first");
		return;
	}
	rbd_core_leave(g->d->core);
	g->d->left = true;
	say_done(g, 0, NULL);
}

static void do_fence(struct guest *g, struct json_object *args)
{
	struct json_object *node;
	const char *bad;

	if (!json_object_object_get_ex(args, "node", &node) ||
	    !json_object_is_type(node, json_type_int)) {
		say_done(g, EINVAL, "fence needs the number of a node");
		return;
	}
	bad = rbd_core_fence(g->d->core,
			     (unsigned int)json_object_get_int(node));
	say_done(g, bad ? EINVAL : 0, bad);
}

static void do_confirm(struct guest *g, struct json_object *args)
{
	struct fault f = { "" };
	struct json_object *node;
	int err;

	if (!json_object_object_get_ex(args, "node", &node) ||
	    !json_object_is_type(node, json_type_int)) {
		say_done(g, EINVAL, "confirm needs the number of a node");
		return;
	}
	err = fences_confirm(g->d, (unsigned int)json_object_get_int(node), &f);
	say_done(g, err, err ? f.text : NULL);
}

/* A number of milliseconds, 0 for none. */
static uint32_t get_ms(struct json_object *args, const char *key)
{
	struct json_object *o;
	int64_t ms;

	if (!json_object_object_get_ex(args, key, &o) ||
	    !json_object_is_type(o, json_type_int))
		return 0;
	ms = json_object_get_int64(o);
	return ms > 0 && ms <= UINT32_MAX ? (uint32_t)ms : 0;
}

static void do_set(struct guest *g, struct json_object *args)
{
	uint32_t dead = get_ms(args, "dead_after_ms");
	uint32_t slow = get_ms(args, "slow_after_ms");
	const char *bad = rbd_core_retime(g->d->core, dead, slow);

	say_done(g, bad ? EINVAL : 0, bad);
}

static void do_reload(struct guest *g, struct json_object *args)
{
	struct fault f = { "" };
	int ret = reload(g->d, &f);

	say_done(g, ret < 0 ? ret : 0, f.text);
}

static const struct {
	const char *name;
	void (*run)(struct guest *g, struct json_object *args);
} verbs[] = {
	{ "status", do_status },   { "metrics", do_metrics },
	{ "events", do_events },   { "join", do_join },
	{ "leave", do_leave },	   { "fence", do_fence },
	{ "confirm", do_confirm }, { "set", do_set },
	{ "reload", do_reload },
};

static void obey(struct guest *g)
{
	struct json_object *args = json_tokener_parse(g->request);
	struct json_object *verb = NULL;
	const char *name;
	size_t i;

	if (args && json_object_object_get_ex(args, "verb", &verb)) {
		name = json_object_get_string(verb);
		for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
			if (strcmp(verbs[i].name, name))
				continue;
			verbs[i].run(g, args);
			json_object_put(args);
			return;
		}
	}
	json_object_put(args);
	say_done(g, EINVAL,
		 "not understood; wanted is a line of JSON with a \"verb\"");
}

/* --- the socket --- */

static void receive(void *arg)
{
	struct guest *g = arg;
	ssize_t n = read(g->fd, g->request + g->len,
			 sizeof(g->request) - 1 - g->len);
	char *end;

	if (n < 0 && errno == EAGAIN)
		return;
	/* Of somebody who follows nothing more is wanted. */
	if (n <= 0 || g->following) {
		leave(g);
		return;
	}
	g->len += (size_t)n;
	g->request[g->len] = '\0';
	end = strchr(g->request, '\n');
	if (end) {
		*end = '\0';
		obey(g);
	} else if (g->len == sizeof(g->request) - 1) {
		say_done(g, EMSGSIZE, "the request is too long");
	}
}

static void welcome(void *daemon)
{
	struct daemon *d = daemon;
	int fd = accept4(d->control->fd, NULL, NULL,
			 SOCK_CLOEXEC | SOCK_NONBLOCK);
	int size = SEND_BYTES;
	struct guest *g;
	size_t i;

	if (fd < 0)
		return;
	setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size));
	for (i = 0; i < CLIENTS; i++) {
		g = &d->control->guests[i];
		if (g->fd >= 0)
			continue;
		g->fd = fd;
		g->d = d;
		g->len = 0;
		if (!loop_add(d->loop, fd, receive, g))
			return;
		g->fd = -1;
		break;
	}
	close(fd);
}

void control_event(struct daemon *d, const char *line)
{
	size_t i;

	for (i = 0; d->control && i < CLIENTS; i++)
		if (d->control->guests[i].following)
			say(&d->control->guests[i], line);
}

int control_open(struct daemon *d)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX, .sun_path = SOCKET };
	struct control *c = calloc(1, sizeof(*c));
	size_t i;
	int err;

	if (!c)
		return -ENOMEM;
	for (i = 0; i < CLIENTS; i++)
		c->guests[i].fd = -1;
	c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	unlink(SOCKET);
	if (c->fd < 0 || bind(c->fd, (struct sockaddr *)&at, sizeof(at)) ||
	    chmod(SOCKET, 0600) || listen(c->fd, CLIENTS)) {
		err = -errno;
		if (c->fd >= 0)
			close(c->fd);
		free(c);
		return err;
	}
	d->control = c;
	return loop_add(d->loop, c->fd, welcome, d);
}

void control_close(struct daemon *d)
{
	struct control *c = d->control;
	size_t i;

	if (!c)
		return;
	d->control = NULL;
	for (i = 0; i < CLIENTS; i++)
		if (c->guests[i].fd >= 0)
			leave(&c->guests[i]);
	close(c->fd);
	unlink(SOCKET);
	free(c);
}
