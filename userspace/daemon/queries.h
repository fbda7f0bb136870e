/* SPDX-License-Identifier: GPL-2.0 */
/* What "dlm_tool ls", "status", "dump" and "plocks" ask for. */
#ifndef RBDSHARED_QUERIES_H
#define RBDSHARED_QUERIES_H

struct daemon;

/* queries_open() - Return: 0; -EADDRINUSE dlm_controld runs; or another. */
int queries_open(struct daemon *d);
void queries_close(struct daemon *d);

#endif
