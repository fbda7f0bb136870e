// SPDX-License-Identifier: GPL-2.0
/* Who has an image open: a reply of a real cluster, and broken ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>

#include "lib/imageusers.h"

/* get_info of two shared locks, taken by the stock rados tool of Ceph 16. */
static const unsigned char reply[] = {
	0x01, 0x01, 0xc5, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x01, 0x01,
	0x1a, 0x00, 0x00, 0x00, 0x08, 0xcc, 0x10, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x0d, 0x00, 0x00, 0x00, 0x72, 0x62, 0x64, 0x73, 0x68, 0x61, 0x72,
	0x65, 0x20, 0x72, 0x62, 0x64, 0x30, 0x01, 0x01, 0x34, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x01, 0x01, 0x1c,
	0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0xf8, 0x05, 0x3e, 0x6e, 0x10,
	0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x0a, 0x4d, 0x00, 0x01, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x05, 0x00, 0x00, 0x00, 0x6e,
	0x6f, 0x64, 0x65, 0x37, 0x01, 0x01, 0x1a, 0x00, 0x00, 0x00, 0x08, 0xd0,
	0x10, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x0d, 0x00, 0x00, 0x00, 0x72,
	0x62, 0x64, 0x73, 0x68, 0x61, 0x72, 0x65, 0x20, 0x72, 0x62, 0x64, 0x31,
	0x01, 0x01, 0x34, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x01, 0x01, 0x01, 0x1c, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00,
	0x00, 0x21, 0x49, 0xb4, 0xd2, 0x10, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00,
	0x00, 0x0a, 0x4d, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x05, 0x00, 0x00, 0x00, 0x6e, 0x6f, 0x64, 0x65, 0x38, 0x02, 0x08,
	0x00, 0x00, 0x00, 0x72, 0x62, 0x64, 0x73, 0x68, 0x61, 0x72, 0x65
};

#define REPLY_LEN sizeof(reply)

static void real_reply(void **state)
{
	struct image_users u = { 0 };
	char text[256];

	assert_int_equal(REPLY_LEN, 203);
	assert_int_equal(image_users_add_watcher(&u, 0x10cc, "10.77.0.1:0/1"),
			 0);
	assert_int_equal(image_users_add_locks(&u, reply, REPLY_LEN), 0);
	assert_int_equal(u.n, 2);
	assert_int_equal(u.lock_type, 2);
	assert_string_equal(u.lock_tag, "rbdshare");
	/* The watcher and its lock are one user; the address is the watch's. */
	assert_string_equal(u.v[0].node, "node7");
	assert_string_equal(u.v[0].addr, "10.77.0.1:0/1");
	assert_string_equal(u.v[0].lock_cookie, "rbdshare rbd0");
	assert_true(u.v[0].watching && u.v[0].locking);
	/* The other one vanished, but still counts. */
	assert_int_equal(u.v[1].id, 0x10d0);
	assert_string_equal(u.v[1].addr, "10.77.0.1:0/3535030561");
	assert_false(u.v[1].watching);
	assert_int_equal(image_users_active(&u), 2);
	image_users_describe(&u, text, sizeof(text));
	assert_string_equal(
		text,
		"node7 (/dev/rbd0, 10.77.0.1:0/1, client.4300), node8 (/dev/rbd1, 10.77.0.1:0/3535030561, client.4304, no longer connected)");
	image_users_describe(&u, text, 90);
	assert_string_equal(
		text,
		"node7 (/dev/rbd0, 10.77.0.1:0/1, client.4300) and 1 more");
	image_users_free(&u);
}

static void every_cut_is_refused(void **state)
{
	struct image_users u = { 0 };
	unsigned char *copy;
	size_t len;

	for (len = 0; len < REPLY_LEN; len++) {
		/* Of exact size, so that a read too far is seen. */
		copy = malloc(len ? len : 1);
		assert_non_null(copy);
		memcpy(copy, reply, len);
		assert_int_equal(image_users_add_locks(&u, copy, len),
				 -EBADMSG);
		image_users_free(&u);
		free(copy);
	}
}

static void names_cannot_drive_a_terminal(void **state)
{
	struct image_users u = { 0 };
	unsigned char copy[REPLY_LEN];
	unsigned char *at;

	memcpy(copy, reply, REPLY_LEN);
	at = memmem(copy, REPLY_LEN, "node7", 5);
	assert_non_null(at);
	memcpy(at, "\033[2J\n", 5);
	assert_int_equal(image_users_add_locks(&u, copy, REPLY_LEN), 0);
	assert_string_equal(u.v[0].node, "?[2J?");
	image_users_free(&u);
}

static void internal_lock_without_watcher(void **state)
{
	struct image_users u = { 0 };
	unsigned char copy[REPLY_LEN];
	char text[64];

	memcpy(copy, reply, REPLY_LEN);
	memcpy(copy + REPLY_LEN - 8, "internal", 8);
	assert_int_equal(image_users_add_locks(&u, copy, REPLY_LEN), 0);
	assert_int_equal(u.n, 2);
	assert_int_equal(image_users_active(&u), 0);
	image_users_describe(&u, text, sizeof(text));
	assert_string_equal(text, "");
	u.v[0].watching = true;
	assert_int_equal(image_users_active(&u), 1);
	image_users_free(&u);
}

/* The reply with another tag and other cookies, each as long as before. */
static void read_changed(struct image_users *u, const char *tag,
			 const char *cookie)
{
	unsigned char copy[REPLY_LEN];
	unsigned char *at;

	memset(u, 0, sizeof(*u));
	memcpy(copy, reply, REPLY_LEN);
	memcpy(copy + REPLY_LEN - 8, tag, 8);
	at = memmem(copy, REPLY_LEN, "rbdshare rbd0", 13);
	assert_non_null(at);
	memcpy(at, cookie, 13);
	assert_int_equal(image_users_add_locks(u, copy, REPLY_LEN), 0);
	assert_int_equal(u->n, 2);
}

static void nodes_and_devices(void **state)
{
	static const char *const not_ours[] = {
		"rbdshare rbdx", "rbdshare rb 0", "rbdsHare rbd0",
		"auto 14044231", "rbdshare rbd;",
	};
	struct image_users u;
	char text[160];
	size_t i;

	read_changed(&u, "rbdshare", "rbdshare rbd7");
	assert_string_equal(u.v[0].node, "node7");
	assert_string_equal(u.v[0].device, "/dev/rbd7");
	image_users_free(&u);
	for (i = 0; i < sizeof(not_ours) / sizeof(*not_ours); i++) {
		read_changed(&u, "rbdshare", not_ours[i]);
		assert_string_equal(u.v[0].node, "node7");
		assert_string_equal(u.v[0].device, "");
		assert_string_equal(u.v[1].device, "/dev/rbd1");
		image_users_free(&u);
	}
	/* A lock of somebody else: its description may be anything. */
	read_changed(&u, "nightly.", "rbdshare rbd7");
	assert_string_equal(u.v[0].node, "");
	assert_string_equal(u.v[0].device, "");
	image_user_format(&u.v[0], text, sizeof(text));
	assert_string_equal(
		text,
		"10.77.0.1:0/1849558520 (client.4300, no longer connected)");
	image_users_free(&u);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(real_reply),
		cmocka_unit_test(every_cut_is_refused),
		cmocka_unit_test(names_cannot_drive_a_terminal),
		cmocka_unit_test(internal_lock_without_watcher),
		cmocka_unit_test(nodes_and_devices),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
