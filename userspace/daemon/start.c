// SPDX-License-Identifier: GPL-2.0
/* From nothing to a running core. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/admission.h"
#include "daemon/daemon.h"
#include "daemon/keeper.h"
#include "daemon/queries.h"
#include "lib/clock.h"
#include "lib/fdstore.h"
#include "lib/krbd.h"
#include "lib/msg.h"
#include "lib/slurp.h"
#include "lib/watchdog.h"
#include "view_fence.h"

/* Bound of each wait for the storage. */
#define STORAGE_S 5
#define RETRY_MS 2000
#define MONITOR_FD "dlm-monitor"
#define OCFS2_STACK "/sys/fs/ocfs2/cluster_stack"

static struct rbd_view first;

/* Monitors may come up later than we do. */
static int connect_storage(struct daemon *d, struct fault *f)
{
	int err;

	d->session_options = (struct session_options){
		.conf = d->set.conf,
		.name = d->set.user,
		.keyring = d->set.keyring,
		.timeout_s = STORAGE_S,
		.urgent = true,
	};
	while ((err = session_open(&d->session, &d->session_options, f)) ==
	       -ETIMEDOUT) {
		msg_warn("%s; trying again", f->text);
		fdstore_notify(
			"EXTEND_TIMEOUT_USEC=60000000\nSTATUS=waiting for the monitors");
		watchdog_stop();
		clock_sleep_ms(RETRY_MS);
	}
	watchdog_stop();
	if (err)
		return err;
	err = session_pool(&d->session, d->set.pool, NULL, &d->io, f);
	if (err == -ENOENT)
		fault_set(
			f, err,
			"there is no pool '%s' for the cluster; make it once, on one node, with: rbdshare cluster init",
			d->set.pool);
	/* A full pool answers with an error, at once; it is not waited for. */
	if (!err)
		d->session.door->rados_set_pool_full_try(d->io);
	return err;
}

static int read_boot_id(u8 id[16])
{
	char text[64];
	const char *p;
	int err, i = 0, n = 0;
	unsigned int byte;

	err = slurp_line("/proc/sys/kernel/random/boot_id", text, sizeof(text));
	for (p = text; !err && *p && i < 16; p += n) {
		n = 1;
		if (*p == '-')
			continue;
		if (sscanf(p, "%2x%n", &byte, &n) != 1)
			return -EINVAL;
		id[i++] = (u8)byte;
	}
	return err ?: i == 16 ? 0 : -EINVAL;
}

static int introduce(struct daemon *d, struct fault *f)
{
	const struct nodesettings_node *node = &d->set.nodes[d->set.number];
	int err = read_boot_id(d->self.boot_id);

	d->self.number = d->set.number;
	d->self.weight = d->set.weight;
	d->self.address.family = 4;
	memcpy(d->self.address.ip, &node->ip, sizeof(node->ip));
	snprintf(d->self.name, sizeof(d->self.name), "%.64s", node->name);
	return err ? fault_set(f, err, "cannot read the host's boot id") : 0;
}

/* Before the core exists: what could this node still be using? */
static bool in_use(struct daemon *d)
{
	struct krbd_list list;
	bool any = spaces_any(d);
	size_t i;

	if (any || krbd_list(&list, NULL))
		return any;
	for (i = 0; i < list.n; i++)
		any = any || clients_is_shared(&list.v[i]);
	krbd_list_free(&list);
	return any;
}

/* Does the view still count on the incarnation that the kernel has? */
static bool still_counts(const struct daemon *d, uint64_t incarnation)
{
	const struct rbd_view_member *m = rbd_view_peek(&first, d->set.number);

	return m && m->incarnation == incarnation && rbd_member_is_in(m);
}

static void begin_incarnation(struct daemon *d)
{
	uint32_t random = 0;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		random = (uint32_t)clock_ms();
	d->self.incarnation = rbd_view_next_incarnation(&first, d->set.number,
							heart_seen(d), random);
}

/*
 * The kernel's heartbeats outlive the daemon. They are gone on with, unless
 * that life is over and nothing of it is left.
 */
static int find_incarnation(struct daemon *d, struct fault *f)
{
	int err = heart_find(d, f);

	if (err && err != -ENOTCONN)
		return err;
	if (!err && d->heart.state.number != d->set.number)
		return fault_set(
			f, -EBUSY,
			"the kernel runs as node %u, cluster.conf says %u; reboot this node",
			d->heart.state.number, d->set.number);
	if (!err &&
	    (in_use(d) || still_counts(d, d->heart.state.incarnation))) {
		d->self.incarnation = d->heart.state.incarnation;
		d->resumed = true;
		return 0;
	}
	heart_offline(d);
	err = admission_check(d, &first, f);
	if (!err)
		begin_incarnation(d);
	return err;
}

/* They go on with the nodes that an earlier daemon knew. */
static void resume_heartbeats(struct daemon *d)
{
	struct fault f = { "" };

	if (heart_nodes(d, &d->set, &f))
		msg_warn("%s", f.text);
}

static int begin_heartbeats(struct daemon *d, struct fault *f)
{
	int err = d->resumed ? 0 : heart_online(d, f);

	if (d->resumed) {
		resume_heartbeats(d);
		admission_show(d);
	}
	if (err)
		return err;
	err = hbdoor_state(d->heart.door, &d->heart.state);
	if (!err)
		heart_paced(d);
	return err ? fault_set(f, err, "rbd_hb went offline again") : 0;
}

/* OCFS2 goes by the kernel's stack plugin; the classic one is left alone. */
static void choose_ocfs2_stack(struct daemon *d)
{
	char path[96];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/sys/kernel/config/cluster/%s",
		 d->set.cluster);
	if (!access(path, F_OK)) {
		msg_warn(
			"o2cb is online; OCFS2 stays with it. To use rbdshared run: rcocfs2 stop; o2cb unregister-cluster %s, or: /etc/init.d/o2cb offline",
			d->set.cluster);
		return;
	}
	fd = open(OCFS2_STACK, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	n = write(fd, "pcmk\n", 5);
	if (n < 0 && errno != EBUSY)
		msg_warn("cannot choose OCFS2's cluster stack: %s",
			 strerror(errno));
	close(fd);
}

static int begin_core(struct daemon *d, int monitor_fd, struct fault *f)
{
	struct rbd_daemon_part part;
	int err;

	rbd_core_init(d->core, &d->self, (uint64_t)clock_ms());
	if (d->resumed && heart_part(d, &part))
		rbd_core_resume(d->core, &part);
	rbd_core_view(d->core, &first);
	err = begin_heartbeats(d, f);
	if (err)
		return err;
	err = clients_start(d);
	if (err)
		return fault_set(f, err,
				 "cannot register this node's clients: %s",
				 strerror(-err));
	contact_start(d);
	err = daemon_open_loop(d);
	if (err)
		return fault_set(f, err, "cannot begin: %s", strerror(-err));
	err = keeper_start();
	if (err)
		msg_warn("no process keeps the lockspaces: %s", strerror(-err));
	/* What is kept of the locks, before the lockspaces are told of. */
	plocks_open(d);
	err = spaces_open(d, monitor_fd, f);
	if (err)
		return err;
	err = queries_open(d);
	if (err)
		msg_warn("dlm_tool will not be answered: %s", strerror(-err));
	choose_ocfs2_stack(d);
	/* The one that systemd has is not given back: it may be the last. */
	if (monitor_fd < 0)
		fdstore_keep(MONITOR_FD, dlmdoor_monitor_fd(d->spaces.door));
	rbd_core_join(d->core);
	rbd_core_go(d->core);
	return 0;
}

int daemon_start(struct daemon *d, struct fault *f)
{
	/* Before any thread is started. */
	int monitor_fd = fdstore_take(MONITOR_FD);
	int err;

	if (mkdir(DAEMON_RUN_DIR, 0700) && errno != EEXIST)
		return fault_file(f, -errno, "make", DAEMON_RUN_DIR);
	err = daemon_lock();
	if (err)
		return fault_set(f, err,
				 err == -EBUSY ? "rbdshared runs already" :
						 "cannot lock " DAEMON_RUN_DIR
						 "/lock");
	d->core = calloc(1, sizeof(*d->core));
	if (!d->core)
		return fault_set(f, -ENOMEM, "out of memory");
	err = connect_storage(d, f);
	err = err ?: introduce(d, f);
	err = err ?: views_first(d, &first, f);
	err = err ?: find_incarnation(d, f);
	return err ?: begin_core(d, monitor_fd < 0 ? -1 : monitor_fd, f);
}
