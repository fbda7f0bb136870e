// SPDX-License-Identifier: GPL-2.0
/* Three nodes on 127.0.0.1 to .3; nothing but the loopback is needed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/dlmprobe.h"
#include "lib/keepalivesock.h"

#define NODES 3

static const unsigned char key[KEEPALIVE_KEY] = "cluster key";
static struct keepalivesock nodes[NODES + 1];

static struct sockaddr_storage address(int n)
{
	struct sockaddr_storage s = { .ss_family = AF_INET };
	char ip[32];

	snprintf(ip, sizeof(ip), "127.0.0.%d", n);
	inet_pton(AF_INET, ip, &((struct sockaddr_in *)&s)->sin_addr);
	return s;
}

/* A port of our own, that other runs of this test do not have. */
static uint16_t free_port(int type)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	socklen_t len = sizeof(in);
	int fd = socket(AF_INET, type, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&in, len), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&in, &len), 0);
	close(fd);
	return ntohs(in.sin_port);
}

static int setup(void **state)
{
	struct sockaddr_storage self;
	uint16_t port = free_port(SOCK_DGRAM);
	int i, j;

	for (i = 1; i <= NODES; i++) {
		self = address(i);
		keepalive_init(&nodes[i].k, (uint16_t)i, (uint64_t)i * 11, key);
		assert_int_equal(keepalivesock_open(&nodes[i], &self, port, 0),
				 0);
		for (j = 1; j <= NODES; j++) {
			keepalive_set_peer(&nodes[i].k, (uint16_t)j,
					   (uint64_t)j * 11);
			nodes[i].addr[j] = address(j);
		}
	}
	return 0;
}

static int teardown(void **state)
{
	int i;

	for (i = 1; i <= NODES; i++)
		keepalivesock_close(&nodes[i]);
	return 0;
}

/* The next message of that type; others are passed over. */
static struct keepalive_message next(int n, enum keepalive_type type)
{
	struct pollfd fd = { .fd = nodes[n].fd, .events = POLLIN };
	static unsigned char buf[KEEPALIVE_MAX];
	long long end = clock_ms() + 30000;
	struct keepalive_message m;

	for (;;) {
		assert_true(clock_ms() < end);
		if (!keepalivesock_receive(&nodes[n], buf, &m)) {
			if (m.type == type)
				return m;
			continue;
		}
		poll(&fd, 1, 1000);
	}
}

static void test_round(void **state)
{
	unsigned char bits[32];
	int i;

	keepalivesock_ping(&nodes[1]);
	for (i = 2; i <= NODES; i++)
		assert_int_equal(next(i, KEEPALIVE_PING).sender, 1);
	next(1, KEEPALIVE_PONG);
	next(1, KEEPALIVE_PONG);
	keepalive_bitmap(&nodes[1].k, keepalivesock_now(), 30000, bits);
	assert_int_equal(bits[0], 1 << 1 | 1 << 2 | 1 << 3);
	/* The others were pinged only: they know of nobody yet. */
	keepalive_bitmap(&nodes[2].k, keepalivesock_now(), 30000, bits);
	assert_int_equal(bits[0], 1 << 2);
}

static void test_hint_and_payload(void **state)
{
	struct keepalive_message m;

	assert_int_equal(
		keepalivesock_send(&nodes[2], 3, KEEPALIVE_LOOK, "view", 4), 0);
	m = next(3, KEEPALIVE_LOOK);
	assert_int_equal(m.sender, 2);
	assert_memory_equal(m.payload, "view", 4);
	assert_int_equal(keepalivesock_send(&nodes[2], 9, KEEPALIVE_LOOK, NULL,
					    0),
			 -ENOENT);
}

/* The right key from the wrong address. */
static void test_wrong_address(void **state)
{
	unsigned char buf[KEEPALIVE_MAX];
	struct keepalive_message m;

	nodes[1].addr[2] = address(7);
	keepalivesock_send(&nodes[2], 1, KEEPALIVE_PROBE, NULL, 0);
	keepalivesock_send(&nodes[3], 1, KEEPALIVE_LOOK, NULL, 0);
	m = next(1, KEEPALIVE_LOOK);
	assert_int_equal(m.sender, 3);
	assert_int_equal(keepalivesock_receive(&nodes[1], buf, &m), -EAGAIN);
}

static enum dlmprobe_result probe(uint16_t port)
{
	struct sockaddr_storage from = address(1), to = address(2);
	int fd = dlmprobe_start(&from, &to, port);
	long long end = clock_ms() + 30000;
	enum dlmprobe_result r;

	assert_true(fd >= 0);
	do {
		r = dlmprobe_look(fd, clock_ms() > end);
		clock_sleep_ms(1);
	} while (r == DLMPROBE_WAIT);
	close(fd);
	return r;
}

static void test_probe(void **state)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	uint16_t port = free_port(SOCK_STREAM);
	int fd;

	assert_int_equal(probe(port), DLMPROBE_REFUSED);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	in.sin_port = htons(port);
	assert_int_equal(bind(fd, (struct sockaddr *)&in, sizeof(in)), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(probe(port), DLMPROBE_OPEN);
	close(fd);
}

static void test_not_our_address(void **state)
{
	struct sockaddr_storage other = { .ss_family = AF_INET };
	struct keepalivesock s;

	inet_pton(AF_INET, "192.0.2.77",
		  &((struct sockaddr_in *)&other)->sin_addr);
	assert_int_equal(keepalivesock_open(&s, &other, 0, 0), -EADDRNOTAVAIL);
	assert_int_equal(dlmprobe_start(&other, &other, 1), -EADDRNOTAVAIL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_round, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hint_and_payload, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_wrong_address, setup,
						teardown),
		cmocka_unit_test(test_probe),
		cmocka_unit_test(test_not_our_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
