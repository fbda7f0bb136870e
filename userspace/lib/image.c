// SPDX-License-Identifier: GPL-2.0
#include "lib/image.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/watchdog.h"
#include "lock_codec.h"

#define PROBE_BYTES (1u << 20)

const char *image_mode_name(enum image_mode mode)
{
	return mode == IMAGE_SHARED    ? "shared" :
	       mode == IMAGE_EXCLUSIVE ? "exclusive" :
					 "unmarked";
}

static int read_mode(struct image *img)
{
	char value[64];
	size_t len = sizeof(value);
	int ret = img->s->door->rbd_metadata_get(img->rbd, IMAGE_MODE_KEY,
						 value, &len);

	img->mode = img->features & RBD_FEATURE_EXCLUSIVE_LOCK ?
			    IMAGE_EXCLUSIVE :
			    IMAGE_UNMARKED;
	if (ret >= 0 && !strncmp(value, IMAGE_MODE_SHARED, sizeof(value)))
		img->mode = IMAGE_SHARED;
	return ret == -ENOENT || ret == -ERANGE ? 0 : ret;
}

static int read_facts(struct image *img)
{
	const struct radosdoor *d = img->s->door;
	rbd_image_info_t info;
	int ret = d->rbd_stat(img->rbd, &info, sizeof(info));

	if (ret)
		return ret;
	img->size = info.size;
	img->object_size = info.obj_size;
	ret = d->rbd_get_features(img->rbd, &img->features);
	if (!ret)
		ret = d->rbd_get_id(img->rbd, img->id, sizeof(img->id));
	if (!ret)
		ret = read_mode(img);
	return ret < 0 ? ret : 0;
}

static int open_fault(struct session *s, const struct rbd_spec *spec, int err,
		      struct fault *f)
{
	char *name = rbd_spec_format(spec);
	char *image = rbd_spec_format_image(spec);

	if (err == -ENOENT && *spec->snap)
		fault_set(
			f, err,
			"there is no snapshot '%s'; 'rbdshare snap ls %s' lists them",
			name, image);
	else if (err == -ENOENT)
		fault_set(
			f, err,
			"there is no image '%s'; 'rbdshare ls %s%s%s' lists them",
			name, spec->pool, *spec->ns ? " --namespace " : "",
			spec->ns);
	else
		err = session_fault(s, f, err, spec->pool, "open image '%s'",
				    name);
	free(name);
	free(image);
	return err;
}

int image_open(struct session *s, const struct rbd_spec *spec, bool write,
	       struct image *img, struct fault *f)
{
	const struct radosdoor *d = s->door;
	const char *snap = *spec->snap ? spec->snap : NULL;
	int ret;

	memset(img, 0, sizeof(*img));
	ret = session_pool(s, spec->pool, spec->ns, &img->io, f);
	if (ret)
		return ret;
	img->s = s;
	img->spec = spec;
	if (write)
		ret = d->rbd_open(img->io, spec->image, &img->rbd, snap);
	else
		ret = d->rbd_open_read_only(img->io, spec->image, &img->rbd,
					    snap);
	if (!ret) {
		watchdog_kick();
		ret = read_facts(img);
		if (ret)
			d->rbd_close(img->rbd);
	}
	if (ret) {
		d->rados_ioctx_destroy(img->io);
		img->s = NULL;
		return open_fault(s, spec, ret, f);
	}
	return 0;
}

void image_close(struct image *img)
{
	if (!img->s)
		return;
	img->s->door->rbd_close(img->rbd);
	img->s->door->rados_ioctx_destroy(img->io);
	img->s = NULL;
}

static int add_watchers(struct image *img, struct image_users *u)
{
	const struct radosdoor *d = img->s->door;
	uint64_t self = d->rados_get_instance_id(img->s->cluster);
	rbd_image_watcher_t *w = NULL;
	size_t i, n = 16;
	int ret;

	do {
		w = realloc(w, n * sizeof(*w));
		if (!w)
			return -ENOMEM;
		ret = d->rbd_watchers_list(img->rbd, w, &n);
	} while (ret == -ERANGE);
	for (i = 0; !ret && i < n; i++)
		if ((uint64_t)w[i].id != self)
			ret = image_users_add_watcher(u, (uint64_t)w[i].id,
						      w[i].addr);
	if (ret >= 0)
		d->rbd_watchers_list_cleanup(w, n);
	free(w);
	return ret;
}

static int add_locks(struct image *img, struct image_users *u)
{
	/* A lock of 1000 nodes fits: a holder takes about 200 bytes. */
	enum { REPLY_MAX = 256 << 10 };
	char oid[96], request[64], *reply;
	struct rbd_cursor c;
	int ret;

	rbd_cursor_init(&c, request, sizeof(request));
	rbd_encode_lock_query(&c);
	snprintf(oid, sizeof(oid), "rbd_header.%s", img->id);
	reply = malloc(REPLY_MAX);
	if (!reply)
		return -ENOMEM;
	ret = img->s->door->rados_exec(img->io, oid, "lock", "get_info",
				       request,
				       sizeof(request) - rbd_cursor_left(&c),
				       reply, REPLY_MAX);
	if (ret > 0)
		ret = image_users_add_locks(u, reply, (size_t)ret);
	free(reply);
	return ret == -ENOENT ? 0 : ret;
}

int image_users(struct image *img, struct image_users *u, struct fault *f)
{
	int ret;

	memset(u, 0, sizeof(*u));
	ret = add_watchers(img, u);
	if (!ret)
		ret = add_locks(img, u);
	if (!ret)
		return 0;
	image_users_free(u);
	return session_fault(img->s, f, ret, img->spec->pool,
			     "list the users of image '%s/%s'", img->spec->pool,
			     img->spec->image);
}

static int copy_part(struct image *img, int fd, uint64_t from, char *buf)
{
	uint64_t left = img->size - from;
	size_t len = left < PROBE_BYTES ? (size_t)left : PROBE_BYTES;
	ssize_t n = img->s->door->rbd_read(img->rbd, from, len, buf);

	watchdog_kick();
	if (n < 0)
		return (int)n;
	return pwrite(fd, buf, (size_t)n, (off_t)from) == n ? 0 : -errno;
}

static int copy_ends(struct image *img, int fd)
{
	char *buf = malloc(PROBE_BYTES);
	int ret;

	if (!buf)
		return -ENOMEM;
	ret = ftruncate(fd, (off_t)img->size) ? -errno : 0;
	if (!ret)
		ret = copy_part(img, fd, 0, buf);
	if (!ret && img->size > PROBE_BYTES)
		ret = copy_part(img, fd, img->size - PROBE_BYTES, buf);
	free(buf);
	return ret;
}

int image_content(struct image *img, struct probe *out, struct fault *f)
{
	char path[40], *name;
	int fd, ret;

	memset(out, 0, sizeof(*out));
	if (!img->size)
		return 0;
	name = rbd_spec_format(img->spec);
	fd = memfd_create("image", MFD_CLOEXEC);
	ret = fd < 0 ? -errno : copy_ends(img, fd);
	if (ret) {
		session_fault(img->s, f, ret, img->spec->pool,
			      "read image '%s'", name);
	} else {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		ret = probe_device(path, out, NULL);
		if (ret == -ENOTUNIQ)
			fault_set(
				f, ret,
				"image '%s' has contradicting signatures; map it and look with 'wipefs'",
				name);
		else if (ret < 0)
			fault_set(f, ret, "cannot probe image '%s': %s", name,
				  strerror(-ret));
	}
	if (fd >= 0)
		close(fd);
	free(name);
	return ret;
}

/* What to do about the users; @dead is one that is gone and left its lock. */
static void advise(const struct image_user *dead, const char *name, char *buf,
		   size_t size)
{
	if (!dead)
		snprintf(
			buf, size,
			"unmap it there first (rbdshare unmap %s); a crashed client is forgotten after 30 s",
			name);
	else
		snprintf(
			buf, size,
			"if %s is dead, fence it with: rbd lock rm %s '%s' client.%llu",
			*dead->node ? dead->node : dead->addr, name,
			dead->lock_cookie, (unsigned long long)dead->id);
}

int image_refuse_in_use(struct image *img, const char *doing, struct fault *f)
{
	const struct image_user *dead = NULL;
	struct image_users u;
	char who[280], advice[400], *name;
	size_t i;
	int ret = image_users(img, &u, f);

	if (ret)
		return ret;
	for (i = 0; i < u.n && !dead; i++)
		if (image_user_active(&u, &u.v[i]) && !u.v[i].watching)
			dead = &u.v[i];
	if (image_users_active(&u)) {
		name = rbd_spec_format_image(img->spec);
		image_users_describe(&u, who, sizeof(who));
		advise(dead, name ? name : "", advice, sizeof(advice));
		ret = fault_set(f, -EBUSY,
				"'%.200s' is in use, so we do not %s: %s; %s",
				name ? name : "", doing, who, advice);
		free(name);
	}
	image_users_free(&u);
	return ret;
}
