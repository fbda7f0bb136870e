// SPDX-License-Identifier: GPL-2.0
/*
 * ceph.conf, monitor lists and keyrings from anywhere: nothing crashes, and
 * what is taken from them is well formed.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cephconf.h"
#include "lib/keyring.h"
#include "lib/monlist.h"
#include "must.h"

static void check_mons(const char *text)
{
	struct monlist list;
	struct fault f = { "" };
	char *one, *two;
	size_t i;

	if (monlist_parse(text, &list, &f)) {
		MUST(*f.text);
		return;
	}
	MUST(list.n);
	for (i = 0; i < list.n; i++)
		MUST(list.v[i].port && *list.v[i].host &&
		     (list.v[i].proto == 1 || list.v[i].proto == 2));
	one = monlist_format(&list, 1);
	two = monlist_format(&list, 2);
	MUST(one || two);
	free(one);
	free(two);
	monlist_free(&list);
}

static void check_key(const char *text)
{
	unsigned char *out = malloc(strlen(text) * 3 / 4 + 1);
	int n = keyring_decode(text, out);

	MUST(n == -22 || (n > 0 && (size_t)n <= strlen(text) * 3 / 4));
	free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct cephconf_id id = { NULL, "client.admin" };
	static const char *const keys[] = { "mon host", "key", "keyring", "a" };
	struct cephconf *conf = NULL;
	struct fault f = { "" };
	char *value;
	size_t i;

	if (cephconf_parse("f", (const char *)data, size, &conf, &f)) {
		MUST(!strncmp(f.text, "f:", 2));
		return 0;
	}
	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		value = cephconf_get(conf, &id, keys[i]);
		if (!value)
			continue;
		check_mons(value);
		check_key(value);
		free(value);
	}
	value = cephconf_mon_addrs(conf);
	if (value)
		check_mons(value);
	free(value);
	cephconf_free(conf);
	return 0;
}
