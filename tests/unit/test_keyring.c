// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/keyring.h"

#define KEY "AQBpUkNm0WziHxAAsRjxAbTvcVbu1B3xd1IAMA=="

static const struct cephconf_id mail = { NULL, "client.mail" };
static char path[64];

static void put(const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static int setup(void **state)
{
	int fd;

	(void)state;
	strcpy(path, "/tmp/rbdshare-test-keyring-XXXXXX");
	fd = mkstemp(path);
	return fd < 0 || close(fd);
}

static int teardown(void **state)
{
	(void)state;
	return unlink(path);
}

static struct cephconf *conf_of(const char *text)
{
	struct cephconf *c = NULL;

	assert_int_equal(cephconf_parse("t", text, strlen(text), &c, NULL), 0);
	return c;
}

static void test_decode(void **state)
{
	unsigned char out[64];

	(void)state;
	assert_int_equal(keyring_decode("QUJD", out), 3);
	assert_memory_equal(out, "ABC", 3);
	assert_int_equal(keyring_decode("QUI=", out), 2);
	assert_int_equal(keyring_decode("QQ==", out), 1);
	assert_int_equal(keyring_decode(KEY, out), 28);
	assert_int_equal(keyring_decode("", out), -EINVAL);
	assert_int_equal(keyring_decode("QQ=", out), -EINVAL);
	assert_int_equal(keyring_decode("Q Q=", out), -EINVAL);
	assert_int_equal(keyring_decode("QQ==Q", out), -EINVAL);
}

static void test_file(void **state)
{
	struct cephconf *c = conf_of("");
	struct fault f = { "" };
	char *secret = NULL;

	(void)state;
	put("[client.admin]\n\tkey = AAAA\n[client.mail]\n\tkey = " KEY
	    "\n\tcaps mon = \"allow *\"\n");
	assert_int_equal(keyring_find(c, &mail, path, &secret, &f), 0);
	assert_string_equal(secret, KEY);
	keyring_wipe(secret);
	put("[client.other]\n\tkey = " KEY "\n");
	assert_int_equal(keyring_find(c, &mail, path, &secret, &f), -ENOENT);
	assert_non_null(strstr(f.text, "has no key for client.mail"));
	put("[client.mail]\n\tkey = tooshort\n");
	assert_int_equal(keyring_find(c, &mail, path, &secret, &f), -EINVAL);
	assert_null(secret);
	assert_int_equal(keyring_find(c, &mail, "/nonexistent", &secret, &f),
			 -ENOENT);
	cephconf_free(c);
}

static void test_conf(void **state)
{
	struct fault f = { "" };
	char text[256], *secret = NULL;
	struct cephconf *c;

	(void)state;
	put("[client.mail]\nkey = " KEY "\n");
	snprintf(text, sizeof(text), "[client]\nkeyring = /nonexistent,%s\n",
		 path);
	c = conf_of(text);
	assert_int_equal(keyring_find(c, &mail, NULL, &secret, &f), 0);
	assert_string_equal(secret, KEY);
	keyring_wipe(secret);
	cephconf_free(c);
	put(KEY "\n");
	snprintf(text, sizeof(text), "[client.mail]\nkeyfile = %s\n", path);
	c = conf_of(text);
	assert_int_equal(keyring_find(c, &mail, NULL, &secret, &f), 0);
	assert_string_equal(secret, KEY);
	keyring_wipe(secret);
	cephconf_free(c);
	/* A cluster without cephx needs none. */
	c = conf_of("auth client required = none\n");
	assert_int_equal(keyring_find(c, &mail, NULL, &secret, &f), 0);
	assert_null(secret);
	cephconf_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decode),
		cmocka_unit_test_setup_teardown(test_file, setup, teardown),
		cmocka_unit_test_setup_teardown(test_conf, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
