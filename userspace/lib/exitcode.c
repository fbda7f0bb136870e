// SPDX-License-Identifier: GPL-2.0
#include "lib/exitcode.h"

#include <errno.h>

int exitcode_of(int ret)
{
	if (ret >= 0)
		return 0;
	if (ret == -EPERM)
		return EACCES;
	/* Above 125 the numbers mean something else to a shell. */
	return ret < -125 ? EIO : -ret;
}
