// SPDX-License-Identifier: GPL-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <poll.h>
#include <unistd.h>

#include "dlmkernel.h"
#include "lib/dlmdoor.h"

#define COMMS_FILE "/tmp/rbdshare-test-comms"

static struct dlmdoor *door;
static char comms_file[64];

static struct dlmtree_node node(uint32_t nodeid, const char *ip)
{
	struct dlmtree_node n = { .nodeid = nodeid, .n_addrs = 1 };
	struct sockaddr_in *in = (struct sockaddr_in *)&n.addrs[0];

	n.local = nodeid == 1;
	in->sin_family = AF_INET;
	inet_pton(AF_INET, ip, &in->sin_addr);
	return n;
}

static void open_door(void)
{
	struct dlmdoor_config config = {
		.tree = { .ops = &model_ops },
		.cluster_name = "test",
		.self = node(1, "10.0.0.1"),
		.life = 11,
		.comms_file = comms_file,
		.monitor_fd = -1,
	};

	assert_int_equal(dlmdoor_open(&door, &config), 0);
}

static int setup(void **state)
{
	model_reset();
	snprintf(comms_file, sizeof(comms_file), COMMS_FILE ".%d", getpid());
	unlink(comms_file);
	open_door();
	return 0;
}

static int teardown(void **state)
{
	dlmdoor_close(door, true);
	unlink(comms_file);
	return 0;
}

static struct dlmdoor_event next(void)
{
	struct pollfd fd = { .fd = dlmdoor_fd(door), .events = POLLIN };
	long long end = clock_ms() + 60000;
	struct dlmdoor_event e;

	while (!dlmdoor_next(door, &e)) {
		assert_true(clock_ms() < end);
		poll(&fd, 1, 50);
	}
	return e;
}

static void expect(enum dlmdoor_kind kind, const char *lockspace)
{
	struct dlmdoor_event e = next();

	assert_int_equal(e.kind, kind);
	assert_string_equal(e.lockspace, lockspace);
}

static void expect_done(enum dlmdoor_step step, int error)
{
	struct dlmdoor_event e = next();

	assert_int_equal(e.kind, DLMDOOR_DONE);
	assert_int_equal(e.step, step);
	assert_int_equal(e.error, error);
}

static void expect_log(const char *want)
{
	assert_string_equal(model.log, want);
	*model.log = '\0';
}

/* Members as "id:life", then "!id:life" failed, "-id" left. */
static struct dlmdoor_change change(uint32_t generation, const char *text)
{
	struct dlmdoor_change c = { .generation = generation };
	unsigned int id;
	uint64_t life;
	char ip[16], kind;
	int used;

	for (; *text; text += used) {
		kind = strchr("!-", *text) ? *text++ : '+';
		life = 0;
		used = 0;
		assert_true(sscanf(text, "%u%n:%lu%n", &id, &used, &life,
				   &used) >= 1);
		used += text[used] == ' ';
		snprintf(ip, sizeof(ip), "10.0.0.%u", id);
		if (kind == '!') {
			c.failed_lives[c.failed.n] = life;
			c.failed.ids[c.failed.n++] = id;
		} else if (kind == '-') {
			c.left.ids[c.left.n++] = id;
		} else {
			c.members.ids[c.members.n++] = id;
			c.lives[c.n_nodes] = life;
			c.nodes[c.n_nodes++] = node(id, ip);
		}
	}
	return c;
}

static void pass(const char *lockspace, uint32_t generation, const char *text)
{
	struct dlmdoor_change c = change(generation, text);

	dlmdoor_stop(door, lockspace, generation);
	dlmdoor_prepare(door, lockspace, &c);
	dlmdoor_start(door, lockspace, generation);
	expect_done(DLMDOOR_STOP, 0);
	expect_done(DLMDOOR_PREPARE, 0);
	expect_done(DLMDOOR_START, 0);
}

static void join(const char *lockspace, const char *text)
{
	struct dlmdoor_change c = change(1, text);

	c.join = true;
	model_lockspace(lockspace, true);
	assert_int_equal(dlmdoor_rescan(door), 0);
	expect(DLMDOOR_ONLINE, lockspace);
	assert_int_equal(dlmdoor_prepare(door, lockspace, &c), 0);
	assert_int_equal(dlmdoor_start(door, lockspace, 1), 0);
	assert_int_equal(dlmdoor_joined(door, lockspace, 1), 0);
	expect_done(DLMDOOR_PREPARE, 0);
	expect_done(DLMDOOR_START, 0);
	expect_done(DLMDOOR_JOINED, 0);
}

static void test_join_alone(void **state)
{
	expect_log("comm+1 ");
	join("a", "1:11");
	expect_log("a.id a.start(+1) a.done=0 ");
	assert_string_equal(model.cluster_name, "test");
}

static void test_failed_and_left(void **state)
{
	join("a", "1:11 2:21 3:31 4:41");
	expect_log(
		"comm+1 a.id comm+2 comm+3 comm+4 a.start(+1+2+3+4) a.done=0 ");
	/* The comm of the failed goes before the start, that of the left stays. */
	pass("a", 2, "1:11 4:41 !2:21 -3");
	expect_log("a.stop comm-2 a.start(!2-3) ");
	assert_int_equal(dlmdoor_drop_node(door, 3, 31), 0);
	expect_log("comm-3 ");
	/* Steps may be repeated. */
	pass("a", 3, "1:11 4:41 !2:21 -3");
	expect_log("a.stop a.start() ");
}

static void test_comes_back_within_a_change(void **state)
{
	join("a", "1:11 2:21");
	*model.log = '\0';
	pass("a", 2, "1:11 2:22 !2:21");
	expect_log("a.stop comm-2 comm+2 a.start(!2+2) ");
}

/* It is back before the second lockspace recovers from its failure. */
static void test_back_between_two_recoveries(void **state)
{
	struct dlmtree_node two = node(2, "10.0.0.2");

	join("a", "1:11 2:21");
	join("b", "1:11 2:21");
	*model.log = '\0';
	pass("a", 2, "1:11 !2:21");
	expect_log("a.stop comm-2 a.start(!2) ");
	assert_int_equal(dlmdoor_add_node(door, &two, 22), 0);
	expect_log("comm+2 ");
	pass("b", 2, "1:11 !2:21");
	/* Not "comm-2": that is its new life. */
	expect_log("b.stop b.start(!2) ");
	pass("a", 3, "1:11 2:22");
	expect_log("a.stop a.start(+2) ");
}

static void test_daemon_restarts(void **state)
{
	struct dlmtree_members members;

	join("a", "1:11 2:21");
	*model.log = '\0';
	dlmdoor_close(door, true);
	open_door();
	expect(DLMDOOR_FOUND, "a");
	assert_int_equal(dlmdoor_members(door, "a", &members), 0);
	assert_int_equal(members.n, 2);
	expect_log("");
	/* A new life of 2 took over meanwhile: the old one failed. */
	pass("a", 2, "1:11 2:22");
	expect_log("a.stop comm-2 comm+2 a.start(!2+2) ");
}

static void test_refuse(void **state)
{
	struct dlmtree_members members;

	model_lockspace("a", true);
	dlmdoor_rescan(door);
	expect(DLMDOOR_ONLINE, "a");
	assert_int_equal(dlmdoor_refuse(door, "a", -EACCES), 0);
	expect_done(DLMDOOR_REFUSED, 0);
	expect_log("comm+1 a.done=-13 ");
	assert_int_equal(dlmdoor_members(door, "a", &members), -ENOENT);
	/* The kernel still shows it for a while: that is no new mount. */
	dlmdoor_rescan(door);
	assert_int_equal(dlmdoor_stop(door, "a", 1), -ENOENT);
	model_lockspace("a", false);
	dlmdoor_rescan(door);
	join("a", "1:11");
}

static void test_leave(void **state)
{
	join("a", "1:11 2:21");
	*model.log = '\0';
	assert_int_equal(dlmdoor_left(door, "a"), 0);
	expect_done(DLMDOOR_LEFT, 0);
	expect_log("a.stop a.done=0 ");
	model_lockspace("a", false);
	dlmdoor_rescan(door);
	join("a", "1:11");
}

static void test_gone(void **state)
{
	join("a", "1:11");
	model_lockspace("a", false);
	dlmdoor_rescan(door);
	expect(DLMDOOR_GONE, "a");
}

static void test_bad_changes(void **state)
{
	static const char *const bad[] = {
		"2:21", /* without us */
		"1:11 !1:11", /* we failed */
		"1:11 !2:21 -2", /* both */
		"1:11 2:21 -2", /* a member that left */
	};
	struct dlmdoor_change c;
	size_t i;

	join("a", "1:11");
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		c = change(2, bad[i]);
		assert_int_equal(dlmdoor_prepare(door, "a", &c), -EINVAL);
	}
	c = change(2, "1:11 2:21");
	c.n_nodes = 1;
	assert_int_equal(dlmdoor_prepare(door, "a", &c), -EINVAL);
	c = change(2, "1:11");
	assert_int_equal(dlmdoor_prepare(door, "nobody", &c), -ENOENT);
}

static void test_same_id(void **state)
{
	struct dlmdoor_change c = change(1, "1:11");

	model_lockspace("other", true);
	model_find("other", false)->id = dlmtree_id("a");
	model_lockspace("a", true);
	dlmdoor_rescan(door);
	expect(DLMDOOR_ONLINE, "other");
	expect(DLMDOOR_ONLINE, "a");
	c.join = true;
	assert_int_equal(dlmdoor_prepare(door, "a", &c), 0);
	expect_done(DLMDOOR_PREPARE, -EEXIST);
}

static void test_changed_address(void **state)
{
	struct dlmtree_node two = node(2, "10.0.0.2");

	assert_int_equal(dlmdoor_add_node(door, &two, 21), 0);
	assert_int_equal(dlmdoor_add_node(door, &two, 21), 0);
	two = node(2, "10.0.0.99");
	assert_int_equal(dlmdoor_add_node(door, &two, 21), -EEXIST);
	/* Another life may have it. */
	assert_int_equal(dlmdoor_add_node(door, &two, 22), 0);
}

/* A lockspace that does not come to rest holds up nobody else. */
static void test_slow_stop(void **state)
{
	join("a", "1:11");
	join("b", "1:11");
	*model.log = '\0';
	atomic_store(&model_hang, true);
	assert_int_equal(dlmdoor_stop(door, "a", 2), 0);
	assert_int_equal(dlmdoor_start(door, "b", 2), 0);
	expect_done(DLMDOOR_START, -EINVAL);
	atomic_store(&model_hang, false);
	expect_done(DLMDOOR_STOP, 0);
}

static void test_other_cluster(void **state)
{
	struct dlmdoor_config config = { .tree = { .ops = &model_ops },
					 .cluster_name = "other",
					 .self = node(1, "10.0.0.1"),
					 .life = 11,
					 .monitor_fd = -1 };
	struct dlmdoor *second;

	assert_int_equal(dlmdoor_open(&second, &config), -EBUSY);
}

/* The daemon was killed, and the host has another number now. */
static void test_other_number(void **state)
{
	struct dlmdoor_config config = { .tree = { .ops = &model_ops },
					 .cluster_name = "test",
					 .self = node(2, "10.0.0.1"),
					 .life = 12,
					 .comms_file = comms_file,
					 .monitor_fd = -1 };
	struct dlmdoor *second;

	config.self.local = true;
	assert_int_equal(model.local, 1);
	model_lockspace("a", true);
	assert_int_equal(dlmdoor_open(&second, &config), -EUSERS);
	assert_int_equal(model.local, 1);
	model_lockspace("a", false);
	assert_int_equal(dlmdoor_open(&second, &config), 0);
	assert_int_equal(model.local, 2);
	assert_false(model.comm_made[1]);
	dlmdoor_close(second, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_join_alone, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_failed_and_left, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_comes_back_within_a_change,
						setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_back_between_two_recoveries, setup, teardown),
		cmocka_unit_test_setup_teardown(test_daemon_restarts, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_refuse, setup, teardown),
		cmocka_unit_test_setup_teardown(test_leave, setup, teardown),
		cmocka_unit_test_setup_teardown(test_gone, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bad_changes, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_same_id, setup, teardown),
		cmocka_unit_test_setup_teardown(test_changed_address, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_slow_stop, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_other_cluster, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_other_number, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
