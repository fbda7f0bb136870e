// SPDX-License-Identifier: GPL-2.0
/*
 * fence_rbd: a fence agent for Pacemaker and other cluster managers. Success
 * always means proof.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/deadline.h"
#include "agent/metadata.h"
#include "agent/method.h"
#include "agent/options.h"
#include "agent/say.h"
#include "lib/clock.h"
#include "lib/msg.h"
#include "lib/watchdog.h"

#define EXIT_FAILED 1
/* For a look at the storage, beside what is waited for. */
#define QUESTION_SPARE_S 5

static int read_lines(struct options *o, struct fault *f)
{
	char *text = calloc(1, OPTIONS_TEXT_MAX);
	size_t n;

	if (!text)
		return fault_set(f, -ENOMEM, "out of memory");
	n = fread(text, 1, OPTIONS_TEXT_MAX - 1, stdin);
	if (n == OPTIONS_TEXT_MAX - 1 || memchr(text, '\0', n)) {
		free(text);
		return fault_set(
			f, -EINVAL,
			"standard input is not a list of NAME=VALUE lines");
	}
	return options_lines(o, text, f);
}

static int read_options(struct options *o, int argc, char **argv,
			struct fault *f)
{
	if (argc > 1)
		return options_argv(o, argc, argv, f);
	if (isatty(STDIN_FILENO))
		return fault_set(
			f, -EINVAL,
			"nothing to do: give options, or NAME=VALUE lines on standard input; see: fence_rbd --help");
	return read_lines(o, f);
}

/* Actions that only print; false when it is another one. */
static bool prints(const struct options *o)
{
	if (o->help)
		metadata_help(stdout);
	else if (o->version)
		printf("fence_rbd (rbdshare) %s\n", RBDSHARE_VERSION);
	else if (!strcmp(o->action, "metadata"))
		metadata_print(stdout);
	else if (!strcmp(o->action, "manpage"))
		printf("See: man 8 fence_rbd\n");
	else
		return false;
	return true;
}

static int act(const struct method *m, const struct options *o, struct fault *f)
{
	const char *a = o->action;

	/* What was just fenced cannot have been booted since. */
	if (!strcmp(a, "off") || !strcmp(a, "reboot"))
		return m->off(o, f);
	if (!strcmp(a, "on"))
		return m->on(o, f);
	if (!strcmp(a, "status"))
		return m->status(o, f);
	if (!strcmp(a, "monitor"))
		return m->monitor(o, f);
	if (!strcmp(a, "validate-all"))
		return m->check(o, f);
	return m->list(o, !strcmp(a, "list-status"), f);
}

static bool changes(const char *action)
{
	return !strcmp(action, "off") || !strcmp(action, "on") ||
	       !strcmp(action, "reboot");
}

static int run(const struct options *o, struct fault *f)
{
	const struct method *m;
	struct fault why;
	int ret;

	if (changes(o->action)) {
		clock_sleep_ms(o->delay * 1000);
		deadline_start(o->power_timeout);
	} else {
		deadline_start(o->timeout + QUESTION_SPARE_S);
	}
	m = method_choose(o);
	ret = act(m, o, f);
	if (ret == -ECONNREFUSED && !strcmp(o->method, "auto")) {
		why = *f;
		fault_set(
			f, ret,
			"%.500s; method=address is for nodes without rbdshared",
			why.text);
	}
	return ret;
}

int main(int argc, char **argv)
{
	struct fault f = { "" };
	struct options o;
	int ret;

	msg_set_program("fence_rbd");
	watchdog_exits_with(EXIT_FAILED);
	options_init(&o);
	ret = read_options(&o, argc, argv, &f);
	say_init(&o);
	if (*o.unknown)
		say_debug("passed over: %s", o.unknown);
	if (!ret && !o.help && !o.version)
		ret = options_check(&o, &f);
	if (!ret && !prints(&o))
		ret = run(&o, &f);
	if (ret < 0)
		msg_error("%s", *f.text ? f.text : strerror(-ret));
	options_free(&o);
	if (fflush(stdout) || ferror(stdout))
		ret = -EIO;
	return ret < 0 ? EXIT_FAILED : ret;
}
