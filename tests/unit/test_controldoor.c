// SPDX-License-Identifier: GPL-2.0
/* Conversations with a daemon, over a real socket. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <pthread.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/controldoor.h"

static char path[64];

/**
 * struct server - answers one question, in pieces of @piece bytes
 * @stays: does not hang up before the client does
 */
struct server {
	pthread_t thread;
	int fd;
	const char *answer;
	size_t len;
	size_t piece;
	bool stays;
	char asked[128];
};

static void *serve(void *arg)
{
	struct server *s = arg;
	int fd = accept(s->fd, NULL, NULL);
	size_t sent = 0, n;
	ssize_t got;

	got = read(fd, s->asked, sizeof(s->asked) - 1);
	s->asked[got > 0 ? got : 0] = '\0';
	while (sent < s->len) {
		n = s->len - sent < s->piece ? s->len - sent : s->piece;
		got = send(fd, s->answer + sent, n, MSG_NOSIGNAL);
		if (got < 0)
			break;
		sent += (size_t)got;
	}
	while (s->stays && read(fd, s->asked, 0) >= 0 && recv(fd, &n, 1, 0) > 0)
		;
	close(fd);
	return NULL;
}

static void server_start(struct server *s)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };

	snprintf(path, sizeof(path), "/tmp/rbdshare-test-%d", getpid());
	setenv("RBDSHARE_CONTROL", path, 1);
	unlink(path);
	strcpy(at.sun_path, path);
	s->fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(bind(s->fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(s->fd, 1), 0);
	assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
}

static void server_end(struct server *s)
{
	pthread_join(s->thread, NULL);
	close(s->fd);
	unlink(path);
}

static int count(void *arg, struct json_object *data)
{
	struct json_object *v;

	(*(int *)arg)++;
	return json_object_object_get_ex(data, "stop", &v) ?
		       json_object_get_int(v) :
		       0;
}

/* What asking such a server gives; @lines of data must have come. */
static int ask(const char *answer, size_t len, size_t piece, int lines,
	       struct fault *said, struct fault *f)
{
	struct server s = { .answer = answer, .len = len, .piece = piece };
	int got = 0, ret;

	server_start(&s);
	*f->text = '\0';
	ret = controldoor_ask(controldoor_request("status"), 2000, count, &got,
			      said, f);
	server_end(&s);
	assert_string_equal(s.asked, "{\"verb\":\"status\"}\n");
	assert_int_equal(got, lines);
	return ret;
}

static void test_answers(void **state)
{
	static const char good[] =
		"{\"a\":1}\n{\"done\":false}\n"
		"{\"done\":true,\"error\":0,\"message\":\"well\"}\n";
	static const char bad[] =
		"{\"done\":true,\"error\":16,\"message\":\"busy %s\"}\n";
	static const char mute[] = "{\"done\":true,\"error\":2}\n";
	static const char stop[] = "{\"stop\":-5}\n{}\n";
	struct fault said, f;
	size_t piece;

	for (piece = 1; piece < sizeof(good); piece++) {
		assert_int_equal(
			ask(good, sizeof(good) - 1, piece, 2, &said, &f), 0);
		assert_string_equal(said.text, "well");
	}
	assert_int_equal(ask(bad, sizeof(bad) - 1, 9, 0, &said, &f), -EBUSY);
	assert_string_equal(f.text, "busy %s");
	assert_int_equal(ask(mute, sizeof(mute) - 1, 9, 0, NULL, &f), -ENOENT);
	assert_string_equal(f.text, "No such file or directory");
	assert_int_equal(ask(stop, sizeof(stop) - 1, 99, 1, NULL, &f), -EIO);
}

static void test_broken(void **state)
{
	static const char cut[] = "{\"a\":1}\n{\"done\":tr";
	static const char junk[] = "hello\n";
	static const char zero[] = "{\"a\":1\0}\n";
	struct fault f;

	assert_int_equal(ask("", 0, 1, 0, NULL, &f), -ECONNRESET);
	assert_int_equal(ask(cut, sizeof(cut) - 1, 5, 1, NULL, &f),
			 -ECONNRESET);
	assert_int_equal(ask(junk, sizeof(junk) - 1, 5, 0, NULL, &f), -EBADMSG);
	assert_int_equal(ask(zero, sizeof(zero) - 1, 5, 0, NULL, &f), -EBADMSG);
}

static void test_large(void **state)
{
	size_t len = 3 << 20;
	char *line = malloc(len + 64);
	struct fault f;
	int n;

	assert_non_null(line);
	n = sprintf(line, "{\"a\":\"");
	memset(line + n, 'x', len);
	strcpy(line + n + len, "\"}\n{\"done\":true,\"error\":0}\n");
	assert_int_equal(ask(line, strlen(line), 65536, 1, NULL, &f), 0);
	/* One without an end is given up. */
	len = CONTROLDOOR_LINE + 65536;
	free(line);
	line = malloc(len);
	assert_non_null(line);
	memset(line, 'x', len);
	assert_int_equal(ask(line, len, 65536, 0, NULL, &f), -EBADMSG);
	free(line);
}

static void test_silence(void **state)
{
	struct server s = { .answer = "{}\n",
			    .len = 3,
			    .piece = 3,
			    .stays = true };
	struct fault f = { "" };
	int got = 0;

	server_start(&s);
	assert_int_equal(controldoor_ask(controldoor_request("x"), 100, count,
					 &got, NULL, &f),
			 -ETIMEDOUT);
	server_end(&s);
	assert_int_equal(got, 1);
	/* Nobody there. */
	assert_int_equal(controldoor_ask(controldoor_request("x"), 100, count,
					 &got, NULL, &f),
			 -ECONNREFUSED);
	assert_non_null(strstr(f.text, "rbdshare cluster online"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_large),
		cmocka_unit_test(test_silence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
