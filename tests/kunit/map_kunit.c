// SPDX-License-Identifier: GPL-2.0
/* What a map line says, in the kernel and under its sanitizers. */
#include "vectors.h"

#include "addline.h"
#include "extent.h"
#include "image_features.h"
#include "map_options.h"

/* The text without its terminating zero, in memory of its own. */
static char *exact(struct kunit *test, const char *text)
{
	size_t len = strlen(text);
	char *copy = kunit_kmalloc(test, len ? len : 1, GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, copy);
	memcpy(copy, text, len);
	return copy;
}

static int parse_add(struct kunit *test, const char *line,
		     struct rbd_addline *out)
{
	const char *why = NULL;
	int ret = rbd_addline_parse(exact(test, line), strlen(line), out, &why);

	/* A refusal always has its sentence, a success never. */
	KUNIT_EXPECT_EQ_MSG(test, !ret, !why, "%s", line);
	return ret;
}

static void addline_is_cut(struct kunit *test)
{
	struct rbd_addline l;

	KUNIT_EXPECT_EQ(test,
			parse_add(test, "1.2.3.4:6789 name=a p i -\n", &l), 0);
	KUNIT_EXPECT_TRUE(test, rbd_span_is(l.mons, "1.2.3.4:6789"));
	KUNIT_EXPECT_TRUE(test, rbd_span_is(l.options, "name=a"));
	KUNIT_EXPECT_TRUE(test, rbd_span_is(l.pool, "p"));
	KUNIT_EXPECT_TRUE(test, rbd_span_is(l.image, "i"));
	KUNIT_EXPECT_EQ(test, l.snap.len, 0);

	KUNIT_EXPECT_EQ(test, parse_add(test, "  m \t o  p i s", &l), 0);
	KUNIT_EXPECT_TRUE(test, rbd_span_is(l.snap, "s"));
}

static void bad_addlines_are_refused(struct kunit *test)
{
	static const char *const lines[] = {
		"", " ", "\n", "m", "m o", "m o p", "m o p\n", "m o p i s x",
	};
	struct rbd_addline l;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lines); i++)
		KUNIT_EXPECT_EQ_MSG(test, parse_add(test, lines[i], &l),
				    -EINVAL, "line %zu", i);
}

static void long_names_are_refused(struct kunit *test)
{
	char line[128 + RBD_SNAP_NAME_MAX];
	struct rbd_addline l;

	snprintf(line, sizeof(line), "m o p %0*d", RBD_IMAGE_NAME_MAX, 0);
	KUNIT_EXPECT_EQ(test, parse_add(test, line, &l), 0);
	snprintf(line, sizeof(line), "m o p %0*d", RBD_IMAGE_NAME_MAX + 1, 0);
	KUNIT_EXPECT_EQ(test, parse_add(test, line, &l), -ENAMETOOLONG);
	snprintf(line, sizeof(line), "m o p i %0*d", RBD_SNAP_NAME_MAX + 1, 0);
	KUNIT_EXPECT_EQ(test, parse_add(test, line, &l), -ENAMETOOLONG);
}

static void removeline_is_read(struct kunit *test)
{
	static const struct {
		const char *line;
		int ret;
		u32 id;
		enum rbd_remove_force force;
	} cases[] = {
		{ "0", 0, 0, RBD_REMOVE_IF_UNUSED },
		{ "17\n", 0, 17, RBD_REMOVE_IF_UNUSED },
		{ "3 force", 0, 3, RBD_REMOVE_FORCE },
		{ "3 full-force\n", 0, 3, RBD_REMOVE_FULL_FORCE },
		{ "", -EINVAL },
		{ "x", -EINVAL },
		{ "-1", -EINVAL },
		{ "1x", -EINVAL },
		{ "3 forced", -EINVAL },
		{ "3 force force", -EINVAL },
		{ "99999999999", -EINVAL },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *line = cases[i].line;
		enum rbd_remove_force force = RBD_REMOVE_IF_UNUSED;
		u32 id = 0;

		KUNIT_EXPECT_EQ_MSG(test,
				    rbd_removeline_parse(exact(test, line),
							 strlen(line), &id,
							 &force),
				    cases[i].ret, "%s", line);
		if (cases[i].ret)
			continue;
		KUNIT_EXPECT_EQ_MSG(test, id, cases[i].id, "%s", line);
		KUNIT_EXPECT_EQ_MSG(test, force, cases[i].force, "%s", line);
	}
}

static int set_all(struct kunit *test, const char *text,
		   struct rbd_map_options *o)
{
	struct rbd_span list = { exact(test, text), (u32)strlen(text) };
	struct rbd_span key, value;
	const char *why;
	int ret = 0;

	rbd_map_options_default(o);
	while (!ret && rbd_map_options_next(&list, &key, &value))
		ret = rbd_map_options_set(o, key, value, &why);
	return ret;
}

static void options_are_taken(struct kunit *test)
{
	struct rbd_map_options o;

	KUNIT_EXPECT_EQ(test, 0,
			set_all(test, "ro,queue_depth=4,notrim,shared", &o));
	KUNIT_EXPECT_TRUE(test, o.read_only);
	KUNIT_EXPECT_EQ(test, o.queue_depth, 4);
	KUNIT_EXPECT_FALSE(test, o.trim);
	KUNIT_EXPECT_TRUE(test, o.shared);

	KUNIT_EXPECT_EQ(test, 0,
			set_all(test, "alloc_size=4096,on_timeout=fail", &o));
	KUNIT_EXPECT_EQ(test, o.alloc_size, 4096);
	KUNIT_EXPECT_EQ(test, o.on_timeout, RBD_ON_TIMEOUT_FAIL);

	KUNIT_EXPECT_EQ(test, 0, set_all(test, "io_timeout=5,_pool_ns=n", &o));
	KUNIT_EXPECT_EQ(test, o.io_timeout_s, 5);
	KUNIT_EXPECT_STREQ(test, o.pool_ns, "n");
}

static void bad_options_are_refused(struct kunit *test)
{
	static const struct {
		const char *text;
		int ret;
	} cases[] = {
		{ "nonsense", -ENOENT },
		{ "r", -ENOENT },
		{ "=1", -ENOENT },
		{ "queue_depth", -EINVAL },
		{ "queue_depth=", -EINVAL },
		{ "queue_depth=0", -EINVAL },
		{ "queue_depth=1k", -EINVAL },
		{ "queue_depth=4294967296", -EINVAL },
		{ "alloc_size=256", -EINVAL },
		{ "alloc_size=1000", -EINVAL },
		{ "ro=1", -EINVAL },
		{ "compression_hint=best", -EINVAL },
		{ "on_timeout=panic", -EINVAL },
		{ "io_timeout=0", -EINVAL },
		{ "_pool_ns=", -EINVAL },
	};
	struct rbd_map_options o;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		KUNIT_EXPECT_EQ_MSG(test, set_all(test, cases[i].text, &o),
				    cases[i].ret, "%s", cases[i].text);
}

/* The pieces of a range follow each other, stay in their object, add up. */
static void extents_cover_the_range(struct kunit *test)
{
	static const u64 offsets[] = { 0, 512, 4095, 4096, 4194303, 4194304 };
	static const u64 lengths[] = { 1, 512, 4096, 4194304, 4194305, 9999999 };
	size_t i, j;
	u8 order;

	for (order = RBD_ORDER_MIN; order <= RBD_ORDER_MAX; order++) {
		for (i = 0; i < ARRAY_SIZE(offsets) * ARRAY_SIZE(lengths);
		     i++) {
			u64 at = offsets[i / ARRAY_SIZE(lengths)];
			u64 left = lengths[i % ARRAY_SIZE(lengths)];
			u64 count = rbd_extent_count(order, at, left);

			for (j = 0; left; j++) {
				struct rbd_extent e = rbd_extent_first(order,
								       at,
								       left);

				if (!e.length || e.length > left ||
				    (u64)e.offset + e.length > 1ULL << order ||
				    (e.object << order) + e.offset != at) {
					KUNIT_FAIL(test, "order %u at %llu",
						   order, at);
					return;
				}
				at += e.length;
				left -= e.length;
			}
			KUNIT_EXPECT_EQ(test, j, count);
		}
	}
}

/* A discard never frees a byte that it was not asked to. */
static void discard_only_shrinks(struct kunit *test)
{
	static const u32 units[] = { 512, 4096, 65536, 4194304, 8388608 };
	size_t i;
	u32 off, len;

	for (i = 0; i < ARRAY_SIZE(units); i++) {
		for (off = 0; off < 4194304; off += 130048) {
			for (len = 512; len <= 4194304 - off; len += 522752) {
				struct rbd_extent e = { 3, off, len };
				enum rbd_zero_op op;

				op = rbd_extent_plan_discard(22, units[i], &e);
				KUNIT_EXPECT_EQ(test, op == RBD_ZERO_NOTHING,
						e.length == 0);
				if (op == RBD_ZERO_NOTHING)
					continue;
				KUNIT_EXPECT_GE(test, e.offset, off);
				KUNIT_EXPECT_LE(test, e.offset + e.length,
						off + len);
				if (op != RBD_ZERO_RANGE)
					KUNIT_EXPECT_EQ(test,
							e.offset + e.length,
							4194304);
			}
		}
	}
}

static void feature_names_fit(struct kunit *test)
{
	size_t room;

	for (room = 0; room <= 128; room++) {
		char *buf = kunit_kmalloc(test, room ? room : 1, GFP_KERNEL);

		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, buf);
		rbd_features_names(U64_MAX, buf, room);
		if (room)
			KUNIT_EXPECT_LT(test, strnlen(buf, room), room);
	}
}

static struct kunit_case map_cases[] = { KUNIT_CASE(addline_is_cut),
					 KUNIT_CASE(bad_addlines_are_refused),
					 KUNIT_CASE(long_names_are_refused),
					 KUNIT_CASE(removeline_is_read),
					 KUNIT_CASE(options_are_taken),
					 KUNIT_CASE(bad_options_are_refused),
					 KUNIT_CASE(extents_cover_the_range),
					 KUNIT_CASE(discard_only_shrinks),
					 KUNIT_CASE(feature_names_fit),
					 {} };

static struct kunit_suite map_suite = {
	.name = "rbd_map_line",
	.test_cases = map_cases,
};

kunit_test_suites(&map_suite);
