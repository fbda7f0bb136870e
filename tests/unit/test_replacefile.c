// SPDX-License-Identifier: GPL-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/replacefile.h"
#include "lib/slurp.h"

static char dir[64];
static char path[128];

static int setup(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/rbdshare-test-XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/f", dir);
	return 0;
}

static int teardown(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", dir);
	return system(command);
}

static void put(const char *text)
{
	struct fault f = { "" };

	assert_int_equal(replacefile_write(path, text, strlen(text), &f), 0);
	assert_string_equal(f.text, "");
}

static void assert_content(const char *file, const char *expected)
{
	char *text;

	assert_int_equal(slurp_file(file, 4096, &text, NULL), 0);
	assert_string_equal(text, expected);
	free(text);
}

static int count_files(const char *folder)
{
	DIR *d = opendir(folder);
	int n = 0;

	while (readdir(d))
		n++;
	closedir(d);
	return n - 2;
}

static void test_mode_of_new(void **state)
{
	mode_t before = umask(027);
	struct stat st;

	(void)state;
	put("one\n");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	umask(077);
	assert_int_equal(unlink(path), 0);
	put("one\n");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(umask(before), 077);
}

static void test_new_and_old(void **state)
{
	struct stat st, after;

	(void)state;
	put("one\n");
	assert_content(path, "one\n");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	assert_int_equal(chmod(path, 0640), 0);
	if (!geteuid())
		assert_int_equal(chown(path, 12, 34), 0);
	assert_int_equal(stat(path, &st), 0);
	put("two\n");
	assert_content(path, "two\n");
	assert_int_equal(stat(path, &after), 0);
	assert_int_equal(after.st_mode & 07777, 0640);
	assert_int_equal(after.st_uid, st.st_uid);
	assert_int_equal(after.st_gid, st.st_gid);
	assert_true(after.st_ino != st.st_ino);
	assert_int_equal(count_files(dir), 1);
}

/* A reader that has the file open goes on seeing the old text. */
static void test_open_reader(void **state)
{
	char buf[8] = "";
	int fd;

	(void)state;
	put("one");
	fd = open(path, O_RDONLY);
	put("two");
	assert_int_equal(read(fd, buf, 7), 3);
	assert_string_equal(buf, "one");
	close(fd);
}

static void test_symlink(void **state)
{
	char link[128];
	struct stat st;

	(void)state;
	put("one");
	snprintf(link, sizeof(link), "%s/link", dir);
	assert_int_equal(symlink("f", link), 0);
	assert_int_equal(replacefile_write(link, "two", 3, NULL), 0);
	assert_content(path, "two");
	assert_int_equal(lstat(link, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
}

static void test_failures(void **state)
{
	struct fault f = { "" };
	char deep[160];

	(void)state;
	snprintf(deep, sizeof(deep), "%s/a/b/f", dir);
	assert_int_equal(replacefile_write(deep, "x", 1, &f), -ENOENT);
	assert_non_null(strstr(f.text, "/a/b"));
	/* A folder cannot be replaced, and nothing is left behind. */
	snprintf(deep, sizeof(deep), "%s/d", dir);
	assert_int_equal(mkdir(deep, 0755), 0);
	assert_int_equal(replacefile_write(deep, "x", 1, &f), -EISDIR);
	assert_int_equal(count_files(dir), 1);
}

static void test_lock(void **state)
{
	char deep[160];
	int one, two;

	(void)state;
	/* One missing folder is made. */
	snprintf(deep, sizeof(deep), "%s/new/f", dir);
	one = replacefile_lock(deep, NULL);
	assert_true(one >= 0);
	snprintf(deep, sizeof(deep), "%s/new", dir);
	two = open(deep, O_RDONLY | O_DIRECTORY);
	assert_true(two >= 0);
	assert_int_equal(flock(two, LOCK_EX | LOCK_NB), -1);
	assert_int_equal(errno, EWOULDBLOCK);
	close(one);
	assert_int_equal(flock(two, LOCK_EX | LOCK_NB), 0);
	close(two);
}

int main(void)
{
#define T(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_mode_of_new), T(test_new_and_old), T(test_open_reader),
		T(test_symlink),     T(test_failures),	  T(test_lock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
