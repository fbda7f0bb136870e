/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Exit codes of all commands: 0, the errno of the failure, 1 for a usage
 * error.
 */
#ifndef RBDSHARE_LIB_EXITCODE_H
#define RBDSHARE_LIB_EXITCODE_H

#define EXITCODE_USAGE 1

/**
 * exitcode_of() - exit code for the result of a library call
 * @ret: 0 or a negative errno; positive results count as success
 *
 * A refusal by the cluster (EPERM, which would be 1) becomes 13 (EACCES), so
 * that scripts can tell it from a usage error.
 */
int exitcode_of(int ret);

#endif
