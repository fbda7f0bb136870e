/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The options the kernel takes when it maps an image: a comma list such as
 * "queue_depth=256,notrim". One table knows their names.
 */
#ifndef RBDSHARE_LIB_MAPOPTS_H
#define RBDSHARE_LIB_MAPOPTS_H

#include <stdbool.h>

#include "lib/fault.h"

enum mapopt_kind {
	MAPOPT_FLAG, /* no value */
	MAPOPT_NUMBER, /* decimal value */
	MAPOPT_TEXT, /* any value without comma and blank */
	MAPOPT_TOOL, /* "noudev" and such: for us, not for the kernel */
	MAPOPT_OWN, /* name, secret, key...: set from elsewhere, refused */
};

/**
 * struct mapopt - what the tools know of one option
 * @only_rbdshare: the driver of the Linux tree does not know it
 */
struct mapopt {
	const char *name;
	enum mapopt_kind kind;
	bool only_rbdshare;
};

/* mapopt_find() - look a name up; NULL when there is no such option. */
const struct mapopt *mapopt_find(const char *name);

/**
 * mapopts_check() - check a whole comma list
 *
 * Return: 0, or -EINVAL with the sentence in @f.
 */
int mapopts_check(const char *list, struct fault *f);

/**
 * mapopts_value() - the value of an option in a list
 *
 * Return: a string the caller frees ("" for a flag), NULL when the option is
 * not in the list. The last one wins.
 */
char *mapopts_value(const char *list, const char *name);

/**
 * mapopts_append() - add "name" or "name=value" to a list
 * @list: the list, NULL at first; reallocated
 *
 * Return: 0 or -ENOMEM (the list is unchanged).
 */
int mapopts_append(char **list, const char *name, const char *value);

/**
 * mapopts_kernel() - the part of a list that goes to the kernel
 *
 * Return: a string the caller frees, without the options of the tools; NULL
 * when out of memory.
 */
char *mapopts_kernel(const char *list);

#endif
