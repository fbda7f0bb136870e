// SPDX-License-Identifier: GPL-2.0
#include "lib/fault.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int fault_set(struct fault *f, int err, const char *fmt, ...)
{
	va_list ap;

	if (!f)
		return err;
	va_start(ap, fmt);
	vsnprintf(f->text, sizeof(f->text), fmt, ap);
	va_end(ap);
	return err;
}

static const char *advice(int err)
{
	switch (-err) {
	case EPERM:
	case EACCES:
		return geteuid() ? "; run it as root" : "";
	case EISDIR:
		return "; name a file in it";
	case ENOTDIR:
		return "; a part of this path is a file";
	case ENOSPC:
		return "; make room there";
	default:
		return "";
	}
}

int fault_file(struct fault *f, int err, const char *doing, const char *path)
{
	return fault_set(f, err, "cannot %s %.256s: %s%s", doing, path,
			 strerror(-err), advice(err));
}
