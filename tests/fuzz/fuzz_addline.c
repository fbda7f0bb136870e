// SPDX-License-Identifier: GPL-2.0
/*
 * Add and remove lines from anywhere: what is taken consists of words of the
 * line, in their order, within their limits, and is taken again when it is
 * written out anew.
 */
#include <stdio.h>

#include "addline.h"
#include "must.h"

/* Without blanks, and not before @from nor behind @end. */
static const char *word(struct rbd_span s, const char *from, const char *end)
{
	u32 i;

	MUST(s.p >= from && s.p <= end && s.len <= (size_t)(end - s.p));
	for (i = 0; i < s.len; i++)
		MUST(s.p[i] && !memchr(" \t\r\n", s.p[i], 4));
	return s.p + s.len;
}

static bool same(struct rbd_span a, struct rbd_span b)
{
	return a.len == b.len && !memcmp(a.p, b.p, a.len);
}

static void write_and_reread(const struct rbd_addline *l, size_t size)
{
	char *text = malloc(size + 16);
	struct rbd_addline again;
	const char *why;
	int len;

	MUST(text);
	len = snprintf(text, size + 16, "%.*s %.*s %.*s\n%.*s\t%.*s ",
		       (int)l->mons.len, l->mons.p, (int)l->options.len,
		       l->options.p, (int)l->pool.len, l->pool.p,
		       (int)l->image.len, l->image.p,
		       l->snap.len ? (int)l->snap.len : 1,
		       l->snap.len ? l->snap.p : "-");
	MUST(len > 0 && (size_t)len < size + 16);
	MUST(!rbd_addline_parse(text, len, &again, &why) && !why);
	MUST(same(l->mons, again.mons) && same(l->options, again.options));
	MUST(same(l->pool, again.pool) && same(l->image, again.image));
	MUST(same(l->snap, again.snap));
	free(text);
}

static void add(const char *text, size_t size)
{
	const char *end = text + size;
	struct rbd_addline l;
	const char *why, *at;
	int ret = rbd_addline_parse(text, size, &l, &why);

	MUST(!ret || ret == -EINVAL || ret == -ENAMETOOLONG);
	MUST(!ret == !why);
	at = word(l.mons, text, end);
	at = word(l.options, at, end);
	at = word(l.pool, at, end);
	at = word(l.image, at, end);
	word(l.snap, at, end);
	if (ret)
		return;
	MUST(l.mons.len && l.options.len && l.pool.len && l.image.len);
	MUST(l.pool.len <= RBD_POOL_NAME_MAX);
	MUST(l.image.len <= RBD_IMAGE_NAME_MAX);
	MUST(l.snap.len <= RBD_SNAP_NAME_MAX && !rbd_span_is(l.snap, "-"));
	write_and_reread(&l, size);
}

static void removal(const char *text, size_t size)
{
	static const char *const how[] = { "", "force", "full-force" };
	enum rbd_remove_force force, force2;
	char line[64];
	u32 id, id2;
	int ret = rbd_removeline_parse(text, size, &id, &force);

	MUST(!ret || ret == -EINVAL);
	if (ret)
		return;
	MUST(id <= 999999999 && force <= RBD_REMOVE_FULL_FORCE);
	snprintf(line, sizeof(line), "%u %s\n", id, how[force]);
	MUST(!rbd_removeline_parse(line, strlen(line), &id2, &force2));
	MUST(id == id2 && force == force2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	add((const char *)data, size);
	removal((const char *)data, size);
	return 0;
}
