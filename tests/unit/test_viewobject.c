// SPDX-License-Identifier: GPL-2.0
/*
 * Against one simulated object whose answers can be lost, with the operation
 * applied or not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/viewobject.h"

/* The object. */
static struct {
	bool there;
	char seq[24];
	char writer[64];
	char body[128];
	size_t len;
} object;

/* What happens to the next writes and reads, in order; 0 ends the list. */
enum fate {
	NORMAL,
	/* The answer is lost, the operation is not. */
	APPLIED_UNHEARD,
	/* Both are lost. */
	LOST,
	/* Somebody else is faster, and our answer is lost too. */
	OVERTAKEN_UNHEARD,
	/* Applied, unheard, and another view is put on top of it. */
	BURIED,
	FULL,
	FENCED,
};

static enum fate write_fate[4];
static int read_error[4];
static unsigned int writes, reads;

struct rados_write_op_stand_in {
	bool create, compare;
	char expect[24], seq[24], writer[64], body[128];
	size_t len;
};

static struct rados_write_op_stand_in wop;
static int *read_attrs_ret, *read_data_ret;
static char *read_buf;
static size_t *read_n;
static unsigned int attr_at;

static rados_write_op_t fake_create_write_op(void)
{
	memset(&wop, 0, sizeof(wop));
	return &wop;
}

static void fake_release_write_op(rados_write_op_t op)
{
}

static void fake_cmpxattr(rados_write_op_t op, const char *name, uint8_t how,
			  const char *value, size_t len)
{
	assert_string_equal(name, "seq");
	assert_int_equal(how, LIBRADOS_CMPXATTR_OP_EQ);
	wop.compare = true;
	memcpy(wop.expect, value, len);
}

static void fake_setxattr(rados_write_op_t op, const char *name,
			  const char *value, size_t len)
{
	memcpy(!strcmp(name, "seq") ? wop.seq : wop.writer, value, len);
}

static void fake_create(rados_write_op_t op, int exclusive, const char *cat)
{
	assert_int_equal(exclusive, LIBRADOS_CREATE_EXCLUSIVE);
	wop.create = true;
}

static void fake_write_full(rados_write_op_t op, const char *buf, size_t len)
{
	memcpy(wop.body, buf, len);
	wop.len = len;
}

static int apply(void)
{
	if (wop.create && object.there)
		return -EEXIST;
	if (wop.compare && !object.there)
		return -ENOENT;
	if (wop.compare && strcmp(wop.expect, object.seq))
		return -ECANCELED;
	object.there = true;
	strcpy(object.seq, wop.seq);
	strcpy(object.writer, wop.writer);
	memcpy(object.body, wop.body, wop.len);
	object.len = wop.len;
	return 0;
}

static void somebody_else(void)
{
	object.there = true;
	snprintf(object.seq, sizeof(object.seq), "%d", atoi(object.seq) + 1);
	memset(object.writer, 'e', VIEWOBJECT_TOKEN_CHARS);
	object.writer[VIEWOBJECT_TOKEN_CHARS] = '\0';
	strcpy(object.body, "else");
	object.len = 4;
}

static int fake_operate2(rados_write_op_t op, rados_ioctx_t io, const char *oid,
			 struct timespec *mtime, int flags)
{
	assert_string_equal(oid, "view.test");
	/* Else a full pool would be waited for. */
	assert_true(flags & LIBRADOS_OPERATION_FULL_TRY);
	switch (write_fate[writes++]) {
	case APPLIED_UNHEARD:
		apply();
		return -ETIMEDOUT;
	case LOST:
		return -ETIMEDOUT;
	case OVERTAKEN_UNHEARD:
		somebody_else();
		return -ETIMEDOUT;
	case BURIED:
		apply();
		somebody_else();
		return -ETIMEDOUT;
	case FULL:
		return -EDQUOT;
	case FENCED:
		return -ESHUTDOWN;
	case NORMAL:
		break;
	}
	return apply();
}

static rados_read_op_t fake_create_read_op(void)
{
	return &wop;
}

static void fake_release_read_op(rados_read_op_t op)
{
}

static void fake_getxattrs(rados_read_op_t op, rados_xattrs_iter_t *iter,
			   int *ret)
{
	*iter = &attr_at;
	attr_at = 0;
	read_attrs_ret = ret;
}

static void fake_read(rados_read_op_t op, uint64_t off, size_t len, char *buf,
		      size_t *n, int *ret)
{
	read_buf = buf;
	read_n = n;
	read_data_ret = ret;
}

static int fake_read_operate(rados_read_op_t op, rados_ioctx_t io,
			     const char *oid, int flags)
{
	int err = read_error[reads++];

	if (err)
		return err;
	if (!object.there)
		return -ENOENT;
	memcpy(read_buf, object.body, object.len);
	*read_n = object.len;
	*read_attrs_ret = 0;
	*read_data_ret = 0;
	return 0;
}

static int fake_xattrs_next(rados_xattrs_iter_t iter, const char **name,
			    const char **value, size_t *len)
{
	*name = NULL;
	if (attr_at == 0 && *object.seq) {
		*name = "seq";
		*value = object.seq;
	} else if (attr_at == 1) {
		*name = "writer";
		*value = object.writer;
	}
	attr_at++;
	*len = *name ? strlen(*value) : 0;
	return 0;
}

static void fake_xattrs_end(rados_xattrs_iter_t iter)
{
}

static const struct radosdoor door = {
	.rados_create_write_op = fake_create_write_op,
	.rados_release_write_op = fake_release_write_op,
	.rados_write_op_cmpxattr = fake_cmpxattr,
	.rados_write_op_setxattr = fake_setxattr,
	.rados_write_op_create = fake_create,
	.rados_write_op_write_full = fake_write_full,
	.rados_write_op_operate2 = fake_operate2,
	.rados_create_read_op = fake_create_read_op,
	.rados_release_read_op = fake_release_read_op,
	.rados_read_op_getxattrs = fake_getxattrs,
	.rados_read_op_read = fake_read,
	.rados_read_op_operate = fake_read_operate,
	.rados_getxattrs_next = fake_xattrs_next,
	.rados_getxattrs_end = fake_xattrs_end,
};

static struct viewobject view;

static int reset(void **state)
{
	memset(&object, 0, sizeof(object));
	memset(write_fate, 0, sizeof(write_fate));
	memset(read_error, 0, sizeof(read_error));
	writes = 0;
	reads = 0;
	return viewobject_init(&view, &door, NULL, "test");
}

static int cas(uint64_t seq, const char *body, struct viewobject_copy *now)
{
	return viewobject_cas(&view, seq, body, strlen(body), 60000, now);
}

/* The object is view @seq, with this body. */
static void expect_view(uint64_t seq, const char *body)
{
	struct viewobject_copy copy;

	assert_int_equal(viewobject_read(&view, &copy), 0);
	assert_int_equal(copy.seq, seq);
	assert_int_equal(copy.len, strlen(body));
	assert_memory_equal(copy.body, body, copy.len);
	viewobject_copy_free(&copy);
}

static void test_create_and_change(void **state)
{
	struct viewobject_copy now;

	assert_int_equal(viewobject_read(&view, &now), -ENOENT);
	assert_int_equal(cas(0, "one", &now), 0);
	expect_view(1, "one");
	assert_int_equal(cas(1, "two", &now), 0);
	expect_view(2, "two");
}

static void test_loser_gets_the_view(void **state)
{
	struct viewobject_copy now;

	assert_int_equal(cas(0, "one", &now), 0);
	somebody_else();
	assert_int_equal(cas(1, "mine", &now), -ECANCELED);
	assert_int_equal(now.seq, 2);
	assert_memory_equal(now.body, "else", 4);
	viewobject_copy_free(&now);
	assert_int_equal(cas(0, "first", &now), -ECANCELED);
	assert_int_equal(now.seq, 2);
	viewobject_copy_free(&now);
	expect_view(2, "else");
}

static void test_applied_but_unheard(void **state)
{
	struct viewobject_copy now;

	write_fate[0] = APPLIED_UNHEARD;
	assert_int_equal(cas(0, "one", &now), 0);
	viewobject_copy_free(&now);
	assert_int_equal(writes, 1);
	writes = 0;
	write_fate[0] = APPLIED_UNHEARD;
	read_error[reads] = -ETIMEDOUT;
	assert_int_equal(cas(1, "two", &now), 0);
	viewobject_copy_free(&now);
	expect_view(2, "two");
}

static void test_lost_is_sent_again(void **state)
{
	struct viewobject_copy now;

	write_fate[0] = LOST;
	assert_int_equal(cas(0, "one", &now), 0);
	viewobject_copy_free(&now);
	assert_int_equal(writes, 2);
	expect_view(1, "one");
}

static void test_overtaken(void **state)
{
	struct viewobject_copy now;

	assert_int_equal(cas(0, "one", &now), 0);
	write_fate[writes] = OVERTAKEN_UNHEARD;
	assert_int_equal(cas(1, "two", &now), -ECANCELED);
	assert_int_equal(now.seq, 2);
	viewobject_copy_free(&now);
}

/* Ours may have been the view in between: only its content can tell. */
static void test_buried(void **state)
{
	struct viewobject_copy now;

	assert_int_equal(cas(0, "one", &now), 0);
	write_fate[writes] = BURIED;
	assert_int_equal(cas(1, "two", &now), -ESTALE);
	assert_int_equal(now.seq, 3);
	viewobject_copy_free(&now);
}

static void test_no_answer_at_all(void **state)
{
	struct viewobject_copy now;

	write_fate[0] = LOST;
	read_error[0] = -ETIMEDOUT;
	assert_int_equal(viewobject_cas(&view, 0, "x", 1, 0, &now), -ETIMEDOUT);
	assert_int_equal(now.seq, 0);
	assert_null(now.body);
}

static void test_full_and_fenced(void **state)
{
	struct viewobject_copy now;

	write_fate[0] = FULL;
	assert_int_equal(cas(0, "one", &now), -EDQUOT);
	viewobject_copy_free(&now);
	assert_int_equal(writes, 1);
	assert_int_equal(cas(0, "one", &now), 0);
	write_fate[writes] = FULL;
	assert_int_equal(cas(1, "two", &now), -EDQUOT);
	viewobject_copy_free(&now);
	write_fate[writes] = FENCED;
	read_error[reads] = -ESHUTDOWN;
	assert_int_equal(cas(1, "two", &now), -ESHUTDOWN);
	viewobject_copy_free(&now);
	expect_view(1, "one");
}

static void test_object_is_gone(void **state)
{
	struct viewobject_copy now;

	assert_int_equal(cas(4, "five", &now), -ENOENT);
	assert_int_equal(now.seq, 0);
}

static void test_no_view(void **state)
{
	static const char *const bad[] = {
		"", "0", "01", "-1", "1x", " 1", "99999999999999999999"
	};
	struct viewobject_copy copy;
	size_t i;

	somebody_else();
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		reads = 0;
		strcpy(object.seq, bad[i]);
		assert_int_equal(viewobject_read(&view, &copy), -EBADMSG);
		assert_null(copy.body);
	}
	reads = 0;
	strcpy(object.seq, "18446744073709551615");
	assert_int_equal(viewobject_read(&view, &copy), 0);
	assert_true(copy.seq == UINT64_MAX);
	viewobject_copy_free(&copy);
	strcpy(object.writer, "short");
	assert_int_equal(viewobject_read(&view, &copy), -EBADMSG);
}

static void test_limits(void **state)
{
	static char body[VIEWOBJECT_MAX_BYTES + 1];
	struct viewobject_copy now;
	char name[100];

	assert_int_equal(viewobject_cas(&view, 0, body, sizeof(body), 0, &now),
			 -EFBIG);
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(viewobject_init(&view, &door, NULL, name),
			 -ENAMETOOLONG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_create_and_change, reset),
		cmocka_unit_test_setup(test_loser_gets_the_view, reset),
		cmocka_unit_test_setup(test_applied_but_unheard, reset),
		cmocka_unit_test_setup(test_lost_is_sent_again, reset),
		cmocka_unit_test_setup(test_overtaken, reset),
		cmocka_unit_test_setup(test_buried, reset),
		cmocka_unit_test_setup(test_no_answer_at_all, reset),
		cmocka_unit_test_setup(test_full_and_fenced, reset),
		cmocka_unit_test_setup(test_object_is_gone, reset),
		cmocka_unit_test_setup(test_no_view, reset),
		cmocka_unit_test_setup(test_limits, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
