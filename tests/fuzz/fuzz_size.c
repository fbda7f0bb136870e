// SPDX-License-Identifier: GPL-2.0
/*
 * Sizes from anywhere: what is taken is shown, and what is shown is taken and
 * never more than what was given.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/size.h"
#include "must.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t bytes, again;
	struct fault f = { "" };
	char text[64], shown[16];
	int ret;

	if (size >= sizeof(text))
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	if (size_parse(text, SIZE_MIB, &bytes, &f)) {
		MUST(*f.text);
		return 0;
	}
	memset(shown, 'x', sizeof(shown));
	size_format(bytes, shown, sizeof(shown));
	MUST(memchr(shown, '\0', sizeof(shown)));
	/* Tenths of a unit need not be whole bytes. */
	ret = size_parse(shown, 1, &again, NULL);
	MUST(!ret ? again <= bytes : !!strchr(shown, '.'));
	return 0;
}
