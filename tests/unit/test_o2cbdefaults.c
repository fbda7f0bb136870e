// SPDX-License-Identifier: GPL-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>

#include "lib/o2cbdefaults.h"

static const struct o2cb_timeouts standard = {
	.value = { 31, 30000, 2000, 2000 },
};

static void assert_values(const struct o2cb_timeouts *t, unsigned int threshold,
			  unsigned int idle, unsigned int keepalive,
			  unsigned int reconnect)
{
	assert_int_equal(t->value[O2CB_THRESHOLD], threshold);
	assert_int_equal(t->value[O2CB_IDLE], idle);
	assert_int_equal(t->value[O2CB_KEEPALIVE], keepalive);
	assert_int_equal(t->value[O2CB_RECONNECT], reconnect);
}

static void assert_computed(struct o2cb_wish wish, unsigned int threshold,
			    unsigned int idle, unsigned int keepalive,
			    unsigned int reconnect)
{
	struct o2cb_timeouts t = standard;
	struct fault f = { "" };

	assert_int_equal(o2cb_compute(&wish, &t, &t, &f), 0);
	assert_string_equal(f.text, "");
	assert_values(&t, threshold, idle, keepalive, reconnect);
}

static void assert_refused(struct o2cb_wish wish, const char *piece)
{
	struct o2cb_timeouts t = standard;
	struct fault f = { "" };

	assert_int_equal(o2cb_compute(&wish, &t, &t, &f), -EINVAL);
	assert_non_null(strstr(f.text, piece));
	/* A refused wish changes nothing. */
	assert_values(&t, 31, 30000, 2000, 2000);
}

static void test_threshold_and_seconds(void **state)
{
	unsigned int s;

	(void)state;
	assert_int_equal(o2cb_threshold(60), 31);
	assert_int_equal(o2cb_threshold(120), 61);
	assert_int_equal(o2cb_threshold(12), 7);
	/* Odd seconds are rounded up: never shorter than wished. */
	assert_int_equal(o2cb_threshold(61), 32);
	assert_int_equal(o2cb_dead_after_s(31), 60);
	assert_int_equal(o2cb_dead_after_s(0), 0);
	for (s = 12; s <= 3600; s++) {
		unsigned int got = o2cb_dead_after_s(o2cb_threshold(s));

		assert_in_range(got, s, s + 1);
	}
}

static void test_duration(void **state)
{
	static const struct {
		const char *text;
		unsigned int ms;
	} good[] = {
		{ "120s", 120000 }, { "120", 120000 },	    { "2m", 120000 },
		{ "1500ms", 1500 }, { "86400s", 86400000 },
	};
	static const char *const bad[] = {
		"",	 "s", "-1s", "1h",    "1.5s",
		"120 s", "0", "0ms", "86401", "99999999999999999999s",
		"0x10",
	};
	struct fault f;
	unsigned int ms;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_int_equal(o2cb_duration(good[i].text, &ms, &f), 0);
		assert_int_equal(ms, good[i].ms);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		f.text[0] = '\0';
		assert_int_equal(o2cb_duration(bad[i], &ms, &f), -EINVAL);
		assert_true(strlen(f.text) > 10);
	}
}

static void test_compute(void **state)
{
	(void)state;
	assert_computed((struct o2cb_wish){ 0 }, 31, 30000, 2000, 2000);
	assert_computed((struct o2cb_wish){ .dead_after_ms = 60000 }, 31, 30000,
			2000, 2000);
	assert_computed((struct o2cb_wish){ .dead_after_ms = 120000 }, 61,
			60000, 2000, 2000);
	assert_computed((struct o2cb_wish){ .dead_after_ms = 12000 }, 7, 6000,
			1000, 2000);
	assert_computed((struct o2cb_wish){ .dead_after_ms = 3600000 }, 1801,
			60000, 2000, 2000);
	assert_computed((struct o2cb_wish){ .dead_after_ms = 120000,
					    .idle_ms = 15000 },
			61, 15000, 1000, 2000);
	assert_computed((struct o2cb_wish){ .keepalive_ms = 5000 }, 31, 30000,
			5000, 2000);
	assert_computed((struct o2cb_wish){ .reconnect_ms = 4000 }, 31, 30000,
			2000, 4000);
}

static void test_refusals(void **state)
{
	(void)state;
	assert_refused((struct o2cb_wish){ .dead_after_ms = 11000 }, "12 s");
	assert_refused((struct o2cb_wish){ .dead_after_ms = 3601000 },
		       "3600 s");
	assert_refused((struct o2cb_wish){ .idle_ms = 4999 }, "5000 ms");
	assert_refused((struct o2cb_wish){ .keepalive_ms = 999 }, "1000 ms");
	assert_refused((struct o2cb_wish){ .reconnect_ms = 1999 }, "2000 ms");
	assert_refused((struct o2cb_wish){ .idle_ms = 60000 }, "60 s");
	assert_refused((struct o2cb_wish){ .keepalive_ms = 15001 },
		       "lost packet");
	assert_refused((struct o2cb_wish){ .reconnect_ms = 15001 },
		       "one attempt");
}

/* Whatever time is asked for, the four values fit together. */
static void test_every_time_fits(void **state)
{
	struct o2cb_timeouts t;
	struct o2cb_wish wish = { 0 };
	unsigned int s;

	(void)state;
	for (s = O2CB_DEAD_AFTER_MIN_S; s <= O2CB_DEAD_AFTER_MAX_S; s++) {
		wish.dead_after_ms = s * 1000;
		assert_int_equal(o2cb_compute(&wish, &standard, &t, NULL), 0);
		assert_true(t.value[O2CB_THRESHOLD] >= 7);
		assert_true(t.value[O2CB_IDLE] >= 5000);
		assert_true(t.value[O2CB_IDLE] < s * 1000);
		assert_true(t.value[O2CB_KEEPALIVE] >= 1000);
		assert_true(2 * t.value[O2CB_KEEPALIVE] <= t.value[O2CB_IDLE]);
		assert_true(t.value[O2CB_RECONNECT] >= 2000);
		assert_true(2 * t.value[O2CB_RECONNECT] <= t.value[O2CB_IDLE]);
	}
}

static struct shellvars *parse(const char *text)
{
	struct shellvars *v;

	assert_int_equal(shellvars_parse(text, strlen(text), "f", &v, NULL), 0);
	return v;
}

static void test_read_and_write(void **state)
{
	struct finding_list found = { 0 };
	struct shellvars *v = parse(
		"# c\nO2CB_ENABLED=true\nO2CB_HEARTBEAT_THRESHOLD=61\nOTHER=1\n");
	struct o2cb_timeouts t;
	char *text;
	size_t len;

	(void)state;
	assert_true(o2cb_enabled(v));
	assert_int_equal(o2cb_read(v, "f", &t, &found), 0);
	assert_int_equal(found.n, 0);
	assert_values(&t, 61, 30000, 2000, 2000);
	assert_int_equal(t.line[O2CB_THRESHOLD], 3);
	assert_int_equal(t.line[O2CB_IDLE], 0);
	t.value[O2CB_THRESHOLD] = 31;
	assert_int_equal(o2cb_write(v, &t), 0);
	assert_int_equal(shellvars_format(v, &text, &len), 0);
	assert_string_equal(
		text,
		"# c\nO2CB_ENABLED=true\nO2CB_HEARTBEAT_THRESHOLD=31\nOTHER=1\n"
		"O2CB_IDLE_TIMEOUT_MS=30000\nO2CB_KEEPALIVE_DELAY_MS=2000\nO2CB_RECONNECT_DELAY_MS=2000\n");
	free(text);
	shellvars_free(v);
}

static void assert_finding(const char *text, enum finding_severity severity,
			   unsigned int line, const char *piece)
{
	struct finding_list found = { 0 };
	struct shellvars *v = parse(text);
	struct o2cb_timeouts t;

	assert_int_equal(o2cb_read(v, "f", &t, &found), 0);
	assert_int_equal(found.n, 1);
	assert_int_equal(found.v[0].severity, severity);
	assert_int_equal(found.v[0].line, line);
	assert_non_null(strstr(found.v[0].text, piece));
	assert_non_null(found.v[0].fix);
	finding_clear(&found);
	shellvars_free(v);
}

static void test_findings(void **state)
{
	(void)state;
	assert_finding("\nO2CB_HEARTBEAT_THRESHOLD=abc\n", FINDING_ERROR, 2,
		       "not a number");
	assert_finding(
		"O2CB_IDLE_TIMEOUT_MS=4000\nO2CB_RECONNECT_DELAY_MS=2000\n",
		FINDING_ERROR, 1, "below 5000");
	assert_finding("O2CB_KEEPALIVE_DELAY_MS=999\n", FINDING_ERROR, 1,
		       "below 1000");
	assert_finding("O2CB_HEARTBEAT_THRESHOLD=$X\n", FINDING_WARNING, 1,
		       "computed by the shell");
	assert_finding("O2CB_IDLE_TIMEOUT_MS=90000\n", FINDING_WARNING, 1,
		       "too late");
	assert_finding("O2CB_KEEPALIVE_DELAY_MS=20000\n", FINDING_WARNING, 1,
		       "lost packet");
	assert_finding("O2CB_HEARTBEAT_THRESHOLD=99999999999999999999\n",
		       FINDING_ERROR, 1, "not a number");
}

static void test_enabled(void **state)
{
	static const char *const no[] = {
		"",
		"O2CB_ENABLED=false\n",
		"O2CB_ENABLED=yes\n",
		"#O2CB_ENABLED=true\n",
		"O2CB_ENABLED=true\nO2CB_ENABLED=\n",
	};
	struct shellvars *v;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
		v = parse(no[i]);
		assert_false(o2cb_enabled(v));
		shellvars_free(v);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_threshold_and_seconds),
		cmocka_unit_test(test_duration),
		cmocka_unit_test(test_compute),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_every_time_fits),
		cmocka_unit_test(test_read_and_write),
		cmocka_unit_test(test_findings),
		cmocka_unit_test(test_enabled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
