// SPDX-License-Identifier: GPL-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "agent/decide.h"

static struct clusterstatus s;
static struct fault f;

/* A cluster of n1 (we) and n2, whose state is @n2, with @fences. */
static void status(const char *n2, const char *members, const char *fences)
{
	char text[2048];
	struct json_object *root;

	snprintf(
		text, sizeof(text),
		"{\"cluster\":\"c\",\"state\":\"active\",\"gate\":\"open\",\"node\":0,"
		"\"heartbeat\":{\"age_ms\":900,\"tick_ms\":1000,\"good\":true},"
		"\"storage_busy_ms\":10,\"nodes\":["
		"{\"number\":0,\"name\":\"n1\",\"state\":\"active\",\"self\":true},"
		"{\"number\":1,\"name\":\"n2\",\"state\":\"%s\"}],"
		"\"lockspaces\":[{\"name\":\"m\",\"members\":[%s]}],"
		"\"fences\":[%s]}",
		n2, members, fences);
	root = json_tokener_parse(text);
	assert_non_null(root);
	clusterstatus_free(&s);
	assert_int_equal(clusterstatus_read(&s, root), 0);
	json_object_put(root);
}

#define FENCE(state) "{\"node\":1,\"state\":\"" state "\",\"by\":0}"

static enum decide_power power(const char *n2)
{
	status(n2, "0", "");
	return decide_power(&s, 1);
}

static void test_power(void **state)
{
	assert_int_equal(power("joining"), DECIDE_ON);
	assert_int_equal(power("active"), DECIDE_ON);
	assert_int_equal(power("suspect"), DECIDE_ON);
	assert_int_equal(power("cut"), DECIDE_ON);
	assert_int_equal(power("fencing"), DECIDE_FENCING);
	assert_int_equal(power("fenced"), DECIDE_FENCED);
	assert_int_equal(power("left"), DECIDE_AWAY);
	assert_int_equal(power("none"), DECIDE_AWAY);
	assert_int_equal(power("sleeping"), DECIDE_UNKNOWN);
	assert_int_equal(power(""), DECIDE_UNKNOWN);
	assert_int_equal(decide_power(&s, 7), DECIDE_UNKNOWN);
}

/* It is not off as long as one of its lives may write. */
static void test_other_lives(void **state)
{
	status("left", "0", FENCE("fencing"));
	assert_int_equal(decide_power(&s, 1), DECIDE_FENCING);
	status("fenced", "0", FENCE("fenced") "," FENCE("fencing"));
	assert_int_equal(decide_power(&s, 1), DECIDE_FENCING);
	status("none", "0,1", "");
	assert_int_equal(decide_power(&s, 1), DECIDE_ON);
	status("none", "0", FENCE("retired"));
	assert_int_equal(decide_power(&s, 1), DECIDE_AWAY);
}

static void test_proofs(void **state)
{
	status("joining", "0",
	       FENCE("retired") "," FENCE("fenced") "," FENCE("fencing"));
	assert_int_equal(decide_proofs(&s, 1), 2);
	assert_int_equal(decide_proofs(&s, 0), 0);
}

static void test_find(void **state)
{
	status("active", "0", "");
	assert_int_equal(decide_find(&s, "n2"), 1);
	assert_int_equal(decide_find(&s, "N1"), 0);
	assert_int_equal(decide_find(&s, "1"), 1);
	assert_int_equal(decide_find(&s, "n"), -1);
	assert_int_equal(decide_find(&s, "01"), -1);
	/* Names go before numbers. */
	s.nodes[1].name = "0";
	assert_int_equal(decide_find(&s, "0"), 1);
}

static void test_believe(void **state)
{
	status("active", "0", "");
	assert_int_equal(decide_believe(&s, &f), 0);
	s.state = "suspect";
	assert_int_equal(decide_believe(&s, &f), -EAGAIN);
	assert_non_null(strstr(f.text, "suspect"));
	s.state = "active";
	s.gate = "lease";
	assert_int_equal(decide_believe(&s, &f), -EAGAIN);
	s.gate = "open";
	s.storage_busy_ms = 501;
	assert_int_equal(decide_believe(&s, &f), -EAGAIN);
	s.storage_busy_ms = 0;
	s.beat_age_ms = 3001;
	assert_int_equal(decide_believe(&s, &f), -EAGAIN);
	s.beat_age_ms = 0;
	s.beat_good = false;
	assert_int_equal(decide_believe(&s, &f), -EAGAIN);
	assert_true(decide_settle_ms(&s) > 3 * s.tick_ms);
}

static int lift(struct decide_host h)
{
	*f.text = '\0';
	h.name = "n2";
	return decide_lift(&h, &f);
}

static void test_lift(void **state)
{
	struct decide_host h = { .here = true, .age_s = 600, .uptime_s = 100 };

	assert_int_equal(lift(h), 0);
	h.here = false;
	assert_int_equal(lift(h), -EPERM);
	assert_non_null(strstr(f.text, "confirmed=1"));
	h.here = true;
	h.uptime_s = 595;
	assert_int_equal(lift(h), -EPERM);
	assert_non_null(strstr(f.text, "has not booted since"));
	h.uptime_s = 594;
	assert_int_equal(lift(h), 0);
	h.age_s = 0;
	h.uptime_s = 0;
	assert_int_equal(lift(h), -EPERM);
}

/* Paused for an hour: the clock says that it booted, what it has does not. */
static void test_lift_paused(void **state)
{
	struct decide_host h = { .here = true,
				 .age_s = 3600,
				 .uptime_s = 100,
				 .devices = 2 };

	assert_int_equal(lift(h), -EPERM);
	assert_non_null(strstr(f.text, "2 images are mapped"));
	h.devices = 0;
	h.pid = 77;
	strcpy(h.program, "qemu");
	assert_int_equal(lift(h), -EPERM);
	assert_non_null(strstr(f.text, "process 77 (qemu)"));
}

static int teardown(void **state)
{
	clusterstatus_free(&s);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_power, teardown),
		cmocka_unit_test_teardown(test_other_lives, teardown),
		cmocka_unit_test_teardown(test_proofs, teardown),
		cmocka_unit_test_teardown(test_find, teardown),
		cmocka_unit_test_teardown(test_believe, teardown),
		cmocka_unit_test(test_lift),
		cmocka_unit_test(test_lift_paused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
