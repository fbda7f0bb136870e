// SPDX-License-Identifier: GPL-2.0
/*
 * Replies of the OSD class "lock" from anywhere: nothing crashes, and what is
 * shown has no control characters and fits.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/imageusers.h"
#include "must.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct image_users u = { 0 };
	char text[200];
	size_t i;

	MUST(!image_users_add_watcher(&u, 0x10cc, "10.0.0.1:0/1"));
	image_users_add_locks(&u, data, size);
	memset(text, 'x', sizeof(text));
	image_users_describe(&u, text, sizeof(text));
	MUST(memchr(text, '\0', sizeof(text)));
	for (i = 0; text[i]; i++)
		MUST((unsigned char)text[i] >= ' ' && text[i] != 0x7f);
	MUST(image_users_active(&u) <= u.n);
	image_users_free(&u);
	return 0;
}
