// SPDX-License-Identifier: GPL-2.0
/* Three nodes on 127.0.0.1 to .3, and somebody who listens in between. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/plocklink.h"
#include "lib/plocksession.h"

#define NODES 3
#define PATIENCE_MS 5000
#define SETTLE_MS 300

static const unsigned char key[KEEPALIVE_KEY] = "cluster key";

static struct node {
	uint16_t number;
	struct plocklink *link;
	unsigned int ups[NODES + 1];
	unsigned int got[NODES + 1];
	size_t bytes[NODES + 1];
} nodes[NODES + 1];

static uint16_t port;

static uint64_t life_of(unsigned int n)
{
	return n * 11ULL;
}

static struct sockaddr_storage address(unsigned int n)
{
	struct sockaddr_storage s = { .ss_family = AF_INET };
	char ip[32];

	snprintf(ip, sizeof(ip), "127.0.0.%u", n);
	inet_pton(AF_INET, ip, &((struct sockaddr_in *)&s)->sin_addr);
	return s;
}

static uint16_t free_port(void)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	socklen_t len = sizeof(in);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&in, len), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&in, &len), 0);
	close(fd);
	return ntohs(in.sin_port);
}

static void on_up(void *arg, uint16_t from)
{
	struct node *n = arg;

	n->ups[from]++;
	n->got[from] = 0;
}

/* Each message begins with its number on this connection. */
static void on_message(void *arg, uint16_t from, const unsigned char *msg,
		       size_t len)
{
	struct node *n = arg;
	unsigned int number;

	assert_true(len >= sizeof(number));
	memcpy(&number, msg, sizeof(number));
	assert_int_equal(number, n->got[from]);
	n->got[from]++;
	n->bytes[from] += len;
}

static void open_node(unsigned int i, const unsigned char *with)
{
	struct plocklink_config c = { .number = (uint16_t)i,
				      .life = life_of(i),
				      .self = address(i),
				      .port = port,
				      .up = on_up,
				      .receive = on_message,
				      .arg = &nodes[i] };
	struct sockaddr_storage to;
	unsigned int j;

	memset(&nodes[i], 0, sizeof(nodes[i]));
	nodes[i].number = (uint16_t)i;
	memcpy(c.key, with, sizeof(c.key));
	assert_int_equal(plocklink_open(&nodes[i].link, &c), 0);
	assert_int_equal(plocklink_listen(nodes[i].link), 0);
	for (j = 1; j <= NODES; j++) {
		to = address(j);
		plocklink_set_peer(nodes[i].link, (uint16_t)j, life_of(j), &to);
	}
}

static int setup(void **state)
{
	unsigned int i;

	port = free_port();
	for (i = 1; i <= NODES; i++)
		open_node(i, key);
	return 0;
}

static int teardown(void **state)
{
	unsigned int i;

	for (i = 1; i <= NODES; i++)
		plocklink_close(nodes[i].link);
	return 0;
}

static void serve_all(void)
{
	unsigned int i;

	for (i = 1; i <= NODES; i++) {
		plocklink_serve(nodes[i].link);
		plocklink_tick(nodes[i].link);
	}
}

/* Until a count is reached. */
static void until(const unsigned int *count, unsigned int want)
{
	long long end = clock_ms() + PATIENCE_MS;

	while (*count < want && clock_ms() < end) {
		serve_all();
		clock_sleep_ms(1);
	}
	assert_int_equal(*count, want);
}

static void settle(void)
{
	long long end = clock_ms() + SETTLE_MS;

	while (clock_ms() < end) {
		serve_all();
		clock_sleep_ms(5);
	}
}

static void say(unsigned int from, unsigned int to, unsigned int number,
		size_t len)
{
	static unsigned char buf[PLOCKLINK_MESSAGE];

	memset(buf, (int)number, len);
	memcpy(buf, &number, sizeof(number));
	plocklink_send(nodes[from].link, (uint16_t)to, buf, len);
}

static void test_messages(void **state)
{
	unsigned int i;

	/* Only the one with the greater number connects. */
	plocklink_want(nodes[1].link, 2, true);
	settle();
	assert_int_equal(nodes[1].ups[2], 0);
	plocklink_want(nodes[2].link, 1, true);
	plocklink_want(nodes[3].link, 1, true);
	until(&nodes[1].ups[2], 1);
	until(&nodes[1].ups[3], 1);
	until(&nodes[2].ups[1], 1);
	assert_true(plocklink_is_up(nodes[1].link, 2));
	assert_false(plocklink_is_up(nodes[2].link, 3));
	for (i = 0; i < 300; i++) {
		say(1, 2, i, PLOCKLINK_MESSAGE);
		say(2, 1, i, 4 + i);
		say(3, 1, i, 4);
		/* No connection: lost. */
		say(2, 3, i, 4);
	}
	until(&nodes[2].got[1], 300);
	until(&nodes[1].got[2], 300);
	until(&nodes[1].got[3], 300);
	assert_int_equal(nodes[2].bytes[1], 300 * PLOCKLINK_MESSAGE);
	assert_int_equal(nodes[3].got[2], 0);
}

static void test_comes_back(void **state)
{
	plocklink_want(nodes[3].link, 1, true);
	until(&nodes[1].ups[3], 1);
	until(&nodes[3].ups[1], 1);
	plocklink_close(nodes[1].link);
	open_node(1, key);
	until(&nodes[3].ups[1], 2);
	until(&nodes[1].ups[3], 1);
	say(3, 1, 0, 100);
	say(1, 3, 0, 100);
	until(&nodes[1].got[3], 1);
	until(&nodes[3].got[1], 1);
}

static void test_strangers(void **state)
{
	struct sockaddr_storage to = address(1);

	/* Another key. */
	plocklink_close(nodes[2].link);
	open_node(2, (const unsigned char *)"another key, of some other size.");
	plocklink_want(nodes[2].link, 1, true);
	/* Another life than the view has. */
	plocklink_set_peer(nodes[1].link, 3, life_of(3) + 1, &to);
	plocklink_want(nodes[3].link, 1, true);
	settle();
	assert_int_equal(nodes[1].ups[2], 0);
	assert_int_equal(nodes[2].ups[1], 0);
	assert_int_equal(nodes[1].ups[3], 0);
	/* The view has it now: it is let in, and out again. */
	plocklink_set_peer(nodes[1].link, 3, life_of(3), &to);
	until(&nodes[1].ups[3], 1);
	plocklink_set_peer(nodes[1].link, 3, 0, &to);
	assert_false(plocklink_is_up(nodes[1].link, 3));
}

/* --- a man in the middle --- */

static int dial(unsigned int to)
{
	struct sockaddr_storage a = address(to);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	((struct sockaddr_in *)&a)->sin_port = htons(port);
	assert_int_equal(connect(fd, (struct sockaddr *)&a,
				 sizeof(struct sockaddr_in)),
			 0);
	return fd;
}

/* What an honest node 2 would send to node 1 behind its hello. */
static void answer_hello(int fd, const unsigned char *hello,
			 unsigned char *frames, size_t *len)
{
	unsigned char theirs[PLOCKSESSION_HELLO];
	struct plocksession s;
	/* The message with number 0. */
	static const unsigned char text[8] = { 0 };
	size_t n = sizeof(text);
	long long end = clock_ms() + PATIENCE_MS;
	int there = 0;

	while (there < PLOCKSESSION_HELLO && clock_ms() < end) {
		serve_all();
		ioctl(fd, FIONREAD, &there);
	}
	assert_int_equal(recv(fd, theirs, sizeof(theirs), 0), sizeof(theirs));
	assert_int_equal(plocksession_begin(&s, key, hello, theirs), 0);
	assert_int_equal(plocksession_seal(&s, frames, 0), 0);
	*len = PLOCKSESSION_BEFORE + PLOCKSESSION_BEHIND;
	memcpy(frames + *len + PLOCKSESSION_BEFORE, text, n);
	assert_int_equal(plocksession_seal(&s, frames + *len, n), 0);
	*len += PLOCKSESSION_BEFORE + n + PLOCKSESSION_BEHIND;
}

static void test_replay(void **state)
{
	struct plocksession_hello h = { 2, 1, life_of(2), life_of(1), "abc" };
	unsigned char hello[PLOCKSESSION_HELLO], frames[256];
	unsigned int ups;
	size_t len, i;
	int fd;

	plocksession_hello_encode(&h, hello);
	fd = dial(1);
	assert_int_equal(send(fd, hello, sizeof(hello), 0), sizeof(hello));
	answer_hello(fd, hello, frames, &len);
	assert_int_equal(send(fd, frames, len, 0), len);
	until(&nodes[1].ups[2], 1);
	until(&nodes[1].got[2], 1);
	close(fd);
	settle();
	ups = nodes[1].ups[2];
	/* The same bytes once more: the other hello is a new one. */
	fd = dial(1);
	assert_int_equal(send(fd, hello, sizeof(hello), 0), sizeof(hello));
	assert_int_equal(send(fd, frames, len, 0), len);
	settle();
	assert_int_equal(nodes[1].ups[2], ups);
	close(fd);
	/* Any bit that is another one. */
	for (i = 0; i < len; i += 5) {
		nodes[1].got[2] = 0;
		fd = dial(1);
		send(fd, hello, sizeof(hello), 0);
		answer_hello(fd, hello, frames, &len);
		frames[i] ^= 0x10;
		send(fd, frames, len, MSG_NOSIGNAL);
		serve_all();
		serve_all();
		assert_int_equal(nodes[1].got[2], 0);
		close(fd);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_messages, setup, teardown),
		cmocka_unit_test_setup_teardown(test_comes_back, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_strangers, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_replay, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
