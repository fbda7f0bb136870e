// SPDX-License-Identifier: GPL-2.0
#include "lib/keyring.h"

#include <ctype.h>
#include <errno.h>
#include <keyutils.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/slurp.h"

#define KEYRING_MAX_BYTES (256 * 1024)
/* A cephx key decodes to 28 bytes; newer types to a little more. */
#define KEY_MAX_TEXT 512

void keyring_wipe(char *secret)
{
	if (secret)
		explicit_bzero(secret, strlen(secret));
	free(secret);
}

int keyring_decode(const char *text, unsigned char *out)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned int bits = 0, acc = 0;
	size_t n = strcspn(text, "="), pad = strspn(text + n, "="), i;
	const char *d;
	int len = 0;

	if (!n || text[n + pad] || (n + pad) % 4 || pad > 2)
		return -EINVAL;
	for (i = 0; i < n; i++) {
		d = strchr(digits, text[i]);
		if (!d)
			return -EINVAL;
		acc = (acc << 6 | (d - digits)) & 0xffff;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			out[len++] = acc >> bits;
		}
	}
	return len;
}

static int check_secret(const char *origin, const char *secret, struct fault *f)
{
	unsigned char raw[KEY_MAX_TEXT];
	int len = -EINVAL;

	if (strlen(secret) <= KEY_MAX_TEXT)
		len = keyring_decode(secret, raw);
	explicit_bzero(raw, sizeof(raw));
	/* Type, creation time and length come before the secret itself. */
	if (len > 12)
		return 0;
	return fault_set(
		f, -EINVAL,
		"the key in %s is not a Ceph key; copy it anew with 'ceph auth get'",
		origin);
}

/* The client's key of one keyring file: -ENOENT when file or entry is absent */
static int from_file(const char *file, const struct cephconf_id *id,
		     char **secret, struct fault *f)
{
	struct cephconf *ring = NULL;
	char *text = NULL;
	size_t len;
	int ret = slurp_file(file, KEYRING_MAX_BYTES, &text, &len);

	if (ret)
		return fault_file(f, ret, "read keyring", file);
	ret = cephconf_parse(file, text, len, &ring, f);
	explicit_bzero(text, len);
	free(text);
	if (ret)
		return ret;
	*secret = cephconf_get(ring, id, "key");
	cephconf_free(ring);
	if (!*secret)
		return fault_set(
			f, -ENOENT,
			"keyring %s has no key for %s; add it with: ceph auth get %s >> %s",
			file, id->name, id->name, file);
	ret = check_secret(file, *secret, f);
	if (ret) {
		keyring_wipe(*secret);
		*secret = NULL;
	}
	return ret;
}

int keyring_keyfile(const char *file, char **secret, struct fault *f)
{
	size_t n;
	int ret = slurp_file(file, KEYRING_MAX_BYTES, secret, NULL);

	if (ret)
		return fault_file(f, ret, "read key file", file);
	n = strlen(*secret);
	while (n && isspace((unsigned char)(*secret)[n - 1]))
		(*secret)[--n] = '\0';
	ret = check_secret(file, *secret, f);
	if (ret) {
		keyring_wipe(*secret);
		*secret = NULL;
	}
	return ret;
}

/* Tries a comma list of files; the first that exists decides. */
static int from_list(const char *list, const struct cephconf_id *id,
		     char **secret, struct fault *f)
{
	char *copy = strdup(list), *save = NULL, *file;
	int ret = -ENOENT;

	if (!copy)
		return fault_set(f, -ENOMEM, "out of memory");
	fault_set(
		f, ret,
		"no keyring for %s found (looked for %s); put one there with 'ceph auth get %s', or name it with --keyring",
		id->name, list, id->name);
	for (file = strtok_r(copy, ",; \t", &save); file;
	     file = strtok_r(NULL, ",; \t", &save)) {
		struct fault why;
		int r = from_file(file, id, secret, &why);

		if (!r) {
			ret = 0;
			break;
		}
		/* Another file may still have it; keep the best reason. */
		if (r != -ENOENT || !strncmp(why.text, "keyring ", 8)) {
			ret = r;
			if (f)
				*f = why;
		}
	}
	free(copy);
	return ret;
}

/* Without cephx there is no key to look for. */
static bool no_cephx(const struct cephconf *conf, const struct cephconf_id *id)
{
	char *methods = cephconf_get(conf, id, "auth_client_required");
	bool none;

	if (!methods)
		methods = cephconf_get(conf, id, "auth_supported");
	none = methods && !strstr(methods, "cephx");
	free(methods);
	return none;
}

static int from_conf(const struct cephconf *conf, const struct cephconf_id *id,
		     char **secret, struct fault *f)
{
	char *value = cephconf_get(conf, id, "key");
	int ret;

	if (value) {
		ret = check_secret(cephconf_origin(conf), value, f);
		if (ret)
			keyring_wipe(value);
		else
			*secret = value;
		return ret;
	}
	value = cephconf_get(conf, id, "keyfile");
	if (value) {
		ret = keyring_keyfile(value, secret, f);
		free(value);
		return ret;
	}
	value = cephconf_get(conf, id, "keyring");
	if (!value)
		value = cephconf_expand(
			"/etc/ceph/$cluster.$name.keyring,/etc/ceph/$cluster.keyring,/etc/ceph/keyring,/etc/ceph/keyring.bin",
			id);
	if (!value)
		return fault_set(f, -ENOMEM, "out of memory");
	ret = from_list(value, id, secret, f);
	free(value);
	return ret;
}

int keyring_find(const struct cephconf *conf, const struct cephconf_id *id,
		 const char *file, char **secret, struct fault *f)
{
	int ret;

	*secret = NULL;
	if (no_cephx(conf, id))
		return 0;
	if (!file)
		return from_conf(conf, id, secret, f);
	ret = from_list(file, id, secret, f);
	return ret;
}

int keyring_load(const char *name, const char *secret)
{
	unsigned char raw[KEY_MAX_TEXT];
	int len, ret = 0;

	if (strlen(secret) > KEY_MAX_TEXT)
		return -EINVAL;
	len = keyring_decode(secret, raw);
	if (len < 0)
		return len;
	if (add_key("ceph", name, raw, len, KEY_SPEC_PROCESS_KEYRING) < 0)
		ret = -errno;
	explicit_bzero(raw, sizeof(raw));
	return ret;
}
