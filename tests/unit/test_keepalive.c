// SPDX-License-Identifier: GPL-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "lib/keepalive.h"

#define MS 1000000ULL

static const unsigned char key[KEEPALIVE_KEY] = "cluster key";
/* Two nodes, and clocks that have nothing to do with each other. */
static struct keepalive a, b;
static const uint64_t a0 = 5000 * MS, b0 = 900000 * MS;

static int setup(void **state)
{
	keepalive_init(&a, 1, 11, key);
	keepalive_init(&b, 2, 22, key);
	keepalive_set_peer(&a, 2, 22);
	keepalive_set_peer(&b, 1, 11);
	return 0;
}

static int send(struct keepalive *k, uint16_t to, uint64_t now,
		unsigned char *buf)
{
	return keepalive_encode(k, to, KEEPALIVE_PING, now, "hello", 5, buf);
}

static int get(struct keepalive *k, uint64_t now, const unsigned char *buf,
	       int len)
{
	struct keepalive_message m;

	return keepalive_decode(k, now, buf, (size_t)len, &m);
}

static void test_message(void **state)
{
	unsigned char buf[KEEPALIVE_MAX];
	struct keepalive_message m;
	int n;

	a.flags = KEEPALIVE_LISTENS;
	n = keepalive_encode(&a, 2, KEEPALIVE_LOOK, a0, "abc", 3, buf);
	assert_int_equal(n, KEEPALIVE_HEADER + 3 + KEEPALIVE_MAC);
	assert_int_equal(keepalive_decode(&b, b0, buf, (size_t)n, &m), 0);
	assert_int_equal(m.type, KEEPALIVE_LOOK);
	assert_int_equal(m.sender, 1);
	assert_int_equal(m.flags, KEEPALIVE_LISTENS);
	assert_int_equal(m.payload_len, 3);
	assert_memory_equal(m.payload, "abc", 3);
}

static void test_contact_needs_an_echo(void **state)
{
	unsigned char buf[KEEPALIVE_MAX], bits[32];
	int n;

	n = send(&a, 2, a0, buf);
	assert_int_equal(get(&b, b0, buf, n), 0);
	/* One way proves nothing: it may have been held back for hours. */
	assert_int_equal(keepalive_age_ms(&b, 1, b0), KEEPALIVE_NEVER);
	n = send(&b, 1, b0 + 10 * MS, buf);
	assert_int_equal(get(&a, a0 + 30 * MS, buf, n), 0);
	/* Alive at some time after our ping: that is what we know. */
	assert_int_equal(keepalive_age_ms(&a, 2, a0 + 30 * MS), 30);
	assert_int_equal(keepalive_age_ms(&a, 2, a0 + 500 * MS), 500);
	keepalive_bitmap(&a, a0 + 500 * MS, 500, bits);
	assert_int_equal(bits[0], 1 << 1 | 1 << 2);
	keepalive_bitmap(&a, a0 + 501 * MS, 500, bits);
	assert_int_equal(bits[0], 1 << 1);
}

/* Somebody keeps messages of a node that is dead by now. */
static void test_held_back(void **state)
{
	unsigned char first[KEEPALIVE_MAX], kept[10][KEEPALIVE_MAX];
	int i, n;

	n = send(&a, 2, a0, first);
	assert_int_equal(get(&b, b0, first, n), 0);
	for (i = 0; i < 10; i++)
		n = send(&b, 1, b0 + (uint64_t)i * MS, kept[i]);
	for (i = 0; i < 10; i++) {
		assert_int_equal(get(&a, a0 + (uint64_t)(i + 1) * 1000 * MS,
				     kept[i], n),
				 0);
		assert_int_equal(keepalive_age_ms(&a, 2,
						  a0 + (uint64_t)(i + 1) *
								  1000 * MS),
				 (i + 1) * 1000);
	}
}

static void test_replay_and_order(void **state)
{
	unsigned char one[KEEPALIVE_MAX], two[KEEPALIVE_MAX];
	int n = send(&a, 2, a0, one);

	/* The same instant gives another number all the same. */
	send(&a, 2, a0, two);
	assert_int_equal(get(&b, b0, two, n), 0);
	assert_int_equal(get(&b, b0, two, n), -ESTALE);
	assert_int_equal(get(&b, b0, one, n), -ESTALE);
	assert_int_equal(b.stale, 2);
}

static void test_forged(void **state)
{
	unsigned char buf[KEEPALIVE_MAX];
	struct keepalive stranger;
	int i, n;

	n = send(&a, 2, a0, buf);
	for (i = 0; i < n; i++) {
		buf[i] ^= 1;
		assert_int_not_equal(get(&b, b0, buf, n), 0);
		buf[i] ^= 1;
	}
	assert_true(b.forged > 0);
	assert_int_equal(get(&b, b0, buf, n), 0);
	keepalive_init(
		&stranger, 1, 11,
		(const unsigned char *)"another key, also of 32 bytes...");
	keepalive_set_peer(&stranger, 2, 22);
	n = send(&stranger, 2, a0 + 1000 * MS, buf);
	assert_int_equal(get(&b, b0, buf, n), -EPERM);
}

static void test_other_lives(void **state)
{
	unsigned char buf[KEEPALIVE_MAX];
	int n = send(&a, 2, a0, buf);

	/* An earlier life of the sender, then of the receiver. */
	keepalive_set_peer(&b, 1, 12);
	assert_int_equal(get(&b, b0, buf, n), -ENOENT);
	keepalive_init(&b, 2, 23, key);
	keepalive_set_peer(&b, 1, 11);
	assert_int_equal(get(&b, b0, buf, n), -ENOENT);
	/* Nobody is nobody. */
	assert_int_equal(send(&a, 3, a0, buf), -ENOENT);
	keepalive_set_peer(&a, 2, 0);
	assert_int_equal(send(&a, 2, a0, buf), -ENOENT);
	assert_int_equal(keepalive_age_ms(&a, 2, a0), KEEPALIVE_NEVER);
}

static void test_bad_bytes(void **state)
{
	unsigned char buf[KEEPALIVE_MAX + 1] = { 0 };
	int n, i;

	n = send(&a, 2, a0, buf);
	for (i = 0; i < n; i++)
		assert_int_not_equal(get(&b, b0, buf, i), 0);
	assert_int_not_equal(get(&b, b0, buf, n + 1), 0);
	assert_int_equal(get(&b, b0, buf, KEEPALIVE_MAX + 1), -EBADMSG);
	assert_int_equal(keepalive_encode(&a, 2, KEEPALIVE_PING, a0, buf,
					  KEEPALIVE_PAYLOAD + 1, buf),
			 -EMSGSIZE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_message, setup),
		cmocka_unit_test_setup(test_contact_needs_an_echo, setup),
		cmocka_unit_test_setup(test_held_back, setup),
		cmocka_unit_test_setup(test_replay_and_order, setup),
		cmocka_unit_test_setup(test_forged, setup),
		cmocka_unit_test_setup(test_other_lives, setup),
		cmocka_unit_test_setup(test_bad_bytes, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
