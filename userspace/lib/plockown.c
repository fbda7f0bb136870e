// SPDX-License-Identifier: GPL-2.0
#include "lib/plockown.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_SIZE 16

int plockown_add(struct plockown_list *list, const struct plockown *own)
{
	size_t size = list->size ? 2 * list->size : FIRST_SIZE;
	struct plockown *grown;

	if (list->n == list->size) {
		grown = realloc(list->v, size * sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		list->v = grown;
		list->size = size;
	}
	list->v[list->n++] = *own;
	return 0;
}

void plockown_remove(struct plockown_list *list, size_t i)
{
	list->n--;
	memmove(&list->v[i], &list->v[i + 1],
		(list->n - i) * sizeof(list->v[0]));
}

size_t plockown_find(const struct plockown_list *list, uint64_t id)
{
	size_t low = 0, high = list->n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (list->v[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < list->n && list->v[low].id == id ? low : list->n;
}

void plockown_free(struct plockown_list *list)
{
	free(list->v);
	memset(list, 0, sizeof(*list));
}

bool plockown_unsent(const struct plockown *own, const struct plockstate *s,
		     uint16_t self)
{
	return !own->get && own->id > s->last[self];
}

bool plockown_over(const struct plockown *own, const struct plockstate *s,
		   uint16_t self, int *rv)
{
	const struct plockresult *r;

	if (own->get || plockown_unsent(own, s, self))
		return false;
	r = plockstate_result(s, self, own->id);
	if (!r && plockstate_waits(s, self, own->id))
		return false;
	/* Of an unlock at close none is kept; else the state itself was lost. */
	*rv = own->op.type == RBD_PLOCK_UNLOCK && own->op.close ? 0 : -ENOLCK;
	if (r)
		*rv = r->rv;
	return true;
}
