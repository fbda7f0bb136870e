// SPDX-License-Identifier: GPL-2.0
#include "map/goingdown.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "map/pool.h"

#define ANSWER_MS 10000

static int ask(void *ctx, size_t i, struct pool_reply *reply)
{
	char word[32] = "";
	FILE *answer = popen("systemctl is-system-running 2>/dev/null", "r");

	(void)ctx;
	(void)i;
	if (!answer)
		return -errno;
	if (fscanf(answer, "%31s", word) != 1)
		*word = '\0';
	reply->flag = !strcmp(word, "stopping");
	/* Its status is not 0 for most of the states. */
	pclose(answer);
	return 0;
}

bool goingdown(void)
{
	const char *level = getenv("RUNLEVEL");
	struct pool_reply reply = { .flag = false };

	if (access("/run/systemd/system", F_OK))
		return level && (!strcmp(level, "0") || !strcmp(level, "6"));
	return !pool_step(ask, NULL, ANSWER_MS, &reply) && reply.flag;
}
