// SPDX-License-Identifier: GPL-2.0
#include "lib/radosdoor.h"

#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>

#define RADOS_SO "librados.so.2"
#define RBD_SO "librbd.so.1"

static const struct entry {
	const char *name;
	size_t at;
} rados_entries[] = {
#define NOTHING
#define ENTRY(name) { #name, offsetof(struct radosdoor, name) },
	RADOSDOOR_RADOS(ENTRY, NOTHING)
	{ NULL, 0 },
}, rbd_entries[] = {
	RADOSDOOR_RBD(ENTRY, NOTHING)
#undef ENTRY
#undef NOTHING
	{ NULL, 0 },
};

static int load(const char *so, const char *package, const struct entry *e,
		struct radosdoor *door, struct fault *f)
{
	void *lib = dlopen(so, RTLD_NOW | RTLD_LOCAL);
	void *sym;

	if (!lib)
		return fault_set(
			f, -ELIBACC,
			"this command needs Ceph's library %s (%s); install it with: apt-get install %s",
			so, dlerror(), package);
	for (; e->name; e++) {
		sym = dlsym(lib, e->name);
		if (!sym)
			return fault_set(
				f, -ELIBACC,
				"%s on this machine is too old (it has no %s); install Ceph 16 or newer: apt-get install %s",
				so, e->name, package);
		memcpy((char *)door + e->at, &sym, sizeof(sym));
	}
	return 0;
}

int radosdoor_open(const struct radosdoor **door, struct fault *f)
{
	static struct radosdoor table;
	static int loaded;
	int ret;

	if (!loaded) {
		ret = load(RADOS_SO, "librados2", rados_entries, &table, f);
		if (!ret)
			ret = load(RBD_SO, "librbd1", rbd_entries, &table, f);
		if (ret)
			return ret;
		loaded = 1;
	}
	*door = &table;
	return 0;
}
