/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One sentence that says what went wrong and what to do, carried next to a
 * negative errno from the place that knows to the place that prints.
 */
#ifndef RBDSHARE_LIB_FAULT_H
#define RBDSHARE_LIB_FAULT_H

/**
 * struct fault - the sentence of the first failure
 * @text: one line without a newline; empty when nothing failed
 *
 * Lives with the caller (usually on its stack); nothing to free.
 */
struct fault {
	char text[768];
};

/**
 * fault_set() - store the sentence and hand the errno through
 * @f: may be NULL when the caller does not want the sentence
 * @err: negative errno
 * @fmt: printf format of the sentence
 *
 * Return: @err, so that "return fault_set(f, -EINVAL, ...)" reads well.
 */
int fault_set(struct fault *f, int err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * fault_file() - "cannot DOING PATH: why; what to do"
 * @doing: "read", "write keyring"
 *
 * Return: @err.
 */
int fault_file(struct fault *f, int err, const char *doing, const char *path);

#endif
