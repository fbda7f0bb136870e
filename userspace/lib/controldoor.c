// SPDX-License-Identifier: GPL-2.0
#include "lib/controldoor.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define SOCKET "/run/rbdshare/control"
#define CHUNK 65536

/**
 * struct talk - a conversation
 * @buf: what came and is not a whole line yet, @used bytes of @size
 */
struct talk {
	int fd;
	unsigned int silence_ms;
	char *buf;
	size_t used;
	size_t size;
	struct fault *f;
};

static const char *path(void)
{
	const char *env = getenv("RBDSHARE_CONTROL");

	return env && *env ? env : SOCKET;
}

struct json_object *controldoor_request(const char *verb)
{
	struct json_object *o = json_object_new_object();

	json_object_object_add(o, "verb", json_object_new_string(verb));
	return o;
}

static int connect_fault(int err, struct fault *f)
{
	if (err == -ENOENT || err == -ECONNREFUSED)
		return fault_set(
			f, -ECONNREFUSED,
			"rbdshared is not running; start it with: systemctl start rbdshared (or rbdshare cluster online)");
	if (err == -EACCES || err == -EPERM)
		return fault_set(
			f, -EACCES,
			"rbdshared talks to root alone; run it as root");
	if (err == -EAGAIN)
		return fault_set(
			f, -ETIMEDOUT,
			"rbdshared takes no more questions; look at: journalctl -u rbdshared");
	return fault_set(f, err, "cannot reach rbdshared at %s: %s", path(),
			 strerror(-err));
}

static int open_socket(struct talk *t)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };

	if (strlen(path()) >= sizeof(to.sun_path))
		return fault_set(t->f, -ENAMETOOLONG,
				 "'%.200s' is too long for a socket's path",
				 path());
	strcpy(to.sun_path, path());
	/* Without blocking, a daemon that accepts nobody cannot hold us. */
	t->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (t->fd < 0 || connect(t->fd, (struct sockaddr *)&to, sizeof(to)))
		return connect_fault(-errno, t->f);
	return 0;
}

static int lost(struct fault *f)
{
	return fault_set(
		f, -ECONNRESET,
		"rbdshared ended in the middle of its answer; look at: journalctl -u rbdshared");
}

/* Return: 0 when @events are there. */
static int wait_for(struct talk *t, short events)
{
	struct pollfd fd = { .fd = t->fd, .events = events };
	int ret;

	do {
		ret = poll(&fd, 1, t->silence_ms ? (int)t->silence_ms : -1);
	} while (ret < 0 && errno == EINTR);
	if (ret > 0)
		return 0;
	if (ret < 0)
		return fault_set(t->f, -errno, "cannot wait for rbdshared: %s",
				 strerror(errno));
	return fault_set(
		t->f, -ETIMEDOUT,
		"rbdshared did not answer within %u s; the kernel goes on without it for a while: look at journalctl -u rbdshared",
		t->silence_ms / 1000);
}

static int send_line(struct talk *t, struct json_object *request)
{
	const char *text = json_object_to_json_string_ext(
		request, JSON_C_TO_STRING_PLAIN);
	char *line = NULL, *p;
	ssize_t n;
	int ret = 0;

	if (asprintf(&line, "%s\n", text) < 0)
		return fault_set(t->f, -ENOMEM, "out of memory");
	for (p = line; !ret && *p; p += n) {
		n = send(t->fd, p, strlen(p), MSG_NOSIGNAL);
		if (n >= 0)
			continue;
		n = 0;
		ret = errno == EAGAIN ? wait_for(t, POLLOUT) : lost(t->f);
	}
	free(line);
	return ret;
}

static int more_room(struct talk *t)
{
	size_t size = t->size ? 2 * t->size : CHUNK;
	char *bigger;

	if (t->used + 1 < t->size)
		return 0;
	if (size > CONTROLDOOR_LINE)
		return fault_set(t->f, -EBADMSG,
				 "rbdshared sends a line without an end");
	bigger = realloc(t->buf, size);
	if (!bigger)
		return fault_set(t->f, -ENOMEM, "out of memory");
	t->buf = bigger;
	t->size = size;
	return 0;
}

static int receive(struct talk *t)
{
	ssize_t n;
	int ret = more_room(t);

	if (ret)
		return ret;
	n = recv(t->fd, t->buf + t->used, t->size - t->used - 1, 0);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return wait_for(t, POLLIN);
	if (n <= 0)
		return lost(t->f);
	t->used += (size_t)n;
	return 0;
}

/* The next line as an object of the caller. */
static int next_line(struct talk *t, struct json_object **o)
{
	char *end = NULL;
	size_t len;
	int ret;

	while (!t->used || !(end = memchr(t->buf, '\n', t->used))) {
		ret = receive(t);
		if (ret)
			return ret;
	}
	*end = '\0';
	*o = json_tokener_parse(t->buf);
	len = (size_t)(end - t->buf) + 1;
	t->used -= len;
	memmove(t->buf, end + 1, t->used);
	if (json_object_is_type(*o, json_type_object))
		return 0;
	json_object_put(*o);
	return fault_set(
		t->f, -EBADMSG,
		"rbdshared's answer is not what this rbdshare understands; are both of the same version?");
}

/* The last line: how it ended. */
static int finish(struct talk *t, struct json_object *o, struct fault *said)
{
	struct json_object *v;
	const char *message = "";
	int error = 0;

	if (json_object_object_get_ex(o, "error", &v))
		error = json_object_get_int(v);
	if (json_object_object_get_ex(o, "message", &v) && v)
		message = json_object_get_string(v);
	if (said)
		snprintf(said->text, sizeof(said->text), "%s", message);
	if (!error)
		return 0;
	return fault_set(t->f, error > 0 ? -error : -EIO, "%s",
			 *message ? message : strerror(error));
}

static bool is_last(struct json_object *o)
{
	struct json_object *v;

	return json_object_object_get_ex(o, "done", &v) &&
	       json_object_get_boolean(v);
}

int controldoor_ask(struct json_object *request, unsigned int silence_ms,
		    int (*line)(void *arg, struct json_object *data), void *arg,
		    struct fault *said, struct fault *f)
{
	struct talk t = { .fd = -1, .silence_ms = silence_ms, .f = f };
	struct json_object *o;
	bool last = false;
	int ret = open_socket(&t);

	if (!ret)
		ret = send_line(&t, request);
	json_object_put(request);
	while (!ret && !last) {
		ret = next_line(&t, &o);
		if (ret)
			break;
		last = is_last(o);
		if (last)
			ret = finish(&t, o, said);
		else if (line)
			ret = line(arg, o);
		json_object_put(o);
	}
	if (t.fd >= 0)
		close(t.fd);
	free(t.buf);
	return ret;
}
