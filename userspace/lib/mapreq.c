// SPDX-License-Identifier: GPL-2.0
#include "lib/mapreq.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/cephconf.h"
#include "lib/keyring.h"
#include "lib/kmsg.h"
#include "lib/krbd.h"
#include "lib/maperror.h"
#include "lib/mapopts.h"
#include "lib/monlist.h"
#include "lib/udevwait.h"

#define DEFAULT_NAME "client.admin"

/* Everything that is looked up before the kernel is asked. */
struct prepared {
	struct cephconf *conf;
	struct cephconf_id id;
	struct monlist mons;
	char *secret;
	char *options;
	int proto;
};

static void prepared_free(struct prepared *p)
{
	cephconf_free(p->conf);
	monlist_free(&p->mons);
	keyring_wipe(p->secret);
	keyring_wipe(p->options);
}

/* 1 or 2 when the options ask for a messenger protocol, 0 when they do not. */
static int wanted_proto(const char *options)
{
	char *mode = mapopts_value(options, "ms_mode");
	int proto = !mode ? 0 : !strcmp(mode, "legacy") ? 1 : 2;

	free(mode);
	return proto;
}

static int find_mons(const struct mapreq *req, struct prepared *p,
		     struct fault *f)
{
	char *text = req->mon_host ? strdup(req->mon_host) :
				     cephconf_get(p->conf, &p->id, "mon_host");
	int ret;

	if (!text || !*text) {
		free(text);
		text = cephconf_mon_addrs(p->conf);
	}
	if (!text)
		return fault_set(
			f, -EINVAL,
			"no monitor address: '%s' has no 'mon host'; set it there or use --mon-host",
			*cephconf_origin(p->conf) ? cephconf_origin(p->conf) :
						    "/etc/ceph/ceph.conf");
	ret = monlist_parse(text, &p->mons, f);
	free(text);
	return ret;
}

static int prepare(const struct mapreq *req, struct prepared *p,
		   struct fault *f)
{
	int ret;

	memset(p, 0, sizeof(*p));
	p->id.cluster = req->cluster;
	p->id.name = req->name ? req->name : DEFAULT_NAME;
	if (strncmp(p->id.name, "client.", 7) || !p->id.name[7] ||
	    strpbrk(p->id.name, " \t\r\n,"))
		return fault_set(f, -EINVAL,
				 "'%s' is not a client name; write client.ID",
				 p->id.name);
	ret = mapopts_check(req->options, f);
	if (!ret)
		ret = cephconf_load(req->conf, req->cluster, &p->conf, f);
	if (!ret)
		ret = find_mons(req, p, f);
	if (!ret && req->keyfile)
		ret = keyring_keyfile(req->keyfile, &p->secret, f);
	else if (!ret)
		ret = keyring_find(p->conf, &p->id, req->keyring, &p->secret,
				   f);
	p->proto = wanted_proto(req->options);
	return ret;
}

/* The comma list for the kernel. How the key gets there is for the caller. */
static int build_options(const struct mapreq *req, struct prepared *p,
			 struct fault *f)
{
	char *own = mapopts_kernel(req->options);
	int ret = own ? 0 : -ENOMEM;

	if (!ret)
		ret = mapopts_append(&p->options, "name", p->id.name + 7);
	if (!ret && req->read_only)
		ret = mapopts_append(&p->options, "ro", NULL);
	if (!ret && req->exclusive)
		ret = mapopts_append(&p->options, "exclusive", NULL);
	if (!ret && *own)
		ret = mapopts_append(&p->options, own, NULL);
	if (!ret && p->proto == 2 && !wanted_proto(req->options))
		ret = mapopts_append(&p->options, "ms_mode", "prefer-crc");
	free(own);
	return ret ? fault_set(f, ret, "out of memory") : 0;
}

static char *build_line(const struct mapreq *req, struct prepared *p,
			struct fault *f)
{
	char *mons = monlist_format(&p->mons, p->proto), *line;

	if (!mons) {
		fault_set(
			f, -EINVAL,
			"no monitor address speaks messenger protocol %d, which ms_mode asks for; leave ms_mode out, or name other monitors with --mon-host",
			p->proto);
		return NULL;
	}
	line = krbd_add_line(mons, p->options, &req->spec, f);
	free(mons);
	return line;
}

int mapreq_dry_run(const struct mapreq *req, char **line, struct fault *f)
{
	struct prepared p;
	int ret = prepare(req, &p, f);

	if (!ret && !p.proto)
		p.proto = monlist_proto(&p.mons);
	if (!ret)
		ret = build_options(req, &p, f);
	if (!ret && p.secret)
		ret = mapopts_append(&p.options, "key", p.id.name);
	if (!ret) {
		*line = build_line(req, &p, f);
		ret = *line ? 0 : -EINVAL;
		if (*line)
			krbd_mask(*line);
	}
	prepared_free(&p);
	return ret;
}

/* Finds monitors that answer, and with them the protocol to use. */
static int reach(const struct mapreq *req, struct prepared *p, struct fault *f)
{
	int ret = monlist_resolve(&p->mons, f);

	if (!ret)
		ret = monlist_probe(&p->mons, req->probe_ms, p->proto, f);
	if (ret < 0)
		return ret;
	if (!p->proto)
		p->proto = monlist_proto(&p->mons);
	return 0;
}

/* Hands over the key: by the kernel's keyring, else within the line. */
static int give_key(struct prepared *p, struct fault *f)
{
	int ret;

	if (!p->secret)
		return 0;
	ret = keyring_load(p->id.name, p->secret);
	if (!ret)
		ret = mapopts_append(&p->options, "key", p->id.name);
	else if (ret == -ENODEV || ret == -ENOSYS)
		ret = mapopts_append(&p->options, "secret", p->secret);
	return ret ? fault_set(f, ret,
			       "cannot hand the key of %s to the kernel: %s",
			       p->id.name, strerror(-ret)) :
		     0;
}

static int write_and_wait(const struct mapreq *req, const char *line,
			  struct mapresult *res, struct fault *f)
{
	char *noudev = mapopts_value(req->options, "noudev");
	struct udevwait *wait = udevwait_open(!noudev);
	char *spec = rbd_spec_format(&req->spec);
	int log = kmsg_open(), ret;

	free(noudev);
	ret = wait && spec ? krbd_add(line, &req->spec, &res->id) : -ENOMEM;
	if (ret) {
		res->kernel = kmsg_collect(log, req->spec.image);
		fault_set(f, ret, "cannot map %s: %s (%s)", spec ? spec : "",
			  ret == -EACCES && geteuid() ? "mapping needs root" :
							maperror_hint(ret),
			  strerror(-ret));
	} else {
		free(kmsg_collect(log, NULL));
		ret = udevwait_device(wait, res->id, req->udev_ms);
		res->links_missing = ret == -ETIME;
		if (ret == -ETIME)
			ret = 0;
		if (ret)
			fault_set(
				f, ret,
				"%s is mapped as rbd%u but /dev/rbd%u did not appear; is /dev a devtmpfs?",
				spec, res->id, res->id);
	}
	udevwait_close(wait);
	free(spec);
	return ret;
}

int mapreq_run(const struct mapreq *req, struct mapresult *res, struct fault *f)
{
	struct prepared p;
	char *line = NULL;
	int ret;

	memset(res, 0, sizeof(*res));
	ret = prepare(req, &p, f);
	if (!ret)
		ret = krbd_load_module(f);
	if (!ret)
		ret = reach(req, &p, f);
	if (!ret)
		ret = build_options(req, &p, f);
	if (!ret)
		ret = give_key(&p, f);
	if (!ret) {
		line = build_line(req, &p, f);
		ret = line ? write_and_wait(req, line, res, f) : -EINVAL;
	}
	keyring_wipe(line);
	prepared_free(&p);
	return ret;
}

static char *connection_line(const struct mapreq *req, struct prepared *p,
			     struct fault *f)
{
	char *mons = monlist_format(&p->mons, p->proto), *line = NULL;

	if (!mons ||
	    asprintf(&line, "%s %s %s", mons, p->options, req->spec.pool) < 0) {
		line = NULL;
		fault_set(f, -ENOMEM, "out of memory");
	}
	free(mons);
	return line;
}

int mapreq_connection(const struct mapreq *req, char **line, struct fault *f)
{
	struct prepared p;
	int ret = prepare(req, &p, f);

	if (!ret)
		ret = reach(req, &p, f);
	if (!ret)
		ret = build_options(req, &p, f);
	if (!ret)
		ret = give_key(&p, f);
	if (!ret) {
		*line = connection_line(req, &p, f);
		ret = *line ? 0 : -ENOMEM;
	}
	prepared_free(&p);
	return ret;
}
