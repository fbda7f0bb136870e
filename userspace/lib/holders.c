// SPDX-License-Identifier: GPL-2.0
#include "lib/holders.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "lib/krbd.h"
#include "lib/mounts.h"
#include "lib/slurp.h"

/* More processes than this are not worth listing. */
#define PROCESSES_MAX 8
/* Stacks are a few levels high; this only stops a made-up loop. */
#define TREE_MAX 256

static int tree_add(struct blktree *tree, const char *name)
{
	char *path, text[32], (*names)[64];
	unsigned int maj, min;
	dev_t *devnos;
	size_t i;
	int ok;

	for (i = 0; i < tree->n; i++)
		if (!strcmp(tree->name[i], name))
			return 0;
	path = krbd_sysfs_path("class/block/%s/dev", name);
	if (!path)
		return -ENOMEM;
	ok = !slurp_line(path, text, sizeof(text)) &&
	     sscanf(text, "%u:%u", &maj, &min) == 2;
	free(path);
	if (!ok || tree->n >= TREE_MAX)
		return 0;
	names = realloc(tree->name, (tree->n + 1) * sizeof(*names));
	if (!names)
		return -ENOMEM;
	tree->name = names;
	devnos = realloc(tree->devno, (tree->n + 1) * sizeof(*devnos));
	if (!devnos)
		return -ENOMEM;
	tree->devno = devnos;
	snprintf(names[tree->n], sizeof(names[0]), "%s", name);
	devnos[tree->n++] = makedev(maj, min);
	return 0;
}

/* Adds the entries of a sysfs folder whose names begin with prefix. */
static int tree_add_dir(struct blktree *tree, const char *name, const char *sub,
			const char *prefix)
{
	char *path = krbd_sysfs_path("class/block/%s%s", name, sub);
	DIR *dir = path ? opendir(path) : NULL;
	struct dirent *e;
	int ret = path ? 0 : -ENOMEM;

	free(path);
	while (!ret && dir && (e = readdir(dir)))
		if (e->d_name[0] != '.' &&
		    !strncmp(e->d_name, prefix, strlen(prefix)))
			ret = tree_add(tree, e->d_name);
	if (dir)
		closedir(dir);
	return ret;
}

int blktree_read(unsigned int id, struct blktree *tree)
{
	char disk[32], part[32];
	size_t i;
	int ret;

	memset(tree, 0, sizeof(*tree));
	snprintf(disk, sizeof(disk), "rbd%u", id);
	snprintf(part, sizeof(part), "rbd%up", id);
	ret = tree_add(tree, disk);
	if (!ret && tree->n)
		ret = tree_add_dir(tree, disk, "", part);
	for (i = 0; !ret && i < tree->n; i++) {
		char name[64];

		/* tree->name moves while it grows. */
		memcpy(name, tree->name[i], sizeof(name));
		ret = tree_add_dir(tree, name, "/holders", "");
	}
	if (ret)
		blktree_free(tree);
	return ret;
}

void blktree_free(struct blktree *tree)
{
	free(tree->name);
	free(tree->devno);
	memset(tree, 0, sizeof(*tree));
}

static void describe_stack(FILE *m, const struct blktree *tree)
{
	char *path, text[128];
	size_t i;

	for (i = 1; i < tree->n; i++) {
		if (!strncmp(tree->name[i], "rbd", 3))
			continue;
		path = krbd_sysfs_path("class/block/%s/dm/name", tree->name[i]);
		if (path && !slurp_line(path, text, sizeof(text)) && *text)
			fprintf(m, "%s (%s) stands on it\n", tree->name[i],
				text);
		else
			fprintf(m, "%s stands on it\n", tree->name[i]);
		free(path);
	}
}

static void describe_mounts(FILE *m, const struct blktree *tree)
{
	struct mountlist list;
	size_t i;

	if (mounts_on_tree(tree, &list))
		return;
	for (i = 0; i < list.n; i++)
		fprintf(m, "mounted on %s (%s)\n", list.v[i].target,
			list.v[i].type);
	mountlist_free(&list);
}

static void describe_swap(FILE *m, const struct blktree *tree)
{
	FILE *swaps = fopen("/proc/swaps", "re");
	char line[PATH_MAX + 64], want[80];
	size_t i;

	while (swaps && fgets(line, sizeof(line), swaps)) {
		line[strcspn(line, " \t\n")] = '\0';
		for (i = 0; i < tree->n; i++) {
			snprintf(want, sizeof(want), "/dev/%s", tree->name[i]);
			if (!strcmp(line, want))
				fprintf(m, "swap space %s\n", line);
		}
	}
	if (swaps)
		fclose(swaps);
}

/* Decides from the text of a /proc/PID link; never touches what it names. */
typedef bool (*link_match)(const char *target, const void *arg);

static bool link_matches(const char *path, link_match match, const void *arg)
{
	char target[PATH_MAX];
	ssize_t n = readlink(path, target, sizeof(target) - 1);

	if (n <= 0)
		return false;
	target[n] = '\0';
	return match(target, arg);
}

static bool process_matches(const char *pid, link_match match, const void *arg)
{
	static const char *const single[] = { "cwd", "root", "exe" };
	char path[32 + 2 * NAME_MAX];
	struct dirent *e;
	bool hit = false;
	size_t i;
	DIR *dir;

	for (i = 0; i < sizeof(single) / sizeof(*single); i++) {
		snprintf(path, sizeof(path), "/proc/%s/%s", pid, single[i]);
		if (link_matches(path, match, arg))
			return true;
	}
	snprintf(path, sizeof(path), "/proc/%s/fd", pid);
	dir = opendir(path);
	while (dir && !hit && (e = readdir(dir))) {
		snprintf(path, sizeof(path), "/proc/%s/fd/%s", pid, e->d_name);
		hit = link_matches(path, match, arg);
	}
	if (dir)
		closedir(dir);
	return hit;
}

static void describe_processes(FILE *m, link_match match, const void *arg)
{
	DIR *proc = opendir("/proc");
	unsigned int found = 0;
	char path[64], comm[64];
	struct dirent *e;

	while (proc && (e = readdir(proc))) {
		if (!isdigit((unsigned char)e->d_name[0]) ||
		    atoi(e->d_name) == getpid() ||
		    !process_matches(e->d_name, match, arg))
			continue;
		if (++found > PROCESSES_MAX)
			continue;
		snprintf(path, sizeof(path), "/proc/%.20s/comm", e->d_name);
		slurp_line(path, comm, sizeof(comm));
		fprintf(m, "open in process %s (%s)\n", e->d_name, comm);
	}
	if (found > PROCESSES_MAX)
		fprintf(m, "open in %u more processes\n",
			found - PROCESSES_MAX);
	if (proc)
		closedir(proc);
}

static bool is_in_tree(const char *target, const void *arg)
{
	const struct blktree *tree = arg;
	size_t i;

	if (strncmp(target, "/dev/", 5))
		return false;
	for (i = 0; i < tree->n; i++)
		if (!strcmp(target + 5, tree->name[i]))
			return true;
	return false;
}

static bool is_below(const char *target, const void *arg)
{
	size_t n = strlen(arg);

	return !strncmp(target, arg, n) && (!target[n] || target[n] == '/');
}

/* Closes the stream; NULL for an empty text. The last newline goes. */
static char *finish(FILE *m, char **out, size_t *size)
{
	if (fclose(m) || !*size) {
		free(*out);
		return NULL;
	}
	(*out)[*size - 1] = '\0';
	return *out;
}

char *holders_describe(unsigned int id)
{
	struct blktree tree;
	char *out = NULL;
	size_t size = 0;
	FILE *m;

	if (blktree_read(id, &tree))
		return NULL;
	m = open_memstream(&out, &size);
	if (m) {
		describe_mounts(m, &tree);
		describe_stack(m, &tree);
		describe_swap(m, &tree);
		describe_processes(m, is_in_tree, &tree);
		out = finish(m, &out, &size);
	}
	blktree_free(&tree);
	return out;
}

char *holders_of_mount(const char *target)
{
	char *out = NULL;
	size_t size = 0;
	FILE *m = open_memstream(&out, &size);

	if (!m)
		return NULL;
	describe_processes(m, is_below, target);
	return finish(m, &out, &size);
}
