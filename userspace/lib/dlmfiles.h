/* SPDX-License-Identifier: GPL-2.0 */
/* Plain access to files and folders for dlmtree.h. */
#ifndef RBDSHARE_LIB_DLMFILES_H
#define RBDSHARE_LIB_DLMFILES_H

#include "lib/dlmtree.h"

/* Their ctx is a path that is put in front of each other path; may be NULL. */
extern const struct dlmtree_ops dlmfiles_ops;

#endif
