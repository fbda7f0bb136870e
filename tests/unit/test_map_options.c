// SPDX-License-Identifier: GPL-2.0
/* Options of a mapping: every name, every limit, every refusal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "map_options.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct rbd_span span(const char *text)
{
	return (struct rbd_span){ text, text ? (u32)strlen(text) : 0 };
}

/* All of a list, its text in memory of exactly its size. */
static int set_list(struct rbd_map_options *o, const char *list,
		    const char **why)
{
	size_t len = strlen(list);
	char *text = malloc(len);
	struct rbd_span left = { text, (u32)len };
	struct rbd_span key, value;
	int ret = 0;

	assert_non_null(text);
	memcpy(text, list, len);
	*why = NULL;
	while (!ret && rbd_map_options_next(&left, &key, &value)) {
		*why = "left alone";
		ret = rbd_map_options_set(o, key, value, why);
		assert_int_equal(!ret, !*why);
	}
	free(text);
	return ret;
}

static struct rbd_map_options good(const char *list)
{
	struct rbd_map_options o;
	const char *why;

	rbd_map_options_default(&o);
	if (set_list(&o, list, &why))
		fail_msg("'%s': %s", list, why);
	return o;
}

/* Refused with this number and this in its sentence; nothing is changed. */
static void bad(const char *list, int ret, const char *says)
{
	struct rbd_map_options o, before;
	const char *why;

	memset(&o, 0, sizeof(o));
	rbd_map_options_default(&o);
	o.on_timeout = RBD_ON_TIMEOUT_FAIL;
	o.compression_hint = RBD_COMPRESSION_INCOMPRESSIBLE;
	strcpy(o.pool_ns, "kept");
	before = o;
	if (set_list(&o, list, &why) != ret)
		fail_msg("'%s' is not answered by %d", list, ret);
	if (!strstr(why, says))
		fail_msg("'%s': %s", list, why);
	assert_memory_equal(&o, &before, sizeof(o));
}

static void defaults(void **state)
{
	struct rbd_map_options o;

	memset(&o, 0xff, sizeof(o));
	rbd_map_options_default(&o);
	assert_int_equal(o.queue_depth, 128);
	assert_int_equal(o.alloc_size, 65536);
	assert_int_equal(o.lock_timeout_s, 0);
	assert_int_equal(o.io_timeout_s, 60);
	assert_int_equal(o.on_timeout, RBD_ON_TIMEOUT_QUEUE);
	assert_int_equal(o.compression_hint, RBD_COMPRESSION_NONE);
	assert_false(o.read_only);
	assert_false(o.lock_on_read);
	assert_false(o.exclusive);
	assert_true(o.trim);
	assert_false(o.shared);
	assert_string_equal(o.pool_ns, "");
}

static void flags(void **state)
{
	assert_true(good("ro").read_only);
	assert_true(good("read_only").read_only);
	assert_true(good("rw,ro").read_only);
	assert_false(good("ro,rw").read_only);
	assert_false(good("ro,read_write").read_only);
	assert_true(good("lock_on_read").lock_on_read);
	assert_true(good("exclusive").exclusive);
	assert_false(good("notrim").trim);
	assert_true(good("shared").shared);
	/* Each is its own. */
	assert_false(good("ro,lock_on_read,exclusive,notrim").shared);
	assert_false(good("shared,ro,exclusive,notrim").lock_on_read);
	assert_false(good("shared,ro,lock_on_read,notrim").exclusive);
	assert_true(good("shared,ro,lock_on_read,exclusive").trim);
}

static void flags_take_no_value(void **state)
{
	static const char *const names[] = {
		"ro",		"read_only", "rw",	  "read_write",
		"lock_on_read", "notrim",    "exclusive", "shared",
	};
	char text[64];
	size_t i;

	for (i = 0; i < COUNT(names); i++) {
		snprintf(text, sizeof(text), "%s=1", names[i]);
		bad(text, -EINVAL, "no value");
		snprintf(text, sizeof(text), "%s=", names[i]);
		bad(text, -EINVAL, "no value");
	}
}

static void numbers(void **state)
{
	assert_int_equal(good("queue_depth=1").queue_depth, 1);
	assert_int_equal(good("queue_depth=007").queue_depth, 7);
	assert_int_equal(good("queue_depth=4294967295").queue_depth,
			 UINT32_MAX);
	assert_int_equal(good("alloc_size=512").alloc_size, 512);
	assert_int_equal(good("alloc_size=2147483648").alloc_size, 1u << 31);
	assert_int_equal(good("lock_timeout=0").lock_timeout_s, 0);
	assert_int_equal(good("lock_timeout=2147483").lock_timeout_s, 2147483);
	assert_int_equal(good("io_timeout=1").io_timeout_s, 1);
	assert_int_equal(good("io_timeout=2147483").io_timeout_s, 2147483);
	/* The last one counts. */
	assert_int_equal(good("io_timeout=5,io_timeout=6").io_timeout_s, 6);
}

static void numbers_out_of_range(void **state)
{
	bad("queue_depth=0", -EINVAL, "1 or more");
	bad("alloc_size=0", -EINVAL, "power of two");
	bad("alloc_size=256", -EINVAL, "power of two");
	bad("alloc_size=511", -EINVAL, "power of two");
	bad("alloc_size=513", -EINVAL, "power of two");
	bad("alloc_size=4294967295", -EINVAL, "power of two");
	bad("lock_timeout=2147484", -EINVAL, "out of range");
	bad("io_timeout=0", -EINVAL, "1 or more");
	bad("io_timeout=2147484", -EINVAL, "seconds");
}

static void no_numbers(void **state)
{
	static const char *const names[] = { "queue_depth", "alloc_size",
					     "lock_timeout", "io_timeout" };
	static const char *const values[] = {
		"",
		"x",
		"-1",
		"+1",
		"1k",
		"0x200",
		" 512",
		"512 ",
		"5.0",
		"512=",
		"4294967296",
		"9999999999",
		"00000000512",
		"18446744073709551617",
	};
	char text[64];
	size_t i, k;

	for (i = 0; i < COUNT(names); i++) {
		bad(names[i], -EINVAL, "wants a value");
		for (k = 0; k < COUNT(values); k++) {
			snprintf(text, sizeof(text), "%s=%s", names[i],
				 values[k]);
			bad(text, -EINVAL, "wants a number");
		}
	}
}

static void words(void **state)
{
	assert_int_equal(good("on_timeout=fail").on_timeout,
			 RBD_ON_TIMEOUT_FAIL);
	assert_int_equal(good("on_timeout=fence-then-fail").on_timeout,
			 RBD_ON_TIMEOUT_FENCE);
	assert_int_equal(good("on_timeout=fail,on_timeout=queue").on_timeout,
			 RBD_ON_TIMEOUT_QUEUE);
	assert_int_equal(good("compression_hint=compressible").compression_hint,
			 RBD_COMPRESSION_COMPRESSIBLE);
	assert_int_equal(
		good("compression_hint=incompressible").compression_hint,
		RBD_COMPRESSION_INCOMPRESSIBLE);
	assert_int_equal(good("compression_hint=compressible,"
			      "compression_hint=none")
				 .compression_hint,
			 RBD_COMPRESSION_NONE);
	bad("on_timeout", -EINVAL, "wants a value");
	bad("on_timeout=", -EINVAL, "fence-then-fail");
	bad("on_timeout=fence", -EINVAL, "fence-then-fail");
	bad("on_timeout=Queue", -EINVAL, "fence-then-fail");
	bad("compression_hint", -EINVAL, "wants a value");
	bad("compression_hint=", -EINVAL, "incompressible");
	bad("compression_hint=compress", -EINVAL, "incompressible");
}

static void namespaces(void **state)
{
	char list[RBD_NAMESPACE_MAX + 16] = "_pool_ns=";
	struct rbd_map_options o;

	o = good("_pool_ns=n");
	assert_string_equal(o.pool_ns, "n");
	o = good("_pool_ns=longer,_pool_ns=n=1");
	assert_string_equal(o.pool_ns, "n=1");
	memset(list + 9, 'x', RBD_NAMESPACE_MAX);
	o = good(list);
	assert_int_equal(strlen(o.pool_ns), RBD_NAMESPACE_MAX);
	assert_string_equal(o.pool_ns, list + 9);
	list[9 + RBD_NAMESPACE_MAX] = 'x';
	bad(list, -EINVAL, "255 bytes");
	bad("_pool_ns=", -EINVAL, "1 to 255");
	bad("_pool_ns", -EINVAL, "wants a value");
}

static void unknown_names(void **state)
{
	static const char *const lists[] = {
		"nonsense",   "=",	    "=1",
		"r",	      "rox",	    "RO",
		"ro ",	      "queue_dept", "queue_depths=4",
		"name=admin", "pool_ns=n",  "io-timeout=4",
	};
	size_t i;

	for (i = 0; i < COUNT(lists); i++)
		bad(lists[i], -ENOENT, "unknown");
}

static void next_is(struct rbd_span *list, const char *key, const char *value)
{
	struct rbd_span k, v;

	assert_true(rbd_map_options_next(list, &k, &v));
	assert_true(rbd_span_is(k, key));
	if (value) {
		assert_non_null(v.p);
		assert_true(rbd_span_is(v, value));
	} else {
		assert_null(v.p);
		assert_int_equal(v.len, 0);
	}
}

static void cuts_a_list(void **state)
{
	struct rbd_span list = span(",,a,b=,c=1=2,,=x,=,d,");
	struct rbd_span k, v;

	next_is(&list, "a", NULL);
	next_is(&list, "b", "");
	next_is(&list, "c", "1=2");
	next_is(&list, "", "x");
	next_is(&list, "", "");
	next_is(&list, "d", NULL);
	assert_false(rbd_map_options_next(&list, &k, &v));
	assert_int_equal(list.len, 0);
	assert_false(rbd_map_options_next(&list, &k, &v));
	list = span(",,,");
	assert_false(rbd_map_options_next(&list, &k, &v));
	list = span(NULL);
	assert_false(rbd_map_options_next(&list, &k, &v));
	/* No further than its length. */
	list = (struct rbd_span){ "abc=de,f", 5 };
	next_is(&list, "abc", "d");
	assert_false(rbd_map_options_next(&list, &k, &v));
}

/* What is at its end is told apart from what is behind it. */
static void cut_lists_stay_inside(void **state)
{
	static const char text[] = "ro,queue_depth=64,_pool_ns=n";
	struct rbd_map_options o;
	const char *why;
	char part[64];
	size_t len;
	int ret;

	for (len = 0; len < sizeof(text); len++) {
		snprintf(part, sizeof(part), "%.*s", (int)len, text);
		rbd_map_options_default(&o);
		ret = set_list(&o, part, &why);
		assert_true(!ret || ret == -ENOENT || ret == -EINVAL);
		assert_int_equal(o.read_only, len >= 2);
		assert_int_equal(o.queue_depth, len < 16  ? 128 :
						len == 16 ? 6 :
							    64);
	}
}

static void on_timeout_both_ways(void **state)
{
	enum rbd_on_timeout v;
	int i;

	for (i = RBD_ON_TIMEOUT_QUEUE; i <= RBD_ON_TIMEOUT_FENCE; i++) {
		v = (enum rbd_on_timeout)((i + 1) % 3);
		assert_int_equal(
			rbd_on_timeout_parse(span(rbd_on_timeout_str(i)), &v),
			0);
		assert_int_equal(v, i);
	}
	assert_string_equal(rbd_on_timeout_str(RBD_ON_TIMEOUT_FENCE),
			    "fence-then-fail");
	v = RBD_ON_TIMEOUT_FAIL;
	assert_int_equal(rbd_on_timeout_parse(span("que"), &v), -EINVAL);
	assert_int_equal(rbd_on_timeout_parse(span("queue\n"), &v), -EINVAL);
	assert_int_equal(rbd_on_timeout_parse(span(""), &v), -EINVAL);
	assert_int_equal(v, RBD_ON_TIMEOUT_FAIL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults),
		cmocka_unit_test(flags),
		cmocka_unit_test(flags_take_no_value),
		cmocka_unit_test(numbers),
		cmocka_unit_test(numbers_out_of_range),
		cmocka_unit_test(no_numbers),
		cmocka_unit_test(words),
		cmocka_unit_test(namespaces),
		cmocka_unit_test(unknown_names),
		cmocka_unit_test(cuts_a_list),
		cmocka_unit_test(cut_lists_stay_inside),
		cmocka_unit_test(on_timeout_both_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
