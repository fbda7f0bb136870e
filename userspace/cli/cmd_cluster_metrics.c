// SPDX-License-Identifier: GPL-2.0
/* rbdshare cluster metrics: numbers of this node's daemon for Prometheus. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/clusterargs.h"
#include "cli/globals.h"
#include "lib/clusterask.h"
#include "lib/controldoor.h"
#include "lib/jsonout.h"
#include "lib/replacefile.h"

/*
 * Said by us, for a daemon that is gone cannot. A file that is collected gets
 * it too: yesterday's numbers would be worse.
 */
#define UP                                                          \
	"# HELP rbdcl_up Whether rbdshared of this node answers.\n" \
	"# TYPE rbdcl_up gauge\n"                                   \
	"rbdcl_up %d\n%s"

static int keep(void *arg, struct json_object *data)
{
	struct json_object *v;
	char **text = arg;

	if (!json_object_object_get_ex(data, "text", &v) || !v)
		return 0;
	free(*text);
	*text = strdup(json_object_get_string(v));
	return *text ? 0 : -ENOMEM;
}

static int put(const struct cluster_args *args, const char *text,
	       struct fault *f)
{
	struct json_object *o;

	if (args->textfile && globals.dry_run) {
		printf("would write %zu bytes to %s\n", strlen(text),
		       args->textfile);
		return 0;
	}
	if (args->textfile)
		return replacefile_write(args->textfile, text, strlen(text), f);
	if (globals.json) {
		o = jsonout_new();
		jsonout_string(o, "text", text);
		return jsonout_print(o);
	}
	fputs(text, stdout);
	return 0;
}

int cluster_metrics(const struct cluster_args *args)
{
	struct fault f = { "" }, why = { "" };
	char *text = NULL, *all = NULL;
	int asked, ret = 0;

	asked = controldoor_ask(controldoor_request("metrics"),
				CONTROLDOOR_SILENCE_MS, keep, &text, NULL, &f);
	if (!asked && !text)
		asked = fault_set(
			&f, -EBADMSG,
			"rbdshared sent no metrics; are both of the same version?");
	if (asprintf(&all, UP, !asked, !asked ? text : "") < 0)
		return clusterask_end(-ENOMEM, &why);
	if (!asked || args->textfile)
		ret = put(args, all, &why);
	free(all);
	free(text);
	return ret ? clusterask_end(ret, &why) : clusterask_end(asked, &f);
}
