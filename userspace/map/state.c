// SPDX-License-Identifier: GPL-2.0
#include "map/state.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/slurp.h"

static const char *run_dir(void)
{
	const char *dir = secure_getenv("RBDMAP_RUN");

	return dir && *dir ? dir : "/run/rbdmap";
}

/* One line that no other mapping has. */
static char *identity(const struct krbd_device *dev)
{
	char *spec = rbd_spec_format(&dev->spec), *text;

	if (!spec)
		return NULL;
	if (asprintf(&text, "%s %s %s", spec, dev->fsid, dev->client_id) < 0)
		text = NULL;
	free(spec);
	return text;
}

static char *record_path(unsigned int id)
{
	char *path;

	return asprintf(&path, "%s/rbd%u", run_dir(), id) < 0 ? NULL : path;
}

int state_record(const struct krbd_device *dev)
{
	char *path = record_path(dev->id), *text = identity(dev);
	int ret = 0;
	FILE *file;

	if (!path || !text) {
		ret = -ENOMEM;
	} else if (mkdir(run_dir(), 0755) && errno != EEXIST) {
		ret = -errno;
	} else {
		file = fopen(path, "we");
		if (!file || fprintf(file, "%s\n", text) < 0)
			ret = -errno;
		if (file && fclose(file) && !ret)
			ret = -errno;
	}
	free(path);
	free(text);
	return ret;
}

bool state_ours(const struct krbd_device *dev)
{
	char *path = record_path(dev->id), *text = identity(dev);
	char line[2048];
	bool ours = path && text && !slurp_line(path, line, sizeof(line)) &&
		    !strcmp(line, text);

	free(path);
	free(text);
	return ours;
}

void state_forget(unsigned int id)
{
	char *path = record_path(id);

	if (path)
		unlink(path);
	free(path);
}
