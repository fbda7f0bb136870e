// SPDX-License-Identifier: GPL-2.0
#include "lib/dlmdoor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/dlmstep.h"
#include "lib/dlmuevent.h"
#include "lib/worker.h"

/* Lost uevents are found that late at the latest. */
#define RESCAN_MS 5000
/* The kernel takes up to 3 minutes to remove a lockspace that was left. */
#define REMOVAL_MS 240000

/**
 * struct space - a lockspace of the kernel
 * @seen: found by the scan that is going on
 * @overdue_told: the step that runs was reported
 * @over: left or refused, but the kernel still shows it
 * @over_ms: since when
 * @steps: asked for and not done
 * @now: the step that runs, and those behind it
 */
struct space {
	struct space *next;
	struct dlmdoor *door;
	struct worker *worker;
	char name[DLMTREE_NAME_MAX + 1];
	bool seen;
	bool overdue_told;
	bool over;
	long long over_ms;
	unsigned int steps;
	struct step *now;
};

struct step {
	struct worker_job job;
	struct space *space;
	struct step *next;
	enum dlmdoor_step what;
	uint32_t generation;
	int error;
	struct dlmdoor_change *change;
};

struct queued {
	struct queued *next;
	struct dlmdoor_event event;
};

struct dlmdoor {
	struct dlmcomms comms;
	struct dlmtree_node self;
	int monitor_fd;
	int uevent_fd;
	int epoll_fd;
	struct space *spaces;
	struct queued *first;
	struct queued **last;
	long long scanned_ms;
};

const char *dlmdoor_step_str(enum dlmdoor_step step)
{
	static const char *const names[] = { "stop",   "prepare", "start",
					     "joined", "refuse",  "leave" };

	return names[step];
}

static struct dlmdoor_event *put_event(struct dlmdoor *door,
				       enum dlmdoor_kind kind, const char *name)
{
	struct queued *q = calloc(1, sizeof(*q));

	if (!q)
		return NULL;
	q->event.kind = kind;
	strcpy(q->event.lockspace, name);
	*door->last = q;
	door->last = &q->next;
	return &q->event;
}

static void put_step(struct step *s, enum dlmdoor_kind kind)
{
	struct dlmdoor_event *e = put_event(s->space->door, kind,
					    s->space->name);

	if (!e)
		return;
	e->step = s->what;
	e->generation = s->generation;
	e->error = s->error;
}

static int watch(struct dlmdoor *door, int fd)
{
	struct epoll_event e = { .events = EPOLLIN };

	return epoll_ctl(door->epoll_fd, EPOLL_CTL_ADD, fd, &e) ? -errno : 0;
}

static struct space *find_space(struct dlmdoor *door, const char *name)
{
	struct space *s;

	for (s = door->spaces; s; s = s->next)
		if (!strcmp(s->name, name))
			return s;
	return NULL;
}

static struct space *new_space(struct dlmdoor *door, const char *name)
{
	struct space *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->door = door;
	strcpy(s->name, name);
	s->seen = true;
	if (worker_new(&s->worker, "dlm") ||
	    watch(door, worker_fd(s->worker))) {
		worker_free(s->worker);
		free(s);
		return NULL;
	}
	s->next = door->spaces;
	door->spaces = s;
	return s;
}

static void free_space(struct dlmdoor *door, struct space *s)
{
	struct space **at;

	for (at = &door->spaces; *at != s; at = &(*at)->next)
		;
	*at = s->next;
	worker_free(s->worker);
	free(s);
}

static void run_step(struct worker_job *job)
{
	struct step *s = (struct step *)job;
	struct dlmcomms *comms = &s->space->door->comms;
	const struct dlmtree *tree = &comms->tree;
	const char *name = s->space->name;

	switch (s->what) {
	case DLMDOOR_STOP:
		s->error = dlmstep_stop(tree, name);
		break;
	case DLMDOOR_PREPARE:
		s->error = dlmstep_prepare(comms, name, s->change);
		break;
	case DLMDOOR_START:
		s->error = dlmstep_start(tree, name);
		break;
	case DLMDOOR_JOINED:
		s->error = dlmstep_joined(tree, name);
		break;
	case DLMDOOR_REFUSED:
		s->error = dlmstep_refuse(tree, name, s->error);
		break;
	case DLMDOOR_LEFT:
		s->error = dlmstep_left(tree, name);
		break;
	}
}

static void done_step(struct worker_job *job)
{
	struct step *s = (struct step *)job;
	struct space *space = s->space;

	put_step(s, DLMDOOR_DONE);
	if (s->what == DLMDOOR_LEFT || s->what == DLMDOOR_REFUSED) {
		space->over = true;
		space->over_ms = clock_ms();
	}
	space->now = s->next;
	space->steps--;
	space->overdue_told = false;
	free(s->change);
	free(s);
}

static int ask(struct dlmdoor *door, const char *lockspace,
	       enum dlmdoor_step what, uint32_t generation, int error,
	       struct dlmdoor_change *change)
{
	struct space *space = find_space(door, lockspace);
	struct step *s = NULL;
	struct step **at;

	if (space && space->over)
		space = NULL;
	if (space)
		s = calloc(1, sizeof(*s));
	if (!s) {
		free(change);
		return space ? -ENOMEM : -ENOENT;
	}
	s->job.run = run_step;
	s->job.done = done_step;
	s->space = space;
	s->what = what;
	s->generation = generation;
	s->error = error;
	s->change = change;
	for (at = &space->now; *at; at = &(*at)->next)
		;
	*at = s;
	space->steps++;
	worker_submit(space->worker, &s->job);
	return 0;
}

int dlmdoor_stop(struct dlmdoor *door, const char *lockspace,
		 uint32_t generation)
{
	return ask(door, lockspace, DLMDOOR_STOP, generation, 0, NULL);
}

int dlmdoor_prepare(struct dlmdoor *door, const char *lockspace,
		    const struct dlmdoor_change *change)
{
	struct dlmdoor_change *copy;
	int ret = dlmstep_check(change, door->self.nodeid);

	if (ret)
		return ret;
	copy = malloc(sizeof(*copy));
	if (!copy)
		return -ENOMEM;
	*copy = *change;
	return ask(door, lockspace, DLMDOOR_PREPARE, change->generation, 0,
		   copy);
}

int dlmdoor_start(struct dlmdoor *door, const char *lockspace,
		  uint32_t generation)
{
	return ask(door, lockspace, DLMDOOR_START, generation, 0, NULL);
}

int dlmdoor_joined(struct dlmdoor *door, const char *lockspace,
		   uint32_t generation)
{
	return ask(door, lockspace, DLMDOOR_JOINED, generation, 0, NULL);
}

int dlmdoor_refuse(struct dlmdoor *door, const char *lockspace, int error)
{
	return ask(door, lockspace, DLMDOOR_REFUSED, 0, error, NULL);
}

int dlmdoor_left(struct dlmdoor *door, const char *lockspace)
{
	return ask(door, lockspace, DLMDOOR_LEFT, 0, 0, NULL);
}

int dlmdoor_add_node(struct dlmdoor *door, const struct dlmtree_node *node,
		     uint64_t life)
{
	int ret = dlmcomms_put(&door->comms, node, life);

	return ret < 0 ? ret : 0;
}

int dlmdoor_drop_node(struct dlmdoor *door, uint32_t nodeid, uint64_t life)
{
	return dlmcomms_drop(&door->comms, nodeid, life);
}

int dlmdoor_forget_node(struct dlmdoor *door, uint32_t nodeid, uint64_t but)
{
	return dlmcomms_drop_other(&door->comms, nodeid, but);
}

int dlmdoor_members(struct dlmdoor *door, const char *lockspace,
		    struct dlmtree_members *out)
{
	return dlmtree_get_members(&door->comms.tree, lockspace, out);
}

/* One name of the kernel's list. */
static int scan_one(void *arg, const char *name)
{
	struct dlmdoor *door = arg;
	struct dlmtree_members members;
	struct space *s;

	if (!dlmtree_name_ok(name))
		return 0;
	s = find_space(door, name);
	if (s) {
		s->seen = true;
		if (!s->over || clock_ms() - s->over_ms < REMOVAL_MS)
			return 0;
		s->over = false;
	} else if (!new_space(door, name)) {
		return -ENOMEM;
	}
	/* Without members nobody has let it start yet. */
	if (dlmtree_get_members(&door->comms.tree, name, &members) ||
	    !members.n)
		put_event(door, DLMDOOR_ONLINE, name);
	else
		put_event(door, DLMDOOR_FOUND, name);
	return 0;
}

int dlmdoor_rescan(struct dlmdoor *door)
{
	struct space *s, *next;
	int ret;

	door->scanned_ms = clock_ms();
	for (s = door->spaces; s; s = s->next)
		s->seen = false;
	ret = dlmtree_lockspaces(&door->comms.tree, scan_one, door);
	for (s = door->spaces; !ret && s; s = next) {
		next = s->next;
		if (s->seen || s->steps)
			continue;
		if (!s->over)
			put_event(door, DLMDOOR_GONE, s->name);
		free_space(door, s);
	}
	return ret;
}

static void take_uevents(struct dlmdoor *door)
{
	struct dlmdoor_event *e;
	struct dlmuevent u;
	struct space *s;
	int ret;

	while (!(ret = dlmuevent_read(door->uevent_fd, &u))) {
		s = find_space(door, u.lockspace);
		/* A scan may have been faster than the kernel's word. */
		if (u.online && s && !s->over)
			continue;
		if (!s)
			s = new_space(door, u.lockspace);
		if (!s)
			continue;
		s->over = false;
		e = put_event(door, u.online ? DLMDOOR_ONLINE : DLMDOOR_OFFLINE,
			      u.lockspace);
		if (e)
			e->release_recover = u.release_recover;
	}
	if (ret == -ENOBUFS)
		dlmdoor_rescan(door);
}

static void look_at_spaces(struct dlmdoor *door)
{
	struct space *s;

	for (s = door->spaces; s; s = s->next) {
		worker_collect(s->worker);
		if (!s->overdue_told &&
		    worker_busy_ms(s->worker) > DLMDOOR_OVERDUE_MS) {
			s->overdue_told = true;
			put_step(s->now, DLMDOOR_OVERDUE);
		}
	}
}

bool dlmdoor_next(struct dlmdoor *door, struct dlmdoor_event *event)
{
	struct queued *q;

	if (door->uevent_fd >= 0)
		take_uevents(door);
	look_at_spaces(door);
	if (clock_ms() - door->scanned_ms > RESCAN_MS)
		dlmdoor_rescan(door);
	q = door->first;
	if (!q)
		return false;
	door->first = q->next;
	if (!door->first)
		door->last = &door->first;
	*event = q->event;
	free(q);
	return true;
}

int dlmdoor_fd(const struct dlmdoor *door)
{
	return door->epoll_fd;
}

int dlmdoor_monitor_fd(const struct dlmdoor *door)
{
	return door->monitor_fd;
}

static int open_monitor(void)
{
	static const char *const paths[] = { "/dev/misc/dlm-monitor",
					     "/dev/dlm-monitor" };
	int fd, err = -ENOENT;
	size_t i;

	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		fd = open(paths[i], O_RDWR | O_CLOEXEC);
		if (fd >= 0)
			return fd;
		if (errno != ENOENT)
			err = -errno;
	}
	return err;
}

static int start(struct dlmdoor *door, const struct dlmdoor_config *config)
{
	int ret;

	door->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (door->epoll_fd < 0)
		return -errno;
	if (config->uevents) {
		door->uevent_fd = dlmuevent_open();
		if (door->uevent_fd < 0)
			return door->uevent_fd;
		ret = watch(door, door->uevent_fd);
		if (ret)
			return ret;
		if (door->monitor_fd < 0)
			door->monitor_fd = open_monitor();
		if (door->monitor_fd < 0)
			return door->monitor_fd;
	}
	ret = dlmtree_cluster(&door->comms.tree, config->cluster_name);
	if (!ret)
		ret = dlmcomms_forget_selves(&door->comms, door->self.nodeid);
	if (!ret)
		ret = dlmcomms_put(&door->comms, &door->self, config->life);
	return ret < 0 ? ret : dlmdoor_rescan(door);
}

int dlmdoor_open(struct dlmdoor **out, const struct dlmdoor_config *config)
{
	struct dlmdoor *door = calloc(1, sizeof(*door));
	int ret;

	if (!door)
		return -ENOMEM;
	ret = dlmcomms_init(&door->comms, &config->tree, config->comms_file);
	if (ret) {
		free(door);
		return ret;
	}
	door->self = config->self;
	door->monitor_fd = config->monitor_fd;
	door->uevent_fd = -1;
	door->epoll_fd = -1;
	door->last = &door->first;
	ret = start(door, config);
	if (ret) {
		dlmdoor_close(door, config->monitor_fd < 0);
		return ret;
	}
	*out = door;
	return 0;
}

void dlmdoor_close(struct dlmdoor *door, bool close_monitor)
{
	struct queued *q;

	if (!door)
		return;
	while (door->spaces)
		free_space(door, door->spaces);
	while ((q = door->first)) {
		door->first = q->next;
		free(q);
	}
	if (door->monitor_fd >= 0 && close_monitor)
		close(door->monitor_fd);
	if (door->uevent_fd >= 0)
		close(door->uevent_fd);
	if (door->epoll_fd >= 0)
		close(door->epoll_fd);
	dlmcomms_exit(&door->comms);
	free(door);
}
