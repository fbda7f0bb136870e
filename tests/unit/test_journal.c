// SPDX-License-Identifier: GPL-2.0
/* Messages with fields, read where the journal would read them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/journal.h"
#include "lib/msg.h"

static char dir[64];
static char entry[1024];
static int server;

/* A journal that listens; stderr is taken for its stream. */
static int setup(void **state)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	struct stat st;
	char stream[64];

	strcpy(dir, "/tmp/rbdshare-test-XXXXXX");
	if (!mkdtemp(dir) || fstat(STDERR_FILENO, &st))
		return -1;
	snprintf(un.sun_path, sizeof(un.sun_path), "%s/socket", dir);
	server = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	if (bind(server, (struct sockaddr *)&un, sizeof(un)))
		return -1;
	snprintf(stream, sizeof(stream), "%llu:%llu",
		 (unsigned long long)st.st_dev, (unsigned long long)st.st_ino);
	setenv("JOURNAL_STREAM", stream, 1);
	setenv("RBDSHARE_JOURNAL_SOCKET", un.sun_path, 1);
	msg_set_program("rbdmap");
	return 0;
}

static int teardown(void **state)
{
	char path[128];

	close(server);
	unsetenv("JOURNAL_STREAM");
	unsetenv("RBDSHARE_JOURNAL_SOCKET");
	snprintf(path, sizeof(path), "%s/socket", dir);
	unlink(path);
	return rmdir(dir);
}

/* The next entry, "" when there is none. */
static const char *receive(void)
{
	ssize_t n = recv(server, entry, sizeof(entry) - 1, 0);

	entry[n > 0 ? n : 0] = '\0';
	return entry;
}

static void test_fields(void **state)
{
	struct journal_fields about = {
		.image = "dovecot/mail",
		.device = "/dev/rbd3",
		.error = -ETIMEDOUT,
	};

	msg_error_about(&about, "no answer in %d s", 5);
	assert_string_equal(receive(),
			    "MESSAGE=dovecot/mail: no answer in 5 s\n"
			    "PRIORITY=3\n"
			    "SYSLOG_IDENTIFIER=rbdmap\n"
			    "RBD_IMAGE=dovecot/mail\n"
			    "RBD_DEVICE=/dev/rbd3\n"
			    "ERRNO=110\n");
	about = (struct journal_fields){ .device = "/dev/rbd3" };
	msg_warn_about(&about, "a\nERRNO=0");
	assert_string_equal(receive(), "MESSAGE=a ERRNO=0\n"
				       "PRIORITY=4\n"
				       "SYSLOG_IDENTIFIER=rbdmap\n"
				       "RBD_DEVICE=/dev/rbd3\n");
	assert_true(msg_record(&about, "mapped"));
	assert_non_null(strstr(receive(), "PRIORITY=6\n"));
}

static void test_stderr_is_something_else(void **state)
{
	struct journal_fields about = { .image = "p/i" };

	assert_true(journal_is_stderr());
	setenv("JOURNAL_STREAM", "1:2", 1);
	assert_false(journal_is_stderr());
	assert_false(msg_record(&about, "unheard"));
	assert_string_equal(receive(), "");
	setenv("JOURNAL_STREAM", "nonsense", 1);
	assert_false(journal_is_stderr());
	unsetenv("JOURNAL_STREAM");
	assert_false(journal_is_stderr());
}

/* Runs @speak with a file as stderr, named in $JOURNAL_STREAM or not. */
static void caught(bool stream, void (*speak)(void), char *out, size_t size)
{
	FILE *file = tmpfile();
	int old = dup(STDERR_FILENO);
	struct stat st;
	char text[64];

	assert_non_null(file);
	assert_int_equal(fstat(fileno(file), &st), 0);
	snprintf(text, sizeof(text), "%llu:%llu", (unsigned long long)st.st_dev,
		 (unsigned long long)st.st_ino + !stream);
	setenv("JOURNAL_STREAM", text, 1);
	dup2(fileno(file), STDERR_FILENO);
	speak();
	dup2(old, STDERR_FILENO);
	close(old);
	rewind(file);
	out[fread(out, 1, size - 1, file)] = '\0';
	fclose(file);
}

static void speak(void)
{
	struct journal_fields about = { .image = "p/i", .error = -EIO };

	msg_error_about(&about, "lost");
	about.image = NULL;
	msg_warn_about(&about, "odd");
	msg_record(&about, "only for the journal");
	msg_lines("kernel: ", "one\ntwo");
	msg_lines("", NULL);
}

static void test_plain_text_otherwise(void **state)
{
	static const char plain[] = "rbdmap: p/i: lost\n"
				    "rbdmap: warning: odd\n"
				    "rbdmap:   kernel: one\n"
				    "rbdmap:   kernel: two\n";
	char text[256];

	caught(false, speak, text, sizeof(text));
	assert_string_equal(text, plain);
	assert_string_equal(receive(), "");
	/* A journal that does not take it: nothing is lost. */
	setenv("RBDSHARE_JOURNAL_SOCKET", "/nonexistent/socket", 1);
	caught(true, speak, text, sizeof(text));
	assert_string_equal(text, plain);
}

int main(void)
{
#define T(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_fields),
		T(test_stderr_is_something_else),
		T(test_plain_text_otherwise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
