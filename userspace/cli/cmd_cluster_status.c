// SPDX-License-Identifier: GPL-2.0
/* rbdshare cluster status, watch: the cluster as this node's daemon sees it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/clusterargs.h"
#include "cli/globals.h"
#include "lib/clock.h"
#include "lib/clusterask.h"
#include "lib/clusterhealth.h"
#include "lib/exitcode.h"
#include "lib/jsonout.h"
#include "lib/msg.h"
#include "lib/statustext.h"

#define WATCH_MS 2000
#define HOME "\033[H"
#define ERASE_LINE "\033[K\n"
#define ERASE_REST "\033[J"

static bool colours(void)
{
	const char *no = getenv("NO_COLOR");

	return !(no && *no) && isatty(STDOUT_FILENO);
}

/* The daemon's object, and what we make of it; of the caller. */
static struct json_object *full_json(const struct clusterstatus *s,
				     const struct clusterhealth *h)
{
	struct json_object *o = json_object_get(s->root);

	json_object_object_add(o, "schema_version",
			       json_object_new_int(JSONOUT_SCHEMA_VERSION));
	clusterhealth_json(h, o);
	return o;
}

static struct json_object *stopped_json(const struct fault *f)
{
	struct clusterhealth h = { .level = CLUSTERHEALTH_STOPPED };
	struct json_object *o = jsonout_new();

	jsonout_string(o, "state", "stopped");
	clusterhealth_json(&h, o);
	jsonout_string(o, "message", f->text);
	return o;
}

static bool is_stopped(int ret)
{
	return ret == -ECONNREFUSED;
}

static int show_failure(const struct cluster_args *args, int ret,
			const struct fault *f)
{
	if (!is_stopped(ret))
		return clusterask_end(ret, f);
	if (globals.json)
		jsonout_print(stopped_json(f));
	else if (args->brief)
		printf("RBDSHARE UNKNOWN: %s\n", f->text);
	else
		msg_error("%s", f->text);
	return CLUSTERHEALTH_STOPPED;
}

int cluster_status(const struct cluster_args *args)
{
	struct clusterstatus s;
	struct clusterhealth h;
	struct fault f = { "" };
	int ret = clusterask_status(&s, &f);

	if (ret)
		return show_failure(args, ret, &f);
	clusterhealth_judge(&s, &h);
	if (globals.json)
		ret = jsonout_print(full_json(&s, &h));
	else if (args->brief)
		statustext_short(stdout, &s, &h);
	else
		statustext_print(stdout, &s, &h, colours());
	clusterstatus_free(&s);
	return ret ? exitcode_of(ret) : (int)h.level;
}

/* One picture of "watch" as text; NULL when out of memory. */
static char *picture(void)
{
	struct clusterstatus s;
	struct clusterhealth h;
	struct fault f = { "" };
	struct json_object *o;
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	int ret;

	if (!out)
		return NULL;
	ret = clusterask_status(&s, &f);
	if (!ret)
		clusterhealth_judge(&s, &h);
	if (globals.json) {
		o = ret ? stopped_json(&f) : full_json(&s, &h);
		fprintf(out, "%s\n",
			json_object_to_json_string_ext(
				o, JSON_C_TO_STRING_NOSLASHESCAPE));
		json_object_put(o);
	} else if (ret) {
		fprintf(out, "%s\n", f.text);
	} else {
		statustext_print(out, &s, &h, colours());
	}
	if (!ret)
		clusterstatus_free(&s);
	fclose(out);
	return text;
}

/* Over the old picture, line by line, so that nothing flickers. */
static void paint(const char *text)
{
	size_t len;

	fputs(HOME, stdout);
	while (*text) {
		len = strcspn(text, "\n");
		fwrite(text, 1, len, stdout);
		fputs(ERASE_LINE, stdout);
		text += len + (text[len] == '\n');
	}
	fputs(ERASE_REST, stdout);
}

int cluster_watch(const struct cluster_args *args)
{
	bool screen = !globals.json && isatty(STDOUT_FILENO);
	char *text;

	(void)args;
	while (!ferror(stdout)) {
		text = picture();
		if (!text)
			return exitcode_of(-ENOMEM);
		if (screen)
			paint(text);
		else
			fputs(text, stdout);
		free(text);
		if (fflush(stdout))
			break;
		clock_sleep_ms(WATCH_MS);
	}
	return exitcode_of(-EIO);
}
