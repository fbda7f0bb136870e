// SPDX-License-Identifier: GPL-2.0
/* Views as bytes: whole they come back, damaged they are refused. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crc32c.h"
#include "view_codec.h"
#include "view_timing.h"
#include "viewsample.h"

static struct rbd_view v;
static struct rbd_view back;
static u8 buf[RBD_VIEW_MAX_BYTES];
static u8 again[RBD_VIEW_MAX_BYTES];
static size_t len;

static void rich_view(void)
{
	unsigned int i;

	sample_view(&v, 4);
	for (i = 0; i < sizeof(v.key); i++)
		v.key[i] = (u8)(i * 7);
	memset(v.token, 0x5a, sizeof(v.token));
	rbd_view_ls_join(&v, "fs", 0);
	rbd_view_ls_join(&v, "fs", 3);
	rbd_view_ls_join(&v, "other", 1);
	rbd_view_ls_leave(&v, "fs", 3);
	rbd_view_condemn(&v, 2, 102, 0, RBD_ACCUSED_ADMIN, "by hand");
	rbd_view_condemn(&v, 3, 103, 0, RBD_ACCUSED_ADMIN, "");
	rbd_view_fenced(&v, 3, 103, 2, 99);
	rbd_view_accuse(&v, 1, 101, RBD_ACCUSED_CUT, 0);
	rbd_view_retime(&v, 3000, 60000);
	v.members[1].address.family = 6;
	memset(v.members[1].address.ip, 0xfd, 16);
	v.members[0].address.family = 0;
	memset(v.members[0].address.ip, 0, 16);
}

static void encode(void)
{
	ssize_t ret = rbd_view_encode(&v, buf, sizeof(buf));

	assert_true(ret > 0);
	len = (size_t)ret;
	assert_int_equal(rbd_view_bytes(&v), len);
}

static int setup(void **state)
{
	rich_view();
	encode();
	return 0;
}

/* Behind a change of the body, so that only its meaning is wrong. */
static void sign(void)
{
	u32 crc = rbd_crc32c(buf, len - 4);
	unsigned int i;

	for (i = 0; i < 4; i++)
		buf[len - 4 + i] = (u8)(crc >> (8 * i));
}

static int decode(const u8 *p, size_t n)
{
	u8 *copy = malloc(n ? n : 1);
	int ret;

	/* In room of exactly that size, so that reading on is noticed. */
	memcpy(copy, p, n);
	ret = rbd_view_decode(&back, copy, n);
	free(copy);
	return ret;
}

static void comes_back(void **state)
{
	memset(&back, 0, sizeof(back));
	assert_int_equal(decode(buf, len), 0);
	assert_memory_equal(&back, &v, offsetof(struct rbd_view, members));
	assert_memory_equal(back.members, v.members,
			    v.n_members * sizeof(v.members[0]));
	assert_memory_equal(back.lockspaces, v.lockspaces,
			    v.n_lockspaces * sizeof(v.lockspaces[0]));
	assert_int_equal(rbd_view_encode(&back, again, sizeof(again)), len);
	assert_memory_equal(again, buf, len);
}

static void every_truncation(void **state)
{
	size_t n;

	assert_int_equal(decode(buf, 0), -ENODATA);
	for (n = 1; n < len; n++)
		assert_int_equal(decode(buf, n), -EMSGSIZE);
	buf[len] = 0;
	assert_int_equal(decode(buf, len + 1), -EMSGSIZE);
	assert_int_equal(rbd_view_decode(&back, buf, sizeof(buf) + 1), -EFBIG);
}

static void every_bit(void **state)
{
	size_t n;
	int ret;

	for (n = 0; n < len * 8; n++) {
		buf[n / 8] ^= (u8)(1 << (n % 8));
		ret = decode(buf, len);
		/* The length's bytes are checked before the checksum. */
		assert_int_equal(ret, n / 8 >= 6 && n / 8 < 10 ? -EMSGSIZE :
								 -EBADMSG);
		buf[n / 8] ^= (u8)(1 << (n % 8));
	}
}

static void newer_writers(void **state)
{
	buf[4] = 9;
	sign();
	assert_int_equal(decode(buf, len), 0);
	/* A field that we do not know, at the end of the body. */
	memmove(buf + len, buf + len - 4, 4);
	len += 4;
	buf[6] = (u8)(len - 14);
	buf[7] = (u8)((len - 14) >> 8);
	sign();
	assert_int_equal(decode(buf, len), 0);
	buf[5] = 9;
	sign();
	assert_int_equal(decode(buf, len), -EPROTONOSUPPORT);
}

/* It knew no change of time-outs. */
static void older_writers(void **state)
{
	buf[4] = 1;
	memmove(buf + len - 20, buf + len - 4, 4);
	len -= 16;
	buf[6] = (u8)(len - 14);
	buf[7] = (u8)((len - 14) >> 8);
	sign();
	assert_int_equal(decode(buf, len), 0);
	assert_int_equal(back.retime_seq, 0);
	assert_int_equal(back.next_dead_after_ms, 0);
	assert_int_equal(back.dead_after_ms, 10000);
}

/* Whatever is signed is taken or refused, and what is taken is a view. */
static void signed_nonsense(void **state)
{
	unsigned int accepted = 0;
	size_t n;
	u8 was;
	int ret;

	for (n = 10; n < len - 4; n++) {
		was = buf[n];
		buf[n] = 0xff;
		sign();
		ret = decode(buf, len);
		assert_true(ret == 0 || ret == -EINVAL);
		if (!ret) {
			accepted++;
			assert_true(rbd_view_encode(&back, again,
						    sizeof(again)) > 0);
		}
		buf[n] = was;
	}
	assert_true(accepted > 0);
}

static void broken_rules(void **state)
{
	v.members[1].number = 0;
	encode();
	assert_int_equal(decode(buf, len), -EINVAL);
	rich_view();
	v.members[0].state = RBD_MEMBER_STATES;
	encode();
	assert_int_equal(decode(buf, len), -EINVAL);
	rich_view();
	v.members[0].name[0] = '\0';
	encode();
	assert_int_equal(decode(buf, len), -EINVAL);
	rich_view();
	/* Accused, and nothing to go back to. */
	v.members[1].resume = RBD_MEMBER_NONE;
	encode();
	assert_int_equal(decode(buf, len), -EINVAL);
	rich_view();
	/* A condemned node holds nothing. */
	rbd_nodeset_add(&v.lockspaces[0].members, 2);
	rbd_nodeset_del(&v.lockspaces[0].failed, 2);
	encode();
	assert_int_equal(decode(buf, len), -EINVAL);
	rich_view();
	v.lockspaces[1].index = v.lockspaces[0].index;
	encode();
	assert_int_equal(decode(buf, len), -EINVAL);
	rich_view();
	v.lockspaces[0].generation = v.generation + 1;
	encode();
	assert_int_equal(decode(buf, len), -EINVAL);
	rich_view();
	/* Proved without an epoch. */
	v.fences[0].state = RBD_FENCE_FENCED;
	encode();
	assert_int_equal(decode(buf, len), -EINVAL);
	rich_view();
	/* Ordered in the future; to what cannot be. */
	v.retime_seq = v.seq + 1;
	encode();
	assert_int_equal(decode(buf, len), -EINVAL);
	rich_view();
	v.next_dead_after_ms = 1;
	encode();
	assert_int_equal(decode(buf, len), -EINVAL);
	rich_view();
	v.seq = 0;
	encode();
	assert_int_equal(decode(buf, len), -EINVAL);
}

static void as_many_nodes_as_there_are(void **state)
{
	struct rbd_instance i;
	unsigned int n;

	sample_view(&v, 255);
	for (n = 0; n < 255; n++)
		assert_null(rbd_view_ls_join(&v, "fs", n));
	encode();
	assert_true(len < RBD_VIEW_MAX_BYTES / 2);
	assert_int_equal(decode(buf, len), 0);
	/* After a power failure one condemns all others. */
	for (n = 1; n < 255; n++)
		assert_null(rbd_view_condemn(&v, n, 100 + n, 0,
					     RBD_ACCUSED_ADMIN,
					     "nobody objected"));
	encode();
	assert_int_equal(decode(buf, len), 0);
	assert_int_equal(back.n_fences, 254);
	assert_int_equal(rbd_view_encode(&v, again, len - 1), -EFBIG);
	/* Too much is refused, not cut. */
	for (n = 0; n < 254; n++) {
		i = sample_instance(n, 50);
		i.addr.family = 6;
		while (v.fences[n].n_instances < RBD_VIEW_MAX_FENCE_INSTANCES)
			v.fences[n].instances[v.fences[n].n_instances++] = i;
	}
	assert_true(rbd_view_bytes(&v) > RBD_VIEW_MAX_BYTES);
	assert_int_equal(rbd_view_encode(&v, again, sizeof(again)), -EFBIG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(comes_back, setup),
		cmocka_unit_test_setup(every_truncation, setup),
		cmocka_unit_test_setup(every_bit, setup),
		cmocka_unit_test_setup(newer_writers, setup),
		cmocka_unit_test_setup(older_writers, setup),
		cmocka_unit_test_setup(signed_nonsense, setup),
		cmocka_unit_test_setup(broken_rules, setup),
		cmocka_unit_test(as_many_nodes_as_there_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
