// SPDX-License-Identifier: GPL-2.0
/*
 * Writes stamps for ever, as fast as it can, whatever happens:
 * stamper DEVICE INCARNATION. Each of 16 processes has 16 blocks of 4 KiB to
 * itself; a stamp is the process, a sequence number and the incarnation. Some
 * pause between two stamps: they write even when the storage has just fallen
 * silent with all requests of the others.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FAST 4
#define PROCESSES 16
#define PAUSE_US 500000
#define BLOCKS 16
#define BLOCK 4096

struct stamp {
	uint64_t sequence;
	uint64_t incarnation;
	uint64_t process;
};

static void stamp_for_ever(int fd, uint64_t process, uint64_t incarnation)
{
	struct stamp s = { 0, incarnation, process };
	char *block;
	off_t at;

	if (posix_memalign((void **)&block, BLOCK, BLOCK))
		exit(1);
	memset(block, 0, BLOCK);
	for (;;) {
		s.sequence++;
		memcpy(block, &s, sizeof(s));
		at = (off_t)(process * BLOCKS + s.sequence % BLOCKS) * BLOCK;
		/* An error is what a fenced node gets, and no reason to stop. */
		if (pwrite(fd, block, BLOCK, at) != BLOCK)
			usleep(1000);
		if (process >= FAST)
			usleep(PAUSE_US);
	}
}

int main(int argc, char **argv)
{
	uint64_t i;
	int fd;

	if (argc != 3)
		return 2;
	fd = open(argv[1], O_WRONLY | O_DIRECT);
	if (fd < 0) {
		perror(argv[1]);
		return 1;
	}
	for (i = 0; i < PROCESSES; i++)
		if (!fork())
			stamp_for_ever(fd, i, strtoull(argv[2], NULL, 16));
	return 0;
}
