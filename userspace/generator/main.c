// SPDX-License-Identifier: GPL-2.0
/*
 * rbdmap-generator: run by systemd before any unit. From the map file and
 * fstab it writes what puts mounts on mapped images into the right order:
 *
 *  - rbdmap@IMAGE.service for every line: fails at once when the image could
 *    not be mapped, so that its mount fails at once and not after 90 s;
 *  - a drop-in for the mount unit of every fstab line on such an image;
 *  - a drop-in for its device unit: mapping may take longer than 90 s;
 *  - rbdmap-guard.service, stopped before the mount units: it unmounts with a
 *    bound, whereas a mount unit waits several minutes for a dead cluster.
 *
 * Mapping itself is done by rbdmap.service, all images in one process. A
 * generator must not use the network or syslog; it complains to /dev/kmsg.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "generator/unitfile.h"
#include "generator/unitname.h"
#include "lib/kmsg.h"
#include "lib/mapfile.h"
#include "lib/mapsettings.h"
#include "lib/mounts.h"

#define DEFAULTS "/etc/default/rbdmap"
#define SLACK_S 30
/* What mounting may take after mapping. */
#define MOUNTS_S 300
/* Beyond the bound of "rbdmap stop" itself. */
#define STOP_SLACK_S 45

struct generator {
	const char *dir;
	struct mapfile map;
	struct mountlist fstab;
	struct mapsettings settings;
	unsigned int start_s;
	int failures;
};

static void write_unit(struct generator *g, const char *name, const char *text)
{
	int ret = name && text ? unitfile_write(g->dir, name, text) : -ENOMEM;

	if (ret) {
		kmsg_say("rbdmap-generator: cannot write %s: %s",
			 name ? name : "a unit", strerror(-ret));
		g->failures++;
	}
}

/* printf into a unit; frees name, which may be NULL. */
static void __attribute__((format(printf, 3, 4)))
write_unitf(struct generator *g, char *name, const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	va_end(ap);
	write_unit(g, name, text);
	free(text);
	free(name);
}

static char *name_of(const char *prefix, const char *escaped,
		     const char *suffix)
{
	char *name;

	if (!escaped || asprintf(&name, "%s%s%s", prefix, escaped, suffix) < 0)
		return NULL;
	return name;
}

/* '%' starts a specifier in units. */
static char *quote_percent(const char *text)
{
	char *out = malloc(2 * strlen(text) + 1), *p = out;

	for (; out && *text; text++) {
		if (*text == '%')
			*p++ = '%';
		*p++ = *text;
	}
	if (out)
		*p = '\0';
	return out;
}

static void write_instance(struct generator *g, const struct mapfile_entry *e)
{
	char *spec = rbd_spec_format(&e->spec);
	char *escaped = spec ? unitname_escape(spec) : NULL;
	char *arg = spec ? quote_percent(spec) : NULL;

	write_unitf(g, name_of("rbdmap@", escaped, ".service"),
		    "[Unit]\n"
		    "Description=RBD image %s is mapped\n"
		    "Documentation=man:rbdmap(8)\n"
		    "SourcePath=%s\n"
		    "After=rbdmap.service\n"
		    "\n"
		    "[Service]\n"
		    "Type=oneshot\n"
		    "ExecStart=/usr/sbin/rbdmap --quiet status \"%s\"\n"
		    "StandardOutput=null\n",
		    arg ? arg : "", g->map.path, arg ? arg : "");
	free(arg);
	free(escaped);
	free(spec);
}

static void write_device(struct generator *g, const struct mountline *m)
{
	char *escaped;

	if (mounts_has_option(m, "x-systemd.device-timeout"))
		return;
	escaped = unitname_path(m->source);
	write_unitf(g, name_of("", escaped, ".device.d/50-rbdmap.conf"),
		    "[Unit]\n"
		    "JobRunningTimeoutSec=%u\n",
		    g->start_s + SLACK_S);
	free(escaped);
}

/* A cluster filesystem is mounted between its cluster and its init script. */
static const char cluster_order[] = "After=o2cb.service rbdshared.service\n"
				    "Before=ocfs2.service\n";

static void write_mount(struct generator *g, const struct mountline *m,
			const struct mapfile_entry *e)
{
	char *escaped = unitname_path(m->target);
	char *spec = e ? rbd_spec_format(&e->spec) : NULL;
	char *instance = spec ? unitname_escape(spec) : NULL;

	write_unitf(
		g, name_of("", escaped, ".mount.d/50-rbdmap.conf"),
		"[Unit]\n"
		"Wants=rbdmap.service\n"
		"After=rbdmap.service\n%s%s%s%s%s%s%sBefore=rbdmap-guard.service\n",
		instance ? "Requires=rbdmap@" : "", instance ? instance : "",
		instance ? ".service\n" : "", instance ? "After=rbdmap@" : "",
		instance ? instance : "", instance ? ".service\n" : "",
		mounts_is_cluster(m) ? cluster_order : "");
	free(instance);
	free(spec);
	free(escaped);
}

static void write_guard(struct generator *g)
{
	write_unitf(
		g, strdup("rbdmap-guard.service"),
		"[Unit]\n"
		"Description=Bounded unmount of mapped RBD images at shutdown\n"
		"Documentation=man:rbdmap(8)\n"
		"After=rbdmap.service\n"
		"Before=remote-fs.target\n"
		"\n"
		"[Service]\n"
		"Type=oneshot\n"
		"RemainAfterExit=yes\n"
		"EnvironmentFile=-/etc/default/rbdmap\n"
		"ExecStart=/bin/true\n"
		"ExecStop=-/usr/sbin/rbdmap stop\n"
		"TimeoutStopSec=%u\n",
		g->settings.stop_timeout_s + STOP_SLACK_S);
	/* The time also of the unit that is made from the init script. */
	write_unitf(g, strdup("rbdmap.service.d/50-rbdmap-guard.conf"),
		    "[Unit]\n"
		    "Wants=rbdmap-guard.service\n"
		    "\n"
		    "[Service]\n"
		    "TimeoutStartSec=%u\n",
		    g->start_s + MOUNTS_S);
}

static void write_fstab_line(struct generator *g, const struct mountline *m)
{
	const struct mapfile_entry *e = mapfile_by_source(&g->map, m->source);
	bool node = !strncmp(m->source, "/dev/rbd", 8);
	bool maybe = mounts_is_cluster(m) && strchr(m->source, '=');

	if (!e && !node && !maybe)
		return;
	if (!mounts_is_network(m)) {
		/*
		 * It belongs to local-fs.target, which comes before the
		 * network: ordering it after us would be a cycle.
		 */
		kmsg_say(
			"rbdmap-generator: fstab: %s on %s needs the option _netdev",
			m->source, m->target);
		return;
	}
	write_mount(g, m, e);
	if (e && !e->noauto)
		write_device(g, m);
}

/* How long rbdmap may be at it: its setting, or a line that wants more. */
static unsigned int start_timeout(const struct mapfile *map,
				  const struct mapsettings *settings)
{
	unsigned int longest = settings->start_timeout_s;
	size_t i;

	for (i = 0; i < map->n; i++)
		if (map->v[i].timeout_s > longest)
			longest = map->v[i].timeout_s;
	return longest;
}

int main(int argc, char **argv)
{
	struct generator g = { 0 };
	struct fault f = { "" };
	const char *path;
	size_t i;
	int ret;

	/* Three folders: normal, early, late. By hand, one is enough. */
	if (argc != 2 && argc != 4) {
		fprintf(stderr, "usage: rbdmap-generator DIR [EARLY LATE]\n");
		return 1;
	}
	g.dir = argv[1];
	ret = mapfile_load(NULL, &g.map, &f);
	if (ret == -ENOENT)
		return 0;
	if (!ret)
		ret = mounts_fstab(secure_getenv("RBDMAP_FSTAB"), &g.fstab, &f);
	if (ret) {
		kmsg_say("rbdmap-generator: %s", f.text);
		mapfile_free(&g.map);
		return 1;
	}
	for (i = 0; i < g.map.bad_n; i++)
		kmsg_say("rbdmap-generator: %s", g.map.bad[i].text);
	g.settings = mapsettings_default;
	path = secure_getenv("RBDMAP_DEFAULTS");
	if (!path)
		path = DEFAULTS;
	ret = mapsettings_file(&g.settings, path);
	if (ret)
		kmsg_say(
			"rbdmap-generator: cannot read %s: %s; going by the default time-outs",
			path, strerror(-ret));
	g.start_s = start_timeout(&g.map, &g.settings);
	for (i = 0; i < g.map.n; i++)
		write_instance(&g, &g.map.v[i]);
	for (i = 0; i < g.fstab.n; i++)
		write_fstab_line(&g, &g.fstab.v[i]);
	if (g.map.n)
		write_guard(&g);
	mountlist_free(&g.fstab);
	mapfile_free(&g.map);
	return g.failures ? 1 : 0;
}
