/* SPDX-License-Identifier: GPL-2.0 */
/* Requests for POSIX locks of this node that are not over yet. */
#ifndef RBDSHARE_LIB_PLOCKOWN_H
#define RBDSHARE_LIB_PLOCKOWN_H

#include "lib/plockstate.h"

/**
 * struct plockown - one of them
 * @get: asks only
 */
struct plockown {
	uint64_t id;
	bool get;
	struct rbd_plock_op op;
};

/**
 * struct plockown_list - all of a lockspace
 * @v: by growing id, @n of them in room for @size; zeroes are an empty list
 */
struct plockown_list {
	struct plockown *v;
	size_t n;
	size_t size;
};

/* plockown_add() - at the end. Return: 0 or -ENOMEM. */
int plockown_add(struct plockown_list *list, const struct plockown *own);

/* plockown_remove() - the ith */
void plockown_remove(struct plockown_list *list, size_t i);

/* plockown_find() - index of an id; @list->n when it is not there */
size_t plockown_find(const struct plockown_list *list, uint64_t id);

void plockown_free(struct plockown_list *list);

/* plockown_unsent() - is it still to be put in order, after state @s? */
bool plockown_unsent(const struct plockown *own, const struct plockstate *s,
		     uint16_t self);

/**
 * plockown_over() - does a state say what became of it?
 * @s: maybe somebody else's, which we have not seen coming
 * @rv: the result
 *
 * Return: false while it is to be put in order, or waits.
 */
bool plockown_over(const struct plockown *own, const struct plockstate *s,
		   uint16_t self, int *rv);

#endif
