// SPDX-License-Identifier: GPL-2.0
#include "lib/kmsg.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The kernel refuses to give a record to a smaller buffer. */
#define RECORD_MAX 8192
/* More lines than this explain nothing. */
#define LINES_MAX 4

int kmsg_open(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0 && lseek(fd, 0, SEEK_END) < 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

char *kmsg_parse(char *record)
{
	char *text = strchr(record, ';');

	if (!text)
		return NULL;
	text++;
	text[strcspn(text, "\n")] = '\0';
	if (strncmp(text, "rbd", 3) && strncmp(text, "libceph", 7))
		return NULL;
	return text;
}

static char *join(char *const *lines, size_t n, const char *about)
{
	char *out = NULL;
	size_t i, size = 0, taken = 0;
	FILE *m = open_memstream(&out, &size);

	if (!m)
		return NULL;
	/* The last ones say how it ended. */
	for (i = 0; i < n; i++) {
		if (about && !strstr(lines[i], about))
			continue;
		fprintf(m, "%s%s", taken++ ? "\n" : "", lines[i]);
	}
	if (fclose(m) || !taken) {
		free(out);
		return NULL;
	}
	return out;
}

char *kmsg_collect(int fd, const char *about)
{
	char record[RECORD_MAX], *lines[LINES_MAX] = { NULL }, *out, *text;
	size_t n = 0, i;
	ssize_t got;

	if (fd < 0)
		return NULL;
	for (;;) {
		got = read(fd, record, sizeof(record) - 1);
		/* EPIPE: records were overwritten meanwhile; go on. */
		if (got < 0 && (errno == EPIPE || errno == EINTR))
			continue;
		if (got <= 0)
			break;
		record[got] = '\0';
		text = kmsg_parse(record);
		if (!text || (about && n && !strstr(text, about) &&
			      strstr(lines[n - 1], about)))
			continue;
		if (n == LINES_MAX) {
			free(lines[0]);
			memmove(lines, lines + 1, (n - 1) * sizeof(*lines));
			n--;
		}
		lines[n] = strdup(text);
		if (lines[n])
			n++;
	}
	close(fd);
	out = join(lines, n, about);
	if (!out && about)
		out = join(lines, n, NULL);
	for (i = 0; i < n; i++)
		free(lines[i]);
	return out;
}

void kmsg_say(const char *fmt, ...)
{
	int fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	char line[1024];
	va_list ap;
	int n;

	if (fd < 0)
		return;
	va_start(ap, fmt);
	n = vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	/* If this fails there is nowhere left to complain. */
	if (n > 0)
		n = write(fd, line, strlen(line));
	close(fd);
}
