/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the driver's errno means when mapping or unmapping fails: a sentence
 * that says what to do, and whether trying again can help.
 */
#ifndef RBDSHARE_LIB_MAPERROR_H
#define RBDSHARE_LIB_MAPERROR_H

#include <stdbool.h>

/**
 * maperror_retryable() - can the same request succeed later?
 * @err: negative errno
 */
bool maperror_retryable(int err);

/**
 * maperror_hint() - what a failed map means, as the second half of a sentence
 * @err: negative errno
 */
const char *maperror_hint(int err);

/* The same for unmap. */
const char *maperror_unmap_hint(int err);

#endif
