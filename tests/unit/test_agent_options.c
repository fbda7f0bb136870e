// SPDX-License-Identifier: GPL-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/metadata.h"
#include "agent/options.h"

static struct options o;
static struct fault f;

static int setup(void **state)
{
	options_init(&o);
	*f.text = '\0';
	return 0;
}

static int teardown(void **state)
{
	options_free(&o);
	return 0;
}

static int lines(const char *text)
{
	return options_lines(&o, strdup(text), &f);
}

static int argv_of(const char *const *words)
{
	char *argv[16] = { "fence_rbd" };
	int argc = 1;

	while (words[argc - 1]) {
		argv[argc] = (char *)words[argc - 1];
		argc++;
	}
	return options_argv(&o, argc, argv, &f);
}

#define ARGV(...) argv_of((const char *const[]){ __VA_ARGS__, NULL })

static void test_defaults(void **state)
{
	assert_string_equal(o.action, "off");
	assert_string_equal(o.method, "auto");
	assert_string_equal(o.user, "admin");
	assert_int_equal(o.power_timeout, 50);
	assert_int_equal(o.timeout, 10);
	assert_int_equal(o.delay, 0);
	assert_null(o.plug);
	assert_false(o.confirmed);
}

static void test_argv(void **state)
{
	assert_int_equal(ARGV("-o", "status", "-n", "n1",
			      "--plug-map=n1:10.0.0.1", "-y", "--power-timeout",
			      "7", "-t3", "-vq"),
			 0);
	assert_string_equal(o.action, "status");
	assert_string_equal(o.plug, "n1");
	assert_string_equal(o.plug_map, "n1:10.0.0.1");
	assert_int_equal(o.power_timeout, 7);
	assert_int_equal(o.timeout, 3);
	assert_true(o.confirmed && o.verbose && o.quiet);
	assert_int_equal(options_check(&o, &f), 0);
}

static void test_argv_port(void **state)
{
	assert_int_equal(ARGV("--port=n2"), 0);
	assert_string_equal(o.plug, "n2");
}

static void refused(int ret, const char *words)
{
	assert_int_equal(ret, -EINVAL);
	assert_non_null(strstr(f.text, words));
}

static void test_argv_refused(void **state)
{
	refused(ARGV("--nonsense"), "no option like '--nonsense'");
	refused(ARGV("-o"), "needs a value");
	refused(ARGV("off"), "-o ACTION");
	refused(ARGV("-m", "magic"), "auto cluster address");
	refused(ARGV("-m", "clus"), "auto cluster address");
	refused(ARGV("-t", "soon"), "number of seconds");
	refused(ARGV("-t", "-1"), "number of seconds");
	refused(ARGV("-t", "86401"), "number of seconds");
}

static void test_lines(void **state)
{
	assert_int_equal(lines("# a comment\n\n  action = on \r\nport=n1\n"
			       "nodename=other\nip_family=4\nconfirmed=yes\n"
			       "power_timeout=20s\ndelay=\nmethod=address\n"
			       "pcmk_x=1\nplug_map=a:10.0.0.1;b:10.0.0.2"),
			 0);
	assert_string_equal(o.action, "on");
	assert_string_equal(o.plug, "n1");
	assert_string_equal(o.method, "address");
	assert_string_equal(o.plug_map, "a:10.0.0.1;b:10.0.0.2");
	assert_int_equal(o.power_timeout, 20);
	assert_int_equal(o.delay, 0);
	assert_true(o.confirmed);
	assert_string_equal(o.unknown, "ip_family, pcmk_x");
	assert_int_equal(options_check(&o, &f), 0);
	assert_string_equal(o.plug, "n1");
}

static void test_nodename(void **state)
{
	assert_int_equal(lines("action=off\nnodename=n3\nplug=\n"), 0);
	assert_int_equal(options_check(&o, &f), 0);
	assert_string_equal(o.plug, "n3");
}

static void test_lines_refused(void **state)
{
	refused(lines("action=off\nplug\n"), "write plug=VALUE");
	refused(lines("confirmed=maybe"), "1 or 0");
	/* More names than there is room for. */
	char many[4096] = "";

	while (strlen(many) < 4000)
		strcat(many, "abcdefgh=1\n");
	assert_int_equal(lines(many), 0);
	assert_true(strlen(o.unknown) < sizeof(o.unknown));
}

static void test_check(void **state)
{
	refused(options_check(&o, &f), "needs a node");
	o.action = "monitor";
	assert_int_equal(options_check(&o, &f), 0);
	o.action = "statos";
	refused(options_check(&o, &f), "did you mean 'status'?");
	o.action = "monitor";
	o.address = "10.0.0.1";
	o.plug_map = "a:10.0.0.1";
	refused(options_check(&o, &f), "one of them");
	o.plug_map = NULL;
	o.method = "cluster";
	refused(options_check(&o, &f), "leave out address");
	o.method = "address";
	o.timeout = 0;
	refused(options_check(&o, &f), "1 second");
}

/* Every row can be given in each form, and lands in its own place. */
static void test_table(void **state)
{
	size_t i, k;

	for (i = 0; i < options_count; i++) {
		const struct option_row *row = &options_table[i];

		for (k = 0; k < i; k++) {
			assert_string_not_equal(row->name,
						options_table[k].name);
			assert_int_not_equal(row->at, options_table[k].at);
			assert_true(!row->letter ||
				    row->letter != options_table[k].letter);
		}
		assert_int_equal(row->type == OPTION_SELECT, !!row->choices);
		assert_int_equal(row->type == OPTION_BOOLEAN, !row->value);
		assert_non_null(row->desc);
	}
}

static char *printed(void (*print)(FILE *out))
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	print(out);
	fclose(out);
	return text;
}

static void test_metadata(void **state)
{
	char *xml = printed(metadata_print), want[64];
	size_t i;

	for (i = 0; i < options_count; i++) {
		snprintf(want, sizeof(want), "<parameter name=\"%s\"",
			 options_table[i].name);
		assert_int_equal(!strstr(xml, want), options_table[i].hidden);
	}
	assert_non_null(strstr(
		xml,
		"<parameter name=\"port\" unique=\"0\" required=\"0\" deprecated=\"1\">"));
	assert_non_null(strstr(xml, "<getopt mixed=\"-n, --plug=[node]\"/>"));
	assert_non_null(
		strstr(xml, "<getopt mixed=\"--power-timeout=[seconds]\"/>"));
	assert_non_null(strstr(
		xml, "<action name=\"on\" on_target=\"1\" automatic=\"1\"/>"));
	assert_non_null(strstr(xml, "<option value=\"address\"/>"));
	for (i = 0; i < options_actions_count; i++) {
		snprintf(want, sizeof(want), "<action name=\"%s\"",
			 options_actions[i].name);
		assert_non_null(strstr(xml, want));
	}
	free(xml);
}

static void test_help(void **state)
{
	char *text = printed(metadata_help);

	assert_non_null(strstr(text, "-o, --action=[action]\n"));
	assert_non_null(strstr(text, "--plug-map=[map]\n"));
	assert_null(strstr(text, "nodename"));
	free(text);
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(test_defaults),	  WITH(test_argv),
		WITH(test_argv_port),	  WITH(test_argv_refused),
		WITH(test_lines),	  WITH(test_nodename),
		WITH(test_lines_refused), WITH(test_check),
		WITH(test_table),	  WITH(test_metadata),
		WITH(test_help),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
