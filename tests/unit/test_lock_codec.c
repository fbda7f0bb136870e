// SPDX-License-Identifier: GPL-2.0
/* Requests to and replies of the OSD class "lock", byte by byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lock_codec.h"
#include "lock_reply.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define NAME 8, 0, 0, 0, 'r', 'b', 'd', '_', 'l', 'o', 'c', 'k'

static const uint8_t lock_bytes[] = {
	1, 1, 53, 0, 0,	  0,   NAME, /* all of it; name */
	2, 6, 0,  0, 0,	  'a', 'u',  't', 'o', ' ', '1', /* type, cookie */
	8, 0, 0,  0, 'r', 'b', 'd',  's', 'h', 'a', 'r', 'e', /* tag */
	5, 0, 0,  0, 'n', 'o', 'd',  'e', '2', /* description */
	0, 0, 0,  0, 0,	  0,   0,    0, /* never expires */
	0, /* flags */
};

static const uint8_t unlock_bytes[] = {
	1, 1, 22, 0, 0, 0, NAME, 6, 0, 0, 0, 'a', 'u', 't', 'o', ' ', '1',
};

static const uint8_t query_bytes[] = { 1, 1, 12, 0, 0, 0, NAME };

static const uint8_t break_bytes[] = {
	1, 1, 31, 0, 0, 0, NAME, 8,   0x1b, 0x10, 0,   0,   0,
	0, 0, 0,  6, 0, 0, 0,	 'a', 'u',  't',  'o', ' ', '1',
};

static void encode(int which, struct rbd_cursor *c)
{
	struct rbd_span cookie = { "auto 1 and more", 6 };

	if (which == 0)
		rbd_encode_lock(c, RBD_LOCK_SHARED, "auto 1", "rbdshare",
				"node2");
	else if (which == 1)
		rbd_encode_unlock(c, "auto 1");
	else if (which == 2)
		rbd_encode_lock_query(c);
	else
		rbd_encode_break_lock(c, 8, 4123, cookie);
}

/* Right to the byte in enough room; in less, bad and nothing written past. */
static void requests(void **state)
{
	static const struct {
		const uint8_t *want;
		size_t len;
	} v[] = {
		{ lock_bytes, sizeof(lock_bytes) },
		{ unlock_bytes, sizeof(unlock_bytes) },
		{ query_bytes, sizeof(query_bytes) },
		{ break_bytes, sizeof(break_bytes) },
	};
	struct rbd_cursor c;
	size_t room, i;
	uint8_t *buf;

	for (i = 0; i < COUNT(v); i++) {
		for (room = 0; room <= v[i].len + 1; room++) {
			buf = malloc(room);
			assert_non_null(buf);
			rbd_cursor_init(&c, buf, room);
			encode(i, &c);
			assert_int_equal(rbd_cursor_bad(&c), room < v[i].len);
			if (room >= v[i].len) {
				assert_int_equal(rbd_cursor_left(&c),
						 room - v[i].len);
				assert_memory_equal(buf, v[i].want, v[i].len);
			}
			free(buf);
		}
	}
}

/* One holder with an IPv4 address, as a cluster of today sends it. */
static const uint8_t reply_today[] = {
	1,   1,	  100, 0,    0,	   0,	 1,   0,   0,	0,  1,	1, 19, 0,
	0,   0,	  8,   0x1b, 0x10, 0,	 0,   0,   0,	0,  0,	6, 0,  0,
	0,   'a', 'u', 't',  'o',  ' ',	 '1', 1,   1,	52, 0,	0, 0,  0,
	0,   0,	  0,   0,    0,	   0,	 0,   1,   1,	1,  28, 0, 0,  0,
	3,   0,	  0,   0,    0xcd, 0xab, 0,   0,   16,	0,  0,	0, 2,  0,
	0,   0,	  10,  1,    2,	   3,	 0,   0,   0,	0,  0,	0, 0,  0,
	5,   0,	  0,   0,    'n',  'o',	 'd', 'e', '2', 2,  8,	0, 0,  0,
	'r', 'b', 'd', 's',  'h',  'a',	 'r', 'e',
};

static void reply_by_hand(void **state)
{
	static const uint8_t ip[16] = { 10, 1, 2, 3 };
	struct rbd_lock_info info;
	struct rbd_locker l;

	assert_int_equal(rbd_lock_info_begin(&info, reply_today,
					     sizeof(reply_today)),
			 0);
	assert_int_equal(info.left, 1);
	assert_int_equal(rbd_lock_info_next(&info, &l), 1);
	assert_int_equal(l.entity_type, 8);
	assert_int_equal(l.entity_num, 4123);
	assert_true(rbd_span_is(l.cookie, "auto 1"));
	assert_int_equal(l.nonce, 0xabcd);
	assert_int_equal(l.family, FAMILY_INET);
	assert_memory_equal(l.ip, ip, 16);
	assert_true(rbd_span_is(l.description, "node2"));
	assert_int_equal(rbd_lock_info_next(&info, &l), 0);
	assert_int_equal(rbd_lock_info_next(&info, &l), 0);
	assert_int_equal(rbd_lock_info_end(&info), 0);
	assert_int_equal(info.type, RBD_LOCK_SHARED);
	assert_true(rbd_span_is(info.tag, RBD_LOCK_TAG_SHARED));
}

/* Reads the whole reply; @seen, if any, must be the holders that come. */
static int read_all(const void *buf, size_t len, const struct holder *seen,
		    struct rbd_lock_info *info)
{
	static const uint8_t none[16];
	struct rbd_locker l;
	size_t bytes;
	int ret = rbd_lock_info_begin(info, buf, len);

	if (ret)
		return ret;
	while ((ret = rbd_lock_info_next(info, &l)) > 0) {
		if (!seen)
			continue;
		assert_int_equal(l.entity_type, seen->entity_type);
		assert_true(l.entity_num == seen->entity_num);
		assert_int_equal(l.cookie.len, seen->cookie_len);
		assert_memory_equal(l.cookie.p, seen->cookie, l.cookie.len);
		assert_int_equal(l.nonce, seen->nonce);
		assert_int_equal(l.family, seen->family);
		bytes = l.family == FAMILY_INET	 ? 4 :
			l.family == FAMILY_INET6 ? 16 :
						   0;
		assert_memory_equal(l.ip, seen->ip, bytes);
		assert_memory_equal(l.ip + bytes, none, 16 - bytes);
		assert_int_equal(l.description.len, seen->description_len);
		assert_memory_equal(l.description.p, seen->description,
				    l.description.len);
		seen++;
	}
	return ret ? ret : rbd_lock_info_end(info);
}

static const struct holder forms[] = {
	{ 8,
	  1,
	  "auto 1",
	  6,
	  ADDR_NEW,
	  77,
	  FAMILY_INET,
	  16,
	  { 10, 0, 0, 1 },
	  "node1",
	  5,
	  0 },
	{ 8,
	  UINT64_MAX,
	  "",
	  0,
	  ADDR_NEW,
	  UINT32_MAX,
	  FAMILY_INET6,
	  28,
	  { 0xfd, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14 },
	  "n",
	  1,
	  0 },
	{ 8,
	  2,
	  "auto 2",
	  6,
	  ADDR_OLD,
	  5,
	  FAMILY_INET,
	  0,
	  { 192, 168, 0, 255 },
	  "node2",
	  5,
	  0 },
	{ 8,
	  3,
	  "auto 3",
	  6,
	  ADDR_OLD,
	  5,
	  FAMILY_INET6,
	  0,
	  { 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 },
	  "",
	  0,
	  0 },
	{ 8, 4, "c", 1, ADDR_OLD, 0, FAMILY_NONE, 0, { 0 }, "old, none", 9, 0 },
	{ 8, 5, "c", 1, ADDR_NEW, 0, FAMILY_NONE, 0, { 0 }, "none", 4, 0 },
	{ 8, 6, "c", 1, ADDR_NEW, 9, FAMILY_NONE, 128, { 0 }, "long", 4, 0 },
	/* As short as an address can be, and longer than it must be. */
	{ 1, 7, "c", 1, ADDR_NEW, 9, FAMILY_INET, 8, { 1, 2, 3, 4 }, "", 0, 0 },
	{ 1, 8, "c", 1, ADDR_NEW, 9, FAMILY_INET6, 24, { 1, 2 }, "", 0, 0 },
	{ 1, 9, "c", 1, ADDR_NEW, 9, FAMILY_INET, 128, { 1, 2 }, "", 0, 0 },
	/* From a newer writer. */
	{ 8, 10, "c", 1, ADDR_NEW, 9, FAMILY_INET, 16, { 1 }, "new", 3, 11 },
};

static void check_reply(const struct holder *h, u32 count, unsigned int extra)
{
	static const u8 types[] = { RBD_LOCK_NONE, RBD_LOCK_EXCLUSIVE,
				    RBD_LOCK_SHARED };
	struct rbd_lock_info info;
	struct reply r = { 0 };
	u8 type = types[count % 3];
	uint8_t *copy;
	size_t len;

	reply_lock_info(&r, h, count, type, "a tag", 5, extra);
	copy = reply_cut(&r, r.len);
	assert_int_equal(read_all(copy, r.len, h, &info), 0);
	assert_int_equal(info.type, type);
	assert_true(rbd_span_is(info.tag, "a tag"));
	free(copy);
	for (len = 0; len < r.len; len++) {
		copy = reply_cut(&r, len);
		assert_int_equal(read_all(copy, len, h, &info), -EBADMSG);
		free(copy);
	}
}

static void every_form_of_address(void **state)
{
	size_t i;

	for (i = 0; i < COUNT(forms); i++)
		check_reply(&forms[i], 1, forms[i].extra);
}

static void several_holders(void **state)
{
	check_reply(forms, COUNT(forms), 0);
	check_reply(forms, COUNT(forms), 3);
	check_reply(forms, 0, 0);
}

/* The same with lengths inside that are wrong, and the buffer whole. */
static void lengths_that_are_wrong(void **state)
{
	/* Where reply_today keeps lengths: of structures, of strings. */
	static const size_t structures[] = { 2, 12, 37, 52 };
	static const size_t all[] = { 2, 12, 25, 37, 52, 64, 84, 94 };
	uint8_t bytes[sizeof(reply_today)];
	struct rbd_lock_info info;
	unsigned int len;
	size_t i;

	for (i = 0; i < COUNT(structures); i++) {
		memcpy(bytes, reply_today, sizeof(bytes));
		for (len = 0; len < reply_today[structures[i]]; len++) {
			bytes[structures[i]] = len;
			assert_int_equal(read_all(bytes, sizeof(bytes), NULL,
						  &info),
					 -EBADMSG);
		}
	}
	for (i = 0; i < COUNT(all); i++) {
		memcpy(bytes, reply_today, sizeof(bytes));
		memset(bytes + all[i], 0xff, 4);
		assert_int_equal(read_all(bytes, sizeof(bytes), NULL, &info),
				 -EBADMSG);
		bytes[all[i] + 3] = 0x7f;
		assert_int_equal(read_all(bytes, sizeof(bytes), NULL, &info),
				 -EBADMSG);
	}
}

/* Each structure may say that its reader is too old. */
static void readers_that_are_too_old(void **state)
{
	static const size_t compats[] = { 1, 11, 36, 51 };
	uint8_t bytes[sizeof(reply_today)];
	struct rbd_lock_info info;
	size_t i;

	for (i = 0; i < COUNT(compats); i++) {
		memcpy(bytes, reply_today, sizeof(bytes));
		assert_int_equal(bytes[compats[i]], 1);
		bytes[compats[i]] = 0;
		assert_int_equal(read_all(bytes, sizeof(bytes), NULL, &info),
				 0);
		bytes[compats[i]] = 2;
		assert_int_equal(read_all(bytes, sizeof(bytes), NULL, &info),
				 -EBADMSG);
	}
}

/* There are two kinds of address: old (0) and new (1). */
static void addresses_of_other_kinds(void **state)
{
	uint8_t bytes[sizeof(reply_today)];
	struct rbd_lock_info info;
	unsigned int kind;

	memcpy(bytes, reply_today, sizeof(bytes));
	assert_int_equal(bytes[49], 1);
	for (kind = 2; kind < 256; kind++) {
		bytes[49] = kind;
		assert_int_equal(read_all(bytes, sizeof(bytes), NULL, &info),
				 -EBADMSG);
	}
}

/* A cut address must not pass for 0.0.0.0, which would be somebody else. */
static void addresses_that_are_cut(void **state)
{
	struct holder h = forms[0];
	struct rbd_lock_info info;
	struct reply r;
	u32 need;

	for (need = 8; need <= 24; need += 16) {
		h.family = need == 8 ? FAMILY_INET : FAMILY_INET6;
		for (h.sockaddr_len = 1; h.sockaddr_len <= need;
		     h.sockaddr_len++) {
			r.len = 0;
			reply_lock_info(&r, &h, 1, RBD_LOCK_SHARED, "t", 1, 0);
			assert_int_equal(read_all(r.bytes, r.len, NULL, &info),
					 h.sockaddr_len < need ? -EBADMSG : 0);
		}
	}
}

/* The number of holders is a promise; to keep it takes bytes. */
static void holders_that_do_not_come(void **state)
{
	static const u32 counts[] = { 2, 3, 0x7fffffff, UINT32_MAX };
	uint8_t bytes[sizeof(reply_today)];
	struct rbd_lock_info info;
	struct rbd_locker l;
	size_t i, k;

	for (i = 0; i < COUNT(counts); i++) {
		memcpy(bytes, reply_today, sizeof(bytes));
		for (k = 0; k < 4; k++)
			bytes[6 + k] = counts[i] >> 8 * k;
		assert_int_equal(
			rbd_lock_info_begin(&info, bytes, sizeof(bytes)), 0);
		assert_int_equal(rbd_lock_info_next(&info, &l), 1);
		assert_int_equal(rbd_lock_info_next(&info, &l), -EBADMSG);
	}
}

static void inside(struct rbd_span s, const uint8_t *buf, size_t len)
{
	const uint8_t *p = (const uint8_t *)s.p;

	assert_true(p >= buf && p <= buf + len);
	assert_true(s.len <= (size_t)(buf + len - p));
}

/* Any byte replaced: it ends, and what it gives is inside of the reply. */
static void spoiled_bytes(void **state)
{
	static const uint8_t values[] = { 0, 1, 2, 10, 0x7f, 0x80, 0xff };
	struct rbd_lock_info info;
	struct rbd_locker l;
	struct reply r = { 0 };
	size_t at, i, n;
	uint8_t *copy;
	int ret;

	reply_lock_info(&r, forms, COUNT(forms), 2, "a tag", 5, 0);
	for (at = 0; at < r.len; at++) {
		for (i = 0; i < COUNT(values); i++) {
			copy = reply_cut(&r, r.len);
			copy[at] = values[i];
			ret = rbd_lock_info_begin(&info, copy, r.len);
			for (n = 0; !ret; n++) {
				ret = rbd_lock_info_next(&info, &l);
				if (ret <= 0)
					break;
				ret = 0;
				inside(l.cookie, copy, r.len);
				inside(l.description, copy, r.len);
			}
			assert_true(n <= r.len / 12);
			if (!ret)
				ret = rbd_lock_info_end(&info);
			if (!ret)
				inside(info.tag, copy, r.len);
			assert_true(!ret || ret == -EBADMSG);
			free(copy);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests),
		cmocka_unit_test(reply_by_hand),
		cmocka_unit_test(every_form_of_address),
		cmocka_unit_test(several_holders),
		cmocka_unit_test(lengths_that_are_wrong),
		cmocka_unit_test(readers_that_are_too_old),
		cmocka_unit_test(addresses_of_other_kinds),
		cmocka_unit_test(addresses_that_are_cut),
		cmocka_unit_test(holders_that_do_not_come),
		cmocka_unit_test(spoiled_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
