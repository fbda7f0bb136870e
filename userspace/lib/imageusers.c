// SPDX-License-Identifier: GPL-2.0
#include "lib/imageusers.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lock_codec.h"

#define LOCK_TAG_INTERNAL "internal"
/* Families of the wire, which are Linux' own. */
#define FAMILY_INET 2
#define FAMILY_INET6 10

static struct image_user *add(struct image_users *u)
{
	struct image_user *v = reallocarray(u->v, u->n + 1, sizeof(*v));

	if (!v)
		return NULL;
	u->v = v;
	memset(&v[u->n], 0, sizeof(*v));
	return &v[u->n++];
}

int image_users_add_watcher(struct image_users *u, uint64_t id,
			    const char *addr)
{
	struct image_user *one = add(u);

	if (!one)
		return -ENOMEM;
	one->id = id;
	one->watching = true;
	snprintf(one->addr, sizeof(one->addr), "%s", addr);
	return 0;
}

/* Names come from other machines: nothing of them may drive a terminal. */
static void copy_span(char *buf, size_t size, struct rbd_span s)
{
	size_t i;

	for (i = 0; i < s.len && i + 1 < size; i++)
		buf[i] = s.p[i] < ' ' || s.p[i] == 0x7f ? '?' : s.p[i];
	buf[i] = '\0';
}

static void format_addr(const struct rbd_locker *l, char *buf, size_t size)
{
	char ip[INET6_ADDRSTRLEN] = "?";

	if (l->family == FAMILY_INET)
		inet_ntop(AF_INET, l->ip, ip, sizeof(ip));
	else if (l->family == FAMILY_INET6)
		inet_ntop(AF_INET6, l->ip, ip, sizeof(ip));
	snprintf(buf, size, l->family == FAMILY_INET6 ? "[%s]:0/%u" : "%s:0/%u",
		 ip, l->nonce);
}

static int add_lock(struct image_users *u, const struct rbd_locker *l)
{
	struct image_user *one = NULL;
	size_t i;

	for (i = 0; i < u->n && !one; i++)
		if (u->v[i].id == l->entity_num && !u->v[i].locking)
			one = &u->v[i];
	if (!one) {
		one = add(u);
		if (!one)
			return -ENOMEM;
		one->id = l->entity_num;
		format_addr(l, one->addr, sizeof(one->addr));
	}
	one->locking = true;
	copy_span(one->lock_cookie, sizeof(one->lock_cookie), l->cookie);
	copy_span(one->node, sizeof(one->node), l->description);
	return 0;
}

/* "rbdshare rbd0" is the cookie of /dev/rbd0. */
static void read_device(struct image_user *one)
{
	static const char prefix[] = "rbdshare rbd";
	const char *number = one->lock_cookie + sizeof(prefix) - 1;

	if (strncmp(one->lock_cookie, prefix, sizeof(prefix) - 1) || !*number ||
	    number[strspn(number, "0123456789")] || strlen(number) > 10)
		return;
	snprintf(one->device, sizeof(one->device), "/dev/rbd%s", number);
}

/* What a lock says means something to us only when it is our driver's. */
static void read_our_words(struct image_users *u)
{
	bool ours = !strcmp(u->lock_tag, RBD_LOCK_TAG_SHARED);
	size_t i;

	for (i = 0; i < u->n; i++)
		if (ours)
			read_device(&u->v[i]);
		else
			*u->v[i].node = '\0';
}

int image_users_add_locks(struct image_users *u, const void *reply, size_t len)
{
	struct rbd_lock_info info;
	struct rbd_locker locker;
	int ret = rbd_lock_info_begin(&info, reply, len);

	while (!ret) {
		memset(&locker, 0, sizeof(locker));
		ret = rbd_lock_info_next(&info, &locker);
		if (ret <= 0)
			break;
		ret = add_lock(u, &locker);
	}
	if (!ret)
		ret = rbd_lock_info_end(&info);
	if (ret)
		return ret;
	u->lock_type = info.type;
	copy_span(u->lock_tag, sizeof(u->lock_tag), info.tag);
	read_our_words(u);
	return 0;
}

bool image_user_active(const struct image_users *u,
		       const struct image_user *one)
{
	return one->watching ||
	       (one->locking && strcmp(u->lock_tag, LOCK_TAG_INTERNAL));
}

size_t image_users_active(const struct image_users *u)
{
	size_t i, n = 0;

	for (i = 0; i < u->n; i++)
		n += image_user_active(u, &u->v[i]);
	return n;
}

void image_user_format(const struct image_user *one, char *buf, size_t size)
{
	const char *device = one->device;

	snprintf(buf, size, "%s (%s%s%s%sclient.%llu%s)",
		 *one->node ? one->node : one->addr, device,
		 *device ? ", " : "", *one->node ? one->addr : "",
		 *one->node ? ", " : "", (unsigned long long)one->id,
		 one->watching ? "" : ", no longer connected");
}

void image_users_describe(const struct image_users *u, char *buf, size_t size)
{
	size_t i, used = 0, left = image_users_active(u);
	const struct image_user *one;
	char text[320];

	*buf = '\0';
	for (i = 0; i < u->n; i++) {
		one = &u->v[i];
		if (!image_user_active(u, one))
			continue;
		image_user_format(one, text, sizeof(text));
		if (used + strlen(text) + 26 > size) {
			snprintf(buf + used, size - used, " and %zu more",
				 left);
			return;
		}
		used += (size_t)snprintf(buf + used, size - used, "%s%s",
					 used ? ", " : "", text);
		left--;
	}
}

void image_users_free(struct image_users *u)
{
	free(u->v);
	memset(u, 0, sizeof(*u));
}
