// SPDX-License-Identifier: GPL-2.0
/* Cutting the lines of /sys/bus/rbd/{add,remove}* into words. */
#include "addline.h"

static bool is_blank(char ch)
{
	return ch == ' ' || ch == '\t' || ch == '\n' || ch == '\r';
}

/* The next word at *pos, len 0 at the end of the text. */
static struct rbd_span next_word(const char *text, size_t len, size_t *pos)
{
	struct rbd_span word = { text, 0 };
	size_t start;

	while (*pos < len && is_blank(text[*pos]))
		(*pos)++;
	start = *pos;
	while (*pos < len && !is_blank(text[*pos]) && text[*pos])
		(*pos)++;
	word.p = text + start;
	word.len = (u32)(*pos - start);
	return word;
}

int rbd_addline_parse(const char *text, size_t len, struct rbd_addline *out,
		      const char **why)
{
	size_t pos = 0;

	out->mons = next_word(text, len, &pos);
	out->options = next_word(text, len, &pos);
	out->pool = next_word(text, len, &pos);
	out->image = next_word(text, len, &pos);
	out->snap = next_word(text, len, &pos);
	if (rbd_span_is(out->snap, "-"))
		out->snap.len = 0;

	if (!out->mons.len)
		*why = "no monitor address given";
	else if (!out->options.len)
		*why = "no options given (at least name=<user> is wanted)";
	else if (!out->pool.len)
		*why = "no pool name given";
	else if (!out->image.len)
		*why = "no image name given";
	else if (next_word(text, len, &pos).len)
		*why = "there is a word too many behind the snapshot name";
	else
		*why = NULL;
	if (*why)
		return -EINVAL;

	if (out->pool.len > RBD_POOL_NAME_MAX)
		*why = "the pool name is longer than 128 bytes";
	else if (out->image.len > RBD_IMAGE_NAME_MAX)
		*why = "the image name is longer than 96 bytes";
	else if (out->snap.len > RBD_SNAP_NAME_MAX)
		*why = "the snapshot name is longer than 255 bytes";
	return *why ? -ENAMETOOLONG : 0;
}

int rbd_removeline_parse(const char *text, size_t len, u32 *id,
			 enum rbd_remove_force *force)
{
	size_t pos = 0;
	struct rbd_span word = next_word(text, len, &pos);
	u32 value = 0;
	u32 i;

	if (!word.len || word.len > 9)
		return -EINVAL;
	for (i = 0; i < word.len; i++) {
		if (word.p[i] < '0' || word.p[i] > '9')
			return -EINVAL;
		value = value * 10 + (u32)(word.p[i] - '0');
	}

	word = next_word(text, len, &pos);
	if (!word.len)
		*force = RBD_REMOVE_IF_UNUSED;
	else if (rbd_span_is(word, "force"))
		*force = RBD_REMOVE_FORCE;
	else if (rbd_span_is(word, "full-force"))
		*force = RBD_REMOVE_FULL_FORCE;
	else
		return -EINVAL;
	if (next_word(text, len, &pos).len)
		return -EINVAL;
	*id = value;
	return 0;
}
