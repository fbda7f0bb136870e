// SPDX-License-Identifier: GPL-2.0
#include "lib/session.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/cephconf.h"
#include "lib/monlist.h"
#include "lib/slurp.h"
#include "lib/watchdog.h"

/* After a failed connect, how long to look for the reason. */
#define DIAGNOSE_MS 1500
#define KEYRING_MAX (64 << 10)

static void conf_value(const struct session *s, const char *key, char *buf,
		       size_t size)
{
	if (s->door->rados_conf_get(s->cluster, key, buf, size))
		*buf = '\0';
}

static int no_monitor(struct session *s, struct fault *f)
{
	struct monlist list = { 0 };
	struct fault why = { "" };
	char hosts[1024];
	int alive;

	conf_value(s, "mon_host", hosts, sizeof(hosts));
	alive = monlist_parse(hosts, &list, &why);
	if (!alive)
		alive = monlist_resolve(&list, &why);
	if (!alive && list.n)
		alive = monlist_probe(&list, DIAGNOSE_MS, 0, &why);
	monlist_free(&list);
	if (alive > 0)
		return fault_set(
			f, -ETIMEDOUT,
			"a monitor of %.200s listens but did not let us in within %u s: the monitors may have no quorum; look at 'ceph -s', or wait longer with --timeout",
			hosts, s->o->timeout_s);
	if (!*why.text)
		snprintf(why.text, sizeof(why.text), "tried %.200s", hosts);
	return fault_set(
		f, -ETIMEDOUT,
		"waited %u s for the monitors in vain: %.600s; -m names others",
		s->o->timeout_s, why.text);
}

/* The first keyring of the configuration that exists; "" when none does. */
static void first_keyring(const struct session *s, char *buf, size_t size)
{
	char list[1024], *file, *save = NULL;

	*buf = '\0';
	conf_value(s, "keyring", list, sizeof(list));
	for (file = strtok_r(list, ",; ", &save); file && !*buf;
	     file = strtok_r(NULL, ",; ", &save))
		if (!access(file, F_OK))
			snprintf(buf, size, "%s", file);
}

static int no_keyring(const struct session *s, struct fault *f)
{
	char list[1024];

	conf_value(s, "keyring", list, sizeof(list));
	return fault_set(
		f, -ENOENT,
		"no keyring of %s: looked for %.400s; name one with -k, or on a host with admin rights: ceph auth get %s -o FILE",
		s->o->name, list, s->o->name);
}

/*
 * The key was refused, or there is none: librados cannot tell, and gives
 * ENOENT, EACCES or EOPNOTSUPP, as it happens.
 */
static int refused(const struct session *s, struct fault *f)
{
	char key[256], keyfile[256], file[512], section[160], *text = NULL;
	int ret;

	conf_value(s, "key", key, sizeof(key));
	conf_value(s, "keyfile", keyfile, sizeof(keyfile));
	first_keyring(s, file, sizeof(file));
	if (!*key && !*keyfile && !*file)
		return no_keyring(s, f);
	explicit_bzero(key, sizeof(key));
	if (!*file)
		snprintf(file, sizeof(file), "%s",
			 *keyfile ? keyfile : "the configuration");
	ret = *file == '/' ? slurp_file(file, KEYRING_MAX, &text, NULL) : 0;
	if (ret)
		return fault_set(
			f, ret,
			"keyring %s of %s cannot be read: %s; run as root or name another with -k",
			file, s->o->name, strerror(-ret));
	snprintf(section, sizeof(section), "[%s]", s->o->name);
	ret = text && !*keyfile && !strstr(text, section);
	if (text)
		explicit_bzero(text, strlen(text));
	free(text);
	if (ret)
		return fault_set(
			f, -ENOENT,
			"keyring %s has no key of %s; add it with: ceph auth get %s >> %s",
			file, s->o->name, s->o->name, file);
	return fault_set(
		f, -EACCES,
		"the monitors refused %s: its key in %s is wrong or there is no such user; compare with: ceph auth get %s",
		s->o->name, file, s->o->name);
}

static int connect_fault(struct session *s, int err, struct fault *f)
{
	switch (err) {
	case -ETIMEDOUT:
		return no_monitor(s, f);
	case -ENOENT:
	case -EOPNOTSUPP:
	case -EACCES:
	case -EPERM:
		return refused(s, f);
	default:
		return session_fault(s, f, err, NULL,
				     "connect to the cluster as %s",
				     s->o->name);
	}
}

/* The libraries' own chatter stays off stderr: we say what matters. */
static int configure(struct session *s, struct fault *f)
{
	const struct session_options *o = s->o;
	char seconds[16];
	size_t i;

	snprintf(seconds, sizeof(seconds), "%u", o->timeout_s);
	const char *const sets[][2] = {
		{ "keyring", o->keyring },
		{ "mon_host", o->mon_host },
		{ "client_mount_timeout", seconds },
		{ "rados_mon_op_timeout", seconds },
		{ "rados_osd_op_timeout", seconds },
		{ "log_to_stderr", "false" },
		{ "err_to_stderr", "false" },
		{ "log_file", "" },
		{ "admin_socket", "" },
		{ "rbd_cache", "false" },
		/* From 196 on an OSD does not weigh it against others. */
		{ "osd_client_op_priority", o->urgent ? "196" : NULL },
	};

	for (i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
		if (sets[i][1] &&
		    s->door->rados_conf_set(s->cluster, sets[i][0], sets[i][1]))
			return fault_set(
				f, -EINVAL,
				"'%.80s' is not a value Ceph takes for %s",
				sets[i][1], sets[i][0]);
	return 0;
}

static int no_monitor_named(struct session *s, struct fault *f)
{
	return fault_set(
		f, -ENOENT,
		"no monitor address is known: neither 'mon host' in %s nor -m names one",
		s->o->conf ? s->o->conf : "/etc/ceph/ceph.conf");
}

/* "mon addr" in [mon.X], which librados still reads. */
static bool old_style_monitors(struct session *s)
{
	struct cephconf *conf;
	char *addrs;
	bool found;

	if (cephconf_load(s->o->conf, s->o->cluster, &conf, NULL))
		return false;
	addrs = cephconf_mon_addrs(conf);
	cephconf_free(conf);
	found = !!addrs;
	free(addrs);
	return found;
}

/* Before librados tries: it speaks of bad names in its own way. */
static int check_monitors(struct session *s, struct fault *f)
{
	struct monlist list = { 0 };
	char hosts[1024];
	int ret;

	conf_value(s, "mon_host", hosts, sizeof(hosts));
	if (!*hosts)
		return old_style_monitors(s) ? 0 : no_monitor_named(s, f);
	ret = monlist_parse(hosts, &list, f);
	if (!ret)
		ret = monlist_resolve(&list, f);
	monlist_free(&list);
	return ret;
}

static int read_conf(struct session *s, struct fault *f)
{
	const char *path = s->o->conf;
	int ret = s->door->rados_conf_read_file(s->cluster, path);
	struct cephconf *conf;
	int why;

	if (!ret || (ret == -ENOENT && !path))
		return 0;
	/* librados says neither why (all is ENOENT to it) nor which line. */
	why = cephconf_load(path, s->o->cluster, &conf, f);
	if (why)
		return why;
	cephconf_free(conf);
	return fault_file(f, ret, "read", path ? path : "ceph.conf");
}

int session_open(struct session *s, const struct session_options *o,
		 struct fault *f)
{
	int ret;

	memset(s, 0, sizeof(*s));
	s->o = o;
	if (o->keyring && access(o->keyring, R_OK))
		return fault_file(f, -errno, "read keyring", o->keyring);
	ret = radosdoor_open(&s->door, f);
	if (ret)
		return ret;
	ret = s->door->rados_create2(&s->cluster, o->cluster ?: "ceph", o->name,
				     0);
	if (ret)
		return fault_set(
			f, ret,
			"'%s' is not a client name such as client.admin",
			o->name);
	ret = read_conf(s, f);
	if (!ret)
		ret = configure(s, f);
	if (!ret)
		ret = check_monitors(s, f);
	if (!ret) {
		watchdog_start(2 * o->timeout_s + 5, "connecting");
		ret = s->door->rados_connect(s->cluster);
		if (ret)
			ret = connect_fault(s, ret, f);
	}
	if (ret)
		session_close(s);
	else
		watchdog_start(2 * o->timeout_s + 5, "waiting for the cluster");
	return ret;
}

void session_close(struct session *s)
{
	if (s->cluster)
		s->door->rados_shutdown(s->cluster);
	s->cluster = NULL;
	watchdog_stop();
}

int session_pool(struct session *s, const char *pool, const char *ns,
		 rados_ioctx_t *io, struct fault *f)
{
	int ret = s->door->rados_ioctx_create(s->cluster, pool, io);

	if (ret == -ENOENT)
		return fault_set(
			f, ret,
			"there is no pool '%s'; 'rbdshare pool ls' lists them, 'rbdshare pool create %s' makes it",
			pool, pool);
	if (ret)
		return session_fault(s, f, ret, pool, "open pool '%s'", pool);
	if (ns && *ns)
		s->door->rados_ioctx_set_namespace(*io, ns);
	return 0;
}

int session_command(struct session *s, struct json_object *cmd,
		    struct json_object **reply, char *text, size_t text_size)
{
	const char *line;
	char *out = NULL, *status = NULL, *copy;
	size_t out_len = 0, status_len = 0;
	int ret;

	json_object_object_add(cmd, "format", json_object_new_string("json"));
	line = json_object_to_json_string(cmd);
	ret = s->door->rados_mon_command(s->cluster, &line, 1, "", 0, &out,
					 &out_len, &status, &status_len);
	json_object_put(cmd);
	if (reply) {
		*reply = NULL;
		copy = !ret && out_len ? strndup(out, out_len) : NULL;
		if (copy)
			*reply = json_tokener_parse(copy);
		free(copy);
	}
	if (text)
		snprintf(text, text_size, "%.*s", (int)status_len,
			 status ? status : "");
	s->door->rados_buffer_free(out);
	s->door->rados_buffer_free(status);
	watchdog_kick();
	return ret;
}

int session_fault(const struct session *s, struct fault *f, int err,
		  const char *pool, const char *fmt, ...)
{
	const char *who = s->o->name;
	char what[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	switch (err) {
	case -EPERM:
	case -EACCES:
		if (!pool)
			return fault_set(
				f, -EACCES,
				"cannot %s: %s has too few rights, see 'ceph auth get %s'; take another user with --id",
				what, who, who);
		return fault_set(
			f, -EACCES,
			"cannot %s: %s has too few rights; look with 'ceph auth get %s', images need: ceph auth caps %s mon 'profile rbd' osd 'profile rbd pool=%s'",
			what, who, who, who, pool);
	case -ETIMEDOUT:
		return fault_set(
			f, err,
			"cannot %s: the cluster did not answer within %u s; look at 'ceph -s', or wait longer with --timeout",
			what, s->o->timeout_s);
	case -ESHUTDOWN:
		return fault_set(
			f, err,
			"cannot %s: the cluster has fenced this host; look with 'ceph osd blocklist ls'",
			what);
	case -ENOSPC:
	case -EDQUOT:
		return fault_set(
			f, err,
			"cannot %s: the cluster or the pool is full; look at 'ceph df'",
			what);
	case -EIO:
		return fault_set(
			f, err,
			"cannot %s: the cluster reports an error; look at 'ceph health detail'",
			what);
	default:
		return fault_set(f, err, "cannot %s: %s", what, strerror(-err));
	}
}
